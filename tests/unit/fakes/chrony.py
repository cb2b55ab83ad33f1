# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node with a systemd and a chrony that behave like the real ones as far as time_sync can see."""

from __future__ import annotations

import glob
from pathlib import Path

from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node

from fakes.killed import Killed

DEBIAN_CONF = """# Welcome to the chrony configuration file.
confdir /etc/chrony/conf.d
pool 2.debian.pool.ntp.org iburst
sourcedir /etc/chrony/sources.d
rtcsync
makestep 1 3
"""
EL_CONF = "pool 2.rhel.pool.ntp.org iburst\ndriftfile /var/lib/chrony/drift\nmakestep 1.0 3\nrtcsync\n"
OLD_CONF = "driftfile /var/lib/chrony/drift"  # no newline at its end, and nothing decided


class TimeWorld:
    """``units`` name -> dict(load, active, enabled); ``servers`` name -> offset in seconds, None for a silent one."""

    def __init__(self, root: Path, family: str = "debian", conf: str | None = None):
        self.root, self.family = root, family
        self.conf_path = "/etc/chrony/chrony.conf" if family == "debian" else "/etc/chrony.conf"
        self.unit = "chrony.service" if family == "debian" else "chronyd.service"
        self.units: dict[str, dict] = {}
        self.held: set[str] = set()
        self.tried: set[str] = set()
        self.ends: set[str] = set()
        self.fatal = lambda text: ""
        self.read_only: list[str] = []
        self.servers: dict[str, float | None] = {"ntp1.site": 0.0001, "ntp2.site": 0.0002}
        self.running_with: str | None = None
        self.ran: list[str] = []
        self.steps_left: int | None = None
        self.boundary = lambda: None
        self.failing = ""
        self.version = 4
        self.time = 0.0
        (root / "var/lib").mkdir(parents=True)
        self.file("/etc/os-release", f"ID={'debian' if family == 'debian' else 'rocky'}\n")
        self.file("/proc/1/status", "Name:\tsystemd\nCapBnd:\t000001ffffffffff\n")
        if conf is not None:
            self.install(conf)

    def install(self, conf: str) -> None:
        self.file("/usr/sbin/chronyd")
        self.file("/usr/bin/chronyc")
        self.file(self.conf_path, conf)
        self.units[self.unit] = {"load": "loaded", "active": False, "enabled": False}
        if "confdir" in conf:
            (self.root / "etc/chrony/conf.d").mkdir(parents=True, exist_ok=True)

    def file(self, path: str, text: str = "") -> None:
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(0o755)

    def text(self, path: str) -> str | None:
        target = self.root / path.lstrip("/")
        return target.read_text() if target.exists() else None

    def files(self) -> dict[str, str]:
        """Every file and directory under /etc and /var, to compare before and after."""
        found = {}
        for top in ("etc", "var"):
            for path in (self.root / top).rglob("*"):
                found[str(path.relative_to(self.root))] = path.read_text() if path.is_file() else "directory"
        return found

    def stands(self) -> dict[str, tuple[bool, bool]]:
        return {name: (unit["active"], unit["enabled"]) for name, unit in self.units.items()}

    # What chronyd would read now: its own file and those that it includes, by glob(3) and so no hidden ones.
    def effective(self) -> str:
        text = self.text(self.conf_path) or ""
        for line in text.splitlines():
            words = line.split()
            if words[:1] == ["confdir"]:
                text += "".join(self.text(path) for path in self.matches(words[1] + "/*.conf"))
            elif words[:1] == ["include"] and "*" in words[1]:
                text += "".join(self.text(path) for path in self.matches(words[1]))
            elif words[:1] == ["include"]:
                included = self.text(words[1])
                assert included is not None, "chronyd would not start: it includes a file that is not there"
                text += included
        return text

    def matches(self, pattern: str) -> list[str]:
        return sorted(path.removeprefix(str(self.root)) for path in glob.glob(str(self.root) + pattern))

    def run(self, argv, stdin=None, timeout=60):
        text = " ".join(argv)
        self.ran.append(text)
        if argv[:2] == ["systemctl", "show"]:
            return Completed(argv, 0, self._show(argv), "")
        if argv[0] == "systemctl":
            return self._systemctl(argv)
        if argv[0] == "chronyc":
            return self._chronyc(argv)
        if argv[:2] == ["chronyd", "-p"]:
            reason = self.fatal(self.effective())
            return Completed(argv, int(bool(reason)), "", f"Fatal error : {reason}\n" if reason else "")
        if argv[0] == "getent":
            return (
                Completed(argv, 0, "192.0.2.1 STREAM\n", "") if argv[2] == "ntp1.site" else Completed(argv, 2, "", "")
            )
        return Completed(argv, 127, "", "not there")

    def mutation(self) -> None:
        self.boundary()
        if self.steps_left is not None:
            if self.steps_left == 0:
                raise Killed
            self.steps_left -= 1

    def _show(self, argv) -> str:
        names = [word for word in argv if word.endswith(".service")]
        blocks = []
        for name in names:
            # Debian calls its unit chrony and gives it the alias chronyd.
            real = self.unit if name in ("chrony.service", "chronyd.service") and self.family == "debian" else name
            unit = self.units.get(real)
            if unit is None:
                blocks.append(f"Id={name}\nLoadState=not-found\nActiveState=inactive\nUnitFileState=\n")
                continue
            state = "masked" if unit["load"] == "masked" else "enabled" if unit["enabled"] else "disabled"
            tried = real in self.tried
            blocks.append(
                f"Id={real}\nLoadState={unit['load']}\nActiveState={'active' if unit['active'] else 'inactive'}\n"
                f"UnitFileState={state}\nConditionResult={'yes' if tried and real not in self.held else 'no'}\n"
                f"ConditionTimestampMonotonic={'12' if tried else '0'}\n"
                f"MainPID={unit.get('pid', 0)}\n{unit.get('command', '')}"
            )
        return "\n".join(blocks)

    def _systemctl(self, argv):
        self.mutation()
        verb, name = argv[1], argv[2]
        if f"{verb} {name}" == self.failing:
            return Completed(argv, 1, "", "the job failed\n")
        unit = self.units[name]
        if verb in ("enable", "disable"):
            unit["enabled"] = verb == "enable"
        elif verb == "stop":
            unit["active"] = False
        else:
            self.tried.add(name)
            unit["active"] = name not in self.held and name not in self.ends
            if name == self.unit and unit["active"]:
                self.running_with = self.effective()
        return Completed(argv, 0, "", "")

    def _chronyc(self, argv):
        if not self.units.get(self.unit, {}).get("active"):
            return Completed(argv, 1, "506 Cannot talk to daemon\n", "")
        asked = [line.split()[1] for line in (self.running_with or "").splitlines() if line.startswith("server ")]
        asked = [name for name in asked if name in self.servers]
        answering = [name for name in asked if self.servers[name] is not None]
        if argv[-1] == "tracking":
            if not answering:
                return Completed(argv, 0, "00000000,,0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.0,1.0,0.0,Not synchronised\n", "")
            rest = "3,1.0,-0.00001,0.0,0.0,0.0,0.0,0.0,1.0,1.0,0.0,Normal"
            return Completed(argv, 0, f"0A000001,{answering[0]},{rest}\n", "")
        if "-N" in argv and self.version < 4:
            return Completed(argv, 1, "", "chronyc: invalid option -- 'N'")
        lines = ""
        for name in asked:
            offset = self.servers[name]
            shown = name if "-N" in argv else "192.0.2.1"
            state = "*" if answering[:1] == [name] else "?" if offset is None else "+"
            lines += f"^,{state},{shown},2,6,{0 if offset is None else 17},4,{offset or 0},{offset or 0},0.0003\n"
        return Completed(argv, 0, lines, "")

    @property
    def node(self) -> Node:
        world = self

        class Watched(Node):
            def is_read_only(self, path):
                return path.startswith(tuple(world.read_only))

            def write(self, path, text, mode=0o644):
                world.mutation()
                super().write(path, text, mode)

            def remove(self, path):
                if self.exists(path):
                    world.mutation()
                return super().remove(path)

        return Watched(runner=self.run, root=str(self.root))
