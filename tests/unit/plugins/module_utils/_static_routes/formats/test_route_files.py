# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in route-<name> files in both of their syntaxes, and what is written there."""

from __future__ import annotations

import ipaddress
import json

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import types
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import ifcfg_keys
from fakes.kernel_routes import route
from fakes.managers import ROUTE_FILE, ROUTE_TEXT
from fakes.network_scripts import (
    DIRECTORY,
    KEYS,
    OLD_FILE,
    SIX_FILE,
    backend,
    held_by_networkmanager,
    ifup,
    items,
    parsed,
)
from fakes.routes import System


@pytest.fixture
def system(tmp_path):
    return System(tmp_path, "network_scripts")


# What the formats say.


def test_lines_of_ip_route_are_read():
    text = (
        "100.1.0.0/16 via 10.99.0.253 dev idc0 metric 5 table 7 src 10.99.0.11 mtu 1400 onlink\n"
        "\t100.2.0.0/16  via\t10.99.0.253\n"
        "# 100.3.0.0/16 via 10.99.0.253\n"
        "100.4.0.0/16 nexthop via 10.99.0.1 nexthop via 10.99.0.2\n"
        "default via 10.99.0.1 metric 9\n"
        "garbage\n"
        "100.5.0.0/16 via 10.99.0.253 proto static"
    )
    assert [(str(line.slot[0]), line.route and line.route.text()) for line in parsed(text)] == [
        ("100.1.0.0/16", "100.1.0.0/16 via 10.99.0.253 dev idc0 metric 5 table 7 src 10.99.0.11 mtu 1400 onlink"),
        ("100.2.0.0/16", "100.2.0.0/16 via 10.99.0.253 dev idc0"),
        ("100.4.0.0/16", None),
        ("0.0.0.0/0", "0.0.0.0/0 via 10.99.0.1 dev idc0 metric 9"),
        ("100.5.0.0/16", "100.5.0.0/16 via 10.99.0.253 dev idc0"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "100.1.0.0/16 via 10.99.0.253\r",  # ip: inet address is expected rather than "10.99.0.253<CR>"
        "100.1.0.0/16 via 10.99.0.253 metric 0\r",  # ip: "metric" value is invalid
        "100.1.7.0/16 via 10.99.0.253",  # ip: Invalid prefix for given prefix length
        "100.1.0.0/16 via 10.99.0.253 # registry",  # ip: "#" is a garbage
        "100.1.0.0/16 \\\nvia 10.99.0.253",  # two lines to NetworkManager
        "100.1.0.0/16 via 10.99.0.253 mtu lock 1400",
        "100.1.0.0/16 via 10.99.0.253 via 10.99.0.253",
        "blackhole 100.1.0.0/16",
    ],
)
def test_a_line_that_a_reader_stumbles_over_or_that_says_more_is_not_our_route(line):
    assert [(str(found.slot[0]), found.route) for found in parsed(line + "\n")] == [("100.1.0.0/16", None)]


def test_networkmanager_takes_a_metric_of_the_device_and_skips_what_it_does_not_know():
    for line in ("100.1.0.0/16 via 10.99.0.253", "ADDRESS0=100.1.0.0\nNETMASK0=255.255.0.0\nGATEWAY0=10.99.0.253"):
        assert [(found.route, found.slot[1]) for found in parsed(line, by_ifup=False)] == [(None, -1)]
        assert [found.route.metric for found in parsed(line)] == [0]
    for line in ("metric 0 proto static", "metric 0 preference 0"):
        (found,) = parsed(f"100.1.0.0/16 via 10.99.0.253 {line}", by_ifup=False)
        assert (found.route, found.slot[1]) == (None, 0)


