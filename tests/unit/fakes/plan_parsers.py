# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the files for devices back: what a device would understand, so that tests compare meanings and no text.

Written from the syntax of the devices, not from the formats; every line of a part has to be understood.
"""

from __future__ import annotations

import ipaddress
import re
import shlex
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
ADD, SHOW, OPTION, TAKE_OUT = "Add", "Show", "Option", "Take out"
_HEADING = re.compile(r"(?P<comment>[!#]) === (?P<name>[A-Za-z ]+) ===")


def part(text: str, name: str) -> list[str]:
    """Return the lines of one part of a device's file; those of a comment without its sign."""
    lines: list[str] = []
    current = ""
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading:
            current, comment = heading["name"], heading["comment"]
        elif current == name:
            if name == ADD and not line.startswith(comment):
                lines.append(line)
            elif name != ADD and line != comment:
                assert line.startswith(f"{comment} "), line
                lines.append(line[2:])
    return lines


class Path(NamedTuple):
    network: Network
    next_hop: str
    vrf: str = ""
    preference: int = 0
    name: str = ""


class Read(NamedTuple):
    """What a router would have afterwards: a list, so that a line too many is seen."""

    routes: list[Path]
    listed: list[tuple[str, Network]]


class Dialect(NamedTuple):
    """Patterns of a router's lines; what is a mode only and says nothing by itself is in ``modes``."""

    route: str
    entry: str
    unroute: str
    unlist: str
    modes: str = r"\Z.\A"


NET = r"(?P<net>[0-9a-f.:]+/\d+)"
SPLIT = r"(?P<net>[0-9a-f.:]+) (?P<length>\d+)"
HOP = r"(?P<hop>[0-9a-f.:]+)"
NAME = r"(?P<name>ACK-EDGE-[A-Z0-9-]+)"
LIST = r"(?P<list>ACK-EDGE-[A-Z0-9-]+)"
_HUAWEI = Dialect(
    rf"(?:ip|ipv6) route-static(?: vpn-instance (?P<vrf>\S+))? {SPLIT} {HOP}(?: preference (?P<pref>\d+))?"
    rf" description {NAME}",
    rf"ip (?:ip-prefix|ipv6-prefix) {LIST} permit {SPLIT}",
    rf"undo (?:ip|ipv6) route-static(?: vpn-instance (?P<vrf>\S+))? {SPLIT} {HOP}",
    rf"undo ip (?:ip-prefix|ipv6-prefix) {LIST}",
)
_CISCO_V4 = r"(?P<net>[0-9.]+) (?P<length>255[0-9.]+)"
ROUTERS: dict[str, Dialect] = {
    "huawei_vrp": _HUAWEI,
    "h3c_comware": _HUAWEI._replace(
        entry=rf"(?:ip|ipv6) prefix-list {LIST} permit {SPLIT}", unlist=rf"undo (?:ip|ipv6) prefix-list {LIST}"
    ),
    "cisco_ios": Dialect(
        rf"(?:ip route(?: vrf (?P<vrf>\S+))? {_CISCO_V4}|ipv6 route(?: vrf (?P<vrf6>\S+))? (?P<net6>[0-9a-f:]+/\d+))"
        rf" {HOP}(?: (?P<pref>\d+))? name {NAME}",
        rf"(?:ip|ipv6) prefix-list {LIST} permit {NET}",
        rf"no (?:ip route(?: vrf (?P<vrf>\S+))? {_CISCO_V4}|ipv6 route(?: vrf (?P<vrf6>\S+))? (?P<net6>[0-9a-f:]+/\d+))"
        rf" {HOP}",
        rf"no (?:ip|ipv6) prefix-list {LIST}",
    ),
    "cisco_nxos": Dialect(
        rf"(?:  )?(?:ip|ipv6) route {NET} {HOP} name {NAME}(?: (?P<pref>\d+))?",
        rf"(?:ip|ipv6) prefix-list {LIST} permit {NET}",
        rf"(?:  )?no (?:ip|ipv6) route {NET} {HOP} name {NAME}(?: (?P<pref>\d+))?",
        rf"no (?:ip|ipv6) prefix-list {LIST}",
        r"vrf context (?P<vrf>\S+)|exit",
    ),
    "cisco_iosxr": Dialect(
        rf" {{2,3}}{NET} {HOP}(?: (?P<pref>\d+))? description {NAME}",
        rf"(?:ipv4|ipv6) prefix-list {LIST} \d+ permit {NET}",
        rf"no router static(?: vrf (?P<vrf>\S+))? address-family ipv[46] unicast {NET} {HOP}",
        rf"no (?:ipv4|ipv6) prefix-list {LIST}",
        r"router static| vrf (?P<vrf>\S+)| {1,2}address-family ipv[46] unicast| *exit",
    ),
    "arista_eos": Dialect(
        rf"(?:ip|ipv6) route(?: vrf (?P<vrf>\S+))? {NET} {HOP}(?: (?P<pref>\d+))? name {NAME}",
        rf"   seq \d+ permit {NET}",
        rf"no (?:ip|ipv6) route(?: vrf (?P<vrf>\S+))? {NET} {HOP}",
        rf"no (?:ip|ipv6) prefix-list {LIST}",
        rf"(?:ip|ipv6) prefix-list {LIST}|exit",
    ),
    "junos": Dialect(
        r"set (?:routing-instances (?P<vrf>\S+) )?routing-options (?:rib \S+inet6\.0 |rib inet6\.0 )?static route"
        rf" {NET} next-hop {HOP}",
        rf"set policy-options prefix-list {LIST} {NET}",
        r"delete (?:routing-instances (?P<vrf>\S+) )?routing-options (?:rib \S+inet6\.0 |rib inet6\.0 )?static route"
        rf" {NET}",
        rf"delete policy-options prefix-list {LIST}",
        r"set .*static route \S+ preference (?P<pref>\d+)",
    ),
    "frr": Dialect(
        rf"(?:ip|ipv6) route {NET} {HOP}(?: (?P<pref>\d+))?(?: vrf (?P<vrf>\S+))?",
        rf"(?:ip|ipv6) prefix-list {LIST} permit {NET}",
        rf"no (?:ip|ipv6) route {NET} {HOP}(?: (?P<pref>\d+))?(?: vrf (?P<vrf>\S+))?",
        rf"no (?:ip|ipv6) prefix-list {LIST}",
    ),
    "vyos": Dialect(
        rf"set (?:vrf name (?P<vrf>\S+) )?protocols static route6? {NET} next-hop {HOP}(?: distance (?P<pref>\d+))?",
        rf"set policy prefix-list6? {LIST} rule \d+ prefix {NET}",
        rf"delete (?:vrf name (?P<vrf>\S+) )?protocols static route6? {NET} next-hop {HOP}",
        rf"delete policy prefix-list6? {LIST}",
        r"set policy prefix-list6? \S+ rule \d+ action permit",
    ),
    "mikrotik": Dialect(
        rf"/(?:ip|ipv6) route add dst-address={NET} gateway={HOP}(?: distance=(?P<pref>\d+))?"
        rf"(?: routing-table=(?P<vrf>\S+))? comment={NAME}",
        rf"/(?:ip|ipv6) firewall address-list add list={LIST} address={NET} comment=\S+",
        rf"/(?:ip|ipv6) route remove \[find comment=\S+ dst-address={NET}\]",
        rf"/(?:ip|ipv6) firewall address-list remove \[find list={LIST}\]",
    ),
}


