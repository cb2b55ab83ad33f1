# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import units


def node(rc, out, err=""):
    return Node(runner=lambda argv, stdin=None, timeout=60: Completed(argv, rc, out, err))


def block(name, load="loaded", active="active", enabled="enabled", *, result="yes", stamp="12"):
    return (
        f"Id={name}\nLoadState={load}\nActiveState={active}\nUnitFileState={enabled}\nConditionResult={result}\n"
        f"ConditionTimestampMonotonic={stamp}\n"
    )


def test_four_states_and_an_alias():
    found = units.show(
        node(
            0,
            "\n".join(
                [
                    block("chrony.service"),
                    block("chrony.service"),
                    block("ntp.service", "not-found", "inactive", ""),
                    block("ntpd.service", "masked", "inactive", "masked"),
                    block("ntpsec.service", active="inactive", enabled="disabled"),
                ]
            ),
        ),
        [],
    )
    assert [(unit.name, unit.load, unit.active, unit.enabled, unit.can_enable) for unit in found] == [
        ("chrony.service", "loaded", True, True, False),
        ("ntpd.service", "masked", False, False, False),
        ("ntpsec.service", "loaded", False, False, True),
    ]


@pytest.mark.parametrize(("result", "stamp", "held"), [("no", "12", True), ("no", "0", False), ("yes", "12", False)])
def test_held_is_a_condition_that_was_tried(result, stamp, held):
    (unit,) = units.show(node(0, block("chrony.service", active="inactive", result=result, stamp=stamp)), [])
    assert unit.held is held


def test_no_systemd():
    with pytest.raises(NodeError, match="needs systemd"):
        units.show(node(1, "", "System has not been booted with systemd"), ["chrony.service"])


def test_a_step_that_fails_names_the_journal():
    with pytest.raises(NodeError, match=r"systemctl restart chrony.service.*bad.*journalctl -u chrony.service"):
        units.act(node(1, "", "bad"), "restart", "chrony.service")
