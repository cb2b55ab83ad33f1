# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node
from ansible_collections.ack_edge.node.plugins.module_utils._timesync import _clock

TRACKING = "0A000001,10.0.0.1,3,1.0,%s,0.0,0.0,0.0,0.0,0.0,1.0,1.0,0.0,%s\n"


def judge(tracking=None, sources="", kernel=None, max_offset=1.0):
    def run(argv, stdin=None, timeout=60):
        assert "timesync-status" not in argv
        out = {"tracking": tracking, "sources": sources, "NTPSynchronized": kernel}[argv[-1]]
        return Completed(argv, 1 if out is None else 0, out or "", "")

    return _clock.judge(_clock.observe(Node(runner=run)), max_offset)


def test_right():
    found = judge(TRACKING % ("-0.0001", "Normal"))
    assert found["status"] == "pass"
    assert found["data"]["stratum"] == 3


@pytest.mark.parametrize(("offset", "status"), [("0.9", "pass"), ("-0.9", "pass"), ("1.1", "fail"), ("-600.0", "fail")])
def test_offset_in_both_directions(offset, status):
    assert judge(TRACKING % (offset, "Normal"))["status"] == status


def test_distance_to_the_followed_server_counts():
    """chronyd -x says that nothing is left to correct, for it never corrects."""
    found = judge(
        TRACKING % ("0.0", "Normal"),
        "^,+,10.0.0.2,2,6,17,4,-700.0,-600.0,0.1\n^,*,10.0.0.1,2,6,17,4,-600.0,-600.0,0.1\n",
    )
    assert found["status"] == "fail"
    assert "600.000 s off" in found["summary"]


def test_not_synchronised_fails():
    found = judge(TRACKING % ("0.0", "Not synchronised"))
    assert found["status"] == "fail"
    assert "ntp_servers" in found["remedy"]


@pytest.mark.parametrize(
    ("kernel", "status"),
    [("NTPSynchronized=yes\n", "pass"), ("NTPSynchronized=no\n", "warn"), ("", "unproven"), (None, "unproven")],
)
def test_without_chrony_the_kernel_tells(kernel, status):
    assert judge(kernel=kernel)["status"] == status
