# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend firewalld 0.6 to 2.x, through firewall-cmd only: rich rules in the zone that a packet really meets.

That is the zone of its interface, unless a zone is bound to its source: such a zone comes first.

The runtime and the permanent configuration are written separately, each by one call for all rules of a zone. There is
never a reload: it would drop what others (kubelet, CNI plugins) put beside firewalld's rules.

A rich rule carries no comment. So the manifest says which are ours; one of the same content that was there before we
came is used as it is and stays when ours go. firewalld writes a zone file in a form of its own and keeps the earlier
one as ``.old``; when our last rule leaves a zone and nobody changed anything else in it, both files get back the
bytes that they had.
"""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import collections
import ipaddress

from ansible_collections.ack_edge.node.plugins.module_utils._firewall import _rich_rules as rich
from ansible_collections.ack_edge.node.plugins.module_utils._firewall._detect import firewalld_runs
from ansible_collections.ack_edge.node.plugins.module_utils._firewall._model import (
    dump_rule, load_rule, network_interval)
from ansible_collections.ack_edge.node.plugins.module_utils._firewall._plan import Fact, Found
from ansible_collections.ack_edge.node.plugins.module_utils._node import COMMAND_TIMEOUT, NodeError

# zone: that of the interface, None if nothing is wanted; bound: {zone: [(version, interval)]} of the zones that take
# packets by their source; rules: {fact: {zone: [text]}}; files: {zone: (text, text of
# .old)}, None for a file that is not there; vendor: {zone: text}; owned: {fact: {Rule: label}}; recorded: {zone:
# {"file", "old"}} as they were before we came.
Seen = collections.namedtuple("Seen", "zone bound rules files vendor owned recorded")

_FACTS = (("runtime", []), ("boot", ["--permanent"]))
_OWN_FILE = "/etc/firewalld/zones/%s.xml"
_VENDOR_FILE = "/usr/lib/firewalld/zones/%s.xml"
# Each rule costs firewalld a transaction of its own; seconds for one on a slow node.
_SECONDS_PER_RULE = 1


class Firewalld(object):
    """The backend. zone and interface: the module's options, '' for unset."""

    name = "firewalld"

    def __init__(self, node, zone="", interface=""):
        self._node, self._zone, self._interface = node, zone, interface
        self.reproduce = "firewall-cmd --list-all-zones"

    def available(self):
        """Return whether firewalld can be asked now."""
        return firewalld_runs(self._node)

    def observe(self, remembered, wanted):
        """Read the node; see :meth:`Nftables.observe`.

        :raises NodeError: where firewalld does not run, or does not know the zone.
        """
        if not self.available():
            owned = ", and rules of this set are in its zones %s" % ", ".join(_zones(remembered)) if remembered else ""
            raise NodeError("firewalld does not run%s; start firewalld and run again" % owned)
        known = self._node.check(["firewall-cmd", "--get-zones"]).split()
        zone = self._wanted_zone(known) if wanted else None
        bound = self._bound_zones() if wanted else {}
        zones = sorted((set(_zones(remembered)) | set(bound) | {zone}) & set(known))
        rules = {fact: {name: self._list(name, how) for name in zones} for fact, how in _FACTS}
        files = {name: self._files(name) for name in zones}
        vendor = {name: self._node.read(_VENDOR_FILE % name) for name in zones}
        owned = {fact: {load_rule(rule): label for rule, label in remembered.get(fact, [])} for fact, _how in _FACTS}
        recorded = {name: kept for name, kept in remembered.get("zones", {}).items() if name in zones}
        if zone:
            self.reproduce = "firewall-cmd --zone=%s --list-rich-rules; firewall-cmd --permanent --zone=%s " \
                             "--list-rich-rules" % (zone, zone)
        return Seen(zone, bound, rules, files, vendor, owned, recorded)

    def _files(self, zone):
        path = _OWN_FILE % zone
        return self._node.read(path), self._node.read(path + ".old")

    def _list(self, zone, how):
        out = self._node.check(["firewall-cmd"] + how + ["--zone=" + zone, "--list-rich-rules"])
        return [line.strip() for line in out.splitlines() if line.strip()]

    def _wanted_zone(self, known):
        if self._zone:
            if self._zone not in known:
                raise NodeError("zone is %r, which firewalld does not know, expected one of %s; nothing was changed"
                                % (self._zone, ", ".join(sorted(known))))
            return self._zone
        if self._interface:
            done = self._node.run(["firewall-cmd", "--get-zone-of-interface=" + self._interface])
            if done.rc == 0 and done.out.strip() in known:
                return done.out.strip()
        # An interface that no zone names is in the default zone.
        return self._node.check(["firewall-cmd", "--get-default-zone"]).strip()

    def _bound_zones(self):
        """Return {zone: [(version, interval)]} of the zones that are bound to addresses, those of ipsets among them."""
        found, zone = {}, ""
        for line in self._node.check(["firewall-cmd", "--get-active-zones"]).splitlines():
            words = line.split()
            if line and not line[0].isspace():
                zone = words[0]
            elif words[:1] == ["sources:"]:
                addresses = [each for word in words[1:] for each in self._addresses(word)]
                if addresses:
                    found[zone] = addresses
        return found

    def _addresses(self, word):
        """Yield (version, interval) of one source of a zone; a MAC address has none."""
        words = [word]
        if word.startswith("ipset:"):
            words = self._node.check(["firewall-cmd", "--ipset=" + word[len("ipset:"):], "--get-entries"]).split()
        for each in words:
            try:
                network = ipaddress.ip_network(each, strict=False)
            except ValueError:
                continue
            yield network.version, network_interval(network)

    def nothing_blocks(self, seen):
        """Return why no rule is needed, or ''."""
        return "zone trusted accepts everything" if seen.zone == "trusted" and not seen.bound else ""

    def facts(self, seen, items):
        """Return the two facts for the wanted items (an empty list: nothing is wanted)."""
        items = [] if self.nothing_blocks(seen) else items
        desired = tuple((item.name, rule) for item in items for zone in _order(seen)
                        for rule in rich.rules_of(item, zone) if zone != "trusted" and _meets(seen, zone, rule))
        return [Fact(fact, desired, tuple(_found(seen, fact)),
                     _restore_lines(seen, desired) if fact == "boot" else ((), ()), ()) for fact, _how in _FACTS]

    def text(self, rule):
        """Return a rule in the rich language, with its zone."""
        return "zone %s: %s" % (rule.place[0], rich.rule_text(rule))

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
        for rule in changes[1].add:
            zone = rule.place[0]
            text, old = seen.files[zone]
            zones.setdefault(zone, {"file": text, "old": old})
        before["zones"] = zones
        after["zones"] = {zone: kept for zone, kept in zones.items()
                          if any(rule.place[0] == zone for _name, rule in changes[1].fact.desired)}
        return before, (after if any(after.values()) else None)

    def apply(self, seen, changes):
        """Do what was planned: the permanent configuration first, so that a read-only /etc stops before the runtime."""
        hows = dict(_FACTS)
        for change in reversed(changes):
            how = hows[change.fact.name]
            self._call(how, "--add-rich-rule=", [(rule.place[0], rich.rule_text(rule)) for rule in change.add])
            self._call(how, "--remove-rich-rule=", [found.ref for found in change.remove])
        for zone in _leaving(seen, changes[1].fact.desired):
            self._restore(zone, seen)

    def _call(self, how, option, pairs):
        zones = collections.OrderedDict()
        for zone, text in pairs:
            zones.setdefault(zone, []).append(option + text)
        for zone, options in zones.items():
            self._node.check(["firewall-cmd"] + how + ["--zone=" + zone] + options,
                             timeout=COMMAND_TIMEOUT + _SECONDS_PER_RULE * len(options))

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


