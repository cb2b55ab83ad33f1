# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What drops on the way to our rules, wherever it stands, and what the next boot brings: each as people have it."""

import json

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import beside
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends import registry
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.boot_config import BootConfig
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.nft import Ruleset
from fakes.firewall import KUBELET, ensure, items_of
from fakes.nft import BOOT_CONFIG, DROPPING, FakeNft, nft_system
from fakes.system import System

DROP = {"drop": None}
PORT = {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 10250}}

OTHER_PORT = {"match": dict(PORT["match"], right=8080)}


def header(kind, right):
    return {"match": {"op": "==", "left": {kind: {"name": "timestamp"}}, "right": right}}


def named(tmp_path, backend=None, **programs):
    """Return the reasons of the obstacles beside a backend."""
    node = System(tmp_path, **programs).node()
    chosen = registry.backends(node, "ack-edge")[backend] if backend else None
    return [one.reason for one in beside.obstacles(node, items_of(KUBELET), chosen)]


def nft(family, kind, hook, *expr, policy="accept"):
    place = {"family": family, "table": "site", "chain": "c"}
    listed = [
        {"metainfo": {}},
        {"table": {"family": family, "name": "site"}},
        {"chain": {**place, "name": "c", "type": kind, "hook": hook, "policy": policy}},
        *([{"rule": {**place, "handle": 7, "expr": list(expr)}}] if expr else []),
    ]
    return lambda args, _stdin: (0, json.dumps({"nftables": listed}) if "-j" in args else "", "")


@pytest.mark.parametrize(
    ("chain", "expr", "drops"),
    [
        (("ip", "nat", "prerouting"), [PORT, DROP], True),
        (("ip", "nat", "input"), [PORT, DROP], True),
        (("ip", "nat", "prerouting"), [PORT, {"redirect": {"port": 8080}}], True),
        (("ip", "mangle", "prerouting"), [PORT, {"tproxy": {"family": "ip", "port": 15001}}], True),
        # Who publishes the port of a container takes it from the node.
        (("ip", "nat", "prerouting"), [PORT, {"dnat": {"addr": "172.17.0.2"}}], True),
        (("ip", "nat", "prerouting"), [OTHER_PORT, {"dnat": {"addr": "172.17.0.2"}}], False),
        (("bridge", "filter", "input"), [DROP], True),
        (("bridge", "filter", "forward"), [DROP], False),
        (("netdev", "filter", "ingress"), [PORT, {"fwd": {"dev": "eth9"}}], True),
        (("netdev", "filter", "egress"), [DROP], False),
        (("ip", "filter", "prerouting"), [PORT, {"dup": {"addr": "10.0.0.1"}}, DROP], True),
        (("ip", "filter", "prerouting"), [{"quota": {"val": 25, "inv": True}}, DROP], True),
        (("inet", "filter", "prerouting"), [header("tcp option", False), DROP], True),
        (("inet", "filter", "prerouting"), [header("exthdr", True), DROP], False),
        (("arp", "filter", "input"), [DROP], False),
    ],
)
def test_every_base_chain_on_the_way_is_looked_at(tmp_path, chain, expr, drops):
    found = named(tmp_path, "nftables", nft=nft(*chain, *expr))
    assert bool(found) is drops
    assert all(f"{chain[0]} site c" in reason for reason in found)


def test_a_quota_accepts_for_a_while_only(tmp_path):
    quota = [{"quota": {"val": 25}}, {"accept": None}]
    assert named(tmp_path, nft=nft("ip", "filter", "prerouting", *quota, policy="drop"))


def legacy(tmp_path, table, text):
    (tmp_path / "proc/net").mkdir(parents=True)
    (tmp_path / "proc/net/ip_tables_names").write_text(f"{table}\n")
    return {"iptables-legacy": lambda _args, _stdin: (0, text, "")} if text else {}


@pytest.mark.parametrize(
    ("table", "text", "drops"),
    [
        ("nat", "-A PREROUTING -p tcp -m tcp --dport 10250 -j REDIRECT --to-ports 8080", True),
        ("nat", "-A PREROUTING -p tcp -m tcp --dport 10250 -j DNAT --to-destination 172.17.0.2:9100", True),
        ("nat", "-A PREROUTING -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.2:10250", False),
        ("security", "-A INPUT -s 192.168.0.0/16 -j DROP", True),
        ("raw", "-A PREROUTING -p tcp -m tcp --dport 10250 -j TARPIT --tarpit", True),
        ("mangle", "-A INPUT ! -f -j DROP", True),
        ("mangle", "-A INPUT -f -j DROP", False),
        ("mangle", "-A INPUT -j MARK --set-xmark 0x1/0x1", False),
    ],
)
def test_every_table_of_iptables_on_the_way_is_looked_at(tmp_path, table, text, drops):
    found = named(tmp_path, **legacy(tmp_path, table, text + "\n"))
    assert bool(found) is drops
    assert all(text in reason for reason in found)


@pytest.mark.parametrize("drops", [False, True])
def test_what_stands_before_firewalld_in_its_own_chain(tmp_path, drops):
    """As with its backend iptables; what follows the first chain of zones is its own matter."""
    rules = [
        "-P INPUT ACCEPT",
        "-N INPUT_ZONES",
        "-A INPUT -s 192.168.0.0/16 -j DROP" if drops else "-A INPUT -i lo -j ACCEPT",
    ]
    text = "\n".join([*rules, "-A INPUT -j INPUT_ZONES", "-A INPUT -j REJECT"])
    assert bool(named(tmp_path, "firewalld", **legacy(tmp_path, "filter", text))) is drops


