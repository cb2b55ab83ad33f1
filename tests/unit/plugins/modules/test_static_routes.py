# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole module on a node in memory: what it does, what it refuses, and what is left when it is killed."""

from __future__ import annotations

import json
import os

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.modules import static_routes
from helpers_netplan import GENERATOR, YAML
from helpers_routes import (
    DROPIN,
    HOOK,
    IFCFG,
    MANIFEST,
    PROFILE,
    PROFILE_TEXT,
    ROUTE_FILE,
    ROUTE_TEXT,
    Killed,
    System,
    run,
)

MANAGERS = {
    "networkmanager": PROFILE,
    "networkd": DROPIN,
    "ifupdown": HOOK,
    "netplan": YAML,
    "network_scripts": ROUTE_FILE,
    "network_scripts_networkmanager": ROUTE_FILE,
}
GIVEN = {
    "gateway": "10.99.0.253",
    "routes": [
        {"destination": "100.103.99.73/32", "comment": "registry"},
        {"destination": "100.118.28.0/24", "mtu": 1400},
        {"destination": "fd01::/64", "gateway": "fd00:99::1"},
    ],
    "resolve": ["anony.example"],
    "answers": {"anony.example": ["100.64.0.9"]},
}
LIVE = [
    "100.103.99.73 via 10.99.0.253 dev idc0",
    "100.118.28.0/24 via 10.99.0.253 dev idc0",
    "100.64.0.9 via 10.99.0.253 dev idc0",
    "fd01::/64 via fd00:99::1 dev idc0",
]


@pytest.fixture(params=MANAGERS)
def system(request, tmp_path):
    return System(tmp_path, request.param)


def path_of(system):
    return MANAGERS[system.manager]


def statuses(result):
    return [one["status"] for one in result["results"]]


def refused(system, **given):
    before = system.everything()
    with pytest.raises(static_routes.Refused) as caught:
        run(system, **{**GIVEN, **given})
    assert system.everything() == before
    return caught.value


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
    assert "100.103.99.73/32 via 10.99.0.253 dev idc0 (live, persisted)\n" in result["diff"]["after"]
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
    with pytest.raises(static_routes.Refused, match=r"(by|of) somebody else"):
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
    assert "was there before and stays live" in next(
        one["summary"] for one in result["results"] if one["check"] == "100.103.99.73/32"
    )


def test_a_foreign_route_is_a_conflict_and_nothing_is_changed(system):
    system.kernel.append({"dst": "100.118.28.0/24", "gateway": "10.99.0.1", "dev": "idc0", "metric": 100, "flags": []})
    error = refused(system)
    assert "100.118.28.0/24 is routed via 10.99.0.1 dev idc0 by somebody else (metric 100)" in str(error)
    assert [one["status"] for one in error.verdicts] == ["fail"] * 4


def test_bad_input_is_one_message_and_a_result_for_each_entry(system):
    error = refused(system, interface="idc9", routes=["100.103.99.73/24", "100.118.28.0/24"], protect=["x"])
    assert str(error).startswith("3 problems, nothing was changed:\n- protect[0]")
    assert [one["status"] for one in error.verdicts] == ["fail", "skipped", "skipped"]
    assert "has host bits set" in error.verdicts[0]["summary"]


def test_no_manager_is_an_error_before_anything_is_changed(tmp_path):
    assert "idc0 is managed by none of the known managers" in str(refused(System(tmp_path, "")))


GUARD = {"routes": ["198.51.100.0/24"], "resolve": [], "answers": {}}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"peers": ["198.51.100.9"]}, "198.51.100.9, the controller"),
        ({"protect": ["198.51.100.9"]}, "198.51.100.9, an address of 'protect'"),
        (
            {"routes": ["192.0.2.53/32"]},
            "192.0.2.53, a nameserver, is reached directly on eth0 now and would be reached via 10.99.0.253",
        ),
        ({"routes": ["192.0.2.0/28"]}, "192.0.2.1, the default gateway"),
    ],
)
def test_the_way_back_is_not_cut_unless_forced(tmp_path, given, said):
    given = {**GUARD, **given}
    system = System(tmp_path)
    assert said in str(refused(system, **given))
    assert run(system, **{**GIVEN, **given, "force": True})["changed"] is True


