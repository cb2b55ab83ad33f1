# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of preflight_info: several engines look at one node at the same time. Private to the collection.

Knows no engine: the module hands them over as sections. Every engine runs in check mode, so nothing is changed.
"""

import threading
import time
import traceback
from typing import Any, Callable, Dict, NamedTuple, Sequence, Tuple

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError
from ansible_collections.ack_edge.node.plugins.module_utils._module import answer
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, UNPROVEN, failure, report, verdict

# What a result says beside the keys of a report, and what of it comes back.
_BESIDE = ("backend", "diff")
_MOST_OF_A_TRACE = 4000  # characters; its end says what happened


class Section(NamedTuple):
    """An engine, as its own module calls it."""

    run: Callable[..., Dict[str, Any]]  # run(node, params, check_mode) -> result
    argument_spec: Dict[str, Any]
    required_if: Sequence[Tuple[Any, ...]] = ()


def run(node, params, sections, clock=time.monotonic):
    """Let each section that is asked for look at the node, all at the same time; return the result of the module.

    :arg params: ``sections``, {name of a section: arguments of its module}, and ``deadline`` in seconds for all of
        them together.
    :arg sections: {name: Section, None for one that is not asked for}, in the order of the verdicts.
    :raises InputError: if a section or the arguments of one are wrong; nothing was looked at then.
    """
    asked, problems = read(params, sections)
    if problems:
        raise InputError(problems)
    threads = [_Thread(name, sections[name].run, node, arguments) for name, arguments in asked]
    for thread in threads:
        # A section that waits for a network that is not there must not keep the module from ending.
        thread.daemon = True
        thread.start()
    end = clock() + params["deadline"]
    for thread in threads:
        thread.join(max(0.0, end - clock()))
    found = [(thread.section, thread.result or _late(thread.section, params["deadline"])) for thread in threads]
    verdicts = [item for name, result in found for item in _verdicts(name, result)]
    return dict(report(verdicts), changed=False, sections={name: _told(result) for name, result in found})


def read(params, sections):
    """Return ([(name of a section, its arguments)] in the order of ``sections``, what is wrong, as sentences)."""
    problems, asked = [], []
    given = params["sections"]
    if not isinstance(given, dict):
        return [], [f"sections is {given!r}; expected the arguments of each section, as a dict"]
    unknown = sorted(str(name) for name in given if name not in sections)
    if unknown:
        problems.append(f"sections has {', '.join(unknown)}; expected some of {', '.join(sections)}")
    if not 0 < params["deadline"] <= 3600:
        problems.append(f"deadline is {params['deadline']:g}; expected a number of seconds above 0 and up to 3600")
    for name, section in sections.items():
        if name not in given:
            continue
        if not isinstance(given[name], dict):
            problems.append(f"sections has {name}: {given[name]!r}; expected the arguments of its module, as a dict")
            continue
        validated = ArgumentSpecValidator(section.argument_spec, required_if=section.required_if or None).validate(
            given[name]
        )
        problems += [f"{name}: {text}" for text in validated.error_messages]
        asked.append((name, validated.validated_parameters))
    return asked, problems


class _Thread(threading.Thread):
    """One section; ``result`` is None until it has looked."""

    def __init__(self, section, engine, node, arguments):
        threading.Thread.__init__(self, name=section)
        self.section, self.result = section, None
        self._engine, self._node, self._arguments = engine, node, arguments

    def run(self):
        try:
            self.result = answer(self._engine, self._node, self._arguments, True)
        except Exception as error:  # pylint: disable=broad-except
            # What one engine did not expect must not take the verdicts of the others away.
            said = f"the section ended with {type(error).__name__}: {error}"
            trace = traceback.format_exc()[-_MOST_OF_A_TRACE:]
            remedy = "report this as a bug of the collection, with data.traceback of this verdict"
            found = [verdict(self.section, FAIL, said, remedy, traceback=trace)]
            self.result = dict(failure(said, found), failed=True)


def _late(name, deadline):
    said = f"the section {name} did not finish within the overall deadline of {deadline:g} s"
    remedy = "check what the node waits for, or run again with a longer deadline"
    return dict(report([verdict(name, UNPROVEN, said, remedy)]), late=True)


def _verdicts(name, result):
    """Return the verdicts of a section, each with its name; that an engine could not do its work is one, too."""
    items = list(result["results"])
    if result.get("failed") and not any(item["status"] == FAIL for item in items):
        remedy = "fix the reported problem and run again"
        items.append(verdict(name, FAIL, result["msg"], remedy))
    for item in items:
        item["data"]["section"] = name
    return items


def _told(result):
    """Return what is known of a section beside its verdicts."""
    refused = bool(result.get("failed"))
    told = {
        "would_change": bool(result.get("changed")),
        "refused": refused,
        "finished": not result.get("late"),
        "msg": result["msg"] if refused else "",
    }
    told.update((key, result[key]) for key in _BESIDE if key in result)
    return told
