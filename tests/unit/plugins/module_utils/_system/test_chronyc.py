# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node
from ansible_collections.ack_edge.node.plugins.module_utils._system import chronyc

# As chrony 4.3 prints it.
TRACKING = (
    "7F000001,127.0.0.1,4,1795409350.042648730,-0.000001137,0.000001272,0.000001272,-0.247,-0.000,836.629,"
    "0.000005307,0.000593436,0.0,Normal\n"
)
SOURCES = (
    "^,*,ntp1.site,3,6,7,0,-0.000000055,0.000001327,0.000002798\n"
    "^,?,127.0.0.2,0,6,0,4294967295,0.000000000,0.000000000,0.000000000\n"
)


def node(**answers):
    def run(argv, stdin=None, timeout=60):
        rc, out = answers.get(argv[-1] if argv[0] == "chronyc" else argv[0], (127, ""))
        if ("-N" in argv and answers.get("old")) or ("-c" in argv and answers.get("ancient")):
            return Completed(argv, 1, "usage", "")
        return Completed(argv, rc, out, "")

    return Node(runner=run)


def test_tracking():
    found = chronyc.tracking(node(tracking=(0, TRACKING)))
    assert (found.reference, found.stratum, found.offset, found.synchronised) == ("127.0.0.1", 4, 0.000001137, True)


@pytest.mark.parametrize(
    "text",
    [
        TRACKING.replace("Normal", "Not synchronised"),
        TRACKING.replace("7F000001", "7F7F0101"),
        TRACKING.replace("7F000001", "00000000"),
    ],
)
def test_not_synchronised(text):
    assert not chronyc.tracking(node(tracking=(0, text))).synchronised


@pytest.mark.parametrize("answer", [(127, ""), (1, "506 Cannot talk to daemon\n"), (0, ""), (0, "a,b\n")])
def test_no_answer_is_none(answer):
    assert chronyc.tracking(node(tracking=answer)) is None


def test_sources():
    found = chronyc.sources(node(sources=(0, SOURCES)), ["ntp1.site"])
    assert found["ntp1.site"] == chronyc.Source("ntp1.site", "*", 3, 7, 0.000000055)
    assert found["127.0.0.2"].reach == 0


def test_sources_of_an_old_chrony_are_found_by_their_address():
    old = node(
        sources=(0, SOURCES.replace("ntp1.site", "192.0.2.1")), getent=(0, "192.0.2.1 STREAM ntp1.site\n"), old=True
    )
    assert chronyc.sources(old, ["ntp1.site"])["ntp1.site"].stratum == 3


def test_sources_of_a_dead_chronyd():
    assert chronyc.sources(node(sources=(1, "506 Cannot talk to daemon\n")), ["ntp1.site"]) == {}


# As chrony 2 prints it.
TRACKING_TEXT = """Reference ID    : 192.0.2.1 (192.0.2.1)
Stratum         : 4
Ref time (UTC)  : Mon Nov 23 18:50:25 2026
System time     : 0.001250000 seconds slow of NTP time
Last offset     : -0.000006747 seconds
RMS offset      : 0.000035822 seconds
Frequency       : 3.225 ppm slow
Residual freq   : 0.000 ppm
Skew            : 0.129 ppm
Root delay      : 0.013639022 seconds
Root dispersion : 0.001100737 seconds
Update interval : 64.2 seconds
Leap status     : Normal
"""
SOURCES_TEXT = """210 Number of sources = 4
MS Name/IP address         Stratum Poll Reach LastRx Last sample
===============================================================================
^* 192.0.2.1                     3   6    17    13   +123us[ +456us] +/-   12ms
^+ 192.0.2.2                     2   6   377    42   -600s[ -600s] +/-   12ms
^x 2001:db8::3                   2  10   377  107m    -17ns[  +10ns] +/-   12ms
^? 192.0.2.4                     0   6     0   10y     +0ns[   +0ns] +/-    0ns
"""


