# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that fails half-way says what it changed and what not, and no empty directory of ours is left by any."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.apply import carry_out
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.look import InboundPorts
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.firewall import KUBELET, VXLAN, ensure, items_of
from fakes.firewalld import firewalld_system
from fakes.iptables import iptables_system
from fakes.nft import nft_system
from fakes.system import Killed
from fakes.ufw import ufw_system

SYSTEMS = {"firewalld": firewalld_system, "nftables": nft_system, "ufw": ufw_system, "iptables": iptables_system}


def failing(system, fails):
    """Return a node on which a write, removal or link cannot be done where ``fails`` says so."""
    node = system.node()

    def guarded(really):
        def do(path, *rest, **named):
            if fails(path):
                raise NodeError(f"{path} cannot be written: Read-only file system; it was not changed")
            return really(path, *rest, **named)

        return do

    for name in ("write", "remove", "link"):
        setattr(node, name, guarded(getattr(node, name)))
    return node


class _FailsAt:
    """Says of one file of many that it fails, and keeps their names."""

    def __init__(self, number):
        self.number, self.asked = number, []

    def __call__(self, path):
        self.asked.append(path)
        return len(self.asked) == self.number + 1


def run(node, *raw, present=True):
    return InboundPorts(node, "ack-edge").ensure(items_of(*raw), present, carry_out)


@pytest.mark.parametrize("present", [True, False])
@pytest.mark.parametrize("backend", ["nftables", "ufw", "iptables"])
def test_one_failure_at_any_file_is_told_exactly(tmp_path, backend, present):
    for number in range(100):
        root = tmp_path / str(number)
        root.mkdir()
        system = SYSTEMS[backend](root)
        if not present:
            ensure(system, [KUBELET, VXLAN])
        facts = files_and_rules(system, backend)
        fails = _FailsAt(number)
        try:
            run(failing(system, fails), *([KUBELET, VXLAN] if present else []), present=present)
        except NodeError as error:
            now = files_and_rules(system, backend)
            assert fails.asked[number] in str(error)
            assert error.changed is (now != facts), f"{number}: {error}"
            told = str(error).partition("Changed before that: ")[2].partition("; not changed")[0]
            assert ("the active rules" in told) is (now[1] != facts[1]), f"{number}: {error}"
            assert ("No rule was changed" in str(error)) is (now == facts)
            ensure(system, [KUBELET, VXLAN] if present else [], present=present)
            assert not ensure(system, [KUBELET, VXLAN] if present else [], present=present).changed
        else:
            assert number > 2
            return
    raise AssertionError("the run never ended")


def files_and_rules(system, backend):
    if backend == "nftables":
        loaded = sorted(str(chain["rules"]) for chain in system.programs["nft"].chains.values())
    elif backend == "ufw":
        loaded = {version: list(lines) for version, lines in system.xtables.chains.items()}
    else:
        loaded = [table.ours() for table in system.tables.values()]
    links = sorted(str(path) for path in system.root.rglob("*") if path.is_symlink())
    return (system.files(), links), loaded


@pytest.mark.parametrize("backend", SYSTEMS)
def test_an_absent_killed_anywhere_leaves_no_directory_of_ours(tmp_path, backend):
    for step in range(100):
        root = tmp_path / str(step)
        root.mkdir()
        system = SYSTEMS[backend](root)
        system.path("/var/lib").mkdir(parents=True)
        system.path("/run").mkdir(exist_ok=True)
        before = directories(root)
        ensure(system, [KUBELET, VXLAN])
        try:
            ensure(system, [], present=False, kill_at=step)
        except Killed:
            ensure(system, [], present=False)
            assert directories(root) - before == set(), f"killed at {step}"
            assert before - directories(root) <= {"etc/systemd/system/multi-user.target.wants"}
        else:
            assert step > 5
            return
    raise AssertionError("the run never ended")


def directories(root):
    """Return every directory but those in /run, which go at a reboot."""
    found = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_dir()}
    return {name for name in found if not name.startswith("run/")}


def test_a_node_that_never_had_anything_keeps_its_empty_directories(tmp_path):
    system = iptables_system(tmp_path)
    system.path("/etc/systemd/system/iptables.service.wants").mkdir()
    before = directories(tmp_path)
    ensure(system, [], present=False)
    assert directories(tmp_path) == before
