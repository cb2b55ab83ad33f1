# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document of a run as one short text, which AWX keeps as an artifact of the job. Private to the collection. Pure.

The files of a job go with its container; its artifacts stay, the API has them, and a workflow hands them to its next
nodes. So that they stay small, verdicts that pass are a count.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections import Counter
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.verdicts import value_of
from ansible_collections.ack_edge.node.plugins.plugin_utils._given import read_json
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import HOST_STATE, PASSED, stands_for
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.paths import is_of_path
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.shape import MergeError
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Document, HostRecord, ReportedVerdict

# One for each job, so for each slice: of equal names a workflow keeps one.
KEY = "ack_edge_report_"
# A letter in front, for what looks like a number becomes one on its way.
_FORMAT = "zlib:"
# AWX keeps artifacts in one field of a row and writes them into the variables of the next nodes.
MOST = 1_000_000
_LARGEST = 200_000_000
# What a merge compares or counts over all slices, also where it passes.
_KEPT = frozenset({HOST_STATE, "node_name", "machine_id", "node_name_unique", "machine_id_unique"})


def pack(document: Document, most: int = MOST) -> str | None:
    """Return a document as text, with less of it where it would be too long; None if nothing helps.

    First the verdicts that pass become counts, then the data and commands of all others go, then the warnings.
    """
    for shorten in (_failing, _without_data, _required_only):
        text = _packed({**document, "hosts": {name: shorten(record) for name, record in document["hosts"].items()}})
        if len(text) <= most:
            return text
    return None


def unpack(text: Any, name: str) -> Any:
    """Return what :func:`pack` was given, unchecked.

    :arg name: of the artifact, for messages.
    :raises MergeError: if the text is none of these.
    """
    if not isinstance(text, str) or not text.startswith(_FORMAT):
        raise MergeError(f"{name} is not a report of ack_edge.node, expected text that begins with {_FORMAT}")
    try:
        reader = zlib.decompressobj()
        raw = reader.decompress(base64.b64decode(text[len(_FORMAT) :], validate=True), _LARGEST)
        if reader.unconsumed_tail or not reader.eof:
            raise MergeError(f"{name} is torn, or larger than {_LARGEST} bytes; run the job again")
        return read_json(raw)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise MergeError(f"{name} is not a report of ack_edge.node: {error}") from error


def _packed(document: Document) -> str:
    raw = json.dumps(document, separators=(",", ":"), sort_keys=True).encode("ascii")
    return _FORMAT + base64.b64encode(zlib.compress(raw, 9)).decode("ascii")


def _failing(record: HostRecord) -> HostRecord:
    shown = [item for item in record["verdicts"] if item["status"] != "pass" or item["check"] in _KEPT]
    passed = Counter(
        (item["task"], item["module"], _way(item))
        for item in record["verdicts"]
        if item["status"] == "pass" and item["check"] not in _KEPT
    )
    return {**record, "verdicts": shown + [_count(*source, number) for source, number in passed.items()]}


def _way(item: ReportedVerdict) -> tuple[str, str] | None:
    """Return next hop and proxy of what reached an endpoint: with them a merge knows where the path of a host ends."""
    if not is_of_path(item):
        return None
    return value_of(item["data"], "via", "gateway"), value_of(item["data"], "via", "proxy")


def _count(task: str, module: str, way: tuple[str, str] | None, number: int) -> ReportedVerdict:
    said = f"{number} {'check' if number == 1 else 'checks'} passed; the job's own report has them"
    data: dict[str, Any] = {"required": False, "count": number}
    if way is not None:
        data |= {"stage": "", "via": {"gateway": way[0], "proxy": way[1]}}
    return {"check": PASSED, "status": "pass", "summary": said, "remedy": "", "reproduce": "",
            "data": data, "task": task, "module": module}  # fmt: skip


def _without_data(record: HostRecord) -> HostRecord:
    short = _failing(record)
    return {**short, "verdicts": [item if item["check"] in _KEPT else _bare(item) for item in short["verdicts"]]}


def _bare(item: ReportedVerdict) -> ReportedVerdict:
    # Without the facts of what fails nobody may say that a path goes through, so those of what passed go as well.
    data: dict[str, Any] = {"required": bool(item["data"].get("required", True))}
    if (count := stands_for(item)) > 1:
        data["count"] = count
    return {**item, "reproduce": "", "data": data}


def _required_only(record: HostRecord) -> HostRecord:
    short = _without_data(record)
    items = [item for item in short["verdicts"] if item["check"] in _KEPT or item["data"]["required"]]
    return {**short, "verdicts": items, "changed": [], "history": []}
