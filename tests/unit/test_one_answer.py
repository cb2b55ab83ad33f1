# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One mistake, one answer: whoever reads a value says the same words to the same mistake in it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.hosts import Options, Sheet, read_fleet
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import PlanError, read
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements import inputs as lookup
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import load
from fakes.modules import run_module

CATALOGUE = load()
PORT = {"name": "web", "protocol": "tcp"}
LISTENER = {"ports": [PORT | {"ports": ["80"]}]}
PROBE = LISTENER | {"address": "127.0.0.1", "token": "a" * 32}
ENDPOINT = {"name": "web", "host": "web.example", "port": 80}
ROUTES = {"live": False, "backend": "networkd", "interface": "idc0", "gateway": "10.99.0.253"}
ACCEPT = PORT | {"ports": ["80"], "sources": ["10.0.0.0/8"]}

BITS = "the address has host bits set; the network is 10.0.0.0/8, the one address 10.0.0.1/32"
NETWORKS = {
    "10.0.0.1/8": BITS,
    "10.0.0.0": f"{_inputs.NETWORK}; one address is 10.0.0.0/32",
    "10.0.0.0/255.0.0.0": "give the prefix length in place of the netmask; write 10.0.0.0/8",
    "10.0.0.0/33": "the prefix length of an IPv4 network is at most 32",
    "010.0.0.0/8": _inputs.NETWORK,
    "ten": _inputs.NETWORK,
    "0.0.0.0/0": "this is every address there is; name the networks that are meant",
}
# Where an address may stand for itself, and where packets may come from anywhere.
SOURCES = {text: answer for text, answer in NETWORKS.items() if text != "10.0.0.0"}
ANYWHERE = {text: answer for text, answer in NETWORKS.items() if text != "0.0.0.0/0"}
ADDRESSES = dict.fromkeys(("gw.example", "10.0.0.300", "10.0.0.1/24"), _inputs.ADDRESS)
HOSTS = dict.fromkeys(("https://web.example", "10.0.0.300", "under_score", "-x"), _inputs.HOST)
PORTS = {
    **dict.fromkeys(("0", "65536", "ssh", "-1"), _inputs.PORTS),
    "90-80": "the range is reversed; write 80-90",
}
INTERFACES = dict.fromkeys(("eth0 eth1", "a/b", "-x"), _inputs.INTERFACE)


def of_a_module(module: str, make: Callable[[list[str]], dict[str, Any]]) -> Callable[[list[str]], str]:
    """Return what a module says to the values in one run, which changes nothing."""

    def ask(values: list[str]) -> str:
        status, result = run_module(module, make(values) | {"_ansible_check_mode": True})
        assert status == 1
        return "\n".join([result["msg"], *(one["summary"] for one in result.get("results", []))])

    return ask


def of_the_lookup(variable: str, values: list[str]) -> str:
    return "\n".join(lookup.read({variable: values}, ())[1])


def of_a_sheet(header: str, values: list[str]) -> str:
    rows = "".join(f"n{place}|10.0.1.{place}|{value}\n" for place, value in enumerate(values, start=1))
    fleet = read_fleet([Sheet("a.csv", f"host|ip|{header}\n{rows}".encode())], Options(), CATALOGUE)
    return "\n".join(problem.text for problem in fleet.problems)


def of_the_addresses(texts: list[str]) -> str:
    rows = "".join(f"n{place}|{text}\n" for place, text in enumerate(texts, start=1))
    fleet = read_fleet([Sheet("a.csv", f"host|ip\n{rows}".encode())], Options(delimiter="|"), CATALOGUE)
    return "\n".join(problem.text for problem in fleet.problems)


def of_a_plan(key: str, values: list[str]) -> str:
    with pytest.raises(PlanError) as caught:
        read(CATALOGUE, [{"name": "a", "region": "cn-beijing", key: values}])
    return str(caught.value)


def each(module: str, make: Callable[[str], dict[str, Any]]) -> Callable[[list[str]], str]:
    """Return what a module says to the values where it takes one at a time."""
    return lambda values: "\n".join(of_a_module(module, lambda one: make(one[0]))([value]) for value in values)


