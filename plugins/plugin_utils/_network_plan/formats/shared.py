# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files for devices have in common: layout, names, routes and permits of a plan. Private to the collection.

A file for a device has four parts: what it adds, how to see it, what is an option, and how to take exactly that out
again. Only the first part is commands; the others are comments, so that a whole file can be pasted.
"""

from __future__ import annotations

import ipaddress
import zlib
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Flow, Plan

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

ADD, SHOW, OPTION, TAKE_OUT = "Add", "Show", "Option", "Take out"
PREFIX = "ACK-EDGE"
LONGEST = 31  # the shortest limit of a name among the devices


def own_name(plan: Plan, item: str = "") -> str:
    """Return a name that no other plan on the device uses; at most 31 characters, and always the same for an item.

    Two plans of different sites or regions on one device must not share a name: the second would change the first.
    """
    head = f"{PREFIX}-{_digest(' '.join((plan['site']['name'], plan['cluster']['region'])))}"
    if not item:
        return head
    room = LONGEST - len(head) - 1
    if len(item) > room:
        item = f"{item[: room - 5].rstrip('-')}-{_digest(item)}"
    return f"{head}-{item}"


def _digest(text: str) -> str:
    return f"{zlib.crc32(text.encode()) & 0xFFFF:04X}"


def words(before: str, value: object) -> str:
    """Return value behind the words that introduce it, and nothing where it is not set."""
    return f"{before}{value}" if value else ""


def document(
    plan: Plan,
    comment: str,
    title: str,
    enter: str,
    *,
    add: Iterable[str],
    show: Iterable[str],
    take_out: Iterable[str],
    notes: Iterable[str],
    unfinished: Iterable[str],
    option: Iterable[str] = (),
) -> str:
    """Return the text of a device's file; ``unfinished`` says what is not in it, and why."""
    site, region = plan["site"]["name"], plan["cluster"]["region"]
    blocking = [item["what"] for item in plan["open_items"] if item["blocking"]]
    head = [
        f"ACK Edge network plan: {title}",
        f"Site {site}, cluster in {region}. Lists, objects and rules of this plan begin with {own_name(plan)}.",
        "These lines only add: none of them replaces or removes a list, a policy or a rule that exists.",
        f"Enter the lines of the part {ADD}; lines that begin with {comment} are for people.",
        enter,
        *notes,
        *(f"Open: {line}" for line in [*unfinished, *blocking]),
        f"plan.md says what each hop needs, and lists {len(plan['open_items'])} open items.",
    ]
    parts = {
        f"=== {SHOW} === Run these before as well: nothing of this plan may be there yet.": show,
        f"=== {OPTION} === Only where a device on the path keeps no connection state.": option,
        f"=== {TAKE_OUT} === Exactly what the first part added.": take_out,
    }
    lines = [*(f"{comment} {_plain(line)}" for line in head), comment, f"{comment} === {ADD} ===", *add]
    for heading, commands in parts.items():
        rows = [f"{comment} {line}" for line in commands]
        lines += [comment, f"{comment} {heading}", *rows] if rows else []
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Return text as one line of ASCII, as a comment of a device takes it."""
    return " ".join(text.split()).encode("ascii", "replace").decode("ascii")


def router_file(
    plan: Plan, comment: str, title: str, enter: str, *, add: list[str], show: list[str], take_out: list[str]
) -> str:
    """Return the text of a router's file."""
    notes = ["A route that another plan of this site has as well is gone for both once it is taken out."]
    unfinished = routing(plan).unfinished
    return document(
        plan, comment, title, enter, add=add, show=show, take_out=take_out, notes=notes, unfinished=unfinished
    )


def firewall_file(
    plan: Plan,
    title: str,
    enter: str,
    place: Iterable[str],
    *,
    add: list[str],
    show: list[str],
    take_out: list[str],
) -> str:
    """Return the text of a firewall's file; ``place`` says where a permit has to stand, and how to move it there."""
    view = permits(plan)
    return document(
        plan,
        "#",
        title,
        enter,
        add=add,
        show=show,
        take_out=take_out,
        notes=place,
        unfinished=view.unfinished,
        option=_returns(view),
    )


