# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""NTP and UDP against loopback servers that are well, or ill in one known way."""

from __future__ import annotations

import socket

import pytest
from helpers_probe import (
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
