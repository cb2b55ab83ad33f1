# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user says about one node, read and validated. Private to the collection.

Values come from inventories, extra vars, surveys and CSV files, so lists may arrive as text and anything may be empty:
"" and None mean unset everywhere. All problems are collected, so that an operator fixes them in one go.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs

try:
    import netaddr
except ImportError as error:  # the lookup reports it, which can say what to do
    NETADDR_MISSING: ImportError | None = error
else:
    NETADDR_MISSING = None

INTERNET = "internet"
LEASED_LINE = "leased_line"
ACCESS_MODES = (INTERNET, LEASED_LINE)
FLANNEL = "flannel"
TERWAY_EDGE = "terway-edge"
CNIS = (FLANNEL, TERWAY_EDGE)
PUBLISHED = "published"
SUPERNET = "supernet"
ROUTE_SCOPES = (PUBLISHED, SUPERNET)
OLDEST_CLUSTER = "1.12"
# What to do about a version that came as a number, where a file has it, and where nobody can quote.
QUOTE_IT = "quote it, e.g. cluster_version: '1.30'"
IN_A_SURVEY = "in a survey write v1.30, in an inventory quote it"

_VERSION = re.compile(r"v?(?P<text>(\d+)\.(\d+)(?:\.(\d+))?(?:-[0-9A-Za-z][0-9A-Za-z.-]*)?)", re.ASCII)
_TRUE = ("true", "yes", "on", "1")
_FALSE = ("false", "no", "off", "0")

T = TypeVar("T")


class RequirementError(ValueError):
    """The user's values are unusable. The text has one line per problem; ``problems`` holds them."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Inputs:
    """The user's values; networks as canonical CIDR text, tuples without duplicates in the order given."""

    access_mode: str
    cluster_version: str | None
    cni: str
    vpc_cidrs: tuple[str, ...]
    node_cidrs: tuple[str, ...]
    pod_cidr: tuple[str, ...]
    service_cidr: tuple[str, ...]
    api_server: tuple[str, int] | None
    raven_gateway: str | None
    tunnel_server: str | None
    route_scope: str
    extra_routes: tuple[str, ...]
    ntp_servers: tuple[str, ...]
    addons: tuple[str, ...]
    bgp_neighbours: tuple[str, ...]
    internet_inbound: bool

    @property
    def leased_line(self) -> bool:
        return self.access_mode == LEASED_LINE

    def in_range(self, entry: Mapping[str, Any]) -> bool:
        """Return whether the cluster version lies in ``since`` .. ``before`` of a catalogue entry; unset = newest."""
        if self.cluster_version is None:
            return "before" not in entry
        version = version_key(self.cluster_version)
        since, before = entry.get("since"), entry.get("before")
        return (since is None or version >= version_key(since)) and (before is None or version < version_key(before))


def version_key(text: str) -> tuple[int, int, int]:
    """Return major, minor and patch of a cluster version such as ``1.26.3-aliyun.1``, for comparing.

    :raises ValueError: for any other text.
    """
    match = _VERSION.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a valid cluster version")
    return int(match[2]), int(match[3]), int(match[4] or 0)


def overlap(one: str, other: str) -> bool:
    """Return whether two CIDRs share an address."""
    first, second = netaddr.IPNetwork(one), netaddr.IPNetwork(other)
    return first in second or second in first


def address_order(network: str) -> tuple[int, ...]:
    """Return the key that sorts CIDRs by family, address and prefix length."""
    parsed = netaddr.IPNetwork(network)
    return parsed.version, int(parsed.network), parsed.prefixlen


def is_address(host: str) -> bool:
    """Return whether ``host`` is an IPv4 or IPv6 address and no name."""
    return bool(_inputs.is_address(host))


def read(values: Mapping[str, Any], addons: Iterable[str]) -> tuple[Inputs | None, list[str]]:
    """Return the validated inputs and the problems found; the inputs are None exactly if there are problems.

    :arg values: variable -> what the user gave, unset ones may be missing.
    :arg addons: names of the add-ons that the catalogue knows.
    """
    reader = Reader(values)
    vpc_cidrs = reader.items("vpc_cidrs", cidr)
    found = Inputs(
        access_mode=reader.choice("access_mode", ACCESS_MODES) or (LEASED_LINE if vpc_cidrs else INTERNET),
        cluster_version=reader.one("cluster_version", _cluster_version),
        cni=reader.choice("cni", CNIS) or FLANNEL,
        vpc_cidrs=vpc_cidrs,
        node_cidrs=reader.items("node_cidrs", cidr),
        pod_cidr=reader.items("pod_cidr", cidr),
        service_cidr=reader.items("service_cidr", cidr),
        api_server=reader.one("api_server", _host_and_port),
        raven_gateway=reader.one("raven_gateway", host_name),
        tunnel_server=reader.one("tunnel_server", host_name),
        route_scope=reader.choice("route_scope", ROUTE_SCOPES) or PUBLISHED,
        extra_routes=reader.items("extra_routes", cidr),
        ntp_servers=reader.items("ntp_servers", host_name),
        addons=reader.items("addons", lambda value: one_of(value, tuple(addons))),
        bgp_neighbours=reader.items("bgp_neighbours", _cidr_or_address),
        internet_inbound=reader.one("internet_inbound", _boolean) is not False,
    )
    problems = reader.problems or _overlaps(found)
    return (None if problems else found), problems


