# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Verdicts and differences of static_routes, in the words of ``ip route``. Pure. Private to the collection."""

from typing import Dict, FrozenSet, NamedTuple

from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import (
    LIVE,
    MISSING,
    OK,
    PERSISTED,
    UNKNOWN,
    Doubt,
    Slot,
    order,
)
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, SKIPPED, WARN, verdict

_IN_USE = (
    "the node already uses part of this range elsewhere; if that is a carrier's NAT or a network of the site, route "
    "only the networks that are needed (route_scope: published); Tailscale drops packets from 100.64.0.0/10 on every "
    "interface but its own: stop it or use --netfilter-mode=off"
)
_WORDS = {LIVE: "active", PERSISTED: "persistent"}
_APPLY = "run prepare_edge.yml, or this module without check mode"


def of_problems(params, problems):
    """Return a verdict for each route and name of the input when something is wrong with the input itself."""
    texts = {}
    for row, text in problems:
        texts.setdefault(row, []).append(text)
    verdicts, skipped = [], "skipped because other input is not valid"
    for index, entry in enumerate(params["routes"] or []):
        if index in texts:
            verdicts.append(verdict(entry["destination"], FAIL, "; ".join(texts[index]), "correct it and run again"))
        else:
            verdicts.append(verdict(entry["destination"], SKIPPED, skipped))
    return verdicts + [verdict(name, SKIPPED, skipped) for name in params["resolve"] or []]


class Said(NamedTuple):
    """What else there is to say about routes that are as they should be."""

    in_use: Dict[Slot, str]  # what else on the node lives inside a destination
    doubts: Dict[Slot, Doubt]  # why a persisted route would not be there after a reboot
    drifted: FrozenSet[Slot] = frozenset()  # those that were as we set them, and are so no more


def drifted(owned, states, items):
    """Return the slots of routes that a run has set and that somebody else has taken out or changed since (frozenset).

    :arg owned: Items that the manifest remembers, none where a run was killed: it tells of more than was done then.
    """
    set_by_us = {one.route for one in owned if not one.adopted}
    lacking = {slot for slot, state in states.items() if not _stands(state)}
    return frozenset(one.route.slot for one in items if one.route.slot in lacking and one.route in set_by_us)


def _stands(state):
    return state.live in (OK, UNKNOWN) and state.persisted == OK


def of_plan(wanted, states, items, said, was=None):
    """Return a verdict for each route, for each that has left the list and stays, then for each name of the input.

    :arg states: {slot: State} as they are now.
    :arg items: Items as owned (with backend, path and what was adopted).
    :arg was: {slot: State} as they were before this run changed them, None where it has changed nothing.
    """
    by_slot = {one.route.slot: one for one in items}
    facts = {slot: _facts(by_slot[slot], state, (was or states)[slot]) for slot, state in states.items()}
    for slot in said.drifted:
        facts[slot]["drift"] = True
    verdicts = []
    for one in wanted.rows:
        slot = one.route.slot
        verdicts.append(_of_route(one.route, states[slot], facts[slot], said))
    verdicts += [_of_kept(one.route, states[one.route.slot], facts[one.route.slot], said) for one in wanted.kept]
    return verdicts + [_of_name(name, states, facts) for name in wanted.names]


def _facts(one, state, before):
    data = one.route.facts()
    data.update(
        live=state.live,
        persisted=state.persisted,
        origin=one.origin,
        names=list(one.names),
        comment=one.comment,
        backend=one.backend,
        path=one.path,
        adopted=list(one.adopted),
        displaced=[str(words) for fact in (LIVE, PERSISTED) for words in one.displaced.get(fact, [])],
        changed=[
            fact
            for fact, now, then in ((LIVE, state.live, before.live), (PERSISTED, state.persisted, before.persisted))
            if now != then
        ],
    )
    return data


def _of_route(route, state, facts, said):
    by_hand = f"ip -{route.family} route show {route.destination} table {route.table}"
    if _stands(state):
        in_use, doubt = said.in_use.get(route.slot), said.doubts.get(route.slot)
        if doubt:
            what = "is active" if state.live == OK else "is in its file"
            return verdict(
                str(route.destination),
                WARN,
                f"{what} ({_way(route)}), but will not be active after a reboot: {doubt.text}",
                doubt.remedy,
                by_hand,
                **facts,
            )
        when = "active and persistent" if state.live == OK else "persistent"
        if in_use:
            return verdict(
                str(route.destination),
                WARN,
                f"goes {_way(route)}, {when}, except for: {in_use}",
                _IN_USE,
                by_hand,
                **facts,
            )
        return verdict(str(route.destination), PASS, f"goes {_way(route)}, {when}", "", by_hand, **facts)
    return verdict(str(route.destination), FAIL, _lacking(route, state, facts), _APPLY, by_hand, **facts)


def _of_kept(route, state, facts, said):
    if (state.live, state.persisted) != (OK, OK):
        return _of_route(route, state, facts, said)
    return verdict(
        str(route.destination),
        WARN,
        f"is no longer in routes, but stays ({_way(route)}), because kubelet runs on this node and connections may "
        "use it",
        "run once with prune: true (leased_line_routes_prune) when these connections may be interrupted, or add it to "
        "routes (extra_routes) again",
        f"ip -{route.family} route show {route.destination} table {route.table}",
        **facts,
    )


