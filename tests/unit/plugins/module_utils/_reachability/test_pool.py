# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""All endpoints at the same time: order, bounds, and nothing outlives the deadline."""

from __future__ import annotations

import threading
import time

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.pool import probe
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.walk import Once, Settings
from fakes import servers


class Walker:
    """Walks by a function; counts how many walk at the same time."""

    clock = staticmethod(time.monotonic)

    def __init__(self, function) -> None:
        self._function, self._lock = function, threading.Lock()
        self.running = self.most = 0

    def walk(self, trace) -> None:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self._function(trace)
        with self._lock:
            self.running -= 1


def test_results_keep_the_order_of_the_input_whoever_is_first() -> None:
    gates = [threading.Event() for _index in range(5)]

    def backward(trace) -> None:
        if trace.endpoint < 4:
            assert gates[trace.endpoint + 1].wait(10)
        gates[trace.endpoint].set()

    traces = probe(range(5), Walker(backward), Settings(None, threads=5))
    assert [trace.endpoint for trace in traces] == [0, 1, 2, 3, 4]
    assert [trace.problem for trace in traces] == [None] * 5


def test_threads_bound_what_runs_at_the_same_time() -> None:
    together = threading.Barrier(3)
    walker = Walker(lambda trace: together.wait(10))
    probe(range(9), walker, Settings(None, threads=3))
    assert walker.most == 3


def test_dead_endpoints_cost_one_timeout_together() -> None:
    # All thirty must be under way at once for the barrier to open.
    together = threading.Barrier(30)

    def dead(_address: str, _port: int, _timeout: float):
        together.wait(10)
        raise Stop("tcp.timeout")

    verdicts = servers.run(
        [{"host": f"10.0.0.{index}", "port": 443, "protocol": "tcp"} for index in range(30)], connect=dead
    )
    assert {verdict["data"]["problem"] for verdict in verdicts} == {"tcp.timeout"}


def test_what_has_not_ended_at_the_deadline_comes_back_where_it_is() -> None:
    hang = threading.Event()

    def connect(address: str, _port: int, _timeout: float):
        if address == "10.0.0.1":
            hang.wait(10)
        raise Stop("tcp.refused")

    endpoints = [{"host": f"10.0.0.{index}", "port": 443, "protocol": "tcp"} for index in range(3)]
    verdicts = servers.run(endpoints, connect=connect, deadline=0.3)
    assert [verdict["data"]["problem"] for verdict in verdicts] == ["tcp.refused", "deadline", "tcp.refused"]
    assert verdicts[1]["status"] == "fail"
    assert verdicts[1]["data"]["stage"] == "tcp"
    assert verdicts[1]["summary"] == ("TCP connect to 10.0.0.1:443 did not finish within the overall deadline of 0.3 s")
    queued = servers.run(endpoints[1:], connect=connect, deadline=0.3, threads=1)
    assert queued[1]["data"]["stage"] == "queued"
    assert "waiting for a free thread" in queued[1]["summary"]
    before = str(verdicts)
    hang.set()
    assert str(verdicts) == before


def test_nothing_to_do_is_nothing() -> None:
    assert probe([], Walker(None), Settings(None, deadline=0.1)) == []


def test_a_stop_is_remembered_like_a_result() -> None:
    calls = []

    def resolve(host: str) -> str:
        calls.append(host)
        raise Stop("dns.nxdomain", server="10.0.0.2")

    once = Once(resolve)
    seen = []
    for _index in range(2):
        try:
            once("a.test")
        except Stop as stop:
            seen.append((stop.problem, stop.facts))
    assert seen == [("dns.nxdomain", {"server": "10.0.0.2"})] * 2
    assert calls == ["a.test"]
