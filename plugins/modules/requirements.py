# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Documentation of requirements, which runs on the controller only: see plugins/action/requirements.py."""

DOCUMENTATION = r"""
module: requirements
short_description: Work out what the cluster requires of a host
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Puts the published facts of the region and the variables of the host together, as the lookup
    P(ack_edge.node.region#lookup) does, and returns what the roles of this collection need. Their defaults refer to
    the registered variable C(ack_edge_requirements), so a role needs no other input.
  - Every gap that leaves something of the host unproven is a verdict, and so is a variable whose name looks like a
    misspelt one of this collection.
  - Wrong values, a gap that only the operator can fill, a probe host that is not in the inventory and a host that
    C(edge_hosts) of the inventory leaves out fail the host, in one message that names all of them.

extends_documentation_fragment:
  - ack_edge.node.attributes.controller
options:
  region:
    description:
      - Region id of the cluster. By default the variable C(region) of the host.
      - All other values are variables of the host, those of P(ack_edge.node.region#lookup), and C(leased_line_gateway),
        C(leased_line_interface), C(skip_checks), C(host_state), C(site), C(vpc_probe_host) and C(edge_hosts).
    type: raw
seealso:
  - plugin: ack_edge.node.region
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Work out what the cluster requires of this host
  ack_edge.node.requirements:
  register: ack_edge_requirements

- name: Add the routes that it needs, and no more
  ansible.builtin.include_role:
    name: ack_edge.node.leased_line_routes
"""

RETURN = r"""
results:
  description:
    - A verdict for each gap that matters to the host, and one for names of variables that look misspelt. Each has
      C(check), C(status), C(summary), C(remedy), C(reproduce) and C(data).
  type: list
  elements: dict
  returned: always
summary:
  description: How many of them have each status.
  type: dict
  returned: always
failed_checks:
  description: Names of the checks that fail the host.
  type: list
  elements: str
  returned: always
msg:
  description: The verdicts as text, or what is wrong with the input.
  type: str
  returned: always
region:
  description: Region id of the cluster. The keys from here on are missing where the input is wrong.
  type: str
  returned: success
name:
  description: Name of the region.
  type: str
  returned: success
site:
  description: Name of the data centre, V("") where none is set.
  type: str
  returned: success
access_mode:
  description: V(leased_line) or V(internet).
  type: str
  returned: success
cluster_version:
  description: Version of the cluster, V(null) where none is set.
  type: str
  returned: success
cni:
  description: Network plug-in of the cluster.
  type: str
  returned: success
vpc_cidrs:
  description: Networks of the VPC.
  type: list
  elements: str
  returned: success
node_cidrs:
  description: Networks of the nodes.
  type: list
  elements: str
  returned: success
pod_cidr:
  description: Networks of the Pods.
  type: list
  elements: str
  returned: success
service_cidr:
  description: Networks of the Services.
  type: list
  elements: str
  returned: success
inbound:
  description: Ports that others must reach, as P(ack_edge.node.region#lookup) returns them.
  type: list
  elements: dict
  returned: success
gaps:
  description: All gaps, as P(ack_edge.node.region#lookup) returns them.
  type: list
  elements: dict
  returned: success
role_variables:
  description: What the roles take where nobody sets it, by the name of the role's variable.
  type: dict
  returned: success
"""
