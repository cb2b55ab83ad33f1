# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one active firewall, found from what runs and what is loaded."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import detect
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends import registry
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.firewalld import FakeFirewalld
from fakes.nft import DROPPING, FakeNft, OldNft
from fakes.system import System
from fakes.systemctl import FakeSystemctl

INPUT = ("ip", "filter", "INPUT")
DROP, ACCEPT = {"drop": None}, {"accept": None}


@pytest.fixture
def system(tmp_path):
    return System(tmp_path, systemctl=FakeSystemctl())


def manager(system):
    node = system.node()
    return detect.one_manager(node, list(registry.backends(node, "ack-edge").values()))


def iptables_nft(*targets, policy="accept"):
    fake = FakeNft(INPUT, policy=policy)
    for target in targets:
        fake.add_rule(INPUT, {"counter": {"packets": 0, "bytes": 0}}, {"jump": {"target": target}})
        fake.add_chain(("ip", "filter", target), hook=None)
        fake.add_rule(("ip", "filter", target), {"xt": {"type": "target", "name": "REJECT"}})
    return fake


def legacy(system, text):
    system.path("/proc/net").mkdir(parents=True)
    system.path("/proc/net/ip_tables_names").write_text("nat\nfilter\n")
    system.programs["iptables-legacy"] = lambda args, stdin: (0, text, "")


def test_nothing_installed_is_no_firewall(system):
    assert manager(system) == "none"


def test_firewalld_that_runs(system, tmp_path):
    system.programs["firewall-cmd"] = FakeFirewalld(tmp_path)
    system.programs["nft"] = FakeNft(("inet", "firewalld", "filter_INPUT"))
    assert manager(system) == "firewalld"


def test_firewalld_that_is_only_installed(system, tmp_path):
    system.programs["firewall-cmd"] = FakeFirewalld(tmp_path, running=False)
    assert manager(system) == "none"


@pytest.mark.parametrize("unit", ["active", "activating"])
def test_firewalld_dead_behind_its_name_is_an_error(system, tmp_path, unit):
    system.programs["firewall-cmd"] = FakeFirewalld(tmp_path, running=False)
    system.programs["systemctl"] = FakeSystemctl(active=unit)
    with pytest.raises(NodeError, match=f"firewalld.service is {unit} but does not answer.*252.*journalctl"):
        manager(system)


def test_rules_of_a_firewalld_that_does_not_run_are_an_error(system):
    system.programs["nft"] = FakeNft(("inet", "firewalld", "filter_INPUT"))
    with pytest.raises(NodeError, match="rules of firewalld are loaded"):
        manager(system)


def test_nftables_with_a_dropping_chain(system):
    system.programs["nft"] = FakeNft(DROPPING)
    assert manager(system) == "nftables"


def test_nftables_with_rules_that_drop_nothing(system):
    fake = system.programs["nft"] = FakeNft(DROPPING, policy="accept")
    assert manager(system) == "none"
    fake.add_rule(DROPPING, ACCEPT)
    assert manager(system) == "nftables"


@pytest.mark.parametrize(
    "table", ["kube-proxy", "flannel-ipv4", "docker-bridges", "libvirt_network", "f2b-table", "sshguard"]
)
def test_chains_of_software_are_no_firewall(system, table):
    system.programs["nft"] = FakeNft(("ip", table, "input"))
    assert manager(system) == "none"


@pytest.mark.parametrize("target", ["KUBE-FIREWALL", "f2b-sshd", "sshguard", "cali-INPUT"])
def test_iptables_chains_of_software_are_no_firewall(system, target):
    system.programs["nft"] = iptables_nft(target)
    assert manager(system) == "none"


@pytest.mark.parametrize("fake", [iptables_nft("MY-RULES"), iptables_nft(policy="drop")])
def test_iptables_nft_is_told_by_a_table_that_can_drop(system, fake):
    system.programs["nft"] = fake
    assert manager(system) == "iptables"


def test_ufw_is_told_by_its_chains(system):
    system.programs["nft"] = iptables_nft("ufw-before-input", policy="drop")
    assert manager(system) == "ufw"
    system.programs["nft"] = FakeNft()
    legacy(system, "-P INPUT DROP\n-N ufw-user-input\n-A INPUT -j ufw-user-input\n")
    assert manager(system) == "ufw"


@pytest.mark.parametrize(
    "text",
    [
        "-P INPUT ACCEPT\n-A INPUT -j DROP\n",
        "-P INPUT DROP\n",
        '-P INPUT ACCEPT\n-N A\n-A INPUT -m comment --comment "a b" -j A\n-A A -g B\n-A B -j REJECT\n',
    ],
)
def test_legacy_tables_are_seen(system, text):
    system.programs["nft"] = FakeNft()
    legacy(system, text)
    assert manager(system) == "iptables"


def test_a_loaded_table_without_a_program_is_an_error_that_names_it(system):
    system.programs["nft"] = FakeNft()
    legacy(system, "-P INPUT DROP\n")
    # The alternatives lead to the other variant, which sees an empty table.
    system.programs["iptables"] = lambda args, stdin: (0, "iptables v1.8.9 (nf_tables)\n", "")
    del system.programs["iptables-legacy"]
    with pytest.raises(NodeError, match=r"iptables \(legacy\) is loaded, but no program .* expected iptables-legacy"):
        manager(system)


