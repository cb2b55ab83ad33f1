# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes of what is handed from room to room on the controller. Private to the collection.

They are plain dicts, so that they survive JSON. Tests hold them against docs/verdict.schema.json,
docs/fleet_report.schema.json and the documentation of the lookup ``region``.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypedDict

# Who fixes what a verdict says: data.fixed_by, and fixed_by of a cause.
PREPARE, NETWORK, OPERATOR = "prepare_edge", "network", "operator"
FIXERS = (PREPARE, NETWORK, OPERATOR)


class Verdict(TypedDict):
    """What was checked, how it stands and what to do; see module_utils._verdict."""

    check: str
    status: str
    summary: str
    remedy: str
    reproduce: str
    data: dict[str, Any]


class ReportedVerdict(Verdict):
    """A verdict in a document."""

    task: str
    module: str  # full name, "" in documents of version 3 where the task does not tell it


class Run(TypedDict):
    """One run of a playbook in a document."""

    id: str
    playbook: str
    started: str
    ended: str | None  # None while it goes on, or where it was killed
    stopped: str
    check_mode: bool
    job: str  # ids of the job of AWX and of the workflow that it is part of, "" outside of AWX
    workflow: str


class Look(TypedDict):
    """When a module last looked at a host, and whether that proves anything."""

    run: str
    ended: str
    proves: bool


class HistoryLine(TypedDict):
    """What another run said of a host."""

    run: str
    state: str
    failed_task: str
    message: str
    ended: str


class HostRecord(TypedDict):
    """How a run left a host, and what was found on it."""

    state: str
    run: str
    message: str
    failed_task: str
    failed_module: str
    region: str
    access_mode: str
    site: str
    address: str
    wave: int | None
    started: str
    ended: str
    changed: list[str]
    modules: dict[str, Look]
    verdicts: list[ReportedVerdict]
    history: list[HistoryLine]


class Document(TypedDict):
    """What one run, or several merged ones, found on each host."""

    schema_version: int
    runs: list[Run]
    hosts: dict[str, HostRecord]


class Cause(TypedDict):
    """What keeps hosts from being ready, merged over them."""

    status: str
    title: str
    id: str  # of the remedy in other languages: id of the problem, check, module or reason; "" for none
    kind: str
    nameserver: str
    fixed_by: str  # who fixes it: prepare_edge, network or operator
    checks: list[str]
    targets: list[str]
    summary: str
    remedy: str
    reproduce: str
    hosts: list[str]


class End(NamedTuple):
    """Where the path ends for some hosts of a site."""

    stop: str
    place: str  # in words, such as "at the next hop 10.0.0.1"
    why: str
    fixed_by: str
    checks: list[str]  # the endpoints that end there
    hosts: list[str]


class SitePath(NamedTuple):
    """The path of the hosts of one site to the services; each host is in one of its lists."""

    name: str
    region: str
    access_mode: str
    stops: dict[str, str]  # from the host on: what each is called
    next_hops: dict[str, int]  # address: number of hosts that use it, the most first
    endpoints: int  # how many each host has, at most
    ends: list[End]  # the most hosts first
    through: list[str]  # hosts that reach all that they need
    unproven: list[str]  # the same, but something gives no proof
    unknown: dict[str, list[str]]  # why nothing is known: hosts

    @property
    def hosts(self) -> int:
        """How many hosts the site has."""
        lists = [*(end.hosts for end in self.ends), self.through, self.unproven, *self.unknown.values()]
        return sum(map(len, lists))


class Gap(TypedDict):
    """What the vendor does not publish."""

    what: str
    why: str
    remedy: str
    status: str  # how it counts for each host: fail, unproven, warn or info
    blocking: bool


class RequirementSet(TypedDict):
    """What one node needs; the lookup ``region`` documents the rows."""

    region: str
    name: str
    access_mode: str
    cluster_version: str | None
    cni: str
    vpc_cidrs: list[str]
    node_cidrs: list[str]
    pod_cidr: list[str]
    service_cidr: list[str]
    endpoints: list[dict[str, Any]]
    routes: list[dict[str, Any]]
    site_routes: list[dict[str, Any]]
    resolve: list[str]
    inbound: list[dict[str, Any]]
    ntp_servers: list[str]
    system_tools: list[str]
    system_tool_packages: list[dict[str, Any]]
    os_support: list[dict[str, Any]]
    address_space: dict[str, Any]
    gaps: list[Gap]
