# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a host is ready: what the parts of a run found on it, as one sentence and one table.

Private to the collection. Pure. A host is ready when every part that a join depends on was looked at, no required check
failed, and none is unproven.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, UNPROVEN, counts, failed, table
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight.looks import by_section

# Part of a run -> the variable in which its result is registered, in the order in which they are shown.
REPORTS = {
    "requirements": "ack_edge_requirements",
    "readiness": "readiness_report",
    "time_sync": "time_sync_report",
    "inbound_ports": "inbound_ports_report",
    "leased_line_routes": "leased_line_routes_report",
    "reachability": "reachability_report",
    "inbound_proof": "ack_edge_inbound_proof",
}
# The variable in which a look at the whole host is registered; what the roles registered after it is newer.
PREFLIGHT = "ack_edge_preflight"
DUPLICATES = "duplicate_hosts"
# The variable in which what duplicate_hosts found is registered.
ALIKE = "ack_edge_duplicate_hosts"
# Without one of these nobody knows whether a join works. The proof from the VPC needs a probe host, which many sites do
# not have.
NEEDED = ("readiness", "time_sync", "inbound_ports", "leased_line_routes", "reachability")
_TOLD = 3


def reports(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return {part: its result} of all that has looked at a host, by the variables of the host."""
    looked: dict[str, Any] = {}
    if _has_run(known.get(PREFLIGHT)):
        try:
            looked = dict(by_section(known[PREFLIGHT]))
        except (TypeError, KeyError, AttributeError):
            # part() says that it is no result of ours.
            looked = {PREFLIGHT: known[PREFLIGHT]}
    looked |= {name: known[key] for name, key in REPORTS.items() if _has_run(known.get(key))}
    return {name: looked[name] for name in [*REPORTS, *looked] if name in looked}


def _has_run(registered: Any) -> bool:
    """Return whether a task has run; one that was skipped has a result, too, and one without its tag has none."""
    return isinstance(registered, Mapping) and not registered.get("skipped")


def alike(known: Mapping[str, Any], given: Mapping[str, Any] | None = None) -> Any:
    """Return what duplicate_hosts found on a host, None where it was not asked.

    :arg known: the variables of the host. The result has every host of the run: as an argument, each host's task would
        work all of them out again.
    :arg given: the result, in place of the variable.
    """
    result = known.get(ALIKE) if given is None else given
    hosts = result.get("hosts") if isinstance(result, Mapping) else None
    return hosts.get(known["inventory_hostname"]) if isinstance(hosts, Mapping) else None


class Judgement(NamedTuple):
    """What is said of one host.

    ready: nothing failed, nothing is open and all was looked at. failed: names of required checks that failed.
    open_points: number of required checks that are unproven. looked_at: names of the parts. message: one sentence.
    lines: the table.
    """

    ready: bool
    failed: list[str]
    open_points: int
    looked_at: list[str]
    message: str
    lines: list[str]


def region_of(known: Mapping[str, Any]) -> str:
    """Return the region that a host was judged for, by the variables of the host."""
    for name, key in ((REPORTS["requirements"], "region"), (PREFLIGHT, "requirements")):
        value = known[name].get(key) if isinstance(known.get(name), Mapping) else None
        value = value.get("region") if isinstance(value, Mapping) else value
        if value:
            return str(value)
    return "the cluster"


def judge(host: str, region: str, reports: Mapping[str, Any]) -> Judgement:
    """Return what a run found on a host.

    :arg reports: part -> the registered result of its module; parts that did not run are missing or None.
    """
    parts = {name: part(reports[name]) for name in reports if reports[name] is not None}
    stopping = [check for found in parts.values() for check in found.failed]
    reasons = [reason for found in parts.values() for reason in found.reasons]
    open_points = sum(found.open_points for found in parts.values())
    missing = [name for name in NEEDED if name not in parts]
    lines = [line for name, found in parts.items() for line in (f"{name}:", *found.lines)]
    ready = not (stopping or open_points or missing)
    if stopping:
        message = f"{host} is not ready for {region}: {failures(reasons)}"
    elif missing:
        looked = ", ".join(name for name in NEEDED if name in parts)
        found = f"no required check failed in {looked}. " if looked else ""
        message = (
            f"{host}: {found}This run did not check {', '.join(missing)}, so it is unknown whether the host can join "
            f"in {region}"
        )
    elif open_points:
        said = "has joined, with" if _joined(reports) else "is ready but for"
        message = f"{host} {said} {open_points} open {'point' if open_points == 1 else 'points'} ({region})"
    else:
        message = (
            f"{host} has joined and is healthy ({region})" if _joined(reports) else f"{host} is ready for {region}"
        )
    return Judgement(ready, stopping, open_points, list(parts), message, lines)


def _joined(reports: Mapping[str, Any]) -> bool:
    """Return whether readiness found a member of the cluster; only where every part is a result of ours."""
    found = [item for item in reports["readiness"]["results"] if item["check"] == "host_state"]
    return bool(found) and found[-1]["status"] == PASS and found[-1]["data"].get("state") == "joined"


class Part(NamedTuple):
    """What one result says: names of required checks that failed, number of open points, lines of the table."""

    failed: list[str]
    open_points: int
    lines: list[str]
    reasons: list[str]  # of each that failed, its name and what was found


def part(report: Any) -> Part:
    """Return what a registered result says; one that is not a result of a module of ours is a failure.

    Whether Ansible calls the task failed does not count: a playbook that collects everything first lets none fail.
    """
    try:
        return _part(report, report.get("results"), report.get("failed_checks"))
    except (TypeError, KeyError, AttributeError, ValueError):
        said = "the host answered with something that is not a result of this module"
        return Part(["answer"], 0, [f"FAIL     {said}"], [f"answer: {said}"])


def _part(report: Mapping[str, Any], results: Any, names: Any) -> Part:
    message = str(report.get("msg") or "the module ended without a message").splitlines()
    if results is None or names is None:
        return Part(["error"], 0, message, message[:1])
    stopping = [item["check"] for item in failed(results)]
    reasons = [f"{item['check']}: {item['summary']}" for item in failed(results)]
    # Beside those of the verdicts, what a module names that could not do its work.
    others = [str(name) for name in names if name not in stopping]
    quiet = f"{counts(results)[PASS]} of {len(results)} pass" if results else "nothing to check"
    unproven = [item for item in results if item["status"] == UNPROVEN and item["data"].get("required", True)]
    lines = message if others else (table(results) or quiet).splitlines()
    return Part(stopping + others, len(unproven), lines, reasons + [f"{name}: {message[0]}" for name in others])


def failures(reasons: list[str]) -> str:
    """Return how many required checks failed, and the first of them with what was found."""
    count = f"{len(reasons)} required checks failed" if len(reasons) > 1 else "1 required check failed"
    more = f"; and {len(reasons) - _TOLD} more" if len(reasons) > _TOLD else ""
    return f"{count}: {'; '.join(reasons[:_TOLD])}{more}"
