#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Own one named set of static routes on a node."""

DOCUMENTATION = r"""
module: static_routes
short_description: Own one named set of static routes
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Owns one named set of routes on a node. It adds, keeps and removes routes of this set only. Every other route, and
    every line of a file that it did not write, stays as it is.
  - Each route has two facts, C(live) (the kernel has it) and C(persisted) (the manager of its interface brings it at
    boot). Each is looked at, reported and fixed on its own.
  - No network service is ever restarted, reloaded or told to apply anything. Live routes are changed with
    C(ip -batch), and the manager finds its file at the next boot.
  - A change that would move the way to the controller, to a default gateway or to a nameserver is refused.
  - A change of live routes is tried first. It is persisted only when the controller has reached the node by a new
    connection, and without that the node rolls it back (O(confirm_timeout)). This costs one more remote
    execution, and only where something live changes.
  - Nothing is changed before all of the input is found to be right. A change that cannot be finished, for example on a
    full disk, is rolled back, and the message says so.
extends_documentation_fragment:
  - ack_edge.node.attributes
  - ack_edge.node.lockout
options:
  name:
    description:
      - Name of the owned set. Sets of different names do not touch each other.
    type: str
    default: ack-edge
  routes:
    description:
      - The routes of the set. A route that was in the set before and is not in this list is removed.
      - Not used with O(state=absent).
    type: list
    elements: dict
    default: []
    suboptions:
      destination:
        description:
          - Network without host bits, such as V(100.103.99.73/32) or V(fd00:10::/48).
        type: str
        required: true
      gateway:
        description:
          - Next hop. By default O(gateway).
        type: str
      interface:
        description:
          - Interface. By default O(interface), or else the one on whose network the gateway lies.
        type: str
      metric:
        description:
          - Metric. By default that of the kernel, 0 for IPv4 and 1024 for IPv6.
          - Without it, another route to the same destination is a conflict whatever its metric is.
        type: int
      table:
        description:
          - Number of the routing table. By default 254, the main one.
        type: int
      source:
        description:
          - Preferred source address, one of the node.
        type: str
      onlink:
        description:
          - Take the gateway as directly reachable although no network of the interface holds it.
        type: bool
        default: false
      mtu:
        description:
          - MTU of the path, in bytes.
        type: int
      comment:
        description:
          - What the route is for. Written beside it where the format of the file has comments.
        type: str
        aliases: [purpose]
      confidence:
        description:
          - Not used here; taken so that rows of P(ack_edge.node.region#lookup) can be handed over as they are.
        type: str
      published:
        description:
          - The published row that the route is made from, see P(ack_edge.node.region#lookup). Comes back in the data of
            the verdict about the route.
        type: dict
  gateway:
    description:
      - Next hop of the routes that name none, and of O(resolve).
    type: str
  interface:
    description:
      - Interface of the routes that name none, and of O(resolve).
    type: str
  resolve:
    description:
      - Names whose addresses nobody publishes. They are resolved on the node, also in check mode. Each address in
        O(resolve_within) that no route of O(routes) carries joins the set as a host route via O(gateway).
      - Addresses that earlier runs resolved stay in the set until O(prune), so that an answer that moves does not make
        routes flap.
      - A name may have 64 addresses and all names together 256, those of earlier runs among them. An answer with more
        adds none and is a V(fail).
    type: list
    elements: str
    default: []
  resolve_within:
    description:
      - Network that a resolved address must lie in. One outside of it is reported and not routed, for it shows that
        the node asks the wrong DNS server.
    type: str
    default: 100.64.0.0/10
  prune:
    description:
      - Remove resolved addresses that no name of O(resolve) has any more. Those of a name that cannot be resolved now
        stay.
      - Where C(kubelet.service) runs, also remove routes that have left O(routes). Without it they stay there and are a
        V(warn), so that no connection ends. They leave at once where another route of the list with the same
        destination, or one around it, takes their place, or where no route of the list uses their next hop.
    type: bool
    default: false
  state:
    description:
      - V(present) makes the set what O(routes) and O(resolve) say.
      - V(absent) takes the whole set out, live and persisted, also when its interface is gone. Routes that were there
        before the set adopted them stay.
    type: str
    choices: [present, absent]
    default: present
  backend:
    description:
      - What persists the routes. V(auto) takes what manages the interface now, and is an error where two managers do.
        Where none does, it takes V(systemd_unit), a unit of its own.
      - V(network_scripts) are the files of C(/etc/sysconfig/network-scripts), whether the C(network) service or
        NetworkManager reads them.
    type: str
    choices: [auto, networkmanager, netplan, networkd, ifupdown, network_scripts, systemd_unit]
    default: auto
  forbidden:
    description:
      - The Pod and Service CIDRs of the cluster. A route that overlaps one of them is refused, for the node could not
        join with it.
    type: list
    elements: str
    default: []
  takeover:
    description:
      - Replace an existing route to a requested destination, which is a conflict otherwise. The replaced route is
        remembered, and restored when the route leaves the set.
      - Lines of others are replaced in files that the set shares with them (V(networkmanager), V(network_scripts)).
        Other files of others are never edited, so a line in one of them stays a conflict.
    type: bool
    default: false
  live:
    description:
      - Whether the routes are to be in the kernel as well. With V(false) only files are looked at and written, for an
        image that is being built or a chroot. O(interface) and O(backend) must be given then, gateways are not
        looked for, and O(resolve) cannot be used.
    type: bool
    default: true
notes:
  - Needs C(ip) of iproute2 4.3 or newer on the node.
  - With NetworkManager the routes are lines in the keyfile of the active profile, with network-scripts lines in
    C(route-INTERFACE), with netplan a file of its own in C(/etc/netplan), with systemd-networkd a drop-in of the
    C(.network) file, with ifupdown a hook in C(/etc/network/if-up.d).
  - An equal route that was there before is adopted, and stays at O(state=absent). Another route to the same
    destination is an error, unless O(takeover).
  - A route that overlaps a network that the network plug-in of a running cluster routes itself is refused.
  - With O(state=absent) the way to nameservers may move, for the set is what brought it.
"""

