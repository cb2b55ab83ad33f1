# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder of a plan: writes what differs, and removes what an earlier run wrote and nobody wants. Private.

What is its own stands in a manifest in the folder, with a digest of each file. Anything else is never touched.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ansible_collections.ack_edge.node.plugins.plugin_utils._given import read_json
from ansible_collections.ack_edge.node.plugins.plugin_utils._given import text as text_in
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import PlanError
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.files import is_as, replace

MANIFEST = ".network_plan.json"
# One component, and none that hides or leads elsewhere.
_FILE = re.compile(r"[\w-][\w.-]*\Z")


class Change(NamedTuple):
    """What a run would change in one folder."""

    folder: Path
    write: dict[str, str]  # name -> text
    remove: list[str]
    kept: list[str]  # of an earlier run, not wanted any more, and changed by hand since
    manifest: str

    @property
    def changed(self) -> bool:
        return bool(self.write or self.remove) or not is_as(self.folder / MANIFEST, self.manifest)

    def diff(self) -> list[dict[str, str]]:
        """Return before and after of each file, as Ansible shows them."""
        after = {**self.write, **dict.fromkeys(self.remove, "")}
        return [
            {"before": _text(self.folder / name), "after": text, "before_header": path, "after_header": path}
            for name, text in sorted(after.items())
            for path in [str(self.folder / name)]
        ]


def compare(folder: Path, texts: Mapping[str, str]) -> Change:
    """Return what has to change in a folder for these files, name -> text, to be the plan in it.

    :raises PlanError: if one of them is there and no earlier run wrote it, or the manifest is broken.
    """
    own = _read(folder / MANIFEST)
    foreign = [name for name, text in texts.items() if name not in own and _exists(folder / name, text)]
    if foreign:
        raise PlanError(
            [
                f"plan_dir has {folder / name}, which no earlier run wrote: move it away, or choose another plan_dir"
                for name in foreign
            ]
        )
    stale = [name for name in own if name not in texts and (folder / name).is_file()]
    remove = [name for name in stale if _digest(_text(folder / name)) == own[name]]
    write = {name: text for name, text in texts.items() if not is_as(folder / name, text)}
    kept = sorted(set(stale) - set(remove))
    return Change(folder, write, sorted(remove), kept, _manifest({name: _digest(text) for name, text in texts.items()}))


def apply(change: Change) -> None:
    """Make a change. A run that is killed at any point is finished by the next one."""
    path = change.folder / MANIFEST
    wanted = json.loads(change.manifest)["files"]
    if change.write or change.remove:
        # Until all is done, the files of both runs are its own.
        replace(path, _manifest({**_read(path), **wanted}))
    for name, text in change.write.items():
        replace(change.folder / name, text)
    for name in change.remove:
        (change.folder / name).unlink(missing_ok=True)
    if not is_as(path, change.manifest):
        replace(path, change.manifest)


def _read(path: Path) -> dict[str, str]:
    """Return the files of the earlier run, name -> digest; {} if there was none."""
    try:
        content = read_json(text_in(path))
        files = content["files"]
        if not isinstance(files, dict):
            raise TypeError("files is not a mapping")
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError) as error:
        raise PlanError([f"{path} is not a valid manifest ({error}): remove it and the plan next to it"]) from error
    wrong = [name for name, digest in files.items() if not (_FILE.match(name) and isinstance(digest, str))]
    if wrong:
        raise PlanError([f"{path} names {wrong[0]!r}, expected files of its folder: remove it and the plan next to it"])
    return files


def _exists(path: Path, text: str) -> bool:
    """Return whether something else than this text is there, be it a folder or a link."""
    return path.is_symlink() or path.is_dir() or (path.exists() and not is_as(path, text))


def _manifest(files: Mapping[str, str]) -> str:
    return json.dumps({"schema_version": 1, "files": dict(sorted(files.items()))}, indent=2) + "\n"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _text(path: Path) -> str:
    return path.read_text("utf-8", "replace") if path.is_file() else ""
