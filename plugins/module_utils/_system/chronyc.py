# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What chronyd says about itself, as values. Private to the collection. Only reads."""

import collections
import re
from typing import NamedTuple

# The reference of a chronyd that takes its own clock as right (directive local), and of one that has none yet; as
# addresses before chrony 3.
_NOT_A_SERVER = ("7F7F0101", "127.127.1.1", "00000000", "0.0.0.0")
UNSYNCHRONISED = "Not synchronised"


class Tracking(NamedTuple):
    """What a time daemon says about itself.

    :ivar daemon: its name.
    :ivar reference: the server that it follows.
    :ivar offset: seconds that it still has to correct.
    :ivar leap: its word for the state of the clock.
    :ivar reproduce: a command that shows the same by hand.
    """

    daemon: str
    reference: str
    stratum: int
    offset: float
    leap: str
    synchronised: bool
    reproduce: str


class Source(NamedTuple):
    """A server of chronyd.

    :ivar state: one of * + - ? x ~.
    :ivar reach: 0 if none of the last eight questions had an answer.
    :ivar offset: seconds between that server's clock and ours.
    """

    name: str
    state: str
    stratum: int
    reach: int
    offset: float

    @property
    def is_rejected(self):
        """Whether it answers and chronyd does not use it; one that has just begun to answer is not judged yet."""
        return self.state in "x~" or (self.state == "?" and self.reach & 7 == 7)


class Selection(NamedTuple):
    """What chronyd makes of a server of its own, from chrony 4.0 on.

    :ivar state: its letter, see 'selectdata' in chronyc(1).
    :ivar required: without it no other one is followed: the option require, and what authentication makes of it.
    :ivar noselect: it is measured and never followed.
    """

    name: str
    state: str
    required: bool
    noselect: bool


# What the text of an older chronyc gives: "System time     : 0.000006523 seconds slow of NTP time".
_LINE = re.compile(r"^([A-Z][A-Za-z ()]*?) *: (.*)$", re.MULTILINE)
# "^* 192.0.2.1     3   6    17    13   +123us[ +456us] +/-   12ms"
_SOURCE = re.compile(r"^([\^=#])([*+\-?x~]) (\S+) +(\d+) +\d+ +(\d+) +\S+ +([+-]?\d+)(ns|us|ms|s|y)\[", re.MULTILINE)
_SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "y": 365.25 * 86400}
_REPRODUCE = "chronyc tracking; chronyc sources"


def tracking(node):
    """Return a Tracking, or None where no chronyd answers or there is no chronyc."""
    done = node.run(["chronyc", "-c", "-n", "tracking"], timeout=20)
    if done.rc in (0, 127):
        fields = done.out.strip().split(",")
        return _tracking(fields[0], fields[1], fields[2], fields[4], fields[13]) if len(fields) >= 14 else None
    # Before chrony 2.4 there is no -c.
    fields = dict(_LINE.findall(node.run(["chronyc", "-n", "tracking"], timeout=20).out))
    if not {"Reference ID", "Stratum", "System time", "Leap status"} <= set(fields):
        return None
    reference = fields["Reference ID"].split()[0]
    return _tracking(reference, reference, fields["Stratum"], fields["System time"].split()[0], fields["Leap status"])


def _tracking(reference, name, stratum, offset, leap):
    synchronised = leap != UNSYNCHRONISED and reference not in _NOT_A_SERVER
    return Tracking("chronyd", name or reference, int(stratum), abs(float(offset)), leap, synchronised, _REPRODUCE)


def all_sources(node):
    """Return every source of chronyd as a list of Source; all members of a pool have its name (chrony 4)."""
    # -N (chrony 4) says the names as they are in the configuration; before, only addresses can be compared.
    done = node.run(["chronyc", "-c", "-N", "sources"], timeout=20)
    if done.rc in (0, 127):
        return _parse(done.out)
    done = node.run(["chronyc", "-c", "-n", "sources"], timeout=20)
    text = "" if done.rc == 0 else node.run(["chronyc", "-n", "sources"], timeout=20).out
    return _parse_text(text) if text else _parse(done.out)


def sources(node, names):
    """Return a Source for each of ``names`` that is one, and for all others by their address, as a dict.

    Of a pool it is the member that serves best: one that is followed, else one that is used, else one that answers.
    """
    found = collections.OrderedDict()
    for item in all_sources(node):
        found.setdefault(item.name, []).append(item)
    unknown = [name for name in names if name not in found]
    by_address = _by_address(node, found) if unknown else {}
    for name in unknown:
        members = [item for address in _addresses(node, name) for item in by_address.get(address, [])]
        if members:
            found[name] = members
    return collections.OrderedDict((name, min(members, key=_rank)) for name, members in found.items())


def _by_address(node, found):
    """Return {address: [Source]}: a server can be known to chronyd by another of its names, which counts only once."""
    if all(_is_address(name) for name in found):
        return found
    by_address = collections.OrderedDict()
    for item in _parse(node.run(["chronyc", "-c", "-n", "sources"], timeout=20).out):
        by_address.setdefault(item.name, []).append(item)
    return by_address


def _is_address(name):
    return ":" in name or name.replace(".", "").isdigit()


def selection(node):
    """Return what chronyd makes of each of its servers (list of Selection), [] where it cannot tell."""
    done = node.run(["chronyc", "-c", "-N", "selectdata"], timeout=20)
    rows = [line.split(",") for line in done.out.splitlines()] if done.rc == 0 else []
    # State, name, authentication, five options as configured, the five in effect, and what was measured.
    return [
        Selection(row[1], row[0], "R" in row[3:13], "N" in (row[3], row[8]))
        for row in rows
        if len(row) >= 14 and row[0]
    ]


def offline(node):
    """Return how many servers chronyd was told not to ask: the option offline, or 'chronyc offline'."""
    words = node.run(["chronyc", "-c", "activity"], timeout=20).out.strip().split(",")
    return int(words[1]) if len(words) >= 5 and words[1].isdigit() else 0


def _rank(source):
    return "*+-".find(source.state) if source.reach and source.state in "*+-" else 3 if source.reach else 4


def _parse(text):
    found = []
    for line in text.splitlines():
        fields = line.split(",")
        if len(fields) >= 10 and fields[0] in "^=#":
            found.append(Source(fields[2], fields[1], int(fields[3]), int(fields[5], 8), abs(float(fields[7]))))
    return found


def _parse_text(text):
    return [
        Source(name, state, int(stratum), int(reach, 8), abs(int(offset)) * _SECONDS[unit])
        for _mode, state, name, stratum, reach, offset, unit in _SOURCE.findall(text)
    ]


def _addresses(node, name):
    lines = node.run(["getent", "ahosts", name], timeout=20).out.splitlines()
    return [line.split()[0] for line in lines if line.strip()]
