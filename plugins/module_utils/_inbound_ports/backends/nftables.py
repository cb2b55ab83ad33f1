# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend nftables: our accepts in front of the input chains that can drop, and a file of our own for the boot.

An accept in a table of its own does not override a drop in another base chain: a packet passes only if *every* base
chain on hook input lets it pass. So each chain that can drop gets our rules, and in its front, where no drop, reject
or jump stands before them; they are so narrow (source, protocol, port) that nothing else passes by them.

For the boot, ``nftables.service`` loads one configuration file. The file gets one line of ours, an include of our own
file, as its last line: there all chains are known. The own file is kept outside of directories that people include
with a wildcard, because loaded twice or too early it would be wrong. Our line has a wildcard that matches this file
alone: nft refuses a whole configuration for an include of a file that is not there, and loads one whose wildcard
matches nothing. So a lost file of ours closes our ports, and does not open everything else.
"""

import collections
import functools
from typing import Any, Dict, List, NamedTuple, Optional

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.base import (
    OWN_DIRECTORY,
    FirewallBackend,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import nft, nft_judge
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import (
    Fact,
    Found,
    Obstacle,
    Rule,
    by_version,
    network_interval,
    networks,
    wanted_rules,
)
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError


class Seen(NamedTuple):
    """What observe() saw."""

    ruleset: nft.Ruleset
    chains: List[tuple]  # keys of the chains that can drop
    bootable: List[tuple]  # those of them that the boot configuration makes
    boot: Any  # what loads the boot configuration
    config: Optional[str]  # path of the boot configuration that is loaded at boot, None with obstacle
    obstacle: Optional[Obstacle]
    texts: Dict[str, Optional[str]]  # of every boot configuration that may hold our include line, by path
    own: Optional[str]  # text of our file


_TAKE_OUT = "remove that rule, or move it behind those with the comment 'ack-edge' ('nft -a list ruleset')"
_SHAPE = {"configs?": [str]}


class Nftables(FirewallBackend):
    """The backend; its rules are known by their comment."""

    name = "nftables"
    reproduce = "nft list ruleset"
    manifest_shape = _SHAPE

    def __init__(self, node, set_name, zone="", interface=""):
        super().__init__(node, set_name, zone, interface)
        self._own = f"{OWN_DIRECTORY}/nftables-{set_name}.nft"
        self._include = f'include "{self._own[:-1]}[t]"'
        # Up to version 0.1.0 the line named the file itself; such a line is replaced, and undone as ours.
        self._includes = (self._include, f'include "{self._own}"')

    def manages_ruleset(self, ruleset):
        """See the base."""
        return _on_input(chain for chain in ruleset.input_chains() if ruleset.can_drop(chain))

    def manages_ruleset_alone(self, ruleset):
        """See the base."""
        return _on_input(chain for chain in ruleset.input_chains() if chain.rules)

    def may_drop(self, ruleset, rules):
        """See the base."""
        return bool(self._meant(ruleset, rules))

    @staticmethod
    def _meant(ruleset, rules):
        """Return the input chains that may drop what one of the Rules accepts."""
        return [
            chain
            for chain in ruleset.input_chains()
            if ruleset.can_drop(chain) and any(nft_judge.can_drop(ruleset, chain, rule) for rule in rules)
        ]

    def opens(self, chain, ruleset):
        """See the base."""
        return chain in ruleset.input_chains()

    def filters_after_reboot(self):
        """See the base."""
        ruleset = self._loaded.ruleset()  # without nft nothing loads it
        asleep = ruleset is not None and self._loaded.boot.to_come(ruleset)
        return ("nftables", self._loaded.boot.may_drop()) if asleep else ()

    def files(self, remembered):
        """See the base."""
        return [self._own, *remembered.get("configs", [])]

    def directories(self, _was_ours):
        """See the base."""
        return [OWN_DIRECTORY]

    def observe(self, remembered, items):
        """See the base; where nothing is wanted, the boot configuration is not checked."""
        ruleset = self._loaded.ruleset() or nft.Ruleset(None)
        chains = [chain.key for chain in self._meant(ruleset, wanted_rules(items))]
        boot, obstacle = self._loaded.boot.find()
        config = boot.path if boot else None
        texts = {path: self._node.read(path) for path in [config, *remembered.get("configs", [])] if path}
        if config and texts[config] is None:
            reason = f"{config}, which nftables.service loads at boot, is missing"
            config, obstacle = None, Obstacle(reason, self._loaded.boot.remedy)
        bootable = []
        if items and chains and config:
            bootable, obstacle = self._bootable(boot, texts[config], chains)
        return Seen(ruleset, chains, bootable, boot, config, obstacle, texts, self._node.read(self._own))

    def _bootable(self, boot, text, chains):
        """Return (chains that the boot configuration makes, Obstacle or None), asked of nft without loading anything.

        A rule for a chain that is not there at boot would make nft refuse the whole configuration, and the node would
        start without a firewall.
        """
        start = self._bare(text).rstrip("\n") + "\n"
        refusal = functools.partial(self._loaded.boot.refusal, boot)
        if refusal(start + "".join(nft.empty_insert(chain) for chain in chains)) is None:
            return chains, None
        refused = refusal(start)
        if refused is not None:
            return [], Obstacle(
                f"no service loads the rule after a reboot: {boot.path} does not load ({refused})",
                f"fix it until 'nft -c -f {boot.path}' reports no error, and run prepare_edge.yml again",
            )
        made = [chain for chain in chains if refusal(start + nft.empty_insert(chain)) is None]
        others = ", ".join(" ".join(chain) for chain in chains if chain not in made)
        reason = f"after a reboot, a chain that {boot.path} does not make may drop it: {others}"
        return made, Obstacle(reason, self._loaded.boot.remedy)

    def nothing_blocks(self, seen):
        """See the base."""
        if seen.chains:
            return ""
        any_drops = any(seen.ruleset.can_drop(chain) for chain in seen.ruleset.input_chains())
        return f"no input chain of the ruleset drops {'these packets' if any_drops else 'anything'}"

    def facts(self, seen, items):
        """See the base."""
        runtime = [(item.name, rule) for item in items for rule in self._rules(item, seen.chains)]
        boot = [(item.name, rule) for item in items for rule in self._rules(item, seen.bootable)]
        lines = self._boot_lines(seen, [rule for _name, rule in boot])
        return [
            Fact("runtime", tuple(runtime), tuple(self._runtime_found(seen)), ((), ()), self._blocked(seen, runtime)),
            Fact("boot", tuple(boot), tuple(self._boot_found(seen, boot)), lines, seen.obstacle if runtime else None),
        ]

    @staticmethod
    def _rules(item, chains):
        for chain in chains:
            for version, sources in by_version(item):
                if version in nft.versions(chain):
                    rule = Rule(chain, version, item.protocol, sources, item.ports, item.name)
                    yield from _plain(rule) if nft.has_name_of_iptables(chain) else [rule]

    def _blocked(self, seen, desired):
        """Return the Obstacle that a rule which packets meet before ours may drop them, None if none does."""
        found = collections.OrderedDict()
        for name, rule in desired:
            raw = nft_judge.blocking(seen.ruleset, seen.ruleset.before_own(rule.place, self._prefix), rule)
            if raw is not None:
                found.setdefault((raw["table"], raw["handle"]), (raw, set()))[1].add(name)
        for raw, names in found.values():
            place = f"{raw['family']} {raw['table']} {raw['chain']}"
            reason = f"a rule before ours may drop some of it: {place}: {self._loaded.shown(raw)}"
            return Obstacle(reason, _TAKE_OUT, frozenset(names))
        return None

    def _runtime_found(self, seen):
        for key, raw in seen.ruleset.own_rules(self._prefix):
            rule = nft.parse_rule(key, raw, self._prefix)
            label = raw["comment"][len(self._prefix) :]
            text = self.text(rule) if rule else f'{" ".join(key)}: another form of the rule "{raw["comment"]}"'
            yield Found(rule, label, True, f"delete rule {' '.join(key)} handle {raw['handle']}", text)

    def _boot_found(self, seen, boot):
        """Yield the rules of our file, none where no boot configuration includes it: then they do nothing."""
        if not seen.own or not any(self._lines(text) for text in seen.texts.values()):
            return
        known = {nft.insert_text(rule, self._prefix): (name, rule) for name, rule in boot}
        for line in seen.own.splitlines():
            if line.startswith("insert rule "):
                name, rule = known.get(line, (line.rstrip('"').rpartition(self._prefix)[2], None))
                words = line.split(" ", 5)
                yield Found(rule, name, True, None, f"{' '.join(words[2:5])}: {''.join(words[5:])}")

    def _boot_lines(self, seen, rules):
        before = [f"{path}: {line}" for path in sorted(seen.texts) for line in self._lines(seen.texts[path])]
        after = [f"{seen.config}: {self._include}"] if rules else []
        if seen.own is not None:
            other = rules and seen.own != self.file_text(rules)
            before.append(f"{self._own}: another text" if other else self._own)
        if rules:
            after.append(self._own)
        return tuple(before), tuple(after)

    def text(self, rule):
        """See the base."""
        return f"{' '.join(rule.place)}: {nft.rule_text(rule, self._prefix)}"

    def file_text(self, rules):
        """Return the text of our own file."""
        lines = [
            "# Made by ack_edge.node (inbound_ports); the next run writes it again.",
            "# Included by the boot configuration of nftables behind everything else. To declare a chain that is there",
            "# changes nothing; where somebody removes or renames it, the declaration keeps the boot from failing.",
        ]
        for chain in sorted({rule.place for rule in rules}):
            lines.append("table {} {} {{\n\tchain {} {{\n\t}}\n}}".format(*chain))
        # Each goes in front of the one before, so the last is first.
        lines += [nft.insert_text(rule, self._prefix) for rule in reversed(rules)]
        return "\n".join(lines) + "\n"

    def remember(self, seen, changes, remembered):
        """See the base."""
        boot = changes[1]
        now = [seen.config] if boot.fact.desired else []
        before = {"configs": sorted(set(remembered.get("configs", []) + now))}
        return before, ({"configs": now} if changes[0].fact.desired else None)

    def apply(self, seen, changes):
        """Do what was planned: check all of it first, then the boot files, then the runtime in one transaction."""
        runtime, boot = changes
        script = "".join(found.ref + "\n" for found in runtime.remove)
        script += "".join(nft.insert_text(rule, self._prefix) + "\n" for rule in reversed(runtime.add))
        rules = [rule for _name, rule in boot.fact.desired]
        if script:
            self._node.check(["nft", "-c", "-f", nft.STDIN], stdin=script)
        if boot.pending():
            self._apply_boot(seen, rules)
        if script:
            self._node.check(["nft", "-f", nft.STDIN], stdin=script)

    def _apply_boot(self, seen, rules):
        # A line of version 0.1.0 that includes a file which is not there fails the whole boot configuration, hence the
        # order: our file before the line that includes it, and the line away before the file.
        if rules:
            text = self.file_text(rules)
            start = self._bare(seen.texts[seen.config]).rstrip("\n") + "\n"
            refused = self._loaded.boot.refusal(seen.boot, start + text)
            if refused is not None:
                raise NodeError(f"nft rejects {seen.config} with {self._own} behind it: {refused}; run again")
            self._node.write(self._own, text)
        for path, text in sorted(seen.texts.items()):
            wanted = [self._include] if rules and path == seen.config else []
            if text is not None and self._lines(text) != wanted:
                self._node.write(path, add_include(self._bare(text), self._include) if wanted else self._bare(text))
        if not rules:
            self._node.remove(self._own)

    def _lines(self, text):
        """Return the lines of ours in a boot configuration, in their order."""
        return [line.rstrip(";") for line in (text or "").split("\n") if line.rstrip(";") in self._includes]

    def _bare(self, text):
        """Return a boot configuration without any line of ours."""
        for include in self._includes:
            text = remove_include(text, include)
        return text


def _on_input(chains):
    """Return why the first of these chains tells of a firewall, '' for no chain."""
    return next((f"chain '{' '.join(chain.key)}' is on hook input" for chain in chains), "")


def _plain(rule):
    """Yield Rules of one source and one port or range: iptables reads no sets, and saves a rule without them."""
    for network in networks(rule.version, rule.sources):
        for ports in rule.ports:
            yield rule._replace(sources=(network_interval(network),), ports=(ports,))


def add_include(text, include):
    """Return a boot configuration with our line at its end.

    A text without a newline at its end keeps that: ';' ends the line then, which also marks it for
    :func:`remove_include`.
    """
    if text and not text.endswith("\n"):
        return f"{text}\n{include};"
    return f"{text}{include}\n"


def remove_include(text, include):
    """Return a boot configuration as it was before :func:`add_include`, other lines untouched."""
    if text.endswith(f"\n{include};"):
        text = text[: -len(include) - 2]
    return "".join(line for line in text.splitlines(True) if line.rstrip("\n") not in (include, include + ";"))