def test_a_way_that_is_taken_already_is_no_reason_to_refuse(tmp_path):
    system = System(tmp_path)
    run(system, **{**GIVEN, **GUARD}, force=True)
    assert run(system, **{**GIVEN, **GUARD, "peers": ["198.51.100.9"]})["changed"] is False


def test_taking_out_the_way_to_the_controller_is_refused_too(tmp_path):
    system = System(tmp_path)
    run(system, **{**GIVEN, **GUARD})
    assert "would be reached via 192.0.2.1 dev eth0" in str(refused(system, state="absent", peers=["198.51.100.9"]))


def test_taking_out_the_way_to_a_nameserver_is_not(tmp_path):
    system = System(tmp_path)
    system.put("/etc/resolv.conf", "nameserver 100.64.0.53\n")
    assert "100.64.0.53, a nameserver" in str(refused(system, routes=["100.64.0.53/32"], resolve=[], answers={}))
    run(system, **{**GIVEN, "routes": ["100.64.0.53/32"], "resolve": [], "answers": {}, "force": True})
    assert run(system, state="absent")["changed"] is True


@pytest.mark.parametrize(
    ("answers", "earlier", "status", "said"),
    [
        ({"anony.example": OSError(-2, "no such name")}, False, "warn", "does not resolve on this node (no such name)"),
        ({"anony.example": OSError(-2, "no such name")}, True, "warn", "routes to 100.64.0.9/32 of earlier runs stay"),
        ({"anony.example": ["203.0.113.7"]}, False, "warn", "resolves to 203.0.113.7, which is not in resolve_within"),
        ({"anony.example": ["100.103.99.73"]}, False, "pass", "declared routes carry 100.103.99.73"),
    ],
)
def test_what_becomes_of_a_name(system, answers, earlier, status, said):
    if earlier:
        run(system, **GIVEN)
    result = run(system, **{**GIVEN, "answers": answers})
    assert (result["results"][-1]["status"], result["failed_checks"]) == (status, [])
    assert said in result["results"][-1]["summary"]


def test_an_answer_that_moves_does_not_flap(system):
    run(system, **{**GIVEN, "answers": {"anony.example": ["100.64.0.9", "100.64.0.7"]}})
    for addresses in (["100.64.0.7", "100.64.0.9"], ["100.64.0.9"], ["100.64.0.7"]):
        assert run(system, **{**GIVEN, "answers": {"anony.example": addresses}})["changed"] is False
    assert run(system, **{**GIVEN, "answers": {"anony.example": ["100.64.0.1"]}})["changed"] is True
    assert sum(one.startswith("100.64.") for one in system.routes()) == 3


def test_a_refused_route_says_so_and_the_next_run_goes_on(system):
    system.refuse_route = "100.118.28.0/24"
    with pytest.raises(static_routes.Refused, match="Network is unreachable") as caught:
        run(system, **GIVEN)
    assert len(caught.value.verdicts) == 4
    system.refuse_route = ""
    run(system, **GIVEN)
    assert system.routes() == LIVE


def test_a_profile_that_networkmanager_does_not_take_is_put_back(tmp_path):
    system = System(tmp_path, "networkmanager")
    system.refuse_load = "yes"
    with pytest.raises(static_routes.Refused, match="does not take"):
        run(system, **GIVEN)
    assert system.text(PROFILE) == PROFILE_TEXT


def test_a_new_file_that_networkmanager_does_not_take_does_not_stay(tmp_path):
    system = System(tmp_path, "network_scripts_networkmanager")
    system.node().remove(ROUTE_FILE)
    system.refuse_load = "yes"
    with pytest.raises(static_routes.Refused, match="does not take"):
        run(system, **{**GIVEN, "routes": GIVEN["routes"][:2]})
    assert system.text(ROUTE_FILE) is None


