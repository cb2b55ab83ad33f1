# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What iproute2 prints as text, typed. Pure: no command, no file. Private to the collection.

The text is the same from 4.3 to 6.x but for blanks, and for ``to 100.64.0.0 /10`` in the rules of 4.18; its JSON is
missing before 4.14, no JSON at all until 5.0 and broken with several next hops until 5.4. A line that cannot be read is
a ValueError with that line; words that nobody here knows are kept, never dropped.
"""

import ipaddress
import re
from typing import Dict, List

from ansible_collections.ack_edge.node.plugins.module_utils._system.network_types import (
    DEAD_KINDS,
    NO_NETWORK_KINDS,
    Address,
    Hop,
    Link,
    Route,
    Rule,
)

ANYWHERE = {4: ipaddress.ip_network("0.0.0.0/0"), 6: ipaddress.ip_network("::/0")}
_KINDS = frozenset(("unicast", "local", "none", "nat", "xresolve", *DEAD_KINDS, *NO_NETWORK_KINDS))
_METRICS = frozenset(
    [
        "mtu",
        "window",
        "rtt",
        "rttvar",
        "ssthresh",
        "cwnd",
        "advmss",
        "reordering",
        "hoplimit",
        "initcwnd",
        "features",
        "rto_min",
        "initrwnd",
        "quickack",
        "congctl",
        "fastopen_no_cookie",
    ]
)
_ROUTE_FLAGS = frozenset(
    [
        "dead",
        "onlink",
        "pervasive",
        "offload",
        "trap",
        "notify",
        "linkdown",
        "unresolved",
        "rt_offload",
        "rt_trap",
        "rt_offload_failed",
        "cache",
    ]
)
# Words with a value behind them that have no field of their own in a Route.
_VALUED = frozenset(
    [
        "from",
        "tos",
        "nhid",
        "realm",
        "realms",
        "mark",
        "uid",
        "iif",
        "oif",
        "expires",
        "error",
        "users",
        "age",
        "ttl-propagate",
    ]
)
# Flags that are a state of the route and no part of it.
_PASSING = frozenset(("linkdown", "dead", "pervasive", "offload", "rt_offload", "trap", "rt_trap"))
_VIA_FAMILIES = ("inet", "inet6")


def _words(line):
    # Only these two stand between words; a name of an interface may hold any other blank of Unicode.
    return [word for word in re.split("[ \t]+", line) if word]


def _network(text, family):
    """Return the network of ``default``, ``10.0.0.0/8``, ``10.0.0.1`` or, where there is no address, ``0/8``."""
    if text == "default":
        return ANYWHERE[family]
    if text.startswith("0/"):
        text = f"{ANYWHERE[family].network_address}{text[1:]}"
    network = ipaddress.ip_network(text, strict=False)
    if network.version != family:
        raise ValueError(f"{text} is not of IPv{family}")
    return network


_HEAD = re.compile(r"(\d+): ([^ \t]+): <([^>]*)>(.*)", re.DOTALL)


def read_links(text, exists=lambda name: False):
    """Return the [Link] of ``ip address show``.

    :arg exists: says whether there is an interface of this name; asked only where a name with '@' can be read twice.
    :raises ValueError: with the line that cannot be read.
    """
    links = []
    for line in filter(None, text.split("\n")):
        try:
            if line[0] not in " \t":
                links.append(_link(line, exists))
            elif _words(line)[:1] in (["inet"], ["inet6"]):
                link = links[-1]
                links[-1] = link._replace(addresses=(*link.addresses, _address(_words(line), link.name)))
        except (ValueError, IndexError):
            raise ValueError(line) from None
    return links


def _link(line, exists):
    head = _HEAD.fullmatch(line)
    if not head:
        raise ValueError(line)
    words, said = _words(head.group(4)), {}
    while words:
        word = words.pop(0)
        if word.startswith("xdp"):  # xdp/id:7 stands alone
            said["xdp"] = word
        else:
            said[word] = words.pop(0) if words else ""
    return Link(
        _name(head.group(2), exists),
        int(head.group(1)),
        frozenset(filter(None, head.group(3).split(","))),
        said.get("state", "UNKNOWN"),
        int(said["mtu"]) if "mtu" in said else None,
        (),
        said.get("xdp", ""),
    )


def _name(text, exists):
    """Return the name in ``idc0@if5``. A name may hold '@' itself, so the kernel's list decides where it knows one."""
    parts = text.split("@")
    names = ["@".join(parts[:number]) for number in range(len(parts), 0, -1)]
    if len(names) == 1:
        return text
    return next((name for name in names if exists(name)), names[1])