EXAMPLES = r"""
- name: Route the registry of the region over the leased line
  ack_edge.node.static_routes:
    gateway: 10.99.0.253
    interface: idc0
    routes:
      - destination: 100.103.99.73/32
        comment: registry cn-beijing
      - destination: 100.118.28.0/24
        comment: object storage cn-beijing
    forbidden:
      - 172.20.0.0/16
      - 172.21.0.0/20

- name: Also route what a name resolves to on the node
  ack_edge.node.static_routes:
    gateway: 10.99.0.253
    resolve:
      - cs-anony-vpc.cn-beijing.aliyuncs.com

- name: Put routes into an image that is being built
  ack_edge.node.static_routes:
    live: false
    backend: networkd
    interface: idc0
    gateway: 10.99.0.253
    routes:
      - destination: 100.103.99.73/32

- name: Take the set out again
  ack_edge.node.static_routes:
    state: absent
"""

RETURN = r"""
results:
  description:
    - A verdict for each entry of O(routes), then one for each of O(resolve), in their order.
    - With O(state=absent) one for each route that the set held.
  returned: always
  type: list
  elements: dict
  contains:
    check:
      description: The destination or the name.
      type: str
      returned: always
    status:
      description:
        - V(pass), V(warn), V(fail) or V(skipped). In check mode a route that is not in its desired state is a V(fail).
      type: str
      returned: always
    summary:
      description: What was found, one sentence.
      type: str
      returned: always
    remedy:
      description: What to do about it.
      type: str
      returned: always
    reproduce:
      description: A command that shows it by hand.
      type: str
      returned: always
    data:
      description: The facts behind it.
      type: dict
      returned: always
      contains:
        required:
          description: Whether a V(fail) stops a role; always V(true).
          type: bool
          returned: always
        origin:
          description: V(declared) or V(resolved) for a route, V(name) for a name.
          type: str
          returned: when the input is right
        destination:
          description: The destination, a network.
          type: str
          returned: for a route
        gateway:
          description: The next hop.
          type: str
          returned: for a route
        interface:
          description: The interface.
          type: str
          returned: for a route
        metric:
          description: The metric.
          type: int
          returned: for a route
        table:
          description: The number of the routing table.
          type: int
          returned: for a route
        source:
          description: The preferred source address or V(null).
          type: str
          returned: for a route
        onlink:
          description: Whether the gateway is taken as directly reachable.
          type: bool
          returned: for a route
        mtu:
          description: The MTU or V(null).
          type: int
          returned: for a route
        comment:
          description: What the route is for.
          type: str
          returned: for a route
        live:
          description: V(ok), V(missing) or V(wrong) in the kernel, V(unknown) with O(live=false).
          type: str
          returned: for a route
        persisted:
          description: V(ok), V(missing) or V(wrong) in RV(results[].data.path).
          type: str
          returned: for a route
        changed:
          description: Which of C(live) and C(persisted) this run fixed.
          type: list
          elements: str
          returned: for a route
        adopted:
          description: Which of C(live) and C(persisted) were there before the set.
          type: list
          elements: str
          returned: for a route
        displaced:
          description: Routes of others that this one took the place of, as text, see O(takeover).
          type: list
          elements: str
          returned: for a route
        backend:
          description: What persists the route, one of the choices of O(backend).
          type: str
          returned: for a route
        path:
          description: The file that persists the route.
          type: str
          returned: for a route
        names:
          description: The names that a resolved route comes from.
          type: list
          elements: str
          returned: for a route
        routes:
          description: The data of the routes of a name.
          type: list
          elements: dict
          returned: for a name
        covered:
          description: Addresses of the name that a declared route carries.
          type: list
          elements: str
          returned: for a name
        outside:
          description: Addresses of the name that are not in O(resolve_within) or in a network of O(forbidden).
          type: list
          elements: str
          returned: for a name
awaiting_confirmation:
  description:
    - The token and the seconds left of a change that is live and not confirmed. The task confirms it by itself, so this
      is seen only where the module runs without its action.
  returned: when a change awaits its confirmation
  type: dict
  sample: {token: 0f3a, seconds: 30}
summary:
  description: How many verdicts have each status.
  returned: always
  type: dict
  sample: {pass: 10, warn: 0, fail: 0, unproven: 0, skipped: 0}
failed_checks:
  description: The destinations and names whose verdict is V(fail).
  returned: always
  type: list
  elements: str
msg:
  description: What needs attention, or that all is well; where the module fails, every problem that was found.
  returned: always
  type: str
"""

from ansible_collections.ack_edge.node.plugins.module_utils._module import run_module
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.arguments import ARGUMENT_SPEC
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.run import run


def main():
    """Run as an Ansible module."""
    run_module(run, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
