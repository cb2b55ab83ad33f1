# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check interface_mtu: packets that are larger than the way carries vanish, and smaller ones leave Pods too little."""

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, SKIPPED, WARN, verdict

ID = "interface_mtu"
TITLE = "MTU"

# What VXLAN puts around a packet of a Pod, and the least that IPv6 needs of what is left.
OVERLAY = 50
LEAST = 1280 + OVERLAY
ETHERNET = 1500


def run(facts, inputs):
    """Warn about interfaces to the cloud whose MTU is unusual; data.mtu is {interface: bytes}."""
    names = [route.interface for version in (4, 6) for route in facts.default_routes(version)[:1]]
    names.append(inputs.get("leased_line_interface"))
    found = {name: facts.links()[name].mtu for name in names if name in facts.links()}
    found = {name: mtu for name, mtu in found.items() if mtu}
    if not found:
        return verdict(ID, SKIPPED, "neither a default route nor leased_line_interface gives an interface", mtu={})
    said = ", ".join(f"{name} has MTU {mtu}" for name, mtu in sorted(found.items()))
    by_hand = f"ip link show {sorted(found)[0]}"
    if min(found.values()) < LEAST:
        return verdict(
            ID,
            WARN,
            f"{said}; the overlay of the cluster uses {OVERLAY} bytes of it, so Pods have less than {LEAST - OVERLAY} "
            "bytes, which IPv6 needs",
            f"raise it to {ETHERNET}, or to the MTU of the line",
            by_hand,
            mtu=found,
        )
    if max(found.values()) > ETHERNET:
        return verdict(
            ID,
            WARN,
            f"{said}; packets of more than {ETHERNET} bytes are lost unless every link to the cloud supports them",
            f"set it to {ETHERNET}, or make sure that switches, leased line and VPC support such frames (the module "
            "reachability_info measures it if TLS stalls)",
            by_hand,
            mtu=found,
        )
    return verdict(ID, PASS, said, reproduce=by_hand, mtu=found)
