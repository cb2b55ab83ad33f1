# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a change that awaits its confirmation is damaged: one clear error, and no change."""

from __future__ import annotations

import json
import math

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.routes import System, run

JOURNAL = "/run/ack_edge/routes/ack-edge.json"
GIVEN = {"gateway": "10.99.0.253", "routes": ["100.103.99.73/32"], "resolve": ["a.example"],
         "answers": {"a.example": ["100.64.0.9"]}}  # fmt: skip


def damage(journal, path, value):
    """Return the journal with one value in it set; an element of None is taken out."""
    changed = json.loads(json.dumps(journal))
    *parents, last = path
    place = changed
    for key in parents:
        place = place[key]
    place[last] = value
    return changed


DAMAGES = [
    *((("content",), value) for value in (None, [], "x")),
    *((("content", "routes"), value) for value in ({}, "x", [None], [{}], [[]])),
    *((("content", "routes", 0, "metric"), value) for value in ("x", None, True, 1.5)),
    *((("content", "routes", 0, "destination"), value) for value in ("nowhere", 7, None)),
    (("content", "routes", 0, "displaced"), {"live": [1]}),
    *((("content", "answers"), value) for value in (None, [], {"a.example": []}, {"a.example": [["x"], ""]})),
    (("content", "answers", "a.example"), [["100.64.0.9"], 5]),
    (("token",), 5),
    *((("until",), value) for value in ("x", None, math.nan, math.inf, 1e300, 10**400)),
]


@pytest.fixture
def tried(tmp_path):
    """Return (a node on which a change awaits its confirmation, its token, the journal)."""
    system = System(tmp_path, "networkd")
    first = run(system, **GIVEN, confirm_timeout=30)
    return system, first["awaiting_confirmation"]["token"], json.loads(system.text(JOURNAL))


@pytest.mark.parametrize(("path", "value"), DAMAGES)
def test_a_look_says_which_file_it_is(tried, path, value):
    system, _token, journal = tried
    system.put(JOURNAL, json.dumps(damage(journal, path, value)))
    before = system.everything()
    for given in (GIVEN, {"state": "absent"}):
        with pytest.raises(NodeError, match=rf"{JOURNAL} is damaged; remove it"):
            run(system, check=True, **given)
    assert system.everything() == before


@pytest.mark.parametrize(("path", "value"), [*DAMAGES, (("content",), {})])
def test_a_confirmation_rolls_the_change_back_and_says_so(tried, path, value):
    system, token, journal = tried
    system.put(JOURNAL, json.dumps(damage(journal, path, value)))
    with pytest.raises(NodeError, match=r"damaged.*The node rolled back the whole change"):
        run(system, **GIVEN, confirm_timeout=30, confirm=token)
    assert (system.routes(), system.text(JOURNAL)) == ([], None)
    assert run(system, **GIVEN)["changed"] is True


@pytest.mark.parametrize("text", ["", "[", "[" * 100000, "\udcff", "null", "5", '"x"'])
def test_what_is_no_journal_at_all(tried, text):
    system, _token, _journal = tried
    system.put(JOURNAL, text)
    with pytest.raises(NodeError, match=rf"{JOURNAL} is damaged; remove it"):
        run(system, check=True, **GIVEN)


def test_without_the_damaged_journal_the_next_run_puts_right_what_it_left(tried):
    system, _token, _journal = tried
    system.put(JOURNAL, "[")
    with pytest.raises(NodeError, match="is damaged"):
        run(system, **GIVEN)
    system.node().remove(JOURNAL)
    result = run(system, **GIVEN)
    assert (result["changed"], result["failed_checks"]) == (True, [])
    assert run(system, **GIVEN)["changed"] is False
