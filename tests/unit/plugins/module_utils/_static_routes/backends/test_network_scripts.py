# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""route-<name> files in both of their syntaxes, whoever reads them; a shell says what a file means to a shell."""

from __future__ import annotations

import ipaddress
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import types
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import network_scripts
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import ifcfg_keys
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import Link
from fakes.managers import IFCFG, ROUTE_FILE, ROUTE_TEXT, UUID
from fakes.routes import System, backends, run
from helpers_routes import route
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

IDC0 = Link("idc0", 3, ())
DIRECTORY = "/etc/sysconfig/network-scripts"
SIX_FILE = f"{DIRECTORY}/route6-idc0"
OLD_FILE = "/etc/sysconfig/static-routes"
KEYS = (
    "# of the site\nADDRESS0=198.51.100.0\nNETMASK0='255.255.255.0'\nGATEWAY0=\"10.99.0.1\"\n\n"
    "ADDRESS1=203.0.113.7 NETMASK1=255.255.255.255 # one line\nGATEWAY1=10.99.0.2\n"
)
GIVEN = {"gateway": "10.99.0.253", "routes": ["100.103.99.73/32", "100.118.28.0/24"]}
# ifup is a script of bash; where there is none, the sh of POSIX sources a file of assignments the same way.
SHELL = shutil.which("bash") or "sh"
MANY = settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
SOME = settings(MANY, max_examples=150)


@pytest.fixture
def system(tmp_path):
    return System(tmp_path, "network_scripts")


def backend(system=None, *, by_ifup=True):
    """Return the backend, where there is no System for files that ifup (or NetworkManager) reads."""
    found = backends(system, "network_scripts")
    if system is None:
        found._has_ifup = lambda: by_ifup
    return found


def items(*texts, **attributes):
    return [types.item(route(f"{text} via 10.99.0.253 dev idc0", **attributes)) for text in texts]


def parsed(text, **how):
    return backend(**how).parse(text, "idc0")


