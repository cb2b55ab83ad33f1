# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills a run before every system call that writes, in the process of the test itself.

Between the end of one call and the begin of the next nothing changes outside of the process, so to die after a call is
to die before the next one. The exception is a file that was just created: what goes into it is no call of CALLS.

A process that was killed makes no further call, so once it is dead every call of it dies too: what would tidy up behind
an exception does not, as behind a SIGKILL.
"""

from __future__ import annotations

import os

CALLS = ("open", "rename", "unlink", "rmdir", "mkdir", "symlink", "fsync", "fchmod", "chmod", "fchown")


class Killed(BaseException):
    """What a SIGKILL is to a test; nothing catches it."""


class Process:
    """A process that dies at its ``end``-th boundary; None for never."""

    def __init__(self, end: int | None = None):
        self.end, self.count, self.dead = end, 0, False

    def boundary(self) -> None:
        self.dead = self.dead or self.count == self.end
        if self.dead:
            raise Killed
        self.count += 1

    def around(self, name, call):
        def wrapped(*arguments, **named):
            if name == "open" and not arguments[1] & os.O_CREAT:
                return call(*arguments, **named)
            self.boundary()
            result = call(*arguments, **named)
            if name == "open":
                self.boundary()
            return result

        return wrapped


def killed(monkeypatch, end: int, run) -> bool:
    """Run until boundary ``end``; return whether the run was killed before its own end."""
    process = Process(end)
    with monkeypatch.context() as patched:
        for name in CALLS:
            patched.setattr(os, name, process.around(name, getattr(os, name)))
        try:
            run(process)
        except Killed:
            return True
    return False
