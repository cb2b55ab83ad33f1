# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""static_routes killed within a write, on each backend whose manager reads whole directories."""

from __future__ import annotations

import itertools
import json
import os

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import run as engine
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import Link
from fakes.killed import killed
from fakes.managers import DROPIN, PROFILE, PROFILE_TEXT
from fakes.routes import MANIFEST, System, backends, parameters

ROUTES = [{"destination": "100.103.99.73/32"}, {"destination": "100.118.28.0/24", "mtu": 1400}]
GIVEN = {"routes": ROUTES, "gateway": "10.99.0.253", "interface": "idc0"}
# Not netplan: only its own generator reads its directory, and what is linked there for a trial is tested with it.
MANAGERS = ["networkd", "networkmanager", "network_scripts", "ifupdown"]


def run(system, check_mode=False, **given):
    params = parameters(**{**GIVEN, **given})
    return engine.run(system.node(), params, check_mode, peers=list)


def state(system):
    """Return the state without the lock, which stays."""
    found = system.everything()
    found["files"] = {
        path: text for path, text in found["files"].items() if path not in ("/run/ack_edge", "/run/ack_edge/lock")
    }
    return found


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize(("name", "earlier"), [("sec", []), ("ack-edge", ROUTES[:1])], ids=["fresh", "change"])
def test_the_next_run_is_right_at_once(tmp_path, monkeypatch, manager, name, earlier):
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # a disk is slow, and this is about what is in its files
    for end in itertools.count():
        system = System(tmp_path / str(end), manager)
        clean = state(system)
        if earlier:
            run(system, name=name, routes=earlier)

        def process(the_process, system=system):
            with monkeypatch.context() as patched:
                patched.setattr(system, "change", the_process.boundary)
                run(system, name=name)

        died = killed(monkeypatch, end, process)
        run(system, name=name)
        again = run(system, check_mode=True, name=name)
        assert not again["changed"], f"killed at boundary {end}"
        assert [item["status"] for item in again["results"]] == ["pass", "pass"]
        manifest = json.loads(system.text(MANIFEST.replace("ack-edge", name)))
        assert [fact["adopted"] for fact in manifest["content"]["routes"]] == [[], []], f"killed at boundary {end}"
        run(system, name=name, routes=[], gateway=None, interface=None, state="absent")
        assert state(system) == clean, f"killed at boundary {end}"
        if not died:
            assert end > 20
            return


def test_a_look_passes_over_what_a_killed_run_left_of_a_drop_in(tmp_path):
    system = System(tmp_path, "networkd")
    wanted = run(system, check_mode=True, name="sec")["diff"]
    section = "".join(f"[Route]\nDestination={one['destination']}\nGateway=10.99.0.253\n\n" for one in ROUTES)
    for name in (".ack_edge-ack-edge-sec.conf", ".hidden.conf"):
        system.put(DROPIN.replace("ack-edge.conf", name), section)
    assert run(system, check_mode=True, name="sec")["diff"] == wanted


def test_a_look_passes_over_what_a_killed_run_left_of_a_file_of_netplan(tmp_path):
    written, system = System(tmp_path / "written", "netplan"), System(tmp_path / "killed", "netplan")
    run(written)
    wanted = run(system, check_mode=True)["diff"]
    system.put("/etc/netplan/.ack_edge-90-ack-edge.yaml", written.text("/etc/netplan/90-ack-edge.yaml"), 0o600)
    assert run(system, check_mode=True)["diff"] == wanted


def test_a_hidden_network_file_names_no_interface(tmp_path):
    system = System(tmp_path, "networkd")
    system.put("/etc/systemd/network/.ack_edge-10-a.network", "[Match]\nName=idc0\n")
    system.put("/etc/systemd/network/.b.network", "[Match]\nName=idc0\n")
    (tmp_path / "run/systemd/netif/links/3").unlink()
    assert backends(system, "networkd").locate(Link("idc0", 3, ())) == DROPIN


@pytest.mark.parametrize(
    "name",
    [".ack_edge-idc0.nmconnection", ".idc0.nmconnection", "idc0.nmconnection~", "idc0.swp", "idc0.SWPX", "idc0.pem",
     "idc0.der", "idc0.nmconnection.A1b2C3"],
)  # fmt: skip
def test_what_networkmanager_passes_over_is_no_keyfile(tmp_path, name):
    system = System(tmp_path, "networkmanager")
    system.devices = []
    system.put(PROFILE.replace("idc0.nmconnection", name), PROFILE_TEXT)
    assert backends(system, "networkmanager").locate(Link("idc0", 3, ())) == PROFILE


def test_what_is_sourced_is_found_by_glob(tmp_path):
    system = System(tmp_path, "ifupdown")
    system.put("/usr/sbin/ifup", "", 0o755)
    system.put("/etc/network/interfaces", "source interfaces.d/*\nsource /etc/network/*/*.cfg\n")
    system.put("/etc/network/interfaces.d/.ack_edge-x", "iface one inet static\n")
    system.put("/etc/network/interfaces.d/.hidden", "iface two inet static\n")
    system.put("/etc/network/more.d/a.cfg", "iface three inet static\n")
    found = [backends(system, "ifupdown").weak_claim(Link(name, 9, ())) for name in ("one", "two", "three")]
    assert found == ["", "", "/etc/network/more.d/a.cfg"]


ONE = {
    "destination": "100.1.0.0/16", "gateway": "10.99.0.253", "interface": "idc0", "metric": 0, "table": 254,
    "source": None, "onlink": False, "mtu": None, "comment": "", "origin": "declared", "names": [],
    "backend": "networkd", "path": DROPIN, "adopted": [], "displaced": {},
}  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {"routes": {}},
        {"routes": ["x"]},
        {"routes": [{}]},
        *({"routes": [{**ONE, key: value}]} for key in ONE for value in ([1], {"live": 1}, 1.5)),
        {"routes": [{**ONE, "destination": "nowhere"}]},
        {"routes": [{**ONE, "metric": True}]},
        {"routes": [{**ONE, "displaced": {"live": [1]}}]},
        {"directories": "x"},
        {"unfinished": [["networkd"]]},
        {"unfinished": ["ab"]},
        {"boot": 1},
    ],
)
def test_a_damaged_manifest_is_one_clear_error(tmp_path, content):
    system = System(tmp_path, "networkd")
    system.put(MANIFEST, json.dumps({"version": 1, "content": content}))
    before = state(system)
    for given in ({}, {"state": "absent", "routes": []}):
        for check_mode in (True, False):
            with pytest.raises(NodeError, match=r"routes/ack-edge\.json is damaged .* remove it"):
                run(system, check_mode, **given)
    assert state(system) == before


def test_a_manifest_that_is_right_is_understood(tmp_path):
    system = System(tmp_path, "networkd")
    system.put(MANIFEST, json.dumps({"version": 1, "content": {"routes": [ONE]}}))
    assert run(system)["failed_checks"] == []