def test_a_line_of_ours_that_cannot_be_taken_out_is_an_error_in_words(tmp_path):
    system = System(tmp_path, "network_scripts")
    system.put(ROUTE_FILE, "ADDRESS0=198.51.100.0\nNETMASK0=255.255.255.0\nGATEWAY0=10.99.0.1\n")
    run(system, gateway="10.99.0.253", routes=["100.103.99.73/32"])
    text = system.text(ROUTE_FILE)
    system.put(ROUTE_FILE, text.replace("METRIC1=0", "METRIC1=0 FOO=1"))
    with pytest.raises(static_routes.Refused, match=ROUTE_FILE):
        run(system, state="absent")


def test_a_kernel_that_does_not_keep_what_was_set_is_an_error(tmp_path, monkeypatch):
    system = System(tmp_path)
    monkeypatch.setattr(system, "_one", lambda _words, _family: True)
    with pytest.raises(static_routes.Refused, match="does not hold what was just set") as caught:
        run(system, **GIVEN)
    assert caught.value.verdicts[0]["data"]["live"] == "missing"


def test_a_strict_umask_does_not_hide_the_drop_in_from_networkd(tmp_path):
    system = System(tmp_path, "networkd")
    before = os.umask(0o077)
    try:
        run(system, **GIVEN)
    finally:
        os.umask(before)
    modes = {path: (tmp_path / path).stat().st_mode & 0o777 for path in (DROPIN[1:], DROPIN.rpartition("/")[0][1:])}
    assert list(modes.values()) == [0o644, 0o755]


def test_a_damaged_manifest_is_not_overwritten(tmp_path):
    system = System(tmp_path)
    run(system, **GIVEN)
    document = json.loads(system.text(MANIFEST))
    document["content"]["routes"] = [{"destination": "100.1.0.0/16"}]
    system.put(MANIFEST, json.dumps(document))
    with pytest.raises(NodeError, match="is damaged"):
        run(system, **GIVEN)


def steps(root, manager, before):
    """Return how many changes a run makes after ``before`` has been run."""
    system = System(root, manager)
    for given in before[:-1]:
        run(system, **given)
    system.changes = 0
    run(system, **before[-1])
    return system.changes, system.everything()


OTHER = {
    **GIVEN,
    "gateway": "10.99.0.9",
    "routes": ["100.103.99.73/32", "100.120.0.0/16"],
    "prune": True,
    "answers": {"anony.example": ["100.64.0.7"]},
}


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize(
    "runs", [[GIVEN], [GIVEN, OTHER], [GIVEN, {"state": "absent"}]], ids=["fresh", "change", "absent"]
)
def test_a_run_killed_anywhere_is_mended_by_the_next(tmp_path, manager, runs):
    total, expected = steps(tmp_path / "straight", manager, runs)
    assert total >= 5
    for number in range(1, total + 1):
        system = System(tmp_path / str(number), manager)
        system.kernel.append({"dst": "198.51.100.0/24", "gateway": "10.99.0.1", "dev": "idc0", "flags": []})
        for given in runs[:-1]:
            run(system, **given)
        system.changes, system.kill_at = 0, number
        with pytest.raises(Killed):
            run(system, **runs[-1])
        system.kill_at = None
        run(system, **runs[-1])
        found = system.everything()
        found["kernel"] = [entry for entry in found["kernel"] if "198.51.100.0/24" not in entry]
        assert found == expected, f"killed at change {number} of {total}"
        assert "198.51.100.0/24 via 10.99.0.1 dev idc0" in system.routes()
        assert manager != "networkmanager" or system.loaded[-1] == (PROFILE, system.text(PROFILE))


@pytest.mark.parametrize("manager", MANAGERS)
def test_a_run_killed_anywhere_can_be_taken_back(tmp_path, manager):
    total, _expected = steps(tmp_path / "straight", manager, [GIVEN, OTHER])
    clean = steps(tmp_path / "clean", manager, [GIVEN, {"state": "absent"}])[1]
    for number in range(1, total + 1):
        system = System(tmp_path / str(number), manager)
        run(system, **GIVEN)
        system.changes, system.kill_at = 0, number
        with pytest.raises(Killed):
            run(system, **OTHER)
        system.kill_at = None
        run(system, state="absent")
        assert system.everything() == clean, f"killed at change {number} of {total}"


