#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


DOCUMENTATION = r"""
module: inbound_ports
short_description: Manage inbound allow rules in the active firewall
version_added: 0.1.0
author:
  - The ack_edge.node authors (@ack-edge)
description:
  - Owns one named set of accepts in the active firewall of a node, firewalld, ufw, nftables or iptables. Adds, keeps
    and removes only its own; a node without an active firewall passes and the result says so.
  - The firewall is found from what runs and what is loaded, not from what is installed. Two that decide at once
    is an error that names them.
  - There are two facts, what packets meet now (runtime) and what they meet after a reboot (boot). Each is
    reported and fixed on its own, and both are read back after writing.
  - Never enables, disables, restarts or reloads a firewall, never flushes, never changes a policy, the target of a zone
    or the default zone, and never saves rules of others.
  - In firewalld, rich rules are put in the zone, one for each source and port, in the runtime and in the permanent
    configuration. A rule of the same content that was there before is used as it is, and stays when the set goes.
    Packets from a source that a zone is bound to come into that zone, so their rules go there. Where firewalld is
    enabled and does not run, C(firewall-offline-cmd) writes the permanent configuration for its next start.
  - More than ten sources of one address family become an ipset in the permanent configuration of firewalld, with one
    rule for each port. firewalld does not take a new ipset at runtime without a reload, so until its next start the
    runtime has a rule for each source. An ipset that was loaded at a start stays loaded until the next, unused, when
    the set has gone.
  - In ufw, rules are written in front of C(/etc/ufw/user.rules) and C(user6.rules) as ufw writes them, with a comment,
    and put into its chains beside that; C(ufw status) shows them. The command ufw is not run, for it would drop rules
    that somebody put into its chains by hand. A run of ufw that is under way is waited for. With C(IPV6=no) in
    C(/etc/default/ufw), an entry with IPv6 sources alone is a V(fail), and one with others beside them a V(warn).
  - In nftables, a packet passes only if every base chain on hook input lets it pass. So the rules go in front of each
    such chain that can drop; they are known by their comment. For the boot, C(/etc/ack-edge/nftables-NAME.nft) holds
    the same rules, and the configuration that C(nftables.service) loads gets one include line for it at its end, whose
    wildcard lets the rest of the configuration load also where that file is missing.
  - In iptables, the rules go into a chain of their own, C(ACK-EDGE-NAME), and one jump to it into the front of INPUT,
    in each filter table that can drop, of iptables-nft and iptables-legacy, whichever is loaded. For the boot,
    C(/etc/ack-edge/iptables-NAME.v4) and C(.v6) hold the same rules, and the unit C(ack-edge-inbound-NAME.service)
    loads them behind C(iptables.service) and C(netfilter-persistent.service). Where somebody saved the whole table
    while the set was there, that file holds the chain too and brings it back after O(state=absent), so save it again.
  - A rule of others that packets meet before ours and that may drop them is a V(warn) that names it. It is judged by
    addresses, protocol, ports, state and interface. In firewalld that is a rich rule of the zone, a policy for packets
    to the host, or a direct rule that is kept in C(/etc/firewalld/direct.xml).
  - Where another program has added rules with nft to a table of iptables-nft, iptables cannot read that table. That is
    an error that names those rules, and O(state=absent) takes the set back with nft.
extends_documentation_fragment:
  - ack_edge.node.attributes
options:
  name:
    description: Name of the owned set. Different names own different rules.
    type: str
    default: ack-edge
  ports:
    description:
      - What is to be reachable, and from where. Required with O(state=present); an empty list takes away what the set
        has.
      - With O(state=absent) the whole set goes whatever is named here. Only the results follow this list; without it,
        they follow the list of the last run.
    type: list
    elements: dict
    suboptions:
      name:
        description: What listens there, e.g. V(kubelet). Unique in the list.
        type: str
        required: true
      protocol:
        description: Transport protocol.
        type: str
        choices: [tcp, udp]
        required: true
      ports:
        description: Ports, V(10250), or ranges, V(30000-32767).
        type: list
        elements: str
        required: true
      sources:
        description:
          - IPv4 and IPv6 networks that may come in, without host bits, e.g. V(192.168.0.0/16). An address alone stands
            for itself.
          - V(on-link) stands for the networks that O(interface) has an address in.
          - An empty list is an error, for it would open the port to every address.
        type: list
        elements: str
        required: true
      comment:
        description: One line for people who read the playbook. It is kept in the manifest.
        type: str
        default: ""
        aliases: [purpose]
      confidence:
        description: Not used here; taken so that rows of P(ack_edge.node.region#lookup) can be handed over as they are.
        type: str
  state:
    description: Whether the set is there or gone.
    type: str
    choices: [present, absent]
    default: present
  backend:
    description:
      - The firewall to write to. V(auto) takes the one that is active.
      - V(none) leaves every firewall alone and passes.
    type: str
    choices: [auto, firewalld, ufw, nftables, iptables, none]
    default: auto
  zone:
    description: Zone of firewalld. By default the zone of O(interface), else the default zone. V(trusted) is refused.
    type: str
    default: ""
  interface:
    description:
      - Interface that the packets come in by; says which zone of firewalld handles them. By default the one that leads
        to O(gateway), or without that the one of the default route.
    type: str
    default: ""
  gateway:
    description: Router that the packets come from, where O(interface) is not given.
    type: str
    default: ""
  allow_any_source:
    description: Whether V(0.0.0.0/0) and V(::/0) may be a source.
    type: bool
    default: false
seealso:
  - module: ack_edge.node.reachability_info
"""