def _address(words, dev):
    local, rest, said = words[1], words[2:], {}
    while rest and "scope" not in said:
        word = rest.pop(0)
        said[word] = rest.pop(0)
    peer = ipaddress.ip_interface(said["peer"]) if "peer" in said else None
    if peer is not None and "/" not in local:
        local = f"{local}/{peer.network.prefixlen}"
    interface = ipaddress.ip_interface(local)
    if interface.version != (6 if words[0] == "inet6" else 4):
        raise ValueError(local)
    return Address(interface, peer, said.get("scope", "global"), tuple(rest), dev)


def read_routes(text, family):
    """Return the [Route] of ``ip -4 route`` or ``ip -6 route``, or of ``ip route get``.

    :raises ValueError: with the line that cannot be read.
    """
    lines: List[str] = []
    for line in text.split("\n"):
        if line[:1] in (" ", "\t"):  # a next hop, or what the cache of routes has
            lines[-1:] = [f"{lines[-1] if lines else ''} {line}"]
        elif line:
            lines.append(line)
    return [_read_route(line, family) for line in lines]


def _read_route(line, family):
    try:
        return _Reading(_words(line), family).route()
    except (ValueError, IndexError, KeyError):
        raise ValueError(line) from None


class _Reading:
    """One line of ``ip route``, word by word. Raises ValueError and IndexError where it cannot be read."""

    def __init__(self, words, family):
        self.words, self.family = words, family
        self.said, self.metrics, self.flags, self.extras = {}, {}, [], []
        self.hops = []

    def route(self):
        """Return the Route."""
        kind = self.words.pop(0) if self.words[0] in _KINDS else "unicast"
        destination = _network(self.words.pop(0), self.family)
        while self.words:
            self._take(self.words.pop(0))
        said = self.said
        source = ipaddress.ip_address(said["src"]) if "src" in said else None
        route = Route(
            self.family,
            kind,
            destination,
            tuple(_hop(one) for one in self.hops) or (_hop({**said, "flags": [], "extras": []}),),
            bool(self.hops),
            said.get("table", "main"),
            int(said["metric"]) if "metric" in said else None,
            said.get("proto", "boot"),
            said.get("scope", "global"),
            source,
            tuple(self.flags),
            tuple(self.metrics.items()),
            said.get("pref", "medium"),
            tuple(self.extras),
        )
        if route.mtu is not None and route.mtu < 0:
            raise ValueError("mtu")
        return route

    def _take(self, word):
        if word in ("nexthop", "nexthopvia"):  # old versions forget the blank before a gateway of the other family
            self.hops.append({"flags": [], "extras": []})
            self.words[:0] = ["via"] if word == "nexthopvia" else []
        elif self.hops and word != "pref":  # old versions say the preference behind the hops
            self._take_hop(word, self.hops[-1])
        elif word in _ROUTE_FLAGS:
            self.flags.append(word)
        elif word in _METRICS:
            _put(self.metrics, word, self._metric(word))
        elif word == "metric" and self.words[1:2] and (self.words[1] == "lock" or self.words[1].isdigit()):
            # What ip calls a metric of the kernel that is newer than itself: its number and its value.
            self.extras.append((f"metric {self.words.pop(0)}", self._metric(word)))
        elif word in _VALUED:
            self.extras.append((word, self.words.pop(0)))
        elif not self._take_path(word, self.said):
            self._take_other(word)

    def _take_path(self, word, said):
        if word == "via":
            gateway = self.words.pop(0)
            _put(said, "via", self.words.pop(0) if gateway in _VIA_FAMILIES else gateway)
        elif word in ("dev", "table", "proto", "scope", "src", "metric", "pref"):
            _put(said, word, self.words.pop(0))
        else:
            return False
        return True

    def _take_hop(self, word, hop):
        if word == "weight":
            _put(hop, word, self.words.pop(0))
        elif word in _ROUTE_FLAGS:
            hop["flags"].append(word)
        elif word in ("via", "dev"):
            self._take_path(word, hop)
        else:
            hop["extras"].append(self._encapsulation() if word == "encap" else word)

    def _take_other(self, word):
        self.extras.append((word, self._encapsulation() if word == "encap" else ""))

    def _metric(self, name):
        value = [self.words.pop(0)]
        if value == ["lock"]:
            value.append(self.words.pop(0))
        while name == "features" and self.words and self.words[0].startswith("0x"):
            value.append(self.words.pop(0))
        return " ".join(value)

    def _encapsulation(self):
        """Take what stands behind ``encap``, which has a src and a dst of its own, up to the next hop."""
        taken = []
        while self.words[0] not in ("via", "dev", "nexthop"):
            taken.append(self.words.pop(0))
        return " ".join(taken)


