# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Documentation of network_plan, which runs on the controller only: see plugins/action/network_plan.py."""

DOCUMENTATION = r"""
module: network_plan
short_description: Write a plan for the network team
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Writes a folder of text files for each site of the inventory or of a site file - the routes, permits, return routes
    and records that switches, firewalls and the cloud side of a leased line need, hop by hop, with what is missing in
    front.
  - It is made of the requirement set of P(ack_edge.node.region#lookup). C(plan.json) is the plan, every other file is a
    view of it.
  - Nothing is applied, and nothing is contacted. All output only adds to what devices have.
  - Runs on the controller, without any connection.
extends_documentation_fragment:
  - ack_edge.node.attributes.info
requirements:
  - netaddr, the Python library, on the controller
options:
  site_file:
    description:
      - YAML file with one site (a mapping) or a list of sites. Its values override those of the inventory.
      - "Keys of a site: C(name), C(next_hop), C(interface), C(preference), C(vrf), C(zone_inside), C(zone_outside),
        C(transit_router) (V(enterprise), V(basic) or V(ecr)), C(scope) (V(exact) or V(supernet)), C(used_networks),
        C(resolved), C(line), and what P(ack_edge.node.region#lookup) takes - C(region), C(cluster_version), C(cni),
        C(vpc_cidrs), C(node_cidrs), C(pod_cidr), C(service_cidr), C(api_server), C(route_scope), C(extra_routes),
        C(ntp_servers), C(addons) and C(bgp_neighbours)."
      - Without it, all sites of the inventory are planned, that is each value of the host variable C(site) and each
        group C(site_*). Sites whose access mode is V(internet) need no plan.
    type: path
  plan_dir:
    description: Folder in which each site has its own. It is made where it is missing.
    type: path
    default: network_plan
  fleet_report:
    description:
      - JSON document of P(ack_edge.node.fleet_report#callback). The plan then says what hosts of the site reached and
        what not, and has the addresses that they resolved for names without published addresses.
    type: path
  language:
    description: Language of what people read. That of the environment variable E(ACK_EDGE_LANG) by default, else V(en).
    type: str
    choices: [en, zh]
  formats:
    description: What is written. V(json) always is. All by default; C(docs/network_plan.md) lists them.
    type: list
    elements: str
  templates:
    description:
      - Jinja templates of your own. Each renders one more file of the folder, which is called like the template without
        C(.j2). A template gets C(plan), the content of C(plan.json).
    type: list
    elements: path
    default: []
  defaults:
    description: Values for all sites that do not have their own, by the keys of a site.
    type: dict
    default: {}
attributes:
  check_mode:
    description: Says what would be written, and writes nothing.
    support: full
  diff_mode:
    support: full
  idempotent:
    description: The same values give the same files, and files that stay as they are are not touched.
    support: full
notes:
  - The playbook C(network_plan.yml) is a run of this alone.
  - Files of formats and templates that are not wanted any more are removed, but only if an earlier run wrote them and
    nobody has edited them since. A file that no run wrote is never overwritten.
"""

EXAMPLES = r"""
- name: Write a plan for each site of the inventory
  ack_edge.node.network_plan:
    plan_dir: network_plan
    fleet_report: reports/verify_edge.json
  delegate_to: localhost
  run_once: true

- name: Write a plan for the sites of a file, in Chinese, with a format of our own
  ack_edge.node.network_plan:
    site_file: sites.yml
    language: zh
    templates: [templates/change_request.txt.j2]
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
sites:
  description: The plans, sorted by the name of the site.
  type: list
  elements: dict
  returned: success
  contains:
    name:
      description: Name of the site.
      type: str
    region:
      description: Region of the cluster.
      type: str
    folder:
      description: Folder of the plan.
      type: str
    files:
      description: Names of the files in it, sorted.
      type: list
      elements: str
    changed_files:
      description: Names of the files that were written or removed, or in check mode would be.
      type: list
      elements: str
    kept_files:
      description: Files of an earlier run that are not part of the plan any more, and stay because they were edited.
      type: list
      elements: str
    open_items:
      description: How many open items the plan has.
      type: int
    blocking:
      description: The open items without which something does not work.
      type: list
      elements: str
without_plan:
  description: Sites of the inventory whose access mode is V(internet).
  type: list
  elements: str
  returned: success
summary:
  description: What was made and what is missing, as lines to read.
  type: list
  elements: str
  returned: success
"""
