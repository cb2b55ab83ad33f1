# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happened to one endpoint so far. Private to the collection."""

import contextlib


class Stop(Exception):
    """The way of an endpoint ends here.

    :ivar problem: id of what went wrong, e.g. ``dns.timeout``; messages has words for each.
    :ivar facts: values for those words.
    """

    def __init__(self, problem, **facts):
        super().__init__(problem)
        self.problem, self.facts = problem, facts


class Trace:
    """The course of one endpoint, written by the one thread that walks it.

    :ivar stage: where it is, or where it ended: queued, dns, address, route, tcp, proxy, tls, http, ntp, udp.
    :ivar problem: id of what ended it, None while nothing did.
    :ivar facts: what was found on the way, plain values only.
    :ivar timings: milliseconds per finished stage.
    """

    def __init__(self, endpoint, clock):
        self.endpoint, self._clock = endpoint, clock
        self.stage, self.problem = "queued", None
        self.facts, self.timings = {}, {}

    @contextlib.contextmanager
    def at(self, stage):
        """Time a stage; an exception leaves ``stage`` standing."""
        self.stage = stage
        start = self._clock()
        try:
            yield
        finally:
            self.timings[stage] = round((self._clock() - start) * 1000, 1)

    def stop(self, stop):
        """End the way with a Stop."""
        self.facts.update(stop.facts)
        self.problem = stop.problem

    def cut(self, problem):
        """Return a copy as it stands now, ended by ``problem``; its thread cannot alter it any more."""
        copy = Trace(self.endpoint, self._clock)
        copy.stage, copy.problem = self.stage, problem
        copy.facts, copy.timings = dict(self.facts), dict(self.timings)
        return copy
