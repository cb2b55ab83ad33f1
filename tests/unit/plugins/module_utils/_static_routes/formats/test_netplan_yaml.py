# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our own file of netplan: what is written is read back, and anything else is none of ours."""

from __future__ import annotations

import ipaddress
import string

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import types
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats.netplan_yaml import Definition
from fakes import odd_inputs
from fakes.netplan import ROUTES
from fakes.routes import backends
from hypothesis import given, settings
from hypothesis import strategies as st


def backend(system=None):
    return backends(system, "netplan")


def without_tool():
    """Return a backend that knows a definition for each of these interfaces, as if they had been located."""
    one = backend()
    one._definitions.update(
        eth0=Definition("ethernets", "eth0", ""),
        idc0=Definition("ethernets", 'a"\\u.b', ""),
        bond0=Definition("bonds", "bond0", ""),
    )
    return one


networks = st.one_of(
    st.builds(lambda a, n: ipaddress.ip_network((a, n), strict=False), st.integers(0, 2**32 - 1), st.integers(0, 32)),
    st.builds(
        lambda a, n: ipaddress.ip_network(((1 << 126) + a, n), strict=False),
        st.integers(0, 2**64),
        st.integers(3, 128),
    ),
)


@st.composite
def items(draw):
    destination = draw(networks)
    address = (ipaddress.IPv4Address if destination.version == 4 else ipaddress.IPv6Address)(
        draw(st.integers(1, 2**32 - 1))
    )
    one = types.Route(
        destination,
        address,
        draw(st.sampled_from(["eth0", "idc0", "bond0"])),
        draw(st.integers(0, 2**32 - 1)),
        draw(st.integers(1, 2**32 - 1)),
        draw(st.none() | st.just(address)),
        draw(st.booleans()),
        draw(st.none() | st.integers(68, 9000)),
    )
    return types.item(one, comment=draw(st.text(st.characters(exclude_characters="\n"), max_size=30)))


@given(st.lists(items(), min_size=1, max_size=8))
def test_what_is_written_is_read_back_and_is_yaml(wanted):
    text = without_tool().compose("", wanted, [], [])
    read = backend().parse(text, "")
    assert sorted((str(line.route), line.comment) for line in read) == sorted(
        (str(one.route), one.comment) for one in wanted
    )
    document = yaml.safe_load(text.encode())  # bytes, for which it heeds the characters that YAML forbids
    assert set(document["network"]) <= {"version", "ethernets", "bonds"}
    said = [
        entry
        for section in ("ethernets", "bonds")
        for one in document["network"].get(section, {}).values()
        for entry in one["routes"]
    ]
    assert sorted(entry["to"] for entry in said) == sorted(str(one.route.destination) for one in wanted)


def test_nothing_to_hold_is_no_file():
    assert backend().compose("", [], [], []) is None


def test_defaults_that_are_netplans_too_are_left_out():
    text = without_tool().compose("", ROUTES[1:2], [], [])
    assert text.endswith(
        '  ethernets:\n    "a\\"\\\\u.b":  # idc0\n      routes:\n'
        '      - to: "100.103.99.73/32"\n        via: "10.99.0.253"\n        metric: 0\n'
    )


WHOLE = without_tool().compose("", ROUTES, [], [])
READER = backend()


@settings(max_examples=200)
@given(odd_inputs.many(lambda source: odd_inputs.text(source, 300, string.printable + "\udc80é\u2028\\")))
def test_odd_texts_are_no_lines_and_no_exception(noises):
    """A text that is not ours to the letter is read as nothing, so that all of it is written anew."""
    for noise in noises:
        assert READER.parse(noise, "") == []
        assert READER.parse(WHOLE + "x" + noise, "") == []
        READER.parse(WHOLE + noise, "")
        READER.parse(WHOLE[:-5] + noise, "")


def changed(source):
    """Return the file with another character in one place."""
    place = source.randrange(len(WHOLE))
    return WHOLE[:place] + source.choice('\t\r\n #x0:/"\\\udc80') + WHOLE[place + 1 :]


@given(odd_inputs.many(changed))
def test_a_text_with_one_character_changed_is_never_misread(texts):
    for text in texts:
        assert len(READER.parse(text, "")) in (0, len(ROUTES), len(ROUTES) + 1)


@pytest.mark.parametrize(
    "change",
    [
        ("\n", "\r\n"),
        ("  ", "\t"),
        ("mtu: 1400", "mtu: 1400 # x"),
        ("100.1.0.0", "100.1.0.1"),
        ("via", "type: blackhole\n        via"),
        ("metric: 7", "metric: -7"),
    ],
)
def test_what_somebody_else_wrote_is_not_ours(change):
    whole = without_tool().compose("", ROUTES, [], [])
    assert backend().parse(whole.replace(*change), "") == []
