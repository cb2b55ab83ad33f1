# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness import inputs
from fakes.readiness import DEFAULTS


def test_all_problems_of_the_input_at_once():
    found = inputs.problems(
        {
            **DEFAULTS,
            "skip": ["os_suport"],
            "pod_cidr": ["10.244.1.0/16"],
            "service_cidr": ["nonsense"],
            "node_cidrs": ["10.0.0.0/33"],
            "leased_line_gateway": "10.0.0",
            "cluster_version": "latest",
            "min_free_mb": 0,
            "max_clock_offset": 0,
        }
    )
    assert len(found) == 8
    text = "; ".join(found)
    for words in (
        "did you mean os_support",
        "pod_cidr is '10.244.1.0/16': the address has host bits set; the network is 10.244.0.0/16",
        "service_cidr is 'nonsense'",
        "node_cidrs is '10.0.0.0/33'",
        "leased_line_gateway is '10.0.0'",
        "cluster_version is 'latest'",
        "min_free_mb is 0",
        "max_clock_offset is 0",
    ):
        assert words in text


@pytest.mark.parametrize("version", ["1.30", "1.30.7", "1.30.7-aliyun.1", "1.12.6-aliyunedge.1", None, ""])
def test_versions_that_are_right(version):
    assert not inputs.problems({**DEFAULTS, "cluster_version": version})
