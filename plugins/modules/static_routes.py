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
    boot). Each is looked at, reported and mended on its own.
  - No network service is ever restarted, reloaded or told to apply anything. Live routes are changed with
    C(ip -batch), and the manager finds its file at the next boot.
  - A change that would move the way to the controller, to a default gateway or to a nameserver is refused.
  - A change of live routes is tried first. It is persisted only when the controller has reached the node by a new
    connection, and without that the node takes it back by itself (O(confirm_timeout)). This costs one more remote
    execution, and only where something live changes.
  - Nothing is changed before all of the input is found to be right. A change that cannot be finished, for example on a
    full disk, is rolled back, and the message says so.
extends_documentation_fragment:
  - ack_edge.node.attributes
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
  protect:
    description:
      - Addresses whose way must not move, beside the controller, the default gateways and the nameservers that are
        found on the node.
    type: list
    elements: str
    default: []
  force:
    description:
      - Allow a default route, also one in pieces (V(0.0.0.0/1) and V(128.0.0.0/1)), and a change that moves the way of
        an address that is looked after, or may do so by a rule of policy routing. If it cuts the way to the controller
        all the same, the node takes it back.
    type: bool
    default: false
  takeover:
    description:
      - Take the place of a route of somebody else to a wanted destination, which is a conflict otherwise. What it was
        is remembered, and put back when the route leaves the set.
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
  confirm_timeout:
    description:
      - Seconds within which the controller must have come back after a change of live routes, else the node takes it
        back.
      - 0 changes and persists in one step; where a step fails what was done is rolled back, but a route that cuts the
        path to the controller stays.
      - At most 3600. Other runs that would change routes of the node wait meanwhile, up to two minutes.
    type: int
    default: 30
  confirm:
    description:
      - Token of a change that awaits its confirmation. The task hands it over by itself.
    type: str
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
          description: Which of C(live) and C(persisted) this run mended.
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

import binascii
import ipaddress
import os
import socket
from collections import namedtuple

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.module_utils._manifest import Manifest
from ansible_collections.ack_edge.node.plugins.module_utils._module import AnsibleModule
from ansible_collections.ack_edge.node.plugins.module_utils._node import Node, NodeError, ssh_peers
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import (
    apply,
    bounds,
    commit_confirm,
    inputs,
    lockout,
    remembered,
    resolve,
    rollback,
)
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import (
    plan as _plan,
)
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import (
    verdicts as _words,
)
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import registry
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import failure, report

ROUTE_SPEC = {
    "destination": {"type": "str", "required": True},
    "gateway": {"type": "str"},
    "interface": {"type": "str"},
    "metric": {"type": "int"},
    "table": {"type": "int"},
    "source": {"type": "str"},
    "onlink": {"type": "bool", "default": False},
    "mtu": {"type": "int"},
    "comment": {"type": "str", "aliases": ["purpose"]},
    "confidence": {"type": "str"},
}
BACKENDS = ["auto", "networkmanager", "netplan", "networkd", "ifupdown", "network_scripts", "systemd_unit"]
ARGUMENT_SPEC = {
    "name": {"type": "str", "default": "ack-edge"},
    "routes": {"type": "list", "elements": "dict", "default": [], "options": ROUTE_SPEC},
    "gateway": {"type": "str"},
    "interface": {"type": "str"},
    "resolve": {"type": "list", "elements": "str", "default": []},
    "resolve_within": {"type": "str", "default": "100.64.0.0/10"},
    "prune": {"type": "bool", "default": False},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "backend": {"type": "str", "choices": BACKENDS, "default": "auto"},
    "forbidden": {"type": "list", "elements": "str", "default": []},
    "protect": {"type": "list", "elements": "str", "default": []},
    "force": {"type": "bool", "default": False},
    "takeover": {"type": "bool", "default": False},
    "live": {"type": "bool", "default": True},
    "confirm_timeout": {"type": "int", "default": 30},
    "confirm": {"type": "str"},
}

# One look at the node: what is there, what is wanted, what is to be done, and what speaks against it.
Look = namedtuple("Look", "observed wanted plan problems")


class Refused(Exception):
    """The run cannot go on; ``verdicts`` say how each route stands, ``changed`` whether this run left a change."""

    def __init__(self, text, verdicts, changed=False):
        Exception.__init__(self, text)
        self.verdicts, self.changed = verdicts, changed


