# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats of the report as files. Private to the collection."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Collection
from pathlib import Path

from ansible_collections.ack_edge.node.plugins.plugin_utils._language import ENGLISH, Message
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.causes import causes
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import counted
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats import as_json
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.as_limit import not_in_limit
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.base import View
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.registry import BY_NAME
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.terminal import as_lines
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.handover import handover
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.language import messages
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.paths import paths
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Document


def make(document: Document, base: Path, formats: Collection[str], language: str = ENGLISH) -> dict[Path, str | None]:
    """Return the JSON document and its formats, path -> text, or None where there is to be no file.

    :arg base: path without the end of the name. :arg formats: names of formats.registry.FORMATS.
    :arg language: of what people read; JSON, JUnit and CSV are English.
    """
    found = causes(document)
    words = messages(language)
    view = View(document, found, handover(document, found, words), paths(document), words)
    wanted = [as_json.FORMAT, *(BY_NAME[name] for name in formats)]
    return {base.with_name(base.name + form.suffix): form.render(view) for form in wanted}


def written(document: Document, base: Path, formats: Collection[str], language: str = ENGLISH) -> list[str]:
    """Write the JSON document and its formats; return the lines that say where they are, or why there are none."""
    made: list[Path] = []
    words = messages(language)
    try:
        for path, text in make(document, base, formats, language).items():
            replace(path, text)
            made += [path] if text is not None else []
    except (OSError, ValueError) as error:
        reason = why(base.parent, error)
        much = Message("Not all of the report was written: {why}", why=reason)
        return [words.say(much if made else Message("No report was written: {why}", why=reason))]
    ends, number = " ".join(path.suffix for path in made), counted(len(document["hosts"]))
    lines = [words.say(Message("Report of {hosts}: {path} ({ends})", hosts=number, path=f"{base}.json", ends=ends))]
    left = base.with_name(f"{base.name}.limit")
    if left in made:
        lines.append(words.say(Message("To continue with the remaining hosts: --limit @{path}", path=left)))
    if "limit" in formats and (beside := not_in_limit(document)):
        lines.append(beside)
    return lines


def why(directory: Path, error: Exception) -> str:
    """Return why a report cannot be written, and what helps."""
    said = getattr(error, "strerror", None) or str(error)
    return f"{directory}: {said}. Set ACK_EDGE_REPORT_DIR to a directory that can be written."


def summary(document: Document, language: str = ENGLISH) -> list[str]:
    """Return the lines for a terminal."""
    return as_lines(document, causes(document), paths=paths(document), words=messages(language))


def of_nobody(document: Document, is_expected: bool) -> list[str]:
    """Return the line for a run that looked at no host, [] where nobody expects otherwise.

    :arg is_expected: whether a play was for hosts and matched none.
    """
    stopped = document["runs"][0]["stopped"]
    if not stopped and not is_expected:
        return []
    why = stopped or "no play matched a host; check the inventory (-i), edge_hosts and --limit"
    return [f"No host was looked at, so none is ready: {why}"]


def is_as(path: Path, text: str | None) -> bool:
    """Return whether a file has a text, or is not there for None."""
    return not path.exists() if text is None else path.is_file() and path.read_bytes() == _encoded(text)


def _encoded(text: str) -> bytes:
    # Names of hosts may hold bytes that are no UTF-8, which Python keeps as halves of surrogate pairs.
    return text.encode("utf-8", "replace")


def replace(path: Path, text: str | None) -> None:
    """Write in one step, so that a reader never meets half a file, also when the run is killed; remove it for None."""
    if os.path.lexists(path) and not stat.S_ISREG(mode := path.lstat().st_mode) and not stat.S_ISLNK(mode):
        raise OSError(errno.EINVAL, "it is a folder, a pipe or a device, and not a file", str(path))
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
