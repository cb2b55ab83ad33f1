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


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": 2, "content": {}}',
        "null",
        "1",
        "[" * 100000,
        '{"version": 1}',
        '{"version": 1, "content": null}',
        '{"version": 1, "content": ["a"]}',
    ],
)
def test_damage_is_an_error_and_stays(node, text):
    manifest = Manifest(node, "routes", "ack-edge")
    node.write(manifest.path, text)
    with pytest.raises(NodeError, match=r"routes/ack-edge\.json is damaged or from a newer version"):
        manifest.load()
    assert node.read(manifest.path) == text


@pytest.mark.parametrize("name", ["", "../x", "A", "a/b", "-a", "a" * 64, "a\n"])
def test_name_must_be_a_file_name(node, name):
    with pytest.raises(NodeError, match="name is "):
        Manifest(node, "routes", name)


def number(value):
    int(value)


SHAPE = {"text": str, "list?": [{"flag": bool, "count?": int, "more?": (str, type(None))}], "call?": [number]}


@pytest.mark.parametrize(
    "content",
    [
        {"text": "a"},
        {"text": "a", "list": [], "unknown": 1},
        {"text": "a", "list": [{"flag": True, "count": 1, "more": None}], "call": ["1"]},
    ],
)
def test_what_has_the_shape_is_understood(node, content):
    manifest = Manifest(node, "routes", "ack-edge", SHAPE)
    manifest.store(content)
    assert manifest.load() == content


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"text": 1},
        {"text": None},
        {"text": "a", "list": {}},
        {"text": "a", "list": "ab"},
        {"text": "a", "list": [1]},
        {"text": "a", "list": [{}]},
        {"text": "a", "list": [{"flag": 1}]},
        {"text": "a", "list": [{"flag": True, "count": True}]},
        {"text": "a", "list": [{"flag": True, "more": []}]},
        {"text": "a", "call": ["x"]},
        {"text": "a", "call": [{}]},
    ],
)
def test_what_has_another_shape_is_damage(node, content):
    manifest = Manifest(node, "routes", "ack-edge", SHAPE)
    manifest.store(content)
    with pytest.raises(NodeError, match=r"routes/ack-edge\.json is damaged .* remove it"):
        manifest.load()


def test_what_a_killed_run_left_goes(node, tmp_path):
    manifest = Manifest(node, "routes", "ack-edge")
    assert not manifest.untidy()
    manifest.store({})
    os.rename(node.path(manifest.path), node.path("/var/lib/ack_edge/routes/.ack_edge-ack-edge.json"))
    assert manifest.untidy()
    manifest.tidy()
    assert not (tmp_path / "var/lib/ack_edge").exists()
    (tmp_path / "var/lib/ack_edge").mkdir()
    assert manifest.untidy()
    manifest.tidy()
    assert not (tmp_path / "var/lib/ack_edge").exists()