@pytest.mark.parametrize(("by_ifup", "metric"), [(True, 0), (False, 7)])
def test_a_metric_among_entries_is_for_networkmanager_only(by_ifup, metric):
    text = "ADDRESS0=100.1.0.0\nNETMASK0=255.255.0.0\nGATEWAY0=10.99.0.253\nMETRIC0=7\n"
    assert [line.route.metric for line in parsed(text, by_ifup=by_ifup)] == [metric]
    assert [line.route for line in parsed(text + "OPTIONS0='mtu 1400'\n", by_ifup=False)] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "ADDRESS0=100.1.0.0\nNETMASK0=255.255.0.0\nGATEWAY0=10.99.0.253\n",
        " ADDRESS0='100.1.0.0'\t# \"of the site\n\tNETMASK0=\"255.255.0.0\";GATEWAY0=10.99.0.'253'\n",
        "GATEWAY0=10.99.0.253\nexport NETMASK0=255.255.0.0\nexport FOO ADDRESS0=1\nADDRESS0=100.1.0.0",
        "FOO='\nADDRESS0=10.0.0.0\n'\nADDRESS0=100.\\\n1.0.0 NETMASK0=255.255.\\0.0 GATEWAY0=10.99.0.253\n",
        "X=1 y ADDRESS0=2\nADDRESS0=10.0.0.0;ADDRESS0=100.1.0.0\nNETMASK0=255.255.0.0\nGATEWAY0=10.99.0.253\nFOO='",
        "ADDRESS0=100.1.0.0\nNETMASK0=255.255.0.0\nGATEWAY0=10.99.0.253\nADDRESS2=1.2.3.4\n#ADDRESS1=\nADDRESS01=1.2.3.4\n",
    ],
)
def test_entries_are_read_as_a_shell_reads_them(text):
    assert ifup(text) == ["100.1.0.0 255.255.0.0 10.99.0.253"]
    live = [line.route.text() for line in parsed(text) if line.route]
    assert live == ["100.1.0.0/16 via 10.99.0.253 dev idc0"]


@pytest.mark.parametrize(
    ("netmask", "gateway", "expected"),
    [
        ("255.255.0.0", "10.99.0.253", ["100.1.0.0/16 via 10.99.0.253 dev idc0"]),
        ("0.0.0.0", "10.99.0.253", [None]),  # 100.1.0.0/0 has host bits
        ("255.255.0.0", "", [None]),
        ("255.255.0.0", "$GW", [None]),
        ("255.255.0.0", "10.99.0.253\r", [None]),
        ("255.255.255.0", "fd00::1", [None]),
        *((netmask, "10.99.0.253", []) for netmask in ("", "16", "0.0.255.255", "255.0.255.0", "$MASK", "`x`", "x")),
    ],
)
def test_what_a_netmask_and_a_gateway_can_be(netmask, gateway, expected):
    text = f'ADDRESS0=100.1.0.0\nNETMASK0="{netmask}"\nGATEWAY0="{gateway}"\n'
    assert [line.route and line.route.text() for line in parsed(text)] == expected


def test_an_export_alone_does_not_make_it_a_file_of_entries():
    assert not ifcfg_keys.in_use("export ADDRESS0=100.1.0.0\n# ADDRESS0=\nXADDRESS0=\nADDRESS=\n")
    assert ifcfg_keys.in_use("# x\n \tADDRESS12=\n")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("any net 100.1.0.0 netmask 255.255.0.0 gw 10.99.0.1", "100.1.0.0/16 via 10.99.0.1 dev idc0"),
        ("any net 100.1.0.0/16 gw 10.99.0.1", "100.1.0.0/16 via 10.99.0.1 dev idc0"),
        ("any host 100.1.0.9 gw 10.99.0.1 metric 3 dev eth0", "100.1.0.9/32 via 10.99.0.1 dev eth0 metric 3"),
        ("idc0 net 100.1.0.0 netmask 255.255.0.0 gw 10.99.0.1", "100.1.0.0/16 via 10.99.0.1 dev idc0"),
        ("any net 100.1.0.0/16 gw 10.99.0.1 mss 900", None),
        ("any net 100.1.0.0/16 gw router", None),
        ("any net 100.1.0.0/16 gw 10.99.0.1 reject", None),
    ],
)
def test_the_old_file_of_all_interfaces_is_heeded(system, line, expected):
    system.put(OLD_FILE, f"# {line}\n{line}\neth0 net 100.9.0.0/16 gw 10.99.0.1\n {line}\n")
    found = backend(system).foreign(ROUTE_FILE, "idc0")
    assert [(one.route and one.route.text(), one.raw) for one in found] == [(expected, None)]
    assert backend(system).foreign(SIX_FILE, "idc0") == []


@pytest.mark.parametrize(
    "noise", ["any", "any net", "any net x gw y", "any net 1.2.3.4/x gw 1", "any -net 1.0.0.0/8", ""]
)
def test_noise_in_the_old_file_is_passed_over(system, noise):
    system.put(OLD_FILE, f"{noise}\n")
    assert backend(system).foreign(ROUTE_FILE, "idc0") == []


