# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shapes that the code names are those that the schemas and the documentation promise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.lookup import region
from ansible_collections.ack_edge.node.plugins.plugin_utils import _types
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.build import build
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import load

DOCS = Path(__file__).parents[4] / "docs"


def schema(name: str, *path: str) -> Any:
    found = json.loads((DOCS / name).read_text(encoding="utf-8"))
    for key in path:
        found = found[key]
    return found


HOSTS = ("properties", "hosts", "additionalProperties", "properties")


@pytest.mark.parametrize(
    ("shape", "path"),
    [
        (_types.Document, ("properties",)),
        (_types.Run, ("properties", "runs", "items", "properties")),
        (_types.HostRecord, HOSTS),
        (_types.Look, (*HOSTS, "modules", "additionalProperties", "properties")),
        (_types.ReportedVerdict, (*HOSTS, "verdicts", "items", "properties")),
        (_types.HistoryLine, (*HOSTS, "history", "items", "properties")),
    ],
)
def test_the_shapes_of_a_document_are_those_of_its_schema(shape: type, path: tuple[str, ...]) -> None:
    assert shape.__annotations__.keys() == schema("fleet_report.schema.json", *path).keys()


def test_a_verdict_is_as_its_schema_says() -> None:
    assert (
        _types.Verdict.__annotations__.keys() == schema("verdict.schema.json", "$defs", "verdict", "properties").keys()
    )


def test_a_requirement_set_is_as_the_lookup_documents_it() -> None:
    documented = yaml.safe_load(region.RETURN)["_raw"]["contains"]
    found = build(load(), "cn-beijing")
    assert _types.RequirementSet.__annotations__.keys() == documented.keys() == found.keys()
    assert found["gaps"] and all(_types.Gap.__annotations__.keys() == gap.keys() for gap in found["gaps"])
