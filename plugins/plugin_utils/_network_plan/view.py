# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan as people read it, in one language: hop by hop, with tables. Private to the collection. Pure.

Knows neither Markdown nor HTML: both show the same view.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ansible_collections.ack_edge.node.plugins.plugin_utils._language import ENGLISH
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan import open_items
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.messages import known, same, say, space
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import (
    Evidence,
    Flow,
    OpenItem,
    Plan,
    Ports,
    Prefix,
    Record,
)

_NAMED_HOSTS = 10


class Table(NamedTuple):
    """Rows of cells; a cell is a list of texts, each on a line of its own. No rows: the text that says so."""

    title: str
    keys: list[str]  # of the columns
    heads: list[str]
    rows: list[list[list[str]]]
    nothing: str


class Item(NamedTuple):
    """An open item in the language of the view."""

    id: str
    hop: str
    blocking: bool
    what: str
    why: str
    remedy: str


class Hop(NamedTuple):
    """One section of the path."""

    id: str
    title: str
    need: str
    why: str
    see: str
    tables: list[Table]
    items: list[Item]


class View(NamedTuple):
    """All of a plan."""

    title: str
    lead: str
    notes: list[str]
    facts: list[tuple[str, str]]
    items: list[Item]
    hops: list[Hop]
    evidence: Table | None
    evidence_note: str


def view(plan: Plan, language: str) -> View:
    """Return a plan in a language."""
    return _Viewer(plan, language).view()


def ports_text(ports: Iterable[Ports]) -> str:
    """Return ports as people write them: 10250, 30000-32767."""
    texts = [
        f"{item['first']}" if item["first"] == item["last"] else f"{item['first']}-{item['last']}" for item in ports
    ]
    return ", ".join(texts)


