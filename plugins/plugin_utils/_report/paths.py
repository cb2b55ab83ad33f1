# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The path of each site from its hosts to the services, with where it ends and for which hosts. Private. Pure.

Each host is in one place of its path only, so that the numbers of a path add up to its hosts. The evidence is what
reachability_info found; what counts is what a host needs to join.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.verdicts import value_of
from ansible_collections.ack_edge.node.plugins.plugin_utils._language import Message
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight.fixes import fixer
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import NOT_STARTED, UNREACHABLE, stands_for
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import (
    Document,
    End,
    HostRecord,
    ReportedVerdict,
    SitePath,
)

# The stops of a path, from the host on. NETWORK is the leased line or the internet.
HOST, NEXT_HOP, PROXY, NETWORK, SERVICE = "host", "next_hop", "proxy", "network", "service"
STOPS = (HOST, NEXT_HOP, PROXY, NETWORK, SERVICE)
LEASED_LINE, INTERNET = "leased_line", "internet"
# What the stops are called; the network by how the site reaches the cloud, where that is known.
_LABELS = {
    HOST: Message("Host"),
    NEXT_HOP: Message("Next hop"),
    PROXY: Message("Proxy"),
    NETWORK: Message("Network"),
    SERVICE: Message("Service"),
}
_NETWORKS = {LEASED_LINE: Message("Leased line"), INTERNET: Message("Internet")}
# Where a path ends: at a stop or a kind of network, without and with an address.
_PLACES = {
    HOST: ("at the host", "at the host"),
    NEXT_HOP: ("at the next hop", "at the next hop {where}"),
    PROXY: ("at the proxy", "at the proxy {where}"),
    NETWORK: ("on the network", "on the network behind {where}"),
    LEASED_LINE: ("on the leased line", "on the leased line behind {where}"),
    INTERNET: ("on the internet", "on the internet behind {where}"),
    SERVICE: ("at the service", "at the service {where}"),
}
# Templates of the texts about a path.
TEMPLATES = tuple(dict.fromkeys(text for pair in _PLACES.values() for text in pair))
# Why nothing is known of the path of a host.
NOT_CHECKED = {
    UNREACHABLE: Message("unreachable"),
    NOT_STARTED: Message("not started"),
    "": Message("path not checked"),
}

# The problem, or the beginning of problems, of reachability_info -> where the path ends, and why. The first one counts.
_ENDS = {
    "dns.timeout": (HOST, Message("DNS does not answer")),
    "dns.unusable": (HOST, Message("DNS does not answer")),
    "dns.servfail": (HOST, Message("DNS does not answer")),
    "dns.": (HOST, Message("names do not resolve")),
    "address.": (HOST, Message("names resolve to wrong addresses")),
    "route.none": (HOST, Message("no route")),
    "route.next_hop": (NEXT_HOP, Message("it does not answer")),
    "tcp.forbidden": (HOST, Message("the host itself blocks the connection")),
    "udp.forbidden": (HOST, Message("the host itself blocks the connection")),
    "ntp.forbidden": (HOST, Message("the host itself blocks the connection")),
    "tcp.timeout": (NETWORK, Message("connections time out")),
    "tcp.unreachable": (NETWORK, Message("a router on the path has no route")),
    "udp.unreachable": (NETWORK, Message("a router on the path has no route")),
    "ntp.unreachable": (NETWORK, Message("a router on the path has no route")),
    "ntp.silent": (NETWORK, Message("time servers do not answer")),
    "ntp.timeout": (NETWORK, Message("time servers do not answer")),
    "proxy.": (PROXY, Message("it does not carry the connection")),
    "tls.mtu": (NETWORK, Message("large packets are lost (MTU)")),
    "tls.timeout": (NETWORK, Message("TLS handshakes time out")),
    "tls.intercepted": (NETWORK, Message("a device on the path intercepts TLS")),
    "tcp.refused": (SERVICE, Message("connections are refused")),
    "ntp.refused": (SERVICE, Message("connections are refused")),
    "udp.refused": (SERVICE, Message("connections are refused")),
    "udp.": (NETWORK, Message("UDP gets no answer")),
    "tls.reset": (SERVICE, Message("TLS handshakes fail")),
    "tls.plaintext": (SERVICE, Message("TLS handshakes fail")),
    "tls.refused": (SERVICE, Message("TLS handshakes fail")),
    "tls.": (SERVICE, Message("the certificate is not accepted")),
    "http.": (SERVICE, Message("no usable HTTP answer")),
    "ntp.": (SERVICE, Message("no usable time")),
}
# For all other problems: the stage at which the check ended -> the stop.
_STAGES = {"queued": HOST, "dns": HOST, "address": HOST, "route": HOST, "proxy": PROXY, "tls": SERVICE, "http": SERVICE}
_UNFINISHED = Message("the check did not finish")
# The answer came, so the path is whole: what is wrong is a clock.
_ARRIVED = ("ntp.far", "ntp.unsure")
# Who answers may be behind the end of another path, which is then the reason for this one.
_NO_ANSWER = Message("DNS does not answer")
_TRANSPORT = ((HOST, Message("no route")), (NEXT_HOP, Message("it does not answer")))
# Stages at which, where a proxy is used, the peer is the proxy and not the service.
_TO_PROXY = ("tcp", "proxy")