class Route(NamedTuple):
    """A static route of the plan towards the leased line."""

    network: Network
    next_hop: str
    name: str

    @property
    def ipv6(self) -> bool:
        return self.network.version == 6

    @property
    def address(self) -> str:
        return str(self.network.network_address)

    @property
    def mask(self) -> str:
        return str(self.network.netmask)

    @property
    def length(self) -> int:
        return self.network.prefixlen


class PrefixList(NamedTuple):
    """The networks of one family under a name of their own, for route filters."""

    name: str
    ipv6: bool
    networks: list[Network]

    @property
    def family(self) -> str:
        """The word for its family in the lines of Cisco and those who took them over."""
        return "ipv6" if self.ipv6 else "ip"

    def permits(self) -> list[str]:
        """Return its lines for Cisco and those who took them over."""
        return [f"{self.family} prefix-list {self.name} permit {network}" for network in self.networks]


class Routing(NamedTuple):
    """What routers get out of a plan."""

    routes: list[Route]
    unfinished: list[str]
    lists: list[PrefixList]
    vrf: str
    preference: int


def routing(plan: Plan) -> Routing:
    """Return the routes that can be written, why others cannot, and the prefix lists, which need no next hop."""
    site = plan["site"]
    routes: list[Route] = []
    unfinished: list[str] = []
    families: dict[int, list[Network]] = {}
    for prefix in plan["prefixes"]:
        network = ipaddress.ip_network(prefix["destination"])
        families.setdefault(network.version, []).append(network)
        reason = _no_next_hop(site["next_hop"], network)
        if reason:
            unfinished.append(f"no route to {network} ({prefix['name']}): {reason}")
        else:
            routes.append(Route(network, site["next_hop"], prefix["name"]))
    lists = [
        PrefixList(own_name(plan, f"V{version}"), version == 6, networks)
        for version, networks in sorted(families.items())
    ]
    return Routing(routes, unfinished, lists, site["vrf"], site["preference"])


def _no_next_hop(next_hop: str, network: Network) -> str:
    if not next_hop:
        return "next_hop is not set"
    address = ipaddress.ip_address(next_hop)
    if address.version != network.version:
        return f"next_hop is {next_hop}, an address of the other family"
    if address.is_link_local:
        return f"next_hop is {next_hop}: a link-local next hop needs the interface of the router"
    return ""


class Group(NamedTuple):
    """Networks of one family that rules name together."""

    name: str
    ipv6: bool
    networks: list[Network]


class Service(NamedTuple):
    """One port or one range of ports."""

    name: str
    protocol: str
    first: int
    last: int

    def ports(self, between: str) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}{between}{self.last}"


class Rule(NamedTuple):
    """A permit: one flow of the plan."""

    name: str
    from_zone: str
    to_zone: str
    sources: Group
    destinations: Group
    services: list[Service]

    @property
    def ipv6(self) -> bool:
        return self.sources.ipv6

    @property
    def protocol(self) -> str:
        return self.services[0].protocol


class Permits(NamedTuple):
    """What firewalls get out of a plan: objects, the rules that use them, and what could not be written."""

    groups: list[Group]
    services: list[Service]
    rules: list[Rule]
    unfinished: list[str]

    @property
    def networks(self) -> list[Network]:
        """Return every network once, for devices that group named addresses."""
        return list(dict.fromkeys(network for group in self.groups for network in group.networks))


def permits(plan: Plan, zones: bool = True) -> Permits:
    """Return the permits of a plan; where ``zones`` are needed and not given there are objects and no rules."""
    site = plan["site"]
    groups: dict[frozenset[Network], Group] = {}
    services: dict[Service, None] = {}
    rules = []
    for flow in plan["flows"]:
        item = flow["name"].removeprefix(f"{PREFIX}-")
        sides = (site["zone_inside"], site["zone_outside"])
        from_zone, to_zone = sides if flow["direction"] == "outbound" else reversed(sides)
        endpoints = [name.upper().replace("_", "-") for name in flow["endpoints"]]
        # Where a side has no purpose of its own; two, because a flow has two sides.
        names = [*endpoints[:1], item] if len(endpoints) == 1 else [item, f"2-{item}"]
        sources, destinations = (_group(plan, flow[side], names, groups) for side in ("sources", "destinations"))
        used = _services(plan, flow)
        services |= dict.fromkeys(used)
        rules.append(Rule(own_name(plan, item), from_zone, to_zone, sources, destinations, used))
    missing = [name for name in ("zone_inside", "zone_outside") if not site[name]]
    unfinished = []
    if zones and missing:
        unfinished = [f"no rule {rule.name}: {' and '.join(missing)} not set" for rule in rules]
        rules = []
    return Permits(list(groups.values()), list(services), rules, unfinished)


