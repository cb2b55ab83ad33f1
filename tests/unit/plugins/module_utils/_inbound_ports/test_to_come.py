# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may keep packets from our rules and is in a file alone, and what sees packets before any firewall."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import beside
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends import registry
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.boot_config import BootConfig
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.nft import Ruleset
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import wanted_rules
from fakes import ip_text
from fakes.firewall import KUBELET, VXLAN, ensure, items_of
from fakes.iptables import iptables_system
from fakes.nft import BOOT_CONFIG, DROPPING, FakeNft, nft_system
from fakes.system import System
from fakes.systemctl import FakeSystemctl
from fakes.ufw import ufw_system

RULES = wanted_rules(items_of(KUBELET))
DNAT = "-A PREROUTING -p tcp -m tcp --dport {} -j DNAT --to-destination 172.17.0.2:9100"
FILTER = "*filter\n:INPUT DROP [0:0]\nCOMMIT\n"


@pytest.mark.parametrize("path", ["/etc/iptables/rules.v4", "/etc/sysconfig/iptables"])
@pytest.mark.parametrize(
    ("table", "lines", "named"),
    [
        ("raw", ":PREROUTING ACCEPT [0:0]\n[3:4] -A PREROUTING -p tcp -m tcp --dport 10250 -j DROP", "may drop"),
        ("raw", ":PREROUTING ACCEPT [0:0]\n-A PREROUTING -p tcp -m tcp --dport 22 -j DROP", ""),
        ("raw", ":PREROUTING ACCEPT [0:0]\n-A OUTPUT -j DROP", ""),
        ("mangle", ":INPUT DROP [0:0]", "may drop"),
        ("mangle", ":SITE - [0:0]\n-A PREROUTING -j SITE\n-A SITE -s 192.168.0.0/24 -j DROP", "may drop"),
        ("nat", DNAT.format(10250), "may redirect"),
        ("nat", DNAT.format(8080), ""),
        ("security", "-A INPUT -j DROP", "may drop"),
    ],
)
def test_a_drop_that_only_a_saved_table_has_is_a_warning_about_the_reboot(tmp_path, path, table, lines, named):
    system = iptables_system(tmp_path)
    system.programs["systemctl"].units["iptables.service"] = "enabled"
    system.path(path).parent.mkdir(exist_ok=True)
    system.path(path).write_text(f"{FILTER}*{table}\n{lines}\nCOMMIT\n")
    kubelet, vxlan = ensure(system, [KUBELET, dict(VXLAN, sources=["10.0.0.0/8"])]).verdicts
    assert (kubelet["status"], vxlan["status"] == "warn") == ("warn" if named else "pass", "10250" not in lines and
                                                              "SITE" not in lines and bool(named))  # fmt: skip
    if named:
        last = "-P INPUT DROP" if lines.startswith(":INPUT") else lines.splitlines()[-1].replace("[3:4] ", "")
        assert f"is open now, but after a reboot, {path} loads a rule that {named} some of it: " in kubelet["summary"]
        assert kubelet["summary"].endswith(last)
        assert path in kubelet["remedy"]


def test_a_saved_table_that_nothing_loads_is_no_matter(tmp_path):
    system = iptables_system(tmp_path)
    system.path("/etc/sysconfig").mkdir()
    system.path("/etc/sysconfig/iptables").write_text("*raw\n-A PREROUTING -j DROP\nCOMMIT\n")
    assert [verdict["status"] for verdict in ensure(system, [KUBELET]).verdicts] == ["pass"]


def test_a_saved_filter_table_beside_nftables_is_a_second_firewall_after_the_reboot(tmp_path):
    system = nft_system(tmp_path)
    system.path("/etc/iptables").mkdir()
    system.path("/etc/iptables/rules.v4").write_text(FILTER)
    assert [verdict["status"] for verdict in ensure(system, [KUBELET]).verdicts] == ["pass"]
    system.programs["systemctl"].units["netfilter-persistent.service"] = "enabled"
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert verdict["status"] == "warn"
    assert verdict["summary"].endswith(
        "loads a rule that may drop some of it: table filter, chain INPUT: -P INPUT DROP"
    )


