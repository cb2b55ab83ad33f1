# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as lines for a terminal. Private to the collection. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.ack_edge.node.plugins.plugin_utils._language import Message, Messages, listed
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import (
    FAILED,
    LOST,
    NOT_JUDGED,
    NOT_STARTED,
    OK,
    OPEN,
    OPEN_POINT,
    READY,
    SECTIONS,
    STATES,
    STOPPED,
    UNREACHABLE,
    counted,
    has_joined,
    looked_at,
    open_points,
    points,
    standings,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._text import printable
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import (
    PREPARE,
    Cause,
    Document,
    End,
    HostRecord,
    Run,
    SitePath,
)

_NAMED_HOSTS = 3
_NAMED_PATHS = 5
_MOST_LETTERS = 1000
_ENGLISH = Messages()
_CAUSE, _OPEN_POINT = "  {hosts}: {title}: {summary}", "  {hosts}: open point: {title}: {summary}"
TEMPLATES = (_CAUSE, _OPEN_POINT, "{first}, {rest}", "{first}; {rest}")
# How many hosts a run has left in which state.
_STATES = {
    OK: Message("ok"),
    FAILED: Message("failed"),
    STOPPED: Message("stopped"),
    UNREACHABLE: Message("unreachable"),
    NOT_STARTED: Message("not started"),
}


def as_lines(
    document: Document,
    causes: Iterable[Cause],
    most: int = 10,
    paths: Iterable[SitePath] = (),
    words: Messages = _ENGLISH,
) -> list[str]:
    """Return the summary for a terminal: how many hosts are ready, what keeps the others, and where paths end.

    :arg most: how many causes are shown; failures come before open points.
    :arg words: of the language in which this is said; what hosts have said stays as it is.
    """
    hosts = document["hosts"]
    stopping = [cause for cause in causes if cause["status"] in (*LOST, "fail", OPEN_POINT)]
    lines: list[str] = [_how_many(document)]
    lines += [run["stopped"] for run in document["runs"] if run["stopped"] and _is_said(run, hosts)]
    by_a_run = [cause for cause in stopping if cause["fixed_by"] == PREPARE]
    if by_a_run:
        others = {
            name
            for cause in stopping
            if cause["fixed_by"] != PREPARE and cause["status"] == "fail"
            for name in cause["hosts"]
        }
        lines += _fixed_by_a_run(by_a_run, len(stopping), others)
        stopping = [cause for cause in stopping if cause["fixed_by"] != PREPARE]
    for cause in stopping[:most]:
        named = {"hosts": _names(cause["hosts"]), "title": cause["title"], "summary": cause["summary"]}
        is_open = cause["status"] == OPEN_POINT
        lines.append(Message(_OPEN_POINT, **named) if is_open else Message(_CAUSE, **named))
        for remedy in filter(None, (cause["remedy"] and words.remedy(cause["id"]), cause["remedy"])):
            lines.append(Message("      to do: {remedy}", remedy=remedy))
    if len(stopping) > most:
        lines.append(Message("  and {number} more causes, which the report has", number=len(stopping) - most))
    lines += _of_paths(paths)
    return [terminal(words.say(line)) for line in lines]


def _fixed_by_a_run(found: list[Cause], causes: int, others: set[str]) -> list[str]:
    """Return two lines about what needs no people.

    :arg others: hosts on which something else failed, which may keep a run from its work there.
    """
    hosts = {name for cause in found for name in cause["hosts"]}
    share = {"number": len(found), "all": causes, "hosts": counted(len(hosts))}
    titles = listed(list(dict.fromkeys(cause["title"] for cause in found)), "{first}; {rest}")
    return [
        Message("  prepare_edge fixes {number} of {all} cause on {hosts}: {titles}", **share, titles=titles)
        if causes == 1
        else Message("  prepare_edge fixes {number} of {all} causes on {hosts}: {titles}", **share, titles=titles),
        Message("      to do: run prepare_edge.yml; for hosts that are also listed below, fix those problems first")
        if hosts & others
        else Message("      to do: run prepare_edge.yml"),
    ]


def _of_paths(found: Iterable[SitePath]) -> list[str]:
    """Return a line for each site whose path ends for some of its hosts where no run of prepare_edge fixes it."""
    stopping = [(path, ends) for path in found if (ends := [end for end in path.ends if end.fixed_by != PREPARE])]
    lines = [_of_path(path, ends) for path, ends in stopping[:_NAMED_PATHS]]
    more = len(stopping) - _NAMED_PATHS
    rest = Message("  and {number} more paths that end, which the report has", number=more)
    return [*lines, rest] if more > 0 else lines


def _of_path(path: SitePath, ends: list[End]) -> str:
    said = [{"number": len(end.hosts), "place": end.place, "why": end.why} for end in ends]
    all_hosts = counted(path.hosts)
    parts = [
        Message("{number} of {hosts} ends {place}: {why}", hosts=all_hosts, **said[0])
        if len(ends[0].hosts) == 1
        else Message("{number} of {hosts} end {place}: {why}", hosts=all_hosts, **said[0]),
        *(Message("{number} {place}: {why}", **one) for one in said[1:]),
    ]
    found = listed(parts, "{first}; {rest}")
    return (
        Message("  path {name}: {ends}", name=path.name, ends=found)
        if path.name
        else Message("  path: {ends}", ends=found)
    )


def terminal(line: str) -> str:
    """Return a line that steers no terminal and has an end."""
    short = line if len(line) <= _MOST_LETTERS else f"{line[:_MOST_LETTERS]}\u2026"
    return printable(short)


def _is_said(run: Run, hosts: dict[str, HostRecord]) -> bool:
    """Return whether a run that was stopped has left no host for which a cause says it."""
    return not any(record["state"] in (NOT_STARTED, STOPPED) for record in hosts.values() if record["run"] == run["id"])


def _how_many(document: Document) -> str:
    hosts = document["hosts"]
    where = standings(document)
    standing = list(where.values())
    ready, not_judged = standing.count(READY), standing.count(NOT_JUDGED)
    states = [(state, sum(record["state"] == state for record in hosts.values())) for state in STATES]
    split = listed(
        [Message("{number} {state}", number=number, state=_STATES[state]) for state, number in states if number]
    )
    unjudged = [hosts[name] for name, found in where.items() if found == NOT_JUDGED]
    all_hosts = counted(len(hosts))
    if not_judged == len(hosts):
        return Message(
            "{hosts} ({split}); not judged: {looked}", hosts=all_hosts, split=split, looked=_looked_at(unjudged)
        )
    opened = [len(open_points(hosts[name])) for name, found in where.items() if found == OPEN]
    more = Message(", {number} {points}", number=len(opened), points=points(opened)) if opened else ""
    known = {"ready": ready, "hosts": all_hosts, "more": more, "split": split}
    if joined := [where[name] for name, record in hosts.items() if has_joined(record)]:
        healthy, rest = joined.count(READY), len(hosts) - ready - len(opened) - not_judged
        line = Message(
            "{healthy} joined and healthy, {ready} ready{more}, {rest} not ready ({split})",
            **known | {"healthy": f"{healthy:,}", "ready": f"{ready - healthy:,}", "rest": f"{rest:,}"},
        )
    elif len(hosts) == 1:
        line = Message("{ready} of {hosts} is ready{more} ({split})", **known)
    else:
        line = Message("{ready} of {hosts} are ready{more} ({split})", **known)
    looked = _looked_at(unjudged)
    return (
        Message("{line}; {number} not judged: {looked}", line=line, number=not_judged, looked=looked)
        if not_judged
        else line
    )


def _looked_at(records: list[HostRecord]) -> str:
    """Return what was looked at on all of some hosts, and what was not."""
    each = [looked_at(record) for record in records]
    known = [name for name in SECTIONS.values() if all(name in names for names in each)]
    lacking = [name for name in SECTIONS.values() if name not in known]
    missing = ", ".join(lacking)
    if known:
        return Message("only {known} looked at, not {missing}", known=", ".join(known), missing=missing)
    return Message("nothing looked at, not {missing}", missing=missing)


def _names(hosts: list[str]) -> str:
    if len(hosts) == 1:
        return hosts[0]
    named = {"hosts": counted(len(hosts)), "names": ", ".join(hosts[:_NAMED_HOSTS])}
    if len(hosts) <= _NAMED_HOSTS:
        return Message("{hosts} ({names})", **named)
    return Message("{hosts} ({names} and {number} more)", **named, number=len(hosts) - _NAMED_HOSTS)
