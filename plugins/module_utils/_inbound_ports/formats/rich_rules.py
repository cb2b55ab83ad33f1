# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""firewalld's rich rules and zone files, typed, and who may change anything under its lockdown. Runs no command."""

import collections
import hashlib
import ipaddress
import re
from typing import NamedTuple, Optional
from xml.etree import ElementTree

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import (
    SET_PREFIX,
    Found,
    Rule,
    by_version,
    merge,
    network_interval,
    networks,
    overlap,
    port_words,
)

# Zone files: those that firewalld writes, and those that come with it.
OWN_FILE = "/etc/firewalld/zones/%s.xml"
VENDOR_FILE = "/usr/lib/firewalld/zones/%s.xml"
# Exactly the form that we write and that every firewalld since 0.6 prints; anything more (NOT, priority, log, limit,
# another action) is another rule and none of ours.
_RULE = re.compile(
    r'^rule family="(ipv[46])" source address="([^"]+)" port port="([0-9]+)(?:-([0-9]+))?" '
    r'protocol="(tcp|udp)" accept\Z'
)
# Parts that leave something of every packet, as far as the rule tells.
_LEAVES_ALL = ("destination", "drop", "reject", "log", "nflog", "audit", "limit", "source-port")
# The commonest services that come with firewalld, none of which has a port of ours.
_OTHER_SERVICES = (
    *(
        "cockpit",
        "dhcp",
        "dhcpv6",
        "dhcpv6-client",
        "dns",
        "etcd-client",
        "etcd-server",
        "ftp",
        "grafana",
        "http",
        "https",
    ),
    *("imap", "imaps", "ipp", "ipp-client", "kube-apiserver", "ldap", "ldaps", "mdns", "mountd", "mysql", "nfs"),
    *("ntp", "pop3", "pop3s", "postgresql", "redis", "rpc-bind", "rsyncd", "samba", "samba-client", "smtp", "smtps"),
    *("snmp", "squid", "ssh", "syslog", "telnet", "tftp", "vnc-server", "zabbix-agent", "zabbix-server"),
)
_NUMBERS = {"tcp": "6", "udp": "17"}
_CONF = "/etc/firewalld/firewalld.conf"
_WHITELISTS = ("/etc/firewalld/lockdown-whitelist.xml", "/usr/lib/firewalld/lockdown-whitelist.xml")
_LOCKED = re.compile(r"^\s*Lockdown\s*=\s*(yes|true)\b", re.MULTILINE | re.IGNORECASE)
_ROOT_MAY = re.compile(r"""<user\s+(id=["']0["']|name=["']root["'])|<command\s+name=["'][^"']*firewall-cmd""")
# A word of a rich rule, NAME="VALUE" or a keyword.
_FORWARDED = re.compile(r"\Aport=(\S+?):proto=(\w+).*", re.DOTALL)
_WORD = re.compile(r'([A-Za-z0-9-]+)(?:="([^"]*)")?')


def rules_of(item, zone):
    """Return the rules that open one item in a zone: one for each source and port or range."""
    return [
        Rule((zone,), version, item.protocol, (network_interval(network),), (ports,), "")
        for version, intervals in by_version(item)
        for network in networks(version, intervals)
        for ports in item.ports
    ]


def joined(rules, owner):
    """Return the rules of one item in one zone with those that differ by their source joined into one with an ipset.

    The name of the ipset, the second part of the new rule's place, follows from its owner and what is in it. So a
    changed list of sources is another ipset, which is complete before a rule uses it.
    """
    alike = collections.OrderedDict()
    for rule in rules:
        alike.setdefault((rule.version, rule.ports), []).append(rule)
    result = []
    for (version, _ports), group in alike.items():
        sources = merge(source for rule in group for source in rule.sources)
        content = f"{owner} {version} {sources}"
        name = f"{SET_PREFIX}{version}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
        result.append(group[0]._replace(place=(*group[0].place, name), sources=sources))
    return result


def with_sets(rules, owner, many, known):
    """Return the rules of one item in one zone, those of a family with many sources with an ipset.

    :arg many: number of rules of a family from which on they are too many.
    :arg known: names of the ipsets that a rule may name, None for any.
    """
    result = []
    for version in (4, 6):
        theirs = [rule for rule in rules if rule.version == version]
        sets = joined(theirs, owner) if len(theirs) > many else []
        usable = sets and (known is None or all(set_of(rule) in known for rule in sets))
        result += sets if usable else theirs
    return result


def set_of(rule):
    """Return the name of the ipset that a rule takes its sources from, '' for none."""
    return rule.place[1] if len(rule.place) > 1 else ""


def wanted_sets(desired):
    """Return {name: entries} of the ipsets that rules name.

    :arg desired: (name of the item, Rule)s.
    """
    return {
        set_of(rule): frozenset(str(network) for network in networks(rule.version, rule.sources))
        for _name, rule in desired
        if set_of(rule)
    }


