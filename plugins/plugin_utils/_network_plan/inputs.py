# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user says about the sites of a network plan, read and validated. Private to the collection. Pure.

A site comes from a site file, from host variables of the inventory, or from both; the file wins. What belongs to the
cluster goes on as it came to the requirement set, which has the only readers of it. All mistakes are collected.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, cast

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.needs import (
    host_network,
    leads_there,
    routed,
    unpublished,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Site, TransitRouter
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.build import build
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import Catalogue
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import (
    LEASED_LINE,
    PUBLISHED,
    SUPERNET,
    Reader,
    RequirementError,
    cidr,
    host_name,
    overlap,
    text_of,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import RequirementSet

# What the requirement set takes, under the same names.
CLUSTER_KEYS = (
    "region", "access_mode", "cluster_version", "cni", "vpc_cidrs", "node_cidrs", "pod_cidr", "service_cidr",
    "api_server", "route_scope", "extra_routes", "ntp_servers", "addons", "bgp_neighbours",
)  # fmt: skip
SITE_KEYS = (
    "name", "next_hop", "interface", "preference", "vrf", "zone_inside", "zone_outside", "transit_router", "scope",
    "used_networks", "resolved", "line",
)  # fmt: skip
KEYS = (*SITE_KEYS, *CLUSTER_KEYS)
ENTERPRISE, BASIC, ECR = "enterprise", "basic", "ecr"
TRANSIT_ROUTERS = (ENTERPRISE, BASIC, ECR)
_SCOPES = {"exact": PUBLISHED, "supernet": SUPERNET}
_LONGEST_NAME = 63

# These stand in what devices take: no white space, no quotes, no beginning of a comment.
_INTERFACE = re.compile(r"[A-Za-z][A-Za-z0-9/_.:-]{0,62}\Z")
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,30}\Z")
_NAME = re.compile(r"[\w][\w .()-]*\Z")


class PlanError(RequirementError):
    """No plan can be made of what was given; the text has one line for each problem."""


class SiteInput(NamedTuple):
    """One site with everything that its plan follows from."""

    site: Site
    requirements: RequirementSet
    transit_router: TransitRouter
    resolved: dict[str, list[str]]  # name -> addresses, as the user knows them
    line: str  # which leased line it is on, "" where nobody said


def read(catalogue: Catalogue, entries: Iterable[Mapping[str, Any]]) -> list[SiteInput]:
    """Return the sites, sorted by name.

    :arg entries: for each site its values, KEYS -> what the user gave; unset is missing, None or "".
    :raises PlanError: with every mistake in every site.
    """
    problems: list[str] = []
    sites = [_site(catalogue, entry, place, problems) for place, entry in enumerate(entries, start=1)]
    found = [site for site in sites if site is not None]
    problems += _same_names([site.site["name"] for site in found])
    if not sites:
        problems.append("site_file names no site: give at least one, a mapping with name, region and vpc_cidrs")
    if problems:
        raise PlanError(list(dict.fromkeys(problems)))
    return sorted(found, key=lambda item: item.site["name"])


def folder(name: str) -> str:
    """Return the name of a site's folder: one component that no system takes for something else."""
    return re.sub(r"[^\w-]+", "-", name).strip("-").lower() or "site"


def _same_names(names: list[str]) -> list[str]:
    first: dict[str, str] = {}
    problems = []
    for name in names:
        other = first.setdefault(folder(name), name)
        if other is not name or names.count(name) > 1:
            problems.append(
                f"name is {name!r}: its folder {folder(name)} would be that of site {other!r}; give each site a name "
                "of its own, which differs in letters or digits"
            )
    return problems


def _site(catalogue: Catalogue, entry: Any, place: int, problems: list[str]) -> SiteInput | None:
    """Return one site, or None where something is wrong with it, which then is among the problems."""
    if not isinstance(entry, Mapping):
        problems.append(f"site {place} is {entry!r}: give a mapping with name, region and vpc_cidrs")
        return None
    reader = _Reader(entry)
    label = _matching(_LABEL, _LABEL_WORDS)
    site = Site(
        name=reader.name,
        node_cidrs=[],
        next_hop=reader.one("next_hop", _address) or "",
        interface=reader.one("interface", _matching(_INTERFACE, "the name of an interface, such as Vlanif100")) or "",
        preference=reader.one("preference", _preference) or 0,
        vrf=reader.one("vrf", label) or "",
        zone_inside=reader.one("zone_inside", label) or "",
        zone_outside=reader.one("zone_outside", label) or "",
    )
    transit_router = reader.choice("transit_router", TRANSIT_ROUTERS) or ENTERPRISE
    used = reader.items("used_networks", cidr)
    resolved = reader.resolved()
    line = reader.one("line", label) or ""
    requirements = reader.requirements(catalogue)
    if requirements is not None:
        site["node_cidrs"] = requirements["node_cidrs"]
        reader.refuse(site, requirements, used, resolved)
    problems += [f"site {reader.name or place}: {problem}" for problem in reader.problems]
    if reader.problems or requirements is None:
        return None
    return SiteInput(site, requirements, cast("TransitRouter", transit_router), resolved, line)


class _Reader(Reader):
    """Reads the values of one site, and says where no plan can be made of them."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self._unknown()
        self.name = self.one("name", _name) or ""
        if not self.name and not self.problems:
            self.problems.append("name is not set: give the data centre a name, e.g. idc-bj")

    def _unknown(self) -> None:
        for key in self.values:
            if key not in KEYS:
                near = difflib.get_close_matches(str(key), KEYS, n=1)
                hint = f"; did you mean {near[0]}?" if near else f"; known are {', '.join(KEYS)}"
                self.problems.append(f"{key!r} is not a valid key of a site{hint}")

    def resolved(self) -> dict[str, list[str]]:
        """Return the addresses that the user knows of names."""
        value = self.values.get("resolved") or {}
        if not isinstance(value, Mapping):
            self.problems.append(f"resolved is {value!r}: give a mapping, name: [address, ...]")
            return {}
        reader = Reader({f"resolved of {host}": addresses for host, addresses in value.items()})
        found = {str(host): list(reader.items(f"resolved of {host}", _address)) for host in value}
        names = {host: self._parse("resolved", host, host_name) for host in found}
        self.problems += reader.problems
        return {names[host] or "": addresses for host, addresses in found.items()}

    def requirements(self, catalogue: Catalogue) -> RequirementSet | None:
        """Return the requirement set, None if it cannot be had."""
        values = {key: self.values.get(key) for key in CLUSTER_KEYS}
        region = values.pop("region")
        # A site with a plan has a leased line, also where its networks are still to be said.
        values["access_mode"] = values["access_mode"] or LEASED_LINE
        scope = self.choice("scope", tuple(_SCOPES))
        if scope is not None:
            if values["route_scope"] not in (None, "", _SCOPES[scope]):
                self.problems.append(
                    f"scope is {scope!r} and route_scope is {values['route_scope']!r}: set only one of them"
                )
            values["route_scope"] = _SCOPES[scope]
        try:
            return build(catalogue, region, **values)
        except RequirementError as error:
            self.problems += error.problems
            return None

    def refuse(
        self, site: Site, requirements: RequirementSet, used: tuple[str, ...], resolved: Mapping[str, list[str]]
    ) -> None:
        """Add what makes a plan for this site impossible."""
        if requirements["access_mode"] != LEASED_LINE:
            self.problems.append(
                f"access_mode is {requirements['access_mode']!r}: a network plan is for leased lines; set access_mode "
                "to leased_line and vpc_cidrs to the networks of the VPC, or leave this site out"
            )
            return
        if not requirements["vpc_cidrs"]:
            self.problems.append(
                "vpc_cidrs is not set: give the CIDRs of the cluster's VPC, e.g. ['192.168.0.0/16']; without them "
                "nobody can route or permit anything"
            )
        own = [("node_cidrs", item, item) for item in site["node_cidrs"]]
        own += [("used_networks", item, item) for item in used]
        if site["next_hop"]:
            own.append(("next_hop", site["next_hop"], host_network(site["next_hop"])))
        self.problems += [
            f"{key} is {shown}: it overlaps {destination} ({purpose}), which this plan routes into the leased line; "
            f"{_other(purpose)}"
            for key, shown, item in own
            for destination, purpose in routed(requirements)
            if overlap(item, destination)
        ]
        self._refuse_resolved(requirements, resolved)

    def _refuse_resolved(self, requirements: RequirementSet, resolved: Mapping[str, list[str]]) -> None:
        names = unpublished(requirements)
        supernet = requirements["address_space"]["service_supernet"]
        for host, addresses in resolved.items():
            if host not in names:
                self.problems.append(
                    f"resolved has {host!r}, which is not a name whose address is wanted: give {', '.join(names)}"
                )
            self.problems += [
                f"resolved of {host} is {address!r}: it lies neither in {supernet} nor in vpc_cidrs; give the address "
                "that a host of the VPC resolves it to"
                for address in addresses
                if not leads_there(requirements, address)
            ]


def _other(purpose: str) -> str:
    if purpose == SUPERNET:
        return "set scope to exact, so that only published ranges are routed"
    return "the site cannot use these addresses itself: renumber it, or keep it out of the VRF of the leased line"


_LABEL_WORDS = "letters, digits, underscores, dots and hyphens, at most 31"


def _matching(pattern: re.Pattern[str], expected: str) -> Callable[[Any], str]:
    def parse(value: Any) -> str:
        text = text_of(value, expected)
        if not pattern.match(text):
            raise ValueError(f"give {expected}; it stands in the commands for devices as it is")
        return text

    return parse


def _name(value: Any) -> str:
    text = text_of(value, "the name of the data centre")
    if not _NAME.match(text) or len(text) > _LONGEST_NAME:
        raise ValueError(
            f"give letters, digits, spaces, dots, brackets and hyphens, at most {_LONGEST_NAME}, with a letter or a "
            "digit first"
        )
    return text


def _address(value: Any) -> str:
    return str(_inputs.address(value))


def _preference(value: Any) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not re.match(r"[0-9]{1,3}\Z", text) or int(text) > 255:
        raise ValueError("give a whole number from 1 to 255, or 0 to leave it to the device")
    return int(text)
