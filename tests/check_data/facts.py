# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tables of a page publish, and what vars/ has, in one shape that can be compared.

Cells are known by what stands in them, not by their place or the words of the head: columns move, and editions have
other languages. ``rows`` maps what a fact is about to its values; a cell that a copy has lost is no fact.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

REGISTRY, OSS_HOSTS, OSS_RANGES, INBOUND, OUTBOUND_HOSTS, OUTBOUND_PORTS, TOOLS = KINDS = (
    "registry routes",
    "OSS hosts",
    "OSS VIP ranges",
    "inbound ports",
    "outbound hosts",
    "outbound ports",
    "system tools",
)

OPEN = "open"  # the value of an inbound port, which has no other

_REGION = re.compile(r"(?:cn|us|ap|eu|me|na|sa|af|rus)-[a-z]+(?:-[a-z0-9]+)*", re.ASCII)
_NETWORK = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){2,3}(?:\s?/\s?\d{1,3})?(?![\w.]*\w)", re.ASCII)
_HOST = re.compile(r"[a-z0-9{}-]+(?:\.[a-z0-9{}-]+)*\.(?:aliyuncs\.com|aliyun\.com|ntp\.org\.cn)", re.ASCII)
_REGISTRY_HOST = re.compile(r"registry-([a-z0-9-]+)-vpc\.ack\.aliyuncs\.com", re.ASCII)
_OSS_HOST = re.compile(r"oss-[a-z0-9-]+-internal\.aliyuncs\.com", re.ASCII)
_OSS_ID = re.compile(r"oss-[a-z0-9-]+", re.ASCII)
_PLACEHOLDER = re.compile(r"\$?\{[^{}]{1,30}\}|<[^<>]{1,30}>|\[(?:region|地域)[^\[\]]{0,20}\]")
_WORDS_IN_PORTS = re.compile(
    r"and|or|to|sctp|tcp|udp|ports?|和|与|或|及|至|到|端口|[\s\d.,:;/、。()\[\]~-]", re.IGNORECASE
)
_PORT = re.compile(r"(?<![\d.])(\d{2,5})(?:\s*[-~]\s*(\d{2,5}))?(?!\d|\.\d)")
_HALF_OPEN = re.compile(r"\[\s*(\d{2,5})\s*,\s*(\d{2,5})\s*\)")
# What a row of the outbound table is about, by what stands in it; the first that fits.
_SUBJECTS = (
    ("control_plane", r"cs-anony|control plane|管控|云端控制"),
    ("oss_packages", r"aliacs-k8s-"),
    ("tunnel_server", r"tunnel-?server"),
    ("raven_gateway", r"raven"),
    ("ntp", r"(?<![a-z])ntp(?![a-z])|ntp1\.aliyun"),
    ("image", r"dockerauth|registry-|component images|组件镜像|系统组件"),
    ("api_server", r"api[\s-]?server"),
)
_TRANSPORT = re.compile(r"(?<![a-z])(tcp|udp|sctp)(?![a-z])", re.IGNORECASE)
# Links in explanations, which no node needs.
_LINKS = re.compile(r"(help|www|[a-z]+\.console)\.(aliyun|alibabacloud)\.com")
_IMAGE = ("image_auth", "image_registry")
_TOOL_HEAD = re.compile(r"net-tools\b.*\bsocat\b", re.DOTALL)


@dataclass
class Facts:
    """Kind -> what a fact is about -> its values; ``lost`` counts the cells of each kind that a copy has lost."""

    rows: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    lost: dict[str, set[str]] = field(default_factory=dict)

    def add(self, kind: str, about: str, values: Iterable[str]) -> None:
        found = set(values)
        if found:
            self.rows.setdefault(kind, {}).setdefault(about, set()).update(found)
        else:
            self.lost.setdefault(kind, set()).add(about)


def of_page(tables: Iterable[list[list[str]]]) -> Facts:
    """Return what the tables of one page publish."""
    facts = Facts()
    for table in tables:
        protocol = ""
        inbound = _is_inbound(table)
        # Pages of OSS have tables of hosts, too, which have no column for ranges.
        ranges = any(_NETWORK.search(cell) for row in table for cell in row)
        for row in table:
            text = "\n".join(row)
            if inbound:
                protocol = _inbound(facts, row, protocol)
            elif _REGISTRY_HOST.search(text) and "{" not in text:
                _registry(facts, row)
            elif _OSS_ID.search(text) and "{" not in text:
                _oss(facts, row, ranges)
            elif _TOOL_HEAD.search(text):
                facts.add(TOOLS, "system tools", _tools(row))
            else:
                _outbound(facts, row)
    return facts


def _is_inbound(table: list[list[str]]) -> bool:
    """Tell the table of ports that nodes open: it has a column of sources, and no host in it."""
    head = " ".join(table[0]).lower()
    whole = "\n".join(cell for row in table for cell in row)
    return bool(re.search(r"source|源|授权对象", head) and re.search(r"port|端口", head)) and not _HOST.search(whole)


def _networks(cells: Iterable[str]) -> set[str]:
    """Return networks as they are usually written; one that is none comes back as it stands."""
    found = set()
    for text in _NETWORK.findall("\n".join(cells)):
        plain = re.sub(r"\s", "", text)
        try:
            found.add(str(ipaddress.ip_network(plain, strict=False)) if _exact(plain) else plain)
        except ValueError:
            found.add(plain)
    return found


def _exact(text: str) -> bool:
    return ipaddress.ip_interface(text).ip == ipaddress.ip_network(text, strict=False).network_address


def _region(row: list[str]) -> str:
    """Return the first region that stands in the row as a word of its own, "" if none does."""
    words = (word for cell in row for word in re.split(r"[\s()*,;/]+", cell.lower()))
    return next((word for word in words if _REGION.fullmatch(word)), "")