def test_ifup_reads_the_files_of_the_device_beside_those_of_the_profile(system):
    system.put(SIX_FILE, "fd01::/64 via fd00:99::9\n")
    system.put(OLD_FILE, "any net 100.2.0.0/16 gw 10.99.0.1\n")
    one = backend(system)
    found = [line for name in ("route", "route6") for line in one.foreign(f"{DIRECTORY}/{name}-leased", "idc0")]
    assert [line.route.text() for line in found] == [
        "198.51.100.0/24 via 10.99.0.1 dev idc0",
        "100.2.0.0/16 via 10.99.0.1 dev idc0",
        "fd01::/64 via fd00:99::9 dev idc0",
    ]
    assert {line.raw for line in found} == {None}  # not in our file, so it cannot be taken over
    held_by_networkmanager(system, "leased")
    assert backend(system).foreign(f"{DIRECTORY}/route-leased", "idc0") == []


# What is written.


def test_our_lines_are_words_that_both_readers_know():
    source = ipaddress.ip_address("10.99.0.11")
    every = items("100.1.0.0/16", metric=7, table=100, mtu=1400, onlink=True, source=source)
    assert backend().compose("", every, every, []) == (
        "100.1.0.0/16 via 10.99.0.253 dev idc0 metric 7 table 100 src 10.99.0.11 mtu 1400 onlink\n"
    )
    # The metric is always said: without it NetworkManager takes another one than ip.
    plain = items("100.1.0.0/16")
    assert backend().compose("", plain, plain, []) == "100.1.0.0/16 via 10.99.0.253 dev idc0 metric 0\n"


def test_entries_are_added_behind_and_taken_out_without_a_gap():
    ours = items("100.1.0.0/16", "100.2.0.0/16")
    text = backend().compose(KEYS, ours, ours, [])
    assert text == KEYS + (
        "ADDRESS2=100.1.0.0\nNETMASK2=255.255.0.0\nGATEWAY2=10.99.0.253\nMETRIC2=0\n"
        "ADDRESS3=100.2.0.0\nNETMASK3=255.255.0.0\nGATEWAY3=10.99.0.253\nMETRIC3=0\n"
    )
    assert ifup(text)[2:] == ["100.1.0.0 255.255.0.0 10.99.0.253", "100.2.0.0 255.255.0.0 10.99.0.253"]
    later = (
        "# ADDRESS4 is not one\n\texport  ADDRESS4='192.0.2.0' NETMASK4=255.255.255.0 # ADDRESS4=\nGATEWAY4=10.99.0.4\n"
    )
    lines = [line for line in parsed(text + later) if line.route in {one.route for one in ours}]
    without = backend().compose(text + later, [], [], lines)
    assert without == KEYS + later.replace("ADDRESS4='", "ADDRESS2='").replace("NETMASK4", "NETMASK2").replace(
        "GATEWAY4", "GATEWAY2"
    )
    assert ifup(without)[2:] == ["192.0.2.0 255.255.255.0 10.99.0.4"]


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"metric": 5}, "metric 5"),
        ({"table": 100}, "table 100"),
        ({"mtu": 1400}, "mtu 1400"),
        ({"onlink": True}, "onlink True"),
        ({"source": ipaddress.ip_address("10.99.0.11"), "table": 9}, "table 9 or source 10.99.0.11"),
    ],
)
def test_what_entries_cannot_say_is_an_error_with_the_way_out(attributes, said):
    with pytest.raises(
        NodeError, match=f"cannot express {said} of the route to 100.1.* rewrite it as lines of ip route"
    ):
        backend().compose(KEYS, [], items("100.1.0.0/16", **attributes), [])


