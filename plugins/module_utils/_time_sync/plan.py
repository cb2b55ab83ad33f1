# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to change so that chrony keeps the clock with the wanted servers. Pure. Private to the collection."""

from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import config


class Plan(NamedTuple):
    """What is to be done.

    :ivar writes: (path, text before or None, text after or None), done first.
    :ivar stops: (verb, unit) of other time services, after the writes; steps the same of chrony, after these.
    :ivar manifest: what to remember, None to forget.
    :ivar made_directory: whether the directory of our file is ours.
    :ivar diff: (before, after) in words.
    :ivar conf: path of the configuration of chronyd.
    """

    stops: List[Tuple[str, str]]
    writes: List[Tuple[str, Optional[str], Optional[str]]]
    steps: List[Tuple[str, str]]
    manifest: Optional[Dict[str, Any]]
    made_directory: bool
    diff: Tuple[str, str]
    conf: str


# How a unit stands before and after a step, for the diff.
_WORDS = {
    "disable": ("enabled", "disabled"),
    "enable": ("disabled", "enabled"),
    "restart": ("runs with the old configuration", "runs with the new configuration"),
    "start": ("stopped", "running"),
    "stop": ("running", "stopped"),
}
_NOT_INSTALLED = (
    "chrony is not installed, expected chronyd and chronyc; run the role system_tools first (prepare_edge.yml does), "
    "or set time_sync_manage to verify_only if another client sets the clock"
)


def changes(plan):
    """Return whether the plan changes anything on the node."""
    return bool(plan.writes or plan.stops or plan.steps)


def problems(seen, check_mode):
    """Return what hinders present(), a list of sentences; in check mode chrony may still be to come."""
    if not seen.installed:
        return [] if check_mode else [_NOT_INSTALLED]
    if seen.conf is None:
        return [f"{seen.layout.conf} is missing although chrony is installed; reinstall the package chrony"]
    if seen.unit is None:
        names = ", ".join(seen.layout.units)
        return [f"chrony is installed, but systemd knows none of {names}; reinstall the package chrony"]
    if seen.unit.load == "masked":
        name = seen.unit.name
        return [
            f"the unit {name} is masked, so it must not run; 'systemctl unmask {name}', or set time_sync_manage to "
            "verify_only"
        ]
    if seen.rejected:
        return [
            f"chronyd rejects {seen.layout.conf} as it is: {seen.rejected}; fix it ('chronyd -p -f "
            f"{seen.layout.conf}' shows it), or set time_sync_manage to verify_only"
        ]
    return _other_chronyd(seen)


def unwritable(seen, steps):
    """Return what hinders the writes of a plan, a list of sentences; one that changes nothing needs no write."""
    if not changes(steps) or not seen.read_only:
        return []
    return [
        f"{', '.join(seen.read_only)} is on a file system that is mounted read-only, so chrony cannot be configured; "
        "find out why ('findmnt -O ro', dmesg) and mount it writable, or set time_sync_manage to verify_only"
    ]


def _other_chronyd(seen):
    """Return what hinders present() where chronyd does not read what we write."""
    for unit in seen.conflicts:
        if unit.name == config.TIMEMASTER and (unit.active or unit.enabled):
            return [
                f"{unit.name} sets the clock with PTP and its own chronyd, so another one cannot run; set "
                f"time_sync_manage to verify_only, or stop and disable {unit.name}"
            ]
    if seen.strangers:
        return [
            f"another chronyd runs beside {seen.unit.name}: {', '.join(seen.strangers)}; two cannot control one "
            "clock. Stop what starts it, or set time_sync_manage to verify_only"
        ]
    if seen.given:
        keyword, arguments = seen.given[0]
        return [
            f"chronyd gets its configuration from its command line ('{' '.join([keyword, *arguments])}' and more), so "
            f"it reads no file; remove that (systemctl cat {seen.unit.name}), or set time_sync_manage to verify_only"
        ]
    if seen.read_conf not in ("", seen.layout.conf):
        return [
            f"chronyd reads {seen.read_conf} (its option -f) and not {seen.layout.conf}, so changes there have no "
            "effect; put the servers into that file and set time_sync_manage to verify_only, or remove the option "
            f"(systemctl cat {seen.unit.name})"
        ]
    return []


