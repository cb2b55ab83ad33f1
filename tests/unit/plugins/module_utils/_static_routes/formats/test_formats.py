# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Laws of every file format: what is written is read back, odd files break nothing, what is not ours stays as it is.

The odd files are put together from what such files really hold, damaged in the ways that hands and tools damage them.
"""

from __future__ import annotations

import ipaddress
import itertools

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import types
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import registry
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats.netplan_yaml import Definition
from fakes import odd_inputs
from fakes.managers import PROFILE_TEXT
from fakes.network_scripts import orphans
from fakes.routes import backends
from hypothesis import HealthCheck, given, settings

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
# A line is one number: which fragment, whether and how another follows, what is around them.
LINES = 2 * len(FRAGMENTS) ** 2 * len(JOINTS) * len(INDENTS) * len(BEHINDS) * len(ENDS)


def damaged(number):
    """Return the line of a number below LINES."""
    picked = []
    for choices in (("", "another"), FRAGMENTS, FRAGMENTS, JOINTS, INDENTS, BEHINDS, ENDS):
        number, place = divmod(number, len(choices))
        picked.append(choices[place])
    another, first, second, joint, indent, behind, end = picked
    return indent + first + (joint + second if another else "") + behind + end


def lines(source):
    """Return up to twelve lines."""
    return "".join(damaged(source.randrange(LINES)) for _each in range(odd_inputs.upto(source, 12)))


def odd(source):
    return lines(source) + odd_inputs.text(source, 60) + lines(source)


HARD = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))

SOURCES = {4: ipaddress.ip_address("10.99.0.11"), 6: ipaddress.ip_address("fd00:99::11")}
GATEWAYS = {4: ipaddress.ip_address("10.99.0.253"), 6: ipaddress.ip_address("fd00:99::1")}


LENGTHS = [(4, length) for length in range(8, 33)] * 4 + [(6, length) for length in range(8, 129)]
ATTRIBUTES = list(
    itertools.product(
        ("default", 7, 2**32 - 1),
        (types.MAIN_TABLE, 100, 2**32 - 1),
        (False, True),
        (False, True),
        (None, 1400),
        ("", "registry", 'it\'s "$(x)" `y` % # ; 华北', "END", "[Route]"),
    )
)


def made(drawn):
    """Return an Item on idc0 out of (version and length, address, attributes)."""
    (version, length), address, (metric, table, has_source, onlink, mtu, comment) = drawn
    kind, bits = (ipaddress.IPv4Network, 32) if version == 4 else (ipaddress.IPv6Network, 128)
    route = types.Route(
        kind((address % 2**bits, length), strict=False),
        GATEWAYS[version],
        "idc0",
        types.DEFAULT_METRIC[version] if metric == "default" else metric,
        table,
        SOURCES[version] if has_source else None,
        onlink,
        mtu,
    )
    return types.item(route, comment=comment)


def some_routes(source):
    """Return up to six distinct Items with any attributes, at least one."""
    drawn = [
        (source.choice(LENGTHS), source.getrandbits(128), source.choice(ATTRIBUTES))
        for _each in range(source.randint(1, 6))
    ]
    return list({one.route.slot: one for one in map(made, drawn)}.values())


ROUTES = odd_inputs.made(some_routes)


def backend(name):
    found = backends(None, name)
    if name == "netplan":  # what locate() finds out
        found._definitions["idc0"] = Definition("ethernets", "idc0", "/run/systemd/network/10-netplan-idc0.network")
    return found


BACKENDS = {name: backend(name) for name in NAMES}


def site_text(name):
    return PROFILE_TEXT if name == "networkmanager" else ""


@given(items=ROUTES)
def test_what_is_written_is_read_back(items):
    for name in NAMES:
        written_is_read_back(name, items)


def written_is_read_back(name, items):
    one = BACKENDS[name]
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
@given(texts=odd_inputs.many(odd))
def test_odd_files_are_read_without_a_complaint(texts):
    """Every format reads every text."""
    for text, name in itertools.product(texts, NAMES):
        for line in BACKENDS[name].parse(text, "idc0"):
            assert line.route is None or isinstance(line.route, types.Route), name
            assert line.slot is None or len(line.slot) == 3, name


@settings(HARD, max_examples=50)
@given(drawn=odd_inputs.many(lambda source: (odd(source), some_routes(source))))
def test_in_the_sites_file_nothing_but_our_lines_comes_and_goes(drawn):
    for (text, items), name in itertools.product(drawn, SHARED):
        our_lines_come_and_go(name, text, items)


def our_lines_come_and_go(name, text, items):
    one = BACKENDS[name]
    assert (one.compose(text, [], [], []) or "") == text
    try:
        with_ours = one.compose(text, items, items, [])
    except NodeError:
        return  # a file that has no place for them, said in words
    remaining = [line for line in one.parse(with_ours, "idc0") if line.route in {item.route for item in items}]
    before = [line.route for line in one.parse(text, "idc0")]
    ours = [line for line in remaining if line.route not in before]
    without = one.compose(with_ours, [], [], ours) or ""
    # Parts of an entry without an address go with the entry that gets their number.
    whole = name != "network_scripts" or not orphans(text)
    if whole and len(ours) == len(items):  # else one of them was there already, and which of the two goes is open
        assert without == text or without == text + "\n"