def added(name: str, text: str) -> Read:
    """Return what a router has after the first part of its file; its names of lists stay with their entries."""
    dialect = ROUTERS[name]
    return _read(part(text, ADD), dialect.route, dialect.entry, dialect.modes)


def taken_out(name: str, text: str) -> tuple[list[Path], list[str]]:
    """Return the routes and the lists that the last part of a router's file takes out."""
    dialect = ROUTERS[name]
    read = _read(part(text, TAKE_OUT), dialect.unroute, dialect.unlist, dialect.modes)
    return read.routes, [one for one, _network in read.listed]


def _read(lines: Iterable[str], route: str, entry: str, modes: str) -> Read:
    read = Read([], [])
    current = {"vrf": "", "list": "", "pref": ""}
    for line in lines:
        found = {kind: re.fullmatch(pattern, line) for kind, pattern in (("r", route), ("e", entry), ("m", modes))}
        hit = {kind: match.groupdict() for kind, match in found.items() if match}
        assert len(hit) == 1, f"{line!r} is understood as {sorted(hit)}"
        ((kind, values),) = hit.items()
        if kind == "r":
            read.routes.append(_path(values, current))
        elif kind == "e":
            network = _network(values) if values.get("net") else ipaddress.ip_network("0.0.0.0/0")
            read.listed.append((values.get("list") or current["list"], network))
        else:
            current |= {key: value for key, value in values.items() if value}
            if values.get("pref"):  # Junos sets the preference of the route above in a line of its own
                read.routes[-1] = read.routes[-1]._replace(preference=int(values["pref"]))
    return read


