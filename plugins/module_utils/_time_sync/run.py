# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sees how chrony stands on a node and carries out a plan. Private to the collection."""

import posixpath
import time

from ansible_collections.ack_edge.node.plugins.module_utils._manifest import Manifest, fits
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import clock as _clock
from ansible_collections.ack_edge.node.plugins.module_utils._system import os
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import (
    chronyc,
    config,
)
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import (
    layout as _layout,
)
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import (
    plan as _plan,
)
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import (
    units as _units,
)

NAME = "ack-edge"
_CAP_SYS_TIME = 25
_STATE = {"name": str, "enabled": bool, "active": bool}


def _unit(value):
    """See that this says how the unit of chrony stood, which it cannot where there was none.

    :raises ValueError: if it does not.
    """
    if value is not None and not fits(value, _STATE):
        raise ValueError


# What _plan._remembered() returns, and whether a run has come to its end.
_SHAPE = {"own?": str, "unit?": _unit, "conflicts?": [_STATE], "made_directory?": bool, "pending?": bool}
# Seconds in which a server that is asked with iburst has been asked four times; silent then is silent.
_IBURST = 10


def manifest_of(node):
    """Return the Manifest of what time_sync owns on the node."""
    return Manifest(node, "time_sync", NAME, _SHAPE)


def sweep(node):
    """Remove what a run that was killed while it wrote has left; only with the lock held."""
    manifest = manifest_of(node)
    manifest.tidy()
    for path in _places(node) | {manifest.load().get("own", manifest.path)}:
        node.sweep(path)


def forgotten(node):
    """Return {path: whether it is letter for letter ours} of our traces that are there without a manifest."""
    if manifest_of(node).load():
        return {}
    found = {}
    for path in sorted(_places(node)):
        text = node.read(path)
        if text is not None and path.endswith("/" + _layout.FILE_NAME):
            found[path] = config.is_ours(text)
        elif config.MARK in (text or ""):
            found[path] = True
    return found


def _places(node):
    """Return the paths that are written, or may have been: none on a system of no known family."""
    try:
        layout = _layout.of(os.family(node), os.os_release(node))
    except NodeError:
        return set()
    return {layout["conf"], layout["own"], config.place(node.read(layout["conf"]), layout)[0]}


def observe(node):
    """Return an Observed.

    :raises NodeError: if the system is of no known family or systemd does not answer.
    """
    layout = _layout.of(os.family(node), os.os_release(node))
    conf = node.read(layout["conf"])
    found = [(word, []) for word in layout["fresh_keywords"]]
    own, include = config.place(conf, layout)
    manifest = manifest_of(node).load()
    old = manifest.get("own") or _left(node, own, layout["own"])
    stale = (old, node.read(old)) if old != own and node.exists(old) else None
    units = _units.show(node, layout["units"] + _layout.CONFLICTS)
    ours = [unit for unit in units if unit.name in layout["units"]]
    return _plan.Observed(
        installed=bool(os.which(node, "chronyd") and os.which(node, "chronyc")),
        layout=layout,
        conf=conf,
        own=own,
        own_text=node.read(own),
        stale=stale,
        include=include,
        found=found if conf is None else config.foreign(node, layout["conf"], (own, old)),
        unit=ours[0] if ours else None,
        conflicts=[unit for unit in units if unit.name not in layout["units"]],
        clock_allowed=_clock_allowed(node),
        own_directory=node.exists(posixpath.dirname(own)),
        manifest=manifest,
    )


def _left(node, own, other):
    """Return where a file of ours lies that no manifest remembers, ``own`` for nowhere else."""
    return other if other != own and config.is_ours(node.read(other)) else own


def _clock_allowed(node):
    """Return whether services of this machine may set the clock: not in most containers."""
    for line in (node.read("/proc/1/status") or "").splitlines():
        if line.startswith("CapBnd:"):
            return bool(int(line.split()[1], 16) >> _CAP_SYS_TIME & 1)
    return True


def apply(node, plan):
    """Carry out a plan. Killed between any two steps, the next run goes on: the manifest says that one is pending.

    :raises NodeError: if a step fails, with what was done before it; the manifest stays pending.
    """
    done = []
    try:
        _carry_out(node, plan, done)
    except NodeError as error:
        before = f"; done before that: {', '.join(done)}" if done else "; no other step was done"
        raise NodeError(
            f"{error}{before}. Run again to continue, or run reset_edge.yml to undo what time_sync did",
            changed=bool(done) or error.changed,
        ) from None


def _carry_out(node, plan, done):
    """Do the steps of a plan, and tell each that is done."""
    manifest = manifest_of(node)
    known = plan.manifest if plan.manifest is not None else manifest.load()
    if known:
        manifest.store(dict(known, pending=True))
    _act(node, plan.stops, done)
    for path, _before, text in plan.writes:
        if text is None:
            node.remove(path)
        else:
            node.write(path, text)
        done.append(f"{'removed' if text is None else 'wrote'} {path}")
    _act(node, plan.steps, done)
    if plan.manifest is not None:
        manifest.store(dict(plan.manifest, pending=False))
        return
    if plan.made_directory and known.get("own"):
        node.remove_empty_directory(posixpath.dirname(known["own"]))
    manifest.forget()


def _act(node, steps, done):
    for verb, unit in steps:
        _units.act(node, verb, unit)
        done.append(f"systemctl {verb} {unit}")


def await_clock(node, max_offset, *, wait, running, clock=time.monotonic, sleep=time.sleep):
    """Wait until the clock is right, at most ``wait`` seconds; not at all where it is right already.

    :arg running: a daemon runs, so that one which does not answer yet is waited for.
    """
    # 'chronyc waitsync' asks every ten seconds before chrony 2.2, and asks chronyd only.
    end = clock() + wait
    while clock() < end:
        seen = _clock.observe(node)
        if _clock.is_right(seen, max_offset) or not (running or seen["tracking"]):
            break
        sleep(1)


def settle(node, servers, max_offset, *, wait, restarted, clock=time.monotonic, sleep=time.sleep):
    """Wait until the clock is right and, where chronyd is new, until the servers have had some time to answer.

    :arg restarted: chronyd is new.
    """
    end = clock() + wait
    await_clock(node, max_offset, wait=wait, running=True, clock=clock, sleep=sleep)
    end = min(end, clock() + _IBURST)
    while restarted and clock() < end:
        known = chronyc.sources(node, servers)
        if all(name in known and known[name].reach for name in servers):
            break
        sleep(1)
