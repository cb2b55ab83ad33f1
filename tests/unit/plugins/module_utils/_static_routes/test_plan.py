# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The laws of the planner: it makes the set true, it has nothing to do then, and it never touches what is not ours."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import lockout, types
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import plan as _plan
from fakes.kernel_routes import live, route
from fakes.managers import PROFILE_TEXT, ROUTE_TEXT
from fakes.routes import backends
from hypothesis import given
from hypothesis import strategies as st

BACKENDS = {
    name: backends(None, name) for name in ("networkmanager", "networkd", "ifupdown", "systemd_unit", "network_scripts")
}
# What a file of the site holds beside our lines.
SITE = {"networkmanager": PROFILE_TEXT, "network_scripts": ROUTE_TEXT}
ONE = route("100.1.0.0/16 via 10.99.0.253 dev idc0")
OTHER = ONE._replace(gateway=route("0.0.0.0/0 via 10.99.0.9 dev idc0").gateway)
OK, MISSING, WRONG = types.OK, types.MISSING, types.WRONG


def item(one, backend="ifupdown", **more):
    return types.item(one, backend=backend, path=f"/{backend}", **more)


def store(backend="ifupdown", text=None, foreign=(), sound=True):
    text = SITE.get(backend) if text is None else text
    return types.Store(
        BACKENDS[backend],
        f"/{backend}",
        "idc0",
        text,
        sound,
        BACKENDS[backend].parse(text or "", "idc0"),
        list(foreign),
        (),
    )


def written(items, backend="ifupdown"):
    """Return the Store of a file that holds these Items, beside what the site has in it."""
    text = SITE.get(backend, "")
    return store(backend, BACKENDS[backend].compose(text, items, items, []))


def planned(items=(), owned=(), kernel=(), stores=None, takeover=False):
    stores = [store()] if stores is None else stores
    return _plan.plan(
        list(items), list(owned), [live(one) for one in kernel], {one.path: one for one in stores}, takeover
    )


def state(plan, one=ONE):
    found = plan.states[one.slot]
    return found.live, found.persisted


def after(plan, kernel, stores):
    """Return kernel and stores as the plan leaves them."""
    texts = {edit.path: edit.after for edit in plan.edits}
    later = [store(one.backend.name, texts.get(one.path, one.text), one.foreign) for one in stores]
    return [
        one.route for one in lockout.after([live(one) for one in kernel], plan.replace, plan.delete, plan.restore)
    ], later


def test_a_new_route_is_missing_in_both():
    plan = planned([item(ONE)])
    assert (state(plan), plan.replace, len(plan.edits), plan.items) == ((MISSING, MISSING), [ONE], 1, [item(ONE)])


@pytest.mark.parametrize("backend", BACKENDS)
def test_each_fact_is_mended_alone(backend):
    ours = item(ONE, backend)
    held = written([ours], backend)
    plan = planned([ours], [ours], [], [held])
    assert (state(plan), plan.replace, plan.edits) == ((MISSING, OK), [ONE], [])
    plan = planned([ours], [ours], [ONE], [store(backend)])
    assert (state(plan), plan.replace, len(plan.edits)) == ((OK, MISSING), [], 1)
    assert planned([ours], [ours], [ONE], [held]).is_empty()


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_was_changed_by_hand_is_wrong_and_mended(backend):
    ours = item(ONE, backend)
    held = written([ours], backend)
    by_hand = store(backend, held.text.replace("10.99.0.253", "10.99.0.9"))
    plan = planned([ours], [ours], [OTHER], [by_hand])
    assert (state(plan), plan.replace, plan.delete) == ((WRONG, WRONG), [ONE], [])
    assert plan.states[ONE.slot].instead == "via 10.99.0.9 dev idc0"
    assert BACKENDS[backend].parse(plan.edits[0].after, "idc0")[-1 if backend != "networkmanager" else 0].route == ONE


@pytest.mark.parametrize("backend", ["networkd", "ifupdown"])
def test_a_frame_or_mode_changed_by_hand_is_mended_though_the_lines_are_right(backend):
    ours = item(ONE, backend)
    text = written([ours], backend).text
    for damaged in (store(backend, "exit 0\n" + text), store(backend, text, sound=False)):
        plan = planned([ours], [ours], [ONE], [damaged])
        assert (state(plan), plan.edits[0].after) == ((OK, WRONG), text)
    assert plan.edits[0].recreate


def test_a_comment_that_changed_is_written():
    old, new = item(ONE, comment="old"), item(ONE, comment="new")
    plan = planned([new], [old], [ONE], [written([old])])
    assert (state(plan), len(plan.edits)) == ((OK, WRONG), 1)


def test_an_equal_route_that_was_there_is_adopted_and_stays():
    plan = planned([item(ONE)], kernel=[ONE])
    assert (state(plan), plan.replace, plan.items[0].adopted) == ((OK, MISSING), [], ("live",))
    gone = planned([], plan.items, [ONE], [written([item(ONE)])])
    assert (gone.delete, [edit.after for edit in gone.edits]) == ([], [None])


