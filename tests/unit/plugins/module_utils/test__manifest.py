# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
import os

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._manifest import Manifest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Node, NodeError


@pytest.fixture
def node(tmp_path):
    return Node(root=str(tmp_path))


def test_remembers_and_forgets_without_a_trace(node, tmp_path):
    manifest = Manifest(node, "routes", "ack-edge")
    assert manifest.load() == {}
    manifest.store({"routes": [1]})
    assert Manifest(node, "routes", "ack-edge").load() == {"routes": [1]}
    assert os.stat(node.path(manifest.path)).st_mode & 0o777 == 0o600
    manifest.forget()
    assert manifest.load() == {}
    assert not (tmp_path / "var/lib/ack_edge").exists()


def test_another_set_stays(node):
    one, two = Manifest(node, "routes", "one"), Manifest(node, "routes", "two")
    one.store({"a": 1})
    two.store({"b": 2})
    one.forget()
    assert two.load() == {"b": 2}


def test_what_is_remembered_already_is_not_written(node, monkeypatch):
    manifest = Manifest(node, "routes", "ack-edge")
    manifest.store({"a": 1})
    monkeypatch.setattr(node, "write", lambda *_args, **_options: pytest.fail("written"))
    manifest.store({"a": 1})


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 2, "content": {}}', "null"])
def test_damage_is_an_error_and_stays(node, text):
    manifest = Manifest(node, "routes", "ack-edge")
    node.write(manifest.path, text)
    with pytest.raises(NodeError, match=r"routes/ack-edge\.json is damaged or from a newer version"):
        manifest.load()
    assert node.read(manifest.path) == text


@pytest.mark.parametrize("name", ["", "../x", "A", "a/b", "-a", "a" * 64])
def test_name_must_be_a_file_name(node, name):
    with pytest.raises(NodeError, match="name is "):
        Manifest(node, "routes", name)