def shell(script, text):
    """Return what a shell says, which finds the text in the file "$1" and no program at all."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "file")
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        done = subprocess.run([SHELL, "-c", script, SHELL, path], capture_output=True, check=False, env={"PATH": "/"})
    return done.stdout.decode("utf-8", "surrogateescape")


def ifup(text):
    """Return the routes that ifup makes of ADDRESSn= entries: sourced by a shell, until the first number that lacks."""
    script = (
        '. "$1" 2>/dev/null; n=0; while eval "a=\\$ADDRESS$n m=\\$NETMASK$n g=\\$GATEWAY$n"; [ -n "$a" ]; do '
        'printf "%s %s %s\\n" "$a" "$m" "$g"; n=$((n+1)); done'
    )
    return shell(script, text).splitlines()


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
    with pytest.raises(NodeError, match=f"cannot say {said} of the route to 100.1.* rewrite it as lines of ip route"):
        backend().compose(KEYS, [], items("100.1.0.0/16", **attributes), [])


def test_entries_cannot_say_an_ipv6_route():
    with pytest.raises(NodeError, match=r"cannot say .*IP version 6"):
        backend().compose(KEYS, [], [types.item(route("fd01::/64 via fd00:99::1 dev idc0"))], [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # A gap: what stands behind it would come to life with ours.
        (KEYS + "ADDRESS3=192.0.2.0\n", "has ADDRESS3= and no ADDRESS2="),
        ("ADDRESS7=192.0.2.0\n", "has ADDRESS7= and no ADDRESS6="),
        (KEYS + "FOO='open\n", "a quote that nothing closes"),
        (KEYS + "FOO=open\\", "a quote that nothing closes"),
        (KEYS + "FOO=open \\\n", "a line that goes on"),
        (KEYS + ";\n", "a stray ';'"),
        (KEYS + "OPTIONS2='mtu 900'\n", "leftovers of other entries"),
        ("100.1.0.0/16 via \\\n", "ends in a line that goes on"),
        ("# comment \\", "ends in a line that goes on"),
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
    with pytest.raises(NodeError, match="holds more than the entry that is to go"):
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
    with pytest.raises(NodeError, match="put that line back by hand"):
        backend().compose(now, [], [], [], [parsed(was)[0].raw])


# Laws.

# Words of a route file in either syntax, and what hands and tools make of them; nothing here starts a program.
PIECES = [
    *(
        "ADDRESS0=",
        "ADDRESS1=",
        "ADDRESS2=",
        "NETMASK0=255.255.0.0",
        "NETMASK1=255.0.0.0",
        "GATEWAY0=10.99.0.1",
        "FOO=",
    ),
    *("100.1.0.0", "10.0.0.0", "100.2.0.0/16 via 10.99.0.1", "x", "via", "export ", "# ", "#", "'", '"', "\\", "\\\n"),
    *("\n", "\n", "\n", "\n", "\n", " ", " ", "\t", ";", "\r\n", "\u2028", "\x0c", "é", "\udcff", "=", "a=b"),
]
ODD = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
NETWORKS = st.integers(1, 32).flatmap(
    lambda length: st.ip_addresses(v=4).map(lambda one: ipaddress.ip_network(f"{one}/{length}", strict=False))
)
PLAIN = st.lists(NETWORKS, min_size=1, max_size=6, unique=True).map(lambda found: items(*found))
VALUE = st.sampled_from(["{}", "'{}'", '"{}"', "\\{}", "''{}", '{}""'])


@st.composite
def entries(draw):
    """Return a file of entries as sites write them."""
    found = ["# of the site\n"]
    for number in range(draw(st.integers(1, 4))):
        values = {"ADDRESS": f"198.51.{number}.0", "NETMASK": "255.255.255.0", "GATEWAY": f"192.0.2.{number}"}
        for name in draw(st.permutations(sorted(values))):
            before = draw(st.sampled_from(["", " ", "\t"] + (["export "] if name != "ADDRESS" else [])))
            behind = draw(st.sampled_from(["\n", "\n", " \n", " # was ADDRESS0=1\n", ";\n", "\n\n", "\n# \udcff\r\n"]))
            found.append(f"{before}{name}{number}={draw(VALUE).format(values[name])}{behind}")
    return "".join(found)


@SOME
@given(site=entries(), ours=PLAIN, final=st.booleans())
def test_entries_come_and_go_and_the_shell_reads_them(site, ours, final):
    site = site if final else site.rstrip("\n")
    text = backend().compose(site, ours, ours, [])
    lines = parsed(text)
    count = len(parsed(site))
    assert [line.route for line in lines[count:]] == [one.route for one in ours]
    assert text.startswith(site)
    assert ifup(text) == ifup(site) + [
        f"{one.route.destination.network_address} {one.route.destination.netmask} 10.99.0.253" for one in ours
    ]
    assert backend().compose(text, [], [], lines[count:]) == site


@SOME
@given(site=entries(), gone=st.sets(st.integers(0, 3)))
def test_whatever_entries_go_the_others_keep_their_values_and_every_byte_but_the_number(site, gone):
    lines = [line for line in parsed(site) if line.key in gone]
    text = backend().compose(site, [], [], lines) or ""
    assert ifup(text) == [found for number, found in enumerate(ifup(site)) if number not in gone]
    kept = [line.raw for line in parsed(site) if line not in lines]
    assert [line.raw for line in parsed(text)] == kept
    again = backend().compose(text, [], [], [], [line.raw for line in lines])
    assert sorted(ifup(again or "")) == sorted(ifup(site))


@MANY
@given(text=ODD)
@example(text="ADDRESS0=export x\\\nADDRESS0=")
@example(text="ADDR\\\nESS0=10.0.0.1\nADDRESS0=10.0.0.2")
@example(text="exp\\\nort \\\nADDRESS0=10.0.0.1")
def test_an_odd_file_means_to_us_what_it_means_to_a_shell(text):
    """The whole shell: quotes, comments, exports, what an open quote takes down with it."""
    if not any(line.lstrip().startswith("ADDRESS") for line in text.split("\n")) or "\\" in text[-1:]:
        return
    found = {
        f"{name}{entry.number}": value for entry in ifcfg_keys.entries(text) for name, value in entry.values.items()
    }
    names = [f"{name}{number}" for number in range(3) for name in ("ADDRESS", "NETMASK", "GATEWAY")]
    said = shell('. "$1" >/dev/null 2>&1; ' + "".join(f'printf "%s\\0" "${name}"; ' for name in names), text).split(
        "\0"
    )
    alive = dict(zip(names, said, strict=False))
    expected = {name: value for name, value in alive.items() if alive[f"ADDRESS{name[-1]}"]}
    assert {name: value for name, value in found.items() if value} == {
        name: value for name, value in expected.items() if value
    }


@MANY
@given(text=ODD)
def test_an_odd_file_has_the_lines_that_a_shell_reads(text):
    script = 'set -f; { while IFS= read -r x || [ -n "$x" ]; do printf "%s\\n" "$x"; done <"$1"; echo; } | ' + (
        'while read line; do set -- $line; [ $# = 0 ] || { printf "%s\\0" "$@"; printf "\\1"; }; done'
    )
    said = [line.split("\0")[:-1] for line in shell(script, text).split("\1")[:-1]]
    found = [network_scripts._words(raw) for raw in network_scripts._logical(text)]
    assert [words for words in found if words] == [words for words in said if not words[0].startswith("#")]


@MANY
@given(text=ODD, ours=PLAIN, by_ifup=st.booleans())
def test_in_an_odd_file_nothing_but_our_lines_comes_and_goes(text, ours, by_ifup):
    one = backend(by_ifup=by_ifup)
    before = one.parse(text, "idc0")
    assert one.compose(text, [], [], []) == text
    try:
        with_ours = one.compose(text, ours, ours, [])
    except NodeError:
        return  # a file that has no place for them, said in words
    assert with_ours.startswith(text)
    lines = one.parse(with_ours, "idc0")
    assert [line._replace(raw=None) for line in lines[: len(before)]] == [line._replace(raw=None) for line in before]
    assert [line.route for line in lines[len(before) :]] == [item.route for item in ours]
    if not _orphans(text):
        assert (one.compose(with_ours, [], [], lines[len(before) :]) or "") == text


def _orphans(text):
    """Return parts of an entry without an address; they go with the entry that gets their number."""
    there = {str(entry.number) for entry in ifcfg_keys.entries(text)}
    return set(re.findall(r"(?:ADDRESS|NETMASK|GATEWAY)([0-9])=", text)) - there


# Whose interface it is.


def held_by_networkmanager(system, name="idc0"):
    path = f"{DIRECTORY}/ifcfg-{name}"
    system.devices, system.profiles = [f"idc0:connected:{UUID}"], {UUID: path}
    return path


def test_networkmanager_holds_it_with_an_ifcfg_profile(system):
    assert backend(system).claim(IDC0) == ""
    path = held_by_networkmanager(system)
    assert backend(system).claim(IDC0) == f"profile {path}, read by NetworkManager"
    system.profiles = {UUID: "/etc/NetworkManager/system-connections/idc0.nmconnection"}
    assert backend(system).claim(IDC0) == ""


def test_the_route_file_has_the_name_of_the_profile(system):
    held_by_networkmanager(system, "System_idc0")
    path = backend(system).locate(IDC0)
    assert path == f"{DIRECTORY}/route-System_idc0"
    six = route("fd01::/64 via fd00:99::1 dev idc0")
    assert backend(system).path_for(path, six) == f"{DIRECTORY}/route6-System_idc0"


def test_without_networkmanager_the_ifcfg_file_decides(system):
    assert backend(system).locate(IDC0) == ROUTE_FILE
    assert backend(system).weak_claim(IDC0) == f"{IFCFG}, read by ifup"
    system.node().remove(IFCFG)
    assert backend(system).weak_claim(IDC0) == ""
    with pytest.raises(NodeError, match=r"has no ifcfg file .* DEVICE=idc0; write one"):
        backend(system).locate(IDC0)
    system.put(f"{DIRECTORY}/ifcfg-leased", "TYPE=Ethernet\n DEVICE='id''c0' # the leased line\n")
    for copy in ("ifcfg-leased.bak", "ifcfg-leased~", "ifcfg-leased.rpmsave", "notes"):
        system.put(f"{DIRECTORY}/{copy}", "DEVICE=idc0\n")
    assert backend(system).locate(IDC0) == f"{DIRECTORY}/route-leased"
    system.put(f"{DIRECTORY}/ifcfg-second", 'DEVICE="idc0"\n')
    with pytest.raises(NodeError, match="not exactly one other file"):
        backend(system).locate(IDC0)


def test_without_an_ifup_nobody_reads_the_ifcfg_file_at_boot(system):
    system.node().remove(f"{DIRECTORY}/ifup-eth")
    assert backend(system).weak_claim(IDC0) == ""
    system.put("/usr/sbin/ifup", "")
    assert backend(system).weak_claim(IDC0) == f"{IFCFG}, read by ifup"


# The whole module.


@pytest.mark.parametrize(
    "text", [None, "", ROUTE_TEXT, KEYS, KEYS.rstrip("\n"), "no newline at the end", "# \udcff\r\n\t\r\n", "\n"]
)
def test_the_whole_module_and_back(system, text):
    system.node().remove(ROUTE_FILE)
    if text is not None:
        system.put(ROUTE_FILE, text)
    before = system.everything()
    assert run(system, **GIVEN)["changed"] is True
    assert system.text(ROUTE_FILE).startswith(text or "")
    assert run(system, **GIVEN)["changed"] is False
    run(system, state="absent")
    if text == "":  # an empty file means nothing to anybody, and nobody can tell that it was there
        assert system.text(ROUTE_FILE) is None
        system.put(ROUTE_FILE, "")
    assert system.everything() == before


def test_each_family_has_its_file(system):
    result = run(
        system, **{**GIVEN, "routes": [*GIVEN["routes"], {"destination": "fd01::/64", "gateway": "fd00:99::1"}]}
    )
    assert [one["data"]["path"] for one in result["results"]] == [ROUTE_FILE, ROUTE_FILE, SIX_FILE]
    assert system.text(SIX_FILE) == "fd01::/64 via fd00:99::1 dev idc0 metric 1024\n"
    run(system, state="absent")
    assert (system.text(SIX_FILE), system.text(ROUTE_FILE)) == (None, ROUTE_TEXT)


def test_a_file_that_has_no_place_is_refused_before_anything_is_changed(system):
    system.put(ROUTE_FILE, "ADDRESS1=198.51.100.0\n")
    before = system.everything()
    with pytest.raises(NodeError, match=f"{ROUTE_FILE}: it has ADDRESS1= and no ADDRESS0="):
        run(system, **GIVEN)
    assert system.everything() == before


@pytest.mark.parametrize("damage", ["taken out", "\r\n", "gateway"])
@pytest.mark.parametrize("text", [ROUTE_TEXT, KEYS])
def test_what_somebody_did_to_our_lines_is_mended(system, text, damage):
    system.put(ROUTE_FILE, text)
    run(system, **GIVEN)
    written = system.text(ROUTE_FILE)
    ours = written[len(text) :]
    broken = {
        "taken out": "".join(
            line for line in ours.splitlines(keepends=True) if "S2=" not in line and "99.73/" not in line
        ),
        "\r\n": ours.replace("\n", "\r\n"),
        "gateway": ours.replace("10.99.0.253", "10.99.0.9"),
    }[damage]
    system.put(ROUTE_FILE, text + broken)
    result = run(system, **GIVEN)
    assert (result["changed"], {one["status"] for one in result["results"]}) == (True, {"pass"})
    now = system.text(ROUTE_FILE)
    assert now.startswith(text)
    assert {line.route for line in backend(system).parse(now, "idc0")} == {
        line.route for line in backend(system).parse(written, "idc0")
    }
    run(system, state="absent")
    # Leftovers of an entry without its ADDRESSn mean nothing, and are not ours to know any more.
    assert system.text(ROUTE_FILE).startswith(text)
    assert "10.99.0.9" not in system.text(ROUTE_FILE).replace("10.99.0.1", "")


@pytest.mark.parametrize(
    "text", ["100.118.28.0/24 via 10.99.0.1\n# end\n", KEYS.replace("198.51.100.0", "100.118.28.0")]
)
def test_a_line_of_the_site_is_taken_over_and_put_back(system, text):
    system.put(ROUTE_FILE, text)
    with pytest.raises(NodeError, match=r"a line of somebody else for 100\.118\.28\.0/24"):
        run(system, **GIVEN)
    run(system, **GIVEN, takeover=True)
    routes = {line.route.text() for line in backend(system).parse(system.text(ROUTE_FILE), "idc0")}
    assert "100.118.28.0/24 via 10.99.0.253 dev idc0" in routes
    run(system, state="absent")
    found = backend(system).parse(system.text(ROUTE_FILE), "idc0")
    assert {line.raw for line in found} == {line.raw for line in backend(system).parse(text, "idc0")}


def test_a_route_of_the_old_file_is_a_conflict(system):
    system.put(OLD_FILE, "any net 100.118.28.0 netmask 255.255.255.0 gw 10.99.0.1\n")
    with pytest.raises(NodeError, match=r"a line of somebody else for 100\.118\.28\.0/24"):
        run(system, **GIVEN, takeover=True)


def test_networkmanager_reads_its_profile_again(tmp_path):
    system = System(tmp_path, "network_scripts_networkmanager")
    result = run(system, **GIVEN)
    assert {(one["data"]["backend"], one["status"]) for one in result["results"]} == {("network_scripts", "pass")}
    assert [path for path, _text in system.loaded] == [IFCFG]
    system.loaded.clear()
    run(system, state="absent")
    assert [path for path, _text in system.loaded] == [IFCFG]
    assert system.text(ROUTE_FILE) == ROUTE_TEXT


def test_a_profile_that_networkmanager_does_not_take_is_put_back(tmp_path):
    system = System(tmp_path, "network_scripts_networkmanager")
    system.refuse_load = "yes"
    with pytest.raises(NodeError, match=f"NetworkManager does not take {IFCFG}"):
        run(system, **GIVEN)
    assert system.text(ROUTE_FILE) == ROUTE_TEXT
