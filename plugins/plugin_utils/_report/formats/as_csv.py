# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A line for each verdict on each host, for spreadsheets. Private to the collection. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import (
    NOT_JUDGED,
    OPEN,
    READY,
    open_points,
    points,
    standings,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._text import cell
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Document, HostRecord

_OF_A_HOST = ("host", "state", "ready", "region", "site", "access_mode", "wave", "address")
CSV_COLUMNS = (
    *_OF_A_HOST,
    *("check", "status", "required", "summary", "remedy", "reproduce", "task"),
)


def as_csv(document: Document) -> str:
    """Return a line for each verdict on each host, and one for a host without any."""
    text = io.StringIO()
    writer = csv.DictWriter(text, CSV_COLUMNS)
    writer.writeheader()
    for (host, record), standing in zip(document["hosts"].items(), standings(document).values(), strict=True):
        shared = {"host": host, **record, "ready": _ready(record, standing)}
        shared = {key: shared[key] for key in _OF_A_HOST}
        nothing: dict[str, Any] = {"summary": record["message"], "task": record["failed_task"], "data": {}}
        rows: list[Mapping[str, Any]] = [*record["verdicts"]] or [nothing]
        for item in rows:
            row = shared | {key: item.get(key, "") for key in CSV_COLUMNS if key not in shared}
            row["required"] = "yes" if item["data"].get("required") else "no"
            writer.writerow({key: cell(value) for key, value in row.items()})
    return text.getvalue()


def _ready(record: HostRecord, standing: str) -> str:
    if standing == OPEN:
        return points([len(open_points(record))])
    return {READY: "yes", NOT_JUDGED: "unknown"}.get(standing, "no")


FORMAT = Format("csv", ".csv", lambda view: as_csv(view.document))
