# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The interface that ifcfg files hold, and the whole module on them, whoever reads them."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.kernel_routes import route
from fakes.managers import IFCFG, ROUTE_FILE, ROUTE_TEXT, UUID
from fakes.network_scripts import (
    DIRECTORY,
    GIVEN,
    IDC0,
    KEYS,
    OLD_FILE,
    SIX_FILE,
    backend,
    held_by_networkmanager,
)
from fakes.routes import System, run


@pytest.fixture
def system(tmp_path):
    return System(tmp_path, "network_scripts")


def test_networkmanager_holds_it_with_an_ifcfg_profile(system):
    assert backend(system).claim(IDC0) == ""
    path = held_by_networkmanager(system)
    assert backend(system).claim(IDC0) == f"profile {path}, read by NetworkManager"
    system.profiles = {UUID: "/etc/NetworkManager/system-connections/idc0.nmconnection"}
    assert backend(system).claim(IDC0) == ""


def test_the_route_file_has_the_name_of_the_profile(system):
    held_by_networkmanager(system, "System_idc0")
    path = backend(system).locate(IDC0)
    assert path == f"{DIRECTORY}/route-System_idc0"
    six = route("fd01::/64 via fd00:99::1 dev idc0")
    assert backend(system).path_for(path, six) == f"{DIRECTORY}/route6-System_idc0"


def test_without_networkmanager_the_ifcfg_file_decides(system):
    assert backend(system).locate(IDC0) == ROUTE_FILE
    assert backend(system).weak_claim(IDC0) == f"{IFCFG}, read by ifup"
    system.node().remove(IFCFG)
    assert backend(system).weak_claim(IDC0) == ""
    with pytest.raises(NodeError, match=r"has no ifcfg file .* DEVICE=idc0; write one"):
        backend(system).locate(IDC0)
    system.put(f"{DIRECTORY}/ifcfg-leased", "TYPE=Ethernet\n DEVICE='id''c0' # the leased line\n")
    for copy in ("ifcfg-leased.bak", "ifcfg-leased~", "ifcfg-leased.rpmsave", "notes"):
        system.put(f"{DIRECTORY}/{copy}", "DEVICE=idc0\n")
    assert backend(system).locate(IDC0) == f"{DIRECTORY}/route-leased"
    system.put(f"{DIRECTORY}/ifcfg-second", 'DEVICE="idc0"\n')
    with pytest.raises(NodeError, match="not exactly one other file"):
        backend(system).locate(IDC0)


def test_without_an_ifup_nobody_reads_the_ifcfg_file_at_boot(system):
    system.node().remove(f"{DIRECTORY}/ifup-eth")
    assert backend(system).weak_claim(IDC0) == ""
    system.put("/usr/sbin/ifup", "")
    assert backend(system).weak_claim(IDC0) == f"{IFCFG}, read by ifup"


# The whole module.


@pytest.mark.parametrize(
    "text", [None, "", ROUTE_TEXT, KEYS, KEYS.rstrip("\n"), "no newline at the end", "# \udcff\r\n\t\r\n", "\n"]
)
def test_the_whole_module_and_back(system, text):
    system.node().remove(ROUTE_FILE)
    if text is not None:
        system.put(ROUTE_FILE, text)
    before = system.everything()
    assert run(system, **GIVEN)["changed"] is True
    assert system.text(ROUTE_FILE).startswith(text or "")
    assert run(system, **GIVEN)["changed"] is False
    run(system, state="absent")
    if text == "":  # an empty file means nothing to anybody, and nobody can tell that it was there
        assert system.text(ROUTE_FILE) is None
        system.put(ROUTE_FILE, "")
    assert system.everything() == before


def test_each_family_has_its_file(system):
    result = run(
        system, **{**GIVEN, "routes": [*GIVEN["routes"], {"destination": "fd01::/64", "gateway": "fd00:99::1"}]}
    )
    assert [one["data"]["path"] for one in result["results"]] == [ROUTE_FILE, ROUTE_FILE, SIX_FILE]
    assert system.text(SIX_FILE) == "fd01::/64 via fd00:99::1 dev idc0 metric 1024\n"
    run(system, state="absent")
    assert (system.text(SIX_FILE), system.text(ROUTE_FILE)) == (None, ROUTE_TEXT)


def test_a_file_that_has_no_place_is_refused_before_anything_is_changed(system):
    system.put(ROUTE_FILE, "ADDRESS1=198.51.100.0\n")
    before = system.everything()
    with pytest.raises(NodeError, match=f"{ROUTE_FILE}: it has ADDRESS1= and no ADDRESS0="):
        run(system, **GIVEN)
    assert system.everything() == before


