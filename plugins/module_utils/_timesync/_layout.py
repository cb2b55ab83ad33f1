# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where chrony keeps what on which family of systems, as data. Private to the collection.

Sources: the chrony packages of Debian 11 to 13, Ubuntu 16.04 to 24.04 and EL 7 to 9; chrony.conf(5) of 2.x to 4.x.
"""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

# conf: what chronyd reads. own: our file where conf names no confdir; one include line in conf points at it.
# fresh_confdir: the confdir that the package brings, for a prediction before it is installed. units: in order.
LAYOUTS = {
    "debian": {
        "conf": "/etc/chrony/chrony.conf",
        "own": "/etc/chrony/ack-edge.conf",
        "fresh_confdir": "/etc/chrony/conf.d",
        "units": ("chrony.service", "chronyd.service"),
    },
    "redhat": {
        "conf": "/etc/chrony.conf",
        "own": "/etc/chrony.d/ack-edge.conf",
        "fresh_confdir": None,
        "units": ("chronyd.service", "chrony.service"),
    },
}

FILE_NAME = "ack-edge.conf"

# What the packages' own chrony.conf decides, for a prediction before it is installed.
FRESH_KEYWORDS = ("makestep", "rtcsync")

# Other daemons that set the clock; two at a time work against each other.
CONFLICTS = (
    "systemd-timesyncd.service",
    "ntp.service",
    "ntpd.service",
    "ntpsec.service",
    "openntpd.service",
)
