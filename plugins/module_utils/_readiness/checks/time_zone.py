# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check time_zone: a hardware clock in local time makes the clock jump by hours at a start."""

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "time_zone"
TITLE = "time zone"

_ADJTIME = "/etc/adjtime"


def run(facts, inputs):
    """Warn about a hardware clock in local time; data.zone lets the fleet report compare sites."""
    zone = (facts.node.link_target("/etc/localtime") or "").partition("/zoneinfo/")[2]
    zone = zone or (facts.node.read("/etc/timezone") or "").strip() or "unknown"
    lines = (facts.node.read(_ADJTIME) or "").splitlines()
    if len(lines) > 2 and lines[2].strip() == "LOCAL":
        return verdict(
            ID,
            WARN,
            f"the hardware clock keeps local time ({zone}), so after a boot the clock is wrong by the offset to UTC "
            "until chrony corrects it, and tokens and certificates are rejected",
            "timedatectl set-local-rtc 0",
            "timedatectl",
            zone=zone,
        )
    return verdict(
        ID, PASS, f"the hardware clock keeps UTC, the time zone is {zone}", reproduce="timedatectl", zone=zone
    )
