# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""NTP and UDP against loopback servers that are well, or ill in one known way."""

from __future__ import annotations

import socket
import time

import pytest
from fakes.servers import (
    LOOP,
    ask_time,
    free_port,
    one,
    outcome,
    time_server,
    udp_server,
)


def test_a_good_time_server() -> None:
    verdict = ask_time(time_server())
    assert outcome(verdict) == ("pass", "ntp", "")
    assert abs(verdict["data"]["ntp"]["offset"]) < 0.2
    assert (verdict["data"]["ntp"]["stratum"], verdict["data"]["ntp"]["reference"]) == (2, "10.0.0.1")


def test_a_clock_that_is_far_off() -> None:
    verdict = ask_time(time_server(offset=600))
    assert outcome(verdict) == ("fail", "ntp", "ntp.far")
    assert verdict["data"]["ntp"]["offset"] == pytest.approx(600, abs=0.5)
    assert "differs by +" in verdict["summary"] and "time_sync" in verdict["remedy"]
    assert ask_time(time_server(offset=600), max_offset=700)["status"] == "pass"


def test_a_kiss_of_death_an_unsynchronised_server_and_silence() -> None:
    verdict = ask_time(time_server(stratum=0, reference=b"RATE", leap=3))
    assert outcome(verdict) == ("fail", "ntp", "ntp.kiss")
    assert "RATE" in verdict["summary"]
    assert outcome(ask_time(time_server(leap=3)))[2] == "ntp.unsynchronised"
    assert outcome(ask_time(time_server(stratum=16)))[2] == "ntp.unsynchronised"
    assert outcome(ask_time(lambda request: None))[2] == "ntp.silent"
    assert outcome(ask_time(lambda request: b"hello"))[2] == "ntp.garbled"
    assert outcome(ask_time(time_server(mode=5)))[2] == "ntp.garbled"
    assert outcome(ask_time(lambda request: time_server()(bytes(48))))[2] == "ntp.garbled"


def test_udp_passes_only_with_an_answer() -> None:
    with udp_server(lambda data: b"pong") as port:
        assert outcome(one(LOOP, port, "udp")) == ("pass", "udp", "")
    with udp_server(lambda data: None) as port:
        verdict = one(LOOP, port, "udp")
    assert outcome(verdict) == ("unproven", "udp", "udp.silent")
    assert verdict["remedy"]
    assert outcome(one(LOOP, free_port(socket.SOCK_DGRAM), "udp")) == ("fail", "udp", "udp.refused")


def slowly(*waits: float, **more: object):
    """Return a time server whose n-th answer waits so many seconds on its way there; all further ones like the last."""
    left = list(waits)
    tell = time_server(**more)

    def answer(request: bytes) -> bytes:
        time.sleep(left.pop(0) if len(left) > 1 else left[0])
        asked.append(request)
        return tell(request)

    asked: list[bytes] = []
    return answer, asked


def test_a_busy_line_is_no_wrong_clock() -> None:
    answer, asked = slowly(0.6, 0.6, 0.0)
    verdict = ask_time(answer, timeout=4, max_offset=0.29)
    assert outcome(verdict) == ("pass", "ntp", "")
    assert (len(asked), verdict["data"]["ntp"]["delay"] < 0.58) == (3, True)


def test_an_answer_that_is_clear_is_the_only_one() -> None:
    for offset, status in ((0.0, "pass"), (600.0, "fail")):
        answer, asked = slowly(0.0, offset=offset)
        assert (ask_time(answer)["status"], len(asked)) == (status, 1)


def test_a_line_that_stays_slow_proves_nothing_and_names_both_figures() -> None:
    answer, asked = slowly(0.2)
    verdict = ask_time(answer, timeout=4, max_offset=0.15)
    assert (outcome(verdict), len(asked)) == (("unproven", "ntp", "ntp.unsure"), 4)
    assert ", +/- 0.1" in verdict["summary"] and "differs by +0.1" in verdict["summary"]
    assert verdict["reproduce"].startswith("chronyd -Q")


def test_what_was_heard_counts_where_the_server_falls_silent_or_sends_the_node_away() -> None:
    answers = [time_server(), lambda request: None]
    assert outcome(ask_time(_first_slow(answers), timeout=1, max_offset=0.2))[2] == "ntp.unsure"
    answers = [time_server(), time_server(stratum=0, reference=b"RATE")]
    assert outcome(ask_time(_first_slow(answers), timeout=1, max_offset=0.2))[2] == "ntp.unsure"


def _first_slow(answers: list):
    def answer(request: bytes) -> bytes | None:
        first = len(answers) > 1
        time.sleep(0.3 if first else 0)
        return (answers.pop(0) if first else answers[0])(request)

    return answer
