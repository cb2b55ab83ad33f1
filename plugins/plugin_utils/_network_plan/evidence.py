# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hosts saw of a plan, out of a fleet report. Private to the collection. Pure.

A report holds what hosts answered, so it is data: each value is checked for type, form and bounds before it is used,
and what does not fit is left out. Nothing of it decides more than whether a line in the plan says "works", and which
addresses inside of the vendor's range or the VPC a name without a published address has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import SiteInput
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.messages import say
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.needs import (
    covers,
    host_network,
    leads_there,
    unpublished,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.open_items import (
    DNS,
    FIREWALL,
    SITE,
    item,
    ordered,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import (
    Evidence,
    Flow,
    OpenItem,
    Plan,
    State,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import is_address

WORKS: State = "works"
FAILS: State = "fails"
MOST_ADDRESSES = 64
_LONGEST = 300
_NAMED_HOSTS = 3
# Stages behind the TCP connection: what goes wrong there says that the path is open ...
_BEHIND = ("tls", "http")
# ... but for these, which are of the path.
_OF_THE_PATH = ("tls.mtu", "tls.timeout", "tls.intercepted", "tls.reset")
_OF_NAMES = ("dns.", "address.")
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


class Sight(NamedTuple):
    """What one host saw of one endpoint or of one of its ports."""

    host: str
    run: str
    check: str  # name of the endpoint, "" for a port of the node
    name: str  # host name of the endpoint
    address: str
    addresses: list[str]
    protocol: str
    port: int
    state: str  # WORKS, FAILS, or "" where it proves nothing
    problem: str
    summary: str


class Seen(NamedTuple):
    """What the hosts of one site saw."""

    hosts: int
    sights: list[Sight]


def read(document: Mapping[str, Any], site: str, region: str, alone: bool = False) -> Seen:
    """Return what a report says about the hosts of a site.

    :arg document: a fleet report that ``_merge.check`` took.
    :arg alone: there is but this site, so that hosts without one are of it.
    """
    sites = ("", site) if alone else (site,)
    hosts = {
        name: record
        for name, record in sorted(document["hosts"].items())
        if record["site"] in sites and record["region"] in ("", region)
    }
    sights = [
        sight
        for name, record in hosts.items()
        for verdict in _list(record["verdicts"])
        if (sight := _sight(_text(name), _text(record["run"]), verdict))
    ]
    return Seen(len(hosts), sights)


def resolved(seen: Seen, site: SiteInput) -> dict[str, dict[str, str]]:
    """Return name -> address -> who resolved it, for names without a published address."""
    found: dict[str, dict[str, list[Sight]]] = {}
    for sight, address in _answers(seen, site):
        addresses = found.setdefault(sight.name, {})
        if leads_there(site.requirements, address) and (address in addresses or len(addresses) < MOST_ADDRESSES):
            addresses.setdefault(address, []).append(sight)
    return {
        name: {
            address: say("source.resolved", values={"hosts": _hosts(sights), "run": sights[-1].run})
            for address, sights in addresses.items()
        }
        for name, addresses in found.items()
    }


def add(plan: Plan, seen: Seen, site: SiteInput) -> Plan:
    """Return the plan with its evidence, and with open items for what the report shows to be wrong."""
    rows = [*_of_flows(plan, seen), *_of_prefixes(plan, seen)]
    items = [*plan["open_items"], *_unreached(plan, rows), *_outside(seen, site), *_no_host(seen, site)]
    return {**plan, "evidence": sorted(rows, key=lambda row: (row["id"], row["state"])), "open_items": ordered(items)}


def _of_flows(plan: Plan, seen: Seen) -> Iterator[Evidence]:
    for flow in plan["flows"]:
        yield from _rows(flow["id"], (sight for sight in seen.sights if _is_of(sight, flow)))
    for record in plan["records"]:
        names = [sight for sight in seen.sights if sight.name == record["host"]]
        # A name that another stage failed at is resolved all the same.
        told = [sight._replace(state=FAILS if sight.problem.startswith(_OF_NAMES) else WORKS) for sight in names]
        yield from _rows(record["id"], (sight for sight in told if sight.state == FAILS or sight.addresses))


def _is_of(sight: Sight, flow: Flow) -> bool:
    inside = any(ports["first"] <= sight.port <= ports["last"] for ports in flow["ports"])
    if not inside or sight.protocol != flow["protocol"]:
        return False
    if flow["direction"] == "inbound":
        return not sight.check
    if sight.check not in flow["endpoints"]:
        return False
    # An address that the permit does not have proves nothing of it.
    return not sight.address or any(covers(network, host_network(sight.address)) for network in flow["destinations"])


def _of_prefixes(plan: Plan, seen: Seen) -> Iterator[Evidence]:
    for prefix in plan["prefixes"]:
        inside = (
            sight
            for sight in seen.sights
            if sight.check and sight.address and covers(prefix["destination"], host_network(sight.address))
        )
        yield from _rows(prefix["id"], inside)


def _rows(identity: str, sights: Iterable[Sight]) -> Iterator[Evidence]:
    by_state: dict[str, list[Sight]] = {}
    for sight in sights:
        by_state.setdefault(sight.state, []).append(sight)
    for state in (WORKS, FAILS):
        if found := by_state.get(state):
            yield Evidence(
                id=identity,
                state=state,
                hosts=sorted({sight.host for sight in found}),
                summary=found[0].summary,
                run=max(sight.run for sight in found),
            )


def _unreached(plan: Plan, rows: list[Evidence]) -> Iterator[OpenItem]:
    """Yield flows that a join needs and hosts tried in vain."""
    names = {flow["id"]: flow["name"] for flow in plan["flows"] if flow["required"]}
    for row in rows:
        if row["state"] == FAILS and row["id"] in names:
            tried = {host for other in rows if other["id"] == row["id"] for host in other["hosts"]}
            yield item(
                f"unreached-{row['id']}",
                FIREWALL,
                "unreached",
                blocking=True,
                name=names[row["id"]],
                hosts=_named(row["hosts"]),
                summary=row["summary"],
                count=str(len(row["hosts"])),
                all=str(len(tried)),
            )


def _outside(seen: Seen, site: SiteInput) -> Iterator[OpenItem]:
    """Yield names that hosts resolved to addresses which do not lead into the leased line, or to too many."""
    wrong: dict[str, tuple[set[str], set[str]]] = {}
    for sight, address in _answers(seen, site):
        if not leads_there(site.requirements, address):
            addresses, hosts = wrong.setdefault(sight.name, (set(), set()))
            addresses.add(address)
            hosts.add(sight.host)
    supernet = site.requirements["address_space"]["service_supernet"]
    for name, (addresses, hosts) in sorted(wrong.items()):
        named, told = _named(sorted(hosts)), ", ".join(sorted(addresses))
        yield item(f"outside-{name}", DNS, "outside", supernet=supernet, host=name, addresses=told, hosts=named)
    inside: dict[str, set[str]] = {}
    for sight, address in _answers(seen, site):
        if leads_there(site.requirements, address):
            inside.setdefault(sight.name, set()).add(address)
    for name, found in sorted(inside.items()):
        if len(found) > MOST_ADDRESSES:
            yield item(f"many-addresses-{name}", DNS, "many_addresses", host=name, most=str(MOST_ADDRESSES))


def _no_host(seen: Seen, site: SiteInput) -> Iterator[OpenItem]:
    if not seen.hosts:
        name, region = site.site["name"], site.requirements["region"]
        yield item("report-of-others", SITE, "report_of_others", site=name, region=region)


def _answers(seen: Seen, site: SiteInput) -> Iterator[tuple[Sight, str]]:
    names = set(unpublished(site.requirements))
    return ((sight, address) for sight in seen.sights if sight.name in names for address in sight.addresses)


def _sight(host: str, run: str, verdict: Any) -> Sight | None:
    """Return what a verdict says about the path, None if it says nothing."""
    if not isinstance(verdict, dict) or not isinstance(verdict.get("data"), dict):
        return None
    data = verdict["data"]
    port = data.get("port")
    if not isinstance(port, int) or isinstance(port, bool) or not 1 <= port <= 65535:
        return None
    inbound = isinstance(data.get("prober"), str)
    via = data.get("via")
    # What went through a proxy says nothing about the leased line; addresses then are those of the proxy.
    if not inbound and (not isinstance(data.get("host"), str) or (isinstance(via, dict) and via.get("proxy"))):
        return None
    address = data.get("address")
    return Sight(
        host=host,
        run=run,
        check="" if inbound else _text(verdict.get("check")),
        name="" if inbound else _text(data["host"]).rstrip(".").lower(),
        address=address if isinstance(address, str) and is_address(address) else "",
        addresses=[one for one in _list(data.get("addresses")) if isinstance(one, str) and is_address(one)][
            :MOST_ADDRESSES
        ],
        protocol="udp" if data.get("protocol") in ("udp", "ntp") else "tcp",
        port=port,
        state=_state(verdict, data),
        problem=_text(data.get("problem")),
        summary=_text(verdict.get("summary")),
    )


def _state(verdict: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    status, problem = verdict.get("status"), _text(data.get("problem"))
    if status in ("pass", "warn") and not problem.startswith(_OF_THE_PATH):
        return WORKS
    if status not in ("fail", "warn"):
        return ""
    behind = data.get("stage") in _BEHIND and not problem.startswith(_OF_THE_PATH)
    return WORKS if behind else FAILS


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    """Return a text of a host as one line, without what steers a terminal or turns the direction of writing."""
    text = value if isinstance(value, str) else ""
    return _STEERING.sub(" ", text)[:_LONGEST]


def _hosts(sights: list[Sight]) -> str:
    return _named(sorted({sight.host for sight in sights}))


def _named(hosts: list[str]) -> str:
    more = f" and {len(hosts) - _NAMED_HOSTS} more" if len(hosts) > _NAMED_HOSTS else ""
    return ", ".join(hosts[:_NAMED_HOSTS]) + more