def test_an_adopted_route_that_vanished_is_ours_from_then_on():
    adopted = item(ONE, adopted=("live",))
    plan = planned([item(ONE)], [adopted], [], [written([adopted])])
    assert (plan.replace, plan.items[0].adopted) == ([ONE], ())


@pytest.mark.parametrize("backend", ["networkmanager", "networkd"])
def test_an_equal_line_of_somebody_else_is_adopted_and_stays(backend):
    one = item(ONE, backend)
    if backend == "networkmanager":
        site = written([one], backend)
    else:
        site = store(backend, foreign=[types.Line(ONE, ONE.slot, "", 0, None)])
    plan = planned([one], kernel=[ONE], stores=[site])
    assert (state(plan), plan.is_empty(), plan.items[0].adopted) == ((OK, OK), True, ("live", "persisted"))
    assert planned([], plan.items, [ONE], [site]).is_empty()


@pytest.mark.parametrize("metric_given", [True, False])
def test_another_route_in_our_slot_is_a_conflict(metric_given):
    plan = planned([item(ONE, metric_given=metric_given)], kernel=[OTHER])
    assert plan.conflicts[0][0] == ONE.slot
    assert "another route to 100.1.0.0/16 exists (via 10.99.0.9 dev idc0)" in plan.conflicts[0][1]
    assert not plan.replace


def test_the_users_own_metric_lets_two_routes_stand_side_by_side():
    backup = OTHER._replace(metric=200)
    assert planned([item(ONE, metric_given=False)], kernel=[backup]).conflicts
    assert not planned([item(ONE)], kernel=[backup]).conflicts
    assert not planned([item(ONE, metric_given=False)], kernel=[ONE._replace(metric=200)]).conflicts
    ours = item(backup)
    assert not planned([item(ONE, metric_given=False)], [ours], [backup]).conflicts


def test_a_route_that_is_more_than_ours_can_be_is_a_conflict():
    multipath = types.Route(ONE.destination, None, "", 0, 254, None, False, None)
    found = _plan.plan([item(ONE)], [], [live(multipath, plain=False)], {"/ifupdown": store()})
    assert found.conflicts


def test_another_line_in_our_slot_is_a_conflict():
    site = store("networkmanager", PROFILE_TEXT.replace("[ipv4]\n", "[ipv4]\nroute7=100.1.0.0/16,10.99.0.9,0\n"))
    plan = planned([item(ONE, "networkmanager")], stores=[site])
    assert "has another route to 100.1.0.0/16" in plan.conflicts[0][1]


def test_what_a_conflict_found_is_said():
    line = types.Line(None, ONE.slot, "", 0, None)
    plan = planned([item(ONE, "networkd")], stores=[store("networkd", foreign=[line])])
    assert "(a line with more attributes)" in plan.conflicts[0][1]
    changed = store("ifupdown", written([item(OTHER)]).text)
    assert planned([item(ONE)], [item(ONE)], [ONE], [changed]).states[ONE.slot].instead == OTHER.text()


def test_a_profile_that_takes_no_routes_is_a_conflict():
    profile = store("networkmanager", PROFILE_TEXT.replace("method=manual", "method=disabled"))
    plan = planned([item(ONE, "networkmanager")], stores=[profile])
    assert "has method=disabled" in plan.conflicts[0][1]


def test_only_what_exactly_is_ours_is_taken_out():
    ours = item(ONE)
    assert planned([], [ours], [ONE], [written([ours])]).delete == [ONE]
    assert planned([], [ours], [OTHER], [written([ours])]).delete == []
    half = planned([], [ours, item(OTHER)], [OTHER], [written([ours])])  # a run was killed between two gateways
    assert half.delete == [OTHER]


def test_a_line_of_the_site_in_a_slot_that_was_ours_stays():
    ours = item(ONE, "networkmanager")
    site = store("networkmanager", PROFILE_TEXT.replace("[ipv4]\n", "[ipv4]\nroute7=100.1.0.0/16,10.99.0.9,0\n"))
    assert planned([], [ours], [], [site]).edits == []


def test_a_route_that_moves_to_another_manager_leaves_no_trace_in_the_first():
    old, new = item(ONE, "networkd"), item(ONE, "ifupdown")
    plan = planned([new], [old], [ONE], [written([old], "networkd"), store()])
    assert {edit.path: edit.after is None for edit in plan.edits} == {"/networkd": True, "/ifupdown": False}
    assert plan.delete == []


