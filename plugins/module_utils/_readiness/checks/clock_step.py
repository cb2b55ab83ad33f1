# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check clock_step: the clock has been set back, so that certificates and leases of before are not valid yet."""

from ansible_collections.ack_edge.node.plugins.module_utils._system import services
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, UNPROVEN, WARN, verdict

ID = "clock_step"
TITLE = "steps of the clock"

# Written by an installation, by each start or by a running time service: the newest of them cannot be newer than now.
WITNESSES = (
    "/etc/machine-id",
    "/etc/ssh/ssh_host_ed25519_key",
    "/etc/ssh/ssh_host_rsa_key",
    "/var/lib/dbus/machine-id",
    "/var/lib/systemd/random-seed",
    "/var/lib/systemd/timesync/clock",
    "/var/lib/chrony/drift",
    "/var/lib/ntp/drift",
    "/var/log/wtmp",
    services.BOOTED,
)
_SLACK = 60  # seconds


def run(facts, inputs):
    """Warn where files have a date of the future; data.ahead is by how many seconds the newest does."""
    there = [path for path in WITNESSES if facts.node.exists(path)]
    now = facts.node.run(["date", "+%s"]).out.strip()
    dates = facts.node.run(["stat", "--format", "%Y %n", *there]).out if there else ""
    rows = [line.partition(" ") for line in dates.splitlines()]
    rows = [(int(date), path) for date, _blank, path in rows if date.isdigit()]
    if not rows or not now.isdigit():
        return verdict(
            ID,
            UNPROVEN,
            "no file shows when the node was last written to",
            "compare 'date' with a trusted clock",
            "date -u",
        )
    date, path = max(rows)
    if date > int(now) + _SLACK:
        return verdict(
            ID,
            WARN,
            f"{path} was written {date - int(now)} s in the future: the clock has been set back since, or is wrong now",
            "check that the clock is right (role time_sync); reissue certificates that were issued before",
            f"stat {path}",
            ahead=date - int(now),
        )
    return verdict(ID, PASS, "no file has a modification time in the future", reproduce="date -u", ahead=0)
