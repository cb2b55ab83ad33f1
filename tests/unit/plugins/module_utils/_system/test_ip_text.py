# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of every iproute2 is read alike: outputs of real ones (tests/unit/data/ip) and of their fake.

All of them are of one node, which `address.json`, `routes4.json` and so on describe in the words of iproute2 6.1.
"""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._system import ip_text
from fakes import ip_text as fake
from fakes.ip_json import as_json
from hypothesis import given
from hypothesis import strategies as st

DATA = Path(__file__).parents[3] / "data/ip"
VERSIONS = ["{}.{}".format(*version) for version in fake.VERSIONS]


def recorded(version: str, name: str) -> str:
    return (DATA / version / f"{name}.txt").read_text()


def described(name: str) -> list[dict]:
    return json.loads((DATA / f"6.1/{name}.json").read_text())


def lasting(entry: dict) -> dict:
    """Leave out how long a route still stands, which is another second in each record."""
    return {**entry, "expires": 1} if "expires" in entry else entry


def of_the_node(entries: list[dict]) -> list[dict]:
    """Leave out link-local addresses, which were not all ready when the first record was made."""
    return [lasting(entry) for entry in entries if not entry["dst"].startswith("fe80:")]


@pytest.mark.parametrize("version", VERSIONS)
def test_links_and_addresses_of_every_version(version: str) -> None:
    found = ip_text.read_links(recorded(version, "address"))
    expected = described("address")
    assert [(one.ifindex, one.name, sorted(one.flags), one.state, one.mtu) for one in found] == [
        (one["ifindex"], one["ifname"], sorted(one["flags"]), one["operstate"], one["mtu"]) for one in expected
    ]
    for link, entry in zip(found, expected, strict=True):
        assert [
            (str(one.interface), str(one.peer.ip) if one.peer else None, one.scope, one.dev) for one in link.addresses
        ] == [
            (f"{one['local']}/{one['prefixlen']}", one.get("address"), one["scope"], entry["ifname"])
            for one in entry["addr_info"]
        ]
    by_name = {link.name: link for link in found}
    assert {"secondary", "wan0:1"} <= set(by_name["wan0"].addresses[1].flags)
    assert str(by_name["idc0"].addresses[1].network) == "10.77.0.2/32"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("family", [4, 6])
def test_routes_of_every_version(version: str, family: int) -> None:
    found = ip_text.read_routes(recorded(version, f"routes{family}"), family)
    assert of_the_node(map(as_json, found)) == of_the_node(described(f"routes{family}"))
    locked = [route for route in found if dict(route.metrics).get("mtu") == "lock 1300"]
    assert [route.mtu for route in locked] == ([1300] if family == 4 else [])


@pytest.mark.parametrize("version", VERSIONS)
def test_every_route_that_does_not_pass_by_itself_can_be_said_again(version: str) -> None:
    for family in (4, 6):
        for route in ip_text.read_routes(recorded(version, f"routes{family}"), family):
            words = ip_text.say_route(route, 254)
            assert bool(words) is not any(name == "expires" for name, _value in route.extras)
            assert not words or str(route.destination) in words
    found = ip_text.read_routes(recorded(version, "routes4"), 4)
    assert [
        ip_text.say_route(one, 254) for one in found if str(one.destination) in ("10.70.0.0/16", "10.72.0.0/16")
    ] == [
        "10.70.0.0/16 proto boot scope global metric 0 table 254 "
        "nexthop via 10.98.0.254 dev wan0 weight 1 nexthop via 10.99.0.253 dev idc0 weight 2",
        "10.72.0.0/16 via 10.99.0.253 dev idc0 proto boot scope global metric 0 table 254 mtu lock 1300 advmss 1200",
    ]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("family", [4, 6])
def test_rules_of_every_version(version: str, family: int) -> None:
    found = ip_text.read_rules(recorded(version, f"rules{family}"), family)
    assert [rule.text for rule in found] == [
        " ".join(line.split()) for line in recorded("6.1", f"rules{family}").splitlines()
    ]
    assert [
        (one.priority, one.negated, one.source, str(one.to), one.table, one.suppress, one.family) for one in found
    ] == [
        (
            one["priority"],
            "not" in one,
            one["src"] + (f"/{one['srclen']}" if "srclen" in one else ""),
            f"{one['dst']}/{one['dstlen']}" if "dst" in one else "None",
            one.get("table", ""),
            one.get("suppress_prefixlen"),
            family,
        )
        for one in described(f"rules{family}")
    ]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("name", "family", "kind", "gateway", "interface", "source", "mtu"),
    [
        ("leased", 4, "unicast", "10.99.0.253", "idc0", "10.99.0.11", None),
        ("from", 4, "unicast", "10.99.0.253", "idc0", "None", None),
        ("mtu", 4, "unicast", "10.99.0.253", "idc0", "10.99.0.11", 1400),
        ("local", 4, "local", "None", "lo", "10.99.0.11", None),
        ("6", 6, "unicast", "2001:db8:98::1", "wan0", "2001:db8:98::11", None),
        ("6-linklocal-hop", 6, "unicast", "fe80::1", "idc0", "fd00:99::11", None),
    ],
)
def test_the_path_to_an_address_of_every_version(
    version: str, name: str, family: int, kind: str, gateway: str, interface: str, source: str, mtu: int | None
) -> None:
    # Some were recorded with -o, which writes a backslash for the end of a line.
    (found,) = ip_text.read_routes(recorded(version, f"get-{name}").replace("\\", "\n"), family)
    assert (found.kind, str(found.gateway), found.interface, str(found.source), found.mtu) == (
        kind, gateway, interface, source, mtu,
    )  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
def test_the_fake_prints_what_the_real_ones_print(version: str) -> None:
    number = tuple(map(int, version.split(".")))
    entries = [one for one in described("routes4") if "advmss" not in str(one)]
    real = recorded(version, "routes4").splitlines(keepends=True)
    assert fake.routes(entries, number) == "".join(line for line in real if "advmss" not in line)
    entries = of_the_node(described("routes6"))
    real = recorded(version, "routes6").splitlines(keepends=True)
    real = [
        line.replace(*[f"expires {line.partition('expires ')[2].partition(' ')[0]}", "expires 1sec"]) for line in real
    ]
    assert fake.routes(entries, number) == "".join(
        line for line in real if "fe80::f" not in line and "fe80::/" not in line
    )
    assert fake.rules(described("rules4"), number) == recorded(version, "rules4")


TEXTS = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=["Cs"]), min_size=1, max_size=15
)
NAMES = TEXTS.filter(lambda text: "/" not in text and ":" not in text)
HOSTS = {
    4: st.integers(1, 2**32 - 1).map(lambda number: str(ipaddress.IPv4Address(number))),
    6: st.integers(2**64, 2**128 - 1).map(lambda number: str(ipaddress.IPv6Address(number))),
}


@st.composite
def entries(draw: st.DrawFn, family: int) -> dict:
    """Return a route in the shape of ``ip -j route``."""
    length = draw(st.integers(1, 32 if family == 4 else 128))
    network = ipaddress.ip_network(f"{draw(HOSTS[family])}/{length}", strict=False)
    entry = {"dst": draw(st.sampled_from(["default", fake.host(str(network))])), "flags": []}
    paths = st.fixed_dictionaries({"dev": NAMES}, optional={"gateway": HOSTS[family]})
    optional = {
        "table": st.sampled_from(["leased", "1234", "local"]),
        "protocol": st.sampled_from(["static", "kernel", "ra", "186"]),
        "metric": st.integers(0, 2**32 - 1),
        "prefsrc": HOSTS[family],
        "expires": st.integers(0, 2**31),
        "metrics": st.just([{"mtu": 1400, "advmss": 1360}]),
        "type": st.sampled_from(["local", "blackhole", "throw", "multicast"]),
    }
    entry.update(draw(st.fixed_dictionaries({}, optional=optional)))
    if family == 6:
        entry["pref"] = draw(st.sampled_from(["low", "medium", "high"]))
    elif draw(st.booleans()):
        entry["scope"] = draw(st.sampled_from(["link", "host"]))
    if draw(st.booleans()) and "expires" not in entry and "metrics" not in entry and "pref" not in entry:
        hops = draw(st.lists(paths, min_size=1, max_size=3))
        return {**entry, "nexthops": [{**hop, "weight": draw(st.integers(1, 256)), "flags": []} for hop in hops]}
    entry["flags"] = draw(st.lists(st.sampled_from(["onlink", "dead", "linkdown"]), unique=True))
    return {**entry, **draw(paths)}


@given(st.data(), st.sampled_from([4, 6]), st.sampled_from(fake.VERSIONS))
def test_what_any_version_prints_of_any_route_is_that_route(data: st.DataObject, family: int, version: tuple) -> None:
    """Also where an interface is called like a word of ip."""
    wanted = data.draw(st.lists(entries(family), max_size=4))
    assert list(map(as_json, ip_text.read_routes(fake.routes(wanted, version), family))) == wanted


@given(NAMES, st.sampled_from(["UP", "DOWN", "LOWERLAYERDOWN"]), st.integers(68, 65536), st.lists(HOSTS[4] | HOSTS[6]))
def test_any_link_is_read_back(name: str, state: str, mtu: int, own: list[str]) -> None:
    infos = [{"local": text, "prefixlen": 32, "scope": "link"} for text in own]
    shown = fake.address([{"ifname": name, "operstate": state, "mtu": mtu, "addr_info": infos, "xdp": True}])
    (link,) = ip_text.read_links(shown, exists=lambda text: text == name)
    assert (link.name, link.ifindex, link.state, link.mtu) == (name, 1, state, mtu)
    assert link.xdp == "xdpgeneric/id:7"
    assert [str(one.interface) for one in link.addresses] == [f"{text}/32" for text in own]
