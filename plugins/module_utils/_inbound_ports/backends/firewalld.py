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
import ipaddress

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.detect import active_managers, firewalld_runs
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import rich_rules as rich
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.ipsets import IpSets, set_lines
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import (
    by_version,
    dump_rule,
    load_rule,
    network_interval,
    networks,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.plan import Fact, Found
from ansible_collections.ack_edge.node.plugins.module_utils._node import COMMAND_TIMEOUT, NodeError

# tools: {fact: argv that a command for it begins with}; zone: that of the interface, None if nothing is wanted; bound:
# {fact: {zone: [(version, interval)]}} of the zones that take packets by their source; rules: {fact: {zone: [text]}};
# sets: {fact: {name: entries}} of the ipsets that are ours, None where ipsets are of no use here; files: {zone: (text,
# text of .old)}, None for a file that is not there; vendor: {zone: text}; owned: {fact: {Rule: label}}; recorded:
# {zone: {"file", "old"}} as they were before we came.
Seen = collections.namedtuple("Seen", "tools zone bound rules sets files vendor owned recorded")

_RUNNING = collections.OrderedDict((("runtime", ["firewall-cmd"]), ("boot", ["firewall-cmd", "--permanent"])))
_OFFLINE = collections.OrderedDict((("boot", ["firewall-offline-cmd"]),))
_OWN_FILE = "/etc/firewalld/zones/%s.xml"
_VENDOR_FILE = "/usr/lib/firewalld/zones/%s.xml"
# Each rule costs firewalld a transaction of its own; seconds for one on a slow node.
_SECONDS_PER_RULE = 1
# With more sources than these, the permanent configuration gets an ipset. Below, a rule for each is what people expect.
MANY_SOURCES = 10


class Firewalld:
    """The backend. name: of the set; zone and interface: the module's options, '' for unset."""

    name = "firewalld"

    def __init__(self, node, name, zone="", interface=""):
        self._node, self._owner, self._zone, self._interface = node, name, zone, interface
        self._sets = IpSets(node)
        self.reproduce = "firewall-cmd --list-all-zones"

    def available(self):
        """Return whether firewalld can be asked now."""
        return firewalld_runs(self._node)

    def starts_later(self):
        """Return whether firewalld is to run after a restart of the node, does not run now, and can be written to."""
        enabled = self._node.starts_at_boot("firewalld.service")
        return enabled and not self.available() and self._writes_offline()

    def files(self, remembered):
        """Return the paths that a run may have written to itself."""
        return [path for zone in remembered.get("zones", {}) for path in (_OWN_FILE % zone, _OWN_FILE % zone + ".old")]

    def directories(self, _was_ours):
        """See :meth:`Nftables.directories`; none, its files lie in directories of the firewall itself."""
        return []

    def observe(self, remembered, items):
        """Read the node; see :meth:`Nftables.observe`.

        :raises NodeError: where neither firewalld nor its files can be asked, or the zone is not known.
        """
        tools = self._tools(remembered)
        zones = {fact: rich.parse_zones(self._node.check([*tool, "--list-all-zones"])) for fact, tool in tools.items()}
        known = next(iter(zones.values()))
        zone = self._wanted_zone(tools, known) if items else None
        bound = {fact: self._bound_zones(tools[fact], found) if items else {} for fact, found in zones.items()}
        named = sorted((set(_zones(remembered)) | {zone}.union(*bound.values())) & set(known))
        rules = {
            fact: {name: found[name].rules if name in found else [] for name in named} for fact, found in zones.items()
        }
        owned = _owned(remembered, tools)
        many = any(
            len(networks(version, intervals)) > MANY_SOURCES
            for item in items
            for version, intervals in by_version(item)
        )
        had = any(rich.set_of(rule) for rules_of in owned.values() for rule in rules_of)
        sets = self._sets.observe(tools) if many or had else None
        files = {name: self._files(name) for name in named}
        vendor = {name: self._node.read(_VENDOR_FILE % name) for name in named}
        recorded = {name: kept for name, kept in remembered.get("zones", {}).items() if name in named}
        if zone:
            self.reproduce = "; ".join(f"{' '.join(tool)} --zone={zone} --list-rich-rules" for tool in tools.values())
        return Seen(tools, zone, bound, rules, sets, files, vendor, owned, recorded)

    def _tools(self, remembered):
        if self.available():
            return _RUNNING
        # Rules that are loaded without a firewalld that could change them are an error.
        active_managers(self._node)
        if self._node.run(["systemctl", "is-failed", "firewalld.service"]).out.strip() == "failed":
            raise NodeError(
                "firewalld.service has failed, and what it had loaded may still filter; see 'journalctl -u "
                "firewalld', start firewalld, and run again"
            )
        if self._writes_offline():
            return _OFFLINE
        owned = f", and rules of this set are in its zones {', '.join(_zones(remembered))}" if remembered else ""
        raise NodeError(f"firewalld does not run{owned}; start firewalld and run again")

    def _writes_offline(self):
        return self._node.run(["firewall-offline-cmd", "--get-default-zone"]).rc == 0

    def _files(self, zone):
        path = _OWN_FILE % zone
        return self._node.read(path), self._node.read(path + ".old")

    def _wanted_zone(self, tools, known):
        if self._zone:
            if self._zone not in known:
                raise NodeError(
                    f"zone is {self._zone!r}, which firewalld does not know, expected one of {', '.join(sorted(known))}; nothing was changed"
                )
            return self._zone
        for name, zone in known.items():
            if self._interface and any(_names(word, self._interface) for word in zone.interfaces):
                return name
        # An interface that no zone names is in the default zone.
        return self._node.check([tools["boot"][0], "--get-default-zone"]).strip()

    def _bound_zones(self, tool, zones):
        """Return {zone: [(version, interval)]} of the zones that are bound to addresses, those of ipsets among them."""
        bound = {
            name: [each for word in zone.sources for each in self._addresses(tool, word)]
            for name, zone in zones.items()
        }
        return {name: addresses for name, addresses in bound.items() if addresses}

    def _addresses(self, tool, word):
        """Yield (version, interval) of one source of a zone; a MAC address has none."""
        words = [word]
        if word.startswith("ipset:"):
            words = self._sets.entries(tool, word[len("ipset:") :])
        for each in words:
            try:
                network = ipaddress.ip_network(each, strict=False)
            except ValueError:
                continue
            yield network.version, network_interval(network)

    def nothing_blocks(self, seen):
        """Return why no rule is needed, or ''."""
        bound = any(seen.bound.values())
        return "zone trusted accepts everything" if seen.zone == "trusted" and not bound else ""

    def facts(self, seen, items):
        """Return the facts for the wanted items (an empty list: nothing is wanted)."""
        return [self._fact(seen, fact, [] if self.nothing_blocks(seen) else items) for fact in seen.tools]

    def _fact(self, seen, fact, items):
        desired = tuple(
            (item.name, rule)
            for item in items
            for zone in _order(seen, fact)
            for rule in self._rules(seen, fact, item, zone)
        )
        before, after = set_lines(*self._set_changes(seen, fact, desired))
        flawed = _flawed(seen, fact, desired)
        if fact == "boot":
            restored = _restore_lines(seen, desired)
            before, after = before + restored[0], after + restored[1]
        return Fact(
            fact,
            desired,
            tuple(_found(seen, fact, desired)),
            (before, after),
            (),
            tuple(name for name, rule in desired if rich.set_of(rule) in flawed),
        )

    def _rules(self, seen, fact, item, zone):
        """Return the rules that open one item in one zone, with an ipset where there are many sources."""
        if zone == "trusted":
            return []
        single = [rule for rule in rich.rules_of(item, zone) if _meets(seen, fact, zone, rule)]
        if seen.sets is None or seen.sets[fact] is None:
            return single
        result = []
        for version in (4, 6):
            of_version = [rule for rule in single if rule.version == version]
            if len(of_version) > MANY_SOURCES * len(item.ports):
                sets = rich.joined(of_version, self._owner)
                if fact == "boot" or all(rich.set_of(rule) in seen.sets[fact] for rule in sets):
                    of_version = sets
            result += of_version
        return result

    @staticmethod
    def _set_changes(seen, fact, desired):
        """Return (as they are, as they are to be) of our ipsets in one fact, {name: entries}."""
        have = (seen.sets or {}).get(fact) or {}
        wanted = _wanted_sets(desired)
        # What is loaded goes at firewalld's next start; without a rule that names it, it does nothing.
        ours = {rich.set_of(rule) for rule in seen.owned[fact]} if fact == "boot" else set()
        mine = {rich.rule_text(rule) for rule in seen.owned[fact] if rich.set_of(rule)}
        others = " ".join(text for texts in seen.rules[fact].values() for text in texts if text not in mine)
        going = {name for name in ours if name in have and name not in wanted and f'"{name}"' not in others}
        return {name: have[name] for name in have if name in wanted or name in going}, wanted

    def text(self, rule):
        """Return a rule in the rich language, with its zone."""
        return f"zone {rule.place[0]}: {rich.rule_text(rule)}"

    def remember(self, seen, changes, remembered):
        """Return what the manifest must hold (before the apply, after it); None for nothing."""
        before, after = {}, {}
        for change in changes:
            fact = change.fact.name
            labels = {rule: name for name, rule in reversed(change.fact.desired)}
            added = {rule: labels[rule] for rule in change.add}
            kept = {rule: labels[rule] for rule, found in change.keep.items() if found.ours}
            before[fact] = _dump(seen.owned[fact], added)
            after[fact] = _dump(kept, added)
        zones = dict(seen.recorded)
        boot = changes[-1]
        for rule in boot.add:
            zone = rule.place[0]
            text, old = seen.files[zone]
            zones.setdefault(zone, {"file": text, "old": old})
        before["zones"] = zones
        after["zones"] = {
            zone: kept
            for zone, kept in zones.items()
            if any(rule.place[0] == zone for _name, rule in boot.fact.desired)
        }
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
        for zone in _leaving(seen, changes[-1].fact.desired):
            self._restore(zone, seen)

    def _call(self, tool, option, pairs):
        zones = collections.OrderedDict()
        for zone, text in pairs:
            zones.setdefault(zone, []).append(option + text)
        for zone, options in zones.items():
            self._node.check(
                [*tool, "--zone=" + zone, *options], timeout=COMMAND_TIMEOUT + _SECONDS_PER_RULE * len(options)
            )

    def _restore(self, zone, seen):
        """Give a zone's files their bytes back, if what firewalld wrote says the same."""
        files = self._files(zone)
        if not _restorable(zone, seen, files[0], ()):
            return
        for path, now, text in _both_files(zone, files, seen):
            if text is None:
                self._node.remove(path)
            elif text != now:
                self._node.write(path, text)


def _names(word, interface):
    """Return whether a word of a zone's interfaces means this one; ``eth+`` means all that begin with eth."""
    return interface.startswith(word[:-1]) if word.endswith("+") else interface == word


def _order(seen, fact):
    return [seen.zone] + [zone for zone in sorted(seen.bound[fact]) if zone != seen.zone]


def _meets(seen, fact, zone, rule):
    """Return whether packets from the source of a rule can come into a zone."""
    version, (first, last) = rule.version, rule.sources[0]
    bound = seen.bound[fact]
    theirs = {name: [pair for family, pair in pairs if family == version] for name, pairs in bound.items()}
    if any(low <= last and first <= high for low, high in theirs.get(zone, [])):
        return True
    taken = any(low <= first and last <= high for pairs in theirs.values() for low, high in pairs)
    return zone == seen.zone and not taken


def _wanted_sets(desired):
    """Return {name: entries} of the ipsets that the wanted rules name."""
    return {
        rich.set_of(rule): frozenset(str(network) for network in networks(rule.version, rule.sources))
        for _name, rule in desired
        if rich.set_of(rule)
    }


def _flawed(seen, fact, desired):
    """Return the names of the wanted ipsets that are not there or hold something else."""
    return {name for name, entries in _wanted_sets(desired).items() if seen.sets[fact].get(name) != entries}


def _zones(remembered):
    named = [rule[0][0] for fact in _RUNNING for rule, _label in remembered.get(fact, [])]
    return sorted(set(named + list(remembered.get("zones", {}))))


def _owned(remembered, facts):
    owned = {fact: {load_rule(rule): label for rule, label in remembered.get(fact, [])} for fact in facts}
    if "runtime" in owned:
        # A restart has brought the permanent rules with an ipset in place of those that were made at runtime.
        owned["runtime"].update((rule, label) for rule, label in owned["boot"].items() if rich.set_of(rule))
    return owned


def _dump(*parts):
    merged = {}
    for part in parts:
        merged.update(part)
    return [[dump_rule(rule), label] for rule, label in sorted(merged.items())]


def _found(seen, fact, desired):
    with_sets = {
        (rule.place[0], rich.rule_text(rule)): rule
        for rule in list(seen.owned[fact]) + [rule for _name, rule in desired]
        if rich.set_of(rule)
    }
    for zone, texts in seen.rules[fact].items():
        for text in texts:
            rule = rich.parse_rule(zone, text) or with_sets.get((zone, text))
            # Somebody may have written the same in other words (an address without /32): that one is not ours.
            ours = rule in seen.owned[fact] and text == rich.rule_text(rule)
            yield Found(rule, seen.owned[fact].get(rule, ""), ours, (zone, text), f"zone {zone}: {text}")


def _leaving(seen, desired):
    """Return the zones whose files we changed and where no rule is wanted any more."""
    return [zone for zone in sorted(seen.recorded) if all(rule.place[0] != zone for _name, rule in desired)]


def _both_files(zone, files, seen):
    """Return (path, text now, text as it was) of a zone file and its ``.old``."""
    path, original = _OWN_FILE % zone, seen.recorded[zone]
    return [(path, files[0], original["file"]), (path + ".old", files[1], original["old"])]


def _restorable(zone, seen, text, ours):
    """Return whether a zone file without our rules says what it said before; without a file the vendor's one speaks."""
    original = seen.recorded[zone]["file"]
    before = rich.zone_content(zone, seen.vendor[zone] if original is None else original)
    now = rich.zone_content(zone, seen.vendor[zone] if text is None else text)
    gone = frozenset(rich.rule_content(rule) for rule in ours)
    return before is not None and now is not None and now - gone == before


def _restore_lines(seen, desired):
    before, after = [], []
    for zone in _leaving(seen, desired):
        if _restorable(zone, seen, seen.files[zone][0], seen.owned["boot"]):
            for path, now, text in _both_files(zone, seen.files[zone], seen):
                if now != text:
                    before.append(f"{path}: as firewalld wrote it")
                    after.append(f"{path}: {'not there, as before' if text is None else 'as it was before'}")
    return before, after
