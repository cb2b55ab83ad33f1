# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of ports that port_listener and port_probe_info both take."""


class ModuleDocFragment:
    """Documentation fragment C(tried_ports)."""

    DOCUMENTATION = r"""
options:
  ports:
    description:
      - Ports that are listened on and tried, as the lookup P(ack_edge.node.region#lookup) returns them in C(inbound);
        at most 64. M(ack_edge.node.port_listener) and M(ack_edge.node.port_probe_info) take the same list.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the entry.
        type: str
        required: true
      protocol:
        description: TCP or UDP.
        type: str
        choices: [tcp, udp]
        required: true
      ports:
        description: Ports, or ranges such as V(30000-30010).
        type: list
        elements: str
        required: true
      sources:
        description: Not used here; taken so that the same list serves M(ack_edge.node.inbound_ports).
        type: list
        elements: str
        default: []
      purpose:
        description: Not used here.
        type: str
      comment:
        description: Not used here.
        type: str
      confidence:
        description: Not used here.
        type: str
"""