@pytest.mark.parametrize(
    "text",
    [
        "-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n",
        "-P INPUT ACCEPT\n-N KUBE-FIREWALL\n-A INPUT -j KUBE-FIREWALL\n-A KUBE-FIREWALL -j DROP\n",
        "-P INPUT ACCEPT\n-P FORWARD DROP\n-A FORWARD -j DROP\n",
        "-P INPUT ACCEPT\n-N LOOP\n-A INPUT -j LOOP\n-A LOOP -j LOOP\n",
    ],
)
def test_legacy_tables_that_drop_nothing_here_are_no_firewall(system, text):
    system.programs["nft"] = FakeNft()
    legacy(system, text)
    assert manager(system) == "none"


def test_asking_iptables_must_not_load_a_table(system):
    system.programs["iptables"] = lambda args, stdin: (0, "iptables v1.8.9 (legacy)\n", "")
    assert manager(system) == "none"
    assert [argv for argv, _stdin in system.calls if argv[0] == "iptables"] == [["iptables", "-V"]]


def test_iptables_nft_without_nft_is_seen(system):
    system.programs["iptables"] = lambda args, stdin: (
        0,
        "iptables v1.8.9 (nf_tables)\n" if args == ["-V"] else "-P INPUT DROP\n",
        "",
    )
    assert manager(system) == "iptables"


def test_two_managers_are_an_error_that_names_both(system, tmp_path):
    system.programs["firewall-cmd"] = FakeFirewalld(tmp_path)
    system.programs["nft"] = FakeNft(DROPPING)
    with pytest.raises(NodeError, match=r"firewalld and nftables are active.*set backend"):
        manager(system)


def test_a_chain_that_only_counts_beside_firewalld_is_no_second_manager(system, tmp_path):
    system.programs["firewall-cmd"] = FakeFirewalld(tmp_path)
    fake = system.programs["nft"] = FakeNft(DROPPING, policy="accept")
    fake.add_rule(DROPPING, {"counter": {"packets": 0, "bytes": 0}})
    assert manager(system) == "firewalld"


def test_firewalld_on_iptables_is_one_manager(system, tmp_path):
    system.programs["firewall-cmd"] = FakeFirewalld(tmp_path)
    legacy(system, "-P INPUT ACCEPT\n-A INPUT -j INPUT_direct\n-A INPUT -j INPUT_ZONES\n-A INPUT -j REJECT\n")
    assert manager(system) == "firewalld"


def test_an_nft_without_json_does_not_stop_firewalld(system, tmp_path):
    system.programs["firewall-cmd"] = FakeFirewalld(tmp_path)
    system.programs["nft"] = lambda args, stdin: (1, "", "JSON support not compiled-in\n")
    assert manager(system) == "firewalld"


@pytest.mark.parametrize("version", ["0.8.2", "0.9.0"])
def test_an_old_nft_beside_iptables_does_not_stop_the_host(system, version):
    system.programs["nft"] = OldNft(version=version)
    legacy(system, "-P INPUT DROP\n")
    assert manager(system) == "iptables"


@pytest.mark.parametrize(("last", "expected"), [("-j REJECT --reject-with icmp-host-prohibited", "iptables"),
                                                ("-m comment --comment all -j ACCEPT", "none")])  # fmt: skip
def test_iptables_says_what_an_nft_before_1_0_6_does_not_tell(system, last, expected):
    # The last rule of the default of iptables-services: its JSON has {"xt": null} for a REJECT as for a comment.
    fake = system.programs["nft"] = FakeNft(INPUT, policy="accept")
    fake.add_rule(INPUT, {"counter": {"packets": 0, "bytes": 0}}, {"xt": None})
    system.programs["iptables-nft"] = lambda args, stdin: (
        (0, "iptables v1.8.4 (nf_tables)\n", "") if args == ["-V"] else (0, f"-P INPUT ACCEPT\n-A INPUT {last}\n", "")
    )
    assert manager(system) == expected


BANS = ["ipv4 filter INPUT_direct 0 -p tcp -m set --match-set f2b-sshd src -j REJECT", "ipv4 filter INPUT 0 -j ACCEPT"]


@pytest.mark.parametrize("variant", ["nft", "legacy"])
def test_what_direct_rules_of_firewalld_drop_is_no_second_firewall(system, tmp_path, variant):
    fake = system.programs["firewall-cmd"] = FakeFirewalld(tmp_path)
    fake.direct["runtime"] = BANS
    nft = system.programs["nft"] = FakeNft(INPUT, policy="accept")
    if variant == "nft":
        nft.add_rule(INPUT, {"xt": {"type": "target", "name": "REJECT"}})
    else:
        system.programs["nft"] = FakeNft()
        legacy(system, "-P INPUT ACCEPT\n-A INPUT -p tcp -m set --match-set f2b-sshd src -j REJECT\n")
    assert manager(system) == "firewalld"


@pytest.mark.parametrize(
    "text",
    [
        "-P INPUT ACCEPT\n-A INPUT -p tcp -m set --match-set f2b-sshd src -j REJECT\n-A INPUT -s 10.0.0.0/8 -j DROP\n",
        "-P INPUT DROP\n-A INPUT -p tcp -m set --match-set f2b-sshd src -j REJECT\n",
        "-P INPUT ACCEPT\n-N SITE\n-A SITE -j DROP\n-A INPUT -p tcp -m set --match-set f2b-sshd src -j REJECT\n"
        "-A INPUT -j SITE\n",
    ],
)
def test_a_table_that_drops_more_than_the_direct_rules_is_a_second_firewall(system, tmp_path, text):
    system.programs["firewall-cmd"] = FakeFirewalld(tmp_path)
    system.programs["firewall-cmd"].direct["runtime"] = BANS
    system.programs["nft"] = FakeNft()
    legacy(system, text)
    with pytest.raises(NodeError, match="firewalld and iptables are active"):
        manager(system)
