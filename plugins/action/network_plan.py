# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what a network plan is made of, has it made, and writes its files; decides nothing."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase
from ansible_collections.ack_edge.node.plugins.plugin_utils import _extra
from ansible_collections.ack_edge.node.plugins.plugin_utils._given import read_json, text
from ansible_collections.ack_edge.node.plugins.plugin_utils._language import LANGUAGES, VARIABLE, chosen
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan import folders, plans, sources, templates
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.registry import BY_NAME, FORMATS
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import PlanError, folder
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.terminal import terminal
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.screen import hides_what_is_well
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.shape import MergeError, check
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements import inputs
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import CatalogueError, load
from ansible_collections.ack_edge.node.plugins.plugin_utils._text import printable


class ActionModule(ActionBase):
    """Everything happens on the controller; no host is contacted."""

    TRANSFERS_FILES = False
    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the sites with their folders and what is open; a mistake is an error before anything is written."""
        result = super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(
            argument_spec={
                "site_file": {"type": "path"},
                "plan_dir": {"type": "path", "default": "network_plan"},
                "fleet_report": {"type": "path"},
                "language": {"type": "str", "choices": list(LANGUAGES)},
                "formats": {
                    "type": "list",
                    "elements": "str",
                    "choices": list(BY_NAME),
                    "default": [form.name for form in FORMATS],
                },
                "templates": {"type": "list", "elements": "path", "default": []},
                "defaults": {"type": "dict", "default": {}},
            }
        )
        if inputs.NETADDR_MISSING:
            raise AnsibleActionFail(
                f"the Python library netaddr is missing on the controller ({inputs.NETADDR_MISSING}): install it"
            )
        arguments["language"], warning = chosen(arguments["language"] or os.environ.get(VARIABLE))
        if warning:
            self._display.warning(warning)
        try:
            made, without = self._plans(arguments, task_vars or {})
            changes = self._changes(arguments, made)
            changed = any(change.changed for change in changes)
            differences = [part for change in changes for part in change.diff()] if self._task.diff else []
            for change in changes if not self._task.check_mode else []:
                folders.apply(change)
        except (PlanError, MergeError, CatalogueError) as error:
            # What Ansible shows of the cause would be the same text once more, as it came.
            raise AnsibleActionFail(printable(str(error), keep="\n\t")) from None
        except OSError as error:
            raise AnsibleActionFail(
                f"plan_dir is '{arguments['plan_dir']}', which cannot be written: {error}"
            ) from error
        if differences:
            result["diff"] = differences
        summary = [line for plan, change in zip(made, changes, strict=True) for line in _lines(plan, change)]
        summary += [f"{name}: no plan is needed, its access mode is internet" for name in without]
        if hides_what_is_well():
            for line in summary:
                self._display.display(terminal(line))
        return result | {
            "changed": changed,
            "sites": [_site(plan, change) for plan, change in zip(made, changes, strict=True)],
            "without_plan": without,
            "summary": summary,
        }

    def _plans(self, arguments: Mapping[str, Any], task_vars: Mapping[str, Any]) -> tuple[list[Plan], list[str]]:
        given = []
        if arguments["site_file"]:
            path = arguments["site_file"]
            given = sources.from_text(_read(path, "site_file"), path)
        _extra.forget_unset(self._loader)
        hosts = {name: _Host(name, task_vars["hostvars"]) for name in task_vars["groups"]["all"]}
        of_hosts = sources.from_hosts(hosts, task_vars["groups"], given)
        defaults = {key: value for key, value in arguments["defaults"].items() if value not in (None, "", [])}
        entries, without = sources.put_together(given, of_hosts, defaults)
        report = None
        if arguments["fleet_report"]:
            path = arguments["fleet_report"]
            try:
                document = read_json(_read(path, "fleet_report"))
            except ValueError as error:
                if isinstance(error, PlanError):
                    raise
                raise PlanError([f"fleet_report is {path!r}, which is not valid JSON: {error}"]) from error
            report = check(document, path)
        return plans.make(load(), entries, report), without

    def _changes(self, arguments: Mapping[str, Any], made: list[Plan]) -> list[folders.Change]:
        # plan.json is the truth that every other file is a view of.
        wanted = [form for form in FORMATS if form is FORMATS[0] or form.name in arguments["formats"]]
        own = templates.load(arguments["templates"], [form.file for form in FORMATS])
        changes = []
        for plan in made:
            texts = {form.file: form.text(plan, arguments["language"]) for form in wanted}
            texts |= {template.file: template.text(plan) for template in own}
            changes.append(folders.compare(Path(arguments["plan_dir"]) / folder(plan["site"]["name"]), texts))
        return changes


class _Host(Mapping[str, Any]):
    """The variables of a host, rendered when they are asked for."""

    def __init__(self, name: str, hostvars: Mapping[str, Any]) -> None:
        self._name, self._hostvars = name, hostvars

    @functools.cached_property
    def _variables(self) -> Mapping[str, Any]:
        # To ask hostvars for a host puts all its variables together again.
        return self._hostvars[self._name]

    def __getitem__(self, key: str) -> Any:
        try:
            return self._variables[key]
        except AnsibleError as error:
            raise PlanError([f"{key} of host {self._name} cannot be rendered: {error}"]) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)


def _read(path: str, option: str) -> str:
    try:
        return text(Path(path))
    except (OSError, ValueError) as error:
        raise PlanError([f"{option} is {path!r}, which cannot be read: {error}"]) from error


def _site(plan: Plan, change: folders.Change) -> dict[str, Any]:
    return {
        "name": plan["site"]["name"],
        "region": plan["cluster"]["region"],
        "folder": str(change.folder.absolute()),
        "files": sorted(json.loads(change.manifest)["files"]),
        "changed_files": sorted([*change.write, *change.remove]),
        "kept_files": change.kept,
        "open_items": len(plan["open_items"]),
        "blocking": [item["what"] for item in plan["open_items"] if item["blocking"]],
    }


def _lines(plan: Plan, change: folders.Change) -> list[str]:
    blocking = [item for item in plan["open_items"] if item["blocking"]]
    name, region = plan["site"]["name"], plan["cluster"]["region"]
    counts = f"{len(plan['prefixes'])} networks, {len(plan['flows'])} permits, {len(plan['open_items'])} open items"
    lines = [f"{name} ({region}): {counts}, {len(blocking)} of them missing: {change.folder.absolute()}"]
    lines += [f"  missing: {item['what']}: {item['remedy']}" for item in blocking]
    return lines + [
        f"  {file} is not part of the plan any more, and stays because it was edited" for file in change.kept
    ]
