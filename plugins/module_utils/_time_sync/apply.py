# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carries out a plan of time_sync. Private to the collection."""

import posixpath
import time

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import chronyc, clock, services
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import manifest, observe

# Seconds in which a chronyd that cannot use its configuration has ended.
_START, _PAUSE = 3, 0.5
_INVERSE = {"stop": "start", "disable": "enable", "enable": "disable", "start": "stop"}


def sweep(node):
    """Remove what a run that was killed while it wrote has left; only with the lock held."""
    remembered = manifest.of(node)
    remembered.tidy()
    for path in observe.places(node) | {remembered.load().get("own", remembered.path)}:
        node.sweep(path)


def apply(node, plan):
    """Carry out a plan. Killed between any two steps, the next run goes on: the manifest says that one is pending.

    :raises NodeError: if a step fails, with what was done before it; the manifest stays pending. Time services
        that were stopped by then run again, for a node without any is worse than one without chrony.
    """
    done, acted = [], []
    try:
        _carry_out(node, plan, done, acted)
    except NodeError as error:
        before = f"; done before that: {', '.join(done)}" if done else "; no other step was completed"
        back = _give_back(node, plan, acted)
        raise NodeError(
            f"{error}{before}{back}. Run again to continue, or run reset_edge.yml to undo what time_sync did",
            changed=bool(done) or error.changed,
        ) from None


def _carry_out(node, plan, done, acted):
    """Do the steps of a plan, and tell each that is done: the old time service is stopped last."""
    remembered = manifest.of(node)
    known = plan.manifest if plan.manifest is not None else remembered.load()
    if known:
        remembered.store(dict(known, pending=True))
    for path, _before, text in plan.writes:
        if text is None:
            node.remove(path)
        else:
            node.write(path, text)
        done.append(f"{'removed' if text is None else 'wrote'} {path}")
    if plan.manifest is not None and plan.writes:
        _see_that_it_is_read(node, plan, done)
    for verb, unit in plan.stops + plan.steps:
        services.act(node, verb, unit)
        acted.append((verb, unit))
        done.append(f"systemctl {verb} {unit}")
    if plan.manifest is not None:
        _see_that_it_runs(node, plan.steps)
        remembered.store(dict(plan.manifest, pending=False))
        return
    if plan.made_directory and known.get("own"):
        node.remove_empty_directory(posixpath.dirname(known["own"]))
    remembered.forget()


def _see_that_it_is_read(node, plan, done):
    """See that chronyd takes its configuration with what was written, before anything is stopped.

    :raises NodeError: if it does not; the files are as before then.
    """
    problem = observe.rejected(node, plan.conf)
    if problem:
        for path, before, _text in reversed(plan.writes):
            if before is None:
                node.remove(path)
            else:
                node.write(path, before)
        done.append("restored the files")
        raise NodeError(f"chronyd rejects {plan.conf} with the lines of time_sync: {problem}")


def _see_that_it_runs(node, steps, now=time.monotonic, sleep=time.sleep):
    """Wait until a chronyd that was started answers; one that lives on without an answer does not let itself be asked.

    :raises NodeError: if it ended, which systemd does not tell of a unit of type simple.
    """
    started = [unit for verb, unit in steps if verb in ("start", "restart")]
    end = now() + _START
    while started:
        unit = services.show(node, started[-1:], "time_sync")[0]
        if not unit.active and unit.held and not clock.may_be_set(node):
            return
        if not unit.active:
            raise NodeError(f"{unit.name} was started, but does not run; see journalctl -u {unit.name} on the node")
        if chronyc.tracking(node) is not None or now() >= end:
            return
        sleep(_PAUSE)


def _give_back(node, plan, acted):
    """Undo what was done with units where a time service was stopped; return that in words."""
    if not [unit for verb, unit in acted if (verb, unit) in plan.stops]:
        return ""
    told, failed = [], []
    for verb, unit in reversed(acted):
        if verb in _INVERSE:
            try:
                services.act(node, _INVERSE[verb], unit)
                told.append(f"systemctl {_INVERSE[verb]} {unit}")
            except NodeError as error:
                failed.append(str(error))
    back = f"; rolled back: {', '.join(told)}" if told else ""
    return back + (f"; not rolled back, so this node may have no time service: {'; '.join(failed)}" if failed else "")
