# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of every module of ours that runs on a host: nothing of an answer is used unchecked. Private."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.answer import read, refusal
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.values import BadAnswer, clean, clean_json
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight.sections import MODULES, settled

# What ansible-core runs into where it takes for granted what a key of an answer is.
_UNREADABLE = (AttributeError, LookupError, TypeError, ValueError, RecursionError)
# Of what is beyond, nobody even tries to make values.
MOST_PRINTED = 32_000_000


class CheckedAction(ActionBase):
    """Executes the module once and returns its answer, checked.

    A class for each module sets MODULE, and may know more of an answer (:meth:`bounded`) or execute it several times.
    """

    MODULE = ""

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the task."""
        return {**self.begin(tmp, task_vars), **self.ask(task_vars)}

    def begin(self, tmp: Any, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """Return what every result of an action begins with.

        :raises AnsibleActionFail: with async. The answer of a job is fetched by another action, which checks nothing.
        """
        if self._task.async_val:
            raise AnsibleActionFail(
                f"async is {self._task.async_val}, expected none with {self.MODULE}: what a host answers is checked "
                "when the module ends; remove async and poll from this task, and set forks for more hosts at a time"
            )
        return super().run(tmp, task_vars)

    def ask(self, task_vars: dict[str, Any] | None, arguments: dict[str, Any] | None = None) -> dict[str, Any]:
        """Execute the module and return its answer, or the failure of the host where it is none of this module.

        :arg arguments: of the module, None for those of the task.
        :raises AnsibleError: if the host cannot be reached, or Ansible cannot execute the module.
        """
        answer = None
        given = dict(self._task.args if arguments is None else arguments)
        if self.MODULE in MODULES.values() and (settled_ones := settled(given)) != given:
            arguments = settled_ones
        try:
            answer = self._execute_module(module_args=arguments, task_vars=task_vars)
            if self._display.verbosity < 3:
                # Ansible itself shows it from -vvv on, and it is as large as the arguments are.
                answer.pop("invocation", None)
            found = self.bounded(read(self.MODULE, answer))
        except AnsibleError:
            raise
        except BadAnswer as problem:
            found = self.refuse(problem, task_vars, answer)
        except _UNREADABLE as error:
            found = self.refuse(f"Ansible cannot read it ({type(error).__name__}: {error})"[:500], task_vars, answer)
        return found | self._interpreter()

    def _parse_returned_data(self, res: dict[str, Any], *more: Any, **named: Any) -> Any:
        size = len(res.get("stdout") or "")
        if size > MOST_PRINTED:
            raise BadAnswer(f"it is text of {size} characters, expected at most {MOST_PRINTED}")
        said = {key: clean_json(res[key]) for key in ("stdout", "stderr") if isinstance(res.get(key), str)}
        return super()._parse_returned_data({**res, **said}, *more, **named)

    def bounded(self, found: dict[str, Any]) -> dict[str, Any]:
        """Return an answer that is right by its keys, once what the task asked for is held against it.

        :raises BadAnswer: if it does not fit.
        """
        return found

    def refuse(self, problem: object, task_vars: dict[str, Any] | None, answer: Any = None) -> dict[str, Any]:
        """Return the failure of the host that gave an answer."""
        host = self._task.delegate_to or (task_vars or {}).get("inventory_hostname", "the host")
        return refusal(self.MODULE, str(host), problem, answer)

    def _interpreter(self) -> dict[str, Any]:
        """Return the one fact that Ansible adds by itself: which Python it found, for the next tasks."""
        key = self._discovered_interpreter_key
        return {"ansible_facts": {key: clean(str(self._discovered_interpreter))}} if key else {}