class _Viewer:
    def __init__(self, plan: Plan, language: str) -> None:
        self.plan, self.language = plan, language
        self.items = [self._item(item) for item in plan["open_items"]]
        self.states: dict[str, list[Evidence]] = {}
        for row in plan["evidence"]:
            self.states.setdefault(row["id"], []).append(row)

    def say(self, key: str, **values: str) -> str:
        return say(key, self.language, values)

    def view(self) -> View:
        blocking = sum(item.blocking for item in self.items)
        lead = self.say("lead_open" if blocking else "lead_checks", blocking=str(blocking), all=str(len(self.items)))
        return View(
            title=self.say("title", site=self.plan["site"]["name"], region_name=self._region()),
            lead=lead,
            notes=[self.say("only_adds"), self.say("nothing_contacted")],
            facts=self._facts(),
            items=self.items,
            hops=[self._hop(name) for name in open_items.HOPS],
            evidence=self._evidence() if self.plan["evidence"] else None,
            evidence_note=self.say("evidence_note"),
        )

    def _item(self, item: OpenItem) -> Item:
        own = {part: item[part] for part in open_items.PARTS}  # type: ignore[literal-required]  # PARTS are keys of it
        if self.language != ENGLISH and item["message"]:
            own = {part: say(f"item.{item['message']}.{part}", self.language, item["values"]) for part in own}
        return Item(item["id"], self.say(f"hop.{item['hop']}"), item["blocking"], **own)

    def _facts(self) -> list[tuple[str, str]]:
        site, cluster = self.plan["site"], self.plan["cluster"]
        facts = {
            "site": site["name"],
            "region": self._region(with_id=True),
            "version": cluster["cluster_version"] or self.say("newest"),
            "cni": cluster["cni"],
            "vpc": ", ".join(cluster["vpc_cidrs"]),
            "nodes": ", ".join(site["node_cidrs"]) or self.say("unset"),
            "next_hop": site["next_hop"] or self.say("unset"),
            "transit_router": self.say(f"kind.{cluster['transit_router']}"),
        }
        return [(self.say(f"fact_{name}"), value) for name, value in facts.items()]

    def _hop(self, name: str) -> Hop:
        need, why, see, tables = {
            open_items.CORE: self._core,
            open_items.FIREWALL: self._firewall,
            open_items.VBR: self._vbr,
            open_items.TRANSIT_ROUTER: self._transit_router,
            open_items.VPC: self._vpc,
            open_items.SECURITY_GROUPS: self._security_groups,
            open_items.DNS: self._dns,
        }[name]()
        title = self.say(f"hop.{name}")
        return Hop(name, title, need, why, see, tables, [item for item in self.items if item.hop == title])

    def _core(self) -> tuple[str, str, str, list[Table]]:
        next_hop = self.plan["site"]["next_hop"] or self.say("unknown")
        prefixes = self.plan["prefixes"]
        known_ones = [prefix for prefix in prefixes if prefix["hosts"] and prefix["family"] == "ipv4"] or prefixes
        sample = known_ones[0]["destination"].partition("/")[0]
        heads = ("destination", "purpose", "names", "entry", "state", "confidence", "source")
        table = self._table("", heads, [self._prefix(prefix) for prefix in prefixes])
        values = {"next_hop": next_hop, "sample": sample}
        return self.say("core.need", **values), self.say("core.why"), self.say("core.see", **values), [table]

    def _prefix(self, prefix: Prefix) -> list[list[str]]:
        return [
            [prefix["destination"]],
            [self.say(f"purpose.{prefix['purpose']}") if known(f"purpose.{prefix['purpose']}") else prefix["purpose"]],
            prefix["hosts"],
            [self._yes(prefix["service"])],
            self._state(prefix["id"]),
            [self._confidence(prefix["confidence"])],
            [self._source(prefix["source"])],
        ]

    def _firewall(self) -> tuple[str, str, str, list[Table]]:
        tables = [
            self._flows(self.say("firewall.out"), "outbound"),
            self._flows(self.say("firewall.in"), "inbound"),
        ]
        return self.say("firewall.need"), self._noted("firewall.why", "firewall.note"), self.say("firewall.see"), tables

    def _noted(self, why: str, note: str) -> str:
        """Return why a hop is needed, and after it what people ask about there and no node needs."""
        return self.say(why) + space(self.language) + self.say(note)

    def _flows(self, title: str, direction: str) -> Table:
        heads = ("permit", "from", "to", "protocol", "ports", "purpose", "required", "state")
        flows = [flow for flow in self.plan["flows"] if flow["direction"] == direction]
        return self._table(title, heads, [self._flow(flow) for flow in flows])

    def _flow(self, flow: Flow) -> list[list[str]]:
        return [
            [flow["name"]],
            flow["sources"],
            flow["destinations"],
            [flow["protocol"].upper()],
            [ports_text(flow["ports"])],
            [self._purpose(flow)],
            [self._yes(flow["required"])],
            self._state(flow["id"]),
        ]

    def _purpose(self, flow: Flow) -> str:
        """Return the purpose of a flow; other languages than English know it by the names of its endpoints."""
        if self.language == ENGLISH:
            return flow["purpose"]
        names = [re.sub(r"(_http|_[0-9]+)+\Z", "", name) for name in flow["endpoints"]]
        keys = [next((f"endpoint.{part}" for part in _parts(name) if known(f"endpoint.{part}")), "") for name in names]
        return " / ".join(dict.fromkeys(self.say(key) for key in keys if key)) or flow["purpose"]

    def _vbr(self) -> tuple[str, str, str, list[Table]]:
        return (
            self.say("vbr.need"),
            self._noted("vbr.why", "vbr.note"),
            self.say("vbr.see"),
            [self._return_routes("vbr")],
        )

    def _transit_router(self) -> tuple[str, str, str, list[Table]]:
        need = self.say(f"tr.need.{self.plan['cluster']['transit_router']}", region=self.plan["cluster"]["region"])
        tables = [self._return_routes("transit_router")]
        return need, self.say("tr.why"), self.say("tr.see"), [table for table in tables if table.rows]

    def _vpc(self) -> tuple[str, str, str, list[Table]]:
        return self.say("vpc.need"), self.say("vpc.why"), self.say("vpc.see"), [self._return_routes("vpc")]

    def _return_routes(self, name: str) -> Table:
        routes = [route for route in self.plan["return_routes"] if name in route["tables"]]
        return self._table("", ("destination",), [[[route["destination"]]] for route in routes])

    def _security_groups(self) -> tuple[str, str, str, list[Table]]:
        service = {prefix["destination"] for prefix in self.plan["prefixes"] if prefix["service"]}
        outbound = [flow for flow in self.plan["flows"] if flow["direction"] == "outbound"]
        to_vpc = [flow for flow in outbound if not (set(flow["destinations"]) & service)]
        heads = ("permit", "from", "to", "protocol", "ports", "purpose", "required", "state")
        table = self._table("", heads, [self._flow(flow) for flow in to_vpc])
        return self.say("sg.need"), self._noted("sg.why", "sg.note"), self.say("sg.see"), [table]

    def _dns(self) -> tuple[str, str, str, list[Table]]:
        def row(record: Record) -> list[list[str]]:
            addresses = record["addresses"] or [self.say("unknown")]
            return [[record["host"]], addresses, [self._source(record["source"])], self._state(record["id"])]

        resolvers = [flow["destinations"] for flow in self.plan["flows"] if "resolver" in flow["endpoints"]]
        resolver = resolvers[0][0].partition("/")[0] if resolvers else "100.100.2.136"
        table = self._table("", ("host", "addresses", "source", "state"), [row(one) for one in self.plan["records"]])
        return self.say("dns.need"), self.say("dns.why"), self.say("dns.see", resolver=resolver), [table]

    def _evidence(self) -> Table:
        def row(evidence: Evidence) -> list[list[str]]:
            return [
                [evidence["id"]],
                [self.say(f"state.{evidence['state']}")],
                [_some(evidence["hosts"])],
                [evidence["summary"]],
            ]

        return self._table("", ("about", "state", "hosts", "summary"), [row(one) for one in self.plan["evidence"]])

    def _state(self, identity: str) -> list[str]:
        return [f"{self.say('state.' + row['state'])} ({len(row['hosts'])})" for row in self.states.get(identity, [])]

    def _region(self, with_id: bool = False) -> str:
        """Return the name of the region, which is published in English; other languages have its id."""
        cluster = self.plan["cluster"]
        if self.language != ENGLISH:
            return cluster["region"]
        return f"{cluster['region_name']} ({cluster['region']})" if with_id else cluster["region_name"]

    def _confidence(self, text: str) -> str:
        word, count = re.sub(r"\W\d+\Z", "", text), re.sub(r"\D", "", text)
        key = f"confidence.{word}_and" if "+" in text else f"confidence.{word}"
        return self.say(key, count=count) if known(key) else text

    def _source(self, text: str) -> str:
        resolved = re.fullmatch(r"resolved by (?P<hosts>.+), run (?P<run>.*)", text)
        return self.say("source.resolved", **resolved.groupdict()) if resolved else same("source.", text, self.language)

    def _yes(self, value: bool) -> str:
        return self.say("answer.yes" if value else "answer.no")

    def _table(self, title: str, heads: Iterable[str], rows: list[list[list[str]]]) -> Table:
        """Return a table; without a fleet report there is nothing to say in the column of states."""
        heads = list(heads)
        if "state" in heads and not self.plan["evidence"]:
            place = heads.index("state")
            heads.pop(place)
            rows = [row[:place] + row[place + 1 :] for row in rows]
        return Table(title, heads, [self.say(f"head.{head}") for head in heads], rows, self.say("nothing"))


def _some(hosts: list[str]) -> str:
    """Return the first of the hosts, and how many more there are; all of them are in plan.json."""
    more = f" (+{len(hosts) - _NAMED_HOSTS})" if len(hosts) > _NAMED_HOSTS else ""
    return ", ".join(hosts[:_NAMED_HOSTS]) + more


def _parts(name: str) -> list[str]:
    """Return a name and its beginnings, longest first: oss_packages, oss."""
    words = name.split("_")
    return ["_".join(words[:count]) for count in range(len(words), 0, -1)]