class _Key(NamedTuple):
    """What hosts have in common whose paths end alike."""

    stop: str
    where: str  # address of the next hop, proxy or nameserver, "" for none; of NETWORK, the next hop in front of it
    why: str
    fixed_by: str


class _Found(NamedTuple):
    """What is known of one host."""

    ends: dict[_Key, list[str]]  # key of an end: its checks
    unproven: bool
    next_hop: str
    proxy: bool
    endpoints: int


def paths(document: Document) -> list[SitePath]:
    """Return the path of each site, those that end for the most hosts first; [] where no path was looked at."""
    found = {name: _of_host(record) for name, record in sorted(document["hosts"].items())}
    if not any(found.values()):
        return []
    sites: dict[tuple[str, str, str], dict[str, _Found | str]] = {}
    for name, place in _places(document).items():
        sites.setdefault(place, {})[name] = found[name] or _why_unknown(document["hosts"][name])
    names = Counter(_name(place) for place in sites)
    made = [_path(place, hosts, names[_name(place)] > 1) for place, hosts in sites.items()]
    return sorted(made, key=lambda path: (-sum(len(end.hosts) for end in path.ends), path.name))


def _label(stop: str, access_mode: str) -> str:
    """Return what a stop is called."""
    return _NETWORKS.get(access_mode, _LABELS[NETWORK]) if stop == NETWORK else _LABELS[stop]


def _at(stop: str, where: str, access_mode: str) -> Message:
    """Return where a path ends, such as "at the next hop 10.0.0.1"."""
    key = access_mode if stop == NETWORK and access_mode in _NETWORKS else stop
    alone, at_address = _PLACES[key]
    return Message(at_address, where=where) if where else Message(alone)


def _why(key: _Key) -> str:
    """Return why a path ends there, such as "names do not resolve (nameserver 10.0.0.53)"."""
    if key.stop == HOST and key.where:
        return Message("{why} (nameserver {where})", why=key.why, where=key.where)
    return key.why


def _places(document: Document) -> dict[str, tuple[str, str, str]]:
    """Return site, region and access mode of each host.

    What is not known of a host that no task reached is that of the others of its site, where they agree.
    """
    own = {
        name: (record.get("site") or "", record.get("region") or "", record.get("access_mode") or "")
        for name, record in sorted(document["hosts"].items())
    }
    whole = {place for place in own.values() if all(place[1:])}
    return {name: place if all(place[1:]) else _filled(place, whole) for name, place in own.items()}


def _filled(place: tuple[str, str, str], whole: Iterable[tuple[str, str, str]]) -> tuple[str, str, str]:
    site, region, access_mode = place
    same = [other for other in whole if other[0] == site and region in ("", other[1]) and access_mode in ("", other[2])]
    return same[0] if len(same) == 1 and (site or region) else place


def _name(place: tuple[str, str, str]) -> str:
    return place[0] or place[1]


def _path(place: tuple[str, str, str], hosts: Mapping[str, _Found | str], shared: bool) -> SitePath:
    """Return the path of a site.

    :arg hosts: what is known of each, or why nothing is.
    :arg shared: whether another path has the same name.
    """
    ends: dict[_Key, End] = {}
    through: list[str] = []
    unproven: list[str] = []
    unknown: dict[str, list[str]] = {}
    known: list[_Found] = []
    for name, found in hosts.items():
        if isinstance(found, str):
            unknown.setdefault(found, []).append(name)
            continue
        known.append(found)
        if found.ends:
            key = _end_of(found.ends)
            end = ends.setdefault(key, _new_end(key, place[2]))
            end.hosts.append(name)
            end.checks.extend(check for check in found.ends[key] if check not in end.checks)
        else:
            (unproven if found.unproven else through).append(name)
    more = ", ".join(filter(None, (place[1] if place[0] else "", place[2].replace("_", " ")))) if shared else ""
    return SitePath(
        name=f"{_name(place)} ({more})" if more else _name(place),
        region=place[1],
        access_mode=place[2],
        stops={stop: _label(stop, place[2]) for stop in _stops(place[2], known, {end.stop for end in ends.values()})},
        next_hops=dict(Counter(found.next_hop for found in known if found.next_hop).most_common()),
        endpoints=max((found.endpoints for found in known), default=0),
        ends=sorted(ends.values(), key=lambda end: (-len(end.hosts), STOPS.index(end.stop), end.place, end.why)),
        through=through,
        unproven=unproven,
        unknown=unknown,
    )


