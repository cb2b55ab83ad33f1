# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Managers of old releases: what they cannot bring back is refused by name and version, all else is as ever."""

from __future__ import annotations

import pytest
from fakes.managers import DROPIN, IFCFG, PROFILE, UNIT, UUID
from fakes.netplan import KEYFILE
from fakes.routes import System, run
from fakes.static_routes import GIVEN, refused

ROUTE = {"destination": "100.103.99.73/32", "gateway": "10.99.0.253", "interface": "idc0"}
ONE = {**GIVEN, "resolve": [], "answers": {}}
OLD = "\nGatewayOnLink="


def given(**more):
    return {**ONE, "routes": [{**ROUTE, **more}]}


@pytest.mark.parametrize(
    ("release", "more", "said"),
    [
        ("229", {}, "systemd-networkd 229 does not read drop-ins of .network files; 232 is the first"),
        ("237", {"mtu": 1400}, "systemd-networkd 237 ignores mtu of a route; 239 is the first version that reads it"),
        ("233", {"mtu": 1400, "onlink": True}, "systemd-networkd 233 ignores mtu and onlink of a route; 239 is"),
    ],
)
def test_what_an_old_networkd_would_not_read_is_refused_before_a_change(tmp_path, release, more, said):
    system = System(tmp_path, "networkd")
    system.systemd = release
    before = system.everything()
    error = refused(system, **given(**more))
    assert said in str(error)
    assert "systemd_unit" in str(error)
    assert system.everything() == before


@pytest.mark.parametrize("release", ["229", "219"])
def test_the_unit_that_the_refusal_names_serves_an_old_networkd(tmp_path, release):
    system = System(tmp_path, "networkd")
    system.systemd = release
    system.put("/run/systemd/system/.keep", "")
    assert [one["status"] for one in run(system, backend="systemd_unit", **given(mtu=1400))["results"]] == ["pass"]
    assert "route replace 100.103.99.73/32" in system.text(UNIT)


@pytest.mark.parametrize(("release", "more"), [("234", {"onlink": True}), ("239", {"mtu": 1400}), ("232", {})])
def test_the_first_networkd_that_reads_it_gets_it(tmp_path, release, more):
    system = System(tmp_path, "networkd")
    system.systemd = release
    assert [one["status"] for one in run(system, **given(**more))["results"]] == ["pass"]
    assert not run(system, **given(**more))["changed"]


def test_a_file_of_an_earlier_version_of_ours_that_is_read_all_the_same_stays(tmp_path):
    system = System(tmp_path, "networkd")
    run(system, **given(onlink=True))
    text = system.text(DROPIN)
    assert "\nGatewayOnlink=yes\n" in text
    system.put(DROPIN, text.replace("\nGatewayOnlink=", OLD))
    result = run(system, **given(onlink=True))
    assert (result["changed"], result["results"][0]["status"]) == (False, "pass")
    assert OLD in system.text(DROPIN)


def test_the_spelling_that_an_older_networkd_does_not_know_is_written_anew(tmp_path):
    system = System(tmp_path, "networkd")
    run(system, **given(onlink=True))
    text = system.text(DROPIN)
    system.systemd = "237"
    system.put(DROPIN, text.replace("\nGatewayOnlink=", OLD))
    assert run(system, **given(onlink=True), check=True)["results"][0]["status"] == "fail"
    assert run(system, **given(onlink=True))["changed"]
    assert system.text(DROPIN) == text


def test_a_route_that_is_written_already_is_not_called_persistent_where_it_is_not_read(tmp_path):
    system = System(tmp_path, "networkd")
    run(system, **given(mtu=1400))
    system.systemd = "237"
    result = run(system, **given(mtu=1400))
    assert (result["changed"], result["results"][0]["status"]) == (False, "warn")
    assert "will not be active after a reboot: systemd-networkd 237 ignores mtu" in result["results"][0]["summary"]
    assert "systemd_unit" in result["results"][0]["remedy"]


@pytest.mark.parametrize(
    ("release", "more", "said"),
    [
        (
            "1.8.0",
            {"table": 100},
            "NetworkManager 1.8.0 ignores table of a route; 1.10 is the first version that reads it",
        ),
        (
            "1.10.2",
            {"onlink": True},
            "NetworkManager 1.10.2 ignores onlink of a route; 1.12 is the first version that reads it",
        ),
    ],
)
@pytest.mark.parametrize("manager", ["networkmanager", "network_scripts_networkmanager", "netplan_networkmanager"])
def test_what_an_old_networkmanager_would_not_read_is_refused(tmp_path, manager, release, more, said):
    system = System(tmp_path, manager)
    system.networkmanager = release
    if manager == "netplan_networkmanager":
        system.put(KEYFILE, "[connection]\nid=netplan-idc0\ntype=ethernet\ninterface-name=idc0\n")
    before = system.everything()
    assert said in str(refused(system, **given(**more)))
    assert system.everything() == before


@pytest.mark.parametrize("manager", ["networkmanager", "network_scripts_networkmanager"])
@pytest.mark.parametrize("release", ["1.8.0", "1.10.2"])
def test_a_networkmanager_that_names_no_files_has_its_profiles_found_by_their_uuid(tmp_path, manager, release):
    system = System(tmp_path, manager)
    system.networkmanager = release
    if manager != "networkmanager":
        system.put(IFCFG, f'DEVICE="idc0"\nUUID="{UUID}"\nONBOOT=yes\n')
    result = run(system, **given())
    assert [one["status"] for one in result["results"]] == ["pass"]
    assert system.loaded[-1][0] == (PROFILE if manager == "networkmanager" else IFCFG)


def test_an_ifcfg_file_without_uuid_is_found_by_its_device(tmp_path):
    system = System(tmp_path, "network_scripts_networkmanager")
    system.networkmanager = "1.8.0"
    assert [one["status"] for one in run(system, **given())["results"]] == ["pass"]


def test_a_profile_of_an_old_networkmanager_that_is_in_no_file_is_refused_as_ever(tmp_path):
    system = System(tmp_path, "networkmanager")
    system.networkmanager = "1.10.2"
    (tmp_path / PROFILE.lstrip("/")).unlink()
    assert "is kept in memory only" in str(refused(system, **given()))


@pytest.mark.parametrize("path", ["", "/run/NetworkManager/system-connections/idc0.nmconnection"])
def test_what_others_set_up_is_not_networkmanagers_where_it_calls_it_connected(tmp_path, path):
    # As before 1.26: a bridge, or what rc.local made, has the state of any other.
    system = System(tmp_path, "")
    system.devices, system.profiles, system.made_up = [f"idc0:connected:{UUID}"], {UUID: path}, {UUID: "idc0"}
    system.put("/run/systemd/system/.keep", "")
    assert [one["status"] for one in run(system, **given())["results"]] == ["pass"]
    assert system.text(UNIT)


def test_a_profile_that_somebody_keeps_in_run_is_refused_as_ever(tmp_path):
    system = System(tmp_path, "")
    path = "/run/NetworkManager/system-connections/idc0.nmconnection"
    system.devices, system.profiles = [f"idc0:connected:{UUID}"], {UUID: path}
    assert f"the profile of interface idc0 is {path}" in str(refused(system, **given()))
