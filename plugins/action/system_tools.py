# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module system_tools, and where it asks for package files takes them to the node."""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase

SUFFIXES = (".deb", ".rpm")


class ActionModule(ActionBase):
    """One task, one result; a second execution and a copy only for a node that lacks something."""

    TRANSFERS_FILES = True

    def run(self, tmp=None, task_vars=None):
        """Return the result of the module, as if it had done all in one execution."""
        result = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        directory = None
        if arguments.get("source") == "directory" and arguments.get("directory"):
            # Before anything is done anywhere.
            directory = self._directory(arguments["directory"])
        first = self._execute_module(module_args=arguments, task_vars=task_vars)
        suffix = first.pop("wants_archive", None)
        if suffix is None:
            return {**result, **first}
        with tempfile.TemporaryDirectory() as local:
            archive = f"{local}/packages.tar"
            pack(directory, suffix, archive)
            remote = self._transfer_file(archive, self._connection._shell.join_path(self._remote_tmp(), "packages.tar"))
        self._fixup_perms2((remote,))
        return {**result, **self._execute_module(module_args={**arguments, "archive": remote}, task_vars=task_vars)}

    def _directory(self, name):
        try:
            found = Path(self._find_needle("files", name))
        except AnsibleError as error:
            raise AnsibleError(f"directory is '{name}', expected a folder on the controller: {error}") from error
        if not any(path.suffix in SUFFIXES for path in found.glob("*")):
            raise AnsibleError(
                f"directory is '{found}', expected a folder with files *.deb or *.rpm; there are none in it"
            )
        return found

    def _remote_tmp(self):
        if self._connection._shell.tmpdir is None:
            self._make_tmp_path()
        return self._connection._shell.tmpdir


def pack(directory: Path, suffix: str, archive: str) -> None:
    """Write the package files of a folder, those of one suffix, into a tar archive; other files stay at home."""
    with tarfile.open(archive, "w") as packed:
        for path in sorted(directory.glob(f"*{suffix}")):
            packed.add(path, arcname=path.name)
