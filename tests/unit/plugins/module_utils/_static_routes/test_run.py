# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole run on a node in memory: what it does to a set and what it leaves alone."""

from __future__ import annotations

import os

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.managers import DROPIN, HOOK, IFCFG, PROFILE, ROUTE_FILE
from fakes.netplan import GENERATOR
from fakes.routes import MANIFEST, System, run
from fakes.static_routes import (
    GIVEN,
    LIVE,
    MANAGERS,
    clean_text,
    path_of,
    refused,
    statuses,
)


@pytest.fixture(params=MANAGERS)
def system(request, tmp_path):
    return System(tmp_path, request.param)


def test_a_set_is_made_live_and_persisted_and_a_second_run_changes_nothing(system):
    result = run(system, **GIVEN)
    assert (result["changed"], statuses(result)) == (True, ["pass"] * 4)
    assert [one["check"] for one in result["results"]] == [
        "100.103.99.73/32",
        "100.118.28.0/24",
        "fd01::/64",
        "anony.example",
    ]
    assert system.routes() == LIVE
    assert result["diff"]["before"] == ""
    assert "100.103.99.73/32 via 10.99.0.253 dev idc0 (active, persistent)\n" in result["diff"]["after"]
    data = result["results"][0]["data"]
    assert (data["live"], data["persisted"], data["changed"], data["path"]) == (
        "ok",
        "ok",
        ["live", "persisted"],
        path_of(system),
    )
    before = system.everything()
    again = run(system, **GIVEN)
    assert (again["changed"], "diff" in again, again["results"][0]["data"]["changed"]) == (False, False, [])
    assert system.everything() == before


def test_check_mode_says_exactly_what_a_run_does_and_does_nothing(system):
    before = system.everything()
    predicted = run(system, check=True, **GIVEN)
    assert system.everything() == before
    assert statuses(predicted) == ["fail"] * 4
    assert predicted["failed_checks"] == ["100.103.99.73/32", "100.118.28.0/24", "fd01::/64", "anony.example"]
    assert all(one["remedy"] for one in predicted["results"])
    done = run(system, **GIVEN)
    assert (done["changed"], done["diff"]) == (predicted["changed"], predicted["diff"])
    after = system.everything()
    again = run(system, check=True, **GIVEN)
    assert (again["changed"], statuses(again)) == (False, ["pass"] * 4)
    assert system.everything() == after


def test_absent_leaves_the_node_as_it_was(system):
    before = system.everything()
    run(system, **GIVEN)
    predicted = run(system, check=True, state="absent")
    assert (predicted["changed"], statuses(predicted)) == (True, ["fail"] * 4)
    result = run(system, state="absent")
    assert (result["changed"], statuses(result), result["diff"]) == (True, ["pass"] * 4, predicted["diff"])
    assert system.everything() == before
    again = run(system, state="absent")
    assert (again["changed"], again["results"]) == (False, [])


def test_absent_needs_neither_the_interface_nor_good_input(system):
    run(system, **GIVEN)
    del system.links["idc0"]
    system.kernel = [entry for entry in system.kernel if entry.get("dev") != "idc0"]
    system.devices = []
    assert run(system, state="absent", routes=["nonsense"], gateway="nonsense")["changed"] is True
    assert system.text(path_of(system)) == clean_text(system)
    assert system.text(MANIFEST) is None


def test_no_network_service_is_ever_restarted_reloaded_or_applied(system):
    run(system, **GIVEN)
    run(system, **{**GIVEN, "gateway": "10.99.0.9"})
    run(system, state="absent")
    harmless = {
        ("ip", "address", "show"),
        ("nmcli", "-t", "-f", "DEVICE,STATE,CON-UUID", "device"),
        ("nmcli", "-t", "-f", "UUID,FILENAME", "connection", "show"),
        ("nmcli", "connection", "load", PROFILE),
        ("nmcli", "connection", "load", IFCFG),
        ("systemctl", "is-active", "--quiet", "systemd-networkd.service"),
        ("systemctl", "--version"),
        *(
            ("systemctl", "is-enabled", f"{unit}.service")
            for unit in ("NetworkManager", "systemd-networkd", "networking", "network")
        ),
        ("nmcli", "--version"),
    }
    for family in ("-4", "-6"):
        harmless |= {("ip", family, "-batch", "-"), ("ip", family, "route", "show", "table", "all")}
        harmless |= {("ip", family, "rule", "show")}
    # The generator of netplan is a fake that wants a scratch root.
    assert {tuple(argv) for argv in system.log if argv[0] != GENERATOR} <= harmless


