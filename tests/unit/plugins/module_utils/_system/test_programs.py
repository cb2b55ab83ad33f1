# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.module_utils._node import Node
from ansible_collections.ack_edge.node.plugins.module_utils._system import programs


def put(root, path, mode=0o755):
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("name\n")
    target.chmod(mode)


def test_a_program_is_found_in_the_directories_of_the_system(tmp_path):
    node = Node(root=str(tmp_path))
    put(tmp_path, "usr/sbin/tool")
    assert programs.which(node, "tool") == "/usr/sbin/tool"
    put(tmp_path, "usr/local/bin/tool")
    assert programs.which(node, "tool") == "/usr/local/bin/tool"


def test_what_cannot_be_started_is_no_program(tmp_path):
    put(tmp_path, "usr/bin/tool", mode=0o644)
    (tmp_path / "usr/sbin/tool").mkdir(parents=True)
    assert programs.which(Node(root=str(tmp_path)), "tool") is None


def test_path_counts_on_a_real_node(tmp_path, monkeypatch):
    put(tmp_path, "bin/a-tool-of-this-test")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin")
    assert programs.which(Node(), "a-tool-of-this-test") == f"{tmp_path}/bin/a-tool-of-this-test"


def test_processes_that_end_while_we_look_are_left_out(tmp_path):
    put(tmp_path, "proc/7/comm")
    put(tmp_path, "proc/version/comm")
    (tmp_path / "proc/8").mkdir()
    assert programs.processes(Node(root=str(tmp_path))) == {7: "name"}
