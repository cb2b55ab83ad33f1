# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a manager from bringing an interface up at boot is told by its own files: 'persistent' means the boot."""

from __future__ import annotations

import ipaddress

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import networkd_unit
from fakes.managers import PROFILE, PROFILE_TEXT
from fakes.routes import System, backends, run

GATEWAYS = {ipaddress.ip_address("10.99.0.253")}
NETWORK = "/etc/systemd/network/20-idc0.network"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[Match]\nName=idc0\n", ""),
        ("[Link]\nActivationPolicy=manual\n", "ActivationPolicy=manual"),
        ("[Link]\nActivationPolicy=always-down\n", "ActivationPolicy=always-down"),
        ("[Link]\nActivationPolicy=up\n", ""),
        ("[Link]\nUnmanaged=yes\n", "Unmanaged=yes"),
        ("[Network]\nActivationPolicy=manual\n", ""),
    ],
)
@pytest.mark.parametrize("where", [NETWORK, NETWORK + ".d/site.conf"])
def test_networkd_leaves_an_interface_down(tmp_path, where, text, named):
    system = System(tmp_path)
    system.put(NETWORK, "[Match]\nName=idc0\n")
    system.put(where, text)
    doubt = backends(system, "networkd").doubt(NETWORK + ".d/ack-edge.conf", "idc0", GATEWAYS)
    assert (named in doubt, bool(doubt)) == (True, bool(named))


def test_the_file_that_netplan_generates_says_the_same():
    assert "ActivationPolicy=manual" in networkd_unit.not_brought_up(
        "/run/x.network", "[Link]\nActivationPolicy=manual\n"
    )


@pytest.mark.parametrize("text", ["ONBOOT=no\n", "ONBOOT='No'\n", "ONBOOT=yes\n", ""])
@pytest.mark.parametrize("family", ["route", "route6"])
def test_an_ifcfg_file_with_onboot_no(tmp_path, family, text):
    system = System(tmp_path)
    system.put("/etc/sysconfig/network-scripts/ifcfg-idc0", "DEVICE=idc0\n" + text)
    path = f"/etc/sysconfig/network-scripts/{family}-idc0"
    doubt = backends(system, "network_scripts").doubt(path, "idc0", GATEWAYS)
    assert bool(doubt) == ("no" in text.lower())


@pytest.mark.parametrize(
    ("cards", "naming", "named"),
    [
        (["idc0", "eth0"], "", "on another (eth0)"),
        (["idc0"], "", ""),
        (["idc0", "eth0"], "interface-name=idc0\n", ""),
        (["idc0", "eth0"], "[ethernet]\nmac-address=02:00:00:00:50:11\n", ""),
        (["idc0", "eth0"], "[match]\ninterface-name=idc0;\n", ""),
    ],
)
def test_a_profile_for_no_card_by_name_may_come_up_on_another(tmp_path, cards, naming, named):
    system = System(tmp_path, "networkmanager")
    system.put(PROFILE, "[connection]\nid=any\ntype=ethernet\n" + naming)
    for card in cards:
        system.put(f"/sys/class/net/{card}/device/uevent", "")
    doubt = backends(system, "networkmanager").doubt(PROFILE, "idc0", GATEWAYS)
    assert (named in doubt, bool(doubt)) == (True, bool(named))
    assert "interface-name" in PROFILE_TEXT


HIGHER = "type=ethernet\nautoconnect-priority=10\n"


@pytest.mark.parametrize(
    ("ours", "other", "named"),
    [
        ("", HIGHER, "other.nmconnection has a higher autoconnect-priority"),
        ("", HIGHER + "interface-name=eth0\n", ""),
        ("", HIGHER + "[ethernet]\nmac-address=02:00:00:00:00:09\n", ""),
        ("", HIGHER.replace("ethernet", "wifi"), ""),
        ("", HIGHER + "autoconnect=false\n", ""),
        ("autoconnect-priority=10\n", HIGHER, ""),
        ("permissions=user:ops:;\n", "", "waits for that user to log in"),
    ],
)
def test_a_profile_that_another_one_or_a_log_in_decides_about(tmp_path, ours, other, named):
    system = System(tmp_path, "networkmanager")
    system.put(PROFILE, "[connection]\nid=a\ntype=ethernet\ninterface-name=idc0\n" + ours)
    if other:
        system.put(PROFILE.replace("idc0", "other"), "[connection]\nid=b\n" + other)
    doubt = backends(system, "networkmanager").doubt(PROFILE, "idc0", GATEWAYS)
    assert (named in doubt, bool(doubt)) == (True, bool(named))