def _services(plan: Plan, flow: Flow) -> list[Service]:
    found = [Service("", flow["protocol"], ports["first"], ports["last"]) for ports in flow["ports"]]
    return [one._replace(name=own_name(plan, f"{one.protocol.upper()}-{one.ports('-')}")) for one in found]


def _group(plan: Plan, networks: list[str], names: list[str], groups: dict[frozenset[Network], Group]) -> Group:
    """Return the group of exactly these networks: one for all rules that name them, by its purpose where it has one."""
    found = [ipaddress.ip_network(network) for network in networks]
    key = frozenset(found)
    if key not in groups:
        ipv6 = found[0].version == 6
        purposes: dict[str, set[str]] = {"NODES": set(plan["site"]["node_cidrs"])}
        for prefix in plan["prefixes"]:
            purposes.setdefault(prefix["purpose"].upper(), set()).add(prefix["destination"])
        own = [name for name, members in purposes.items() if _of_family(members, found[0].version) == key]
        taken = {group.name for group in groups.values()}
        free = (own_name(plan, f"{name}{'-V6' if ipv6 else ''}") for name in [*own, *names])
        groups[key] = Group(next(name for name in free if name not in taken), ipv6, found)
    return groups[key]


def _of_family(networks: Iterable[str], version: int) -> frozenset[Network]:
    found = (ipaddress.ip_network(network) for network in networks)
    return frozenset(network for network in found if network.version == version)


def address_name(plan: Plan, network: Network) -> str:
    """Return the name of an object that holds this one network."""
    if network.version == 6:  # names have no colons
        return own_name(plan, f"{zlib.crc32(network.network_address.packed):08X}-{network.prefixlen}")
    return own_name(plan, f"{network.network_address}-{network.prefixlen}")


def _returns(view: Permits) -> list[str]:
    """Return, in words, the answers that a device without connection state has to permit besides."""
    lines = []
    for rule in view.rules:
        ports = ", ".join(service.ports("-") for service in rule.services)
        back, forth = (", ".join(map(str, side.networks)) for side in (rule.destinations, rule.sources))
        answers = ", ACK or RST set" if rule.protocol == "tcp" else ""
        lines.append(f"permit {rule.protocol} from {back} port {ports} to {forth} port 1024-65535{answers}")
    return lines


def system_view_file(plan: Plan, title: str, enter: str, naming: Callable[[PrefixList], tuple[str, str]]) -> str:
    """Return the file of a router that is told in a system view: Huawei VRP, H3C Comware.

    :arg naming: how a prefix list begins and how it is shown, the two in which these systems differ.
    """
    view = routing(plan)
    vrf = words(" vpn-instance ", view.vrf)

    def path(route: Route) -> str:
        family = "ipv6" if route.ipv6 else "ip"
        return f"{family} route-static{vrf} {route.address} {route.length} {route.next_hop}"

    preference = words(" preference ", view.preference)
    add = [f"{path(route)}{preference} description {route.name}" for route in view.routes]
    show, take_out = [], [f"undo {path(route)}" for route in view.routes]
    for prefixes in view.lists:
        begin, shown = naming(prefixes)
        add += [f"{begin} permit {network.network_address} {network.prefixlen}" for network in prefixes.networks]
        show += [f"display {'ipv6' if prefixes.ipv6 else 'ip'} routing-table{vrf} protocol static", f"display {shown}"]
        take_out.append(f"undo {begin}")
    return router_file(plan, "#", title, enter, add=add, show=show, take_out=take_out)
