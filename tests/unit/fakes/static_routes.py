# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of whole runs of static_routes share: a set of routes, and each manager that persists it."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

from fakes.managers import DROPIN, HOOK, PROFILE, PROFILE_TEXT, ROUTE_FILE, ROUTE_TEXT
from fakes.netplan import YAML
from fakes.routes import System, run

MANAGERS = {
    "networkmanager": PROFILE,
    "networkd": DROPIN,
    "ifupdown": HOOK,
    "netplan": YAML,
    "network_scripts": ROUTE_FILE,
    "network_scripts_networkmanager": ROUTE_FILE,
}
GIVEN = {
    "gateway": "10.99.0.253",
    "routes": [
        {"destination": "100.103.99.73/32", "comment": "registry"},
        {"destination": "100.118.28.0/24", "mtu": 1400},
        {"destination": "fd01::/64", "gateway": "fd00:99::1"},
    ],
    "resolve": ["anony.example"],
    "answers": {"anony.example": ["100.64.0.9"]},
}
LIVE = [
    "100.103.99.73 via 10.99.0.253 dev idc0",
    "100.118.28.0/24 via 10.99.0.253 dev idc0",
    "100.64.0.9 via 10.99.0.253 dev idc0",
    "fd01::/64 via fd00:99::1 dev idc0",
]
OTHER = {
    **GIVEN,
    "gateway": "10.99.0.9",
    "routes": ["100.103.99.73/32", "100.120.0.0/16"],
    "prune": True,
    "answers": {"anony.example": ["100.64.0.7"]},
}
FOREIGN = {"dst": "100.118.28.0/24", "gateway": "10.99.0.1", "dev": "idc0", "metric": 100, "flags": []}
RUNS = {"fresh": [GIVEN], "change": [GIVEN, OTHER], "absent": [GIVEN, {"state": "absent"}]}


def path_of(system):
    return MANAGERS[system.manager]


def statuses(result):
    return [one["status"] for one in result["results"]]


def refused(system, **given):
    before = system.everything()
    with pytest.raises(NodeError) as caught:
        run(system, **{**GIVEN, **given})
    assert system.everything() == before
    return caught.value


def clean_text(system):
    return {PROFILE: PROFILE_TEXT, ROUTE_FILE: ROUTE_TEXT}.get(path_of(system))


def steps(root, manager, before):
    """Return how many changes a run makes after ``before`` has been run."""
    system = System(root, manager)
    for given in before[:-1]:
        run(system, **given)
    system.changes = 0
    run(system, **before[-1])
    return system.changes, system.everything()


def confirmed(system, given, **more):
    """Run the module and confirm at once, as its action does; return both results."""
    first = run(system, **{**given, **more})
    token = first.get("awaiting_confirmation", {}).get("token")
    return first, run(system, **{**given, **more, "confirm": token}) if token else None
