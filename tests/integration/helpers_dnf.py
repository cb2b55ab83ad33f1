# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""EL nodes for one test each: containers of the lab's EL 9 image without a network, with packages that are made there.

An engine runs in them with the real dnf and rpm.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from helpers_engine import packed

# What the repository 'site' has for them.
ALL = {"socat-1.0-1.noarch", "libwrap-1.0-1.noarch", "conntrack-tools-1.0-1.noarch"}
TOOLS = [
    {"name": name, "commands": [name], "packages": {"redhat": [package]}, "displaces": {}, "replaces": {}}
    for name, package in (("socat", "socat"), ("conntrack", "conntrack-tools"))
]
PARAMS = dict.fromkeys(("directory", "url", "checksum", "archive")) | {
    "system_tools": TOOLS,
    "state": "present",
    "source": "repository",
}
IMAGE = "ack-edge-lab/el"
# A container that is left behind by tests that were killed ends by itself.
LIFETIME = "900"
PATH = "PYTHONPATH=/base/collection"
# Runs in check mode and not, as it is asked to, and looks at the packages before and after each. In the end, whether
# anything is remembered.
DRIVER = """
import json, os, subprocess, sys
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import run
from ansible_collections.ack_edge.node.plugins.module_utils._node import Node, NodeError

def installed():
    return subprocess.check_output(["rpm", "--query", "--all"]).decode().split()

def result(params, check_mode):
    try:
        return run.run(Node(), params, check_mode)
    except NodeError as error:
        return {"error": str(error), "changed": error.changed}

params, modes = json.loads(sys.argv[1])
states, results = [installed()], []
for check_mode in modes:
    results.append(result(params, check_mode))
    states.append(installed())
print(json.dumps([states, results, os.path.exists("/var/lib/ack_edge")]))
"""
REPOSITORY = """[{name}]
name=Repository {name}
baseurl={url}
"""
# A node without repositories and settings of its image, but for the repository 'site', which has the tools.
PREPARE = """set -e
rm -rf /etc/yum.repos.d/* /var/cache/dnf
echo '[main]' > /etc/dnf/dnf.conf
cat > /etc/yum.repos.d/site.repo
cp -r /base/site /srv/
"""
SPEC = """Name: {name}
Version: {version}
Release: 1
Summary: {name}
License: GPL-3.0-or-later
BuildArch: noarch
AutoReqProv: no
{fields}
%description
{name}
%install
{install}
{scriptlets}
%files
{files}
"""
BUILD = """set -e
cat > /tmp/{name}.spec
rpmbuild -bb --quiet --define '_topdir /tmp/made' --define '__os_install_post %{{nil}}' /tmp/{name}.spec >/dev/null 2>&1
mkdir -p {folder}
mv /tmp/made/RPMS/noarch/{name}-{version}-1.noarch.rpm {folder}/
"""
SIGN = """set -e
gpg --batch --quiet --passphrase '' --quick-gen-key 'Site <site@idc.example>' rsa2048 sign never
gpg --export --armor > /etc/site.key
rpmsign --define '__gpg /usr/bin/gpg' --define '_gpg_name Site' --addsign /srv/{repository}/*.rpm
createrepo_c --quiet /srv/{repository}
"""


def missing() -> str:
    """Return why no such node can be made here, '' if one can."""
    if not shutil.which("docker"):
        return "needs Docker"
    asked = ["docker", "run", "--rm", "--network", "none", "--pull", "never", IMAGE, "sh", "-c"]
    done = subprocess.run([*asked, "command -v rpmbuild && command -v createrepo_c"], capture_output=True, check=False)
    return "" if done.returncode == 0 else f"needs Docker and the image {IMAGE} with rpmbuild ('make lab-up')"


