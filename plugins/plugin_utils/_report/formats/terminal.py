# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as lines for a terminal. Private to the collection. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import (
    LOST,
    NOT_JUDGED,
    NOT_STARTED,
    OPEN,
    OPEN_POINT,
    READY,
    SECTIONS,
    STATES,
    STOPPED,
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


def as_lines(document: Document, causes: Iterable[Cause], most: int = 10, paths: Iterable[SitePath] = ()) -> list[str]:
    """Return the summary for a terminal: how many hosts are ready, what keeps the others, and where paths end.

    :arg most: how many causes are shown; failures come before open points.
    """
    hosts = document["hosts"]
    stopping = [cause for cause in causes if cause["status"] in (*LOST, "fail", OPEN_POINT)]
    lines = [_how_many(document)]
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
        mark = "open point: " if cause["status"] == OPEN_POINT else ""
        lines.append(f"  {_names(cause['hosts'])}: {mark}{cause['title']}: {cause['summary']}")
        if cause["remedy"]:
            lines.append(f"      to do: {cause['remedy']}")
    if len(stopping) > most:
        lines.append(f"  and {len(stopping) - most} more causes, which the report has")
    lines += _of_paths(paths)
    return [terminal(line) for line in lines]


def _fixed_by_a_run(found: list[Cause], causes: int, others: set[str]) -> list[str]:
    """Return two lines about what needs no people.

    :arg others: hosts on which something else failed, which may keep a run from its work there.
    """
    hosts = {name for cause in found for name in cause["hosts"]}
    titles = "; ".join(dict.fromkeys(cause["title"] for cause in found))
    first = "; on hosts that are named below too, fix that first" if hosts & others else ""
    share = f"{len(found)} of {causes} {'cause' if causes == 1 else 'causes'}"
    return [
        f"  prepare_edge fixes {share} on {counted(len(hosts))}: {titles}",
        f"      to do: run prepare_edge.yml{first}",
    ]


def _of_paths(found: Iterable[SitePath]) -> list[str]:
    """Return a line for each site whose path ends for some of its hosts where no run of prepare_edge fixes it."""
    stopping = [(path, ends) for path in found if (ends := [end for end in path.ends if end.fixed_by != PREPARE])]
    lines = [_of_path(path, ends) for path, ends in stopping[:_NAMED_PATHS]]
    more = len(stopping) - _NAMED_PATHS
    return [*lines, f"  and {more} more paths that end, which the report has"] if more > 0 else lines


def _of_path(path: SitePath, ends: list[End]) -> str:
    said = [f"{end.place}: {end.why}" for end in ends]
    verb = "ends" if len(ends[0].hosts) == 1 else "end"
    rest = [f"{len(end.hosts)} {text}" for end, text in zip(ends[1:], said[1:], strict=True)]
    first = f"{len(ends[0].hosts)} of {counted(path.hosts)} {verb} {said[0]}"
    return f"  {' '.join(filter(None, ('path', path.name)))}: {'; '.join([first, *rest])}"


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
    split = ", ".join(f"{number} {state}" for state, number in states if number)
    unjudged = [hosts[name] for name, found in where.items() if found == NOT_JUDGED]
    if not_judged == len(hosts):
        return f"{counted(len(hosts))} ({split}); not judged: {_looked_at(unjudged)}"
    opened = [len(open_points(hosts[name])) for name, found in where.items() if found == OPEN]
    more = f", {len(opened)} {points(opened)}" if opened else ""
    line = f"{ready} of {counted(len(hosts))} {'is' if len(hosts) == 1 else 'are'} ready{more} ({split})"
    if joined := [where[name] for name, record in hosts.items() if has_joined(record)]:
        healthy, rest = joined.count(READY), len(hosts) - ready - len(opened) - not_judged
        line = f"{healthy:,} joined and healthy, {ready - healthy:,} ready{more}, {rest:,} not ready ({split})"
    return f"{line}; {not_judged} not judged: {_looked_at(unjudged)}" if not_judged else line


def _looked_at(records: list[HostRecord]) -> str:
    """Return what was looked at on all of some hosts, and what was not."""
    each = [looked_at(record) for record in records]
    known = [name for name in SECTIONS.values() if all(name in names for names in each)]
    lacking = [name for name in SECTIONS.values() if name not in known]
    return f"{'only ' + ', '.join(known) if known else 'nothing'} looked at, not {', '.join(lacking)}"


def _names(hosts: list[str]) -> str:
    if len(hosts) == 1:
        return hosts[0]
    more = f" and {len(hosts) - _NAMED_HOSTS} more" if len(hosts) > _NAMED_HOSTS else ""
    return f"{counted(len(hosts))} ({', '.join(hosts[:_NAMED_HOSTS])}{more})"