def _path(values: dict[str, Any], current: dict[str, str]) -> Path:
    vrf = values.get("vrf") or values.get("vrf6") or current["vrf"]
    return Path(_network(values), values.get("hop") or "", vrf, int(values.get("pref") or 0), values.get("name") or "")


def _network(values: dict[str, Any]) -> Network:
    text = values.get("net6") or values["net"]
    return ipaddress.ip_network(f"{text}/{values['length']}" if values.get("length") else text)


class Permit(NamedTuple):
    """A permit as a firewall understands it, its objects resolved."""

    from_zone: str
    to_zone: str
    sources: frozenset[Network]
    destinations: frozenset[Network]
    protocol: str
    ports: frozenset[tuple[int, int]]


class Objects(NamedTuple):
    """What a firewall's file defines, by name, and its permits in order."""

    groups: dict[str, frozenset[Network]]
    services: dict[str, tuple[str, int, int]]
    rules: dict[str, Permit]


def _ports(text: str) -> tuple[int, int]:
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    return numbers[0], numbers[-1]


def _permit(values: dict[str, list[str]], groups: dict[str, Any], services: dict[str, Any]) -> Permit:
    used = [services[name] for name in values["service"]]
    protocols = {protocol for protocol, _first, _last in used}
    assert len(protocols) == 1, used
    sides = [frozenset().union(*(groups[name] for name in values[side])) for side in ("source", "destination")]
    ports = frozenset((first, last) for _protocol, first, last in used)
    assert len(ports) == len(used), used
    return Permit(values["from"][0], values["to"][0], *sides, protocols.pop(), ports)


def _blocks(lines: Iterable[str], opener: str) -> Iterable[tuple[re.Match[str], list[str]]]:
    """Yield what a line opens, with the lines up to the one that ends it."""
    inner: list[str] = []
    opened: re.Match[str] | None = None
    for line in lines:
        match = re.fullmatch(opener, line)
        if match:
            assert opened is None, f"{line!r} stands inside {opened}"
            opened, inner = match, []
        elif opened and line.strip() == "quit":
            yield opened, inner
            opened = None
        elif opened:
            inner.append(line.strip())
        else:
            assert line.strip() in ("security-policy", "security-policy ip", "security-policy ipv6", "quit"), line


def huawei_usg(lines: list[str]) -> Objects:
    found = Objects({}, {}, {})
    words = {"source-zone": "from", "destination-zone": "to", "service": "service"}
    for head, rows in _blocks(lines, r"ip (address|service)-set (\S+) type object| rule name (\S+)"):
        if head[1] == "address":
            nets = [re.fullmatch(r"address \d+ (\S+)(?: mask)? (\d+)", row) for row in rows]
            assert head[2] not in found.groups
            found.groups[head[2]] = frozenset(ipaddress.ip_network(f"{net[1]}/{net[2]}") for net in nets)
        elif head[1] == "service":
            (row,) = rows
            match = re.fullmatch(r"service 0 protocol (\w+) source-port 0 to 65535 destination-port (.+)", row)
            found.services[head[2]] = (match[1], *_ports(match[2]))
        else:
            values: dict[str, list[str]] = {}
            for row in rows:
                side = re.fullmatch(r"(source|destination)-address address-set (\S+)", row)
                word, _space, value = row.partition(" ")
                key = side[1] if side else words.get(word, word)
                values.setdefault(key, []).append(side[2] if side else value)
            assert values["action"] == ["permit"]
            assert head[3] not in found.rules
            found.rules[head[3]] = _permit(values, found.groups, found.services)
    return found


def h3c_secpath(lines: list[str]) -> Objects:
    found = Objects({}, {}, {})
    words = {"source-zone": "from", "destination-zone": "to", "source-ip": "source", "destination-ip": "destination"}
    for head, rows in _blocks(lines, r"object-group (ip address|ipv6 address|service) (\S+)| rule name (\S+)"):
        if head[3]:
            values: dict[str, list[str]] = {}
            for row in rows:
                word, _space, value = row.partition(" ")
                values.setdefault(words.get(word, word), []).append(value)
            assert values["action"] == ["pass"]
            assert head[3] not in found.rules
            found.rules[head[3]] = _permit(values, found.groups, found.services)
        elif head[1] == "service":
            (row,) = rows
            match = re.fullmatch(r"service (\w+) destination (?:eq (\d+)|range (\d+ \d+))", row)
            found.services[head[2]] = (match[1], *_ports(match[2] or match[3]))
        else:
            nets = [re.fullmatch(r"network subnet (\S+) (\S+)", row) for row in rows]
            assert head[2] not in found.groups
            found.groups[head[2]] = frozenset(ipaddress.ip_network(f"{net[1]}/{net[2]}") for net in nets)
    return found


