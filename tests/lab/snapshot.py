#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a node looks like: its configuration files, routes and firewall rules, so that two moments can be compared.

snapshot.py save NAME [NODE...]    remembers how nodes look now, the three main ones by default
snapshot.py diff NAME [NODE...]    prints what is different from then; exit status 1 if anything is
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from typing import Any

import lab
from topology import Node

DIRECTORY = lab.STATE / "snapshots"
# Caches that tools rewrite by themselves, and what Docker mounts over.
VOLATILE = ("/etc/ld.so.cache", "/etc/mtab", "/etc/resolv.conf", "/etc/hosts", "/etc/hostname", "/etc/.pwd.lock")
_SCRIPT = r"""
import hashlib, json, os, re, stat, subprocess
files = {}
for top in ("/etc", "/usr/local", "/var/lib/ack_edge", "/run/ack_edge/routes"):
    for directory, names, leaves in os.walk(top):
        for path in [directory] + [os.path.join(directory, name) for name in names + leaves]:
            status = os.lstat(path)
            if stat.S_ISLNK(status.st_mode):
                content = "link to " + os.readlink(path)
            elif stat.S_ISDIR(status.st_mode):
                content = "directory"
            else:
                with open(path, "rb") as handle:
                    content = hashlib.sha256(handle.read()).hexdigest()
            files[path] = "%s %o %d:%d" % (content, status.st_mode, status.st_uid, status.st_gid)
def said(*argv, sort=True):
    try:
        done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, encoding="utf-8")
    except OSError:
        return []
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    return sorted(lines) if sort else lines
routes = said("ip", "route", "show", "table", "all") + said("ip", "-6", "route", "show", "table", "all")
# Its counters are no part of a rule, and it makes no table that is not there.
legacy = said("iptables-legacy-save") + said("ip6tables-legacy-save")
legacy = [line.split(" [")[0] for line in legacy if line[0] != "#"]
# Docker keeps the rules of its resolver in each container; they change at a start, and go where firewalld flushes.
tables = re.split(r"\n(?=table )", "\n".join(said("nft", "-s", "list", "ruleset", sort=False)))
tables = [table for table in tables if "DOCKER_OUTPUT" not in table and "chain" in table]
rules = legacy + sorted(line for table in tables for line in table.splitlines())
rules += said("firewall-cmd", "--list-all-zones") + said("ip", "rule")
print(json.dumps({"files": files, "routes": routes, "rules": rules}))
"""


def take(node: Node) -> dict[str, Any]:
    """Return how a node looks: {"files": {path: what it is, mode and owner}, "routes": [line], "rules": [line]}."""
    seen = json.loads(lab.docker("exec", "-i", node.container, "python3", "-", stdin=_SCRIPT))
    for path in VOLATILE:
        seen["files"].pop(path, None)
    return seen


def save(name: str, nodes: Collection[str] = ()) -> None:
    """Remember how nodes look now, the three main ones by default."""
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    (DIRECTORY / f"{name}.json").write_text(json.dumps({node.name: take(node) for node in lab.named(nodes)}))


def differences(name: str, node: Node) -> list[str]:
    """Return what is different on a node from the snapshot, a line each."""
    then = json.loads((DIRECTORY / f"{name}.json").read_text())[node.name]
    now = take(node)
    lines = []
    for path in sorted(then["files"].keys() | now["files"].keys()):
        was, is_now = then["files"].get(path), now["files"].get(path)
        if was != is_now:
            lines.append(f"{path}: was {was}, is {is_now}")
    for kind in ("routes", "rules"):
        lines += [f"{kind}: gone: {line}" for line in _minus(then[kind], now[kind])]
        lines += [f"{kind}: new: {line}" for line in _minus(now[kind], then[kind])]
    return lines


def _minus(left: list[str], right: list[str]) -> list[str]:
    rest = list(right)
    result = []
    for line in left:
        if line in rest:
            rest.remove(line)
        else:
            result.append(line)
    return result


def main() -> None:
    action, name, *nodes = sys.argv[1:]
    if action == "save":
        save(name, nodes)
        return
    lines = [f"{node.name}: {line}" for node in lab.named(nodes) for line in differences(name, node)]
    print("\n".join(lines))
    sys.exit(bool(lines))


if __name__ == "__main__":
    main()
