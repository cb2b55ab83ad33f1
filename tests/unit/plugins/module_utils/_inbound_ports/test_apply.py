# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole runs: killed anywhere and mended, moved from one firewall to another, and never a harmful command."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.apply import carry_out
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.look import InboundPorts
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.firewall import KUBELET, VXLAN, ensure
from fakes.firewalld import VENDOR_ZONE, FakeFirewalld, firewalld_system
from fakes.iptables import iptables_system
from fakes.nft import DROPPING, FakeNft, nft_system
from fakes.system import Killed, System
from fakes.systemctl import FakeSystemctl
from fakes.ufw import ufw_system

SYSTEMS = {"firewalld": firewalld_system, "nftables": nft_system, "ufw": ufw_system, "iptables": iptables_system}
FORBIDDEN = (
    "reload",
    "flush",
    "restart",
    "start",
    "stop",
    "enable",
    "disable",
    "trusted",
    "policy",
    "panic",
    "save",
    "runtime-to-permanent",
    "set-default-zone",
    "set-target",
    "complete-reload",
    "mask",
)


def loaded(system):
    """Return what is in force, without handles (a rule that is put in again has another)."""
    if "firewall-cmd" in system.programs:
        return sorted(system.programs["firewall-cmd"].runtime["public"])
    if "iptables-legacy" in system.programs:
        return [line for table in system.tables.values() for line in table.ours()]
    if "iptables" in system.programs:
        return sorted(line for lines in system.xtables.chains.values() for line in lines if "-A" in line)
    return system.programs["nft"].comments(DROPPING)


def killed_everywhere(make, tmp_path, run):
    """Yield a system for each step at which ``run`` can be killed, killed there."""
    for step in range(100):
        root = tmp_path / str(step)
        root.mkdir()
        system = make(root)
        try:
            run(system, step)
        except Killed:
            yield system
        else:
            assert step > 10
            return
    raise AssertionError("the run never ended")


@pytest.mark.parametrize("backend", SYSTEMS)
def test_a_run_killed_at_any_step_is_mended_by_the_next(tmp_path, backend):
    (tmp_path / "sound").mkdir()
    sound = SYSTEMS[backend](tmp_path / "sound")
    ensure(sound, [KUBELET, VXLAN])
    for system in killed_everywhere(
        SYSTEMS[backend], tmp_path, lambda system, step: ensure(system, [KUBELET, VXLAN], kill_at=step)
    ):
        ensure(system, [KUBELET, VXLAN])
        assert loaded(system) == loaded(sound)
        assert {name: text for name, text in system.files().items() if ".old" not in name} == {
            name: text for name, text in sound.files().items() if ".old" not in name
        }
        assert not ensure(system, [KUBELET, VXLAN]).changed


@pytest.mark.parametrize("backend", SYSTEMS)
def test_a_run_killed_at_any_step_is_taken_back_by_absent(tmp_path, backend):
    def make(root):
        system = SYSTEMS[backend](root)
        if backend == "firewalld":
            system.programs["firewall-cmd"].file().write_text(VENDOR_ZONE.replace("  ", "\t"))
        return system

    (tmp_path / "sound").mkdir()
    before = make(tmp_path / "sound").files()
    for system in killed_everywhere(
        make, tmp_path, lambda system, step: ensure(system, [KUBELET, VXLAN], kill_at=step)
    ):
        ensure(system, [], present=False)
        assert loaded(system) == []
        assert system.files() == before
        assert not system.path("/var/lib/ack_edge").exists()


@pytest.mark.parametrize("backend", SYSTEMS)
def test_an_absent_killed_at_any_step_is_ended_by_the_next(tmp_path, backend):
    def make(root):
        system = SYSTEMS[backend](root)
        system.before = system.files()
        ensure(system, [KUBELET, VXLAN])
        return system

    for system in killed_everywhere(
        make, tmp_path, lambda system, step: ensure(system, [], present=False, kill_at=step)
    ):
        ensure(system, [], present=False)
        assert loaded(system) == []
        assert system.files() == system.before
        assert not system.path("/var/lib/ack_edge").exists()