FORWARDED = """-P PREROUTING ACCEPT
-N PREROUTING_ZONES
-N PRE_public_allow
-A PREROUTING -j PREROUTING_ZONES
-A PREROUTING_ZONES -g PRE_public_allow
-A PRE_public_allow -p tcp -m mark --mark 0x64 -j DNAT --to-destination :8080
"""
PUBLISHED = "-A PREROUTING ! -i docker0 -p tcp -m tcp --dport 10250 -j DNAT --to-destination 172.17.0.2:10250\n"


@pytest.mark.parametrize(
    ("backend", "more", "rules"), [("firewalld", "", 0), ("firewalld", PUBLISHED, 1), ("iptables", "", 1)]
)
def test_what_firewalld_forwards_by_a_mark_it_says_itself(tmp_path, backend, more, rules):
    """As with its backend iptables; what Docker puts behind its chains is Docker's."""
    found = named(tmp_path, backend, **legacy(tmp_path, "nat", FORWARDED + more))
    assert len(found) == rules
    assert all(reason.endswith((more or FORWARDED).strip().splitlines()[-1]) for reason in found)


@pytest.mark.parametrize("there", [True, False])
def test_iptables_nft_on_a_node_without_nft(tmp_path, there):
    programs = {
        "iptables-nft": lambda _args, _stdin: (0, "iptables v1.8.7 (nf_tables)\n", ""),
        "iptables-nft-save": lambda _args, _stdin: (0, f"*nat\n:PREROUTING ACCEPT [0:0]\n{PUBLISHED}COMMIT\n", ""),
    }
    found = named(tmp_path, **(programs if there else {}))
    assert len(found) == there
    place = "a rule before ours may redirect some of it: table nat of iptables-nft, chain PREROUTING: "
    assert found == [place + PUBLISHED.strip()] * there


def test_iptables_nft_that_says_nothing_proves_nothing(tmp_path):
    programs = {
        "iptables-nft": lambda _args, _stdin: (0, "iptables v1.8.7 (nf_tables)\n", ""),
        "iptables-nft-save": lambda _args, _stdin: (1, "", "iptables-save: Could not fetch rule set\n"),
    }
    (reason,) = named(tmp_path, **programs)
    assert reason == "a rule before ours may drop some of it: tables of iptables-nft: iptables-nft-save cannot be asked"


def test_a_table_that_no_program_can_read_proves_nothing(tmp_path):
    (reason,) = named(tmp_path, **legacy(tmp_path, "raw", ""))
    assert reason.endswith("table raw, chain PREROUTING: iptables-legacy cannot be asked")


MORE = "table inet site {\n\tchain extra {\n\t\ttype filter hook %s priority 5; policy drop;\n\t}\n}\n"


def test_what_only_the_next_boot_loads_is_no_promise(tmp_path):
    system = nft_system(tmp_path, BOOT_CONFIG + MORE % "prerouting")
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert verdict["status"] == "warn"
    assert "loads chains that are not active now and may drop or redirect it: inet site extra" in verdict["summary"]
    assert "systemctl reload nftables" in verdict["remedy"]


@pytest.mark.parametrize(
    ("added", "makes"),
    [
        (MORE % "input", "inet site extra"),
        (MORE % "forward", None),
        ("add chain ip6 late in { type filter hook input priority 9; policy drop; }\n", "ip6 late in"),
        ("add chain late in { type filter hook input priority 9; }\n", "ip late in"),
        ("table late\ndelete table late\ntable late {\nchain in { type filter hook ingress priority 9; }\n}",
         "ip late in"),
        ('table inet $fw {\nchain "in" {\ntype filter hook input priority 0;\n}\n}\n', "others"),
        ("flush chain inet filter input\nadd rule inet filter input tcp dport { 22, 80 } accept\n", None),
    ],
)  # fmt: skip
def test_the_chains_of_a_configuration_are_told_from_the_loaded(tmp_path, added, makes):
    system = nft_system(tmp_path, BOOT_CONFIG + added)
    boot, fake = BootConfig(system.node()), system.programs["nft"]
    found = boot.to_come(Ruleset(fake.document()))
    assert (found and found.reason.rpartition(": ")[2]) == makes
    fake.add_chain(("inet", "fw", "in"))
    assert makes != "others" or not boot.to_come(Ruleset(fake.document()))


@pytest.mark.parametrize("rule", ["policy drop;", "policy accept;\ntcp dport 10250 reject"])
def test_a_file_that_was_edited_and_not_loaded(tmp_path, rule):
    system = nft_system(
        tmp_path, f"table inet filter {{\nchain input {{\ntype filter hook input priority 0; {rule}\n}}\n}}"
    )
    system.programs["nft"] = FakeNft(DROPPING, policy="accept")
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert (verdict["status"], "no firewall is active now, but nftables.service" in verdict["summary"]) == (
        "warn",
        True,
    )
    system.programs["nft"].add_rule(DROPPING, PORT, {"accept": None})
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert (verdict["status"], verdict["summary"].rpartition(": ")[2]) == ("warn", "inet filter input")