class Job:
    """One run of the module on one node.

    :arg ask: function that returns {name: Answer} of the names to resolve.
    :arg peers: addresses that this run came from.
    """

    def __init__(self, params, node, ask, peers):
        self.params, self.node, self.peers = params, node, peers
        self._ask, self.answers = ask, None
        self.manifest = Manifest(node, "routes", params["name"], remembered.SHAPE)
        self.pending = commit_confirm.Pending(node, params["name"])
        self.absent = params["state"] == "absent"

    def look(self):
        """Observe and plan; change nothing."""
        if self.answers is None:
            self.answers = self._ask()
        available = registry.backends(self.node, self.params["name"])
        observed = apply.observe(self.node, self.manifest, self.pending, available, self.params["live"])
        wanted, problems = inputs.Wanted([], [], [], []), []
        protect = inputs.addresses(self.params["protect"], "protect", problems)
        wrong = bounds.seconds(self.params["confirm_timeout"])
        problems += [(None, wrong)] if wrong else []
        if not self.absent:
            wanted = inputs.want(self.params, observed.kernel, observed.owned, self.answers)
            problems += wanted.problems
        if problems:
            raise _refusal(problems, _words.of_problems(self.params, problems))
        items, texts = apply.place(wanted.items, observed.kernel, available, self.params["backend"])
        if texts:
            problems = [(None, text) for text in texts]
            raise _refusal(problems, _words.of_problems(self.params, problems))
        stores = apply.read_stores(self.node, available, items, observed)
        live = observed.kernel.routes if observed.kernel is not None else None
        plan = _plan.plan(items, observed.owned, live, stores, self.params["takeover"])
        problems = list(plan.conflicts) or [(None, text) for text in self._dangers(observed, plan, protect)]
        problems = problems or [(None, text) for text in apply.refusals(plan, stores)]
        return Look(observed, wanted, plan, problems)

    def _dangers(self, observed, plan, protect):
        """Return what speaks against the change itself, as texts."""
        if observed.kernel is None:
            return []
        texts = lockout.cluster_overlaps(observed.kernel, plan.items)
        if not self.params["force"]:
            addresses = lockout.guarded(self.node, observed.kernel, self.peers, protect, nameservers=not self.absent)
            texts += apply.endangered(self.node, observed.kernel, plan, addresses)
        return texts

    def verdicts(self, look, was=None):
        """Return the verdicts of a look; ``was`` the look before this run changed something."""
        if self.absent:
            return _words.of_gone((was or look).plan, done=was is not None)
        in_use = {}
        if look.observed.kernel is not None:
            in_use = lockout.in_use(look.observed.kernel, look.plan.items, look.observed.owned)
        return _words.of_plan(look.wanted, look.plan.states, look.plan.items, in_use, was and was.plan.states)

    def change(self):
        """Look, change, look again. Return (the look before, verdicts after, what awaits its confirmation or None)."""
        with self.pending.turn():
            first = self.look()
            if first.problems:
                raise _refusal(first.problems, self.verdicts(first))
            if self.params["confirm_timeout"] and _plan.touches_kernel(first.plan):
                return self._attempt(first)
            return self._finish(first)

    def confirm(self):
        """Persist what the controller has come back to confirm; return the same as :meth:`change`."""
        token = self.params["confirm"]
        with self.node.lock():
            first = self._look_again(token)
            if first.problems or _plan.touches_kernel(first.plan):
                if self.pending.awaits(token):
                    self.pending.take_back(token)
            elif self.pending.keep(token):
                return self._finish(first, lambda: self.pending.give_up(token))
            raise Refused(
                "the change of routes was taken back by the node, nothing of it is left: %s"
                % (
                    "; ".join(text for _where, text in first.problems)
                    or "it was not confirmed within confirm_timeout, or "
                    "somebody else changed routes at the same time; see which of the routes carries the way to the "
                    "controller, then run again, with a longer confirm_timeout if connecting takes long"
                ),
                self.verdicts(self.look()),
            )

    def _look_again(self, token):
        """Look at the node after a change that is not kept yet; where that cannot be done the change is rolled back."""
        try:
            if self.pending.awaits(token) and self.params["confirm"]:
                self.answers = _recalled(self.pending.load())
            return self.look()
        except (NodeError, Refused) as error:
            if not self.pending.awaits(token):
                raise
            self.pending.take_back(token)
            raise Refused(
                f"{error}. The change was rolled back, nothing of it is left", getattr(error, "verdicts", [])
            ) from None

    def _attempt(self, first):
        token = binascii.hexlify(os.urandom(8)).decode("ascii")
        answers = {
            name: [[str(address) for address in answer.addresses], answer.error]
            for name, answer in self.answers.items()
        }
        try:
            apply.attempt(
                self.node,
                self.pending,
                first.observed,
                first.plan,
                {"token": token, "seconds": self.params["confirm_timeout"], "answers": answers},
            )
        except NodeError as error:
            raise Refused(str(error), self.verdicts(first)) from None
        second = self._look_again(token)
        if second.problems or _plan.touches_kernel(second.plan):
            self.pending.take_back(token)
            raise self._not_held(second, "the change was rolled back, nothing of it is left", False)
        verdicts = self.verdicts(first, first) if self.absent else self.verdicts(second, first)
        return first, verdicts, {"token": token, "seconds": self.params["confirm_timeout"]}

    def _finish(self, first, undo=None):
        """Make the plan true for good. :arg undo: function that undoes the live half of a change that was tried."""
        try:
            apply.apply(
                self.node,
                self.manifest,
                self.pending,
                first.observed,
                first.plan,
                registry.backends(self.node, self.params["name"]),
                undo,
            )
        except rollback.Unfinished as error:
            raise Refused(str(error), self._verdicts_now(first), error.changed) from None
        second = first if _plan.is_empty(first.plan) else self.look()
        if second.problems or not _plan.is_empty(second.plan):
            raise self._not_held(second, "what this run changed stays", True)
        return first, self.verdicts(second, first), None

    def _verdicts_now(self, first):
        try:
            return self.verdicts(self.look())
        except (NodeError, Refused):
            return self.verdicts(first)

    def _not_held(self, second, outcome, changed):
        found = "; ".join(text for _where, text in second.problems) or "see the results"
        return Refused(
            f"the node does not hold what was just set ({found}), and {outcome}; somebody else changes routes at the "
            "same time, find out who and run again",
            self.verdicts(second),
            changed,
        )


