# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Laws of route-<name> files: a shell says what a file means to a shell."""

from __future__ import annotations

import ipaddress

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import network_scripts
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import ifcfg_keys
from fakes import odd_inputs
from fakes.network_scripts import (
    backend,
    ifup,
    items,
    orphans,
    parsed,
    shell,
)
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

MANY = settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
SOME = settings(MANY, max_examples=150)

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
ODD = odd_inputs.made(lambda source: odd_inputs.some(source, PIECES, 40))
NETWORKS = st.integers(0, 32 * 2**32 - 1).map(
    lambda drawn: ipaddress.ip_network((drawn % 2**32, 1 + drawn // 2**32), strict=False)
)
PLAIN = st.lists(NETWORKS, min_size=1, max_size=6, unique=True).map(lambda found: items(*found))
VALUE = st.sampled_from(["{}", "'{}'", '"{}"', "\\{}", "''{}", '{}""'])


def odd_and_ours(source):
    """Return an odd text, routes of ours, and whether ifup reads the file."""
    networks = {
        ipaddress.ip_network((source.getrandbits(32), source.randint(1, 32)), strict=False)
        for _each in range(source.randint(1, 6))
    }
    return odd_inputs.some(source, PIECES, 40), items(*networks), source.random() < 0.5


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
@example(text="ADDRESS0=\nexport \"ADDRESS0=10.0.0.1\" ''ADDRESS1=10.0.0.2 \\ADDRESS2='10.0.0.3'")
@example(text="ADDRESS0=\n\\export ADDRESS0=10.0.0.1\n'ex'port ADDRESS1=10.0.0.2\n\"export \" ADDRESS2=10.0.0.3")
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
    script = '(set -f; { while IFS= read -r x || [ -n "$x" ]; do printf "%s\\n" "$x"; done <"$1"; echo; } | ' + (
        'while read line; do set -- $line; [ $# = 0 ] || { printf "%s\\0" "$@"; printf "\\1"; }; done)'
    )
    said = [line.split("\0")[:-1] for line in shell(script, text).split("\1")[:-1]]
    found = [network_scripts._words(raw) for raw in network_scripts._logical(text)]
    assert [words for words in found if words] == [words for words in said if not words[0].startswith("#")]


@settings(MANY, max_examples=100)
@given(drawn=odd_inputs.many(odd_and_ours))
def test_in_an_odd_file_nothing_but_our_lines_comes_and_goes(drawn):
    for text, ours, by_ifup in drawn:
        our_lines_come_and_go(text, ours, by_ifup)


def our_lines_come_and_go(text, ours, by_ifup):
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
    if not orphans(text):
        assert (one.compose(with_ours, [], [], lines[len(before) :]) or "") == text
