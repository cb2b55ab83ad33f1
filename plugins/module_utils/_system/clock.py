# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is the clock right? One judgement for time_sync and the readiness check clock. Private to the collection."""

import re
from typing import NamedTuple, Optional, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._system import chronyc, ntpq, programs
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, UNPROVEN, WARN, verdict

ID = "clock"
# Seconds. Certificates and tokens count whole seconds, and the packages of chrony step the clock beyond one second.
MAX_OFFSET = 1.0
_NO_SERVICE = "no service synchronizes the clock of this node"
_REMEDY = "set ntp_servers to servers that this node can reach, and run prepare_edge.yml"


class Clock(NamedTuple):
    """How the clock stands.

    :ivar tracking: what chronyd or ntpd says about itself, None where both are silent.
    :ivar offset: seconds that the clock is off, as far as the daemon knows.
    :ivar kernel: 'yes', 'no' or '' where that cannot be told: what the kernel says where both are silent.
    :ivar service: 'yes', 'no' or '' where that cannot be told: whether systemd knows a time service that is on.
    :ivar running: names of the time daemons that run, where both are silent.
    :ivar settable: whether services of this machine may set the clock, which is that of its host else.
    :ivar answering: how many of how many servers chronyd has heard from lately, None without chronyd.
    :ivar silent: whether no known time daemon runs, and systemd does not say whether one does.
    :ivar obstacle: what keeps chronyd from following a server that may answer, and what to do; ('', '') for none.
    :ivar lost: whether chronyd rejects each server that answers, and goes by what it knew before.
    """

    tracking: Optional[chronyc.Tracking]
    offset: Optional[float]
    kernel: str = ""
    answering: Optional[Tuple[int, int]] = None
    service: str = ""
    running: Tuple[str, ...] = ()
    settable: bool = True
    obstacle: Tuple[str, str] = ("", "")
    silent: bool = False
    lost: bool = False

    @property
    def is_closed(self):
        """Whether chronyd runs and does not let itself be asked."""
        return self.tracking is None and "chronyd" in self.running


_CAP_SYS_TIME = 25
# States of a required server that chronyd will not follow as it is; W, P and U may be followed in a moment.
_USELESS = "NsMd~wSOTxD"
# Why none is followed although servers answer, and what to do about it; the first that is there counts.
_UNFIT = (
    (
        "x",
        "no majority of them agrees",
        "compare them with a trusted clock and remove wrong ones from chrony's configuration",
    ),
    ("d", "the root distance is above maxdistance", "set servers in ntp_servers that are nearer, or raise maxdistance"),
    ("~", "the jitter is above maxjitter", "set servers in ntp_servers that are steadier, or raise maxjitter"),
    ("W", "more servers are needed (minsources)", "set more servers in ntp_servers, or lower minsources"),
)
_TIMESYNC = "/run/systemd/timesync"
_SYNCHRONISED = re.compile(
    r"^(?:NTPSynchronized=| *(?:NTP|System clock) synchronized: )(yes|no)[ \t]*(?:\n|\Z)", re.MULTILINE
)
# Before systemd 239: "NTP enabled: no", "Network time on: no", "NTP service: inactive". What is enabled need not run.
_SERVICE = re.compile(
    r"^(?:NTP=(yes|no)| *(?:NTP enabled|Network time on): (no)| *NTP service: in(a)ctive)[ \t]*(?:\n|\Z)", re.MULTILINE
)
# What keeps a clock without being asked here: names as in /proc/*/comm, at most 15 characters. Not the tools of
# hypervisors, which run on every guest.
_DAEMONS = (
    "chronyd",
    "ntp-daemon",
    "ntpd",
    "openntpd",
    "phc2sys",
    "ptp4l",
    "ptpd",
    "systemd-timesyn",
    "timemaster",
)


def observe(node):
    """Return a Clock.

    Never asks ``timedatectl timesync-status``: that can start timesyncd and so stop chronyd.
    """
    found = chronyc.tracking(node)
    if found is not None:
        # What is still to correct says nothing where chronyd may not touch the clock (chronyd -x): the distance to the
        # server that it follows does, and is small after a step everywhere else.
        servers = chronyc.all_sources(node)
        followed = [item.offset for item in servers if item.state == "*"]
        answering = sum(1 for item in servers if item.reach), len(servers)
        lost = found.synchronised and _all_rejected(servers)
        obstacle = _obstacle(node, servers) if lost or not found.synchronised else ("", "")
        return Clock(found, max([found.offset, *followed]), answering=answering, obstacle=obstacle, lost=lost)
    found = ntpq.tracking(node)
    if found is not None:
        return Clock(found, found.offset)
    names = set(programs.processes(node).values())
    kernel, service = _kernel(node)
    running = tuple(sorted(names & set(_DAEMONS)))
    # It makes the file at its first correction; what the kernel says is of an earlier service until then.
    if running == ("systemd-timesyn",) and node.exists(_TIMESYNC) and not node.exists(_TIMESYNC + "/synchronized"):
        kernel = "no"
    silent = bool(names) and not running and not service
    return Clock(None, None, kernel, None, service, running, may_be_set(node), silent=silent)


def _all_rejected(servers):
    """Return whether servers answer, and chronyd uses none."""
    heard = [item for item in servers if item.reach]
    return bool(heard) and all(item.is_rejected for item in heard)