def _lacking(route, state, facts):
    places = [(state.live, "the kernel"), (state.persisted, facts["path"])]
    missing = [place for fact, place in places if fact == MISSING]
    other = [place for fact, place in places if fact not in (OK, UNKNOWN, MISSING)]
    parts = ["is missing from " + " and from ".join(missing)] if missing else []
    parts += ["differs in " + " and in ".join(other)] if other else []
    found = f" (found: {state.instead})" if state.instead else ""
    return f"the route {_way(route)} {' and '.join(parts)}{found}"


def _listed(facts, between):
    return between.join(_WORDS[fact] for fact in facts)


def _way(route):
    return f"via {route.gateway} dev {route.interface}"


def _of_name(name, states, facts):
    data = {
        "origin": "name",
        "routes": [facts[route.slot] for route in name.routes],
        "covered": [str(address) for address in name.covered],
        "outside": [str(address) for address in name.outside],
    }
    lacking = [route for route in name.routes if (states[route.slot].live, states[route.slot].persisted) != (OK, OK)]
    by_hand = f"getent ahosts {name.name}"
    if any(facts[route.slot].get("drift") for route in lacking):
        data["drift"] = True
    if lacking:
        return verdict(
            name.name,
            FAIL,
            "the route to its address "
            f"{', '.join(str(route.destination) for route in lacking)} is not both active and persistent",
            _APPLY,
            by_hand,
            **data,
        )
    if name.excess:
        kept = f"; {_routes(name)} of earlier runs stay" if name.routes else ""
        return verdict(
            name.name,
            FAIL,
            f"{name.excess}, so no route was added for it{kept}",
            f"check which DNS server of the node gives this answer ('{by_hand}'), and make the node use the DNS "
            "server behind the leased line",
            by_hand,
            **data,
        )
    if name.error:
        kept = f"; {_routes(name)} of earlier runs stay" if name.routes else ""
        return verdict(
            name.name,
            WARN,
            f"does not resolve on this node ({name.error}){kept}",
            "make the node use the DNS server behind the leased line, then run again",
            by_hand,
            **data,
        )
    if name.outside:
        return verdict(
            name.name,
            WARN,
            f"resolves to {', '.join(data['outside'])}, which is not in resolve_within (or is in a forbidden "
            "network), so no route was added for it",
            "a public address means that the node uses the wrong DNS server; make it use the one behind the leased "
            "line",
            by_hand,
            **data,
        )
    carried = _routes(name) if name.routes else f"declared routes carry {', '.join(data['covered'])}"
    return verdict(name.name, PASS, carried, reproduce=by_hand, **data)


def _routes(name):
    return f"routes to {', '.join(str(route.destination) for route in name.routes)}"


def of_gone(plan, done):
    """Return a verdict for each route that leaves the set (state absent).

    :arg done: whether it has been taken out; else it still stands and that is a fail.
    """
    verdicts = []
    for one, facts in plan.gone:
        data = one.route.facts()
        data.update(
            origin=one.origin,
            names=list(one.names),
            comment=one.comment,
            backend=one.backend,
            path=one.path,
            adopted=list(one.adopted),
            displaced=[str(words) for rows in one.displaced.values() for words in rows],
            live=OK if LIVE in facts and not done else MISSING,
            persisted=OK if PERSISTED in facts and not done else MISSING,
            changed=list(facts) if done else [],
        )
        if facts and not done:
            verdicts.append(
                verdict(
                    str(one.route.destination),
                    FAIL,
                    f"is still {_listed(facts, ' and ')} {_way(one.route)}",
                    "run reset_edge.yml, or this module without check mode",
                    **data,
                )
            )
        else:
            stays = f" (was there before and stays {_listed(one.adopted, ' and ')})" if one.adopted else ""
            verdicts.append(verdict(str(one.route.destination), PASS, f"is no longer in the set{stays}", **data))
    return verdicts


def diff(plan, set_name):
    """Return the difference that a plan makes, a line for each route with the facts that hold for it."""
    before, after = {}, {}
    for one in plan.items:
        state = plan.states[one.route.slot]
        facts = [fact for fact, value in ((LIVE, state.live), (PERSISTED, state.persisted)) if value == OK]
        lines = [f"{one.route.text()} ({_listed(facts, ', ')})"] if facts else []
        lines += [f"{one.route.destination}: {state.instead}"] if state.instead else []
        before[one.route.slot] = lines
        facts = [PERSISTED] if state.live == UNKNOWN else [LIVE, PERSISTED]
        after[one.route.slot] = [f"{one.route.text()} ({_listed(facts, ', ')})"]
    for one, facts in plan.gone:
        if facts:
            before.setdefault(one.route.slot, []).append(f"{one.route.text()} ({_listed(facts, ', ')})")
    for live in plan.restore:
        after.setdefault(live.route.slot, []).append(f"{live.words} (active, restored)")
    return {
        "before": _text(before),
        "after": _text(after),
        "before_header": f"routes of {set_name} now",
        "after_header": f"routes of {set_name} then",
    }


def _text(lines):
    return "".join(f"{line}\n" for slot in sorted(lines, key=order) for line in lines[slot])
