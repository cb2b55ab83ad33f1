# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world without probes and without the checkout: the README's commands and inventory, typed off by an ordinary user.

Each test reads one run of the life of two nodes, a Debian and an EL-like, under each ansible-core.
"""

from __future__ import annotations

import re

import helpers_life
import pytest

NOISE = ("Could not match supplied host pattern", "Empty hostname", "Traceback", "DEPRECATION", "is undefined")


@pytest.fixture(autouse=True)
def say_how_long(lived, capsys, request):
    yield
    if request.node.originalname.startswith("test_no_run_complains"):
        with capsys.disabled():
            print(f"\nansible-core {lived.controller.core}: {helpers_life.log(lived)}", end="")


def test_fresh_nodes_are_not_ready_and_each_says_why(lived):
    run = lived.runs["fresh"]
    assert run.rc == 2, run.out
    for name in lived.names:
        assert f"{name} is not ready for cn-beijing" in run.stdout
    assert "system_tools" in run.stdout
    assert "to do:" in run.stdout
    assert run.changed == dict.fromkeys(lived.names, 0)


def test_the_findings_are_a_table_that_a_human_can_read(lived):
    """Not one line of JSON with the ends of lines escaped, on any ansible-core."""
    lines = lived.runs["fresh"].stdout.splitlines()
    failing = [line for line in lines if re.match(r"\W*FAIL +\w+", line)]
    assert len(failing) >= 2 * len(lived.names), "a line for each finding"
    assert not [line for line in lines if line.count(r"\n") > 1 and "FAIL" in line]


def test_prepared_and_again_without_a_change(lived):
    assert lived.runs["first"].rc == 0, lived.runs["first"].out
    assert all(number > 0 for number in lived.runs["first"].changed.values())
    assert lived.runs["second"].rc == 0, lived.runs["second"].out
    assert lived.runs["second"].changed == dict.fromkeys(lived.names, 0)


def test_prepared_nodes_are_ready(lived):
    """A container has no modules of its kernel to look at, which is the one open point of a node here."""
    run = lived.runs["ready"]
    assert run.rc == 0, run.out
    for name in lived.names:
        assert re.search(rf"{name} is ready (for|but for 1 open point)", run.stdout), run.out
    open_points = re.findall(r"UNPROVEN (\w+)", run.stdout)
    assert set(open_points) <= {"kernel_modules"}


def test_a_node_whose_api_server_nobody_looked_at_is_not_called_ready(lived):
    run = lived.runs["gaps"]
    for name in lived.names:
        assert f"{name} is ready for" not in run.stdout
        assert re.search(rf"{name} is ready but for \d+ open points", run.stdout), run.out
    assert re.search(r"UNPROVEN +(gap_)?api_server", run.stdout)


def test_after_a_reset_nothing_of_ours_is_left(lived):
    assert lived.runs["reset"].rc == 0, lived.runs["reset"].out
    for name in lived.names:
        assert helpers_life.foreign(lived.left[name]) == []
        assert helpers_life.ours(lived.left[name]) == []


def test_no_run_complains_of_what_the_reader_cannot_help(lived):
    for name, run in lived.runs.items():
        for words in NOISE:
            assert words not in run.out, f"{name}: {words}"


def test_a_node_with_python_36_is_one_of_them(lived):
    if lived.controller.series != "2.16":
        pytest.skip(f"ansible-core {lived.controller.series} has dropped Python 3.6")
    if lived.python36:
        pytest.skip(lived.python36)
    assert lived.runs["ready"].rc == 0
