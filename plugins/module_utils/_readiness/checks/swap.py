# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check swap: kubelet refuses to start with swap unless told otherwise; what edgeadm does is not published."""

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "swap"
TITLE = "swap off"


def run(facts, inputs):
    """Warn about active swap areas."""
    areas = [line.split()[0] for line in (facts.node.read("/proc/swaps") or "").splitlines()[1:] if line.strip()]
    if areas:
        return verdict(
            ID,
            WARN,
            f"swap is on: {', '.join(areas)}; kubelet refuses to start with swap by default",
            "swapoff -a, and " + " and ".join(_lasting(areas)),
            "swapon --show",
            areas=areas,
        )
    return verdict(ID, PASS, "swap is off", reproduce="swapon --show", areas=[])


def _lasting(areas):
    """Return what keeps swap off after a restart."""
    zram = [area for area in areas if area.startswith("/dev/zram")]
    found = ["take the swap lines out of /etc/fstab"] if len(areas) > len(zram) else []
    if zram:
        found.append(
            "keep zram from coming back at each start (an empty file /etc/systemd/zram-generator.conf, or systemctl "
            "disable zramswap.service)"
        )
    return found
