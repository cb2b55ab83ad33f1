#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: readiness_info
short_description: Check a node for problems that would make the join fail
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Looks at a node for everything that makes C(edgeadm join) fail and can be seen before, and says what to do about it.
  - Every check has an id that never changes its meaning. The checks are, in the order of the results,
    V(privileges), V(read_only), V(os_support), V(systemd), V(kernel_modules), V(cgroups), V(selinux), V(node_name),
    V(machine_id), V(own_address), V(default_route), V(ip_rule), V(ip_forwarding), V(interface_mtu),
    V(pod_service_overlap), V(leased_line), V(rp_filter), V(supernet_in_use), V(host_state), V(earlier_join),
    V(cni_config), V(resolver_loop), V(ports_taken),
    V(system_tools), V(clock), V(clock_setters), V(clock_step), V(time_zone), V(disk_space), V(swap),
    V(proxy_variables) and V(gpu_driver).
    docs/readiness_checks.md has a table of them.
  - Changes nothing and sends nothing into the network.
extends_documentation_fragment:
  - ack_edge.node.attributes.info
  - ack_edge.node.tools
options:
  checks:
    description: The ids of the checks to run. All of them by default.
    type: list
    elements: str
    default: []
  skip:
    description: Ids of checks that are not run. Those that O(checks) selects come back with the status V(skipped).
    type: list
    elements: str
    default: []
  advisory:
    description: Ids of checks whose failure is reported and does not stop a role.
    type: list
    elements: str
    default: []
  access_mode:
    description: How the node reaches the cloud.
    type: str
    choices: [leased_line, internet]
  cluster_version:
    description:
      - The version of the cluster, for V(os_support) and V(cgroups), for example V(1.30.7-aliyun.1). V(1.30) stands
        for any 1.30.
      - Quote it, since YAML reads 1.30 as 1.3.
    type: str
  proxy_mode:
    description: How kube-proxy of the cluster works, for V(kernel_modules), which looks for more with V(ipvs).
    type: str
    choices: [iptables, ipvs]
  host_state:
    description:
      - V(new) for a node that is to join, V(joined) for a member of the cluster. V(auto) looks at the node, for
        V(host_state).
      - On a member V(earlier_join), V(ports_taken), V(pod_service_overlap), V(cni_config) and V(swap) take what belongs
        to the cluster as its own. A node of another cluster, or with only leftovers of one, fails with each value.
    type: str
    choices: [auto, new, joined]
    default: auto
  api_server:
    description:
      - The API server of the cluster as C(host) or C(host:port), 6443 by default, for V(host_state).
      - A node is a member only where its kubelet, or its edge-hub, is set to this address. Without it, whether a node
        with a running kubelet is a member is unproven.
    type: str
  pod_cidr:
    description: The Pod CIDR of the cluster, for V(pod_service_overlap); two for a dual-stack cluster.
    type: list
    elements: str
    default: []
  service_cidr:
    description: The Service CIDR of the cluster, for V(pod_service_overlap); two for a dual-stack cluster.
    type: list
    elements: str
    default: []
  node_cidrs:
    description: The networks of the site's nodes, one of which has to hold the address of the node, for V(own_address).
    type: list
    elements: str
    default: []
  vpc_cidrs:
    description: The networks of the cluster's VPC, which reach the node over the leased line, for V(rp_filter).
    type: list
    elements: str
    default: []
  leased_line_gateway:
    description: The address of the router to the leased line, for V(leased_line), V(rp_filter) and V(supernet_in_use).
    type: str
  leased_line_interface:
    description:
      - The interface to the leased line, for V(leased_line), V(rp_filter), V(supernet_in_use) and V(interface_mtu).
    type: str
  os_support:
    description: The vendor's matrix of supported systems, for V(os_support). Without it that check is skipped.
    type: list
    elements: dict
    default: []
    suboptions:
      arch:
        description: Architecture.
        type: str
        required: true
      system:
        description: Name of the system as the vendor writes it.
        type: str
        required: true
      version:
        description: Version of the system.
        type: str
        required: true
      kernel:
        description: Major and minor version of the kernel.
        type: str
      cluster_min:
        description: First cluster version that takes the system.
        type: str
      cluster_max:
        description: Last cluster version that takes it, empty for no end.
        type: str
  inbound_ports:
    description: The ports that the cluster's components will open on the node, TCP and UDP, for V(ports_taken).
    type: list
    elements: int
    default: []
  min_free_mb:
    description: How many MiB have to be free under C(/var/lib), for V(disk_space).
    type: int
    default: 10240
  max_clock_offset:
    description: By how many seconds the clock may be off, for V(clock).
    type: float
    default: 1.0
notes:
  - Run it as root. Without, it does not see which processes hold the ports, and the check V(privileges) fails.
"""

EXAMPLES = r"""
- name: Look for everything that would make a join fail
  ack_edge.node.readiness_info:
    access_mode: leased_line
    cluster_version: "1.30.7-aliyun.1"
    api_server: 192.168.0.10:6443
    pod_cidr: 10.244.0.0/16
    service_cidr: 172.21.0.0/20
    node_cidrs:
      - 10.99.0.0/24
    vpc_cidrs:
      - 192.168.0.0/16
    leased_line_gateway: 10.99.0.253
    leased_line_interface: idc0
  register: readiness

- name: See which system tools are missing, and which packages have them
  ack_edge.node.readiness_info:
    checks:
      - system_tools
    system_tools:
      - name: socat
        commands: [socat]
        packages:
          debian: [socat]
          redhat: [socat]
"""

RETURN = r"""
results:
  description: One verdict for each selected check, in the order of the description.
  type: list
  elements: dict
  returned: always
  contains:
    check:
      description: Id of the check.
      type: str
      sample: pod_service_overlap
    status:
      description: How it stands, one of V(pass), V(warn), V(fail), V(unproven) and V(skipped).
      type: str
      sample: fail
    summary:
      description: What was found.
      type: str
      sample: "edgeadm will permanently refuse this node: route 10.244.0.0/24 dev eth1 overlaps pod_cidr 10.244.0.0/16"
    remedy: {description: What to do about it., type: str}
    reproduce: {description: A command that shows the same by hand., type: str}
    data:
      description:
        - Facts behind the summary; C(required) is false where a failure does not stop a role.
        - Those of V(system_tools) are C(missing), the names of the tools, C(missing_packages), what brings them, and
          C(broken_packages), what is installed and has lost its commands.
        - V(host_state) has C(state), one of V(new), V(joined), V(foreign), V(half_removed) and V(unknown), and
          C(servers), the API servers that the node talks to.
      type: dict
summary:
  {description: How many verdicts have each status., returned: always, type: dict,
   sample: {fail: 0, pass: 12, skipped: 3, unproven: 1, warn: 1}}
failed_checks: {description: The ids of the checks that stop a role., returned: always, type: list, elements: str}
msg: {description: "What needs attention, as text to read.", returned: always, type: str}
"""

from ansible_collections.ack_edge.node.plugins.module_utils._module import run_module
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.arguments import ARGUMENT_SPEC
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.run import run


def main():
    """Run as an Ansible module."""
    run_module(run, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