def _put(said, word, value):
    if word in said:
        raise ValueError(f"{word} stands twice")
    said[word] = value


def _hop(said):
    return Hop(
        ipaddress.ip_address(said["via"]) if "via" in said else None,
        said.get("dev", ""),
        int(said.get("weight", 1)),
        tuple(said["flags"]),
        tuple(said["extras"]),
    )


def say_route(route, table):
    """Return the words behind ``ip route replace`` that make the very same route, '' where it holds more than we know.

    :arg table: number of the route's table, -1 where nobody knows it.
    """
    flags = frozenset(route.flags) - _PASSING
    # The error of a route that leads nowhere follows from its type.
    extras = [pair for pair in route.extras if pair[0] != "error" or route.kind not in DEAD_KINDS]
    strange = extras or flags - {"onlink"} or any(hop.extras for hop in route.hops)
    strange = strange or dict(route.metrics).get("features", "ecn") != "ecn"
    if strange or route.pref != "medium" or table < 0:
        return ""
    words = [] if route.kind == "unicast" else [route.kind]
    words.append(str(route.destination))
    words += _hop_words(route, route.hops[0]) if route.kind == "unicast" and not route.multipath else []
    words += ["proto", route.protocol]
    words += ["scope", route.scope] if route.family == 4 else []
    metric = route.metric if route.metric is not None else 0 if route.family == 4 else 1024
    words += ["metric", str(metric), "table", str(table)]
    words += ["src", str(route.source)] if route.source is not None else []
    for name, value in route.metrics:
        # ip locks the least timeout always, and does not take the word.
        words += [name, value.replace("lock ", "") if name == "rto_min" else value]
    words += ["onlink"] if "onlink" in flags else []
    for hop in route.hops if route.multipath else ():
        words += ["nexthop", *_hop_words(route, hop), "weight", str(hop.weight)]
        words += ["onlink"] if "onlink" in hop.flags else []
    return " ".join(words)


def _hop_words(route, hop):
    words = []
    if hop.gateway is not None:
        other = [f"inet{'6' if hop.gateway.version == 6 else ''}"] if hop.gateway.version != route.family else []
        words = ["via", *other, str(hop.gateway)]
    return words + (["dev", hop.interface] if hop.interface else [])


def read_rules(text, family):
    """Return the [Rule] of ``ip -4 rule show`` or ``ip -6 rule show``, in its order.

    :raises ValueError: with the line that cannot be read.
    """
    rules = []
    for line in filter(str.strip, text.split("\n")):
        try:
            rules.append(_rule(line, family))
        except (ValueError, IndexError):
            raise ValueError(line) from None
    return rules


# Words of a rule with a value behind them.
_RULE_VALUED = frozenset(
    (
        *("from", "to", "tos", "dsfield", "dscp", "flowlabel", "fwmark", "iif", "oif", "uidrange", "ipproto", "sport"),
        *(
            "dport",
            "tun_id",
            "lookup",
            "suppress_prefixlength",
            "suppress_ifgroup",
            "realms",
            "goto",
            "map-to",
            "proto",
        ),
    )
)


def _rule(line, family):
    # iproute2 4.18 sets the length of a prefix apart: to 100.64.0.0 /10.
    number, *words = _words(re.sub(r"[ \t]+(?=/\d+(?:[ \t]|\Z))", "", line))
    if not words or not re.match(r"\d+:\Z", number):
        raise ValueError(line)
    said: Dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        _put(said, word, rest.pop(0) if word in _RULE_VALUED else "")
    return Rule(
        family,
        int(number[:-1]),
        "not" in said,
        said.get("from", "all"),
        _network(said["to"], family) if "to" in said else None,
        said.get("lookup", ""),
        int(said["suppress_prefixlength"]) if "suppress_prefixlength" in said else None,
        " ".join([number, *words]),
    )
