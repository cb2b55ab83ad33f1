# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A line for each verdict on each host, for spreadsheets. Private to the collection. Pure."""

from __future__ import annotations

import csv
import io
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

CSV_COLUMNS = (
    *("host", "state", "ready", "region", "site", "access_mode", "wave", "address"),
    *("check", "status", "required", "summary", "remedy", "reproduce", "task"),
)


def as_csv(document: dict[str, Any]) -> str:
    """Return a line for each verdict on each host, and one for a host without any."""
    text = io.StringIO()
    writer = csv.DictWriter(text, CSV_COLUMNS)
    writer.writeheader()
    for (host, record), standing in zip(document["hosts"].items(), standings(document).values(), strict=True):
        shared = {key: record[key] for key in ("state", "region", "site", "access_mode", "wave", "address")}
        shared |= {"host": host, "ready": _ready(record, standing)}
        nothing = {"summary": record["message"], "task": record["failed_task"], "data": {}}
        for item in record["verdicts"] or [nothing]:
            row = shared | {key: item.get(key, "") for key in CSV_COLUMNS if key not in shared}
            row["required"] = "yes" if item["data"].get("required") else "no"
            writer.writerow({key: cell(value) for key, value in row.items()})
    return text.getvalue()


def _ready(record: dict[str, Any], standing: str) -> str:
    if standing == OPEN:
        return points([len(open_points(record))])
    return {READY: "yes", NOT_JUDGED: "unknown"}.get(standing, "no")


FORMAT = Format("csv", ".csv", lambda view: as_csv(view.document))
