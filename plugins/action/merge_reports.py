# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads documents of runs, merges them and writes the formats; decides nothing."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.ack_edge.node.plugins.module_utils._inputs import items
from ansible_collections.ack_edge.node.plugins.plugin_utils._extra import in_awx
from ansible_collections.ack_edge.node.plugins.plugin_utils._given import TooDeep, located, read_json, text
from ansible_collections.ack_edge.node.plugins.plugin_utils._language import LANGUAGES, VARIABLE, chosen
from ansible_collections.ack_edge.node.plugins.plugin_utils._report import controller as _controller
from ansible_collections.ack_edge.node.plugins.plugin_utils._report import files as _files
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.artifact import unpack
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import (
    OPEN,
    READY,
    counted,
    left,
    standings,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.as_limit import not_in_limit
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.registry import BY_NAME
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.terminal import terminal
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.job import vanishes
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.merge import merge
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.screen import hides_what_is_well
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.selection import Selection, moment, selected
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.shape import MergeError, check, is_document
from ansible_collections.ack_edge.node.plugins.plugin_utils._text import cleaned
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Document

_TEXTS = {"type": "raw"}
_SPEC = {
    "reports": _TEXTS,
    "dest": {"type": "path", "required": True},
    "formats": {"type": "list", "elements": "str", "choices": list(BY_NAME), "default": ["html", "limit"]},
    "language": {"type": "str", "choices": list(LANGUAGES)},
    "artifacts": {"type": "dict", "default": {}},
    "workflow_job": _TEXTS,
    "since": _TEXTS,
    "playbooks": _TEXTS,
    "controller_url": {"type": "str"},
    "controller_token": {"type": "str", "no_log": True},
    "controller_username": {"type": "str"},
    "controller_password": {"type": "str", "no_log": True},
    "controller_ca_path": {"type": "path"},
    "fail_unless_ready": {"type": "bool", "default": False},
}
# What the credential type of AWX for a controller sets in the environment of a job, under its new and its old names.
_ENVIRONMENT = {
    "controller_url": ("CONTROLLER_HOST", "TOWER_HOST"),
    "controller_token": ("CONTROLLER_OAUTH_TOKEN", "TOWER_OAUTH_TOKEN"),
    "controller_username": ("CONTROLLER_USERNAME", "TOWER_USERNAME"),
    "controller_password": ("CONTROLLER_PASSWORD", "TOWER_PASSWORD"),
}
_FOLDER = "ack_edge_reports"
_NAMED = 5
_EXPECTED = "expected documents of runs (.json), folders or patterns"
_GONE = (
    "The page is gone when the container of this job ends. To keep it, set merged (dest) to a path below one that is "
    "exposed to jobs"
)


class ActionModule(ActionBase):
    """Everything happens on the controller."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return hosts, not_ready, runs and summary; a document that is none is an error before anything is written."""
        result = super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(argument_spec=_SPEC)
        dest = Path(arguments["dest"])
        if _named(dest) != str(dest):
            raise AnsibleActionFail(f"dest is '{_named(dest)}', which is not valid UTF-8; expected a path that is")
        if dest.suffix != ".json":
            raise AnsibleActionFail(f"dest is '{dest}', expected a path that ends in .json")
        language, warning = chosen(arguments["language"] or os.environ.get(VARIABLE))
        if warning:
            self._display.warning(warning)
        try:
            given, without = gathered(arguments, dest.absolute())
            document = merge(given)
            files = _files.make(document, dest.with_suffix(""), arguments["formats"], language)
            changed = [path for path, text in files.items() if not _files.is_as(path, text)]
            for path in changed if not self._task.check_mode else []:
                _files.replace(path, files[path])
        except MergeError as error:
            # Names of files and artifacts, and what a controller answers, are of others.
            raise AnsibleActionFail(cleaned(str(error))) from None
        except OSError as error:
            raise AnsibleActionFail(f"dest is '{dest}', which cannot be written: {error}") from error
        hosts = document["hosts"]
        beside = not_in_limit(document) if "limit" in arguments["formats"] else ""
        why = why_not_ready(document, without)
        written = [str(path.absolute()) for path, text in files.items() if text is not None]
        gone = in_awx(task_vars or {}) and vanishes(dest.absolute().parent)
        summary = _files.summary(document, language) + without + ([beside] if beside else [])
        where = _GONE if gone else f"Report: {' '.join(written)}"
        if hides_what_is_well():
            for line in [*summary, where]:
                self._display.display(terminal(line))
        return result | {
            "changed": bool(changed),
            "hosts": len(hosts),
            "not_ready": left(document),
            "runs": [run["id"] for run in document["runs"]],
            "without_report": without,
            "why_not_ready": why,
            "summary": summary,
            "files": written,
            "where": where,
            **({"failed": True, "msg": why} if why and arguments["fail_unless_ready"] else {}),
        }


def gathered(arguments: Mapping[str, Any], dest: Path) -> tuple[list[Document], list[str]]:
    """Return the documents to merge, and one sentence for each job that has left none.

    :raises MergeError: if nothing is left to merge, or one of them is not a document.
    """
    workflows = [_controller.number(item) for item in _listed(arguments["workflow_job"])]
    now = datetime.datetime.now(datetime.timezone.utc)
    since = moment(arguments["since"], now)
    named, without = dict(arguments["artifacts"]), []
    if workflows and (access := _access(arguments)).url:
        found = _controller.artifacts(access, workflows)
        named.update(found.artifacts)
        without = found.without
        # Those of slices bear the number of the sliced job, which is a workflow of its own.
        workflows = []
    names = _paths(arguments["reports"])
    from_files = [read(path) for path in documents(names or ([] if named or without else [_FOLDER])) if path != dest]
    playbooks = _listed(arguments["playbooks"])
    from_jobs = [check(unpack(named[name], name), name) for name in sorted(named)]
    # The workflow of what comes out of a job is known by where it comes from.
    of_jobs = selected(from_jobs, Selection((), since, playbooks))
    found_files = selected(from_files, Selection(workflows, since, playbooks))
    if not of_jobs and not found_files:
        raise MergeError("; ".join(["no report to merge was found", *without]))
    return [*found_files, *of_jobs], without


def why_not_ready(document: Document, without: list[str]) -> str:
    """Return why a fleet is not ready, "" where it is: open points keep nobody from being ready."""
    found = standings(document)
    lacking = [name for name, standing in found.items() if standing not in (READY, OPEN)]
    if not lacking and not without:
        return ""
    more = f" and {len(lacking) - _NAMED} more" if len(lacking) > _NAMED else ""
    names = f" ({', '.join(lacking[:_NAMED])}{more})" if lacking else ""
    said = f"{len(lacking)} of {counted(len(found))} {'is' if len(found) == 1 else 'are'} not ready{names}"
    return "; ".join([cleaned(said), *without])


def _access(arguments: Mapping[str, Any]) -> _controller.Access:
    """Return how the API is asked; what the task does not give is that of the environment."""
    known = {
        option: arguments[option] or next((value for name in names if (value := os.environ.get(name))), "")
        for option, names in _ENVIRONMENT.items()
    }
    return _controller.Access(
        known["controller_url"],
        known["controller_token"],
        known["controller_username"],
        known["controller_password"],
        arguments["controller_ca_path"],
    )


def _listed(value: Any) -> list[str]:
    """Return a list that may be text or one number."""
    return [str(item).strip() for item in items(str(value) if isinstance(value, int) else value)]


def _paths(value: Any) -> list[str]:
    """Return the names of files; a name may have blanks in it where it is all there is."""
    if value is not None and not isinstance(value, (str, list, tuple)):
        raise MergeError(f"reports is {value!r}, {_EXPECTED}")
    if isinstance(value, str) and value.strip() and _is_there(value):
        return [value]
    return [str(item) for item in items(value)]


def _is_there(name: str) -> bool:
    try:
        return located(name).exists()
    except OSError:
        # Too long for a name, or not to be read: several names, or a mistake that is said of each.
        return False


def documents(names: list[str]) -> list[Path]:
    """Return the files that are meant, sorted, each once.

    :arg names: files, folders and patterns.
    :raises MergeError: if one of the names leads to nothing.
    """
    found: set[Path] = set()
    for name in names:
        try:
            here, lacks = _matching(located(name).absolute())
        except (OSError, ValueError) as error:
            raise MergeError(
                f"reports has '{cleaned(name, 300)}', which cannot be read: {error}; {_EXPECTED}"
            ) from None
        if not here:
            raise MergeError(f"reports has '{cleaned(name, 300)}', {lacks}; {_EXPECTED}")
        found |= set(here)
    return sorted(found)


def _matching(path: Path) -> tuple[list[Path], str]:
    """Return the files that a name means, and what is wrong where there are none."""
    if path.is_dir():
        return [item for item in path.glob("*.json") if is_meant(item)], "a folder without documents"
    matching = Path(path.anchor).glob(str(path.relative_to(path.anchor)))
    return [path] if path.is_file() else [item for item in matching if item.is_file()], "which matches no file"


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
        return read_json(text(path))
    except TooDeep as error:
        raise MergeError(f"{_named(path)} is not a report of ack_edge.node: {error}") from None
    except (OSError, ValueError) as error:
        named = _named(path)
        raise MergeError(f"{named} is not a report of ack_edge.node, expected the .json of a run: {error}") from error


def _named(path: Path) -> str:
    """Return the name of a file for a message, with what is no UTF-8 in it as escapes."""
    return str(path).encode("utf-8", "backslashreplace").decode()
