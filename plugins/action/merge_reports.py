# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads documents of runs, merges them and writes the formats; decides nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.ack_edge.node.plugins.plugin_utils._report import files as _files
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import left
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.as_limit import not_in_limit
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.registry import BY_NAME
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.merge import merge
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.shape import MergeError, check, is_document
from ansible_collections.ack_edge.node.plugins.plugin_utils._text import cleaned
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Document


class ActionModule(ActionBase):
    """Everything happens on the controller."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return hosts, not_ready, runs and summary; a document that is none is an error before anything is written."""
        result = super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(
            argument_spec={
                "reports": {"type": "list", "elements": "str", "required": True},
                "dest": {"type": "path", "required": True},
                "formats": {
                    "type": "list",
                    "elements": "str",
                    "choices": list(BY_NAME),
                    "default": ["html", "limit"],
                },
            }
        )
        dest = Path(arguments["dest"])
        if _named(dest) != str(dest):
            raise AnsibleActionFail(f"dest is '{_named(dest)}', which is not valid UTF-8; expected a path that is")
        if dest.suffix != ".json":
            raise AnsibleActionFail(f"dest is '{dest}', expected a path that ends in .json")
        try:
            paths = [path for path in documents(arguments["reports"]) if path != dest.absolute()]
            document = merge([read(path) for path in paths])
            files = _files.make(document, dest.with_suffix(""), arguments["formats"])
            changed = [path for path, text in files.items() if not _files.is_as(path, text)]
            for path in changed if not self._task.check_mode else []:
                _files.replace(path, files[path])
        except MergeError as error:
            raise AnsibleActionFail(str(error)) from error
        except OSError as error:
            raise AnsibleActionFail(f"dest is '{dest}', which cannot be written: {error}") from error
        hosts = document["hosts"]
        beside = not_in_limit(document) if "limit" in arguments["formats"] else ""
        return result | {
            "changed": bool(changed),
            "hosts": len(hosts),
            "not_ready": left(document),
            "runs": [run["id"] for run in document["runs"]],
            "summary": _files.summary(document) + ([beside] if beside else []),
            "files": [str(path.absolute()) for path, text in files.items() if text is not None],
        }


def documents(names: list[str]) -> list[Path]:
    """Return the files that are meant, sorted, each once.

    :arg names: files, folders and patterns.
    :raises MergeError: if one of the names leads to nothing.
    """
    found: set[Path] = set()
    for name in names:
        path = Path(name).expanduser().absolute()
        if path.is_dir():
            here = [item for item in path.glob("*.json") if is_meant(item)]
            lacks = "a folder in which is no document"
        else:
            matching = Path(path.anchor).glob(str(path.relative_to(path.anchor)))
            here = [path] if path.is_file() else [item for item in matching if item.is_file()]
            lacks = "where no file is"
        if not here:
            given = cleaned(name, 300)
            raise MergeError(f"reports has '{given}', {lacks}; expected documents of runs (.json), folders or patterns")
        found |= set(here)
    return sorted(found)


def is_meant(path: Path) -> bool:
    """Return whether a file of a folder is meant: other JSON may lie beside the documents, and broken JSON is said."""
    return is_document(load(path))


def read(path: Path) -> Document:
    """Return the document in a file.

    :raises MergeError: if there is none in it.
    """
    return check(load(path), _named(path))


def load(path: Path) -> Any:
    """Return what is in a file.

    :raises MergeError: if it is no JSON.
    """
    try:
        return json.loads(path.read_text("utf-8"), parse_constant=_refused)
    except RecursionError:
        raise MergeError(f"{_named(path)} is not a report of ack_edge.node: it is nested too deep") from None
    except (OSError, ValueError) as error:
        named = _named(path)
        raise MergeError(f"{named} is not a report of ack_edge.node, expected the .json of a run: {error}") from error


def _refused(name: str) -> None:
    raise ValueError(f"{name} is not a number of JSON")


def _named(path: Path) -> str:
    """Return the name of a file for a message, with what is no UTF-8 in it as escapes."""
    return str(path).encode("utf-8", "backslashreplace").decode()
