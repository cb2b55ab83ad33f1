# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several addresses, one after the other, within the time of one stage. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop

# Which failure says most where every address failed: an answer beats silence, silence beats having no way at all.
_SILENCE = ("timeout", "silent")
_NO_WAY = ("unreachable", "forbidden")


def try_each(addresses, timeout, clock, attempt):
    """Return ``(address, attempt(address, seconds))`` of the first address that works.

    Each address gets an equal share of the time that is left, so that dead ones never cost more than one timeout.

    :arg attempt: function that raises Stop where the address does not work.
    :raises Stop: the most telling one, with its ``address`` and all ``attempts`` in its facts.
    """
    end = clock() + timeout
    stops = []
    for index, address in enumerate(addresses):
        share = max(0.05, (end - clock()) / (len(addresses) - index))
        try:
            return address, attempt(address, share)
        except Stop as stop:
            stops.append((address, stop))
    address, telling = min(stops, key=lambda item: _rank(item[1].problem))
    attempts = [{"address": one, "problem": why.problem} for one, why in stops]
    raise Stop(telling.problem, address=address, attempts=attempts, **telling.facts)


def _rank(problem):
    kind = problem.rpartition(".")[2]
    if kind in _NO_WAY:
        return 2
    return 1 if kind in _SILENCE else 0
