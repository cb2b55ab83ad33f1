# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each fault that the lab can switch on gives one verdict, which names the stage and what an operator can do.

Up to three are on at once, which is what a message names, each for an endpoint of its own; no other verdict fails.
"""

from __future__ import annotations

import re

import lab
import pytest
import world

REGION = ("-e", "region=cn-beijing")
# Those that are on at once: fault -> (check, stage, what the summary matches, words of the remedy)
TOGETHER = [
    {
        "dead-endpoint": ("image_registry", "tcp", "timed out", "leased line"),
        "wrong-dns": ("oss_internal", "address", "203.0.113.66", "PrivateZone"),
        "ntp-silent": ("ntp_1", "ntp", "no NTP answer", "123"),
    },
    {
        "dns-silent": ("oss_packages", "dns", "10.98.0.254", "DNS"),
        "tls-wrong-name": ("control_plane", "tls", "somebody-else.example", "DNS record"),
        "ntp-off": ("ntp_1", "ntp", r"differs by \+(599|600)", "clock"),
    },
    {"tls-expired": ("image_registry", "tls", "expired", "clock")},
]


@pytest.fixture
def switched():
    """Return a function that switches faults on, {fault: name of an endpoint}; they are off again after the test."""

    def switch(wanted: dict[str, str]) -> None:
        # Those of the time server are no matter of a host.
        hosts = {fault: "" if check.startswith("ntp_") else world.endpoint("cn-beijing", "leased_line", check)
                 for fault, check in wanted.items()}  # fmt: skip
        lab.faults(hosts)

    yield switch
    lab.faults({})


def test_every_fault_of_the_lab_is_tried():
    assert sorted(fault for together in TOGETHER for fault in together) == sorted(lab.FAULTS)


@pytest.mark.parametrize("faults", TOGETHER, ids=" ".join)
def test_faults(play, switched, nodes, faults):
    switched({fault: check for fault, (check, *_rest) in faults.items()})
    outcome = play("verify_edge", *REGION, "--tags", "reachability")
    assert outcome.rc == 2, outcome.out
    for node in nodes:
        assert sorted(outcome.failing(node)) == sorted(check for check, *_rest in faults.values())
        for check, stage, found, to_do in faults.values():
            verdict = next(item for item in outcome.verdicts(node, "fail") if item["check"] == check)
            assert verdict["data"]["stage"] == stage, verdict
            assert re.search(found, verdict["summary"]), verdict
            assert to_do in verdict["remedy"], verdict
            assert verdict["reproduce"], verdict
            assert verdict["summary"] in " ".join(outcome.report["hosts"][node]["message"].split("\n"))


def test_after_the_faults_all_is_well(play):
    outcome = play("verify_edge", *REGION)
    assert outcome.rc == 0, outcome.out
