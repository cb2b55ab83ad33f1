# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries that are wanted, and one run of the engine of inbound_ports on a node of fakes.

The fakes understand what the backends may say and nothing else; any other command fails the test, so the safety rules
(no reload, no flush of what is loaded, no policy, no service) hold for every test that uses them.
"""

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.apply import carry_out
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import parse_items
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.look import InboundPorts

KUBELET = {
    "name": "kubelet",
    "protocol": "tcp",
    "ports": ["10250", "10255"],
    "sources": ["192.168.0.0/16"],
    "comment": "API server",
}
VXLAN = {"name": "vxlan", "protocol": "udp", "ports": ["8472"], "sources": ["10.0.0.0/8", "fd00::/64"], "comment": ""}


def items_of(*raw):
    """Return typed items; a mistake in a test's own input is an error."""
    items, problems = parse_items(raw)
    assert not problems
    return items


def ensure(system, raw, *, present=True, check=False, kill_at=None, name="ack-edge", **options):
    """Run the engine once."""
    engine = InboundPorts(system.node(kill_at), name, **options)
    return engine.ensure(items_of(*raw), present, None if check else carry_out)


def states(outcome):
    """Return how each item stands: (status, runtime, boot)."""
    return [(item["status"], item["data"]["runtime"], item["data"]["boot"]) for item in outcome.verdicts]
