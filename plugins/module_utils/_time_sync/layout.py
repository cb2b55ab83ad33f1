# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where chrony keeps what on which family of systems, as data. Private to the collection.

Sources: the chrony packages of Debian 11 to 13, Ubuntu 16.04 to 24.04 and EL 7 to 9; chrony.conf(5) of 2.x to 4.x.
"""

# conf: what chronyd reads. own: our file where conf names no confdir; one include line in conf points at it. units: in
# order. fresh_*: what the package brings, for a prediction before it is there: a confdir, and what its conf decides.
LAYOUTS = {
    "debian": {
        "conf": "/etc/chrony/chrony.conf",
        "own": "/etc/chrony/ack-edge.conf",
        "fresh_confdir": "/etc/chrony/conf.d",
        "fresh_keywords": ("makestep", "rtcsync"),
        "units": ("chrony.service", "chronyd.service"),
    },
    "redhat": {
        "conf": "/etc/chrony.conf",
        "own": "/etc/chrony.d/ack-edge.conf",
        "fresh_confdir": None,
        "fresh_keywords": ("makestep", "rtcsync"),
        "units": ("chronyd.service", "chrony.service"),
    },
}

# ID-VERSION_ID of os-release -> what is different there. confdir came with chrony 4.0, makestep with Debian's 3.0-1.
OLDER = {
    "ubuntu-16.04": {"fresh_confdir": None, "fresh_keywords": ("rtcsync",)},
    "ubuntu-18.04": {"fresh_confdir": None},
    "ubuntu-20.04": {"fresh_confdir": None},
    "uos-20": {"fresh_confdir": None},
}

FILE_NAME = "ack-edge.conf"

# Other daemons that set the clock; two at a time work against each other.
CONFLICTS = (
    "systemd-timesyncd.service",
    "ntp.service",
    "ntpd.service",
    "ntpsec.service",
    "openntpd.service",
)


def of(family, release):
    """Return the entry of LAYOUTS for a system, with the name of our file as ``name``.

    :arg release: the fields of os-release.
    """
    exact = f"{release.get('ID', '')}-{release.get('VERSION_ID', '')}"
    return dict(LAYOUTS[family], name=FILE_NAME, **OLDER.get(exact, {}))
