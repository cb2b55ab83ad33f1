# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What chrony's state means: one verdict for each server, and one for the clock. Private to the collection. Pure."""

from ansible_collections.ack_edge.node.plugins.module_utils._system import clock as _clock
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import config
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, SKIPPED, UNPROVEN, WARN, verdict

_RUN = "run prepare_edge.yml"


def results(seen, servers, sources, observed, max_offset, verify_only=False):
    """Return the verdicts: the servers in their order ('servers' where none is given), then 'clock'.

    :arg seen: an Observed. :arg sources: dict name -> Source. :arg observed: what _clock.observe returned.
    :arg verify_only: the site keeps the clock by its own means, so a server that it does not use is no fault.
    """
    overall = clock(seen, observed, max_offset)
    options = config.options_of(seen.found + config.directives(seen.own_text))
    # By whichever of its names: chronyd asks an address once.
    configured = set(options) | {name for name in servers if name in sources and sources[name].name != name}
    if not servers:
        # A clock of the node's own hardware (GPS, PPS, PTP) is a source, too.
        clocks = {" ".join(words[:2]) for keyword, words in seen.found if keyword == "refclock"}
        return [_no_servers(configured | clocks), overall]
    gone = {"drift": True} if drifted(seen) else {}
    # A server that is of no use while the clock is right is worth a warning, not the run.
    bad = WARN if overall["status"] == PASS else FAIL
    verdicts = []
    for name in servers:
        if name not in configured and verify_only:
            verdicts.append(verdict(name, SKIPPED, "is not used: the site controls this clock itself"))
        elif name not in configured:
            verdicts.append(verdict(name, FAIL, "is not configured in chrony", _RUN, "chronyc -N sources", **gone))
        elif observed.is_closed:
            verdicts.append(
                verdict(
                    name,
                    UNPROVEN,
                    "is configured; chronyd runs, but does not answer chronyc",
                    "allow chronyc to query it (bindcmdaddress and cmdport in its configuration)",
                    "chronyc -N sources",
                )
            )
        elif _is_held(seen):
            verdicts.append(
                verdict(
                    name,
                    UNPROVEN,
                    "is configured, but chrony does not run here, so it is not used",
                    "synchronize the clock on the host of this container",
                )
            )
        elif seen.unit is not None and not seen.unit.active and name not in sources:
            verdicts.append(_stopped(name, seen.unit.name, bad))
        else:
            verdicts.append(_server(name, sources.get(name), bad, max_offset, options.get(name, ())))
    return [*verdicts, overall]


def drifted(seen):
    """Return whether somebody else has taken out or changed what an earlier run has configured."""
    if not seen.manifest or seen.manifest.get("pending"):
        return False
    conf = seen.conf or ""
    unread = seen.include and config.with_include(conf, seen.own) != conf
    return unread or not config.is_ours(seen.own_text)


def _stopped(name, unit, status):
    return verdict(
        name,
        status,
        f"is configured, but {unit} does not run, so it is not used",
        f"check 'journalctl -u {unit}' on the node, then run prepare_edge.yml",
        f"systemctl status {unit}",
    )


def clock(seen, observed, max_offset):
    """Return the verdict of the whole: chrony's own state first, then what it says about the clock."""
    if observed.tracking is None and observed.kernel != "yes" and not observed.is_closed:
        if not seen.installed:
            return verdict(
                _clock.ID,
                FAIL,
                "chrony is not installed, and no other service synchronizes the clock",
                _RUN,
                "command -v chronyd",
            )
        if _is_held(seen):
            return verdict(
                _clock.ID,
                WARN,
                "chrony is configured, but not started: this node cannot set its clock (no CAP_SYS_TIME: a container)",
                "synchronize the clock on the host of this container",
                "grep CapBnd /proc/1/status",
                required=False,
            )
        if seen.unit is None or not seen.unit.active:
            name = seen.unit.name if seen.unit else seen.layout.units[0]
            state = "masked" if seen.unit is not None and seen.unit.load == "masked" else "not running"
            return verdict(
                _clock.ID,
                FAIL,
                f"the unit {name} is {state}",
                f"systemctl unmask {name}" if state == "masked" else _RUN,
                f"systemctl status {name}",
            )
    return _clock.judge(observed, max_offset)


