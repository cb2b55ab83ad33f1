# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Package files go to a node that asks for them, once, and to no other."""

from __future__ import annotations

import tarfile
import types

import pytest
from ansible.errors import AnsibleError
from ansible_collections.ack_edge.node.plugins.action import system_tools


class Action(system_tools.ActionModule):
    """The action with an executor that hands out what it is given, and a copy that looks into what it copies."""

    def __init__(self, folder, arguments, *outcomes):
        self.executed, self.copied, self._outcomes, self._folder = [], {}, list(outcomes), folder
        shell = types.SimpleNamespace(tmpdir="/tmp/remote", join_path=lambda *parts: "/".join(parts))
        self._connection = types.SimpleNamespace(_shell=shell)
        self._task = types.SimpleNamespace(args=arguments, async_val=0)

    def _execute_module(self, module_args=None, task_vars=None):
        self.executed.append(module_args)
        return self._outcomes.pop(0)

    def _find_needle(self, dirname, needle):
        assert dirname == "files"
        if not (self._folder / needle).is_dir():
            raise AnsibleError("could not find it")
        return str(self._folder / needle)

    def _transfer_file(self, local_path, remote_path):
        with tarfile.open(local_path) as packed:
            self.copied[remote_path] = packed.getnames()
        return remote_path

    def _fixup_perms2(self, remote_paths):
        assert set(remote_paths) == set(self.copied)


@pytest.fixture(autouse=True)
def _base(monkeypatch):
    monkeypatch.setattr(system_tools.ActionBase, "run", lambda *_arguments, **_named: {})


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "packages").mkdir()
    (tmp_path / "empty").mkdir()
    for name in ("b.deb", "a.deb", "c.rpm", "notes.txt"):
        (tmp_path / "packages" / name).write_text(name)
    return tmp_path


DIRECTORY = {"source": "directory", "directory": "packages"}


@pytest.mark.parametrize("arguments", [{}, DIRECTORY, {"source": "url", "url": "http://a/b"}])
def test_one_execution_where_nothing_is_missing(folder, arguments):
    action = Action(folder, arguments, {"changed": False})
    assert action.run() == {"changed": False}
    assert (action.executed, action.copied) == ([arguments], {})


@pytest.mark.parametrize(("suffix", "names"), [(".deb", ["a.deb", "b.deb"]), (".rpm", ["c.rpm"])])
def test_the_files_of_its_kind_go_to_a_node_that_asks(folder, suffix, names):
    action = Action(folder, DIRECTORY, {"changed": False, "wants_archive": suffix}, {"changed": True, "results": []})
    assert action.run() == {"changed": True, "results": []}
    assert action.copied == {"/tmp/remote/packages.tar": names}
    assert action.executed == [DIRECTORY, {**DIRECTORY, "archive": "/tmp/remote/packages.tar"}]


@pytest.mark.parametrize(
    ("name", "message"),
    [("absent", "directory is 'absent', expected a folder on the controller"), ("empty", "there are none in it")],
)
def test_a_wrong_folder_is_found_before_anything_is_done(folder, name, message):
    action = Action(folder, {**DIRECTORY, "directory": name})
    with pytest.raises(AnsibleError, match=message):
        action.run()
    assert action.executed == []
