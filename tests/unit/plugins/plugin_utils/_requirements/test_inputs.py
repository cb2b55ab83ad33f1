# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user may write, and what every wrong value is answered with."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import (
    Inputs,
    overlap,
    read,
    version_key,
)
from fakes.requirements import CALM
from hypothesis import given
from hypothesis import strategies as st

ADDONS = ("logging", "monitoring")
VARIABLES = list(Inputs.__dataclass_fields__)


def accepted(**values: Any) -> Inputs:
    inputs, problems = read(values, ADDONS)
    assert problems == []
    assert inputs is not None
    return inputs


def problems(**values: Any) -> list[str]:
    inputs, found = read(values, ADDONS)
    assert inputs is None
    return found


@pytest.mark.parametrize("unset", [None, "", "  "])
@pytest.mark.parametrize("variable", VARIABLES)
def test_empty_means_unset(variable: str, unset: Any) -> None:
    assert accepted(**{variable: unset}) == accepted()


@pytest.mark.parametrize("variable", ["vpc_cidrs", "node_cidrs", "extra_routes", "ntp_servers", "addons", "pod_cidr"])
def test_empty_items_of_a_list_mean_nothing(variable: str) -> None:
    assert accepted(**{variable: [None, "", " "]}) == accepted()
    assert accepted(**{variable: ", ,\n"}) == accepted()


def test_access_mode_follows_vpc_cidrs() -> None:
    assert accepted().access_mode == "internet"
    assert accepted(vpc_cidrs=["10.0.0.0/8"]).access_mode == "leased_line"
    assert accepted(vpc_cidrs=["10.0.0.0/8"], access_mode="internet").access_mode == "internet"
    assert accepted(access_mode=" leased_line ").access_mode == "leased_line"


@pytest.mark.parametrize(
    "given_value",
    [
        ["10.0.0.0/8", "192.168.0.0/16"],
        ("10.0.0.0/8", "192.168.0.0/16", "10.0.0.0/8"),
        "10.0.0.0/8,192.168.0.0/16",
        "10.0.0.0/8\n192.168.0.0/16\n",
        " 10.0.0.0/8 , 192.168.0.0/16 ",
    ],
)
def test_lists_may_come_as_text(given_value: Any) -> None:
    assert accepted(vpc_cidrs=given_value).vpc_cidrs == ("10.0.0.0/8", "192.168.0.0/16")


def test_ipv6_is_valid_and_canonical() -> None:
    inputs = accepted(vpc_cidrs="2001:DB8:0::/48", node_cidrs="fd00:0::/8", api_server="[2001:db8:0::1]:443")
    assert inputs.vpc_cidrs == ("2001:db8::/48",)
    assert inputs.node_cidrs == ("fd00::/8",)
    assert inputs.api_server == ("2001:db8::1", 443)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.0.0.1/8", "the address has host bits set; the network is 10.0.0.0/8"),
        ("2001:db8::1/64", "the network is 2001:db8::/64"),
        ("10.0.0.0", "give a network with its prefix length"),
        ("10.0.0.0/33", "the prefix length of an IPv4 network is at most 32"),
        ("10.0.0/8", "give a network with its prefix length"),
        ("010.0.0.0/8", "give a network with its prefix length"),
        ("10.0.0.0/255.0.0.0", "give the prefix length in place of the netmask; write 10.0.0.0/8"),
        ("10.0.0.0/-1", "give a network with its prefix length"),
        ("ten/8", "give a network with its prefix length"),
        ("0.0.0.0/0", "every address"),
        ("::/0", "every address"),
        (10, "give a network"),
        ({"cidr": "10.0.0.0/8"}, "give a network"),
    ],
)
@pytest.mark.parametrize("variable", ["vpc_cidrs", "node_cidrs", "pod_cidr", "service_cidr", "extra_routes"])
def test_wrong_networks(variable: str, value: Any, expected: str) -> None:
    (problem,) = problems(**{variable: [value]})
    assert problem.startswith(f"{variable} is {value!r}: ")
    assert expected in problem


