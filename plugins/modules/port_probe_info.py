#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module port_probe_info: its documentation, and how it begins; what it does is in _inbound_proof."""

DOCUMENTATION = r"""
module: port_probe_info
short_description: Try from here which ports of another host are reached
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - The other end of M(ack_edge.node.port_listener). Run it on a host that the cluster's own traffic would come from,
    for example an ECS instance of the VPC.
  - All ports are tried at the same time, over TCP and UDP, and what came back is returned. Whether that is good
    M(ack_edge.node.port_listener) says, which knows what arrived.
extends_documentation_fragment:
  - ack_edge.node.attributes.info
  - ack_edge.node.tried_ports
options:
  address:
    description: The address to probe, as M(ack_edge.node.port_listener) returned it.
    type: str
    required: true
  token:
    description: The token of the listener, 32 hexadecimal digits.
    type: str
    required: true
  source:
    description: The address of this host to send from. By default the kernel chooses.
    type: str
    default: ""
  timeout:
    description: Seconds for all of it.
    type: float
    default: 5.0
seealso:
  - module: ack_edge.node.port_listener
"""

EXAMPLES = r"""
- name: Try the ports of a node from a host of the VPC
  ack_edge.node.port_probe_info:
    address: "{{ listener.address }}"
    ports: "{{ ack_edge_requirements.inbound }}"
    token: "{{ listener.token }}"
  delegate_to: vpc-host
  register: probe
"""

RETURN = r"""
results:
  description: What was seen of each port, in the order of O(ports).
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: Name of the entry.
      type: str
    protocol:
      description: TCP or UDP.
      type: str
    port:
      description: The port.
      type: int
    outcome:
      description:
        - C(answered) by the listener, or by C(other); C(timeout) or C(refused) over TCP; C(silent) over UDP;
          C(unreachable) or C(forbidden), with the words of the system in C(detail).
      type: str
    seen_as:
      description: The address that the node saw this host at; another than O(source) where something translates
        addresses.
      type: str
    detail:
      description: What the other side or the system said.
      type: str
summary:
  description: How many verdicts have each status; what was seen is no verdict yet, so none of them.
  returned: always
  type: dict
failed_checks:
  description: Empty, or what failed where the module itself did.
  returned: always
  type: list
  elements: str
msg:
  description: On how many of the ports the listener answered.
  returned: always
  type: str
  sample: the listener answered on 5 of 6 ports
"""

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof.inputs import ARGUMENT
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof.run import probe
from ansible_collections.ack_edge.node.plugins.module_utils._module import run_module

ARGUMENT_SPEC = {
    "address": {"type": "str", "required": True},
    "ports": ARGUMENT,
    "token": {"type": "str", "required": True, "no_log": False},
    "source": {"type": "str", "default": ""},
    "timeout": {"type": "float", "default": 5.0},
}


def main():
    """Run as an Ansible module."""
    run_module(probe, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