ENTRANCES: list[tuple[str, dict[str, str], Callable[[list[str]], str]]] = [
    *(
        (f"lookup {name}", NETWORKS, functools.partial(of_the_lookup, name))
        for name in ("vpc_cidrs", "node_cidrs", "pod_cidr", "service_cidr", "extra_routes")
    ),
    ("lookup bgp_neighbours", SOURCES, functools.partial(of_the_lookup, "bgp_neighbours")),
    ("sheet vpc_cidrs", NETWORKS, functools.partial(of_a_sheet, "vpc_cidrs")),
    ("plan used_networks", NETWORKS, functools.partial(of_a_plan, "used_networks")),
    (
        "static_routes destination",
        NETWORKS,
        of_a_module("static_routes", lambda texts: ROUTES | {"routes": [{"destination": text} for text in texts]}),
    ),
    ("static_routes forbidden", NETWORKS, of_a_module("static_routes", lambda texts: ROUTES | {"forbidden": texts})),
    (
        "inbound_ports sources",
        SOURCES,
        of_a_module("inbound_ports", lambda texts: {"ports": [ACCEPT | {"sources": texts}]}),
    ),
    (
        "reachability_info networks",
        NETWORKS,
        of_a_module("reachability_info", lambda texts: {"endpoints": [ENDPOINT | {"networks": texts}]}),
    ),
    (
        "reachability_info node_cidrs",
        NETWORKS,
        of_a_module("reachability_info", lambda texts: {"endpoints": [], "node_cidrs": texts}),
    ),
    ("readiness_info pod_cidr", NETWORKS, of_a_module("readiness_info", lambda texts: {"pod_cidr": texts})),
    ("readiness_info node_cidrs", NETWORKS, of_a_module("readiness_info", lambda texts: {"node_cidrs": texts})),
    ("port_listener toward", ANYWHERE, of_a_module("port_listener", lambda texts: LISTENER | {"toward": texts})),
    ("port_listener within", ANYWHERE, of_a_module("port_listener", lambda texts: LISTENER | {"within": texts})),
    ("sheet gateway", ADDRESSES, functools.partial(of_a_sheet, "leased_line_gateway")),
    ("sheet vpc_probe_address", ADDRESSES, functools.partial(of_a_sheet, "vpc_probe_address")),
    (
        "static_routes gateway",
        ADDRESSES,
        of_a_module(
            "static_routes",
            lambda texts: ROUTES | {"routes": [{"destination": "100.1.0.0/16", "gateway": text} for text in texts]},
        ),
    ),
    ("static_routes protect", ADDRESSES, of_a_module("static_routes", lambda texts: ROUTES | {"protect": texts})),
    ("readiness_info vpc_cidrs", NETWORKS, of_a_module("readiness_info", lambda texts: {"vpc_cidrs": texts})),
    ("readiness_info gateway", ADDRESSES, each("readiness_info", lambda text: {"leased_line_gateway": text})),
    ("port_probe_info address", ADDRESSES, each("port_probe_info", lambda text: PROBE | {"address": text})),
    ("lookup ntp_servers", HOSTS, functools.partial(of_the_lookup, "ntp_servers")),
    ("sheet ntp_servers", HOSTS, functools.partial(of_a_sheet, "ntp_servers")),
    ("sheet ip", HOSTS, of_the_addresses),
    ("time_sync servers", HOSTS, of_a_module("time_sync", lambda texts: {"servers": texts})),
    (
        "reachability_info host",
        HOSTS,
        of_a_module(
            "reachability_info",
            lambda texts: {"endpoints": [{**ENDPOINT, "name": text, "host": text} for text in texts]},
        ),
    ),
    ("inbound_ports ports", PORTS, of_a_module("inbound_ports", lambda texts: {"ports": [ACCEPT | {"ports": texts}]})),
    ("port_listener ports", PORTS, of_a_module("port_listener", lambda texts: {"ports": [PORT | {"ports": texts}]})),
    (
        "port_probe_info ports",
        PORTS,
        of_a_module("port_probe_info", lambda texts: PROBE | {"ports": [PORT | {"ports": texts}]}),
    ),
    (
        "reachability_info port",
        PORTS,
        of_a_module(
            "reachability_info",
            lambda texts: {"endpoints": [{**ENDPOINT, "name": text, "port": text} for text in texts]},
        ),
    ),
    ("sheet interface", INTERFACES, functools.partial(of_a_sheet, "leased_line_interface")),
    (
        "static_routes interface",
        INTERFACES,
        of_a_module(
            "static_routes",
            lambda texts: ROUTES | {"routes": [{"destination": "100.1.0.0/16", "interface": text} for text in texts]},
        ),
    ),
]


@pytest.mark.parametrize(("answers", "ask"), [pytest.param(*rest, id=name) for name, *rest in ENTRANCES])
def test_a_mistake_has_one_answer(answers: dict[str, str], ask: Callable[[list[str]], str]) -> None:
    said = ask(list(answers))
    for text, answer in answers.items():
        assert f" is {text!r}: {answer}" in said
