# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats of the report as files. Private to the collection."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._report._causes import causes
from ansible_collections.ack_edge.node.plugins.plugin_utils._report._handover import handover
from ansible_collections.ack_edge.node.plugins.plugin_utils._report._page import page
from ansible_collections.ack_edge.node.plugins.plugin_utils._report._text import as_csv, as_junit, as_limit, as_lines

# What can be made of a document, and the end of the name of its file.
FORMATS = {"html": ".html", "junit": ".xml", "csv": ".csv", "limit": ".limit"}


def make(document: dict[str, Any], base: Path, formats: Collection[str]) -> dict[Path, str | None]:
    """Return the JSON document and its formats, path -> text, or None where there is to be no file.

    :arg base: path without the end of the name. :arg formats: keys of FORMATS.
    """
    found = causes(document)
    makers = {
        "html": lambda: page(document, found, handover(document, found)),
        "junit": lambda: as_junit(document),
        "csv": lambda: as_csv(document),
        # For Ansible a file without names is no limit at all, and a run with it one over the whole fleet.
        "limit": lambda: as_limit(document) or None,
    }
    files: dict[Path, str | None] = {base.with_name(base.name + ".json"): as_json(document)}
    return files | {base.with_name(base.name + FORMATS[name]): makers[name]() for name in formats}


def summary(document: dict[str, Any]) -> list[str]:
    """Return the lines for a terminal."""
    return as_lines(document, causes(document))


def as_json(document: dict[str, Any]) -> str:
    """Return the text of a document."""
    return json.dumps(document, default=str, ensure_ascii=False) + "\n"


def is_as(path: Path, text: str | None) -> bool:
    """Return whether a file has a text, or is not there for None."""
    return not path.exists() if text is None else path.exists() and path.read_bytes() == _encoded(text)


def _encoded(text: str) -> bytes:
    # Names of hosts may hold bytes that are no UTF-8, which Python keeps as halves of surrogate pairs.
    return text.encode("utf-8", "replace")


def replace(path: Path, text: str | None) -> None:
    """Write in one step, so that a reader never meets half a file, also when the run is killed; remove it for None."""
    if text is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=".", delete=False) as handle:
        try:
            handle.write(_encoded(text))
            handle.flush()
            Path(handle.name).chmod(0o644)
            Path(handle.name).rename(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(handle.name).unlink()
            raise