def _registry(facts: Facts, row: list[str]) -> None:
    hosts = {match[0] for match in _REGISTRY_HOST.finditer("\n".join(row))}
    region = _region(row) or _REGISTRY_HOST.sub(r"\1", min(hosts))
    own = f"registry-{region}-vpc.ack.aliyuncs.com"
    # The host follows the region; where it does not, that is a fact of its own.
    facts.add(REGISTRY, region, _networks(row) | (hosts - {own}))


def _oss(facts: Facts, row: list[str], ranges: bool) -> None:
    hosts = set(_OSS_HOST.findall("\n".join(row)))
    ids = [match[1] for cell in row if (match := re.fullmatch(rf"({_OSS_ID.pattern})\s*\*?", cell.strip(), re.ASCII))]
    region = _region(row)
    if not region:
        return
    for name in ids or [host.removesuffix("-internal.aliyuncs.com") for host in sorted(hosts)[:1]]:
        facts.add(OSS_HOSTS, f"{name} ({region})", hosts)
        if ranges:
            facts.add(OSS_RANGES, f"{name} ({region})", _networks(row))


def _inbound(facts: Facts, row: list[str], protocol: str) -> str:
    """Add the ports of a row, and return its protocol, which the rows below have too unless they say another one."""
    for cell in row:
        said = _TRANSPORT.findall(cell)
        if said and not _WORDS_IN_PORTS.sub("", cell):
            protocol = said[-1].lower()
    for cell in row:
        if protocol and re.search(r"\d", cell) and not _WORDS_IN_PORTS.sub("", cell):
            for port in _ports(cell):
                facts.add(INBOUND, f"{port}/{protocol}", [OPEN])
            break
    return protocol


def _ports(text: str) -> set[int]:
    found: set[int] = set()
    for first, last in _HALF_OPEN.findall(text):
        found |= set(range(int(first), int(last)))
    for first, last in _PORT.findall(_HALF_OPEN.sub(" ", text)):
        found |= set(range(int(first), int(last or first) + 1))
    return {port for port in found if 0 < port <= 65535}


def _outbound(facts: Facts, row: list[str]) -> None:
    cells = [_PLACEHOLDER.sub("{region}", cell) for cell in row]
    text = "\n".join(cells).lower()
    hosts = {host for host in _HOST.findall(text) if not _LINKS.fullmatch(host)}
    ports = _outbound_ports(cells)
    subject = next((name for name, pattern in _SUBJECTS if re.search(pattern, text)), "")
    if not subject and hosts and ports:
        subject = min(hosts)
    if not (subject and (hosts or ports)):
        # A head, or a row that is about something else.
        return
    facts.add(OUTBOUND_HOSTS, subject, hosts)
    facts.add(OUTBOUND_PORTS, subject, ports)


def _outbound_ports(cells: list[str]) -> set[str]:
    """Return the ports of the shortest cell that names a protocol and a port: others explain."""
    named = [cell for cell in cells if _TRANSPORT.search(cell) and _PORT.search(cell)]
    found: set[str] = set()
    if named:
        parts = _TRANSPORT.split(min(named, key=len))
        for protocol, part in zip(parts[1::2], parts[2::2], strict=True):
            found |= {f"{port}/{protocol.lower()}" for port in _ports(part)}
    return found


def _tools(row: list[str]) -> set[str]:
    cell = next(cell for cell in row if _TOOL_HEAD.search(cell))
    text = re.sub(r"\(.*?\)", "", re.split(r"[::]", cell)[-1])
    return {word for word in re.split(r"[\s,、。.;]+|\band\b|和", text) if re.fullmatch(r"[a-z][a-z-]+", word)}


def of_vars(data: dict[str, Any]) -> Facts:
    """Return what vars/ has of the same kinds, without what is only inferred.

    :arg data: the top-level keys of all files of vars/.
    """
    facts = Facts()
    for region, row in data["regions"].items():
        if row["registry"]:
            facts.add(REGISTRY, region, row["registry"]["routes"])
        for identity in row["oss"]:
            about = f"{identity['id']} ({region})"
            facts.add(OSS_HOSTS, about, identity["hosts"])
            facts.add(OSS_RANGES, about, identity["ranges"])
    for entry in data["inbound_ports"]:
        if entry["leased_line"]["confidence"] != "derived":
            for port in entry["ports"]:
                facts.add(INBOUND, f"{port}/{entry['protocol']}", [OPEN])
    for entry in data["endpoints"]:
        about = "image" if entry["id"] in _IMAGE else entry["id"]
        facts.add(OUTBOUND_HOSTS, about, (host for hosts in modes(entry).values() for host in hosts))
        facts.add(OUTBOUND_PORTS, about, (f"{port['port']}/{_transport(port['protocol'])}" for port in entry["ports"]))
    facts.add(OUTBOUND_HOSTS, "ntp", data["ntp"]["servers"])
    facts.add(OUTBOUND_PORTS, "ntp", [f"{data['ntp']['port']}/udp"])
    facts.add(TOOLS, "system tools", (tool["name"] for tool in data["system_tools"]["tools"]))
    return facts


def modes(entry: dict[str, Any]) -> dict[str, set[str]]:
    """Return access mode -> the hosts of an endpoint that a page should show, those of single regions included."""
    return {mode: set(_hosts(entry[mode])) for mode in ("internet", "leased_line") if mode in entry}


def _hosts(mode: dict[str, Any]) -> Iterator[str]:
    for host in mode["hosts"]:
        if "host" in host:
            yield host["host"]
            yield from host.get("overrides", {}).values()


def _transport(protocol: str) -> str:
    return "udp" if protocol in ("udp", "ntp") else "tcp"
