# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one result shape of the collection: what was checked, how it stands, what to do. Private to the collection.

A verdict is a plain dict, so that it survives JSON on its way to the controller:

``check``      what was looked at: an id of a check, the name of an endpoint, a route, a rule
``status``     one of :data:`STATUSES`
``summary``    one sentence: what was found, with the value
``remedy``     one sentence: what an operator does about it; empty for pass and skipped
``reproduce``  a command that shows the same by hand on the node, or empty
``data``       facts behind the sentence; ``data['required']`` is False where a failure does not stop a role
"""

import itertools

from ansible_collections.ack_edge.node.plugins.module_utils._secrets import mask, masked

PASS = "pass"
WARN = "warn"
FAIL = "fail"
# Nothing speaks against it and nothing proves it: a silent UDP port, an address that nobody publishes.
UNPROVEN = "unproven"
SKIPPED = "skipped"
STATUSES = (PASS, WARN, FAIL, UNPROVEN, SKIPPED)

_NEEDS_REMEDY = (WARN, FAIL)


def verdict(check, status, summary, remedy="", reproduce="", required=True, **data):
    """Return one verdict.

    :arg status: one of STATUSES; WARN and FAIL must come with a remedy, for a finding without one helps nobody.
    :arg required: whether a FAIL stops a role.
    :raises ValueError: for an unknown status or a missing remedy; both are mistakes in the caller.
    """
    if status not in STATUSES:
        raise ValueError(f"status is {status!r}, expected one of {', '.join(STATUSES)}")
    if status in _NEEDS_REMEDY and not remedy:
        raise ValueError(f"a verdict with status {status} needs a remedy: {check}: {summary}")
    data["required"] = bool(required)
    # Passwords and tokens in URLs come from the user, the node and its programs; here all of it passes.
    return masked(
        {
            "check": check,
            "status": status,
            "summary": summary,
            "remedy": remedy,
            "reproduce": reproduce,
            "data": data,
        }
    )


def failed(verdicts):
    """Return the verdicts that stop a role: status fail of a required item, in their order."""
    return [item for item in verdicts if item["status"] == FAIL and item["data"].get("required", True)]


def counts(verdicts):
    """Return how many verdicts have each status, every status present, e.g. ``{"pass": 9, "warn": 0, ...}``."""
    result = dict.fromkeys(STATUSES, 0)
    for item in verdicts:
        result[item["status"]] += 1
    return result


def table(verdicts):
    """Return what needs attention (everything but pass and skipped) as text, worst first, or '' if nothing does.

    A line for each finding; under those that follow one another with the same remedy, the remedy and the command of
    the first of them. For a module's ``msg`` and a role's failure.
    """
    order = {FAIL: 0, WARN: 1, UNPROVEN: 2}
    shown = sorted((item for item in verdicts if item["status"] in order), key=lambda item: order[item["status"]])
    lines = []
    for key, group in itertools.groupby(shown, lambda item: (item["status"], item["remedy"])):
        remedy, alike = key[1], list(group)
        for item in alike:
            optional = "" if item["data"].get("required", True) else " (optional)"
            lines.append(f"{item['status'].upper():8} {item['check']}{optional}: {item['summary']}")
        if remedy:
            lines.append(f"         to do: {remedy}")
        if alike[0]["reproduce"]:
            lines.append(f"         by hand: {alike[0]['reproduce']}")
    return "\n".join(lines)


def report(verdicts):
    """Return the keys that every module of the collection adds to its result.

    ``results`` the verdicts, ``summary`` their counts, ``failed_checks`` the names that stop a role, ``msg`` the text
    of :func:`table` or one sentence that all is well.
    """
    stopping = failed(verdicts)
    numbers = counts(verdicts)
    quiet = f"{numbers[PASS]} of {len(verdicts)} pass"
    return {
        "results": verdicts,
        "summary": numbers,
        "failed_checks": [item["check"] for item in stopping],
        "msg": table(verdicts) or quiet,
    }


def failure(message, verdicts=()):
    """Return the keys of a module that could not do its work: those of :func:`report`, the message in their place.

    ``failed_checks`` is never empty then: where no verdict names what failed, it is the module itself.
    """
    result = report(list(verdicts))
    result["msg"] = mask(message)
    result["failed_checks"] = result["failed_checks"] or ["module"]
    return result
