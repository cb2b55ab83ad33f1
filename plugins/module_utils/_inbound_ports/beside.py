# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What else in the kernel may drop what is wanted, whatever firewall was chosen, and where none was.

A packet reaches a port only if every base chain on its way lets it pass: of netdev and ingress, raw, mangle,
prerouting, and every chain on hook input. The backend that was chosen sees to its own chains alone. No name excuses a
drop here: what a program drops is dropped, whether it is a firewall or not. Changes nothing.
"""

import collections
from typing import NamedTuple

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import table_loaders
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import (
    iptables,
    iptables_judge,
    nft,
    nft_judge,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.loaded import (
    FAMILIES,
    LoadedRules,
    LoadedTable,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import Obstacle, may_take, wanted_rules
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import cluster, network

_CHAINS = (
    *(("raw", "PREROUTING"), ("mangle", "PREROUTING"), ("mangle", "INPUT")),
    *(("nat", "PREROUTING"), ("filter", "INPUT"), ("security", "INPUT")),
)


class _Chain(NamedTuple):
    """One base chain with what says of a Rule how it may be dropped there."""

    where: str  # for people
    shown: str  # a command that shows it
    drop: object  # function that returns the text of what may drop a Rule, None for nothing


def obstacles(node, items, backend, asleep=False):
    """Return the [Obstacle] of everything beside the backend that may drop what an Item wants; [] for nothing.

    :arg backend: the FirewallBackend that was chosen, None for none.
    :arg asleep: whether it is known that a firewall is loaded by a reboot alone.
    """
    if not items:
        return []
    rules, result, loaded = wanted_rules(items), [], LoadedRules(node)
    try:
        ruleset = loaded.ruleset()
    except NodeError:
        # Whoever needs it has said so; an old nft without JSON beside another firewall does not stop the run.
        ruleset = None
    for chain in _chains(node, loaded, ruleset, backend):
        for drop, names in _drops(chain, rules):
            reason = f"a rule before ours {may_take(drop)}: {chain.where}: {drop}"
            remedy = f"exempt these packets from that rule ('{chain.shown}' shows it), and run prepare_edge.yml again"
            result.append(Obstacle(reason, remedy, names))
    result += _programs(node, frozenset(item.name for item in items))
    return result if asleep else result + list(_to_come(node, items, rules, backend, ruleset and loaded.boot, ruleset))


def _programs(node, names):
    """Return the Obstacles of XDP programs: nobody can read what one does. A cluster has some of its own."""
    try:
        links = network.links(node, optional=True)
    except NodeError as error:
        return [Obstacle(f"an XDP program may drop some of it: {error}", "read 'ip link show' by hand", names)]
    why = "the XDP program on {0.name} ({0.xdp}) sees packets before any firewall and may drop some of it"
    remedy = "check that it passes these packets ('ip link show dev {0.name}' names it)"
    found = [link for link in links.values() if link.xdp and link.name != "lo" and not cluster.traces_of_a_join(links)]
    return [Obstacle(why.format(link), remedy.format(link), names) for link in found]


def _drops(chain, rules):
    """Return (what of a _Chain may drop, names of the items) pairs."""
    found = collections.OrderedDict()
    for rule in rules:
        drop = chain.drop(rule)
        if drop is not None:
            found.setdefault(drop, set()).add(rule.label)
    return [(drop, frozenset(names)) for drop, names in found.items()]


def _to_come(node, items, rules, backend, boot, ruleset):
    """Yield the Obstacles that only a reboot brings: of files of iptables, and of the configuration of nftables."""
    for service, chain in _saved(node, backend):
        drops = _drops(chain, rules)
        for drop, names in drops if drops and table_loaders.loads_at_boot(node, service) else ():
            reason = f"after a reboot, {chain.shown} loads a rule that {may_take(drop)}: {chain.where}: {drop}"
            yield Obstacle(reason, f"remove that rule from {chain.shown}, or exempt these packets from it", names)
    later = boot.to_come(ruleset, rules) if boot else None
    if later:
        yield later._replace(items=later.items or frozenset(item.name for item in items))


def _saved(node, backend):
    """Yield (service, _Chain) of what services load out of files of iptables at boot, the backend's own left out."""
    for service, path, version in table_loaders.LOADED:
        text = node.read(path) or ""
        for name, chain in _CHAINS if text else ():
            place = LoadedTable("", version, "")
            yield service, _chain(iptables.parse_saved(text, name), place, name, chain, backend, path)