@pytest.mark.parametrize(
    ("name", "match", "named"),
    [
        ("10-any.network", "Name=idc*\n", "/etc/systemd/network/10-any.network is for idc0 too"),
        ("10-any.network", "Name=eth0 idc0\n", "10-any.network"),
        ("10-any.network", "Name=idc*\nMACAddress=02:00:00:00:00:09\n", ""),
        ("10-any.network", "Type=ether\n", ""),
        ("10-any.network", "Name=eth*\n", ""),
        ("30-any.network", "Name=idc*\n", ""),
    ],
)
def test_networkd_takes_the_first_file_at_boot(tmp_path, name, match, named):
    system = System(tmp_path)
    system.put(NETWORK, "[Match]\nName=idc0\n")
    system.put(f"/etc/systemd/network/{name}", "[Match]\n" + match)
    doubt = backends(system, "networkd").doubt(NETWORK + ".d/ack-edge.conf", "idc0", GATEWAYS)
    assert (named in doubt, bool(doubt)) == (True, bool(named))


@pytest.mark.parametrize(("manager", "doubt"), [("network_scripts", True), ("network_scripts_networkmanager", False)])
def test_ifup_sets_no_routes_where_its_file_says_so(tmp_path, manager, doubt):
    system = System(tmp_path, manager)
    system.put("/etc/sysconfig/network-scripts/ifcfg-idc0", "DEVICE=idc0\nNOROUTESET=yes\n")
    path = "/etc/sysconfig/network-scripts/route-idc0"
    assert ("NOROUTESET" in backends(system, "network_scripts").doubt(path, "idc0", GATEWAYS)) is doubt


@pytest.mark.parametrize("manager", ["networkmanager", "networkd", "ifupdown"])
@pytest.mark.parametrize("state", ["disabled", "masked", "enabled-runtime"])
def test_a_manager_that_does_not_start_at_boot(tmp_path, manager, state):
    system = System(tmp_path, manager)
    system.enabled = state
    (verdict,) = run(system, routes=["100.118.28.0/24"], gateway="10.99.0.253")["results"]
    off = state != "enabled-runtime"
    assert verdict["status"] == ("warn" if off else "pass")
    assert not off or (f"is {state}" in verdict["summary"] and "systemctl enable" in verdict["remedy"])


@pytest.mark.parametrize(
    ("card", "files", "named"),
    [
        ("idc0", {}, "no known manager or unit brings idc0 up at boot"),
        ("idc0", {"/etc/rc.local": "ip link set idc0 up\n"}, ""),
        ("idc0", {"/etc/rc.local": "ip link set idc01 up\n"}, "brings idc0 up"),
        ("idc0", {"/etc/systemd/system/cards.service": "[Service]\nExecStart=/sbin/ip link set idc0 up\n"}, ""),
        ("idc0", {"/etc/systemd/system/ack-edge-routes.service": "route replace 10.0.0.0/8 dev idc0\n"}, "brings idc0"),
        # A bridge, or the end of a tunnel: whoever makes it brings it up.
        ("", {}, ""),
    ],
)
def test_a_card_that_nobody_brings_up(tmp_path, card, files, named):
    system = System(tmp_path, "")
    for path, text in ({f"/sys/class/net/{card}/device/uevent": ""} if card else {}).items() | files.items():
        system.put(path, text)
    doubt = backends(system, "systemd_unit").doubt("", "idc0", GATEWAYS)
    assert (named in doubt, bool(doubt)) == (True, bool(named))
