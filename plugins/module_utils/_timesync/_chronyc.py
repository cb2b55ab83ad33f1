# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What chronyd says about itself, as values. Private to the collection. Only reads."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import collections

# The reference id of a chronyd that takes its own clock as right (directive local).
LOCAL_REFERENCE = "7F7F0101"
UNSYNCHRONISED = "Not synchronised"

# reference: str. stratum: int. offset: seconds that chronyd still has to correct. leap: text.
Tracking = collections.namedtuple("Tracking", "reference stratum offset leap synchronised")
# state: one of * + - ? x ~. stratum: int. reach: int, 0 if none of the last eight questions had an answer.
# offset: seconds between that server's clock and ours.
Source = collections.namedtuple("Source", "name state stratum reach offset")


def tracking(node):
    """Return a Tracking, or None where no chronyd answers or there is no chronyc."""
    done = node.run(["chronyc", "-c", "-n", "tracking"], timeout=20)
    fields = done.out.strip().split(",")
    if done.rc != 0 or len(fields) < 14:
        return None
    leap = fields[13]
    synchronised = leap != UNSYNCHRONISED and fields[0] not in (LOCAL_REFERENCE, "00000000")
    return Tracking(fields[1] or fields[0], int(fields[2]), abs(float(fields[4])), leap, synchronised)


def sources(node, names):
    """Return the sources of chronyd as a dict: each of ``names`` that is one, and all others by their address."""
    # -N (chrony 4) says the names as they are in the configuration; before, only addresses can be compared.
    done = node.run(["chronyc", "-c", "-N", "sources"], timeout=20)
    if done.rc == 0:
        return _parse(done.out)
    found = _parse(node.run(["chronyc", "-c", "-n", "sources"], timeout=20).out)
    for name in names:
        for address in _addresses(node, name):
            if address in found:
                found[name] = found[address]
    return found


def _parse(text):
    found = collections.OrderedDict()
    for line in text.splitlines():
        fields = line.split(",")
        if len(fields) >= 10 and fields[0] in "^=#":
            found[fields[2]] = Source(fields[2], fields[1], int(fields[3]), int(fields[5], 8), abs(float(fields[7])))
    return found


def _addresses(node, name):
    lines = node.run(["getent", "ahosts", name], timeout=20).out.splitlines()
    return [line.split()[0] for line in lines if line.strip()]
