# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change of live routes that the node takes back by itself unless the controller confirms it. Private.

Two files in /run, where both go at a restart, as the live routes do: a journal of what was changed, and a shell script
that sleeps, removes itself and undoes the change. Whoever takes the script from its name decides: the one who confirms
(and lays it aside, for what is confirmed may prove impossible to persist), or the script. A run that is killed at any
point leaves a script that undoes what was done, however much that was.
"""

import contextlib
import errno
import json
import os
import re
import time

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.journal import DIRECTORY, Journal
from ansible_collections.ack_edge.node.plugins.module_utils._system import services

# A script that is this late was never started, or was killed.
_LATE = 5
# Seconds that a run waits for the undecided changes of others before it says so; above what is usual (confirm_timeout).
_PATIENCE = 120
# A script of a set; a journal ends in '.json' whatever its set is called, so it is never taken for one.
_SCRIPT_NAME = re.compile(r"^(?P<owner>[a-z0-9].*)\.take-back\.(?P<token>[0-9a-f]+)\Z")

_SCRIPT = """\
#!/bin/sh
# Written by ack_edge.node.static_routes. Takes a change of routes back unless the controller reaches the node again and
# confirms it, which removes this file.
sleep "${1:-%(seconds)d}"
rm %(script)s 2>/dev/null || exit 0
PATH=/usr/sbin:/sbin:/usr/bin:/bin
ip -4 -force -batch - <<'END'
%(four)sEND
ip -6 -force -batch - <<'END'
%(six)sEND
rm -f %(journal)s
rmdir %(directory)s %(parent)s 2>/dev/null
exit 0
"""


class Pending(Journal):
    """The unconfirmed change of one owned set; ``name`` is that of the set, ``shape`` that of its journal's content."""

    def __init__(self, node, name, clock=time.monotonic, sleep=time.sleep, shape=dict):
        super().__init__(node, name, shape, clock)
        self._sleep = sleep

    def _script(self, token):
        return f"{DIRECTORY}/{self._name}.take-back.{token}"

    def _aside(self, token):
        return f"{DIRECTORY}/{self._name}.kept.{token}"

    def begin(self, token, content, undo, seconds):
        """Write the journal and the script, and start the script; from here on the change may be made.

        :arg token: hexadecimal digits that no earlier change had.
        :arg content: dict that JSON can hold, what :meth:`load` returns.
        :arg undo: {4: [line], 6: [line]} of ``ip -batch``.
        :raises NodeError: if that cannot be done; nothing of it is left then.
        """
        script = self._script(token)
        path = self._node.path
        text = _SCRIPT % {
            "seconds": seconds,
            "script": path(script),
            "journal": path(self.path),
            "directory": path(DIRECTORY),
            "parent": path(DIRECTORY.rpartition("/")[0]),
            "four": "".join(line + "\n" for line in undo[4]),
            "six": "".join(line + "\n" for line in undo[6]),
        }
        journal = {"token": token, "until": self._clock() + seconds, "content": content}
        try:
            self._node.write(self.path, json.dumps(journal) + "\n", mode=0o600)
            self._node.write(script, text, mode=0o700)
            self._start(token, script)
        except NodeError:
            self._node.remove(script)
            self.forget()
            raise

    def _start(self, token, script):
        # A unit of its own outlives the session that started it, also where logind kills what a session leaves behind.
        path = self._node.path(script)
        unit = ["systemd-run", "--quiet", "--unit=ack-edge-take-back-" + token, "/bin/sh", path]
        if services.is_init(self._node) and self._node.run(unit).rc == 0:
            return
        # The one shell command line: only a shell starts what nobody waits for, and the path is data to it.
        self._node.check(["/bin/sh", "-c", 'setsid /bin/sh "$0" </dev/null >/dev/null 2>&1 &', path])

    def awaits(self, token):
        """Return whether the change of this token still waits for its confirmation."""
        return bool(token) and self._node.exists(self._script(token))

    def keep(self, token):
        """Confirm the change; return False if it was taken back before.

        The script is laid aside until :meth:`forget`, so that :meth:`give_up` can still undo the change.
        """
        try:
            os.rename(self._node.path(self._script(token)), self._node.path(self._aside(token)))
        except OSError as error:
            if error.errno == errno.ENOENT:
                return False
            raise NodeError(f"{self._script(token)} cannot be renamed: {error.strerror}") from None
        return True

    def give_up(self, token):
        """Undo a change that was confirmed and cannot be persisted."""
        try:
            os.rename(self._node.path(self._aside(token)), self._node.path(self._script(token)))
        except OSError as error:
            raise NodeError(f"{self._aside(token)} cannot be renamed: {error.strerror}") from None
        self.take_back(token)

    def take_back(self, token):
        """Undo the change now."""
        self._node.check(["/bin/sh", self._node.path(self._script(token)), "0"])

    def forget(self):
        """Remove the journal and what was laid aside, once what it says is in the manifest."""
        self._node.remove(self.path)
        self._node.sweep_directory(DIRECTORY)
        aside = re.compile(rf"^{re.escape(self._name)}\.kept\.[0-9a-f]+\Z")
        for name in self._node.listdir(DIRECTORY):
            if aside.match(name):
                self._node.remove(f"{DIRECTORY}/{name}")
        for directory in (DIRECTORY, DIRECTORY.rpartition("/")[0]):
            self._node.remove_empty_directory(directory)

    def undecided(self):
        """Return {set name: (seconds left, token)} of the changes of every set that await their confirmation."""
        found = {}
        for name in self._node.listdir(DIRECTORY):
            script = _SCRIPT_NAME.match(name)
            if script:
                owner, token = script.group("owner"), script.group("token")
                journal = self.read(f"{DIRECTORY}/{owner}.json")
                known = journal is not None and journal["token"] == token
                found[owner] = (self.left(journal) if known else -_LATE - 1, token)
        return found

    @contextlib.contextmanager
    def turn(self):
        """Hold the lock of the node while no change of any set is undecided, and wait for both.

        :raises NodeError: if another run does not end, or a change awaits its confirmation for longer than a run waits.
        """
        end = self._clock() + _PATIENCE
        while True:
            with self._node.lock():
                undecided = self.undecided()
                for owner, (left, token) in undecided.items():
                    if left < -_LATE:
                        Pending(self._node, owner).take_back(token)
                undecided = self.undecided()
                if not undecided:
                    yield
                    return
            self._bear(undecided, end)
            self._sleep(0.2)

    def _bear(self, undecided, end):
        """Say so where the changes of others have been waited for as long as a run waits."""
        now = self._clock()
        if now >= end:
            owner, (left, _token) = max(undecided.items(), key=lambda entry: entry[1])
            raise NodeError(
                f"a change of the route set {owner!r} on this node awaits its confirmation for another "
                f"{max(1, round(left + _LATE))} seconds and blocks other changes; this run waited for {_PATIENCE} "
                "seconds and changed nothing; run again after that"
            )