def test_a_thousand_routes_are_one_batch(system):
    routes = [f"100.{64 + number // 256}.{number % 256}.0/24" for number in range(1000)]
    result = run(system, gateway="10.99.0.253", routes=routes)
    assert statuses(result) == ["pass"] * 1000
    assert sum("-batch" in argv for argv in system.log) == 1
    assert len(system.log) < 18


def test_each_fact_is_mended_alone(system):
    run(system, **GIVEN)
    system.kernel = [entry for entry in system.kernel if entry["dst"] != "100.118.28.0/24"]
    text = system.text(path_of(system))
    system.put(
        path_of(system),
        text.replace("100.103.99.73/32", "100.103.99.74/32"),
        0o755 if path_of(system) == HOOK else 0o644,
    )
    result = run(system, **GIVEN)
    changed = {one["check"]: one["data"]["changed"] for one in result["results"][:3]}
    assert changed == {"100.103.99.73/32": ["persisted"], "100.118.28.0/24": ["live"], "fd01::/64": []}
    assert system.routes() == LIVE
    if path_of(system) not in (
        PROFILE,
        ROUTE_FILE,
    ):  # in a file of the site the line of another destination is not ours
        assert system.text(path_of(system)) == text


def test_a_changed_set_takes_out_what_left_it(system):
    run(system, **GIVEN)
    result = run(system, **{**GIVEN, "routes": ["100.103.99.73/32"], "gateway": "10.99.0.9"})
    assert system.routes() == ["100.103.99.73 via 10.99.0.9 dev idc0", "100.64.0.9 via 10.99.0.9 dev idc0"]
    assert "100.103.99.73/32: via 10.99.0.253 dev idc0\n" in result["diff"]["before"]
    assert (
        run(
            system, **{**GIVEN, "routes": [{"destination": "100.103.99.73/32", "comment": ""}], "gateway": "10.99.0.9"}
        )["changed"]
        is False
    )


def test_an_empty_set_is_an_absent_one(system):
    run(system, **GIVEN)
    assert run(system, routes=[], prune=True)["changed"] is True
    assert (system.routes(), system.text(MANIFEST)) == ([], None)


def test_two_sets_stand_side_by_side(system):
    run(system, **GIVEN)
    before = system.everything()
    other = {"name": "site", "gateway": "10.99.0.253", "routes": ["198.18.0.0/24", "100.118.28.0/24"]}
    with pytest.raises(NodeError, match=r"another route to"):
        run(system, **other)  # its route has another MTU than the first set's
    other["routes"] = ["198.18.0.0/24", "100.103.99.73/32"]
    assert run(system, **other)["changed"] is True
    assert run(system, **GIVEN)["changed"] is False
    run(system, name="site", state="absent")
    assert system.everything() == before


def test_foreign_routes_and_lines_stay(system):
    system.kernel.append({"dst": "198.51.100.0/24", "gateway": "10.99.0.1", "dev": "idc0", "flags": []})
    run(system, **GIVEN)
    run(system, state="absent")
    assert system.routes() == ["198.51.100.0/24 via 10.99.0.1 dev idc0"]


def test_an_equal_live_route_is_adopted_and_stays(system):
    there = {"dst": "100.103.99.73", "gateway": "10.99.0.253", "dev": "idc0", "protocol": "boot", "flags": []}
    system.kernel.append(there)
    result = run(system, **GIVEN)
    assert (result["results"][0]["data"]["adopted"], result["results"][0]["data"]["changed"]) == (
        ["live"],
        ["persisted"],
    )
    assert run(system, **GIVEN)["changed"] is False
    result = run(system, state="absent")
    assert there in system.kernel
    assert "was there before and stays active" in next(
        one["summary"] for one in result["results"] if one["check"] == "100.103.99.73/32"
    )