def test_main_hands_over_results_and_errors(tmp_path, monkeypatch, capsys):
    """Through AnsibleModule itself: what it prints, and that an error carries its results."""
    from ansible.module_utils import basic

    system = System(tmp_path)
    monkeypatch.setattr(static_routes, "Node", system.node)
    good = {"gateway": GIVEN["gateway"], "routes": GIVEN["routes"], "confirm_timeout": 0}
    for given, rc in ((good, 0), ({"routes": [{"destination": "nonsense"}]}, 1), ({"name": "../x"}, 1)):
        monkeypatch.setattr(basic, "_ANSIBLE_ARGS", json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode())
        monkeypatch.setattr(basic, "_ANSIBLE_PROFILE", "legacy", raising=False)
        with pytest.raises(SystemExit) as caught:
            static_routes.main()
        printed = json.loads(capsys.readouterr().out)
        assert (caught.value.code, {"results", "summary", "failed_checks", "msg"} <= set(printed)) == (rc, True)
    assert "name is '../x'" in printed["msg"]


# A change that awaits its confirmation.

DANCE = {**GIVEN, "confirm_timeout": 30}


def confirmed(system, given, **more):
    """Run the module and confirm at once, as its action does; return both results."""
    first = run(system, **{**given, **more})
    token = first.get("awaiting_confirmation", {}).get("token")
    return first, run(system, **{**given, **more, "confirm": token}) if token else None


def test_a_change_is_live_first_and_persisted_when_it_is_confirmed(system):
    clean = system.everything()
    first = run(system, **DANCE)
    assert (first["changed"], first["awaiting_confirmation"]["seconds"]) == (True, 30)
    assert {(one["data"]["live"], one["data"]["persisted"]) for one in first["results"][:3]} == {("ok", "missing")}
    assert system.routes() == LIVE
    assert (system.text(MANIFEST), system.text(path_of(system))) == (None, clean_text(system))
    second = run(system, **DANCE, confirm=first["awaiting_confirmation"]["token"])
    assert (statuses(second), "awaiting_confirmation" in second) == (["pass"] * 4, False)
    assert [one["data"]["changed"] for one in second["results"][:3]] == [["persisted"]] * 3
    assert run(system, **DANCE)["changed"] is False
    assert not (system.root / "run/ack_edge/routes").exists()
    confirmed(system, DANCE, state="absent")
    assert system.everything() == clean


def clean_text(system):
    return {PROFILE: PROFILE_TEXT, ROUTE_FILE: ROUTE_TEXT}.get(path_of(system))


def test_an_unconfirmed_change_leaves_no_trace(system):
    before = system.everything()
    first = run(system, **DANCE)
    system.take_back()
    with pytest.raises(static_routes.Refused, match="taken back by the node") as caught:
        run(system, **DANCE, confirm=first["awaiting_confirmation"]["token"])
    assert [one["status"] for one in caught.value.verdicts] == ["fail"] * 4
    files = {path: what for path, what in system.everything()["files"].items() if not path.startswith("/run/ack_edge")}
    assert (files, system.everything()["kernel"]) == (before["files"], before["kernel"])


def test_an_unconfirmed_removal_or_change_leaves_the_set_as_it_was(system):
    run(system, **GIVEN)
    kernel, text, manifest = system.routes(), system.text(path_of(system)), system.text(MANIFEST)
    for given in ({"state": "absent", "confirm_timeout": 30}, {**OTHER, "confirm_timeout": 30}):
        assert run(system, **given)["changed"] is True
        assert system.routes() != kernel
        system.take_back()
        assert (system.routes(), system.text(path_of(system)), system.text(MANIFEST)) == (kernel, text, manifest)
    assert run(system, **GIVEN)["changed"] is False