def _new_end(key: _Key, access_mode: str) -> End:
    where = _at(key.stop, key.where, access_mode)
    return End(stop=key.stop, place=where, why=_why(key), fixed_by=key.fixed_by, checks=[], hosts=[])


def _stops(access_mode: str, hosts: Iterable[_Found], ended: set[str]) -> list[str]:
    shown = {HOST, NETWORK, SERVICE} | ended
    # Over the internet the next hop is any router; it is of interest only where it is the end.
    if access_mode != INTERNET:
        shown.add(NEXT_HOP)
    if any(found.proxy for found in hosts):
        shown.add(PROXY)
    return [stop for stop in STOPS if stop in shown]


def _why_unknown(record: HostRecord) -> str:
    return NOT_CHECKED.get(record["state"], NOT_CHECKED[""])


def _of_host(record: HostRecord) -> _Found | None:
    """Return what is known of the path of a host; None for nothing."""
    looked = [item for item in record["verdicts"] if is_of_path(item)]
    if not looked or record["state"] in (UNREACHABLE, NOT_STARTED):
        return None
    ends: dict[_Key, list[str]] = {}
    hops: Counter[str] = Counter()
    unproven = False
    for item in looked:
        data = item["data"]
        if gateway := value_of(data, "via", "gateway"):
            hops[gateway] += stands_for(item)
        if item["status"] == "fail" and _is_end(data):
            key = _Key(*_end(data), fixer(item, record["verdicts"]))
            ends.setdefault(key, []).append(item.get("check") or "")
        elif item["status"] == "unproven":
            unproven = unproven or _is_end(data)
    return _Found(
        ends=ends,
        unproven=unproven,
        next_hop=hops.most_common(1)[0][0] if hops else _asked_for(record),
        proxy=any(value_of(item["data"], "via", "proxy") for item in looked),
        endpoints=sum(map(stands_for, looked)),
    )


def is_of_path(item: ReportedVerdict) -> bool:
    """Return whether a verdict says how far something came on the path to an endpoint."""
    # By its facts: a document of version 3 does not tell the module.
    return item["status"] != "skipped" and isinstance(item["data"].get("via"), dict) and "stage" in item["data"]


def _is_end(data: dict[str, Any]) -> bool:
    """Return whether a host needs what an endpoint does not give, and the path is why."""
    return bool(data.get("required", True)) and value_of(data, "problem") not in _ARRIVED


def _asked_for(record: HostRecord) -> str:
    """Return the next hop that a host was told to use, by its check of the gateway; '' for none."""
    found = [value_of(item["data"], "gateway") for item in record["verdicts"] if item.get("check") == "leased_line"]
    return next(filter(None, found), "")


def known_end(problem: str) -> tuple[str, Message] | None:
    """Return the stop at which a path with this problem ends, and why; None for a problem that says neither."""
    return next((found for start, found in _ENDS.items() if problem.startswith(start)), None)


def _end(data: dict[str, Any]) -> tuple[str, str, str]:
    """Return the stop at which an endpoint ends, the address there, and why."""
    problem, stage = value_of(data, "problem"), value_of(data, "stage")
    stop, why = known_end(problem) or (_STAGES.get(stage, NETWORK), _UNFINISHED)
    if value_of(data, "via", "proxy") and stop in (NETWORK, SERVICE) and stage in _TO_PROXY:
        stop = PROXY
    return stop, _where(stop, stage, data), why


def _where(stop: str, stage: str, data: dict[str, Any]) -> str:
    if stop == HOST:
        return _nameserver(data) if stage in ("dns", "address") else ""
    if stop == PROXY:
        return value_of(data, "via", "proxy")
    gateway = value_of(data, "via", "gateway")
    if stop == NEXT_HOP:
        # In the own network of the host, the target itself is the next hop.
        return gateway or value_of(data, "address")
    return gateway if stop == NETWORK else ""


def _nameserver(data: dict[str, Any]) -> str:
    dns = data.get("dns")
    servers = dns.get("servers") if isinstance(dns, dict) else None
    first = servers[0] if isinstance(servers, list) and servers else None
    return value_of(data, "dns", "source") or value_of(first, "server")


def _end_of(ends: Mapping[_Key, list[str]]) -> _Key:
    """Return where the path of a host ends: where most of its endpoints do; of equals, what is nearest to the host.

    A nameserver that gives no answer is not the end where packets do not leave the site: it may be behind.
    """
    answered = {key: checks for key, checks in ends.items() if key.why != _NO_ANSWER}
    if any((key.stop, key.why) in _TRANSPORT or key.stop == NETWORK for key in answered):
        ends = answered
    return min(ends, key=lambda key: (-len(ends[key]), STOPS.index(key.stop), *key[1:]))