@pytest.mark.parametrize("value", [5, {"a": 1}, True])
def test_no_list(value: Any) -> None:
    (problem,) = problems(vpc_cidrs=value)
    assert problem == f"vpc_cidrs is {value!r}: give a list, or text separated by commas"


@pytest.mark.parametrize(
    ("variable", "value", "near"),
    [
        ("access_mode", "leased-line", "leased_line"),
        ("access_mode", "Internet", "internet"),
        ("cni", "flanel", "flannel"),
        ("cni", "terway", "terway-edge"),
        ("route_scope", "publishd", "published"),
        ("addons", ["loging"], "logging"),
    ],
)
def test_a_wrong_choice_names_the_nearest(variable: str, value: Any, near: str) -> None:
    (problem,) = problems(**{variable: value})
    assert problem.startswith(f"{variable} is ")
    assert problem.endswith(f"did you mean {near}?")


@pytest.mark.parametrize("value", [True, 3, ["internet"], "wlan"])
def test_a_choice_that_is_near_to_nothing(value: Any) -> None:
    (problem,) = problems(access_mode=value)
    assert problem.startswith(f"access_mode is {value!r}: give internet or leased_line")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.30", "1.30"),
        ("1.12", "1.12"),
        ("v1.30", "1.30"),
        ("1.30.7", "1.30.7"),
        (" 1.30.7-aliyun.1\n", "1.30.7-aliyun.1"),
        ("1.12.6-aliyunedge.1", "1.12.6-aliyunedge.1"),
        ("2.0", "2.0"),
    ],
)
def test_cluster_version(value: str, expected: str) -> None:
    assert accepted(cluster_version=value).cluster_version == expected


@pytest.mark.parametrize("value", [1.3, 1.26, 2.0])
def test_a_version_that_is_a_number_must_be_quoted(value: float) -> None:
    (problem,) = problems(cluster_version=value)
    assert problem.startswith(f"cluster_version is {value!r}: quote it")


@pytest.mark.parametrize(
    "value", [1, True, ["1.30"], "newest", "1", "1.x", "1.30.", "1.30-", "1.30.7 aliyun", "\u0661.\u0663"]
)
def test_wrong_versions(value: Any) -> None:
    (problem,) = problems(cluster_version=value)
    assert problem.startswith(f"cluster_version is {value!r}: give the version of the cluster as ")


def test_a_version_that_was_a_number_before_it_became_text() -> None:
    (problem,) = problems(cluster_version="1.3")
    assert "start at version 1.12; if 1.30 is meant, quote it where it is set" in problem
    (problem,) = problems(cluster_version="1.11.9")
    assert problem.endswith("start at version 1.12")


@CALM
@given(st.integers(1, 3), st.integers(0, 99), st.integers(0, 99), st.integers(1, 3), st.integers(0, 99))
def test_versions_compare_as_numbers(major: int, minor: int, patch: int, other_major: int, other_minor: int) -> None:
    one, other = f"v{major}.{minor}.{patch}-aliyun.1", f"{other_major}.{other_minor}"
    assert (version_key(one) < version_key(other)) == ((major, minor, patch) < (other_major, other_minor, 0))


def test_ranges_of_versions() -> None:
    row = {"since": "1.20", "before": "1.26"}
    inside = {"1.19.9": False, "1.20": True, "1.25.99-a.1": True, "1.26.0": False, "1.100": False}
    for version, expected in inside.items():
        assert accepted(cluster_version=version).in_range(row) is expected
    assert accepted().in_range(row) is False
    assert accepted().in_range({"since": "1.26"}) is True


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("192.168.0.10", ("192.168.0.10", 6443)),
        ("192.168.0.10:8443", ("192.168.0.10", 8443)),
        ("https://192.168.0.10:6443/", ("192.168.0.10", 6443)),
        ("API.Example.com.", ("api.example.com", 6443)),
        ("2001:db8::1", ("2001:db8::1", 6443)),
        ("[2001:db8::1]", ("2001:db8::1", 6443)),
    ],
)
def test_api_server(value: str, expected: tuple[str, int]) -> None:
    assert accepted(api_server=value).api_server == expected


