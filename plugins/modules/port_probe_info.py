#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module port_probe_info: reads its parameters, lets _inbound_proof send to the ports, returns what came back."""

DOCUMENTATION = r"""
module: port_probe_info
short_description: Try from here which ports of another machine are reached
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
"""

import re

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof import prober, sockets
from ansible_collections.ack_edge.node.plugins.module_utils._module import AnsibleModule
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import failure

ARGUMENT_SPEC = {
    "address": {"type": "str", "required": True},
    "ports": sockets.ARGUMENT,
    "token": {"type": "str", "required": True, "no_log": False},
    "source": {"type": "str", "default": ""},
    "timeout": {"type": "float", "default": 5.0},
}


def problems_of(params):
    """Return (list of Port, problems) of the parameters."""
    ports, problems = sockets.read_ports(params["ports"])
    for option in ("address", "source"):
        if params[option] or option == "address":
            _inputs.attempt(problems, option, params[option], _inputs.address)
    if not re.match(r"^[0-9a-f]{32}\Z", params["token"]):
        problems.append(f"token is '{params['token']}', expected the 32 hexadecimal digits that port_listener returned")
    _inputs.attempt(problems, "timeout", params["timeout"], _inputs.seconds, most=60, above=True)
    return ports, problems


def main():
    """Run the module."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    ports, problems = problems_of(module.params)
    if problems:
        module.fail_json(**failure("; ".join(problems)))
    seen = prober.observe(
        module.params["address"], ports, module.params["token"], module.params["timeout"], module.params["source"]
    )
    module.exit_json(changed=False, results=[one.facts() for one in seen])


if __name__ == "__main__":
    main()