def rule_text(rule):
    """Return a rule in firewalld's rich language, as firewalld prints it."""
    name = set_of(rule)
    source = f'ipset="{name}"' if name else f'address="{networks(rule.version, rule.sources)[0]}"'
    return _text(f"ipv{rule.version}", source, port_words(rule.ports)[0], rule.protocol)


def _text(family, source, port, protocol):
    return f'rule family="{family}" source {source} port port="{port}" protocol="{protocol}" accept'


def parse_rule(zone, text):
    """Return the Rule that a rich rule is, or None where it is of another form than we write."""
    match = _RULE.match(text.strip())
    if not match:
        return None
    family, address, first, last, protocol = match.groups()
    try:
        network = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return None
    if family != f"ipv{network.version}":
        return None
    ports = ((int(first), int(last or first)),)
    return Rule((zone,), network.version, protocol, (network_interval(network),), ports, "")


def found_rules(listed, owned, desired):
    """Yield the Found of each rich rule.

    :arg listed: {zone: [text]}.
    :arg owned: {Rule: label} of those that are ours. desired: (name of the item, Rule)s.
    """
    with_sets = {
        (rule.place[0], rule_text(rule)): rule
        for rule in list(owned) + [rule for _name, rule in desired]
        if set_of(rule)
    }
    for zone, texts in listed.items():
        for text in texts:
            rule = parse_rule(zone, text) or with_sets.get((zone, text))
            # Somebody may have written the same in other words (an address without /32): that one is not ours.
            ours = rule in owned and text == rule_text(rule)
            yield Found(rule, owned.get(rule, ""), ours, (zone, text), f"zone {zone}: {text}")


def sets_to_drop(listed, owned, wanted):
    """Return the names of the ipsets that only rules of ours name, and none that is wanted; see :func:`found_rules`."""
    mine = {rule_text(rule) for rule in owned if set_of(rule)}
    others = " ".join(text for texts in listed.values() for text in texts if text not in mine)
    return {set_of(rule) for rule in owned if set_of(rule) not in wanted and f'"{set_of(rule)}"' not in others}


def forwards(text):
    """Return whether a rich rule, or a port as zones list it, leads packets elsewhere."""
    return text.startswith("port=") or " forward-port " in text


def remedy(text, otherwise):
    """Return what to do about such a rule, ``otherwise`` for one that denies."""
    return "remove that redirect, or redirect another port" if forwards(text) else otherwise


def may_drop(text, rule):
    """Return whether a rich rule of somebody else may drop or redirect what a Rule of ours in the same place lets in.

    firewalld forwards ports first, and asks rules that drop before those that accept, unless a priority above 0 puts
    them behind. Judged by address, protocol and ports. What the rule does not say (a rate, an ipset) may be about ours.
    """
    away = forwards(text)
    parts = _parts(_FORWARDED.sub(r'rule forward-port port="\1" protocol="\2"', text))
    if not away and not {"drop", "reject"} & {name for name, _said in parts}:
        return False
    for _name, said in parts[:1] if away else ():
        said.pop("priority", None)
    return all(_may_match(name, said, rule) for name, said in parts)


def lacks(zone, wanted, rule):
    """Return whether a zone lacks a wanted rule like this."""
    return rule._replace(place=(zone, *rule.place[1:])) not in wanted


def policy_drops(policy, text, rule):
    """Return the same as :func:`may_drop` for a rule of a Policy."""
    zone = rule.place[0]
    return (policy.takes(zone) if forwards(text) else policy.comes_before(zone)) and may_drop(text, rule)


def zone_drops(zone, text, rule):
    """Return the same for a rule of a zone."""
    return rule.place[0] == zone and may_drop(text, rule)


def _parts(text):
    """Return [(keyword, {name: value})] of a rich rule; 'not' is a name without a value."""
    parts = []
    for word in _WORD.finditer(text):
        name, value = word.groups()
        if value is None and name.lower() != "not":
            parts.append((name.lower(), {}))
        elif parts:
            parts[-1][1][name.lower()] = value
    return parts


def _may_match(keyword, said, rule):
    """Return whether a part of a rich rule leaves something of what a Rule lets in."""
    if keyword in _LEAVES_ALL or (keyword == "source" and {"ipset", "mac"} & set(said)):
        return True
    if keyword == "service":
        return said.get("name") not in _OTHER_SERVICES
    try:
        if keyword == "rule":
            return int(said.get("priority", 0)) <= 0 and said.get("family", "")[3:] in ("", str(rule.version))
        if keyword in ("source", "port", "protocol", "forward-port"):
            return _leaves(keyword, said, rule)
    except (KeyError, ValueError):
        pass
    return False


def _leaves(keyword, said, rule):
    if keyword == "protocol":
        return said["value"] in (rule.protocol, _NUMBERS[rule.protocol])
    if keyword.endswith("port"):
        first, _dash, last = said["port"].partition("-")
        return said["protocol"] == rule.protocol and overlap([(int(first), int(last or first))], rule.ports)
    network = ipaddress.ip_network(said["address"], strict=False)
    theirs = [network_interval(network)]
    if "not" in said:
        return network.version == rule.version and merge(theirs + list(rule.sources)) != merge(theirs)
    return network.version == rule.version and overlap(theirs, rule.sources)