def present(seen, servers, max_offset):
    """Return the Plan that makes chrony run with the servers."""
    text = config.content(servers, seen.found, max_offset)
    writes = _writes(seen, text)
    stops = [(verb, unit.name) for unit in seen.conflicts for verb in _stop_verbs(unit)]
    pending = bool(seen.manifest.get("pending"))
    steps = _service_steps(seen, bool(writes) or pending)
    return Plan(
        stops,
        writes,
        steps,
        _remembered(seen),
        _made_directory(seen),
        _diff(seen, writes, stops + steps),
        seen.layout.conf,
    )


def absent(seen):
    """Return the Plan that takes back everything that present() did, as the manifest remembers it."""
    writes = _writes(seen, None)
    before = {item["name"]: item for item in seen.manifest.get("conflicts", [])}
    steps = _restore_unit(seen, bool(writes) or bool(seen.manifest.get("pending")))
    for unit in seen.conflicts:
        then = before.get(unit.name)
        if then and then["enabled"] and not unit.enabled:
            steps.append(("enable", unit.name))
        if then and then["active"] and not unit.active:
            steps.append(("start", unit.name))
    return Plan(
        [], writes, steps, None, bool(seen.manifest.get("made_directory")), _diff(seen, writes, steps), seen.layout.conf
    )


def _writes(seen, text):
    """Return the writes for our file, text None meaning it has to go, and for the line in conf that reads it."""
    conf = after = seen.conf or ""
    gone = []
    if seen.stale:
        gone = [(seen.stale[0], seen.stale[1], None)]
        after = config.without_include(after, seen.stale[0])
    needed = seen.include and text is not None
    after = config.with_include(after, seen.own) if needed else config.without_include(after, seen.own)
    in_conf = [(seen.layout.conf, seen.conf, after)] if after != conf else []
    in_own = [(seen.own, seen.own_text, text)] if text != seen.own_text else []
    # At no moment may conf read a file that is not there: chronyd would not start after a crash between.
    return (in_conf + in_own if text is None else in_own + in_conf) + gone


def _stop_verbs(unit):
    if unit.load == "masked":
        return []
    return (["stop"] if unit.active else []) + (["disable"] if unit.enabled else [])


def _service_steps(seen, restart):
    unit = seen.unit
    name = unit.name if unit else seen.layout.units[0]
    steps = [("enable", name)] if unit is None or unit.can_enable else []
    if unit is not None and unit.active:
        return steps + ([("restart", name)] if restart else [])
    # Where a container has no right to set the clock, systemd has tried once and holds the unit: no use to try again.
    if unit is not None and unit.held and not seen.clock_allowed:
        return steps
    return [*steps, ("start", name)]


def _restore_unit(seen, restart):
    unit, before = seen.unit, seen.manifest.get("unit")
    if unit is None:
        return []
    steps = []
    if before and unit.enabled and not before["enabled"]:
        steps.append(("disable", unit.name))
    if before and unit.active and not before["active"]:
        steps.append(("stop", unit.name))
    elif unit.active and restart:
        steps.append(("restart", unit.name))
    return steps


def _remembered(seen):
    """Return how things stood before our first run; a later run keeps what the first one saw."""
    known = {item["name"] for item in seen.manifest.get("conflicts", [])}
    conflicts = list(seen.manifest.get("conflicts", [])) + [
        _state(unit) for unit in seen.conflicts if unit.name not in known and _stop_verbs(unit)
    ]
    return {
        "own": seen.own,
        "unit": seen.manifest.get("unit") or (_state(seen.unit) if seen.unit else None),
        "conflicts": conflicts,
        "made_directory": _made_directory(seen),
    }


def _made_directory(seen):
    return seen.manifest.get("made_directory", not seen.own_directory)


def _state(unit):
    return {"name": unit.name, "enabled": unit.enabled, "active": unit.active}


def _diff(seen, writes, steps):
    before, after = [], []
    for path, old, new in writes:
        if path == seen.layout.conf:
            shown = f"include {seen.own}"
            before.append(f"{path}: {'with' if shown in (old or '') else 'without'} '{shown}'")
            after.append(f"{path}: {'with' if shown in new else 'without'} '{shown}'")
        else:
            before.append(_file_text(path, old))
            after.append(_file_text(path, new))
    for verb, name in steps:
        before.append(f"{name}: {_WORDS[verb][0]}")
        after.append(f"{name}: {_WORDS[verb][1]}")
    return "".join(line.rstrip("\n") + "\n" for line in before), "".join(line.rstrip("\n") + "\n" for line in after)


def _file_text(path, text):
    return f"{path}: absent" if text is None else f"{path}:\n{text}"
