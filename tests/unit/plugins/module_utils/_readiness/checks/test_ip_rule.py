# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import ip_rule
from fakes import ip_text
from fakes.readiness import RULES


def test_kernel_rules_pass(world):
    assert ip_rule.run(world.facts, {})["status"] == "pass"


def test_another_table_warns(world):
    world.commands[RULES] = (
        0,
        ip_text.rules(
            [
                {"priority": 0, "src": "all", "table": "local"},
                {"priority": 100, "src": "10.99.0.0", "srclen": 24, "table": "100"},
            ]
        ),
    )
    found = ip_rule.run(world.facts, {})
    assert found["status"] == "warn"
    assert found["data"]["rules"] == ["100: from 10.99.0.0/24 lookup 100"]
    assert found["remedy"].startswith("make sure that rule 100 does not match the address")


def test_several_rules_are_named_by_their_numbers(world):
    """As Tailscale has them."""
    rules = [{"priority": number, "src": "all", "table": "52"} for number in (5210, 5270)]
    world.commands[RULES] = (0, ip_text.rules(rules))
    assert "none of the rules 5210, 5270 matches" in ip_rule.run(world.facts, {})["remedy"]