def _order(seen):
    return [seen.zone] + [zone for zone in sorted(seen.bound) if zone != seen.zone]


def _meets(seen, zone, rule):
    """Return whether packets from the source of a rule can come into a zone."""
    version, (first, last) = rule.version, rule.sources[0]
    theirs = {name: [pair for family, pair in pairs if family == version] for name, pairs in seen.bound.items()}
    if any(low <= last and first <= high for low, high in theirs.get(zone, [])):
        return True
    taken = any(low <= first and last <= high for pairs in theirs.values() for low, high in pairs)
    return zone == seen.zone and not taken


def _zones(remembered):
    named = [rule[0][0] for fact, _how in _FACTS for rule, _label in remembered.get(fact, [])]
    return sorted(set(named + list(remembered.get("zones", {}))))


def _dump(*parts):
    merged = {}
    for part in parts:
        merged.update(part)
    return [[dump_rule(rule), label] for rule, label in sorted(merged.items())]


def _found(seen, fact):
    for zone, texts in seen.rules[fact].items():
        for text in texts:
            rule = rich.parse_rule(zone, text)
            # Somebody may have written the same in other words (an address without /32): that one is not ours.
            ours = rule in seen.owned[fact] and text == rich.rule_text(rule)
            yield Found(rule, seen.owned[fact].get(rule, ""), ours, (zone, text), "zone %s: %s" % (zone, text))


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
    return before is not None and now is not None and now - frozenset(ours) == before


def _restore_lines(seen, desired):
    before, after = [], []
    for zone in _leaving(seen, desired):
        if _restorable(zone, seen, seen.files[zone][0], seen.owned["boot"]):
            for path, now, text in _both_files(zone, seen.files[zone], seen):
                if now != text:
                    before.append("%s: as firewalld wrote it" % path)
                    after.append("%s: %s" % (path, "not there, as before" if text is None else "as it was before"))
    return tuple(before), tuple(after)
