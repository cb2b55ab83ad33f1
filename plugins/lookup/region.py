# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup ``ack_edge.node.region``: what one node needs, for playbooks."""

from __future__ import annotations

DOCUMENTATION = r"""
name: region
author: The ack_edge.node authors (@ack-edge)
version_added: 0.1.0
short_description: What a host needs to become a node of an ACK Edge cluster
description:
  - Returns the I(requirement set) of one node - the endpoints it must reach, the routes and inbound ports it needs, its
    time servers and system tools, and what the vendor does not publish for its region.
  - Works offline, from data that the collection carries. Nothing is contacted.
  - Options that are not given are taken from variables of the same name, so that in a playbook the region is all there
    is to say. A variable may be a template. An empty string and V(null) mean unset, for options and for variables.
  - Lists may also be text with commas or white space between the items, as surveys and CSV files have no lists.
requirements:
  - netaddr, the Python library, on the controller
extends_documentation_fragment:
  - ack_edge.node.cluster_values
options:
  _terms:
    description:
      - Id of the region of the cluster, for example V(cn-beijing). One requirement set is returned for each id.
    type: list
    elements: str
    required: true
notes:
  - Options have no types here, so that variables can be templates and a number in place of a version is seen. They
    are validated nevertheless, and all problems are reported at once.
  - A region whose routes the vendor does not publish is no error of the lookup but an entry of RV(_raw.gaps) with
    C(blocking=true).
"""

EXAMPLES = r"""
- name: Show what a node in Beijing needs over a leased line
  ansible.builtin.debug:
    msg: "{{ lookup('ack_edge.node.region', 'cn-beijing', vpc_cidrs=['192.168.0.0/16'], cluster_version='1.30.7') }}"

- name: List the destinations to hand to the network team
  ansible.builtin.debug:
    msg: "{{ lookup('ack_edge.node.region', region).routes | map(attribute='destination') }}"
  vars:
    region: eu-west-1
    access_mode: leased_line

- name: End where something is missing that preparing a node cannot do without
  ansible.builtin.assert:
    that: requirements.gaps | selectattr('blocking') | length == 0
    fail_msg: "{{ requirements.gaps | selectattr('blocking') }}"
  vars:
    requirements: "{{ lookup('ack_edge.node.region', region) }}"
"""

