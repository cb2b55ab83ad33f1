# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ntpd (ntp, ntpsec) says about itself, where it keeps the clock. Private to the collection. Only reads."""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._system.chronyc import UNSYNCHRONISED, Tracking

_COMMAND = "ntpq -n -c 'rv 0 leap,stratum,offset,refid'"
_VARIABLE = re.compile(r"\b(leap|stratum|offset|refid)=([^,\s]+)")
# Of the leap indicator: the clock has never been set. Older ones print its bits.
_ALARM = ("11", "3", "leap_alarm")


def tracking(node):
    """Return a Tracking, or None where no ntpd answers or there is no ntpq."""
    done = node.run(["ntpq", "-n", "-c", "rv 0 leap,stratum,offset,refid"], timeout=20)
    fields = dict(_VARIABLE.findall(done.out))
    if done.rc != 0 or len(fields) < 4:
        return None
    synchronised = fields["leap"] not in _ALARM and int(fields["stratum"]) < 16
    leap = fields["leap"] if synchronised else UNSYNCHRONISED
    # Milliseconds.
    offset = abs(float(fields["offset"])) / 1000
    return Tracking("ntpd", fields["refid"], int(fields["stratum"]), offset, leap, synchronised, _COMMAND)
