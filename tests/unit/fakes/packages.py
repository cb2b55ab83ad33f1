# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node with a package manager that behaves like the real one as far as system_tools can see."""

from __future__ import annotations

import io
import itertools
import tarfile
from pathlib import Path

from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import run as engine

from fakes.killed import Killed

DEBIAN = "ID=debian\nVERSION_ID=12\nPRETTY_NAME='Debian 12'\n"
EL = 'ID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\n'
PACKAGES = {
    # package: (the commands that it brings, the packages that it takes away)
    "socat": (["socat"], []),
    "chrony": (["chronyd", "chronyc"], ["systemd-timesyncd", "ntpsec"]),
    "ntpdate": (["ntpdate"], []),
    "cron": (["crontab"], []),
    "crontabs": ([], []),
    "cronie": (["crontab"], []),
    "systemd-timesyncd": (["timesyncd"], ["chrony", "ntpsec"]),
    "ntpsec": (["ntpd"], ["chrony", "systemd-timesyncd"]),
    "libwrap0": ([], []),
}
TOOLS = [
    {"name": "socat", "commands": ["socat"], "packages": {"debian": ["socat"], "redhat": ["socat"]}},
    {
        "name": "chrony",
        "commands": ["chronyd", "chronyc"],
        "packages": {"debian": ["chrony"], "redhat": ["chrony"]},
        "alternatives": [
            {"name": "ntpdate", "commands": ["ntpdate"], "packages": {"debian": ["ntpdate"], "redhat": ["ntpdate"]}}
        ],
        "displaces": {"debian": ["ntpd"]},
        "replaces": {"debian": ["systemd-timesyncd"]},
    },
    {"name": "crontabs", "commands": ["crontab"], "packages": {"debian": ["cron"], "redhat": ["crontabs", "cronie"]}},
]