def _chains(node, loaded, ruleset, backend):
    read = list(_of_iptables(node, loaded, ruleset, backend))
    yield from (chain for _key, chain in read)
    done = {key for key, _chain in read}
    for chain in ruleset.chains.values() if ruleset else ():
        if (chain.base or chain.early) and chain.key not in done and not _is_seen_to(backend, chain, ruleset):
            yield _of_nft(loaded, ruleset, chain)


def _is_seen_to(backend, chain, ruleset):
    """Return whether the backend sees to a chain of nft; an INPUT of iptables is here where iptables cannot read it."""
    if backend is None:
        return False
    of_iptables = chain.base and nft.has_name_of_iptables(chain.key) and chain.key not in ruleset.native
    return backend.opens(chain, ruleset) or (of_iptables and backend.opens_input(ruleset.targets(chain)) is not None)


def _of_nft(loaded, ruleset, chain):
    def drop(rule):
        if rule.version not in nft.versions(chain.key):
            return None
        raw, by_policy = nft_judge.first_drop(ruleset, chain, rule)
        if raw is not None:
            return loaded.shown(raw)
        return "policy drop" if by_policy else None

    place = " ".join(chain.key)
    return _Chain(place, f"nft -a list table {' '.join(chain.key[:2])}", drop)


def _of_iptables(node, loaded, ruleset, backend):
    """Yield (key as nft has it, _Chain) of the chains that a program of iptables reads."""
    for plain, version, family, names in FAMILIES:
        legacy = (node.read(names) or "").split()
        kinds = [("legacy", legacy)]
        if ruleset is not None:
            native = {key[1] for key in ruleset.native if key[0] == family}
            kinds.append(("nft", [name for kind, name in ruleset.tables if kind == family and name not in native]))
        else:
            yield from _without_nft(node, loaded, LoadedTable(plain, version, "nft"), backend)
        for variant, there in kinds:
            for name, chain in _CHAINS:
                if name in there and (variant == "legacy" or (family, name, chain) in ruleset.chains):
                    place = LoadedTable(plain, version, variant)
                    yield from _table_chain(loaded, place, (family, name, chain), backend)


def _without_nft(node, loaded, place, backend):
    """Yield the same of iptables-nft on a node without nft: what it saves are the tables that are there."""
    try:
        program = loaded.program(place)[0]
    except NodeError:
        return
    saved = node.run([f"{program}-save"])
    if saved.rc != 0:
        unknown = f"{program}-save cannot be asked"
        drop = {place.version: unknown}.get
        yield None, _Chain(f"tables of {program}", f"{program}-save", lambda rule: drop(rule.version))
        return
    for name, chain in _CHAINS:
        shown = f"{program} -t {name} -S {chain}"
        yield None, _chain(iptables.parse_saved(saved.out, name), place, f"{name} of {program}", chain, backend, shown)


def _table_chain(loaded, place, key, backend):
    _family, name, chain = key
    try:
        program = loaded.program(place)[0]
        table = loaded.table(program, name)
    except NodeError:
        if place.variant == "legacy":
            where, shown = f"table {name}, chain {chain}", f"{place.plain}-legacy -t {name} -S"
            yield (place, name, chain), _Chain(where, shown, lambda _rule: f"{place.plain}-legacy cannot be asked")
        return  # of the nft variant nft itself says what is there, if less exactly
    found = _chain(table, place, f"{name} of {program}", chain, backend, f"{program} -t {name} -S {chain}")
    yield key if place.variant == "nft" else (program, name, chain), found


def _chain(table, place, name, chain, backend, shown):
    """Return the _Chain of a chain of a Table of iptables, as far as the backend does not see to it."""
    lines, end = table.chains.get(chain, []), None
    if backend:
        lines = [line for line in lines if not backend.redirects(iptables_judge.target_of(line.words)[0] or "")]
        table = table._replace(chains=dict(table.chains, **{chain: lines}))
    if backend and name.startswith("filter"):
        end = backend.opens_input([iptables_judge.target_of(line.words)[0] or "" for line in lines])

    def drop(rule):
        return iptables_judge.chain_drop(table, chain, [rule], end) if rule.version == place.version else None

    return _Chain(f"table {name}, chain {chain}", shown, drop)
