# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A set whose routes move to another interface, profile or manager: no line of ours stays where they were."""

from __future__ import annotations

import pytest
from fakes.killed import Killed
from fakes.managers import IFCFG, PROFILE, PROFILE_TEXT, ROUTE_FILE, UUID
from fakes.routes import System, run

ROUTES = ["100.103.99.73/32", {"destination": "100.118.28.0/24", "mtu": 1400}]
FIRST = {"gateway": "10.99.0.253", "routes": ROUTES}
SECOND = {"gateway": "10.50.0.253", "routes": ROUTES}
ABSENT = {"state": "absent"}
SECOND_UUID = UUID.replace("42", "43")
SECOND_PROFILE = PROFILE.replace("idc0", "second")
SECOND_TEXT = PROFILE_TEXT.replace("idc0", "idc1").replace("10.99.0", "10.50.0").replace(UUID, SECOND_UUID)


def two_lines(path, manager):
    """Return a node with a second interface idc1 of the same manager."""
    system = System(path, manager)
    system.links["idc1"] = (4, ["10.50.0.11/24"])
    system.kernel.append(
        {"dst": "10.50.0.0/24", "dev": "idc1", "protocol": "kernel", "scope": "link", "prefsrc": "10.50.0.11"}
    )
    if manager == "networkmanager":
        system.put(SECOND_PROFILE, SECOND_TEXT, 0o600)
        system.devices.append(f"idc1:connected:{SECOND_UUID}")
        system.profiles[SECOND_UUID] = SECOND_PROFILE
        return system, PROFILE, SECOND_PROFILE
    system.put(IFCFG.replace("idc0", "idc1"), "DEVICE=idc1\nONBOOT=yes\n")
    return system, ROUTE_FILE, ROUTE_FILE.replace("idc0", "idc1")


@pytest.mark.parametrize("timeout", [0, 30])
@pytest.mark.parametrize("manager", ["networkmanager", "network_scripts"])
def test_to_another_interface_and_back_to_nothing(tmp_path, manager, timeout):
    system, old, new = two_lines(tmp_path, manager)
    clean, text = system.everything(), system.text(old)
    run(system, **FIRST)
    predicted = run(system, check=True, **SECOND)
    result = run(system, **SECOND, confirm_timeout=timeout)
    assert result["diff"] == predicted["diff"]
    if timeout:
        run(system, **SECOND, confirm_timeout=timeout, confirm=result["awaiting_confirmation"]["token"])
    assert system.text(old) == text
    assert "10.50.0.253" in system.text(new)
    assert run(system, **SECOND)["changed"] is False
    assert manager != "networkmanager" or {PROFILE, SECOND_PROFILE} <= {path for path, _text in system.loaded}
    run(system, **ABSENT)
    assert system.everything() == clean


@pytest.mark.parametrize("manager", ["networkmanager", "network_scripts"])
def test_killed_anywhere_on_the_way(tmp_path, manager):
    system, _old, _new = two_lines(tmp_path / "straight", manager)
    clean = system.everything()
    run(system, **FIRST)
    system.changes = 0
    run(system, **SECOND)
    total, expected = system.changes, system.everything()
    assert total > 5
    for number in range(1, total + 1):
        system, _old, _new = two_lines(tmp_path / str(number), manager)
        run(system, **FIRST)
        system.changes, system.kill_at = 0, number
        with pytest.raises(Killed):
            run(system, **SECOND)
        system.kill_at = None
        run(system, **SECOND)
        assert system.everything() == expected, f"killed at change {number} of {total}"
        run(system, **ABSENT)
        assert system.everything() == clean, f"killed at change {number} of {total}"


def test_to_another_profile_of_the_same_interface(tmp_path):
    system = System(tmp_path, "networkmanager")
    other = PROFILE.replace("idc0", "leased")
    system.put(other, PROFILE_TEXT.replace(UUID, SECOND_UUID), 0o600)
    clean = system.everything()
    run(system, **FIRST)
    system.devices[0], system.profiles = f"idc0:connected:{SECOND_UUID}", {UUID: PROFILE, SECOND_UUID: other}
    assert run(system, **FIRST)["changed"] is True
    assert (system.text(PROFILE), system.text(other) != system.text(PROFILE)) == (PROFILE_TEXT, True)
    run(system, **ABSENT)
    assert system.everything() == clean