def test_an_old_chronyc_speaks_only_text():
    old = node(tracking=(0, TRACKING_TEXT), sources=(0, SOURCES_TEXT), ancient=True, getent=(0, "192.0.2.1 STREAM\n"))
    assert chronyc.tracking(old)[:6] == ("chronyd", "192.0.2.1", 4, 0.00125, "Normal", True)
    found = chronyc.sources(old, ["ntp1.site"])
    assert {name: (item.state, item.stratum, item.reach) for name, item in found.items()} == {
        "192.0.2.1": ("*", 3, 15),
        "192.0.2.2": ("+", 2, 255),
        "2001:db8::3": ("x", 2, 255),
        "192.0.2.4": ("?", 0, 0),
        "ntp1.site": ("*", 3, 15),
    }
    assert [round(item.offset, 9) for item in found.values()] == [0.000123, 600.0, 0.000000017, 0.0, 0.000123]


@pytest.mark.parametrize("reference", ["127.127.1.1 ()", "0.0.0.0 ()"])
def test_an_old_chronyd_without_a_server(reference):
    text = TRACKING_TEXT.replace("192.0.2.1 (192.0.2.1)", reference)
    assert not chronyc.tracking(node(tracking=(0, text), ancient=True)).synchronised


@pytest.mark.parametrize("said", ["", "506 Cannot talk to daemon\n", "Stratum : 3\n"])
def test_an_old_chronyd_that_does_not_answer(said):
    assert chronyc.tracking(node(tracking=(1, said), ancient=True)) is None
    assert chronyc.sources(node(sources=(1, said), ancient=True), []) == {}


def pool(*members):
    """Lines of chronyc for members of one pool, each (state, reach, offset)."""
    return "".join(f"^,{state},pool.site,2,6,{reach},4,{offset},{offset},0.0003\n" for state, reach, offset in members)


@pytest.mark.parametrize(
    ("members", "best"),
    [
        ([("*", 377, 0.1), ("+", 377, 0.2), ("?", 0, 0.0)], ("*", 0.1)),
        ([("?", 0, 0.0), ("+", 377, 0.2), ("*", 377, 0.1)], ("*", 0.1)),
        ([("?", 0, 0.0), ("-", 377, 0.3), ("+", 377, 0.2)], ("+", 0.2)),
        ([("?", 0, 0.0), ("x", 377, 40.0)], ("x", 40.0)),
        ([("x", 377, 40.0), ("+", 377, 0.2), ("?", 0, 0.0)], ("+", 0.2)),
        ([("?", 0, 0.0), ("?", 0, 0.0)], ("?", 0.0)),
    ],
)
def test_a_pool_is_as_good_as_its_best_member_in_whatever_order(members, best):
    found = chronyc.sources(node(sources=(0, pool(*members))), ["pool.site"])
    assert (found["pool.site"].state, found["pool.site"].offset) == best
    assert len(chronyc.all_sources(node(sources=(0, pool(*members))))) == len(members)


def test_a_pool_of_an_old_chrony_is_found_by_all_its_addresses():
    lines = SOURCES.replace("ntp1.site", "192.0.2.1") + "^,?,192.0.2.9,0,6,0,0,0.0,0.0,0.0\n"
    old = node(sources=(0, lines), getent=(0, "192.0.2.1 STREAM x\n192.0.2.9 STREAM\n192.0.2.7 STREAM\n"), old=True)
    assert chronyc.sources(old, ["pool.site"])["pool.site"].state == "*"


def test_a_server_is_found_by_any_of_its_names():
    """chronyd asks an address once, and knows it by the name in the configuration of the site."""

    def run(argv, stdin=None, timeout=60):
        if argv[0] == "getent":
            return Completed(argv, 0, "192.0.2.1 STREAM alias.site\n", "")
        shown = SOURCES if "-N" in argv else SOURCES.replace("ntp1.site", "192.0.2.1")
        return Completed(argv, 0, shown, "")

    found = chronyc.sources(Node(runner=run), ["alias.site", "192.0.2.1"])
    assert (found["alias.site"].stratum, found["alias.site"].state) == (3, "*")
    assert found["192.0.2.1"].reach == 7
