# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Laws of every file format: what is written is read back, odd files break nothing, what is not ours stays as it is.

The odd files are put together from what such files really hold, damaged in the ways that hands and tools damage them.
"""

from __future__ import annotations

import ipaddress

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import types
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import registry
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats.netplan_yaml import Definition
from fakes.managers import PROFILE_TEXT
from fakes.routes import backends
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

NAMES = [kind.name for kind in registry.BACKENDS]
SHARED = [name for name in NAMES if not backends(None, name).whole_file]

FRAGMENTS = [
    *("[Match]", "[Route]", "[ipv4]", "[ipv6]", "[connection]", "[X-Routes]", "[", "[]", "]", "=", "#", ";", "\\"),
    *("Name=idc0", "Destination=100.1.0.0/16", "Destination=", "Gateway=10.99.0.253", "Gateway=_dhcp4", "Metric=x"),
    *("Table=main", "Table=4294967296", "MTUBytes=1K", "GatewayOnLink=maybe", "Type=blackhole", "Metric=-1"),
    *("method=auto", "method=disabled", "address1=10.99.0.11/24", "route1=100.1.0.0/16,10.99.0.253,0", "route2=,,"),
    *("route1_options=table=x,src=y,mtu=z", "routes=100.2.0.0/16", "route3=100.3.0.0/16,10.99.0.253,-1", "route=1"),
    *("route replace 100.1.0.0/16 via 10.99.0.253 dev idc0 proto static metric 0 table 254", "route replace", "EOF"),
    *("route replace default via", "route replace 100.1.0.0/16 via fd00::1 metric metric", "END", "exit 0", "esac"),
    *("100.1.0.0/16 via 10.99.0.253 dev idc0", "default via 10.99.0.1", "blackhole 100.2.0.0/16", "via via via"),
    *("100.1.0.0/16 nexthop via 10.0.0.1 weight 1 nexthop via 10.0.0.2", "10/8 via 10.99.0.253", "0.0.0.0/0 dev idc0"),
    *("ADDRESS0=100.1.0.0", "NETMASK0=255.255.0.0", 'GATEWAY0="10.99.0.253"', "ADDRESS1='x", "NETMASK7=33", "ADDRESS="),
    *(
        "include /etc/other",
        "source /etc/network/interfaces.d/*",
        ". /etc/sysconfig/network",
        "unknown: key",
        "$(reboot)",
    ),
    *("network:", "  version: 2", "    idc0:", '      - to: "100.1.0.0/16"', "        via: 10.99.0.253", "\t- {a: b}"),
    *("\u2028", "\x85", "\x00", "\udcff\udcfe", "é", "\x1b[31m", "%s %d %(x)s", "{0}", "\ufeff"),
]
INDENTS, JOINTS = ["", "", "", " ", "\t", "# ", "  "], ["", " ", "\t", "=", ",", "/"]
BEHINDS, ENDS = ["", "", " ", "\\"], ["\n", "\n", "\n", "\r\n", "\r", "\n\n", ""]
# A line is one number, for draws take most of the time: which fragment, whether and how another follows, what is
# around them.
LINES = 2 * len(FRAGMENTS) ** 2 * len(JOINTS) * len(INDENTS) * len(BEHINDS) * len(ENDS)


def damaged(number):
    """Return the line of a number below LINES."""
    picked = []
    for choices in (("", "another"), FRAGMENTS, FRAGMENTS, JOINTS, INDENTS, BEHINDS, ENDS):
        number, place = divmod(number, len(choices))
        picked.append(choices[place])
    another, first, second, joint, indent, behind, end = picked
    return indent + first + (joint + second if another else "") + behind + end


NOISE = st.tuples(st.text(max_size=30), st.sampled_from(ENDS)).map("".join)
DAMAGED = st.integers(0, LINES - 1).map(damaged)
ODD = st.lists(st.one_of(DAMAGED, DAMAGED, DAMAGED, NOISE), max_size=25).map("".join)
HARD = settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))

GATEWAYS = {4: ipaddress.ip_address("10.99.0.253"), 6: ipaddress.ip_address("fd00:99::1")}


@st.composite
def routes(draw):
    """Return distinct Items on idc0 with any attributes."""
    found = {}
    for _number in range(draw(st.integers(1, 6))):
        version = draw(st.sampled_from([4, 4, 6]))
        length = draw(st.integers(8, 32 if version == 4 else 128))
        address = draw(st.ip_addresses(v=version))
        route = types.Route(
            ipaddress.ip_network(f"{address}/{length}", strict=False),
            GATEWAYS[version],
            "idc0",
            draw(st.sampled_from([types.DEFAULT_METRIC[version], 7, 2**32 - 1])),
            draw(st.sampled_from([types.MAIN_TABLE, 100, 2**32 - 1])),
            draw(st.sampled_from([None, ipaddress.ip_address("10.99.0.11" if version == 4 else "fd00:99::11")])),
            draw(st.booleans()),
            draw(st.sampled_from([None, 1400])),
        )
        comment = draw(st.sampled_from(["", "registry", 'it\'s "$(x)" `y` % # ; 华北', "END", "[Route]"]))
        found.setdefault(route.slot, types.item(route, comment=comment))
    return list(found.values())


def backend(name):
    found = backends(None, name)
    if name == "netplan":  # what locate() finds out
        found._definitions["idc0"] = Definition("ethernets", "idc0", "/run/systemd/network/10-netplan-idc0.network")
    return found


def site_text(name):
    return PROFILE_TEXT if name == "networkmanager" else ""


@pytest.mark.parametrize("name", NAMES)
@given(items=routes())
def test_what_is_written_is_read_back(name, items):
    one = backend(name)
    text = one.compose(site_text(name), items, items, [])
    before = {line.route for line in one.parse(site_text(name), "idc0")}
    lines = [line for line in one.parse(text, "idc0") if line.route not in before]
    assert {line.route: line.comment for line in lines} == {
        item.route: item.comment if one.whole_file else None for item in items
    }
    if one.whole_file:
        assert one.compose(text, items, [], []) == text
        assert one.compose(text, [], [], lines) is None
    else:
        gone = one.compose(text, [], [], lines) or ""
        assert gone == site_text(name)


@HARD
@given(text=ODD)
def test_odd_files_are_read_without_a_complaint(text):
    """Every format reads every text: to make one up takes longer than to read it."""
    for name in NAMES:
        for line in backend(name).parse(text, "idc0"):
            assert line.route is None or isinstance(line.route, types.Route), name
            assert line.slot is None or len(line.slot) == 3, name


@pytest.mark.parametrize("name", SHARED)
@settings(HARD, max_examples=500)
@given(text=ODD, items=routes())
def test_in_the_sites_file_nothing_but_our_lines_comes_and_goes(name, text, items):
    one = backend(name)
    assert (one.compose(text, [], [], []) or "") == text
    try:
        with_ours = one.compose(text, items, items, [])
    except NodeError:
        return  # a file that has no place for them, said in words
    remaining = [line for line in one.parse(with_ours, "idc0") if line.route in {item.route for item in items}]
    before = [line.route for line in one.parse(text, "idc0")]
    ours = [line for line in remaining if line.route not in before]
    without = one.compose(with_ours, [], [], ours) or ""
    if len(ours) == len(items):  # else one of them was there already, and which of the two goes is open
        assert without == text or without == text + "\n"