def zone_content(zone, text):
    """Return what a zone file says as a set: a Rule for each rich rule of our form, its text where that names an ipset,
    other elements by their content.

    Formatting, comments and order of the elements are not part of it. None where there is no text or it is not XML.
    """
    if text is None:
        return None
    try:
        root = ElementTree.fromstring(text.encode("utf-8", "surrogateescape"))
    except ElementTree.ParseError:
        return None
    content = {("zone", tuple(sorted(root.attrib.items())))}
    for element in root:
        content.add(_xml_rule(zone, element) or _plain(element))
    return frozenset(content)


def _plain(element):
    return (
        element.tag,
        tuple(sorted(element.attrib.items())),
        (element.text or "").strip(),
        frozenset(_plain(child) for child in element),
    )


def _xml_rule(zone, element):
    """Return the Rule of an XML element, or its text, if that is one of our form."""
    children = {child.tag: child for child in element}
    if element.tag != "rule" or set(element.attrib) != {"family"} or set(children) != {"source", "port", "accept"}:
        return None
    source, port = dict(children["source"].attrib), children["port"].attrib
    if source.pop("invert", "no").lower() in ("yes", "true") or len(source) != 1 or len(element) != 3:
        return None
    if len(children["accept"]) or set(port) != {"port", "protocol"}:
        return None
    ((kind, value),) = source.items()
    text = _text(element.attrib["family"], f'{kind}="{value}"', port["port"], port["protocol"])
    return text if kind == "ipset" else parse_rule(zone, text)


def remembered_zones(value):
    """See that these are the files of zones as they were: {zone: {'file': text or None, 'old': text or None}}.

    :raises ValueError, AttributeError, KeyError: if they are not.
    """
    texts = [text for kept in value.values() for text in (kept["file"], kept["old"])]
    if not all(isinstance(text, (str, type(None))) for text in texts):
        raise ValueError


class ZoneFiles(NamedTuple):
    """The files of one zone, None for one that is not there; without an own file the vendor's one speaks."""

    zone: str
    text: Optional[str]  # of the own file
    old: Optional[str]  # what firewalld keeps of it as it was before its last change
    vendor: Optional[str]

    def says_what_it_said(self, recorded, ours):
        """Return whether the zone without our Rules says what it said before we came.

        :arg recorded: {"file", "old"}, the own files as they were then.
        """
        original = recorded["file"]
        before = zone_content(self.zone, self.vendor if original is None else original)
        now = zone_content(self.zone, self.vendor if self.text is None else self.text)
        gone = frozenset(rule_text(rule) if set_of(rule) else rule for rule in ours)
        return before is not None and now is not None and now - gone == before

    def to_restore(self, recorded):
        """Return [(path, text as it was)] of the own files that are not as they were."""
        path = OWN_FILE % self.zone
        both = ((path, self.text, recorded["file"]), (path + ".old", self.old, recorded["old"]))
        return [(path, text) for path, now, text in both if now != text]

    def restore(self, node, recorded):
        """Give the own files their bytes back, if what firewalld wrote says the same."""
        for path, text in self.to_restore(recorded) if self.says_what_it_said(recorded, ()) else []:
            if text is None:
                node.remove(path)
            else:
                node.write(path, text)


def read_files(node, zone):
    """Return the ZoneFiles of one zone as they are."""
    path = OWN_FILE % zone
    return ZoneFiles(zone, *[node.read(each) for each in (path, path + ".old", VENDOR_FILE % zone)])


def leaving(recorded, desired):
    """Return the zones whose files we changed and where no rule is wanted any more."""
    return [zone for zone in sorted(recorded) if all(rule.place[0] != zone for _name, rule in desired)]


def restore_lines(files, recorded, owned, desired):
    """Return (lines before, lines after) about zone files that get back the bytes that they had.

    :arg files, recorded: by zone. owned: Rules of ours in the permanent configuration. desired: as in found_rules().
    """
    before, after = [], []
    for zone in leaving(recorded, desired):
        if files[zone].says_what_it_said(recorded[zone], owned):
            for path, text in files[zone].to_restore(recorded[zone]):
                before.append(f"{path}: as firewalld wrote it")
                after.append(f"{path}: {'not there, as before' if text is None else 'as it was before'}")
    return before, after


def lockdown_refusal(node):
    """Return why firewalld would refuse every change of root, with what to do, '' where it would not."""
    if not _LOCKED.search(node.read(_CONF) or ""):
        return ""
    path = next((path for path in _WHITELISTS if node.exists(path)), _WHITELISTS[0])
    if _ROOT_MAY.search(node.read(path) or ""):
        return ""
    return (
        f"firewalld is locked down (Lockdown=yes in {_CONF}) and {path} does not list root, so firewalld rejects every "
        f'change; nothing was changed. Add <user id="0"/> to {_WHITELISTS[0]} and restart firewalld, or run '
        "'firewall-cmd --lockdown-off' as a user that is listed, and run again"
    )