def test_where_nothing_live_changes_nobody_has_to_confirm(system):
    run(system, **GIVEN)
    run(system, state="absent")
    for entry in LIVE:
        destination, _via, gateway, _dev, device = entry.split()
        system.kernel.append({"dst": destination, "gateway": gateway, "dev": device, "protocol": "static", "flags": []})
        if destination == "100.118.28.0/24":
            system.kernel[-1]["metrics"] = [{"mtu": 1400}]
    result = run(system, **DANCE)
    assert (result["changed"], "awaiting_confirmation" in result) == (True, False)
    assert statuses(result) == ["pass"] * 4


def test_the_answers_that_were_tried_are_those_that_are_persisted(system):
    first = run(system, **DANCE)
    later = {**DANCE, "answers": {"anony.example": ["100.64.0.77"]}}
    run(system, **later, confirm=first["awaiting_confirmation"]["token"])
    assert system.routes() == LIVE


def test_what_the_kernel_refuses_is_taken_back_at_once(system):
    before = system.everything()
    system.refuse_route = "100.118.28.0/24"
    with pytest.raises(static_routes.Refused, match="Network is unreachable"):
        run(system, **DANCE)
    assert (system.routes(), system.text(MANIFEST), system.everything()["kernel"]) == ([], None, before["kernel"])


def test_who_changes_routes_before_the_confirmation_undoes_it(system):
    first = run(system, **DANCE)
    system.kernel = [entry for entry in system.kernel if entry["dst"] != "100.103.99.73"]
    with pytest.raises(static_routes.Refused, match="taken back by the node"):
        run(system, **DANCE, confirm=first["awaiting_confirmation"]["token"])
    assert (system.routes(), system.text(MANIFEST)) == ([], None)


def test_a_wrong_token_confirms_nothing(system):
    run(system, **DANCE)
    with pytest.raises(static_routes.Refused, match="taken back"):
        run(system, **DANCE, confirm="00")
    assert system.text(MANIFEST) is None


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize(
    "runs", [[GIVEN], [GIVEN, OTHER], [GIVEN, {"state": "absent"}]], ids=["fresh", "change", "absent"]
)
def test_a_confirmed_run_killed_anywhere_is_mended_by_the_next(tmp_path, monkeypatch, manager, runs):
    """At each change of each of the two executions; where the timer was started, it does its work."""
    total, expected = steps(tmp_path / "straight", manager, runs)
    number = 0
    while True:
        number += 1
        system = System(tmp_path / str(number), manager)
        for given in runs[:-1]:
            run(system, **given)
        system.changes, system.kill_at = 0, number
        try:
            confirmed(system, runs[-1], confirm_timeout=30)
            break
        except Killed:
            system.kill_at = None
        for script in list(system.timers):
            system.take_back(script)
        for script in (system.root / "run/ack_edge/routes").glob("*.take-back.*"):  # killed before it was started
            system.take_back(script)
        confirmed(system, runs[-1], confirm_timeout=30)
        found = system.everything()
        assert found == expected, f"killed at change {number}"
    assert number > total + 2


def test_check_mode_neither_tries_nor_waits(system):
    run(system, **DANCE)
    predicted = run(system, check=True, **DANCE)
    assert {one["data"]["live"] for one in predicted["results"][:3]} == {"ok"}


# Taking over, files without a kernel, lost manifests.


FOREIGN = {"dst": "100.118.28.0/24", "gateway": "10.99.0.1", "dev": "idc0", "metric": 100, "flags": []}


def test_a_foreign_route_is_taken_over_if_asked_for_and_put_back(system):
    system.kernel.append(dict(FOREIGN))
    before = system.everything()
    predicted = run(system, check=True, **GIVEN, takeover=True)
    result = run(system, **GIVEN, takeover=True)
    assert predicted["diff"] == result["diff"]
    assert system.routes() == LIVE
    assert result["results"][1]["data"]["displaced"] == [
        "100.118.28.0/24 via 10.99.0.1 dev idc0 proto boot scope global metric 100 table 254"
    ]
    assert run(system, **GIVEN)["changed"] is False  # ours now, takeover or not
    gone = run(system, state="absent")
    assert "(live, put back)" in gone["diff"]["after"]
    assert system.everything() == before


