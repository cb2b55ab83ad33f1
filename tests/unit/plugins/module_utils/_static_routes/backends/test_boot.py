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
        ("[Link]\nUnmanaged=t\n", "Unmanaged=t"),
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
        (["idc0", "eth0"], "[match]\ninterface-name=*;\n", "on another (eth0)"),
        (["idc0", "eth0"], "[match]\ninterface-name=*;!eth0;\n", ""),
        (["idc0", "eth0"], "[match]\npath=pci-0000:02:00.0\n", ""),
        (["idc0", "eth0"], "[ethernet]\ncloned-mac-address=stable\n", "on another (eth0)"),
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
        ("", HIGHER + "autoconnect=off\n", ""),
        ("", HIGHER + "[match]\ninterface-name=|idc*;\n", "other.nmconnection has a higher"),
        ("", HIGHER + "[match]\ninterface-name=eth*;\n", ""),
        ("", HIGHER + "[ethernet]\nmac-address=02:00:00:00:00:AA\n", "other.nmconnection has a higher"),
        ("autoconnect=off\n", "", "has autoconnect=off"),
        ("autoconnect-priority=10\n", HIGHER, ""),
        ("permissions=user:ops:;\n", "", "waits for that user to log in"),
    ],
)
def test_a_profile_that_another_one_or_a_log_in_decides_about(tmp_path, ours, other, named):
    system = System(tmp_path, "networkmanager")
    system.put(PROFILE, "[connection]\nid=a\ntype=ethernet\ninterface-name=idc0\n" + ours)
    system.put("/sys/class/net/idc0/address", "02:00:00:00:00:aa\n")
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
        ("10-any.network", "Name=!eth0 eth1\n", "10-any.network"),
        ("10-any.network", "Name=!eth0 idc0\n", ""),
        ("10-any.network", "Name=idc0\nName=eth0\n", "10-any.network"),
        ("10-any.network", "Name=idc0\nName=\nName=eth0\n", ""),
        ("10-any.network", "Name=idc0\n[Match]\nName=eth0\n", "10-any.network"),
        ("10-any.network", "MACAddress=02:00:00:00:00:08 02:00:00:00:00:AA\n", "10-any.network"),
        ("10-any.network", "Name=eth0\nMACAddress=02:00:00:00:00:aa\n", ""),
        ("10-any.network", "", ""),
        ("30-any.network", "Name=idc*\n", ""),
    ],
)
def test_networkd_takes_the_first_file_at_boot(tmp_path, name, match, named):
    system = System(tmp_path)
    system.put(NETWORK, "[Match]\nName=idc0\n")
    system.put(f"/etc/systemd/network/{name}", "[Match]\n" + match)
    system.put("/sys/class/net/idc0/address", "02:00:00:00:00:aa\n")
    doubt = backends(system, "networkd").doubt(NETWORK + ".d/ack-edge.conf", "idc0", GATEWAYS)
    assert (named in doubt, bool(doubt)) == (True, bool(named))


@pytest.mark.parametrize(("manager", "doubt"), [("network_scripts", True), ("network_scripts_networkmanager", False)])
def test_ifup_sets_no_routes_where_its_file_says_so(tmp_path, manager, doubt):
    system = System(tmp_path, manager)
    system.put("/etc/sysconfig/network-scripts/ifcfg-idc0", "DEVICE=idc0\nNOROUTESET=yes\n")
    path = "/etc/sysconfig/network-scripts/route-idc0"
    assert ("NOROUTESET" in backends(system, "network_scripts").doubt(path, "idc0", GATEWAYS)) is doubt


@pytest.mark.parametrize("text", ["", "NM_CONTROLLED=no\n"])
@pytest.mark.parametrize("manager", ["network_scripts", "network_scripts_networkmanager"])
def test_an_ifcfg_file_that_networkmanager_leaves_alone(tmp_path, manager, text):
    system = System(tmp_path, manager)
    system.put("/etc/sysconfig/network-scripts/ifcfg-idc0", "DEVICE=idc0\n" + text)
    doubt = backends(system, "network_scripts").doubt("/etc/sysconfig/network-scripts/route-idc0", "idc0", GATEWAYS)
    assert ("NM_CONTROLLED=no" in doubt) is (bool(text) and manager != "network_scripts")


@pytest.mark.parametrize("state", ["disabled", "network.service is not a native service\ndisabled", "enabled"])
@pytest.mark.parametrize(
    ("manager", "unit"),
    [
        ("network_scripts", "network"),
        ("network_scripts_networkmanager", "NetworkManager"),
        ("netplan_networkmanager", "NetworkManager"),
        ("netplan", ""),  # whose generator starts networkd
    ],
)
def test_who_reads_a_file_of_others_at_boot(tmp_path, manager, unit, state):
    system = System(tmp_path, manager)
    system.enabled = state
    (verdict,) = run(system, routes=["100.118.28.0/24"], gateway="10.99.0.253")["results"]
    off = bool(unit) and state != "enabled"
    assert verdict["status"] == ("warn" if off else "pass")
    assert not off or verdict["remedy"].startswith(f"systemctl enable {unit}.service")


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
        ("idc0", {"/etc/rc.local": "# ip link set idc0 up\n"}, "brings idc0 up"),
        ("idc0", {"/etc/systemd/system/directory.service/x": "idc0\n"}, "brings idc0 up"),
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


def test_a_link_to_a_unit_that_is_gone_brings_nothing_up(tmp_path):
    system = System(tmp_path, "")
    system.put("/sys/class/net/idc0/device/uevent", "")
    system.put("/etc/systemd/system/x", "")
    (system.root / "etc/systemd/system/gone.service").symlink_to("/lib/systemd/system/gone.service")
    assert "brings idc0 up" in backends(system, "systemd_unit").doubt("", "idc0", GATEWAYS)


class OnlyNetworkManagerStarts(System):
    def _systemctl(self, words, stdin):
        self.enabled = "enabled" if "NetworkManager.service" in words else "disabled"
        return super()._systemctl(words, stdin)


@pytest.mark.parametrize(("text", "named"), [("", ""), ("NM_CONTROLLED=no\n", "network.service is disabled")])
def test_networkmanager_takes_at_boot_what_ifup_holds_now(tmp_path, text, named):
    system = OnlyNetworkManagerStarts(tmp_path, "network_scripts")
    system.put("/etc/sysconfig/network-scripts/ifcfg-idc0", "DEVICE=idc0\n" + text)
    made = backends(system, "network_scripts")
    assert made.doubt("/etc/sysconfig/network-scripts/route-idc0", "idc0", GATEWAYS) == ""
    assert made.off() == named