@pytest.mark.parametrize("backend", SYSTEMS)
def test_no_command_ever_does_harm(tmp_path, backend):
    system = SYSTEMS[backend](tmp_path)
    for raw in ([KUBELET, VXLAN], [VXLAN], [dict(KUBELET, sources=["10.0.0.0/8"])], []):
        ensure(system, raw, check=True)
        ensure(system, raw)
    ensure(system, [KUBELET])
    ensure(system, [], present=False)
    assert system.changing_calls()
    for argv, stdin in system.calls:
        said = [word.lstrip("-").partition("=")[0] for word in argv[1:]] + [word.partition("=")[2] for word in argv]
        assert not set(said) & set(FORBIDDEN), argv
        if argv[0] == "systemctl":
            assert argv[1] in ("show", "is-active", "is-enabled", "daemon-reload")
        if argv[0] == "nft" and "-c" not in argv:
            lines = (stdin or "").splitlines()
            assert all(line.startswith(("insert rule ", "delete rule ")) for line in lines), stdin
            assert all(" saddr " in line for line in lines if line.startswith("insert"))
        for word in argv[1:]:
            if word.startswith("--add-rich-rule"):
                assert " source address=" in word


@pytest.mark.parametrize("backend", SYSTEMS)
def test_sets_with_different_names_do_not_touch_each_other(tmp_path, backend):
    system = SYSTEMS[backend](tmp_path)
    before = system.files()
    ensure(system, [KUBELET], name="one")
    alone = loaded(system)
    ensure(system, [VXLAN], name="two")
    assert not ensure(system, [KUBELET], name="one").changed
    assert not ensure(system, [VXLAN], name="two").changed
    ensure(system, [], present=False, name="two")
    assert loaded(system) == alone
    ensure(system, [], present=False, name="one")
    assert system.files() == before


def test_no_firewall_is_a_pass_that_says_so_and_leaves_nothing(tmp_path):
    system = nft_system(tmp_path)
    del system.programs["nft"]
    before = system.files()
    for check in (True, False):
        outcome = ensure(system, [KUBELET], check=check)
        assert (outcome.changed, outcome.backend) == (False, "none")
        assert outcome.verdicts[0]["status"] == "pass"
        assert "no active firewall" in outcome.verdicts[0]["summary"]
    assert system.files() == before
    assert not system.path("/var/lib/ack_edge").exists()


def test_backend_none_leaves_a_firewall_alone(tmp_path):
    system = nft_system(tmp_path)
    outcome = ensure(system, [KUBELET], backend="none")
    assert (outcome.changed, outcome.verdicts[0]["status"]) == (False, "pass")
    assert "backend is none" in outcome.verdicts[0]["summary"]
    assert loaded(system) == []


def test_backend_overrules_two_managers(tmp_path):
    system = nft_system(tmp_path)
    system.programs["firewall-cmd"] = FakeFirewalld(tmp_path)
    with pytest.raises(NodeError, match="firewalld and nftables are active"):
        ensure(system, [KUBELET])
    ensure(system, [KUBELET], backend="nftables")
    assert system.programs["firewall-cmd"].runtime["public"] == []
    assert len(system.programs["nft"].comments(DROPPING)) == 1


def test_a_node_that_moved_to_another_firewall_is_cleaned_behind(tmp_path):
    system = nft_system(tmp_path)
    before = system.files()
    ensure(system, [KUBELET])
    nft, system.programs["nft"] = system.programs["nft"], FakeNft()
    firewalld = system.programs["firewall-cmd"] = FakeFirewalld(tmp_path)
    vendor = {name: text for name, text in system.files().items() if name.startswith("usr/")}
    ensure(system, [KUBELET])
    assert len(firewalld.runtime["public"]) == 2
    assert not system.path("/etc/ack-edge").exists()
    # firewalld is stopped now: what it holds stays remembered, so that absent can name it.
    firewalld.running = False
    system.programs["nft"] = nft
    ensure(system, [KUBELET])
    with pytest.raises(NodeError, match="zones public"):
        ensure(system, [], present=False)
    firewalld.running = True
    ensure(system, [], present=False)
    assert nft.comments(DROPPING) == []
    assert system.files() == {**before, **vendor}


