#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Module port_listener: its documentation, and how it begins; what it does is in _inbound_proof."""

DOCUMENTATION = r"""
module: port_listener
short_description: Listen on ports for a moment, so that somebody else can prove the way to them
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Before a node has joined nothing listens on the ports of the cluster, so that nobody can tell an open way from a
    closed one. With O(state=present) this module starts a process on the node that answers on each of them with a
    random token; M(ack_edge.node.port_probe_info) is the other end. With O(state=absent) it ends the process, and
    says of each port whether the way to it and back was proven.
  - The process ends by itself after O(seconds), also if nobody comes back for it, and before that only for root (or the
    user who started it), over a socket in C(/run/ack_edge) that goes with it. It changes no firewall, and answers
    datagrams only if they prove to know the token, which is never sent.
  - A port on which something listens already is left to it. Over TCP a connection to that proves the way as well, and
    the verdict says whose process it is.
extends_documentation_fragment:
  - ack_edge.node.tried_ports
attributes:
  async:
    description: What a host answers is checked when the module ends, so that no job can run on.
    support: none
  check_mode:
    support: full
    description: In check mode nothing is started and nothing is ended.
  diff_mode:
    support: none
    description: A listener leaves nothing behind that could be compared.
options:
  state:
    description: Whether to start a listener, or to end one and judge what was seen.
    type: str
    choices: [present, absent]
    default: present
  seconds:
    description: After how many seconds the listener ends by itself, from 1 to 600.
    type: int
    default: 60
  toward:
    description:
      - Networks that the probe comes from. RV(address) is what the node would send to the first of them from, and so
        the address to probe.
    type: list
    elements: str
    default: []
  within:
    description:
      - Networks of which the address to probe is taken, if the node has one there. Before its routes are set a node
        would send to O(toward) from another address.
    type: list
    elements: str
    default: []
  token:
    description: With O(state=absent), what RV(token) said when the listener was started.
    type: str
  probes:
    description: With O(state=absent), the C(results) of M(ack_edge.node.port_probe_info). Empty if the probe host
      could not probe.
    type: list
    elements: dict
    default: []
  address:
    description: With O(state=absent), the address that was probed, for the words of the verdicts.
    type: str
    default: ""
  prober:
    description: With O(state=absent), the name of the probe host, for the words of the verdicts.
    type: str
    default: the probe host
seealso:
  - module: ack_edge.node.port_probe_info
  - module: ack_edge.node.inbound_ports
"""

EXAMPLES = r"""
- name: Listen on the ports of the cluster
  ack_edge.node.port_listener:
    ports: "{{ ack_edge_requirements.inbound }}"
    toward: [192.168.0.0/16]
    within: [10.99.0.0/24]
  register: listener

- name: Try them from a host of the VPC
  ack_edge.node.port_probe_info:
    address: "{{ listener.address }}"
    ports: "{{ ack_edge_requirements.inbound }}"
    token: "{{ listener.token }}"
  delegate_to: vpc-host
  register: probe

- name: End the listener, and say which ports are reached
  ack_edge.node.port_listener:
    state: absent
    ports: "{{ ack_edge_requirements.inbound }}"
    token: "{{ listener.token }}"
    address: "{{ listener.address }}"
    prober: vpc-host
    probes: "{{ probe.results }}"
  register: inbound
"""

RETURN = r"""
token:
  description: The token that listener and prober prove to know, and that names the listener to end.
  returned: with O(state=present)
  type: str
address:
  description:
    - The address of the node to probe; empty where no route leads to O(toward).
    - Also empty, with a warning, where the node names an address outside O(within), or inside O(toward) without
      O(within).
  returned: with O(state=present)
  type: str
  sample: 10.99.0.11
listening:
  description: What it listens on.
  returned: with O(state=present)
  type: list
  elements: str
  sample: [tcp/10250, udp/8472]
taken:
  description: What it does not listen on, and why; C(taken) where something listens already.
  returned: with O(state=present)
  type: dict
  sample: {tcp/10250: taken}
results:
  description: With O(state=absent), one verdict for each port, in the order of O(ports). Else empty.
  returned: always
  type: list
  elements: dict
  contains:
    check:
      description: Protocol and port.
      type: str
      sample: inbound_tcp_10250
    status:
      description: C(pass) where the way there and back was proven, C(fail) where it is not, C(unproven) where nobody
        can know.
      type: str
    summary:
      description: What was found.
      type: str
      sample: TCP 10250 of 10.99.0.11 is not reached from vpc-host, nothing comes back
    remedy: {description: What to do about it., type: str}
    reproduce: {description: A command that shows the same by hand., type: str}
    data:
      description:
        - C(protocol), C(port), C(name), C(address) and C(prober); C(outcome) as the prober saw it; C(arrived),
          whether the node heard it, null if nobody can tell; C(seen_as), the address that the node saw the prober at;
          C(taken), whether something else listened; C(holder), whose process that is, empty if nobody knows.
      type: dict
summary: {description: How many results have each status., returned: always, type: dict}
failed_checks: {description: Names of the results that failed., returned: always, type: list, elements: str}
msg: {description: "What needs attention, as text to read.", returned: always, type: str}
"""

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof.inputs import ARGUMENT
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof.run import listen
from ansible_collections.ack_edge.node.plugins.module_utils._module import run_module

ARGUMENT_SPEC = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "ports": ARGUMENT,
    "seconds": {"type": "int", "default": 60},
    "toward": {"type": "list", "elements": "str", "default": []},
    "within": {"type": "list", "elements": "str", "default": []},
    "token": {"type": "str", "no_log": False},
    "probes": {"type": "list", "elements": "dict", "default": []},
    "address": {"type": "str", "default": ""},
    "prober": {"type": "str", "default": "the probe host"},
}


def main():
    """Run as an Ansible module."""
    run_module(listen, ARGUMENT_SPEC, required_if=[("state", "absent", ("token",))])


if __name__ == "__main__":
    main()