@pytest.mark.parametrize(
    "value",
    ["http://10.0.0.1", "host:0", "host:65536", "host:x", "a b", "10.0.0.256", "-x", "host/path", ":6443", 6443],
)
def test_wrong_api_servers(value: Any) -> None:
    (problem,) = problems(api_server=value)
    assert problem.startswith(f"api_server is {value!r}: give ")


@pytest.mark.parametrize("variable", ["raven_gateway", "tunnel_server", "ntp_servers"])
@pytest.mark.parametrize("value", ["host:10280", "1.2.3", "under_score", "x" * 64, "a..b", "https://x"])
def test_wrong_hosts(variable: str, value: str) -> None:
    (problem,) = problems(**{variable: value})
    assert problem.startswith(f"{variable} is {value!r}: give a host name or an address")


def test_bgp_neighbours_may_be_addresses() -> None:
    inputs = accepted(bgp_neighbours=["10.0.0.1", "10.0.1.0/30", "fd00::1"])
    assert inputs.bgp_neighbours == ("10.0.0.1/32", "10.0.1.0/30", "fd00::1/128")


@pytest.mark.parametrize(
    ("value", "expected"), [(True, True), (False, False), ("no", False), ("True", True), (0, False)]
)
def test_internet_inbound(value: Any, expected: bool) -> None:
    assert accepted(internet_inbound=value).internet_inbound is expected


def test_internet_inbound_that_is_neither() -> None:
    (problem,) = problems(internet_inbound="maybe")
    assert problem == "internet_inbound is 'maybe': give true or false"


def test_all_problems_come_together_and_in_one_order() -> None:
    found = problems(access_mode="x", cluster_version=1.3, vpc_cidrs=["10.0.0.1/8", "1/2"], ntp_servers="a:b")
    assert [problem.split(" is ")[0] for problem in found] == [
        "vpc_cidrs", "vpc_cidrs", "access_mode", "cluster_version", "ntp_servers",
    ]  # fmt: skip


@pytest.mark.parametrize("cluster", ["pod_cidr", "service_cidr"])
@pytest.mark.parametrize("other", ["vpc_cidrs", "node_cidrs", "extra_routes"])
def test_pods_and_services_need_networks_of_their_own(cluster: str, other: str) -> None:
    (problem,) = problems(**{cluster: "172.16.0.0/16", other: ["10.0.0.0/8", "172.16.0.0/12"]})
    assert problem.startswith(f"{cluster} is 172.16.0.0/16: it overlaps {other} 172.16.0.0/12")


def test_pods_against_services() -> None:
    (problem,) = problems(pod_cidr="172.16.0.0/12", service_cidr="172.21.0.0/20")
    assert problem.startswith("pod_cidr is 172.16.0.0/12: it overlaps service_cidr 172.21.0.0/20")
    accepted(pod_cidr="172.20.0.0/16", service_cidr="172.21.0.0/20,fd00::/112", vpc_cidrs="10.0.0.0/8")


networks = st.builds(
    lambda address, length: str(ipaddress.ip_network((address, length), strict=False)),
    st.integers(0, 2**32 - 1),
    st.integers(1, 32),
)


@CALM
@given(networks, networks)
def test_overlap_agrees_with_the_standard_library(one: str, other: str) -> None:
    assert overlap(one, other) == ipaddress.ip_network(one).overlaps(ipaddress.ip_network(other))


@CALM
@given(st.lists(networks))
def test_networks_come_back_unchanged_in_order_and_once(given_networks: list[str]) -> None:
    assert accepted(vpc_cidrs=",".join(given_networks)).vpc_cidrs == tuple(dict.fromkeys(given_networks))


@CALM
@given(st.dictionaries(st.sampled_from(VARIABLES), st.none() | st.booleans() | st.integers() | st.floats() | st.text()))
def test_nothing_a_user_writes_ends_in_a_traceback(values: dict[str, Any]) -> None:
    inputs, found = read(values, ADDONS)
    assert (inputs is None) == bool(found)
    for problem in found:
        assert " is " in problem