def fortios_tables(lines: Iterable[str]) -> Iterable[tuple[str, str, dict[str, list[str]]]]:
    """Yield (table, key, settings) of every entry of a FortiOS configuration."""
    table, key, settings = "", "", {}
    for line in lines:
        word, *rest = shlex.split(line)
        if word == "config":
            assert not table
            table = " ".join(rest)
        elif word == "edit":
            key, settings = rest[0], {}
        elif word == "set":
            assert rest[0] not in settings
            settings[rest[0]] = rest[1:]
        elif word == "next":
            yield table, key, settings
        else:
            assert word == "end"
            table = ""


def fortios(lines: list[str]) -> Objects:
    found = Objects({}, {}, {})
    networks: dict[str, Network] = {}
    for table, key, settings in fortios_tables(lines):
        if table in ("firewall address", "firewall address6"):
            network = settings.get("ip6") or ["/".join(settings["subnet"])]
            assert key not in networks
            networks[key] = ipaddress.ip_network(network[0])
        elif table in ("firewall addrgrp", "firewall addrgrp6"):
            found.groups[key] = frozenset(networks[name] for name in settings["member"])
        elif table == "firewall service custom":
            (name,) = [name for name in settings if name.endswith("-portrange")]
            found.services[key] = (name.removesuffix("-portrange"), *_ports(settings[name][0]))
        else:
            assert (table, key, settings["action"]) == ("firewall policy", "0", ["accept"])
            values = {
                "from": settings["srcintf"],
                "to": settings["dstintf"],
                "source": settings.get("srcaddr") or settings["srcaddr6"],
                "destination": settings.get("dstaddr") or settings["dstaddr6"],
                "service": settings["service"],
            }
            assert settings["name"][0] not in found.rules
            found.rules[settings["name"][0]] = _permit(values, found.groups, found.services)
    return found


def panos(lines: list[str]) -> Objects:
    found = Objects({}, {}, {})
    networks: dict[str, Network] = {}
    rules: dict[str, dict[str, list[str]]] = {}
    for line in lines:
        words = line.split()
        assert words[0] == "set"
        if words[1] == "address":
            assert words[3] == "ip-netmask"
            networks[words[2]] = ipaddress.ip_network(words[4])
        elif words[1] == "address-group":
            assert words[3:5] == ["static", "["]
            found.groups[words[2]] = frozenset(networks[name] for name in words[5:-1])
        elif words[1] == "service":
            found.services[words[2]] = (words[4], *_ports(words[6]))
        else:
            assert words[1:4] == ["rulebase", "security", "rules"]
            values = rules.setdefault(words[4], {})
            for key, many, one in re.findall(r"(\S+) (?:\[ ([^]]+) \]|(\S+))", " ".join(words[5:])):
                assert key not in values, line
                values[key] = (many or one).split()
    for name, values in rules.items():
        assert (values["application"], values["action"]) == (["any"], ["allow"])
        found.rules[name] = _permit(values, found.groups, found.services)
    return found


def nftables(lines: list[str]) -> Objects:
    text = "\n".join(lines)
    found = Objects({}, {}, {})
    for name, inner in re.findall(r"    set (\S+) \{\n(.*?)\n    \}", text, re.S):
        elements = re.search(r"elements = \{ (.*) \}", inner)[1]
        networks = [ipaddress.ip_network(one) for one in elements.split(", ")]
        assert {f"ipv{network.version}_addr" for network in networks} == {re.search(r"type (\S+)", inner)[1]}
        found.groups[name] = frozenset(networks)
    rule = re.compile(
        r"(ip6?) saddr @(\S+) \1 daddr @(\S+) (tcp|udp) dport \{ ([0-9, -]+) \} counter accept comment \"(\S+)\"\Z"
    )
    chain = re.search(r"    chain forward \{\n(.*?)\n    \}", text, re.S)[1].splitlines()
    assert chain[0].strip() == "type filter hook forward priority filter - 10; policy accept;"
    for row in chain[1:]:
        match = rule.match(row.strip())
        ports = frozenset(_ports(one) for one in match[5].split(", "))
        assert match[6] not in found.rules
        found.rules[match[6]] = Permit("", "", found.groups[match[2]], found.groups[match[3]], match[4], ports)
    return found


FIREWALLS: dict[str, Callable[[list[str]], Objects]] = {
    "huawei_usg": huawei_usg,
    "h3c_secpath": h3c_secpath,
    "fortios": fortios,
    "panos": panos,
    "nftables": nftables,
}