def test_where_no_firewall_is_what_the_reboot_redirects_is_said(tmp_path):
    system = System(tmp_path, systemctl=FakeSystemctl())
    system.programs["systemctl"].units["netfilter-persistent.service"] = "enabled"
    system.path("/etc/iptables").mkdir()
    system.path("/etc/iptables/rules.v4").write_text(f"*nat\n{DNAT.format(10250)}\nCOMMIT\n")
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert verdict["status"] == "warn"
    assert "no active firewall was found, but after a reboot, /etc/iptables/rules.v4 loads" in verdict["summary"]


@pytest.mark.parametrize("name", ["before", "after"])
@pytest.mark.parametrize("lines", ["*raw\n-A PREROUTING -p tcp -j DROP", f"*nat\n{DNAT.format(10250)}"])
@pytest.mark.parametrize("enabled", [True, False])
def test_other_tables_in_the_files_of_ufw(tmp_path, name, lines, enabled):
    system = ufw_system(tmp_path)
    system.programs["systemctl"].units["ufw.service"] = "enabled"
    system.path("/etc/ufw/ufw.conf").write_text(f"ENABLED={'yes' if enabled else 'no'}\n")
    system.path(f"/etc/ufw/{name}.rules").write_text(f"{lines}\nCOMMIT\n")
    kubelet, vxlan = ensure(system, [KUBELET, VXLAN]).verdicts
    assert (kubelet["status"], vxlan["status"]) == ("warn" if enabled else "pass", "pass")
    assert not enabled or f"after a reboot, /etc/ufw/{name}.rules loads a rule that may" in kubelet["summary"]


CHAIN = "table {} {{\n\tchain {} {{\n\t\ttype {} hook {} priority {};{}\n\t}}\n{}}}\n"
RAW = ("ip raw", "PREROUTING", "filter", "prerouting", "-300")
NAT = ("ip nat", "pre", "nat", "prerouting", "dstnat")


@pytest.mark.parametrize(
    ("place", "rules", "more", "named"),
    [
        (RAW, "\n\t\ttcp dport 10250 drop", "", True),
        (RAW, "\n\t\ttcp dport 22 drop", "", False),
        (RAW, "\n\t\ttcp dport {\n22,\n10250 } drop", "", True),
        (RAW, "\n\t\ttcp dport {\n22,\n23 } drop", "", False),
        (RAW, " policy drop;", "", True),
        (RAW, " policy drop;\n\t\tip saddr 192.168.0.0/16 accept", "", False),
        (RAW, " tcp dport $ports drop", "", True),
        (RAW, "\n\t\tip saddr 192.168.0.0/16 tcp dport 10250 accept; tcp dport 10250 drop", "", True),
        (RAW, "\n\t\tjump site", "\tchain site {\n\t\ttcp dport 10250 drop\n\t}\n", True),
        (RAW, "\n\t\tiifname cni0 jump site", "\tchain site {\n\t\ttcp dport 10250 drop\n\t}\n", False),
        (NAT, "\n\t\ttcp dport 10250 dnat to 10.0.0.1", "", True),
        (NAT, "\n\t\ttcp dport 8080 redirect to :80", "", False),
        (NAT, "\n\t\ttcp dport 10250 redirect to :80 # tcp", "", True),
        (NAT, "\n\t\t# tcp dport 10250 redirect to :80", "", False),
        (("netdev n", "in", "filter", "ingress device eth0", "0"), "\n\t\ttcp dport 10250 drop", "", True),
        (("ip6 raw", "pre", "filter", "prerouting", "-300"), "\n\t\ttcp dport 10250 drop", "", False),
    ],
)
@pytest.mark.parametrize("loaded", [True, False])
def test_what_the_configuration_of_nftables_says_on_the_way(tmp_path, place, rules, more, named, loaded):
    system = nft_system(tmp_path, BOOT_CONFIG + CHAIN.format(*place, rules, more))
    key = (*place[0].split(), place[1])
    if loaded:
        system.programs["nft"].add_chain(key, "accept", place[3].split()[0])
        system.programs["nft"].chains[key]["chain"]["type"] = place[2]
    (verdict,) = ensure(system, [KUBELET]).verdicts
    # A chain of another type that is not there yet may be of any kind.
    warns = named or (not loaded and place[2] == "filter")
    assert verdict["status"] == ("warn" if warns else "pass")
    assert not warns or verdict["summary"].endswith(f"may drop or redirect it: {' '.join(key)}")
    assert not verdict["summary"].count(", " + " ".join(key))