def test_the_manifest_names_the_items_for_an_absent_without_ports(tmp_path):
    system = nft_system(tmp_path)
    ensure(system, [KUBELET, VXLAN])
    engine = InboundPorts(system.node(), "ack-edge")
    items = engine.owned_items()
    assert [item.name for item in items] == ["kubelet", "vxlan"]
    assert items[0].comment == "API server"
    assert [item["check"] for item in engine.ensure(items, False, carry_out).verdicts] == ["kubelet", "vxlan"]
    assert engine.owned_items() == []


def test_a_lost_manifest_does_not_hide_commented_rules(tmp_path):
    system = nft_system(tmp_path)
    before = system.files()
    ensure(system, [KUBELET])
    system.path("/var/lib/ack_edge/inbound_ports/ack-edge.json").unlink()
    assert ensure(system, [], present=False).changed
    assert (loaded(system), system.files()) == ([], before)


def test_a_name_that_is_no_file_name_is_an_error(tmp_path):
    with pytest.raises(NodeError, match=r"name is '\.\./x'"):
        ensure(nft_system(tmp_path), [KUBELET], name="../x")


SAVED_DROPPING = "# saved\n*filter\n:INPUT DROP [12:34]\n:MINE - [0:0]\n-A INPUT -j MINE\nCOMMIT\n"
SAVED_REJECTING = "*filter\n:INPUT ACCEPT [0:0]\n:MINE - [0:0]\n-A INPUT -j MINE\n[1:2] -A MINE -j REJECT\nCOMMIT\n"
SAVED_OPEN = "*nat\n:INPUT DROP [0:0]\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -j ACCEPT\nCOMMIT\n"


@pytest.mark.parametrize(
    ("unit", "path", "text", "status"),
    [
        ("netfilter-persistent.service", "/etc/iptables/rules.v4", SAVED_DROPPING, "warn"),
        ("netfilter-persistent.service", "/etc/iptables/rules.v6", SAVED_REJECTING, "warn"),
        ("iptables.service", "/etc/sysconfig/iptables", SAVED_REJECTING, "warn"),
        ("ip6tables.service", "/etc/sysconfig/ip6tables", SAVED_DROPPING, "warn"),
        ("ip6tables.service", "/etc/sysconfig/ip6tables", SAVED_OPEN, "pass"),
        ("netfilter-persistent.service", "/etc/sysconfig/iptables", SAVED_DROPPING, "pass"),
        ("ufw.service", "/etc/ufw/ufw.conf", "ENABLED=yes\n", "warn"),
        ("ufw.service", "/etc/ufw/ufw.conf", "ENABLED=no\n# ENABLED=yes\n", "pass"),
    ],
)
def test_a_firewall_that_only_the_next_start_loads_is_a_finding(tmp_path, unit, path, text, status):
    system = System(tmp_path, systemctl=FakeSystemctl(enabled="disabled"))
    system.path(path).parent.mkdir(parents=True, exist_ok=True)
    system.path(path).write_text(text)
    system.programs["systemctl"].units = {unit: "enabled"}
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert verdict["status"] == status
    if status == "warn":
        assert f"{unit} is enabled and {path} may drop" in verdict["summary"]
    system.programs["systemctl"].units = {unit: "disabled"}
    assert ensure(system, [KUBELET]).verdicts[0]["status"] == "pass"


@pytest.mark.parametrize("name", SYSTEMS)
def test_what_a_killed_run_left_beside_its_files_goes(tmp_path, name):
    system = SYSTEMS[name](tmp_path)
    ensure(system, [KUBELET])
    left = [
        path.parent / f".ack_edge-{path.name}"
        for path in tmp_path.rglob("*")
        if path.is_file() and "usr" not in path.parts
        if "ack-edge" in path.name or path.name in ("public.xml", "user.rules", "nftables.conf")
    ]
    assert left
    for path in left:
        path.write_text("half a fi")
    assert not ensure(system, [KUBELET]).changed
    assert [path for path in left if path.exists()] == []