def _obstacle(node, servers):
    """Return what in the configuration of the site keeps chronyd from following a server, and what to do about it."""
    known = chronyc.selection(node)
    missing = [item.name for item in known if item.required and item.state in _USELESS]
    if missing and not [item for item in known if item.required and item.state not in _USELESS]:
        names = ", ".join(missing)
        return (
            f"its configuration requires {names} (an authenticated source, or the option require), which cannot be "
            f"used",
            f"allow this node to reach {names} (UDP 123, with NTS also TCP 4460), or remove it from the site's "
            "configuration or set 'authselectmode ignore' there; other servers in ntp_servers do not help",
        )
    barred = [item.name for item in known if item.noselect]
    if barred and not [item for item in known if not item.noselect and item.state != "s"]:
        return (
            f"{', '.join(barred)} has the option noselect, so it is measured, but never selected",
            "remove the option noselect from the site's configuration, or set other servers in ntp_servers",
        )
    if chronyc.offline(node):
        return (
            f"{chronyc.offline(node)} of its servers are not queried (the option offline)",
            "remove the option offline from the site's configuration and run 'chronyc online'",
        )
    for state, why, remedy in _UNFIT:
        names = sorted({item.name for item in known or servers if item.state == state})
        if names:
            return f"{why} ({', '.join(names)})", remedy
    return "", ""


def _kernel(node):
    """Return whether the clock is synchronised and whether a time service is on: 'yes', 'no' or '' for not told."""
    done = node.run(["timedatectl", "show", "-p", "NTP", "-p", "NTPSynchronized"], timeout=20)
    if done.rc not in (0, 127):
        # Before systemd 239: "NTP synchronized: yes".
        done = node.run(["timedatectl", "status"], timeout=20)
    found = [pattern.search(done.out) if done.rc == 0 else None for pattern in (_SYNCHRONISED, _SERVICE)]
    said = [match.group(match.lastindex) if match else "" for match in found]
    return said[0], said[1].replace("a", "no")


def may_be_set(node):
    """Return whether services of this machine may set the clock: not in most containers."""
    for line in (node.read("/proc/1/status") or "").splitlines():
        if line.startswith("CapBnd:"):
            return bool(int(line.split()[1], 16) >> _CAP_SYS_TIME & 1)
    return True


def is_right(observed, max_offset):
    """Return whether chrony or ntpd keeps the clock right within ``max_offset`` seconds."""
    found = observed.tracking
    return found is not None and found.synchronised and observed.offset <= max_offset


def judge(observed, max_offset):
    """Return the verdict clock; max_offset in seconds."""
    found = observed.tracking
    if found is None:
        return _judge_kernel(observed)
    data = {"offset": observed.offset, "stratum": found.stratum, "reference": found.reference, "leap": found.leap}
    if observed.answering:
        data["answering"], data["servers"] = observed.answering
    if not found.synchronised:
        why, remedy = observed.obstacle
        reproduce = "chronyc selectdata; chronyc activity" if why else found.reproduce
        summary = f"{found.daemon} runs, but is not synchronized with any server"
        return verdict(ID, FAIL, summary + (why and f": {why}"), remedy or _REMEDY, reproduce, **data)
    if not is_right(observed, max_offset):
        how = " with 'chronyc makestep'" if found.daemon == "chronyd" else ""
        return verdict(
            ID,
            FAIL,
            f"the clock is {observed.offset:.3f} s off (by {found.reference}, stratum {found.stratum}), "
            f"expected at most {max_offset:g} s",
            "check whether that server is right; if it is, step the clock" + how,
            found.reproduce,
            **data,
        )
    how_far = f"the clock is {observed.offset:.6f} s off (by {found.reference}, stratum {found.stratum})"
    if observed.answering and observed.answering[0] == 0 < observed.answering[1]:
        summary = f"{how_far}, but none of the {observed.answering[1]} servers of chronyd has answered lately"
        return verdict(ID, WARN, summary, _REMEDY, "chronyc sources", **data)
    if observed.lost:
        why, remedy = observed.obstacle
        summary = f"{how_far}, but chronyd rejects each server that answers" + (why and f": {why}")
        return verdict(ID, WARN, summary, remedy or _UNFIT[0][2], "chronyc sources; chronyc selectdata", **data)
    return verdict(
        ID,
        PASS,
        how_far,
        reproduce=found.reproduce,
        **data,
    )


def _judge_kernel(observed):
    reproduce, kernel = "timedatectl", observed.kernel
    if observed.is_closed:
        said = {"yes": "synchronized", "no": "not synchronized"}.get(kernel, "neither synchronized nor unsynchronized")
        summary = f"chronyd runs, but does not answer chronyc; the kernel reports the clock as {said}"
        if kernel == "yes":
            return verdict(ID, PASS, summary, reproduce=reproduce)
        remedy = (
            "allow chronyc to query it (bindcmdaddress and cmdport in its configuration), or see 'journalctl -u "
            "chronyd'"
        )
        return verdict(ID, UNPROVEN, summary, remedy, "chronyc tracking")
    if kernel == "yes" and observed.service == "no" and not observed.running and observed.settable:
        # It says so for hours after the last correction.
        return verdict(
            ID,
            FAIL,
            "no time service runs: the kernel still reports the clock as synchronized from an earlier one",
            _REMEDY,
            reproduce,
        )
    card = observed.service != "yes" and observed.running == ("ptp4l",)
    if kernel == "yes" and not (observed.settable and (observed.silent or card)):
        return verdict(
            ID, PASS, "the clock is synchronized by another client than chrony and ntpd", reproduce=reproduce
        )
    if kernel == "no":
        names = ", ".join(observed.running)
        summary = f"{names} runs, but the clock is not reported as synchronized" if names else _NO_SERVICE
        return verdict(ID, WARN, summary, _REMEDY, reproduce)
    why = f"none of chrony, ntpd and {'other known time services runs' if kernel else 'timedatectl answers'}"
    if card:
        why = "ptp4l runs without phc2sys, so it may set the clock of a network card alone"
    return verdict(ID, UNPROVEN, f"the state of the clock is unknown: {why}", _REMEDY, "date -u")