class PackageWorld:
    """``installed`` names of packages; ``offered`` what its repositories have."""

    def __init__(self, root: Path, release: str = DEBIAN):
        self.root, self.family = root, "debian" if "debian" in release else "redhat"
        self.installed: set[str] = set()
        self.offered = set(PACKAGES)
        self.refresh_fails = False
        self.killed_at = ""
        self.breaks_at = ""
        self.interrupted = False
        self.obsoletes: dict[str, str] = {}
        self.left_out = ""
        self.read_only: list[str] = []
        self.ran: list[str] = []
        self.file("/etc/os-release", release)
        (root / "run/lock").mkdir(parents=True)
        if self.family == "redhat":
            self.file("/usr/bin/dnf")

    def file(self, path: str, text: str = "") -> None:
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(0o755)

    def add(self, *names: str) -> None:
        for name in names:
            commands, gone = PACKAGES[name]
            self.installed.add(name)
            for command in commands:
                self.file(f"/usr/bin/{command}")
            for other in gone if self.family == "debian" else []:
                self.remove(other)

    def remove(self, name: str) -> None:
        if name in self.installed:
            self.installed.remove(name)
            for command in PACKAGES[name][0]:
                (self.root / "usr/bin" / command).unlink(missing_ok=True)

    def manager_calls(self) -> list[str]:
        """What the package manager was asked to do, without what only reads."""
        quiet = ("dpkg-query", "rpm --query", "dpkg --print", "dpkg-deb", "uname")
        return [line for line in self.ran if not line.startswith(quiet)]

    def run(self, argv, stdin=None, timeout=60):
        if argv[0] == "env":
            argv = list(itertools.dropwhile(lambda word: "=" in word, argv[1:]))
        text = " ".join(argv)
        self.ran.append(text)
        answer = getattr(self, "_" + argv[0].replace("-", "_"))
        rc, out = answer(argv)
        return Completed(argv, rc, "" if out.startswith(("E:", "Reading")) else out, out if rc else "")

    def _uname(self, argv):
        return 0, "x86_64\n"

    def _dpkg_query(self, argv):
        names = argv[4:] or sorted(self.installed)
        return int(not set(names) <= self.installed), "".join(
            f"installed {name}\n" for name in names if name in self.installed
        )

    def _dpkg(self, argv):
        if "--print-architecture" in argv:
            return 0, "amd64\n"
        assert "--configure" in argv
        self.interrupted = False
        return 0, ""

    def _dpkg_deb(self, argv):
        return 0, Path(argv[-1]).read_text()

    def _rpm(self, argv):
        if "--package" in argv:
            return 0, Path(argv[-1]).read_text()
        if argv[-1] == "--all":
            return 0, "".join(f"{name}-1.0\n" for name in sorted(self.installed))
        return (0, f"{argv[-1]}-1.0\n") if argv[-1] in self.installed else (1, "no package provides it\n")

    def _apt_get(self, argv):
        if "indextargets" in argv:
            return 0, "file:/opt/b/ file:/opt/a/\nfile:/opt/b/\n"
        if "update" in argv:
            return (100, "E: The repository is gone\n") if self.refresh_fails else (0, "")
        if self.interrupted:
            return 100, "E: dpkg was interrupted, you must manually run 'dpkg --configure -a'\n"
        return self._transaction([word for word in argv[argv.index("install") + 1 :] if word[0] != "-"], argv)

    def _apt_cache(self, argv):
        return 0, "".join(f"{name}:\n  Installed: (none)\n  Candidate: 1.0\n" for name in argv[2:])

    def _dnf(self, argv):
        if "repolist" in argv:
            return 0, "repo id   repo name\nsite      Mirror of the site\n"
        names = argv[argv.index("install") + 1 :]
        if "--assumeno" in argv and (set(names) <= self.offered or "/" in "".join(names)):
            return 1, "Installing:\n" + "".join(map(self._row, names)) + "Transaction Summary\nOperation aborted.\n"
        if self.left_out:
            self._transaction([name for name in names if name != self.left_out], argv)
            return 0, f"No match for argument: {self.left_out}\n"
        return self._transaction(argv[argv.index("install") + 1 :], argv)

    def _row(self, name):
        old = self.obsoletes.get(name)
        return f" {name}  x86_64  1.0  site  1 k\n" + (f"     replacing  {old}.noarch 1.0-1\n" if old else "")

    def _transaction(self, wanted, argv):
        names = [Path(word).read_text().split("\t")[0] if word.startswith("/") else word for word in wanted]
        unknown = [name for name in names if name not in self.offered and "/" not in " ".join(wanted)]
        if unknown:
            return 100, "Reading lists\n" + "".join(f"E: Unable to locate package {name}\n" for name in unknown)
        gone = [other for name in names for other in PACKAGES[name][1] if other in self.installed]
        gone = gone if self.family == "debian" else []
        if "--simulate" in argv:
            return 0, "".join(f"Remv {name} [1.0]\n" for name in gone) + "".join(f"Inst {name}\n" for name in names)
        for number, name in enumerate(names):
            if self.killed_at == name:
                self.killed_at, self.interrupted = "", number > 0
                raise Killed
            if self.breaks_at == name:
                return 100, "E: the disk is full\n"
            self.add(name)
        return 0, ""

    @property
    def node(self) -> Node:
        read_only = self.read_only

        class Mounted(Node):
            def is_read_only(self, path):
                return path in read_only or super().is_read_only(path)

        return Mounted(runner=self.run, root=str(self.root))


def archive(path: Path, **files: str) -> str:
    """Write a tar archive of package files, name -> what a query of the file prints; return its path."""
    with tarfile.open(path, "w:gz") as packed:
        for name, text in files.items():
            entry = tarfile.TarInfo("packages/" + name.replace("__", "."))
            entry.size = len(text)
            packed.addfile(entry, io.BytesIO(text.encode()))
    return str(path)


# What the module hands over where nobody says anything.
PARAMS = {
    "system_tools": TOOLS,
    "state": "present",
    "source": "repository",
    "directory": None,
    "url": None,
    "checksum": None,
    "archive": None,
}


def run(world, check_mode=False, **changes):
    return engine.run(world.node, {**PARAMS, **changes}, check_mode)


def statuses(result):
    return [(item["check"], item["status"]) for item in result["results"]]