@pytest.mark.parametrize("runs", [True, False])
def test_from_networkmanager_to_networkd_in_an_image(tmp_path, runs):
    """The keyfiles were left behind; whether NetworkManager still runs is all the same."""
    system = System(tmp_path, "networkmanager")
    system.put("/etc/systemd/network/em1.network", "[Match]\nName=idc0\n")
    clean = system.everything()
    given = {**FIRST, "live": False, "interface": "idc0"}
    run(system, **given, backend="networkmanager")
    if not runs:
        system.devices, system.profiles = [], {}
        system.loaded.clear()
        system.refuse_load = "it is not there"
    assert run(system, **given, backend="networkd")["changed"] is True
    assert (system.text(PROFILE), bool(system.loaded)) == (PROFILE_TEXT, runs)
    run(system, **ABSENT, live=False)
    assert system.everything() == clean


@pytest.mark.parametrize(
    ("ours", "others", "said"),
    [
        ("autoconnect=false\n", "autoconnect-priority=10\n", "idc0.nmconnection has autoconnect=false, so"),
        ("", "autoconnect-priority=10\n", "leased.nmconnection has a higher autoconnect-priority, so"),
        ("autoconnect-priority=-5\n", "", "leased.nmconnection has a higher autoconnect-priority, so"),
        ("autoconnect=false\n", "interface-name=eth9\n", "idc0.nmconnection has autoconnect=false, so"),
    ],
)
@pytest.mark.parametrize("live", [True, False])
def test_a_profile_that_a_reboot_does_not_bring_up_is_a_warning(tmp_path, ours, others, said, live):
    system = System(tmp_path, "networkmanager")
    system.put(PROFILE, PROFILE_TEXT.replace("\n\n[ipv4]", f"\n{ours}\n[ipv4]"), 0o600)
    text = PROFILE_TEXT.replace(UUID, SECOND_UUID).replace("\n\n[ipv4]", f"\n{others}\n[ipv4]")
    system.put(PROFILE.replace("idc0", "leased"), text, 0o600)
    how = {} if live else {"live": False, "backend": "networkmanager", "interface": "idc0"}
    for result in (run(system, **FIRST, **how), run(system, check=True, **FIRST, **how)):
        assert {one["status"] for one in result["results"]} == {"warn"}
        summary = result["results"][0]["summary"]
        assert said in summary and "after a reboot" in summary and "after a restart" not in summary
        assert "connection.autoconnect yes" in result["results"][0]["remedy"]


@pytest.mark.parametrize("others", ["autoconnect=false\nautoconnect-priority=10\n", "autoconnect-priority=x\n", ""])
def test_a_profile_that_rivals_ours_in_vain_is_none(tmp_path, others):
    system = System(tmp_path, "networkmanager")
    text = PROFILE_TEXT.replace(UUID, SECOND_UUID).replace("\n\n[ipv4]", f"\n{others}\n[ipv4]")
    system.put(PROFILE.replace("idc0", "leased"), text, 0o600)
    assert {one["status"] for one in run(system, **FIRST)["results"]} == {"pass"}


# Network case 35: the site renames or migrates a profile, our lines in it.
@pytest.mark.parametrize("between", [False, True])
def test_lines_that_the_site_has_moved_to_another_file_stay_ours(tmp_path, between):
    system = System(tmp_path, "networkmanager")
    text = system.text(PROFILE)
    run(system, **FIRST)
    system.put(SECOND_PROFILE, system.text(PROFILE), 0o600)
    (system.root / PROFILE.lstrip("/")).unlink()
    system.profiles = {UUID: SECOND_PROFILE}
    if between:
        result = run(system, **FIRST)
        assert [one["data"]["adopted"] for one in result["results"]] == [[], []]
        assert run(system, **FIRST)["changed"] is False
    run(system, **ABSENT)
    assert system.text(SECOND_PROFILE) == text
    assert system.text(PROFILE) is None


# The way that a profile of two cards is refused with names: clone it, so that our lines are in both.
@pytest.mark.parametrize("between", [False, True])
@pytest.mark.parametrize("active", [False, True])
def test_lines_that_the_site_has_copied_go_with_ours(tmp_path, between, active):
    system = System(tmp_path, "networkmanager")
    text = system.text(PROFILE)
    run(system, **FIRST)
    clone = PROFILE.replace("idc0", "clone")
    system.put(clone, system.text(PROFILE).replace(UUID, SECOND_UUID), 0o600)
    if active:
        system.devices[0], system.profiles = f"idc0:connected:{SECOND_UUID}", {UUID: PROFILE, SECOND_UUID: clone}
    if between:
        run(system, **FIRST)
        assert (system.text(PROFILE) == text) is active
    run(system, **ABSENT)
    assert [system.text(PROFILE), system.text(clone)] == [text, text.replace(UUID, SECOND_UUID)]
