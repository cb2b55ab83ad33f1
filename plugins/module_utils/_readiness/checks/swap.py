# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check swap: kubelet refuses to start with swap unless told otherwise; what edgeadm does is not published."""

from ansible_collections.ack_edge.node.plugins.module_utils._system import services
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "swap"
TITLE = "swap off"

_GENERATORS = ("/etc/systemd/zram-generator.conf", "/usr/lib/systemd/zram-generator.conf")
# systemd turns on swap partitions of the boot disk without a line there.
_FSTAB = "remove the swap lines from /etc/fstab (if it has none, mask what 'systemctl list-units --type swap' shows)"
# Without a line there: partitions of the boot disk, areas of zram, and the file that small boards make.
_UNITS = "/etc/systemd/system/*.wants/*.swap", "/run/systemd/generator.late/swap.target.wants/*.swap"
_SERVICES = ("zramswap", "zram-config", "zram-swap", "armbian-zram-config", "dphys-swapfile")
_ZRAM = "disable zram at boot (an empty file /etc/systemd/zram-generator.conf, or systemctl disable zramswap.service)"


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
            f"swap is on: {', '.join(areas)}; by default, kubelet does not start with swap",
            "swapoff -a, and " + " and ".join(_lasting(areas) + _disabled(facts.node)),
            "swapon --show",
            areas=areas,
        )
    later = _in_fstab(facts.node) + _by_systemd(facts.node)
    if later:
        return verdict(
            ID,
            WARN,
            f"swap is off, but {', '.join(later)} turns it on at boot; by default, kubelet does not start with swap",
            "; ".join([_FSTAB, _ZRAM, *_disabled(facts.node)]),
            "grep swap /etc/fstab; systemctl list-units --all --type swap",
            areas=[],
        )
    return verdict(ID, PASS, "swap is off", reproduce="swapon --show", areas=[])


def _in_fstab(node):
    """Return the swap areas that fstab turns on."""
    rows = [line.split() for line in (node.read("/etc/fstab") or "").splitlines() if not line.lstrip().startswith("#")]
    rows = [row for row in rows if len(row) > 2 and row[2] == "swap"]
    return [f"{row[0]} in /etc/fstab" for row in rows if len(row) < 4 or "noauto" not in row[3].split(",")]


def _by_systemd(node):
    """Return the units and the generator that turn swap on."""
    paths = [path for path in _GENERATORS if node.exists(path)][:1]
    paths += node.glob("/etc/systemd/zram-generator.conf.d/*.conf")
    zram = [path for path in paths if "\n[zram" in "\n" + (node.read(path) or "")]
    return [path for pattern in _UNITS for path in node.glob(pattern)] + zram + _services(node)


def _services(node):
    return [f"{name}.service" for name in _SERVICES if services.starts_at_boot(node, f"{name}.service")]


def _disabled(node):
    return [f"systemctl disable {name}" for name in _services(node)]


def _lasting(areas):
    """Return what keeps swap off after a restart."""
    zram = [area for area in areas if area.startswith("/dev/zram")]
    return ([_FSTAB] if len(areas) > len(zram) else []) + ([_ZRAM] if zram else [])