RETURN = r"""
_raw:
  description: One requirement set per region.
  type: list
  elements: dict
  contains:
    region:
      description: Id of the region.
      type: str
      sample: cn-beijing
    name:
      description: Name of the region.
      type: str
      sample: China (Beijing)
    access_mode:
      description: V(leased_line) or V(internet).
      type: str
    cluster_version:
      description: Version of the cluster, V(null) if unset.
      type: str
      sample: 1.30.7-aliyun.1
    cni:
      description: V(flannel) or V(terway-edge).
      type: str
    vpc_cidrs:
      description: O(vpc_cidrs), validated, as a list of CIDRs.
      type: list
      elements: str
    node_cidrs:
      description: O(node_cidrs), validated, as a list of CIDRs.
      type: list
      elements: str
    pod_cidr:
      description: O(pod_cidr), validated, as a list of CIDRs, for a cluster may have one of each address family.
      type: list
      elements: str
    service_cidr:
      description: O(service_cidr), validated, as a list of CIDRs.
      type: list
      elements: str
    endpoints:
      description: What the node must reach.
      type: list
      elements: dict
      contains:
        name:
          description: Stable name, unique in the set.
          type: str
          sample: image_registry
        host:
          description: Name or address.
          type: str
          sample: registry-cn-beijing-vpc.ack.aliyuncs.com
        port:
          description: Port.
          type: int
          sample: 443
        protocol:
          description: V(tcp), V(tls), V(https), V(ntp) or V(udp).
          type: str
          sample: https
        purpose:
          description: What it is for.
          type: str
        networks:
          description: Where the host must resolve to, as CIDRs. Empty if nothing is published.
          type: list
          elements: str
          sample: [100.103.99.73/32, 100.103.0.251/32, 100.103.6.63/32]
        required:
          description: Whether a node must reach it to be ready. V(false) also for names that are only inferred.
          type: bool
        confidence:
          description:
            - How far host and port can be trusted, one of the words in C(vars/sources.yml). Pages for people show
              V(seed) as C(vendor-page).
          type: str
          sample: seed
    routes:
      description:
        - Published ranges that a node reaches over the leased line, each once, sorted by address, as published.
        - Empty in internet mode.
      type: list
      elements: dict
      contains:
        destination:
          description: CIDR.
          type: str
          sample: 100.118.58.0/24
        purpose:
          description: V(registry), V(oss), V(logging), V(monitoring) or V(supernet).
          type: str
        confidence:
          description: How far it can be trusted.
          type: str
        published:
          description:
            - The row of what the vendor publishes that the route is made from, as texts. C(region), C(purpose), C(row)
              (the host of the registry, the id of OSS or the name of the add-on), C(network), and C(sources), names of
              C(vars/sources.yml). Not with V(supernet).
          type: dict
    site_routes:
      description: Networks from O(vpc_cidrs) and O(extra_routes) that are not among C(routes). Empty in internet mode.
      type: list
      elements: dict
      contains:
        destination:
          description: CIDR.
          type: str
          sample: 192.168.0.0/16
        purpose:
          description: V(vpc) or V(extra).
          type: str
        confidence:
          description: Always V(user).
          type: str
    resolve:
      description:
        - Hosts without a published network, whose addresses have to be looked up and routed on the node.
        - Empty in internet mode and with O(route_scope=supernet).
      type: list
      elements: str
      sample: [cs-anony-vpc.cn-beijing.aliyuncs.com]
    inbound:
      description:
        - Ports of the node that others must reach.
        - A rule whose sources are not known is left out and stands in C(gaps).
      type: list
      elements: dict
      contains:
        name:
          description: Stable name.
          type: str
          sample: kubelet
        protocol:
          description: V(tcp) or V(udp).
          type: str
        ports:
          description: Ports.
          type: list
          elements: int
          sample: [10250, 10255]
        sources:
          description:
            - Networks that may send, as CIDRs. V(on-link) stands for the networks that the node itself is on; that is
              who may send where O(access_mode=internet) and O(node_cidrs) is not set.
          type: list
          elements: str
        purpose:
          description: What it is for.
          type: str
    ntp_servers:
      description: Time servers that the node must reach.
      type: list
      elements: str
    system_tools:
      description: Names of the system tools that the vendor asks for.
      type: list
      elements: str
      sample: [net-tools, iproute]
    system_tool_packages:
      description: The same tools with the commands that prove them, what does as well, and package names.
      type: list
      elements: dict
      contains:
        name:
          description: Name of the tool.
          type: str
          sample: chrony
        commands:
          description: Executables that must all be there.
          type: list
          elements: str
          sample: [chronyd, chronyc]
        alternatives:
          description: Tools of the same shape, one of which does as well.
          type: list
          elements: dict
        displaces:
          description: Commands whose packages a package manager would take away for these, for C(debian) and C(redhat).
          type: dict
          sample: {debian: [ntpd]}
        replaces:
          description: Packages that may go for these, and come back at a reset, for C(debian) and C(redhat).
          type: dict
          sample: {debian: [systemd-timesyncd]}
        packages:
          description: Package names, for C(debian), C(redhat), and systems that have other ones, such as C(debian-13).
          type: dict
          sample: {debian: [chrony], redhat: [chrony]}
    os_support:
      description: Operating systems on which the vendor supports nodes.
      type: list
      elements: dict
      contains:
        arch:
          description: V(amd64) or V(arm64).
          type: str
        system:
          description: Name of the system.
          type: str
          sample: Ubuntu
        version:
          description: Its version.
          type: str
          sample: '22.04'
        kernel:
          description: Major and minor version of the kernel.
          type: str
          sample: '5.15'
        cluster_min:
          description: First cluster version that takes it.
          type: str
          sample: 1.26.3-aliyun.1
        cluster_max:
          description: Last cluster version that takes it, V(null) if the vendor names none.
          type: str
    address_space:
      description: Addresses that the cloud keeps for its services.
      type: dict
      contains:
        service_supernet:
          description: Network that holds all published ranges.
          type: str
          sample: 100.64.0.0/10
        vpc_dns:
          description: Resolvers inside a VPC.
          type: list
          elements: str
    gaps:
      description: What the vendor does not publish or the user did not say, those that block first.
      type: list
      elements: dict
      contains:
        what:
          description: Name of a variable or a thing.
          type: str
          sample: registry routes
        why:
          description: Why it is missing and what that means.
          type: str
        remedy:
          description: What to do about it.
          type: str
        status:
          description:
            - How it counts for each host. V(fail) makes the host fail, V(unproven) is an open point, V(warn) a warning,
              and V(info) is only good to know, because the rest of the requirement set makes up for it.
          type: str
          sample: unproven
        blocking:
          description: Whether preparing a node makes no sense before that, which is where C(status) is V(fail).
          type: bool
"""

from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible_collections.ack_edge.node.plugins.plugin_utils import _extra
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import CatalogueError
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import RequirementError
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.of_values import of_values
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import RequirementSet


class LookupModule(LookupBase):
    """Requirement sets by region id."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[RequirementSet]:
        """Return one requirement set per term.

        :raises AnsibleLookupError: unusable values, all of them named, or data or library of the collection missing.
        """
        self.set_options(var_options=_extra.seen(variables or {}, self._loader), direct=kwargs)
        try:
            return [of_values(term, self._option) for term in terms or [None]]
        except (RequirementError, CatalogueError) as error:
            raise AnsibleLookupError(str(error)) from error

    def _option(self, name: str) -> Any:
        # Ansible hands over variables as they are written; only arguments have been templated.
        return self._templar.template(self.get_option(name))
