# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend firewalld 0.6 to 2.x, through its own commands: rich rules in the zone that a packet really meets.

That is the zone of its interface, unless a zone is bound to its source: such a zone comes first.

The runtime and the permanent configuration are written separately, each by one call for all rules of a zone. There is
never a reload: it would drop what others (kubelet, CNI plugins) put beside firewalld's rules. Where firewalld is to run
after a restart but does not run now, firewall-offline-cmd writes the permanent configuration.

A rich rule carries no comment. So the manifest says which are ours; one of the same content that was there before we
came is used as it is and stays when ours go. firewalld writes a zone file in a form of its own and keeps the earlier
one as ``.old``; when our last rule leaves a zone and nobody changed anything else in it, both files get back the
bytes that they had.

Many sources go into an ipset. firewalld makes one in the permanent configuration only, and knows it at runtime from
its next start on; until then the runtime has a rule for each source.
"""

import collections
import re
from functools import partial
from typing import Any, Dict, List, NamedTuple, Optional

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.base import (
    REMEMBERED_RULES,
    FirewallBackend,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import iptables, iptables_judge
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import rich_rules as rich
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.ipsets import IpSets, set_lines
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.zones import (
    Policy,
    addresses,
    by_mac,
    comes_into,
    parse_policies,
    parse_zones,
    zones_met,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import (
    Fact,
    Obstacle,
    Rule,
    by_version,
    dump_rules,
    labels_of,
    load_rules,
    may_take,
    networks,
)
from ansible_collections.ack_edge.node.plugins.module_utils._node import COMMAND_TIMEOUT, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import profiles, services


class Seen(NamedTuple):
    """What observe() saw."""

    tools: Dict[str, List[str]]  # argv that a command for a fact begins with, by fact
    zone: Optional[str]  # that of the interface, None if nothing is wanted
    bound: Dict[str, Dict[str, list]]  # (version, interval)s of the zones that take packets by their source, by fact
    rules: Dict[str, Dict[str, List[str]]]  # rich rules by fact and zone
    policies: Dict[str, Dict[str, Policy]]  # by fact and name
    macs: Dict[str, List[str]]  # zones that take packets by their MAC address and do not accept all of them, by fact
    direct: Dict[str, List[str]]  # direct rules by fact: IP family, table, chain, priority and words of iptables
    sets: Optional[Dict[str, Any]]  # entries of our ipsets by fact and name, None where ipsets are of no use here
    files: Dict[str, rich.ZoneFiles]  # by zone
    owned: Dict[str, Dict[Rule, str]]  # by fact
    recorded: Dict[str, dict]  # by zone: {"file", "old"} as they were before we came


_RUNNING = collections.OrderedDict((("runtime", ["firewall-cmd"]), ("boot", ["firewall-cmd", "--permanent"])))
_DENIES = re.compile(r" (drop|reject|forward-port)\b|^port=")
_POLICIES, _DIRECT = "/etc/firewalld/policies", "/etc/firewalld/direct.xml"
_WHEN = {"runtime": "", "boot": "after a reboot "}
_OFFLINE = collections.OrderedDict((("boot", ["firewall-offline-cmd"]),))
# Each rule costs firewalld a transaction of its own; seconds for one on a slow node.
_SECONDS_PER_RULE = 1
# With more sources than these, the permanent configuration gets an ipset. Below, a rule for each is what people expect.
MANY_SOURCES = 10
_SHAPE = dict(REMEMBERED_RULES, **{"zones?": rich.remembered_zones})


class Firewalld(FirewallBackend):
    """The backend; its rules are known by the manifest."""

    name = "firewalld"
    reproduce = "firewall-cmd --list-all-zones"
    manifest_shape = _SHAPE

    def __init__(self, node, set_name, zone="", interface=""):
        super().__init__(node, set_name, zone, interface)
        self._sets = IpSets(node)

    def manages_now(self):
        """See the base.

        :raises NodeError: where systemd holds it for active and it does not answer.
        """
        state = self._node.run(["firewall-cmd", "--state"])
        if state.rc == 127:
            return ""
        said = (state.out + state.err).strip()
        if state.rc == 0 and state.out.strip() == "running":
            return "'firewall-cmd --state' says running"
        unit = self._node.run(["systemctl", "is-active", "firewalld.service"]).out.strip()
        if unit in ("active", "activating", "reloading"):
            raise NodeError(
                f"firewalld.service is {unit} but does not answer: 'firewall-cmd --state' ended with status "
                f"{state.rc} and said: {said or 'nothing'}; see 'journalctl -u firewalld', fix it, and run again"
            )
        return ""

    def manages_ruleset(self, ruleset):
        """See the base."""
        if any(name == "firewalld" for _family, name in ruleset.tables):
            self.refuse_abandoned("nft table firewalld")
        return ""

    def opens(self, chain, _ruleset):
        """See the base."""
        return chain.key[1] == "firewalld"

    def opens_input(self, targets):
        """See the base; beside its backend nftables this chain holds direct rules alone."""
        return next((index for index, name in enumerate(targets) if name.startswith("INPUT_ZONES")), None)

    def redirects(self, target):
        """See the base; its backend iptables forwards ports there."""
        return target.startswith(("PREROUTING_ZONES", "PREROUTING_POLICIES"))

    def knows_table(self, table):
        """See the base; these chains are there with its backend iptables, and direct rules alone with nftables."""
        if any(name in ("INPUT_ZONES", "INPUT_direct") for name in table.targets):
            return True
        if table.policy_drops:
            return False
        lines = self._said(["firewall-cmd", "--direct", "--get-all-rules"]).splitlines()
        direct = [line for line in lines if iptables_judge.is_direct_input(line, table.version)]
        return 0 < table.droppers <= sum(1 for line in direct if not line.endswith(" -j ACCEPT"))

    def refuse_abandoned(self, where):
        """See the base."""
        raise NodeError(
            f"the rules of firewalld are loaded ({where}), but firewalld does not run, so they cannot be changed; "
            "start firewalld or remove them, and run again"
        )

    def manages_at_boot(self):
        """See the base."""
        enabled = services.starts_at_boot(self._node, "firewalld.service")
        return enabled and not self.available() and self._writes_offline()

    def available(self):
        """See the base."""
        return bool(self.manages_now())

    def files(self, remembered):
        """See the base."""
        return [rich.OWN_FILE % zone + suffix for zone in remembered.get("zones", {}) for suffix in ("", ".old")]

    def observe(self, remembered, items):
        """See the base.

        :raises NodeError: where neither firewalld nor its files can be asked, or the zone is not known.
        """
        tools = self._tools(remembered)
        zones = {fact: parse_zones(self._node.check([*tool, "--list-all-zones"])) for fact, tool in tools.items()}
        known = next(iter(zones.values()))
        zone = self._wanted_zone(tools, known) if items else None
        bound = {fact: self._bound_zones(tools[fact], found) if items else {} for fact, found in zones.items()}
        named = sorted((set(_zones(remembered)) | {zone}.union(*bound.values())) & set(known))
        rules = {fact: {one: found[one].rules for one in named if one in found} for fact, found in zones.items()}
        owned = _owned(remembered, tools)
        many = any(len(networks(*family)) > MANY_SOURCES for item in items for family in by_version(item))
        had = any(rich.set_of(rule) for rules_of in owned.values() for rule in rules_of)
        sets = self._sets.observe(tools) if many or had else None
        files = {name: rich.read_files(self._node, name) for name in named}
        recorded = {name: kept for name, kept in remembered.get("zones", {}).items() if name in named}
        if zone:
            self.reproduce = "; ".join(f"{' '.join(tool)} --zone={zone} --list-rich-rules" for tool in tools.values())
        policies = {fact: self._policies(tool) if items else {} for fact, tool in tools.items()}
        direct = {fact: self._direct(fact, tool) if items else [] for fact, tool in tools.items()}
        words_of = {fact: partial(self._words_of, tool) for fact, tool in tools.items()}
        macs = {fact: by_mac(found, words_of[fact]) if items else [] for fact, found in zones.items()}
        return Seen(tools, zone, bound, rules, policies, macs, direct, sets, files, owned, recorded)

    def _policies(self, tool):
        """Return the policies, {} where the site has made none; only firewalld 0.9 and newer knows them."""
        return parse_policies(self._said([*tool, "--list-all-policies"])) if self._node.listdir(_POLICIES) else {}

    def _direct(self, fact, tool):
        """Return the direct rules; where no file keeps any only the runtime can have some."""
        asked = fact == "runtime" or self._node.exists(_DIRECT)
        return self._said([*tool, "--direct", "--get-all-rules"]).splitlines() if asked else []

    def _said(self, argv):
        done = self._node.run(argv)
        return done.out if done.rc == 0 else ""

    def _tools(self, remembered):
        if self.available():
            return _RUNNING
        self._refuse_loaded()
        if self._node.run(["systemctl", "is-failed", "firewalld.service"]).out.strip() == "failed":
            raise NodeError(
                "firewalld.service has failed, and what it had loaded may still filter; see 'journalctl -u "
                "firewalld', start firewalld, and run again"
            )
        if self._writes_offline():
            return _OFFLINE
        owned = f", and rules of this set are in its zones {', '.join(_zones(remembered))}" if remembered else ""
        raise NodeError(f"firewalld does not run{owned}; start firewalld and run again")

    def _refuse_loaded(self):
        """See to it that no rules are loaded that only firewalld could change."""
        ruleset = self._loaded.ruleset()
        if ruleset:
            self.manages_ruleset(ruleset)
        for table in [table for table in self._loaded.dropping_tables(ruleset) if self.knows_table(table)]:
            self.refuse_abandoned(table.why)

    def _writes_offline(self):
        return self._node.run(["firewall-offline-cmd", "--get-default-zone"]).rc == 0

    def _wanted_zone(self, tools, known):
        if self._zone and self._zone not in known:
            raise NodeError(
                f"zone is {self._zone!r}, which firewalld does not know, expected one of {', '.join(sorted(known))}; "
                "nothing was changed"
            )
        if self._zone:
            return self._zone
        # A firewalld that does not run has not been told yet what the profile of the interface says.
        told = profiles.zone_of(self._node, self._interface) if tools is _OFFLINE and self._interface else ""
        for name in [told] if told in known else known:
            if name == told or (self._interface and known[name].takes(self._interface)):
                return name
        # An interface that no zone names is in the default zone.
        return self._node.check([tools["boot"][0], "--get-default-zone"]).strip()

    def _bound_zones(self, tool, zones):
        """Return {zone: [(version, interval)]} of the zones that are bound to addresses, those of ipsets among them."""
        bound = {
            name: list(addresses(each for word in zone.sources for each in self._words_of(tool, word)))
            for name, zone in zones.items()
        }
        return {name: found for name, found in bound.items() if found}

    def _words_of(self, tool, word):
        """Return the sources that a word of a zone stands for."""
        return self._sets.entries(tool, word[len("ipset:") :]) if word.startswith("ipset:") else [word]

    def nothing_blocks(self, seen):
        """See the base."""
        trusted = seen.zone == "trusted" and not any(seen.bound.values())
        return "zone trusted accepts everything" if trusted else ""

    def facts(self, seen, items):
        """See the base."""
        return [self._fact(seen, fact, items) for fact in seen.tools]

    def _fact(self, seen, fact, items):
        desired = tuple(
            (item.name, rule)
            for item in items
            for zone in zones_met(seen.zone, seen.bound[fact])
            for rule in self._rules(seen, fact, item, zone)
        )
        before, after = set_lines(*self._set_changes(seen, fact, desired))
        if fact == "boot":
            restored = rich.restore_lines(seen.files, seen.recorded, seen.owned["boot"], desired)
            before, after = before + restored[0], after + restored[1]
        found = tuple(rich.found_rules(seen.rules[fact], seen.owned[fact], desired))
        # Zone trusted needs no rule of ours, and what is denied or forwarded there counts all the same.
        met = tuple((item.name, rule) for item in items for rule in rich.rules_of(item, "trusted"))
        trusted = tuple(pair for pair in met if comes_into("trusted", pair[1], seen.zone, seen.bound[fact]))
        denied, incomplete = _denied(seen, fact, desired + trusted), _incomplete(seen, fact, desired)
        return Fact(fact, desired, found, (before, after), denied, incomplete)

    def _rules(self, seen, fact, item, zone):
        """Return the rules that open one item in one zone, with an ipset where there are many sources."""
        if zone == "trusted":
            return []
        bound = seen.bound[fact]
        single = [rule for rule in rich.rules_of(item, zone) if comes_into(zone, rule, seen.zone, bound)]
        if seen.sets is None or seen.sets[fact] is None:
            return single
        known = None if fact == "boot" else seen.sets[fact]
        return rich.with_sets(single, self._set, MANY_SOURCES * len(item.ports), known)

    @staticmethod
    def _set_changes(seen, fact, desired):
        """Return (as they are, as they are to be) of our ipsets in one fact, {name: entries}."""
        have, wanted = (seen.sets or {}).get(fact) or {}, rich.wanted_sets(desired)
        # What is loaded goes at firewalld's next start; without a rule that names it, it does nothing.
        going = rich.sets_to_drop(seen.rules[fact], seen.owned[fact], wanted) if fact == "boot" else ()
        return {name: have[name] for name in have if name in wanted or name in going}, wanted

    def text(self, rule):
        """See the base."""
        return f"zone {rule.place[0]}: {rich.rule_text(rule)}"

    def refuse(self, seen):
        """See the base: under lockdown firewalld takes changes from the callers of its whitelist alone."""
        if seen.tools is _RUNNING:
            reason = rich.lockdown_refusal(self._node)
            if reason:
                raise NodeError(reason)

    def remember(self, seen, changes, _remembered):
        """See the base."""
        before, after = {}, {}
        for change in changes:
            fact, labels = change.fact.name, labels_of(change.fact)
            added = {rule: labels[rule] for rule in change.add}
            kept = {rule: labels[rule] for rule, found in change.keep.items() if found.ours}
            before[fact] = dump_rules(seen.owned[fact], added)
            after[fact] = dump_rules(kept, added)
        zones = dict(seen.recorded)
        boot = changes[-1]
        for rule in boot.add:
            zone = rule.place[0]
            zones.setdefault(zone, {"file": seen.files[zone].text, "old": seen.files[zone].old})
        before["zones"] = zones
        wanted = {rule.place[0] for _name, rule in boot.fact.desired}
        after["zones"] = {zone: kept for zone, kept in zones.items() if zone in wanted}
        return before, (after if any(after.values()) else None)

    def apply(self, seen, changes):
        """Do what was planned: the permanent configuration first, so that a read-only /etc stops before the runtime."""
        for change in reversed(changes):
            tool = seen.tools[change.fact.name]
            have, wanted = self._set_changes(seen, change.fact.name, change.fact.desired)
            self._sets.make(tool, have, wanted)
            self._call(tool, "--add-rich-rule=", [(rule.place[0], rich.rule_text(rule)) for rule in change.add])
            self._call(tool, "--remove-rich-rule=", [found.ref for found in change.remove])
            self._sets.drop(tool, have, wanted)
        for zone in rich.leaving(seen.recorded, changes[-1].fact.desired):
            rich.read_files(self._node, zone).restore(self._node, seen.recorded[zone])

    def _call(self, tool, option, pairs):
        zones = collections.OrderedDict()
        for zone, text in pairs:
            zones.setdefault(zone, []).append(option + text)
        for zone, options in zones.items():
            timeout = COMMAND_TIMEOUT + _SECONDS_PER_RULE * len(options)
            self._node.check([*tool, "--zone=" + zone, *options], timeout=timeout)


def _denied(seen, fact, desired):
    """Return the Obstacle that something which packets meet before ours may drop them, None if nothing does."""
    for drops, shown, remedy in _denials(seen, fact, {rule for _name, rule in desired}):
        names = frozenset(name for name, rule in desired if drops(rule))
        if names:
            return Obstacle(f"{_WHEN[fact]}a rule before ours {may_take(shown)}: {shown}", remedy, names)
    return None


def _denials(seen, fact, wanted):
    """Yield (function that says of a Rule whether it may be dropped, what drops it, what to do)."""
    command, behind = " ".join(seen.tools[fact]), "give it a priority above 0"
    for zone in seen.macs[fact]:
        remedy = f"open these ports in zone {zone} too, or remove its MAC addresses ('{command} --info-zone={zone}')"
        yield partial(rich.lacks, zone, wanted), f"zone {zone} matches packets by their MAC address", remedy
    for line in seen.direct[fact]:
        remedy = f"exempt these packets from that rule ('{command} --direct --get-all-rules' shows it)"
        yield partial(iptables_judge.direct_may_drop, iptables.words_of(line)), f"direct rule {line}", remedy
    for name, policy in seen.policies[fact].items():
        remedy = f"exempt these packets from that policy, or {behind} ('{command} --info-policy={name}')"
        target = f"policy {name}: target {policy.target}"
        if policy.target in iptables_judge.DROPS:
            yield partial(rich.policy_drops, policy, "rule drop"), target, remedy
        for text in filter(_DENIES.search, policy.rules):
            yield partial(rich.policy_drops, policy, text), f"policy {name}: {text}", rich.remedy(text, remedy)
    for zone, texts in seen.rules[fact].items():
        remedy = f"remove that rule, or {behind} ('{command} --zone={zone} --list-rich-rules' shows it)"
        for text in filter(_DENIES.search, texts):
            yield partial(rich.zone_drops, zone, text), f"zone {zone}: {text}", rich.remedy(text, remedy)


def _incomplete(seen, fact, desired):
    """Return the names of the items whose ipset is not there or holds something else."""
    wanted = rich.wanted_sets(desired)
    wrong = {name for name, entries in wanted.items() if seen.sets[fact].get(name) != entries}
    return tuple(name for name, rule in desired if rich.set_of(rule) in wrong)


def _zones(remembered):
    named = [rule[0][0] for fact in _RUNNING for rule, _label in remembered.get(fact, [])]
    return sorted(set(named + list(remembered.get("zones", {}))))


def _owned(remembered, facts):
    owned = {fact: load_rules(remembered.get(fact, [])) for fact in facts}
    if "runtime" in owned:
        # A restart has brought the permanent rules with an ipset in place of those that were made at runtime.
        owned["runtime"].update((rule, label) for rule, label in owned["boot"].items() if rich.set_of(rule))
    return owned