class Reader:
    """Reads variables; a parser raises ValueError saying what would be right, the problem adds variable and value."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.problems: list[str] = []

    def one(self, name: str, parse: Callable[[Any], T]) -> T | None:
        value = self.values.get(name)
        if _inputs.is_unset(value):
            return None
        return self._parse(name, value, parse)

    def choice(self, name: str, choices: tuple[str, ...]) -> str | None:
        return self.one(name, lambda value: one_of(value, choices))

    def items(self, name: str, parse: Callable[[Any], T]) -> tuple[T, ...]:
        """Read a list; a survey and a CSV file have no lists, so it may be text."""
        value = self.values.get(name)
        if value is None:
            return ()
        if not isinstance(value, (str, list, tuple)):
            self.problems.append(f"{name} is {value!r}: give a list, or text separated by commas")
            return ()
        parsed = [self._parse(name, item, parse) for item in _inputs.items(value)]
        return tuple(dict.fromkeys(item for item in parsed if item is not None))

    def _parse(self, name: str, value: Any, parse: Callable[[Any], T]) -> T | None:
        try:
            return parse(value.strip() if isinstance(value, str) else value)
        except ValueError as error:
            self.problems.append(_inputs.problem(name, value, error))
            return None


def text_of(value: Any, expected: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"give {expected} as text")
    return str(value).strip()


def one_of(value: Any, choices: tuple[str, ...]) -> str:
    text = text_of(value, " or ".join(choices))
    if text in choices:
        return text
    near = difflib.get_close_matches(text.lower(), choices, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise ValueError(f"give {' or '.join(choices)}{hint}")


def _boolean(value: Any) -> bool:
    text = str(value).strip().lower()
    if text not in _TRUE + _FALSE:
        raise ValueError("give true or false")
    return text in _TRUE


def _cluster_version(value: Any) -> str:
    if isinstance(value, float):
        raise ValueError(f"{QUOTE_IT}; it came as a number, which turns 1.30 into 1.3")
    if not isinstance(value, str):
        raise ValueError("give the version of the cluster as quoted text, e.g. '1.30' or '1.30.7-aliyun.1'")
    match = _VERSION.fullmatch(value.strip())
    if not match:
        raise ValueError("give the version of the cluster as the console shows it, e.g. '1.30' or '1.30.7-aliyun.1'")
    text = match["text"]
    if version_key(text) < version_key(OLDEST_CLUSTER):
        # A survey or a CSV file may have turned the number into text before it got here.
        hint = f"; if {text}0 is meant, quote it where it is set" if re.fullmatch(r"1\.[1-9]", text) else ""
        raise ValueError(f"ACK Edge clusters start at version {OLDEST_CLUSTER}{hint}")
    return text


def cidr(value: Any) -> str:
    return str(_inputs.network(value))


def _cidr_or_address(value: Any) -> str:
    return str(_inputs.source(value))


def host_name(value: Any) -> str:
    """Return a host name or an address in its usual form.

    :raises ValueError: if it is neither.
    """
    return str(_inputs.host(value))


def _host_and_port(value: Any) -> tuple[str, int]:
    """Return host and port; takes what the console shows, a URL, as well."""
    text = text_of(value, "a host, or host:port").lower().removeprefix("https://").rstrip("/")
    host, colon, port = text.rpartition(":")
    if not colon or is_address(text) or text.endswith("]"):
        host, port = text, "6443"
    try:
        return host_name(host), _inputs.port(port)
    except ValueError:
        raise ValueError(
            "give the host or host:port of the API server, e.g. 192.168.0.10 or 192.168.0.10:6443"
        ) from None


def _overlaps(found: Inputs) -> list[str]:
    """Return the overlaps that make edgeadm refuse a node for good: of Pods or Services with any other network."""
    others = ("service_cidr", "vpc_cidrs", "node_cidrs", "extra_routes")
    pairs = [("pod_cidr", other) for other in others] + [("service_cidr", other) for other in others[1:]]
    return [
        f"{name} is {network}: it overlaps {other} {taken}; Pods and Services need networks of their own"
        for name, other in pairs
        for network in getattr(found, name)
        for taken in getattr(found, other)
        if overlap(network, taken)
    ]