def test_entries_cannot_say_an_ipv6_route():
    with pytest.raises(NodeError, match=r"cannot express .*IP version 6"):
        backend().compose(KEYS, [], [types.item(route("fd01::/64 via fd00:99::1 dev idc0"))], [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # A gap: what stands behind it would come to life with ours.
        (KEYS + "ADDRESS3=192.0.2.0\n", "has ADDRESS3= and no ADDRESS2="),
        ("ADDRESS7=192.0.2.0\n", "has ADDRESS7= and no ADDRESS6="),
        (KEYS + "FOO='open\n", "an unclosed quote"),
        (KEYS + "FOO=open\\", "an unclosed quote"),
        (KEYS + "FOO=open \\\n", "a continuation"),
        (KEYS + ";\n", "a stray ';'"),
        (KEYS + "OPTIONS2='mtu 900'\n", "leftovers of other entries"),
        ("100.1.0.0/16 via \\\n", "last line ends with a continuation"),
        ("# comment \\", "last line ends with a continuation"),
    ],
)
def test_a_file_that_cannot_be_added_to_says_why(text, said):
    with pytest.raises(NodeError, match=said):
        backend().compose(text, [], items("100.1.0.0/16"), [])


def test_what_is_behind_a_gap_is_shown_and_can_go():
    ours = items("100.1.0.0/16", "100.2.0.0/16", "100.3.0.0/16")
    text = backend().compose(KEYS, ours, ours, [])
    by_hand = "".join(line for line in text.splitlines(keepends=True) if "S2=" not in line and "K2=" not in line)
    lines = parsed(by_hand)
    assert [line.route is None for line in lines] == [False, False, True, True]
    assert [line.slot for line in lines[2:]] == [one.route.slot for one in ours[1:]]
    mended = backend().compose(by_hand, ours, ours, lines[2:])
    assert ifup(mended)[2:] == [f"100.{n}.0.0 255.255.0.0 10.99.0.253" for n in (1, 2, 3)]


def test_a_line_of_several_entries_is_not_torn_apart():
    text = "ADDRESS0=100.1.0.0 NETMASK0=255.255.0.0 GATEWAY0=10.99.0.253 ADDRESS1=10.0.0.0 NETMASK1=255.0.0.0\n"
    lines = parsed(text)
    assert lines[0].raw is None  # so it is not taken over either
    with pytest.raises(NodeError, match="holds more than the entry to remove"):
        backend().compose(text, [], [], lines[:1])


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        # As it was, but for the number.
        (KEYS, KEYS, KEYS + "ADDRESS2=198.51.100.0\nNETMASK2='255.255.255.0'\nGATEWAY2=\"10.99.0.1\"\n"),
        (KEYS, "", "ADDRESS0=198.51.100.0\nNETMASK0='255.255.255.0'\nGATEWAY0=\"10.99.0.1\"\n"),
        (KEYS, "# x\n", "# x\nADDRESS0=198.51.100.0\nNETMASK0='255.255.255.0'\nGATEWAY0=\"10.99.0.1\"\n"),
        ("198.51.100.0/24\tvia 10.99.0.1", ROUTE_TEXT, ROUTE_TEXT + "198.51.100.0/24\tvia 10.99.0.1\n"),
        ("blackhole 100.1.0.0/16 \udcff\n", ROUTE_TEXT, ROUTE_TEXT + "blackhole 100.1.0.0/16 \udcff\n"),
        # The site has rewritten its file since.
        (KEYS, ROUTE_TEXT, ROUTE_TEXT + "198.51.100.0/24 via 10.99.0.1\n"),
        (KEYS.replace("GATEWAY0", "METRIC0=3\nGATEWAY0"), "a\n", "a\n198.51.100.0/24 via 10.99.0.1 metric 3\n"),
        (
            "198.51.100.0/24 via 10.99.0.1 dev idc0",
            KEYS,
            KEYS + "ADDRESS2=198.51.100.0\nNETMASK2=255.255.255.0\nGATEWAY2=10.99.0.1\nMETRIC2=0\n",
        ),
    ],
)
def test_a_line_that_was_taken_over_is_put_back(was, now, expected):
    raw = json.loads(json.dumps(parsed(was)[0].raw))
    assert backend().compose(now, [], [], [], [raw]) == expected


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (KEYS.replace("10.99.0.1", ""), ROUTE_TEXT),
        (KEYS + "OPTIONS0='mtu 900'\n", ROUTE_TEXT),
        ("blackhole 100.1.0.0/16\n", KEYS),
        ("100.1.0.0/16 dev idc0\n", KEYS),
    ],
)
def test_what_the_other_syntax_cannot_say_has_to_be_put_back_by_hand(was, now):
    with pytest.raises(NodeError, match="restore that line by hand"):
        backend().compose(now, [], [], [], [parsed(was)[0].raw])
