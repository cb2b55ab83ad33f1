# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which firewall is active: found from what runs and what is loaded, never from what is installed.

Each backend says what it knows of itself; nothing here knows one by its name.
"""

import collections

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.loaded import LoadedRules
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import network


def active_managers(node, backends, rules=()):
    """Return {manager: why it is taken for active}: who answers, whose tables of iptables can drop, whose chains do.

    :arg backends: those of the registry, in its order.
    :arg rules: Rules that are wanted. Of several managers one whose drops can match none of them decides about others.
    :raises NodeError: where the state cannot be told, e.g. one runs and does not answer.
    """
    found = _named((backend, backend.manages_now()) for backend in backends)
    others = [backend for backend in backends if backend.name not in found]
    loaded = LoadedRules(node)
    ruleset = _ruleset(loaded, found)
    answering = set(found)
    by_ruleset = _named((backend, backend.manages_ruleset(ruleset)) for backend in others) if ruleset else {}
    meant = {backend.name for backend in others if ruleset and backend.may_drop(ruleset, rules)} & set(by_ruleset)
    for backend, table in _table_owners(backends, list(loaded.dropping_tables(ruleset))):
        if backend.name not in answering and table.drops(rules):
            meant.add(backend.name)
        if backend.name not in found:
            backend.refuse_abandoned(table.why)
            found[backend.name] = table.why
    found.update(by_ruleset)
    if rules and len(found) > 1:
        deciding = [name for name in found if name in answering or name in meant] or list(found)[:1]
        found = collections.OrderedDict((name, found[name]) for name in deciding)
    # Rules that only count or accept decide about nothing beside another firewall.
    if ruleset and not found:
        found.update(_named((backend, backend.manages_ruleset_alone(ruleset)) for backend in others))
    return found


def _named(claims):
    return collections.OrderedDict((backend.name, why) for backend, why in claims if why)


def _ruleset(loaded, found):
    try:
        return loaded.ruleset()
    except NodeError:
        # The firewall that answers decides then; an old nft without JSON beside it is no reason to stop.
        if found:
            return None
        raise


def _table_owners(backends, tables):
    """Yield (backend, DroppingTable) for each table that can drop.

    Of two that know a table as theirs the later one in the registry is its owner. One that nobody knows has a backend
    for such, unless it is what somebody else shuts IPv6 with.
    """
    known = [(next((one for one in reversed(backends) if one.knows_table(table)), None), table) for table in tables]
    shuts_ipv6 = any(owner.shuts_ipv6_bare for owner, _table in known if owner)
    unknown = next((backend for backend in backends if backend.takes_unknown_tables), None)
    for owner, table in known:
        if owner or (unknown and not (shuts_ipv6 and table.version == 6)):
            yield owner or unknown, table


def incoming_interface(node, gateway):
    """Return the interface that leads to the gateway, without one that of the default route; '' where there is none.

    What comes in by it decides which zone of firewalld the rules belong to.
    """
    route = network.path_to(node.run, gateway).route if gateway else next(iter(network.default_routes(node)), None)
    return route.interface if route and not route.multipath else ""


def on_link_networks(node, interface):
    """Return the networks that an interface has an address in, as text, IPv4 before IPv6; none for a single address."""
    result = []
    for link in network.links(node, interface, optional=True).values():
        for address in link.addresses:
            found = address.network
            if address.scope == "global" and found.num_addresses > 1 and str(found) not in result:
                result.append(str(found))
    return sorted(result, key=lambda text: ":" in text)


def one_manager(node, backends, rules=()):
    """Return the name of the one active manager, 'none' where no firewall is active; see :func:`active_managers`.

    :raises NodeError: for two.
    """
    found = active_managers(node, backends, rules)
    why = "; ".join("{}: {}".format(*pair) for pair in found.items())
    if len(found) > 1:
        raise NodeError(
            f"{' and '.join(found)} are active on this node ({why}), and a port is open only if both accept it; keep "
            "one of them, or set backend to the one to use"
        )
    return next(iter(found), "none")