def _is_held(seen):
    unit = seen.unit
    return unit is not None and unit.load == "loaded" and not unit.active and unit.held and not seen.clock_allowed


def _no_servers(configured):
    if configured:
        names = sorted(configured)
        return verdict(
            "servers",
            PASS,
            f"no servers are given; chrony keeps the existing ones: {', '.join(names)}",
            configured=names,
        )
    return verdict(
        "servers",
        UNPROVEN,
        "no servers are given, and chrony has none configured",
        "set ntp_servers to time servers of the site or the cloud",
        configured=[],
    )


def _barred(name, found, bad, options, **data):
    """Return the verdict of a server that an option of its line keeps from being followed, None for any other."""
    if "noselect" in options and found.reach:
        summary = "answers, but its line in the site's configuration has noselect: it is measured, but never selected"
    elif "offline" in options and not found.reach:
        summary = "is not queried: its line in the site's configuration has offline"
    else:
        return None
    option = "noselect" if found.reach else "offline"
    remedy = f"remove the option {option} from the line of {name}, then restart chrony"
    return verdict(name, bad, summary, remedy, "chronyc selectdata; chronyc activity", **data)


def _server(name, found, bad, max_offset, options=()):
    """Judge one server that is configured.

    :arg bad: the status of one that is of no use. :arg options: those of its line in the configuration.
    """
    if found is None:
        return verdict(
            name,
            bad,
            "is configured, but chronyd does not query it: the name does not resolve, or chronyd does not run",
            f"check that the nameservers of the node resolve {name}",
            f"getent hosts {name}",
        )
    data = {"offset": found.offset, "stratum": found.stratum, "reach": found.reach}
    reproduce = "chronyc -N sources"
    barred = _barred(name, found, bad, options, **data)
    if barred:
        return barred
    if not found.reach:
        ports = "UDP 123 and, for NTS, TCP 4460" if "nts" in options else "UDP 123"
        return verdict(
            name,
            bad,
            "does not answer, or is not synchronized itself",
            f"allow {ports} from this node to {name}, or set another server in ntp_servers",
            reproduce,
            **data,
        )
    if found.offset > max_offset:
        return verdict(
            name,
            bad,
            f"differs by {found.offset:.3f} s from the clock of this node, expected at most {max_offset:g} s",
            "compare both with a trusted clock",
            reproduce,
            **data,
        )
    if found.is_rejected:
        why = {"x": "its time differs from the other servers", "~": "its time varies too much"}
        return verdict(
            name,
            WARN,
            f"answers, but chronyd rejects it: {why.get(found.state, 'chronyc selectdata shows the reason')}",
            "compare the servers with 'chronyc -N sources' and keep only correct ones",
            reproduce,
            **data,
        )
    return verdict(
        name, PASS, f"answers, stratum {found.stratum}, offset {found.offset:.6f} s", reproduce=reproduce, **data
    )


def taken_back(still_there):
    """Return the verdict of a reset, or of a look at whether one has something to do."""
    if still_there:
        return verdict("time_sync", FAIL, "the configuration of time_sync is on the node", "run reset_edge.yml")
    return verdict("time_sync", PASS, "no configuration of time_sync is on the node")


def not_ours(paths):
    """Return the verdict of a reset that finds files in our place that we may not have written."""
    return verdict(
        "time_sync",
        WARN,
        f"{', '.join(paths)} exists, but no manifest lists it and its content is not from time_sync, so it was not "
        "changed",
        "check it and remove it by hand if this node does not need it, then restart chrony",
        f"cat {' '.join(paths)}",
        required=False,
    )


def half_known(paths):
    """Return the verdict of a reset that had no manifest."""
    return verdict(
        "time_sync",
        WARN,
        f"the lines of time_sync in {', '.join(paths)} are removed, but its manifest was missing: the time services "
        "that it had stopped and the earlier state of chrony are unknown",
        "enable and start the earlier time service of this node, if it had one",
        "systemctl list-units '*ntp*' '*chron*' '*timesync*' --all",
        required=False,
    )
