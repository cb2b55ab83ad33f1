# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change that awaits its confirmation."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.routes import MANIFEST, System, run
from fakes.static_routes import (
    GIVEN,
    LIVE,
    MANAGERS,
    OTHER,
    clean_text,
    confirmed,
    path_of,
    statuses,
)


@pytest.fixture(params=MANAGERS)
def system(request, tmp_path):
    return System(tmp_path, request.param)


DANCE = {**GIVEN, "confirm_timeout": 30}


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


def test_an_unconfirmed_change_leaves_no_trace(system):
    before = system.everything()
    first = run(system, **DANCE)
    system.take_back()
    with pytest.raises(NodeError, match="rolled back the route change") as caught:
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
    with pytest.raises(NodeError, match="Network is unreachable"):
        run(system, **DANCE)
    assert (system.routes(), system.text(MANIFEST), system.everything()["kernel"]) == ([], None, before["kernel"])


def test_who_changes_routes_before_the_confirmation_undoes_it(system):
    first = run(system, **DANCE)
    system.kernel = [entry for entry in system.kernel if entry["dst"] != "100.103.99.73"]
    with pytest.raises(NodeError, match="rolled back the route change"):
        run(system, **DANCE, confirm=first["awaiting_confirmation"]["token"])
    assert (system.routes(), system.text(MANIFEST)) == ([], None)


def test_a_wrong_token_confirms_nothing(system):
    run(system, **DANCE)
    with pytest.raises(NodeError, match="rolled back"):
        run(system, **DANCE, confirm="00")
    assert system.text(MANIFEST) is None


def test_check_mode_neither_tries_nor_waits(system):
    run(system, **DANCE)
    predicted = run(system, check=True, **DANCE)
    assert {one["data"]["live"] for one in predicted["results"][:3]} == {"ok"}