@pytest.mark.parametrize("backend", SITE)
@pytest.mark.parametrize("displaced", [[], "the line"])
def test_a_route_that_moves_out_of_a_file_of_the_site_leaves_no_trace_there(backend, displaced):
    """Into another file of the same manager, or of another one."""
    theirs = BACKENDS[backend].compose(SITE[backend], [], [item(OTHER)], [])
    before = theirs if displaced else SITE[backend]
    raws = [line.raw for line in BACKENDS[backend].parse(before, "idc0") if line.route == OTHER]
    old = item(ONE, backend, displaced={"persisted": raws} if raws else {})
    stays = item(route("100.3.0.0/16 via 10.99.0.253 dev idc0"), backend)
    first = written([old, stays], backend)
    for path, kind in (("/second", backend), ("/ifupdown", "ifupdown")):
        new = types.item(ONE, backend=kind, path=path)
        second = store(kind, None)._replace(path=path)
        plan = planned([new, stays], [old, stays], [ONE, stays.route], [first, second])
        texts = {edit.path: edit.after for edit in plan.edits}
        assert sorted(texts) == sorted([first.path, path])
        left = BACKENDS[backend].parse(texts[first.path], "idc0")
        assert sorted(line.slot for line in left) == sorted(
            line.slot
            for line in BACKENDS[backend].parse(before, "idc0")
            + [line for line in first.lines if line.route == stays.route]
        )
        assert [line.raw for line in left if line.route == OTHER] == raws  # what it took the place of is back
        assert (plan.conflicts, plan.gone, plan.delete, plan.replace) == ([], [], [], [])
        assert {one.path: one.displaced for one in plan.items} == {path: {}, stays.path: {}}
        assert (state(plan), state(plan, stays.route)) == ((OK, MISSING), (OK, OK))
        emptied = store(backend, texts[first.path])
        gone = planned(
            [],
            plan.items,
            [],
            [emptied, second._replace(text=texts[path], lines=BACKENDS[kind].parse(texts[path], "idc0"))],
        )
        texts = {edit.path: edit.after for edit in gone.edits}
        assert (texts[path] or "") == (store(kind, None).text or "")
        assert sorted(texts[first.path].splitlines()) == sorted(before.splitlines())


def test_what_else_stands_in_a_slot_of_ours_goes():
    ours = item(ONE)
    plan = planned([ours], [ours], [ONE, OTHER], [written([ours])])
    assert (plan.replace, plan.delete) == ([], [OTHER])


def test_what_leaves_the_set_says_where_it_stood():
    ours, stray = item(ONE), item(route("100.9.0.0/16 via 10.99.0.253 dev idc0"))
    plan = planned([], [ours, ours], [ONE], [written([ours, stray])])
    assert plan.gone == [(ours, ("live", "persisted")), (types.item(stray.route), ("persisted",))]


ROUTES = st.builds(
    lambda number, gateway, metric, table, mtu: route(
        f"100.{number}.0.0/16 via 10.99.0.{gateway} dev idc0", metric=metric, table=table, mtu=mtu
    ),
    st.integers(64, 70),
    st.integers(1, 3),
    st.sampled_from([0, 5]),
    st.sampled_from([254, 100]),
    st.sampled_from([None, 1400]),
)
SETS = st.lists(ROUTES, max_size=6, unique_by=lambda one: one.slot)


@given(
    wanted=SETS,
    owned=SETS,
    kernel=SETS,
    half=st.lists(st.booleans(), min_size=6, max_size=6),
    backend=st.sampled_from(sorted(BACKENDS)),
)
def test_after_a_plan_there_is_nothing_to_do_and_foreign_routes_stand(wanted, owned, kernel, half, backend):
    """From any state that a set, a killed run and other people can leave."""
    items, ours = [item(one, backend) for one in wanted], [item(one, backend) for one in owned]
    stores = [written([one for one, there in zip(ours, half, strict=False) if there], backend)]
    plan = planned(items, ours, kernel, stores)
    owned_slots = {one.slot for one in owned}
    foreign = [one for one in kernel if one.slot not in owned_slots]
    assert not set(plan.delete) & set(foreign)
    assert not {one.slot for one in plan.replace} & {one.slot for one in foreign}
    if plan.conflicts:
        assert {one.slot for one in foreign} & {one.slot for one in wanted}
        return
    kernel, stores = after(plan, kernel, stores)
    again = planned(items, plan.items, kernel, stores)
    assert again.is_empty()
    assert all((one.live, one.persisted) == (OK, OK) for one in again.states.values())
    assert again.items == plan.items
    cleared, stores = after(planned([], again.items, kernel, stores), kernel, stores)
    assert set(cleared) >= set(foreign)
    assert stores[0].text == SITE.get(backend)


@given(wanted=SETS, kernel=SETS, backend=st.sampled_from(sorted(BACKENDS)))
def test_what_was_taken_over_is_given_back(wanted, kernel, backend):
    items = [item(one, backend, metric_given=True) for one in wanted]
    plan = planned(items, [], kernel, [written([], backend)], takeover=True)
    assert plan.conflicts == []
    later, stores = after(plan, kernel, [written([], backend)])
    again = planned(items, plan.items, later, stores)
    assert again.is_empty()
    assert again.items == plan.items  # what was displaced stays remembered
    back, stores = after(planned([], again.items, later, stores), later, stores)
    assert sorted(one.text() for one in back) == sorted(one.text() for one in kernel)
    assert stores[0].text == SITE.get(backend)