@pytest.mark.parametrize("damage", ["taken out", "\r\n", "gateway"])
@pytest.mark.parametrize("text", [ROUTE_TEXT, KEYS])
def test_what_somebody_did_to_our_lines_is_mended(system, text, damage):
    system.put(ROUTE_FILE, text)
    run(system, **GIVEN)
    written = system.text(ROUTE_FILE)
    ours = written[len(text) :]
    broken = {
        "taken out": "".join(
            line for line in ours.splitlines(keepends=True) if "S2=" not in line and "99.73/" not in line
        ),
        "\r\n": ours.replace("\n", "\r\n"),
        "gateway": ours.replace("10.99.0.253", "10.99.0.9"),
    }[damage]
    system.put(ROUTE_FILE, text + broken)
    result = run(system, **GIVEN)
    assert (result["changed"], {one["status"] for one in result["results"]}) == (True, {"pass"})
    now = system.text(ROUTE_FILE)
    assert now.startswith(text)
    assert {line.route for line in backend(system).parse(now, "idc0")} == {
        line.route for line in backend(system).parse(written, "idc0")
    }
    run(system, state="absent")
    # Leftovers of an entry without its ADDRESSn mean nothing, and are not ours to know any more.
    assert system.text(ROUTE_FILE).startswith(text)
    assert "10.99.0.9" not in system.text(ROUTE_FILE).replace("10.99.0.1", "")


@pytest.mark.parametrize(
    "text", ["100.118.28.0/24 via 10.99.0.1\n# end\n", KEYS.replace("198.51.100.0", "100.118.28.0")]
)
def test_a_line_of_the_site_is_taken_over_and_put_back(system, text):
    system.put(ROUTE_FILE, text)
    with pytest.raises(NodeError, match=r"another route to 100\.118\.28\.0/24"):
        run(system, **GIVEN)
    run(system, **GIVEN, takeover=True)
    routes = {line.route.text() for line in backend(system).parse(system.text(ROUTE_FILE), "idc0")}
    assert "100.118.28.0/24 via 10.99.0.253 dev idc0" in routes
    run(system, state="absent")
    found = backend(system).parse(system.text(ROUTE_FILE), "idc0")
    assert {line.raw for line in found} == {line.raw for line in backend(system).parse(text, "idc0")}


def test_a_route_of_the_old_file_is_a_conflict(system):
    system.put(OLD_FILE, "any net 100.118.28.0 netmask 255.255.255.0 gw 10.99.0.1\n")
    with pytest.raises(NodeError, match=r"another route to 100\.118\.28\.0/24"):
        run(system, **GIVEN, takeover=True)


def test_networkmanager_reads_its_profile_again(tmp_path):
    system = System(tmp_path, "network_scripts_networkmanager")
    result = run(system, **GIVEN)
    assert {(one["data"]["backend"], one["status"]) for one in result["results"]} == {("network_scripts", "pass")}
    assert [path for path, _text in system.loaded] == [IFCFG]
    system.loaded.clear()
    run(system, state="absent")
    assert [path for path, _text in system.loaded] == [IFCFG]
    assert system.text(ROUTE_FILE) == ROUTE_TEXT


def test_a_profile_that_networkmanager_does_not_take_is_put_back(tmp_path):
    system = System(tmp_path, "network_scripts_networkmanager")
    system.refuse_load = "yes"
    with pytest.raises(NodeError, match=f"NetworkManager does not load {IFCFG}"):
        run(system, **GIVEN)
    assert system.text(ROUTE_FILE) == ROUTE_TEXT


@pytest.mark.parametrize("left", ["NETMASK1=255.255.0.0\n", "GATEWAY1=10.9.9.9\nNETMASK2=255.0.0.0\n"])
def test_a_leftover_of_the_site_without_its_address_stays(system, left):
    text = f"{left}ADDRESS0=198.51.100.0\nNETMASK0=255.255.255.0\nGATEWAY0=10.99.0.1\n"
    system.put(ROUTE_FILE, text)
    routes = {"gateway": "10.99.0.253", "routes": ["100.103.99.73/32", "100.118.28.0/24"]}
    run(system, **routes)
    assert run(system, **routes)["changed"] is False
    assert "ADDRESS2=100.118.28.0" in system.text(ROUTE_FILE)
    run(system, state="absent")
    assert system.text(ROUTE_FILE) == text