class ElNode:
    """A node in a container that runs."""

    def __init__(self, container: str):
        self.container = container

    def exec(self, *argv: str, stdin: bytes = b"") -> str:
        """Run a command as root and return what it prints."""
        command = ["docker", "exec", "-i", self.container, *argv]
        done = subprocess.run(command, input=stdin, capture_output=True, check=False)
        assert done.returncode == 0, (argv, done.stdout.decode(), done.stderr.decode())
        return done.stdout.decode()

    def sh(self, script: str, stdin: bytes = b"") -> str:
        return self.exec("sh", "-c", script, stdin=stdin)

    def write(self, path: str, text: str) -> None:
        self.sh(f"mkdir -p $(dirname {path}) && cat > {path}", text.encode())

    def build(
        self, folder: str, name: str, fields: str = "", version: str = "1.0", files: Sequence[str] = (), scripts=""
    ) -> str:
        """Make a package and return the path of its file; no two of them have the same content in a file."""
        install = [
            f"mkdir -p %{{buildroot}}$(dirname {path}); echo '#!/bin/sh # {name}' > %{{buildroot}}{path}"
            for path in files
        ]
        listed = [f"%attr(755, root, root) {path}" for path in files]
        spec = SPEC.format(
            name=name, version=version, fields=fields, scriptlets=scripts,
            install="\n".join(install), files="\n".join(listed),
        )  # fmt: skip
        self.sh(BUILD.format(name=name, version=version, folder=folder), spec.encode())
        return f"{folder}/{name}-{version}-1.noarch.rpm"

    def repository(self, name: str, options: str = "gpgcheck=0", url: str = "") -> None:
        """Configure a repository; by default a folder of the node."""
        self.write(
            f"/etc/yum.repos.d/{name}.repo", REPOSITORY.format(name=name, url=url or f"file:///srv/{name}") + options
        )

    def offer(self, name: str, fields: str = "", repository: str = "site", **more: Any) -> None:
        """Put a package into a repository."""
        self.build(f"/srv/{repository}", name, fields, **more)
        self.sh(f"createrepo_c --quiet /srv/{repository}")

    def withdraw(self, *names: str, repository: str = "site") -> None:
        """Take all versions of packages out of a repository."""
        files = " ".join(f"/srv/{repository}/{name}-[0-9]*.rpm" for name in names)
        self.sh(f"rm {files} && createrepo_c --quiet /srv/{repository}")

    def sign(self, repository: str = "site") -> None:
        """Sign the packages of a repository with a key that the node does not know: /etc/site.key."""
        self.sh(SIGN.format(repository=repository))

    def have(self, name: str, fields: str = "", **more: Any) -> None:
        """Put a package of the site onto the node."""
        self.sh(f"rpm --install {self.build('/tmp', name, fields, **more)}")

    def fetch(self) -> None:
        """Fetch the lists of packages, as a node that is in use has done."""
        self.sh("dnf --quiet makecache")

    def runs(self, params: dict[str, Any], *modes: bool) -> tuple[list[set[str]], list[dict[str, Any]]]:
        """Run system_tools in check mode and not; return the packages before and after each, and the results.

        An error is the key ``error`` of a result.
        """
        states, results, _remembers = self._driven(params, *modes)
        return states, results

    def _driven(self, params: dict[str, Any], *modes: bool) -> tuple[list[set[str]], list[dict[str, Any]], bool]:
        given = json.dumps([params, modes])
        states, results, remembers = json.loads(self.exec("env", PATH, "python3", "-c", DRIVER, given))
        return [set(state) for state in states], results, remembers

    def run(self, params: dict[str, Any] = PARAMS, check_mode: bool = False) -> dict[str, Any]:
        return self.runs(params, check_mode)[1][0]

    def refused(self, params: dict[str, Any] = PARAMS, foreseen: bool = True) -> str:
        """Return what the module says while nothing is changed; check mode says the same where it can foresee it."""
        states, (found, ahead), remembers = self._driven(params, False, True)
        assert (states, remembers) == ([states[0]] * 3, False)
        assert not found["changed"]
        assert found["error"].endswith("Nothing has been changed.")
        if foreseen:
            assert ahead == found
        else:
            assert (ahead["changed"], ahead["failed_checks"]) == (True, ["socat", "conntrack"])
        return found["error"]

    def brought(self, params: dict[str, Any] = PARAMS) -> set[str]:
        """Return the packages that a run installs; the tools can be used then."""
        (before, after), (found,) = self.runs(params, False)
        assert (found.get("error"), found["changed"], found["failed_checks"]) == (None, True, [])
        return after - before


@contextmanager
def started(*options: str) -> Iterator[ElNode]:
    """Start a node, and remove it in the end."""
    name = f"ack-edge-dnf-{uuid.uuid4().hex[:12]}"
    argv = ["docker", "run", "--detach", "--rm", "--network", "none", "--hostname", "localhost", "--name", name]
    subprocess.run([*argv, "--pull", "never", *options, IMAGE, "sleep", LIFETIME], check=True, capture_output=True)
    try:
        yield ElNode(name)
    finally:
        subprocess.run(["docker", "rm", "--force", "--volumes", name], check=False, capture_output=True)


@contextmanager
def workshop() -> Iterator[str]:
    """Yield the name of a container whose volume /base has the engine, and a repository of the tools."""
    with started("--volume", "/base") as node:
        node.sh("cat > /tmp/engine.zip", packed("_system_tools", "_system"))
        node.sh("python3 -m zipfile -e /tmp/engine.zip /base/collection")
        # Compiles what the engine needs: every test would do it anew.
        node.exec("env", PATH, "python3", "-c", DRIVER.partition("\nparams")[0])
        node.build("/base/site", "libwrap")
        node.build("/base/site", "socat", "Requires: libwrap", files=["/usr/bin/socat"])
        node.build("/base/site", "conntrack-tools", files=["/usr/sbin/conntrack"])
        node.sh("createrepo_c --quiet /base/site")
        yield node.container


@contextmanager
def node_of(base: str) -> Iterator[ElNode]:
    """Start a node with the repository 'site'."""
    with started("--volumes-from", f"{base}:ro") as node:
        node.sh(PREPARE, f"{REPOSITORY.format(name='site', url='file:///srv/site')}gpgcheck=0\n".encode())
        yield node