def _recalled(content):
    """Return {name: Answer} as the content of a journal remembers it.

    :raises NodeError: if it does not.
    """
    try:
        return {
            name: resolve.Answer(tuple(ipaddress.ip_address(text) for text in addresses), error)
            for name, (addresses, error) in content["answers"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NodeError("the journal of the change that awaits its confirmation is damaged") from None


def _refusal(problems, verdicts):
    texts = [text for _where, text in problems]
    return Refused(
        texts[0] if len(texts) == 1 else "%d problems, nothing was changed:\n- %s" % (len(texts), "\n- ".join(texts)),
        verdicts,
    )


def run(params, node, check_mode, getaddrinfo=socket.getaddrinfo, peers=ssh_peers):
    """Return the result of the module as a dict.

    :raises Refused, NodeError: with what is wrong and what to do.
    """
    within = _inputs.attempt([], "resolve_within", params["resolve_within"], _inputs.network)
    names = params["resolve"] or [] if params["state"] == "present" and params["live"] and within is not None else []
    job = Job(params, node, lambda: resolve.resolve(names, within.version if within else 4, getaddrinfo), peers())
    awaiting = None
    if check_mode:
        first = job.look()
        verdicts = job.verdicts(first)
        if first.problems:
            raise _refusal(first.problems, verdicts)
    elif params["confirm"]:
        first, verdicts, awaiting = job.confirm()
    else:
        first, verdicts, awaiting = job.change()
    changed = not _plan.is_empty(first.plan)
    result = dict(report(verdicts), changed=changed)
    if changed:
        result["diff"] = _words.diff(first.plan, params["name"])
    if awaiting is not None:
        result["awaiting_confirmation"] = awaiting
    return result


def main():
    """Run as an Ansible module."""
    module = AnsibleModule(argument_spec=ARGUMENT_SPEC, supports_check_mode=True)
    try:
        result = run(module.params, Node(), module.check_mode)
    except Refused as error:
        module.fail_json(changed=error.changed, **failure(str(error), error.verdicts))
    except NodeError as error:
        module.fail_json(**failure(str(error)))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