def test_a_foreign_line_in_the_sites_profile_is_taken_over_and_put_back(tmp_path):
    system = System(tmp_path, "networkmanager")
    lines = "route1=100.118.28.0/24,10.99.0.1,0\nroute1_options=window=9\n"
    system.put(PROFILE, PROFILE_TEXT.replace("route1=198.51.100.0/24,10.99.0.1\n", lines), 0o600)
    text = system.text(PROFILE)
    with pytest.raises(static_routes.Refused, match=r"a line of somebody else .* or use takeover"):
        run(system, **GIVEN)
    run(system, **GIVEN, takeover=True)
    assert "window=9" not in system.text(PROFILE)
    assert run(system, **GIVEN)["changed"] is False
    run(system, state="absent")
    assert sorted(system.text(PROFILE).splitlines()) == sorted(text.splitlines())


def test_what_cannot_be_put_back_is_not_taken_over(system):
    system.kernel.append({**FOREIGN, "encap": "mpls"})
    assert "takeover cannot put a route of this kind back" in str(refused(system, takeover=True))


OFFLINE = {
    "live": False,
    "gateway": "10.99.0.253",
    "interface": "idc0",
    "routes": ["100.103.99.73/32", {"destination": "100.118.28.0/24", "source": "10.99.0.11"}],
}


def test_an_image_gets_files_only(system):
    system.links, system.kernel, system.devices = {}, [], []
    if system.manager == "networkd":
        system.node().remove("/run/systemd/netif/links/3")
    before = system.everything()
    name = system.manager.removesuffix("_networkmanager")  # two readers of the same files
    given = {**OFFLINE, "backend": name, "confirm_timeout": 30}
    predicted = run(system, check=True, **given)
    result = run(system, **given)
    assert (result["diff"], "awaiting_confirmation" in result) == (predicted["diff"], False)
    assert [(one["data"]["live"], one["data"]["changed"]) for one in result["results"]] == [
        ("unknown", ["persisted"])
    ] * 2
    assert system.text(path_of(system)) is not None
    assert run(system, **given)["changed"] is False
    run(system, state="absent", live=False)
    assert system.everything() == before
    assert not any(argv[0] == "ip" for argv in system.log)


def test_an_image_needs_the_backend_and_the_interface_by_name(system):
    found = str(refused(system, live=False))
    assert "backend is auto" in found
    assert "resolve is set" in found
    assert "interface is not set" in found


@pytest.mark.parametrize("manager", ["networkd", "ifupdown"])
def test_a_lost_manifest_does_not_leave_files_and_routes_for_ever(tmp_path, manager):
    system = System(tmp_path, manager)
    system.put("/sys/class/net/idc0/ifindex", "3\n")
    before = system.everything()
    run(system, **GIVEN)
    system.node().remove(MANIFEST)
    assert run(system, state="absent")["changed"] is True
    found = system.everything()
    leftover = {"/etc/systemd/network/20-idc0.network.d", "/var/lib/ack_edge", "/var/lib/ack_edge/routes"}
    found["files"] = {path: what for path, what in found["files"].items() if path not in leftover}
    assert found == before


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


def test_a_file_of_somebody_else_under_our_name_is_not_overwritten(tmp_path):
    system = System(tmp_path)
    system.put(HOOK, "#!/bin/sh\necho mine\n", 0o755)
    assert f"{HOOK} is not of this module's making" in str(refused(system))


def test_what_a_running_cluster_routes_itself_is_refused(system):
    system.kernel.append(
        {"dst": "100.118.28.64/26", "gateway": "100.118.28.64", "dev": "flannel.1", "flags": ["onlink"]}
    )
    assert (
        "100.118.28.0/24 overlaps 100.118.28.64/26, which the network of the cluster routes itself on flannel.1"
        in str(refused(system, force=True))
    )


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
