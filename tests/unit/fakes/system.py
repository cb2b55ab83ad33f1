# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node in memory: programs by their name, files in a scratch root, and a kill before any step."""

from pathlib import Path

from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the collection may catch it."""


class FakeNode(Node):
    """A Node that can be killed before its k-th step (a command or a change of a file); steps are counted."""

    def __init__(self, runner, root, kill_at=None):
        super().__init__(runner, str(root))
        self.steps, self.kill_at = 0, kill_at

    def _step(self):
        if self.kill_at is not None and self.steps >= self.kill_at:
            raise Killed
        self.steps += 1

    def run(self, argv, stdin=None, timeout=60):
        self._step()
        return super().run(argv, stdin, timeout)

    def write(self, path, text, mode=0o644):
        self._step()
        super().write(path, text, mode)

    def remove(self, path):
        self._step()
        return super().remove(path)

    def link(self, path, target):
        self._step()
        super().link(path, target)


class System:
    """Runs fakes by the name of the program; a program without a fake is not installed."""

    def __init__(self, root, **programs):
        self.root, self.programs, self.calls = Path(root), programs, []
        (self.root / "sys/class/net/eth0").mkdir(parents=True, exist_ok=True)
        (self.root / "etc").mkdir(exist_ok=True)

    def __call__(self, argv, stdin=None, timeout=60):
        self.calls.append((list(argv), stdin))
        program = self.programs.get(argv[0])
        if program is None:
            return Completed(argv, 127, "", f"{argv[0]}: No such file or directory")
        code, out, err = program(argv[1:], stdin)
        return Completed(argv, code, out, err)

    def node(self, kill_at=None):
        return FakeNode(self, self.root, kill_at)

    def path(self, name):
        return self.root / name.lstrip("/")

    def files(self):
        """Return {path: bytes} of everything but the lock and the manifest."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_file() and not str(path).endswith(".lock") and "ack_edge/" not in str(path)
        }

    def changing_calls(self):
        """Return the commands that could have changed something."""
        quiet = ("--state", "--get-", "--list-", "-V", "-S", "--test")
        return [
            argv
            for argv, _stdin in self.calls
            if not (
                argv[0] == "systemctl"
                or any(word.startswith(quiet) for word in argv[1:])
                or "-c" in argv
                or argv[1:] in (["-j", "list", "ruleset"], ["address", "show"])
            )
        ]
