# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is the clock right? One judgement for time_sync and the readiness check clock. Private to the collection."""

import re
from typing import NamedTuple, Optional, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._system import chronyc, ntpq
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, UNPROVEN, WARN, verdict

ID = "clock"
# Seconds. Certificates and tokens count whole seconds, and the packages of chrony step the clock beyond one second.
MAX_OFFSET = 1.0
_REMEDY = "set ntp_servers to servers that this node can reach, and run prepare_edge.yml"


class Clock(NamedTuple):
    """How the clock stands.

    :ivar tracking: what chronyd or ntpd says about itself, None where both are silent.
    :ivar offset: seconds that the clock is off, as far as the daemon knows.
    :ivar kernel: 'yes', 'no' or '' where that cannot be told: what the kernel says where both are silent.
    :ivar answering: how many of how many servers chronyd has heard from lately, None without chronyd.
    """

    tracking: Optional[chronyc.Tracking]
    offset: Optional[float]
    kernel: str = ""
    answering: Optional[Tuple[int, int]] = None


def observe(node):
    """Return a Clock.

    Never asks ``timedatectl timesync-status``: that can start timesyncd and so stop chronyd.
    """
    found = chronyc.tracking(node)
    if found is not None:
        # What is still to correct says nothing where chronyd may not touch the clock (chronyd -x): the distance to the
        # server that it follows does, and is small after a step everywhere else.
        servers = list(chronyc.sources(node, []).values())
        followed = [item.offset for item in servers if item.state == "*"]
        answering = sum(1 for item in servers if item.reach), len(servers)
        return Clock(found, max([found.offset, *followed]), answering=answering)
    found = ntpq.tracking(node)
    if found is not None:
        return Clock(found, found.offset)
    return Clock(None, None, _kernel(node))


def _kernel(node):
    """Return 'yes', 'no' or '' where timedatectl does not tell."""
    done = node.run(["timedatectl", "show", "-p", "NTPSynchronized"], timeout=20)
    if done.rc not in (0, 127):
        # Before systemd 239: "NTP synchronized: yes".
        done = node.run(["timedatectl", "status"], timeout=20)
    found = re.search(r"^(?:NTPSynchronized=| *(?:NTP|System clock) synchronized: )(yes|no)$", done.out, re.MULTILINE)
    return found.group(1) if done.rc == 0 and found else ""


def is_right(observed, max_offset):
    """Return whether chrony or ntpd keeps the clock right within ``max_offset`` seconds."""
    found = observed.tracking
    return found is not None and found.synchronised and observed.offset <= max_offset


def judge(observed, max_offset):
    """Return the verdict clock; max_offset in seconds."""
    found = observed.tracking
    if found is None:
        return _judge_kernel(observed.kernel)
    data = {"offset": observed.offset, "stratum": found.stratum, "reference": found.reference, "leap": found.leap}
    if observed.answering:
        data["answering"], data["servers"] = observed.answering
    if not found.synchronised:
        return verdict(
            ID, FAIL, f"{found.daemon} runs, but is not synchronised with any server", _REMEDY, found.reproduce, **data
        )
    if not is_right(observed, max_offset):
        how = " with 'chronyc makestep'" if found.daemon == "chronyd" else ""
        return verdict(
            ID,
            FAIL,
            f"the clock is {observed.offset:.3f} s off (by {found.reference}, stratum {found.stratum}), "
            f"expected at most {max_offset:g} s",
            "see whether that server is right; if it is, step the clock" + how,
            found.reproduce,
            **data,
        )
    return verdict(
        ID,
        PASS,
        f"the clock is {observed.offset:.6f} s off (by {found.reference}, stratum {found.stratum})",
        reproduce=found.reproduce,
        **data,
    )


def _judge_kernel(kernel):
    reproduce = "timedatectl"
    if kernel == "yes":
        return verdict(
            ID, PASS, "the clock is synchronised, by another client than chrony and ntpd", reproduce=reproduce
        )
    if kernel == "no":
        return verdict(ID, WARN, "nothing synchronises the clock of this node", _REMEDY, reproduce)
    return verdict(
        ID,
        UNPROVEN,
        "whether the clock is right cannot be told: none of chrony, ntpd and timedatectl answers",
        _REMEDY,
        "date -u",
    )
