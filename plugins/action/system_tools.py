# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module system_tools, and where it asks for package files takes them to the node."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible_collections.ack_edge.node.plugins.plugin_utils._action import CheckedAction
from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.keys import SUFFIXES
from ansible_collections.ack_edge.node.plugins.plugin_utils._given import located


class ActionModule(CheckedAction):
    """One task, one result; a second execution and a copy only for a node that lacks something."""

    MODULE = "system_tools"
    TRANSFERS_FILES = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the module, as if it had done all in one execution."""
        result = self.begin(tmp, task_vars)
        arguments = dict(self._task.args)
        directory = None
        if arguments.get("source") == "directory" and arguments.get("directory"):
            # Before anything is done anywhere.
            directory = self._directory(arguments["directory"], task_vars or {})
        first = self.ask(task_vars, arguments)
        suffix = first.pop("wants_archive", None)
        if suffix is None or first.get("failed"):
            return {**result, **first}
        if directory is None or self._task.check_mode:
            return {**result, **self.refuse("wants_archive, for which this task has no use", task_vars)}
        with tempfile.TemporaryDirectory() as local:
            archive = f"{local}/packages.tar"
            pack(directory, suffix, archive)
            remote = self._transfer_file(archive, self._connection._shell.join_path(self._remote_tmp(), "packages.tar"))
        self._fixup_perms2((remote,))
        second = self.ask(task_vars, {**arguments, "archive": remote})
        if "wants_archive" in second:
            second = self.refuse("wants_archive again, after it has got the packages", task_vars, second)
        return {**result, **second}

    def _directory(self, name: str, task_vars: dict[str, Any]) -> Path:
        """Return the folder on the controller.

        :raises AnsibleError: if there is none, or it has nothing that could be taken to a node.
        """
        found = self._found(located(name), task_vars)
        try:
            there = packages(found)
        except OSError as error:
            raise AnsibleError(f"directory is '{found}', expected a folder that can be read: {error}") from error
        outside = [path.name for path in there if not is_inside(path, found)]
        if outside:
            raise AnsibleError(
                f"directory is '{found}', in which {', '.join(outside[:5])} is a link to something outside of it or to "
                "nothing; expected package files, so copy them into the folder"
            )
        if not any(path.is_file() for path in there):
            raise AnsibleError(
                f"directory is '{found}', expected a folder with files *.deb or *.rpm; there are none in it"
            )
        return found

    def _found(self, name: Path, task_vars: dict[str, Any]) -> Path:
        if name.is_absolute():
            if not name.is_dir():
                raise AnsibleError(f"directory is '{name}', expected a folder on the controller; there is none")
            return name
        inventories = [folder / name for folder in inventory_folders(task_vars)]
        beside = next((path for path in inventories if path.is_dir()), None)
        if beside is not None:
            return beside
        try:
            playbook = Path(self._find_needle("files", str(name)))
            if playbook.is_dir():
                return playbook
            looked = str(playbook)
        except AnsibleError as error:
            looked = " ".join(str(error).split())
        here = Path.cwd() / name
        if here.is_dir():
            return here
        places = "".join(f"{path}, " for path in inventories)
        raise AnsibleError(
            f"directory is '{name}', expected a folder on the controller. It is not next to the inventory, next to "
            f"the playbook or in the current directory: {places}{here}; {looked}"
        )

    def _remote_tmp(self) -> str:
        if self._connection._shell.tmpdir is None:
            self._make_tmp_path()
        return self._connection._shell.tmpdir


def inventory_folders(task_vars: dict[str, Any]) -> list[Path]:
    """Return the folders of the inventory, first that of the source that has this host."""
    sources = [Path(text) for text in task_vars.get("ansible_inventory_sources") or () if "," not in str(text)]
    folders = [source if source.is_dir() else source.parent for source in sources if source.exists()]
    own = task_vars.get("inventory_dir")
    return list(dict.fromkeys([*([Path(own)] if own else []), *(folder.absolute() for folder in folders)]))


def packages(directory: Path) -> list[Path]:
    """Return what is called like a package in a folder, sorted by name."""
    return [path for path in sorted(directory.iterdir()) if path.suffix in SUFFIXES]


def is_inside(path: Path, directory: Path) -> bool:
    """Return whether a path of a folder is in that folder; a link may lead elsewhere, to nothing or to itself."""
    try:
        return path.resolve(strict=True).parent == directory.resolve()
    except (OSError, RuntimeError):
        return False


def pack(directory: Path, suffix: str, archive: str) -> None:
    """Write the package files of a folder, those of one suffix, into a tar archive; other files stay at home."""
    # A file that has several names in the folder is a file under each of them.
    with tarfile.open(archive, "w", dereference=True) as packed:
        for path in packages(directory):
            if path.suffix == suffix and path.is_file() and is_inside(path, directory):
                packed.add(path, arcname=path.name, recursive=False)
