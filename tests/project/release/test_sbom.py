# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of what a release needs."""

from __future__ import annotations

import datetime

from release.sbom import RANGE, sbom

GALAXY = {
    **{"namespace": "ack_edge", "name": "node", "version": "1.2.3", "description": "What it is"},
    **{"authors": ["Somebody"], "license": ["GPL-3.0-or-later"], "repository": "https://example.org/r"},
    **{"documentation": "https://example.org/d", "issues": "https://example.org/i"},
    "dependencies": {"ansible.utils": ">=5.0"},
}
COMMITTED = datetime.datetime.fromisoformat("2026-11-28T23:00:00+08:00")


def test_everything_needed_is_listed() -> None:
    made = sbom(GALAXY, ["# Why", "", "ansible-core>=2.16", "netaddr >= 0.10"], "00ff", COMMITTED)
    assert made["metadata"]["timestamp"] == "2026-11-28T15:00:00Z"
    parts = {part["purl"]: part["properties"] for part in made["components"]}
    assert parts == {
        "pkg:pypi/ansible-core": [{"name": RANGE, "value": ">=2.16"}],
        "pkg:pypi/netaddr": [{"name": RANGE, "value": ">=0.10"}],
        "pkg:generic/ansible/utils": [{"name": RANGE, "value": ">=5.0"}],
    }
    first, *others = made["dependencies"]
    assert (first["ref"], first["dependsOn"]) == (made["metadata"]["component"]["bom-ref"], list(parts))
    assert [other["ref"] for other in others] == list(parts)


def test_the_same_release_has_the_same_document() -> None:
    first = sbom(GALAXY, [], "00ff", COMMITTED)
    assert sbom(GALAXY, [], "00ff", COMMITTED) == first
    assert sbom(GALAXY, [], "00fe", COMMITTED)["serialNumber"] != first["serialNumber"]