def test_a_foreign_route_is_a_conflict_and_nothing_is_changed(system):
    system.kernel.append({"dst": "100.118.28.0/24", "gateway": "10.99.0.1", "dev": "idc0", "metric": 100, "flags": []})
    error = refused(system)
    assert "another route to 100.118.28.0/24 exists (via 10.99.0.1 dev idc0, metric 100)" in str(error)
    assert [one["status"] for one in error.verdicts] == ["fail"] * 4


def test_a_strict_umask_does_not_hide_the_drop_in_from_networkd(tmp_path):
    system = System(tmp_path, "networkd")
    before = os.umask(0o077)
    try:
        run(system, **GIVEN)
    finally:
        os.umask(before)
    modes = {path: (tmp_path / path).stat().st_mode & 0o777 for path in (DROPIN[1:], DROPIN.rpartition("/")[0][1:])}
    assert list(modes.values()) == [0o644, 0o755]


def test_an_adopted_route_is_ours_once_a_restart_has_brought_it_back(system):
    system.put("/proc/sys/kernel/random/boot_id", "one\n")
    system.kernel.append({"dst": "100.103.99.73", "gateway": "10.99.0.253", "dev": "idc0", "flags": []})
    run(system, **GIVEN)
    system.put("/proc/sys/kernel/random/boot_id", "two\n")
    run(system, state="absent")
    assert system.routes() == []


def test_the_last_set_takes_away_the_directory_that_the_first_one_made(tmp_path):
    system = System(tmp_path, "networkd")
    before = system.everything()
    other = {"name": "site", "gateway": "10.99.0.253", "routes": ["198.18.0.0/24"]}
    for given in (GIVEN, other, {"state": "absent"}, {"state": "absent", "name": "site"}):
        run(system, **given)
    assert system.everything() == before


def test_what_else_lives_in_a_destination_is_said(system):
    system.links["tailscale0"] = (9, ["100.101.102.103/32"])
    result = run(system, gateway="10.99.0.253", routes=["100.64.0.0/10", "100.103.99.73/32"])
    assert statuses(result) == ["warn", "pass"]
    assert "tailscale0 has 100.101.102.103" in result["results"][0]["summary"]
    assert "Tailscale drops" in result["results"][0]["remedy"]


def test_a_kernel_without_ipv6_has_no_ipv6_routes(system):
    system.links["lo"], system.links["idc0"] = (1, ["127.0.0.1/8"]), (3, ["10.99.0.11/24"])
    system.no_ipv6 = True
    assert run(system, gateway="10.99.0.253", routes=["100.103.99.73/32"])["changed"] is True


def drifted(result):
    return [one["check"] for one in result["results"] if one["data"].get("drift")]


def test_what_others_took_out_since_the_last_run_is_drift(system):
    assert drifted(run(system, check=True, **GIVEN)) == []
    run(system, **GIVEN)
    assert drifted(run(system, check=True, **GIVEN)) == []
    system.kernel = [entry for entry in system.kernel if entry["dst"] not in ("100.118.28.0/24", "100.64.0.9")]
    found = run(system, check=True, **GIVEN)
    assert drifted(found) == ["100.118.28.0/24", "anony.example"]
    # What the input asks for anew is nobody's doing, nor is what it asks for in another way.
    more = {**GIVEN, "routes": [*GIVEN["routes"], {"destination": "100.119.0.0/16"}]}
    assert drifted(run(system, check=True, **more)) == ["100.118.28.0/24", "anony.example"]
    assert drifted(run(system, check=True, **{**GIVEN, "gateway": "10.99.0.9"})) == []
    assert drifted(run(system, **GIVEN)) == []


@pytest.mark.parametrize(("metric", "status"), [(100, "warn"), (500, "pass"), (900, "pass")])
def test_a_route_of_others_with_a_lower_metric_goes_first(system, metric, status):
    system.kernel.append({"dst": "100.64.0.0/10", "gateway": "10.99.0.9", "dev": "idc0", "metric": metric, "flags": []})
    given = {"routes": [{"destination": "100.64.0.0/10", "metric": 600 if metric < 500 else 400}]}
    (verdict,) = run(system, gateway="10.99.0.253", **given)["results"]
    assert (verdict["status"], f"whose metric {metric} is lower" in verdict["summary"]) == (status, status == "warn")
