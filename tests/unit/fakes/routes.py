# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node with routes that exists in a scratch directory and in memory only, for the tests of static_routes."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path

from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import arguments
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import run as engine
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import registry

from fakes.kernel_routes import Ip
from fakes.killed import Killed
from fakes.managers import Managers

MANIFEST = "/var/lib/ack_edge/routes/ack-edge.json"


def parameters(**given) -> dict:
    """Return parameters of the module as Ansible hands them over, defaults filled in."""
    result = {key: spec.get("default") for key, spec in arguments.ARGUMENT_SPEC.items()}
    result.update({"confirm_timeout": 0, **given})
    empty = {key: spec.get("default") for key, spec in arguments.ROUTE_SPEC.items()}
    result["routes"] = [{**empty, **({"destination": e} if isinstance(e, str) else e)} for e in result["routes"]]
    return result


class System(Ip, Managers):
    """Kernel and managers of one node.

    ``manager``: networkmanager, networkd, netplan (renderer networkd), netplan_networkmanager, ifupdown,
    network_scripts (read by ifup), network_scripts_networkmanager, '' for none.

    ``log`` every argv that was run; ``kill_at`` the change (write, removal, batch line, nmcli load) that never happens.
    """

    def __init__(self, root: Path, manager: str = "ifupdown"):
        Ip.__init__(self)
        Managers.__init__(self, root, manager)
        self.log, self.kill_at, self.changes, self.timers = [], None, 0, []
        self.fails = None  # function of (what, path) that says whether a write, removal or link cannot be done
        self.put("/etc/resolv.conf", "nameserver 192.0.2.53\n")
        for made_by_the_system in ("run/lock", "var/lib"):
            (root / made_by_the_system).mkdir(parents=True)

    def node(self, tmpdir=lambda: None) -> Node:
        """Return the Node that the engine sees."""
        return _FakeNode(self, tmpdir)

    def change(self) -> None:
        """Count a change, and die instead of making it where the test says so."""
        self.changes += 1
        if self.changes == self.kill_at:
            raise Killed

    def touch(self, what: str, path: str) -> None:
        """Count a change of a file, and refuse it as a full or read-only disk does where the test says so."""
        self.change()
        if self.fails and self.fails(what, path):
            raise NodeError(f"{path} cannot be {what}: No space left on device; it was not changed")

    def everything(self) -> dict:
        """Return the whole state: every file with its mode, every directory, every route."""
        files = {}
        for path in sorted(self.root.rglob("*")):
            name = "/" + str(path.relative_to(self.root))
            if not name.startswith("/run/lock") and name not in ("/run/ack_edge", "/run/ack_edge/lock"):
                files[name] = (path.stat().st_mode & 0o777, path.read_bytes() if path.is_file() else None)
        return {"files": files, "kernel": sorted(json.dumps(entry, sort_keys=True) for entry in self.kernel)}

    def run(self, argv, stdin=None, timeout=None) -> Completed:
        """Stand in for _node.run_command."""
        self.log.append(argv)
        program = getattr(self, "_" + argv[0].rpartition("/")[2], lambda *_: ("", f"{argv[0]}: not found", 127))
        out, err, rc = program(argv[1:], stdin)
        return Completed(argv, rc, out, err)

    def _sh(self, words, _stdin):
        """What /bin/sh is asked for: start the script that takes a change back, or run it now."""
        if words[0] == "-c":
            self.timers.append(words[2])
            return "", "", 0
        self.take_back(words[0])
        return "", "", 0

    def take_back(self, script: str | None = None) -> None:
        """Do what the script does when its time has come; by default the one that was started last."""
        path = Path(script or self.timers[-1])
        if not path.exists():
            return
        text = path.read_text()
        path.unlink()
        for family, batch in re.findall(r"ip -(\d) -force -batch - <<'END'\n(.*?)END\n", text, re.DOTALL):
            for line in batch.splitlines():
                self._one(line.split(), int(family))
        Path(re.search(r"rm -f (\S+)", text).group(1)).unlink(missing_ok=True)
        for directory in re.search(r"rmdir (\S+) (\S+)", text).groups():
            with contextlib.suppress(OSError):
                Path(directory).rmdir()


class _FakeNode(Node):
    """A Node in the scratch directory whose every change is counted."""

    def __init__(self, system: System, tmpdir):
        super().__init__(runner=system.run, root=str(system.root), tmpdir=tmpdir)
        self._system = system

    def write(self, path, text, mode=0o644):
        self._system.touch("written", path)
        super().write(path, text, mode)

    def remove(self, path):
        self._system.touch("removed", path)
        return super().remove(path)

    def link(self, path, target):
        self._system.touch("linked", path)
        super().link(path, target)

    def remove_empty_directory(self, path):
        self._system.change()
        super().remove_empty_directory(path)


def backends(system: System | None, name: str, set_name: str = "ack-edge"):
    """Return one backend for a System, or for none where only texts are read and written."""
    node = system.node() if system else Node(lambda argv, **_named: Completed(argv, 127, "", "not found"), "/nowhere")
    return registry.backends(node, set_name)[name]


def resolver(answers: dict):
    """Return a getaddrinfo that knows these names: {name: [address] or an OSError}."""

    def getaddrinfo(name, _port, _family, kind):
        found = answers[name]
        if isinstance(found, OSError):
            raise found
        return [(_family, kind, 6, "", (address, 0)) for address in found]

    return getaddrinfo


def run(system: System, *, check: bool = False, answers: dict | None = None, peers=(), **given) -> dict:
    """Run the module on a System and return its result."""
    return engine.run(system.node(), parameters(**given), check, resolver(answers or {}), lambda: list(peers))
