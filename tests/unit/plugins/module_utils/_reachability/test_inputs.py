# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints as a user or the lookup gives them: all mistakes are named together, none passes."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._reachability import inputs
from hypothesis import given
from hypothesis import strategies as st

GOOD = {
    "name": "registry",
    "host": "Registry.Test.",
    "port": 443,
    "protocol": "https",
    "networks": ["100.103.0.0/16", "fd00::/8"],
    "required": False,
    "purpose": "images",
    "confidence": "seed",
}


def problems(**change: object) -> list[str]:
    return inputs.read_endpoints([GOOD | change])[1]


def test_a_good_endpoint_is_taken_as_it_is() -> None:
    (endpoint,), wrong = inputs.read_endpoints([GOOD | {"unknown_key": 1, "port": "443"}])
    assert wrong == []
    assert (endpoint.name, endpoint.host, endpoint.protocol) == ("registry", "registry.test", "https")
    assert endpoint.port == 443
    assert [str(network) for network in endpoint.networks] == GOOD["networks"]
    assert (endpoint.required, endpoint.purpose, endpoint.confidence) == (False, "images", "seed")


def test_a_range_is_split_into_its_ports() -> None:
    (endpoint,), wrong = inputs.read_endpoints([GOOD | {"port": "10280-10284"}])
    assert wrong == []
    parts = endpoint.split()
    assert [part.port for part in parts] == [part.last for part in parts] == list(range(10280, 10285))
    assert {(part.name, part.host, part.required, part.purpose) for part in parts} == {
        ("registry", "registry.test", False, "images")
    }


def test_what_is_left_out_has_a_default() -> None:
    (endpoint,), wrong = inputs.read_endpoints([{"name": "a", "host": "::1", "port": 1}])
    assert wrong == []
    assert (endpoint.protocol, endpoint.networks, endpoint.required) == ("tcp", [], True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "endpoints[0].name: is missing"),
        ({"host": None}, "endpoints[0].host is None: give a host name"),
        ({"host": "two words"}, "host is 'two words': give a host name"),
        ({"host": "-x.test"}, "give a host name or an address"),
        ({"host": "a; reboot"}, "give a host name or an address"),
        ({"host": "10.0.0.256"}, "give a host name or an address"),
        ({"host": "x" * 64 + ".test"}, "give a host name or an address"),
        ({"port": 0}, "endpoints[0].port is 0: give a port from 1 to 65535, or a range"),
        ({"port": 65536}, "give a port"),
        ({"port": True}, "give a port"),
        ({"port": "10284-10280"}, "the range is reversed; write 10280-10284"),
        ({"port": "10280-"}, "give a port"),
        ({"port": "1-101"}, "a range of at most 100"),
        ({"port": "65535-65536"}, "give a port"),
        ({"port": None}, "give a port"),
        ({"protocol": "icmp"}, "use one of tcp, tls, https, ntp, udp"),
        ({"networks": ["100.103.1.0/16"]}, "networks is '100.103.1.0/16': the address has host bits set"),
        ({"networks": "100.103.0.0/16"}, "is not a list"),
        ({"required": "perhaps"}, "neither true nor false"),
    ],
)
def test_each_mistake_is_named(change: dict, words: str) -> None:
    (problem,) = problems(**change)
    assert words in problem


def test_all_mistakes_are_named_together() -> None:
    found = inputs.read_endpoints([GOOD, GOOD | {"host": "other.test"}, {"port": "x"}])[1]
    assert len(found) == 4
    assert "endpoints[1].name: 'registry' is also the name of endpoints[0]" in found[0]
    assert all(problem.startswith("endpoints[2].") for problem in found[1:])


@given(
    st.dictionaries(
        st.sampled_from(list(GOOD)),
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=9)
        | st.lists(st.text(max_size=5), max_size=3)
        | st.dictionaries(st.text(max_size=2), st.none()),
    )
)
def test_any_input_is_read_or_named(item: dict) -> None:
    endpoints, wrong = inputs.read_endpoints([item])
    assert len(endpoints) == 1
    assert wrong or isinstance(endpoints[0].port, int)
