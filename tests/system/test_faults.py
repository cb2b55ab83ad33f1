# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each fault that the lab can switch on gives one verdict, which names the stage and what an operator can do."""

from __future__ import annotations

import re
import subprocess

import lab
import pytest

REGION = ("-e", "region=cn-beijing")
# fault -> (check, stage, what the summary matches, words of the remedy)
FAULTS = {
    "dead-endpoint": ("image_registry", "tcp", "timed out", "leased line"),
    "wrong-dns": ("image_registry", "address", "203.0.113.66", "PrivateZone"),
    "dns-silent": ("image_registry", "dns", "10.98.0.254", "DNS"),
    "tls-wrong-name": ("image_registry", "tls", "somebody-else.example", "DNS record"),
    "tls-expired": ("image_registry", "tls", "expired", "clock"),
    "ntp-silent": ("ntp_1", "ntp", "no NTP answer", "123"),
    "ntp-off": ("ntp_1", "ntp", r"differs by \+(599|600)", "clock"),
}


@pytest.fixture(scope="module", autouse=True)
def prepared_nodes(tmp_path_factory):
    """Prepare the nodes for this file and take it back after it."""
    base = ["ansible-playbook", "-i", str(lab.INVENTORY)]
    subprocess.run([*base, "playbooks/prepare_edge.yml", *REGION], cwd=lab.ROOT, check=True, capture_output=True)
    yield
    subprocess.run([*base, "playbooks/reset_edge.yml"], cwd=lab.ROOT, check=True, capture_output=True)


def test_every_fault_of_the_lab_is_tried():
    assert set(FAULTS) == set(lab.FAULTS)


@pytest.mark.parametrize("name", FAULTS)
def test_fault(play, fault, nodes, name):
    check, stage, found, to_do = FAULTS[name]
    fault(name)
    outcome = play("verify_edge", *REGION, "--tags", "reachability")
    assert outcome.rc == 2, outcome.out
    for node in nodes:
        assert outcome.failing(node) == [check]
        verdict = next(item for item in outcome.verdicts(node, "fail") if item["check"] == check)
        assert verdict["data"]["stage"] == stage, verdict
        assert re.search(found, verdict["summary"]), verdict
        assert to_do in verdict["remedy"]
        assert verdict["reproduce"]
        assert verdict["summary"] in " ".join(outcome.report["hosts"][node]["message"].split("\n"))


def test_after_the_faults_all_is_well(play):
    outcome = play("verify_edge", *REGION)
    assert outcome.rc == 0, outcome.out
