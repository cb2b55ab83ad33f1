# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mixed fleet from its nodes to the first line of the report: new, joined, foreign, half removed, not to be told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.ack_edge.node.plugins.module_utils._readiness import run as readiness
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.answer import read
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.causes import causes
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import has_joined, left, standings
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.terminal import as_lines
from fakes.joined import HUB, OURS, hub, join, stop
from fakes.readiness import DEFAULTS, World
from fakes.report import run

CHECKS = {"checks": ["host_state", "earlier_join", "swap"], "api_server": "192.168.0.10"}
FLEET: dict[str, tuple[Any, ...]] = {
    "new": (),
    "joined": (join(),),
    "behind-edge-hub": (join(HUB), hub("manifest", OURS)),
    "foreign": (join("https://10.7.0.1:6443"),),
    "half-removed": (join(), stop("inactive")),
    "not-to-be-told": (join(HUB),),
}


def test_truth_table(tmp_path: Path) -> None:
    hosts = {}
    for name, changes in FLEET.items():
        world = World(tmp_path / name)
        for change in changes:
            change(world)
        answer = readiness.run(world.node, {**DEFAULTS, **CHECKS}, True)
        hosts[name] = read("readiness_info", answer)["results"]
    document = run(hosts=hosts)
    assert standings(document) == {
        "new": "ready",
        "joined": "ready",
        "behind-edge-hub": "ready",
        "foreign": "not ready",
        "half-removed": "not ready",
        "not-to-be-told": "not ready",
    }
    assert {name for name, record in document["hosts"].items() if has_joined(record)} == {"joined", "behind-edge-hub"}
    assert sorted(left(document)) == ["foreign", "half-removed", "not-to-be-told"]
    lines = as_lines(document, causes(document))
    assert lines[0].startswith("2 joined and healthy, 1 ready, 3 not ready (")
    assert any("foreign: host_state: the host is in another cluster: kubelet runs for https://10.7" in x for x in lines)
