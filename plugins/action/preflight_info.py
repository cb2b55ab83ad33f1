# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Works out what a host must fulfil, runs the module preflight_info once, and says what follows from its answer."""

from __future__ import annotations

import contextlib
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible_collections.ack_edge.node.plugins.module_utils._inputs import is_unset
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import failed, report
from ansible_collections.ack_edge.node.plugins.plugin_utils._action import CheckedAction
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.values import BadAnswer
from ansible_collections.ack_edge.node.plugins.plugin_utils._host import Host, mistakes
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight import fixes, outlook, sections
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight.prober import prober
from ansible_collections.ack_edge.node.plugins.plugin_utils._published import trace
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import CatalogueError, load
from ansible_collections.ack_edge.node.plugins.plugin_utils._scope import ScopeError
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Verdict

# Ansible imports this before it forks for the hosts: what is read here is not read again for each of them. What is
# wrong with it, the task says.
with contextlib.suppress(CatalogueError):
    load()
_SPEC = {
    "sections": {"type": "list", "elements": "str", "choices": list(sections.MODULES)},
    "before_change": {"type": "bool", "default": False},
    "deadline": {"type": "float", "default": 120.0},
    "region": {"type": "raw"},
}


class ActionModule(CheckedAction):
    """One task, one execution."""

    MODULE = "preflight_info"

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the verdicts and what follows from them; bad input fails the host before it is contacted."""
        result = self.begin(tmp, task_vars)
        known = task_vars or {}
        _validated, given = self.validate_argument_spec(argument_spec=_SPEC)
        host = Host(known, self._templar, self._loader)
        try:
            requirements, about = host.requirements(given["region"])
        except (AnsibleError, ScopeError, ValueError) as error:
            return result | report([]) | {"failed": True, "failed_checks": ["requirements"], "msg": mistakes(error)}
        trimmed = requirements | {"role_variables": {}}
        if blocking := failed(about):
            said = "; ".join(f"{item['summary']}: {item['remedy']}" for item in blocking)
            return result | report(about) | {"failed": True, "msg": said, "requirements": trimmed}
        self._tolerated = [name for name in sections.MODULES if _is_off(f"{name}_enforce", host)]
        wanted = self._sections(given, known)
        asked = sections.whole(wanted, host.value, requirements["role_variables"], given["before_change"])
        answer = self._look(asked, given["deadline"], task_vars)
        routes = [item for item in answer.get("results", ()) if item["data"].get("section") == sections.ROUTES]
        trace(routes, asked.get(sections.ROUTES, {}).get("routes"))
        if answer.get("failed"):
            return result | answer | {"requirements": trimmed}
        return result | answer | self._conclude(host, requirements, [*about, *answer["results"]], answer["sections"])

    def _sections(self, given: dict[str, Any], known: dict[str, Any]) -> list[str]:
        if given["sections"]:
            return [name for name in sections.MODULES if name in given["sections"]]
        default = [name for name in sections.MODULES if given["before_change"] or name != sections.SYSTEM_TOOLS]
        return sections.selected(known.get("ansible_run_tags", ["all"]), known.get("ansible_skip_tags", []), default)

    def _look(
        self, asked: dict[str, dict[str, Any]], deadline: float, task_vars: dict[str, Any] | None
    ) -> dict[str, Any]:
        """Return the answer of the module; without a section there is nothing to ask."""
        if not asked:
            return {**report([]), "changed": False, "sections": {}}
        self._asked = asked
        return self.ask(task_vars, {"sections": asked, "deadline": deadline})

    def bounded(self, found: dict[str, Any]) -> dict[str, Any]:
        """Return an answer that tells of the sections that were asked for, and of no others."""
        if not found.get("failed"):
            told = found.get("sections", {})
            if told.keys() != self._asked.keys():
                raise BadAnswer(f"sections tells of {', '.join(told) or 'nothing'}, expected {', '.join(self._asked)}")
            strange = [item["check"] for item in found["results"] if item["data"].get("section") not in self._asked]
            if strange:
                raise BadAnswer(f"results has {strange[0]!a} of a section that was not asked for")
        return found

    def _conclude(
        self, host: Host, requirements: dict[str, Any], verdicts: list[Verdict], told: dict[str, dict[str, Any]]
    ) -> dict[str, Any]:
        """Return what follows from the verdicts: who fixes what, what there is to do, and what keeps roles from it."""
        fixes.assign(verdicts, told)
        to_do = outlook.to_do(told, verdicts)
        obstacles = outlook.obstacles(told, verdicts, self._tolerated)
        probes = host.groups.get("vpc_probes", ())
        return report(verdicts) | {
            "to_do": to_do,
            "obstacles": report(obstacles),
            outlook.NOTHING: not to_do and not obstacles,
            "prober": prober(host.name, requirements, host.probe_host(), probes),
            "requirements": requirements | {"role_variables": fixes.needed(requirements["role_variables"], to_do)},
        }


def _is_off(name: str, host: Host) -> bool:
    """Return whether a variable of a host says no.

    :raises AnsibleActionFail: if it says neither yes nor no: a word that nobody knows must not switch off a safeguard.
    """
    value = host.value(name)
    if is_unset(value):
        return False
    try:
        return not boolean(value)
    except TypeError:
        raise AnsibleActionFail(f"{name} is {value!r}, expected true or false. Nothing was changed") from None
