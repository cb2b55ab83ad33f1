# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which firewall is active: found from what runs and what is loaded, never from what is installed."""

import collections

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.iptables import (
    find_program,
    loaded_tables,
    read_table,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.nftables import read_ruleset
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.iptables_judge import (
    input_drops,
    target_of,
)
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import network

_UFW = ("ufw-", "ufw6-")
_FIREWALLD = ("INPUT_ZONES", "INPUT_direct")


def active_managers(node):
    """Return {manager: why it is taken for active}, in the order firewalld, ufw, iptables, nftables.

    :raises NodeError: where the state cannot be told, e.g. firewalld runs and does not answer.
    """
    found = collections.OrderedDict()
    if firewalld_runs(node):
        found["firewalld"] = "'firewall-cmd --state' says running"
    ruleset = _ruleset(node, "firewalld" in found)
    tables = list(_iptables_managers(node, ruleset))
    # With IPV6=no ufw shuts IPv6 without chains of its own; that table is its, too.
    ufw = any(name == "ufw" for name, _version, _why in tables)
    for name, version, why in tables:
        if name == "firewalld" and "firewalld" not in found:
            raise _left_behind(why)
        if name != "firewalld" and not (ufw and name == "iptables" and version == 6):
            found.setdefault(name, why)
    chains = ruleset.input_chains() if ruleset else []
    dropping = [chain for chain in chains if ruleset.can_drop(chain)]
    # A chain that only counts or accepts beside another firewall decides about nothing.
    telling = dropping or ([] if found else [chain for chain in chains if chain.rules])
    if telling:
        found["nftables"] = f"chain '{' '.join(telling[0].key)}' is on hook input"
    return found


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


def one_manager(node):
    """Return the name of the one active manager, 'none' where no firewall is active.

    :raises NodeError: for two.
    """
    found = active_managers(node)
    why = "; ".join("{}: {}".format(*pair) for pair in found.items())
    if len(found) > 1:
        raise NodeError(
            f"{' and '.join(found)} are active on this node ({why}), and a port is open only where both let it pass; keep one of them, or set backend to the one that decides"
        )
    return next(iter(found), "none")


def firewalld_runs(node):
    """Return whether firewalld runs and answers.

    :raises NodeError: where systemd holds it for active and it does not answer.
    """
    state = node.run(["firewall-cmd", "--state"])
    if state.rc == 127:
        return False
    said = (state.out + state.err).strip()
    if state.rc == 0 and state.out.strip() == "running":
        return True
    unit = node.run(["systemctl", "is-active", "firewalld.service"]).out.strip()
    if unit in ("active", "activating", "reloading"):
        raise NodeError(
            f"firewalld.service is {unit} but does not answer: 'firewall-cmd --state' ended with status {int(state.rc)} and said: {said or 'nothing'}; see 'journalctl -u firewalld', let it run rightly, and run again"
        )
    return False


def _ruleset(node, firewalld):
    try:
        ruleset = read_ruleset(node)
    except NodeError:
        # firewalld decides then; an old nft without JSON beside it is no reason to stop.
        if firewalld:
            return None
        raise
    if ruleset and not firewalld and any(name == "firewalld" for _family, name in ruleset.tables):
        raise _left_behind("nft table firewalld")
    return ruleset


def _left_behind(where):
    return NodeError(
        f"the rules of firewalld are loaded ({where}) but firewalld does not run, so nobody can change them; "
        "start firewalld, or remove them, and run again"
    )


def _iptables_managers(node, ruleset):
    """Yield (manager, IP version, why) for each filter table of iptables that can drop what comes in."""
    for chain in ruleset.input_chains(iptables=True) if ruleset else []:
        if ruleset.can_drop(chain):
            version = 6 if chain.key[0] == "ip6" else 4
            yield _owner(ruleset.targets(chain)), version, f"chain '{' '.join(chain.key)}' can drop"
    for loaded in loaded_tables(node, ruleset):
        if loaded.variant == "nft" and ruleset is not None:
            continue
        program = find_program(node, loaded)[0]
        table = read_table(node, program)
        if input_drops(table):
            targets = [target_of(line.words)[0] or "" for line in table.chains.get("INPUT", [])]
            yield _owner(targets), loaded.version, f"chain INPUT of {program} can drop"


def _owner(targets):
    if any(name.startswith(_UFW) for name in targets):
        return "ufw"
    return "firewalld" if any(name in _FIREWALLD for name in targets) else "iptables"
