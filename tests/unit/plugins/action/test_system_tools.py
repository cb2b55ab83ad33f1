# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Package files go to a node that asks for them, once, and to no other; nothing else leaves the controller."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible_collections.ack_edge.node.plugins.action import system_tools
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import failure
from fakes.action import honest, told

HOST = {"inventory_hostname": "n1"}
DIRECTORY = {"source": "directory", "directory": "packages"}
DONE = {**honest("socat"), "changed": True}


class Copying(system_tools.ActionModule):
    """The action with a copy that looks into what it copies, and a playbook in a folder of the test."""

    playbook: Path

    def _find_needle(self, dirname: str, needle: str) -> str:
        assert dirname == "files"
        if not (self.playbook / needle).exists():
            raise AnsibleError("could not find it\nSearched in:\n\t/play/files")
        return str(self.playbook / needle)

    def _transfer_file(self, local_path: str, remote_path: str) -> str:
        with tarfile.open(local_path) as packed:
            assert all(entry.isfile() for entry in packed)
            self.copied = {remote_path: packed.getnames()}
            self.contents = {entry.name: packed.extractfile(entry).read().decode() for entry in packed}
        return remote_path

    def _fixup_perms2(self, remote_paths: Any) -> None:
        assert set(remote_paths) == set(self.copied)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the playbook; another one is the current directory."""
    playbook = tmp_path / "play"
    for name in ("play/packages", "play/empty", "inventory/more", "here"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("b.deb", "a.deb", "c.rpm", "notes.txt"):
        (playbook / "packages" / name).write_text(name)
    (playbook / "packages/folder.deb").mkdir()
    (playbook / "packages/folder.deb/secret").write_text("secret")
    os.mkfifo(playbook / "packages/pipe.deb")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "secret.deb").write_text("secret")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(Copying, "playbook", playbook, raising=False)
    return playbook


def action(arguments: dict[str, Any], *answers: Any, **task: Any) -> Any:
    made = told(Copying, arguments, *answers, **task)
    made.copied = {}
    return made


@pytest.mark.parametrize("arguments", [{}, DIRECTORY, {"source": "url", "url": "http://a/b"}])
def test_one_execution_where_nothing_is_missing(arguments: dict[str, Any]) -> None:
    made = action(arguments, honest("socat"))
    assert made.run(task_vars=HOST) == honest("socat")
    assert (made.executed, made.copied) == ([arguments], {})


@pytest.mark.parametrize(("suffix", "names"), [(".deb", ["a.deb", "b.deb"]), (".rpm", ["c.rpm"])])
def test_the_files_of_its_kind_go_to_a_node_that_asks(suffix: str, names: list[str]) -> None:
    made = action(DIRECTORY, honest(wants_archive=suffix), DONE)
    assert made.run(task_vars=HOST) == DONE
    assert made.copied == {"/tmp/remote/packages.tar": names}
    assert made.executed == [DIRECTORY, {**DIRECTORY, "archive": "/tmp/remote/packages.tar"}]


@pytest.mark.parametrize(
    "suffix",
    [
        *("*/../secret", "*/../../../../../etc/hostname", "*/../secret", "", "*", ".txt", ".deb/../../secret", "deb"),
        *(".DEB", ".deb\n", "\0.deb", "[.]deb", [".deb"], {".deb": 1}, 5, True),
    ],
)
def test_a_node_gets_nothing_by_asking_for_something_else(suffix: Any) -> None:
    made = action(DIRECTORY, honest(wants_archive=suffix), DONE)
    found = made.run(task_vars=HOST)
    assert (made.copied, made.executed, found["failed_checks"]) == ({}, [DIRECTORY], ["answer"])
    assert found["msg"].startswith("n1 answered system_tools with something that it never answers: wants_archive is ")
    assert "expected .deb or .rpm" in found["msg"]


@pytest.mark.parametrize(
    ("arguments", "task"),
    [({}, {}), ({"source": "repository", "directory": "packages"}, {}), (DIRECTORY, {"check_mode": True})],
)
def test_a_node_gets_nothing_where_the_task_has_no_folder_for_it(
    arguments: dict[str, Any], task: dict[str, Any]
) -> None:
    made = action(arguments, honest(wants_archive=".deb"), DONE, **task)
    assert "wants_archive, for which this task has no use" in made.run(task_vars=HOST)["msg"]
    assert (made.copied, made.executed) == ({}, [arguments])


def test_a_node_that_asks_twice_gets_it_once() -> None:
    found = action(DIRECTORY, honest(wants_archive=".deb"), honest(wants_archive=".rpm")).run(task_vars=HOST)
    assert "wants_archive again" in found["msg"]


def test_a_failure_gets_nothing() -> None:
    made = action(DIRECTORY, {"failed": True, "wants_archive": ".deb", **failure("no")}, DONE)
    assert (made.run(task_vars=HOST)["msg"], made.copied) == ("no", {})


@pytest.mark.parametrize("target", ["../../secret", "../../secret.deb", "nothing.deb", "link.deb", "/etc/hostname"])
def test_a_link_out_of_the_folder_is_refused_before_anything_is_done(folder: Path, target: str) -> None:
    (folder / "packages/link.deb").symlink_to(target)
    made = action(DIRECTORY)
    with pytest.raises(AnsibleError, match=r"in which link\.deb is a link to something outside of it or to nothing"):
        made.run(task_vars=HOST)
    assert made.executed == []


def test_a_link_that_is_made_later_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "packages/z.deb").symlink_to(tmp_path / "secret")
    system_tools.pack(folder / "packages", ".deb", f"{tmp_path}/packed.tar")
    with tarfile.open(tmp_path / "packed.tar") as packed:
        assert packed.getnames() == ["a.deb", "b.deb"]


def test_a_file_of_two_names_is_two_files(folder: Path) -> None:
    (folder / "packages/d.deb").symlink_to("a.deb")
    (folder / "packages/e.deb").hardlink_to(folder / "packages/a.deb")
    made = action(DIRECTORY, honest(wants_archive=".deb"), DONE)
    made.run(task_vars=HOST)
    assert made.contents == {"a.deb": "a.deb", "b.deb": "b.deb", "d.deb": "a.deb", "e.deb": "a.deb"}


def test_a_folder_without_packages_is_found_before_anything_is_done() -> None:
    made = action({**DIRECTORY, "directory": "empty"})
    with pytest.raises(AnsibleError, match="there are none in it"):
        made.run(task_vars=HOST)
    assert made.executed == []


def found_in(name: str, **task_vars: Any) -> Path:
    return action({})._directory(name, {**HOST, **task_vars})


def packages(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "a.rpm").write_text("x")
    return folder


def test_a_folder_is_searched_beside_the_inventory_the_playbook_and_here(folder: Path, tmp_path: Path) -> None:
    here = packages(tmp_path / "here/site/el9")
    assert found_in("site/el9") == here
    playbook = packages(folder / "site/el9")
    assert found_in("site/el9") == playbook
    (tmp_path / "inventory/more/hosts.yml").write_text("")
    sources = ["n1,", str(tmp_path / "inventory/more/hosts.yml"), str(tmp_path / "gone")]
    more = packages(tmp_path / "inventory/more/site/el9")
    assert found_in("site/el9", ansible_inventory_sources=sources) == more
    own = packages(tmp_path / "inventory/site/el9")
    given = {"inventory_dir": str(tmp_path / "inventory"), "ansible_inventory_sources": sources}
    assert found_in("site/el9", **given) == own
    assert found_in("site/el9", ansible_inventory_sources=[str(tmp_path / "inventory")], inventory_dir=None) == own


def test_an_absolute_folder_and_one_of_the_user_are_taken_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    own = packages(tmp_path / "home/el9")
    assert found_in("~/el9") == found_in(str(own)) == own
    with pytest.raises(AnsibleError, match=r"directory is '/nowhere/el9', expected a folder on the controller"):
        found_in("/nowhere/el9")


def test_a_folder_that_is_nowhere_is_told_with_all_places(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError) as caught:
        found_in("el7", inventory_dir=str(tmp_path / "inventory"))
    for place in (tmp_path / "inventory/el7", tmp_path / "here/el7", "/play/files"):
        assert str(place) in str(caught.value)
    assert str(caught.value).startswith("directory is 'el7', expected a folder on the controller")
    assert "\n" not in str(caught.value)


def test_a_file_is_no_folder(folder: Path) -> None:
    (folder / "file").write_text("x")
    with pytest.raises(AnsibleError, match="expected a folder on the controller"):
        found_in("file")
