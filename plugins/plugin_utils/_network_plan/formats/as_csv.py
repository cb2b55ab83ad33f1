# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan as a table for change tickets: a line for each route, permit and pair of ends. Private to the collection."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.view import ports_text
from ansible_collections.ack_edge.node.plugins.plugin_utils._text import cell

COLUMNS = (
    "action", "direction", "source", "destination", "protocol", "port", "hop", "name", "purpose", "required",
    "confidence", "fact_source", "id",
)  # fmt: skip
_YES = {True: "yes", False: "no"}


def render(plan: Plan) -> str:
    """Return the table. A cell never begins with what a spreadsheet calculates."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in (*_routes(plan), *_permits(plan), *_return_routes(plan)):
        writer.writerow({key: cell(value) for key, value in row.items()})
    return text.getvalue()


def _routes(plan: Plan) -> Iterator[dict[str, str]]:
    for prefix in plan["prefixes"]:
        shared = {key: prefix[key] for key in ("destination", "name", "purpose", "confidence", "id")}
        shared |= {"action": "route", "direction": "outbound", "fact_source": prefix["source"]}
        yield {**shared, "hop": "core_switch"}
        if prefix["service"]:
            yield {**shared, "hop": "transit_router"}


def _permits(plan: Plan) -> Iterator[dict[str, str]]:
    for flow in plan["flows"]:
        shared = {key: flow[key] for key in ("direction", "protocol", "name", "purpose", "confidence", "id")}
        shared |= {"action": "permit", "hop": "firewall", "fact_source": flow["source"]}
        shared |= {"required": _YES[flow["required"]], "port": ports_text(flow["ports"])}
        for source in flow["sources"]:
            for destination in flow["destinations"]:
                yield {**shared, "source": source, "destination": destination}


def _return_routes(plan: Plan) -> Iterator[dict[str, str]]:
    for route in plan["return_routes"]:
        for table in route["tables"]:
            shared = {"destination": route["destination"], "hop": table, "id": route["id"]}
            yield {**shared, "action": "route", "direction": "return"}


FORMAT = Format("csv", "plan.csv", "Change ticket", "people with spreadsheets, ticket systems", render)
