# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ntpd (ntp, ntpsec) says about itself, where it keeps the clock. Private to the collection. Only reads."""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._system.chronyc import UNSYNCHRONISED, Tracking

_COMMAND = "ntpq -n -c 'rv 0 leap,stratum,offset,refid'"
# A value that is not known is printed as "-".
_VARIABLE = re.compile(r"\b(leap|refid|stratum(?==\d)|offset(?==[-+]?\d))=([^,\s]+)")
# A line of 'peers': the mark of what is followed (* or o), and the address. Without a peer there is no header.
_PEER = re.compile(r"^([*o])([^\s=]\S*) ", re.MULTILINE)
_HEADER = re.compile(r"^ *remote +refid", re.MULTILINE)
# The driver that takes the own clock for a reference, as ntpq writes it, and what orphan mode does.
_LOCAL = re.compile(r"127\.127\.1\.\d+|127\.0\.0\.1|::1|\.?LOCL\.?|LOCAL\(\d+\)")
# Of the leap indicator: the clock has never been set. Older ones print its bits.
_ALARM = ("11", "3", "leap_alarm")


def tracking(node):
    """Return a Tracking, or None where no ntpd answers or there is no ntpq."""
    done = node.run(["ntpq", "-n", "-c", "peers", "-c", "rv 0 leap,stratum,offset,refid"], timeout=20)
    fields = dict(_VARIABLE.findall(done.out))
    if done.rc != 0 or len(fields) < 4:
        return None
    synchronised = fields["leap"] not in _ALARM and int(fields["stratum"]) < 16 and _follows(done.out, fields["refid"])
    leap = fields["leap"] if synchronised else UNSYNCHRONISED
    # Milliseconds.
    offset = abs(float(fields["offset"])) / 1000
    return Tracking("ntpd", fields["refid"], int(fields["stratum"]), offset, leap, synchronised, _COMMAND)


def _follows(text, reference):
    """Return whether ntpd follows a server, and not its own clock."""
    followed = [address for _mark, address in _PEER.findall(text)]
    if _HEADER.search(text) and not [address for address in followed if not _LOCAL.fullmatch(address)]:
        return False
    return not _LOCAL.fullmatch(reference)
