# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import services


def node(rc, out, err=""):
    return Node(runner=lambda argv, stdin=None, timeout=60: Completed(argv, rc, out, err))


def block(name, load="loaded", active="active", enabled="enabled", *, result="yes", stamp="12"):
    return (
        f"Id={name}\nLoadState={load}\nActiveState={active}\nUnitFileState={enabled}\nConditionResult={result}\n"
        f"ConditionTimestampMonotonic={stamp}\n"
    )


def test_four_states_and_an_alias():
    found = services.show(
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
        "time_sync",
    )
    assert [(unit.name, unit.load, unit.active, unit.enabled, unit.can_enable) for unit in found] == [
        ("chrony.service", "loaded", True, True, False),
        ("ntpd.service", "masked", False, False, False),
        ("ntpsec.service", "loaded", False, False, True),
    ]


@pytest.mark.parametrize(("result", "stamp", "held"), [("no", "12", True), ("no", "0", False), ("yes", "12", False)])
def test_held_is_a_condition_that_was_tried(result, stamp, held):
    (unit,) = services.show(
        node(0, block("chrony.service", active="inactive", result=result, stamp=stamp)), [], "time_sync"
    )
    assert unit.held is held


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (
            "MainPID=77\nExecStart={ path=/a ; argv[]=/bin/a -F 1 ; ignore_errors=no ; }\n",
            (77, "/bin/a -F 1"),
        ),
        ("MainPID=0\nExecStart=\n", (0, "")),
        ("", (0, "")),
    ],
)
def test_what_a_unit_runs(lines, found):
    (unit,) = services.show(node(0, block("chrony.service") + lines), [], "time_sync")
    assert (unit.main_pid, unit.command) == found


def test_no_systemd():
    with pytest.raises(NodeError, match="time_sync needs systemd"):
        services.show(node(1, "", "System has not been booted with systemd"), ["chrony.service"], "time_sync")


def test_a_step_that_fails_names_the_journal():
    with pytest.raises(NodeError, match=r"systemctl restart chrony.service.*bad.*journalctl -u chrony.service"):
        services.act(node(1, "", "bad"), "restart", "chrony.service")


def test_systemd_runs_the_node_or_not(tmp_path):
    node = Node(root=str(tmp_path))
    assert not services.is_init(node)
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    assert services.is_init(node)


@pytest.mark.parametrize(
    ("rc", "out", "at_boot"),
    [(0, "enabled\n", True), (1, "disabled\n", False), (0, "static\n", False), (127, "", False)],
)
def test_what_starts_at_boot(rc, out, at_boot):
    assert services.starts_at_boot(node(rc, out), "a.service") is at_boot
