# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of every iproute2 is read alike: outputs of real ones (tests/unit/data/ip) and of their fake.

All of them are of one node, which `address.json`, `routes4.json` and so on describe in the words of iproute2 6.1.
"""

from __future__ import annotations

import ipaddress
import json
import re
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import ip_text, network
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
    assert [(one.index, one.name, sorted(one.flags), one.state, one.mtu) for one in found] == [
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
    assert (link.name, link.index, link.state, link.mtu) == (name, 1, state, mtu)
    assert [str(one.interface) for one in link.addresses] == [f"{text}/32" for text in own]


@pytest.mark.parametrize(
    ("shown", "there", "name"),
    [
        ("idc0@if5", [], "idc0"),
        ("idc0@NONE", ["idc0"], "idc0"),
        ("a@b", ["a@b"], "a@b"),
        ("a@b@if5", ["a@b", "a"], "a@b"),
        ("a@b@if5", [], "a@b"),
    ],
)
def test_a_name_with_what_it_hangs_on(shown: str, there: list[str], name: str) -> None:
    text = fake.address([{"ifname": shown, "addr_info": [{"local": "10.0.0.1"}]}])
    (link,) = ip_text.read_links(text, there.__contains__)
    assert (link.name, link.addresses[0].dev) == (name, name)


@pytest.mark.parametrize(
    ("text", "family", "line"),
    [
        ("nonsense", 4, "nonsense"),
        ("10.0.0.0/8", 6, "10.0.0.0/8"),
        ("10.0.0.0/8 dev a\n10.0.0.0/8 via", 4, "10.0.0.0/8 via"),
        ("10.0.0.0/8 via 10.0.0.300 dev a", 4, "10.0.0.0/8 via 10.0.0.300 dev a"),
        ("10.0.0.0/8 via mpls 3 dev a", 4, "10.0.0.0/8 via mpls 3 dev a"),
        ("10.0.0.0/8 via 10.0.0.1 dev a via 10.0.0.2", 4, "10.0.0.0/8 via 10.0.0.1 dev a via 10.0.0.2"),
        ("10.0.0.0/8 dev a metric x", 4, "10.0.0.0/8 dev a metric x"),
        ("10.0.0.0/8 encap mpls 100 table 5", 4, "10.0.0.0/8 encap mpls 100 table 5"),
        ("10.0.0.0/8 dev a mtu many", 4, "10.0.0.0/8 dev a mtu many"),
        ("10.0.0.0/8 dev a mtu lock", 4, "10.0.0.0/8 dev a mtu lock"),
        ("10.0.0.0/8\n\tnexthop via 10.0.0.1 dev a weight x", 4, "10.0.0.0/8 \tnexthop via 10.0.0.1 dev a weight x"),
        ("local", 4, "local"),
    ],
)
def test_a_route_that_cannot_be_read_is_never_guessed(text: str, family: int, line: str) -> None:
    with pytest.raises(ValueError) as error:
        ip_text.read_routes(text, family)
    assert str(error.value) == line


@pytest.mark.parametrize(
    "text",
    [
        "1: lo <UP> mtu 1500",
        "x: lo: <UP> mtu 1500",
        "1: lo: <UP> mtu many",
        "1: lo: <UP>\n    inet nonsense scope host lo",
        "1: lo: <UP>\n    inet fd00::1/64 scope global lo",
        "1: lo: <UP>\n    inet 10.0.0.1 peer",
        "    inet 10.0.0.1/8 scope global lo",
    ],
)
def test_an_interface_that_cannot_be_read_is_never_guessed(text: str) -> None:
    with pytest.raises(ValueError) as error:
        ip_text.read_links(text)
    assert str(error.value) == text.splitlines()[-1]


@pytest.mark.parametrize(
    "line", ["from all lookup main", "x: from all lookup main", "1:", "1: from all lookup", "1: from all to nowhere"]
)
def test_a_rule_that_cannot_be_read_is_never_guessed(line: str) -> None:
    with pytest.raises(ValueError) as error:
        ip_text.read_rules(line + "\n", 4)
    assert str(error.value) == line


@pytest.mark.parametrize(
    ("line", "extras"),
    [
        ("nhid 5 via 10.0.0.1 dev a", (("nhid", "5"),)),
        ("encap mpls  100/200 via 10.0.0.1 dev a", (("encap", "mpls 100/200"),)),
        (
            "encap ip id 1 src 0.0.0.0 dst 10.9.9.9 ttl 0 tos 0 via 10.0.0.1 dev a",
            (("encap", "ip id 1 src 0.0.0.0 dst 10.9.9.9 ttl 0 tos 0"),),
        ),
        ("from 10.1.0.0/16 tos 0x10 via 10.0.0.1 dev a", (("from", "10.1.0.0/16"), ("tos", "0x10"))),
        ("via 10.0.0.1 dev a realm cosmos", (("realm", "cosmos"),)),
        ("via 10.0.0.1 dev a something new", (("something", ""), ("new", ""))),
        # Old ip, new kernel: the numbers of metrics that it does not know.
        ("via 10.0.0.1 dev a metric 17 1", (("metric 17", "1"),)),
        ("via 10.0.0.1 dev a mtu 1400 metric 17 lock 1", (("metric 17", "lock 1"),)),
        ("via 10.0.0.1 dev a metric 9 error 5", (("error", "5"),)),
    ],
)
def test_what_has_no_field_is_kept_and_not_said_again(line: str, extras: tuple) -> None:
    (route,) = ip_text.read_routes(f"10.0.0.0/8 {line} \n", 4)
    assert (route.extras, str(route.gateway), route.interface) == (extras, "10.0.0.1", "a")
    assert ip_text.say_route(route, 254) == ""


@pytest.mark.parametrize(
    ("line", "family", "words"),
    [
        (
            "10.0.0.0/8 via inet6 fe80::1 dev a",
            4,
            "10.0.0.0/8 via inet6 fe80::1 dev a proto boot scope global metric 0",
        ),
        ("10.0.0.0/8 dev a linkdown", 4, "10.0.0.0/8 dev a proto boot scope global metric 0"),
        ("0/1 dev a", 4, "0.0.0.0/1 dev a proto boot scope global metric 0"),
        ("unreachable ::ffff:0.0.0.0/96 dev lo metric 7", 6, "unreachable ::ffff:0:0/96 proto boot metric 7"),
        (
            "blackhole fd00::/8 dev lo metric 7 error 4294967274 pref medium",
            6,
            "blackhole fd00::/8 proto boot metric 7",
        ),
        ("10.0.0.0/8 dev a metric 9 metric 17 1", 4, ""),
        ("10.0.0.0/8 dev a features ecn 0x3", 4, ""),
        ("10.0.0.0/8 dev a features 0x2", 4, ""),
        ("10.0.0.0/8\n\tnexthop via 10.0.0.1 dev a weight 1 realm 7", 4, ""),
        ("default dev ppp0 scope link", 4, "0.0.0.0/0 dev ppp0 proto boot scope link metric 0"),
        ("fd00::/8 via fe80::1 dev a pref medium", 6, "fd00::/8 via fe80::1 dev a proto boot metric 1024"),
        ("fd00::/8 via fe80::1 dev a pref high", 6, ""),
        ("10.0.0.0/8 dev a unresolved", 4, ""),
        ("10.0.0.0/8\n\tnexthop encap mpls 9 via 10.0.0.1 dev a weight 1", 4, ""),
    ],
)
def test_a_route_in_the_words_that_make_it(line: str, family: int, words: str) -> None:
    (route,) = ip_text.read_routes(line, family)
    assert ip_text.say_route(route, 77) == (f"{words} table 77" if words else "")
    assert ip_text.say_route(route, -1) == ""


@pytest.mark.parametrize(
    ("metrics", "words"),
    [
        ("mtu 1400 features ecn rto_min lock 200ms", "mtu 1400 features ecn rto_min 200ms"),
        ("rtt 1.5s rttvar 5ms congctl lock cubic", "rtt 1.5s rttvar 5ms congctl lock cubic"),
    ],
)
def test_metrics_in_the_words_that_make_them(metrics: str, words: str) -> None:
    (route,) = ip_text.read_routes(f"10.0.0.0/8 dev a metric 5 {metrics} \n", 4)
    assert ip_text.say_route(route, 254) == f"10.0.0.0/8 dev a proto boot scope global metric 5 table 254 {words}"


def test_old_versions_forget_a_blank_behind_nexthop() -> None:
    (route,) = ip_text.read_routes("10.0.0.0/8 \n\tnexthopvia inet6 fe80::1  dev a weight 1\n", 4)
    assert route.hops == (ip_text.Hop(ipaddress.ip_address("fe80::1"), "a", 1, (), ()),)


def test_a_rule_for_an_interface_that_is_called_like_a_word() -> None:
    (rule,) = ip_text.read_rules("9:\tnot from all iif lookup [detached] oif to lookup 77 realms a/b \n", 4)
    assert (rule.table, rule.to, rule.negated) == ("77", None, True)


def test_old_versions_say_the_preference_behind_the_hops() -> None:
    text = "fd00::/8 metric 9 \n\tnexthop via fd01::1 dev a weight 1\n\tnexthop via fd01::2 dev b weight 1 pref high\n"
    (route,) = ip_text.read_routes(text, 6)
    assert (route.pref, [hop.interface for hop in route.hops]) == ("high", ["a", "b"])


def node(rc: int, out: str, err: str = "", log: list | None = None, root: str = "/nowhere") -> Node:
    def runner(argv: list[str], stdin: str | None, timeout: int) -> Completed:
        (log if log is not None else []).append(" ".join(argv))
        return Completed(argv, rc, out, err)

    return Node(runner, root)


def test_each_is_asked_once_and_without_an_option_that_old_versions_lack() -> None:
    log: list[str] = []
    one = node(0, "", log=log)
    assert (network.links(one), network.links(one, "idc0"), network.routes(one, 6), network.rules(one, 4)) == (
        {},
        {},
        [],
        [],
    )
    assert network.default_routes(one) == []
    assert network.path_to(one.run, "10.0.0.1") == network.Path(None, "")
    assert network.matching(one.run, "fd00::1") == []
    assert not network.is_silent(one.run, "10.0.0.1", "idc0")
    assert log == [
        "ip address show",
        "ip address show dev idc0",
        "ip -6 route show table all",
        "ip -4 rule show",
        "ip route show default",
        "ip route get 10.0.0.1",
        "ip -6 route show to match fd00::1",
        "ip neigh show to 10.0.0.1 dev idc0",
    ]


def test_who_is_lenient_with_an_ip_that_refuses() -> None:
    silent = node(2, "", "RTNETLINK answers: Network is unreachable\n")
    for ask in (network.links, lambda one: network.routes(one, 4), lambda one: network.rules(one, 4)):
        with pytest.raises(NodeError, match=r"'ip .* show.*' ended with status 2 and said: RTNETLINK answers"):
            ask(silent)
    assert network.links(silent, optional=True) == {}
    assert network.routes(silent, 6, optional=True) == []
    assert network.default_routes(silent) == network.matching(silent.run, "10.0.0.1") == []
    assert network.path_to(silent.run, "10.0.0.1") == network.Path(None, "Network is unreachable")
    assert network.rules(node(2, "", "RTNETLINK answers: Operation not supported\nDump terminated\n"), 6) == []


def test_nobody_is_lenient_with_a_line_that_cannot_be_read() -> None:
    strange = node(0, "a line of another program\n")
    for ask in (
        lambda one: network.links(one, optional=True),
        lambda one: network.routes(one, 6, optional=True),
        network.default_routes,
        lambda one: network.rules(one, 4),
        lambda one: network.path_to(one.run, "10.0.0.1"),
        lambda one: network.matching(one.run, "10.0.0.1"),
    ):
        with pytest.raises(NodeError, match=r"printed the line 'a line of another program', which cannot be read"):
            ask(strange)


def test_sysfs_decides_about_a_name_that_can_be_read_twice(tmp_path: Path) -> None:
    shown = fake.address([{"ifname": "a@b"}])
    assert list(network.links(node(0, shown, root=str(tmp_path)))) == ["a"]
    (tmp_path / "sys/class/net/a@b").mkdir(parents=True)
    assert list(network.links(node(0, shown, root=str(tmp_path)))) == ["a@b"]


def test_names_of_tables_wherever_they_are_given(tmp_path: Path) -> None:
    for path, text in (
        ("usr/share/iproute2/rt_tables", "254 main\n100 distribution\n"),
        ("usr/share/iproute2/rt_tables.d/one.conf", "101\tone\n"),
        ("etc/iproute2/rt_tables", "#\n0x66 two # comment\n100 site\n"),
        ("etc/iproute2/rt_tables.d/three.conf", "  103 three\n"),
        ("etc/iproute2/rt_tables.d/ignored", "104 ignored\n"),
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    names = network.table_names(Node(root=str(tmp_path)))
    found = [
        network.table_number(text, names) for text in ("main", "local", "one", "two", "three", "site", "7", "ignored")
    ]
    assert found == [254, 255, 101, 102, 103, 100, 7, -1]


def test_nobody_else_reads_ip() -> None:
    plugins = Path(network.__file__).parents[2]
    asking = {
        str(path.relative_to(plugins / "module_utils"))
        for path in plugins.rglob("*.py")
        if re.search(r'\["ip", (?!.*-batch)', path.read_text()) and "module" in str(path.relative_to(plugins))
    }
    assert asking == {"_system/network.py"}
