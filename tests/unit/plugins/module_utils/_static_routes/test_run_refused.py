# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run refuses before it changes anything, and what it says where the node does not do as it is told."""

from __future__ import annotations

import json

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.managers import HOOK, PROFILE, PROFILE_TEXT, ROUTE_FILE
from fakes.routes import MANIFEST, System, run
from fakes.static_routes import (
    GIVEN,
    LIVE,
    MANAGERS,
    refused,
)


@pytest.fixture(params=MANAGERS)
def system(request, tmp_path):
    return System(tmp_path, request.param)


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
    with pytest.raises(NodeError, match="Network is unreachable") as caught:
        run(system, **GIVEN)
    assert len(caught.value.verdicts) == 4
    system.refuse_route = ""
    run(system, **GIVEN)
    assert system.routes() == LIVE


def test_a_profile_that_networkmanager_does_not_take_is_put_back(tmp_path):
    system = System(tmp_path, "networkmanager")
    system.refuse_load = "yes"
    with pytest.raises(NodeError, match="does not load"):
        run(system, **GIVEN)
    assert system.text(PROFILE) == PROFILE_TEXT


def test_a_new_file_that_networkmanager_does_not_take_does_not_stay(tmp_path):
    system = System(tmp_path, "network_scripts_networkmanager")
    system.node().remove(ROUTE_FILE)
    system.refuse_load = "yes"
    with pytest.raises(NodeError, match="does not load"):
        run(system, **{**GIVEN, "routes": GIVEN["routes"][:2]})
    assert system.text(ROUTE_FILE) is None


def test_a_line_of_ours_that_cannot_be_taken_out_is_an_error_in_words(tmp_path):
    system = System(tmp_path, "network_scripts")
    system.put(ROUTE_FILE, "ADDRESS0=198.51.100.0\nNETMASK0=255.255.255.0\nGATEWAY0=10.99.0.1\n")
    run(system, gateway="10.99.0.253", routes=["100.103.99.73/32"])
    text = system.text(ROUTE_FILE)
    system.put(ROUTE_FILE, text.replace("METRIC1=0", "METRIC1=0 FOO=1"))
    with pytest.raises(NodeError, match=ROUTE_FILE):
        run(system, state="absent")


def test_a_kernel_that_does_not_keep_what_was_set_is_an_error(tmp_path, monkeypatch):
    system = System(tmp_path)
    monkeypatch.setattr(system, "_one", lambda _words, _family: True)
    with pytest.raises(NodeError, match="does not have what was just set") as caught:
        run(system, **GIVEN)
    assert caught.value.verdicts[0]["data"]["live"] == "missing"


def test_a_damaged_manifest_is_not_overwritten(tmp_path):
    system = System(tmp_path)
    run(system, **GIVEN)
    document = json.loads(system.text(MANIFEST))
    document["content"]["routes"] = [{"destination": "100.1.0.0/16"}]
    system.put(MANIFEST, json.dumps(document))
    with pytest.raises(NodeError, match="is damaged"):
        run(system, **GIVEN)


def test_a_file_of_somebody_else_under_our_name_is_not_overwritten(tmp_path):
    system = System(tmp_path)
    system.put(HOOK, "#!/bin/sh\necho mine\n", 0o755)
    assert f"{HOOK} was not made by this module" in str(refused(system))


def test_what_a_running_cluster_routes_itself_is_refused(system):
    system.kernel.append(
        {"dst": "100.118.28.64/26", "gateway": "100.118.28.64", "dev": "flannel.1", "flags": ["onlink"]}
    )
    assert "100.118.28.0/24 overlaps 100.118.28.64/26, which the cluster network itself routes on flannel.1" in str(
        refused(system, force=True)
    )
