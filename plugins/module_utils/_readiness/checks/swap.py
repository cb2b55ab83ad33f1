# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check swap: kubelet refuses to start with swap unless told otherwise; what edgeadm does is not published."""

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "swap"
TITLE = "swap off"

# systemd turns on swap partitions of the boot disk without a line there.
_FSTAB = "take the swap lines out of /etc/fstab (where it has none, mask what 'systemctl list-units --type swap' shows)"


def run(facts, inputs):
    """Warn about swap areas that are active, or will be after a reboot; data.areas are those that are active now."""
    areas = [line.split()[0] for line in (facts.node.read("/proc/swaps") or "").splitlines()[1:] if line.strip()]
    if areas and facts.is_member(inputs):
        return verdict(ID, PASS, f"swap is on ({', '.join(areas)}), and kubelet of this member runs with it",
                       reproduce="swapon --show", areas=areas)  # fmt: skip
    if areas:
        return verdict(
            ID,
            WARN,
            f"swap is on: {', '.join(areas)}; kubelet refuses to start with swap by default",
            "swapoff -a, and " + " and ".join(_lasting(areas)),
            "swapon --show",
            areas=areas,
        )
    later = _in_fstab(facts.node)
    if later:
        return verdict(
            ID,
            WARN,
            f"swap is off, but /etc/fstab turns on {', '.join(later)} at each boot; kubelet refuses to start with swap "
            "by default",
            "take the swap lines out of /etc/fstab",
            "grep swap /etc/fstab",
            areas=[],
        )
    return verdict(ID, PASS, "swap is off", reproduce="swapon --show", areas=[])


def _in_fstab(node):
    """Return the swap areas that fstab turns on."""
    rows = [line.split() for line in (node.read("/etc/fstab") or "").splitlines() if not line.lstrip().startswith("#")]
    rows = [row for row in rows if len(row) > 2 and row[2] == "swap"]
    return [row[0] for row in rows if len(row) < 4 or "noauto" not in row[3].split(",")]


def _lasting(areas):
    """Return what keeps swap off after a restart."""
    zram = [area for area in areas if area.startswith("/dev/zram")]
    found = [_FSTAB] if len(areas) > len(zram) else []
    if zram:
        found.append(
            "keep zram from coming back at each start (an empty file /etc/systemd/zram-generator.conf, or systemctl "
            "disable zramswap.service)"
        )
    return found
