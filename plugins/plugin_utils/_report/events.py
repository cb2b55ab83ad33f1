# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the result of a task says, by the names that ansible-core 2.16 to 2.21 have. Private to the collection."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import RESET

_UNDONE_BY = frozenset(
    f"ack_edge.node.{name}" for name in ("static_routes", "inbound_ports", "time_sync", "system_tools")
)


def _host(result: Any) -> Any:
    # ansible-core 2.19 gave them public names.
    return getattr(result, "host", None) or result._host


def _task(result: Any) -> Any:
    return getattr(result, "task", None) or result._task


def parts(result: Any) -> tuple[str, str, dict[str, Any]]:
    """Return host, task and content of a result."""
    # The public "result" is made for its first reader, value by value, which is most of what a callback costs. What is
    # kept of it here becomes text at once and needs no types of its own.
    content = getattr(result, "_return_data", None)
    if content is None:
        content = getattr(result, "result", None) or result._result
    return _host(result).get_name(), _task(result).get_name(), content if isinstance(content, dict) else {}


def variables(result: Any) -> dict[str, Any]:
    """Return what the inventory says of the host, as it stands there."""
    return getattr(_host(result), "vars", None) or {}


def module(result: Any) -> str:
    """Return the full name of the module that a task called, however short it is in the playbook."""
    return str(getattr(_task(result), "resolved_action", None) or getattr(_task(result), "action", ""))


def tags(result: Any) -> Collection[str]:
    """Return the tags of the task."""
    return getattr(_task(result), "tags", None) or ()


def is_unreachable_ignored(result: Any) -> bool:
    """Return whether the task goes on where a host is not reached, for it has asked somebody else."""
    return bool(getattr(_task(result), "ignore_unreachable", False))


def each(result: Any, content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return the contents of a task that has run in a loop, one for each turn, or else its one content."""
    items = content.get("results")
    if getattr(_task(result), "loop", None) is None or not isinstance(items, list):
        yield content
        return
    for number, item in enumerate(items):
        # That the task has changed something is said once.
        turn = item if isinstance(item, dict) else {"results": item}
        yield {**turn, "changed": number == 0 and content.get("changed")}


def is_undone(result: Any, playbook: str) -> bool:
    """Return whether a task undid what its module had done before; a reset is no look at a host."""
    fields = getattr(result, "_task_fields", None)
    given = fields.get("args") if isinstance(fields, dict) else None
    absent = isinstance(given, dict) and given.get("state") == "absent"
    return module(result) in _UNDONE_BY and (absent or playbook == RESET)


def results_expected(play: Any, variables: Any) -> int:
    """Return how many results a host will have in a play, as far as its text tells."""
    known = variables.get_vars(play=play)
    tasks = [task for block in play.compile() for task in block.filter_tagged_tasks(known).get_tasks()]
    return sum(not task.run_once and task.action not in ("meta", "ansible.builtin.meta") for task in tasks)


def stamp(moment: float) -> str:
    """Return a time in seconds since 1970 as documents have it."""
    return datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).isoformat(timespec="seconds")
