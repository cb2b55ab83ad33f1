# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""NTP packets: the offset is right whatever the clocks and the way are, and no bytes can break the reader."""

from __future__ import annotations

import struct

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import ntp
from hypothesis import given
from hypothesis import strategies as st

STAMP = b"12345678"
CLOCK = st.floats(0, 2**33, allow_nan=False)


def reply(
    taken: float,
    given: float,
    *,
    first: int = 4 << 3 | 4,
    stratum: int = 2,
    reference: bytes = b"\x0a\0\0\1",
    origin: bytes = STAMP,
) -> bytes:
    return (
        struct.pack("!BBbbII4s", first, stratum, 0, 0, 0, 0, reference)
        + bytes(8)
        + origin
        + ntp.pack_time(taken)
        + ntp.pack_time(given)
    )


@given(CLOCK)
def test_times_survive_the_wire_beyond_2036_too(seconds: float) -> None:
    assert ntp.unpack_time(ntp.pack_time(seconds), near=seconds + 1000) == pytest.approx(seconds, abs=1e-5)


@given(CLOCK, st.floats(-1e6, 1e6), st.floats(0, 1), st.floats(0, 1))
def test_the_offset_is_that_of_the_clocks(sent: float, offset: float, way: float, work: float) -> None:
    taken = sent + way + offset
    found = ntp.parse_reply(reply(taken, taken + work), STAMP, sent, sent + way + work + way)
    assert found["offset"] == pytest.approx(offset, abs=1e-4)
    assert found["delay"] == pytest.approx(2 * way, abs=1e-4)


@given(st.binary(max_size=100))
def test_random_bytes_are_a_format_error_or_a_reply(data: bytes) -> None:
    try:
        found = ntp.parse_reply(data, STAMP, 0.0, 1.0)
    except ntp.NtpFormatError:
        return
    assert set(found) == {"offset", "delay", "stratum", "leap", "reference"}


@pytest.mark.parametrize("data", [b"", bytes(47), reply(0, 0, origin=b"another!"), reply(0, 0, first=4 << 3 | 3)])
def test_what_is_no_answer_to_us(data: bytes) -> None:
    with pytest.raises(ntp.NtpFormatError):
        ntp.parse_reply(data, STAMP, 0.0, 1.0)


def test_the_stamp_of_the_request_is_where_an_answer_repeats_it_from() -> None:
    assert ntp.build_request(STAMP)[40:48] == STAMP
    assert len(ntp.build_request(STAMP)) == 48
    assert reply(0, 0)[ntp._ORIGIN] == STAMP


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, None),
        ({"offset": -0.9}, None),
        ({"offset": -1.1}, "ntp.far"),
        ({"stratum": 0}, "ntp.kiss"),
        ({"stratum": 16}, "ntp.unsynchronised"),
        ({"leap": 3}, "ntp.unsynchronised"),
        ({"leap": 1}, None),
    ],
)
def test_what_a_reply_is_worth(change: dict, problem: str | None) -> None:
    good = {"offset": 0.1, "delay": 0.0, "stratum": 3, "leap": 0, "reference": "10.0.0.1"}
    assert ntp.judge(good | change, max_offset=1.0) == problem


def test_a_kiss_code_and_a_clock_are_text() -> None:
    assert ntp.parse_reply(reply(0, 0, stratum=0, reference=b"DENY"), STAMP, 0, 0)["reference"] == "DENY"
    assert ntp.parse_reply(reply(0, 0, stratum=1, reference=b"GPS\0"), STAMP, 0, 0)["reference"] == "GPS"


@pytest.mark.parametrize(
    ("offset", "delay", "problem"),
    [
        (0.75, 1.5, "ntp.unsure"),  # all of it may be the way
        (0.4, 1.0, None),
        (-1.6, 1.0, "ntp.far"),
        (-1.4, 1.0, "ntp.unsure"),
        (1.0, 0.0, None),
        (1.2, -0.1, "ntp.far"),  # a clock that was set back while the packet was on its way
    ],
)
def test_what_a_packet_waited_is_doubt_about_the_clock(offset: float, delay: float, problem: str | None) -> None:
    good = {"offset": offset, "delay": delay, "stratum": 3, "leap": 0, "reference": "10.0.0.1"}
    assert ntp.judge(good, max_offset=1.0) == problem


@given(st.floats(-3, 3), st.floats(0, 3), st.floats(0, 3))
def test_no_way_makes_a_right_clock_far_or_a_wrong_one_right(offset: float, there: float, back: float) -> None:
    taken = 1000.0 + there + offset
    found = ntp.parse_reply(reply(taken, taken), STAMP, 1000.0, 1000.0 + there + back)
    problem = ntp.judge(found, max_offset=1.0)
    if abs(offset) < 0.999:
        assert problem != "ntp.far"
    if abs(offset) > 1.001:
        assert problem is not None
