# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import node_name
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("name", ["edge-1", "a", "1", "edge.site.example", "a" * 63])
def test_usable(world, name):
    world.file("/proc/sys/kernel/hostname", name + "\n")
    assert node_name.run(world.facts, {})["status"] == "pass"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Edge-1",
        "edge_1",
        "localhost",
        "localhost.localdomain",
        "-edge",
        "edge-",
        "a..b",
        "a" * 64,
        "a" * 254,
        "kärnten",
    ],
)
def test_refused(world, name):
    world.file("/proc/sys/kernel/hostname", name + "\n")
    found = node_name.run(world.facts, {})
    assert found["status"] == "fail"
    assert name in found["summary"]
    assert found["remedy"]


@given(st.text(alphabet="aZ9-._ ", max_size=300))
def test_what_is_taken_is_a_dns_name(name):
    if not node_name._wrong(name):
        assert name == name.lower()
        assert 1 <= len(name) <= 63
        assert all(part[0] not in "-" and part[-1] not in "-" for part in name.split("."))


@pytest.mark.parametrize(
    ("text", "status"),
    [("# cloud\n\nedge-1\n", "pass"), ("", "pass"), ("edge-1.site\n", "warn"), ("localhost\n", "warn")],
)
def test_a_name_that_a_reboot_changes(world, text, status):
    world.file("/etc/hostname", text)
    found = node_name.run(world.facts, {})
    assert (found["status"], found["remedy"]) == (status, "hostnamectl set-hostname edge-1" if status == "warn" else "")
