# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check gpu_driver: edgeadm makes a GPU node only where the driver is there before."""

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "gpu_driver"
TITLE = "driver of the GPU"

DEVICES = "/sys/bus/pci/devices"
DRIVER = "/proc/driver/nvidia/version"
_NVIDIA, _DISPLAY = "0x10de", "0x03"


def run(facts, inputs):
    """Warn about an NVIDIA GPU without a loaded driver."""
    found = [
        name
        for name in facts.node.listdir(DEVICES)
        if _of(facts.node, name, "vendor") == _NVIDIA and _of(facts.node, name, "class").startswith(_DISPLAY)
    ]
    if found and not facts.node.exists(DRIVER):
        return verdict(
            ID,
            WARN,
            f"GPU {', '.join(found)} has no driver, so Pods cannot use it",
            "install the NVIDIA driver before joining, so that 'nvidia-smi' lists the GPU; if the GPU is not for the "
            f"cluster, add {ID} to skip_checks",
            "nvidia-smi",
            devices=found,
        )
    text = f"the driver of GPU {', '.join(found)} is loaded" if found else "the node has no NVIDIA GPU"
    return verdict(ID, PASS, text, reproduce="nvidia-smi", devices=found)


def _of(node, device, name):
    return (node.read(f"{DEVICES}/{device}/{name}") or "").strip()
