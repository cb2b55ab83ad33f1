# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet whose paths end in many places, made as a run makes it: by the collector and by the module's own verdicts."""

from __future__ import annotations

import functools
import ipaddress
import json
from typing import Any

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.endpoint import Endpoint
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Trace
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.verdicts import explain
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.walk import Settings
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.causes import causes
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.handover import handover
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.paths import paths
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.run import Run

RUN, BEGAN, ENDED = "verify_edge-20261128T220000-5dcf0a71", "2026-11-28T22:00:00+00:00", "2026-11-28T22:04:10+00:00"
REACHABILITY = "ack_edge.node.reachability_info"
OTHERS = tuple(f"ack_edge.node.{name}" for name in ("readiness_info", "time_sync", "inbound_ports", "static_routes"))
ENDPOINTS = (
    "api_server", "container_registry", "container_registry_vpc", "oss", "oss_vpc", "auth_host", "cs-anony-vpc",
    "raven_gateway", "log_service", "cloud_monitor",
)  # fmt: skip
# The stage that a problem is found at, where it is not its own.
STAGES = {"tls.mtu": "mtu"}


def found(number: int, problem: str, hop: str, leased: bool) -> dict[str, Any]:
    """Return the verdict of reachability_info on an endpoint."""
    name = ENDPOINTS[number]
    address = f"100.103.{number}.73" if leased else f"203.0.113.{number + 10}"
    networks = [ipaddress.ip_network("100.103.0.0/16")] if leased else []
    endpoint = Endpoint(name, f"{name.replace('_', '-')}.example.test", 443, "https", networks=networks)
    trace = Trace(endpoint, lambda: 0.0)
    trace.problem, trace.stage = problem or None, STAGES.get(problem, problem.partition(".")[0] or "http")
    trace.facts = {"servers": [{"server": "10.0.0.53", "outcome": "answer", "ms": 2.0}], "source": "10.0.0.53"}
    if not problem.startswith(("dns", "route.none")):
        route = {"gateway": hop, "interface": "bond0", "source": "10.0.4.11", "default": False}
        trace.facts |= {"addresses": [address], "address": address, "routes": {address: route}, "status": 200}
    return explain(trace, Settings(None), wall=lambda: 0.0)


@functools.cache
def _text(number: int, problem: str, hop: str, leased: bool) -> str:
    return json.dumps(found(number, problem, hop, leased))


def looked(problem: str, hop: str, leased: bool, some: int) -> list[dict[str, Any]]:
    """Return what a host says of all endpoints, of which that many have a problem."""
    return [
        json.loads(_text(number, problem if number < some else "", hop, leased)) for number in range(len(ENDPOINTS))
    ]


# Site, region, access mode, next hop, problem ("-" for a host that was not reached, "!" for one never started), how
# many of its ten endpoints have it, number of hosts.
FLEET = (
    ("dc-hangzhou", "cn-hangzhou", "leased_line", "10.0.0.1", "", 0, 7),
    ("dc-hangzhou", "cn-hangzhou", "leased_line", "10.0.0.1", "route.next_hop", 10, 6),
    ("dc-hangzhou", "cn-hangzhou", "leased_line", "10.0.0.2", "tcp.timeout", 10, 2),
    ("dc-hangzhou", "cn-hangzhou", "leased_line", "10.0.0.2", "dns.nxdomain", 3, 2),
    ("dc-hangzhou", "cn-hangzhou", "leased_line", "", "-", 0, 2),
    ("dc-hangzhou", "cn-hangzhou", "leased_line", "", "!", 0, 1),
    ("idc-beijing-2", "cn-beijing", "leased_line", "10.20.0.253", "", 0, 10),
    ("idc-beijing-2", "cn-beijing", "leased_line", "10.20.0.253", "tls.intercepted", 9, 3),
    ("idc-beijing-2", "cn-beijing", "leased_line", "10.20.0.253", "tls.expired", 1, 1),
    ("office-shanghai", "cn-shanghai", "internet", "192.0.2.1", "", 0, 6),
)  # fmt: skip


def fleet(times: int = 1) -> tuple[Any, ...]:
    """Return what the page is made of, for 40 hosts at three sites, or that many times as many."""
    made, waiting, number = Run(RUN, "verify_edge", BEGAN), [], 0
    for site, region, mode, hop, problem, some, hosts in FLEET:
        for _turn in range(hosts * times):
            number += 1
            name = f"{site}-{number:03d}"
            made.place(name, region=region, site=site, access_mode=mode, address=f"10.0.{number // 250}.{number % 250}")
            if problem == "!":
                waiting.append(name)
            elif problem == "-":
                made.unreachable(
                    name, f"Failed to connect to the host via ssh: connect to host {name} port 22: timed out"
                )
            else:
                _run(made, name, looked(problem, hop, mode == "leased_line", some))
    document = made.document(ENDED)
    for name in waiting:
        document["hosts"][name] |= {"state": "not started", "started": "", "ended": ""}
    merged = causes(document)
    return document, merged, handover(document, merged), paths(document)


def _run(made: Run, name: str, verdicts: list[dict[str, Any]]) -> None:
    for module in OTHERS:
        made.task(name, "Look", {"results": []}, BEGAN, module)
    made.task(name, "Check that every required endpoint is reachable", {"results": verdicts}, ENDED, REACHABILITY)
    if any(item["status"] == "fail" for item in verdicts):
        made.failure(name, "Fail if a required endpoint is unreachable", f"{name} is not ready", ENDED)