EXAMPLES = r"""
- name: Let the control plane reach kubelet and node exporter over the leased line
  ack_edge.node.inbound_ports:
    ports:
      - name: kubelet
        protocol: tcp
        ports: [10250, 10255]
        sources: [192.168.0.0/16]
      - name: node-exporter
        protocol: tcp
        ports: [9100, 9445]
        sources: [192.168.0.0/16]

- name: Take it all back
  ack_edge.node.inbound_ports:
    state: absent
"""

RETURN = r"""
results:
  description:
    - A verdict for each entry of O(ports), in its order. After a successful run V(pass), or V(warn) where the ports are
      open now but the boot configuration cannot hold the rules. In check mode V(fail) for what a run would change.
  returned: always
  type: list
  elements: dict
  contains:
    check:
      description: Name of the entry.
      type: str
      returned: always
    status:
      description: V(pass), V(warn) or V(fail).
      type: str
      returned: always
    summary:
      description: One sentence, what was found.
      type: str
      returned: always
    remedy:
      description: What to do about it, empty for V(pass).
      type: str
      returned: always
    reproduce:
      description: A command that shows the same by hand.
      type: str
      returned: always
    data:
      description:
        - The facts behind the sentence. C(runtime) and C(boot) are V(ok), V(missing), V(wrong) or V(none), the last
          where there is no boot configuration to hold it.
      type: dict
      returned: always
      contains:
        runtime:
          description: How the entry stands now.
          type: str
          returned: state is present
        boot:
          description: How the entry stands after a reboot.
          type: str
          returned: state is present
        backend:
          description: The firewall that holds it, V(none) for no firewall.
          type: str
          returned: state is present
        required:
          description: Whether a failure of it stops a role.
          type: bool
          returned: always
  sample:
    - check: kubelet
      status: pass
      summary: TCP 10250, 10255 from 192.168.0.0/16 is open now and after a reboot
      remedy: ""
      reproduce: nft list ruleset
      data: {runtime: ok, boot: ok, backend: nftables, required: true}
summary:
  description: How many results have each status.
  returned: always
  type: dict
  sample: {pass: 2, warn: 0, fail: 0, unproven: 0, skipped: 0}
failed_checks:
  description: Names of the results that stop a role.
  returned: always
  type: list
  elements: str
  sample: []
backend:
  description: The firewall that was written to, V(none) if there is none or with O(state=absent).
  returned: success
  type: str
  sample: nftables
"""

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.arguments import ARGUMENT_SPEC, REQUIRED_IF
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.run import run
from ansible_collections.ack_edge.node.plugins.module_utils._module import run_module


def main():
    """Entry point of the module."""
    run_module(run, ARGUMENT_SPEC, required_if=REQUIRED_IF)


if __name__ == "__main__":
    main()