def test_rules_by_the_name_of_their_chain(tmp_path):
    """As 'nft list' never writes and people do: all chains first, then all rules."""
    flat = (
        "add table nat\nadd chain nat pre { type nat hook prerouting priority -100; }\n"
        "add chain ip nat post { type nat hook postrouting priority 100; }\n"
        "add rule nat pre tcp dport %s redirect to :80\nadd rule ip nat post masquerade\n"
    )
    for port, named in ((10250, "ip nat pre"), (8080, "")):
        system = nft_system(tmp_path, BOOT_CONFIG + flat % port)
        found = BootConfig(system.node()).to_come(Ruleset(system.programs["nft"].document()), RULES)
        assert (found.reason.rpartition(": ")[2] if found else "") == named


@pytest.mark.parametrize(("port", "named"), [(10250, "ip raw pre"), (8080, "")])
def test_an_included_file_stands_in_its_place(tmp_path, port, named):
    """What a file says that is included within a chain is of that chain, and not of the last one."""
    last = "\tchain post {\n\t\ttype nat hook postrouting priority 100;\n\t}\n"
    chain = CHAIN.format("ip raw", "pre", "nat", "prerouting", "-300", '\n\t\tinclude "/etc/site/*.nft"', last)
    system = nft_system(tmp_path, BOOT_CONFIG + chain)
    system.path("/etc/site").mkdir()
    system.path("/etc/site/one.nft").write_text(f'include "/etc/site/two"\ntcp dport {port} redirect to :80\n')
    # It includes its own parent, which nft refuses; to read it ends.
    system.path("/etc/site/two").write_text('include "/etc/site/one.nft"\n')
    found = BootConfig(system.node()).to_come(Ruleset(system.programs["nft"].document()), RULES)
    assert (found.reason.rpartition(": ")[2] if found else "") == named


@pytest.mark.parametrize("backend", [None, "nftables"])
@pytest.mark.parametrize(
    ("links", "named"),
    [
        ([{"ifname": "lo", "xdp": True}, {"ifname": "eth0"}], None),
        ([{"ifname": "lo"}, {"ifname": "eth0", "xdp": True}], "eth0"),
        ([{"ifname": "bond0"}, {"ifname": "eth1", "xdp": True}], "eth1"),
        # A cluster has programs of its own there.
        ([{"ifname": "eth0", "xdp": True}, {"ifname": "cilium_host"}], None),
    ],
)
def test_an_xdp_program_is_a_warning(tmp_path, backend, links, named):
    nft = FakeNft(DROPPING) if backend else FakeNft()
    system = System(tmp_path, nft=nft, ip=lambda args, _stdin: (0, ip_text.address(links), ""))
    chosen = registry.backends(system.node(), "ack-edge")[backend] if backend else None
    found = beside.obstacles(system.node(), items_of(KUBELET, VXLAN), chosen)
    assert [one.items for one in found] == ([{"kubelet", "vxlan"}] if named else [])
    assert not named or found[0].reason.startswith(f"the XDP program on {named} (xdpgeneric/id:7) sees packets before")
