# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A world outside the lab's comfort: controllers with nothing of the checkout, the README's inventory and its names."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import re
import subprocess
import sys
import threading
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

import helpers_readme as readme
import lab
from python36 import Unavailable
from topology import Controller, Node

CACHE = lab.ROOT / ".cache" / "outside"
SITE = "/home/admin/site"
# The vendor supports neither Debian nor an EL on this machine's kernel; the lab has nothing else to run.
GROUP_VARS = "---\nskip_checks: [os_support]\n"
_BUILDING = threading.Lock()


@dataclasses.dataclass(frozen=True)
class Run:
    """An ended command: exit status, both outputs, and what changed on each host, where it was a playbook."""

    rc: int
    stdout: str
    stderr: str
    seconds: float

    @property
    def out(self) -> str:
        return self.stdout + self.stderr

    @property
    def changed(self) -> dict[str, int]:
        recap = re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", self.stdout, re.M)
        return {host: int(number) for host, number in recap}

    @property
    def summary(self) -> str:
        """What stands below Ansible's own recap, on either output: that of the fleet report."""
        after = self.stdout.partition("PLAY RECAP")[2]
        return re.sub(r"^.*: ok=\d+ .*$", "", after, flags=re.M).strip() + "\n" + self.stderr


def tarball() -> Path:
    """Build the collection as 'make build' does and return the tarball."""
    built = subprocess.run(["make", "build"], cwd=lab.ROOT, capture_output=True, text=True, check=False)
    if built.returncode:
        raise AssertionError(f"make build: {built.stdout}{built.stderr}")
    return max((lab.ROOT / "build").glob("ack_edge-node-*.tar.gz"), key=os.path.getmtime)


def wheels(controller: Controller) -> Path:
    """Return a directory with the wheels of this ansible-core and netaddr for the Python of the controller's image.

    :raises Unavailable: where they are not there and cannot be downloaded.
    """
    directory = CACHE / "wheels" / controller.core
    if (directory / "complete").exists():
        return directory
    machine = platform.machine()
    wanted = [f"manylinux{generation}_{machine}" for generation in ("_2_28", "_2_17", "2014")]
    pinned = re.search(r"^netaddr==.*$", (lab.ROOT / "tests/requirements.txt").read_text(), re.M).group()
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--only-binary=:all:",
               "--implementation", "cp", "--python-version", controller.python, "--dest", str(directory),
               *(word for name in wanted for word in ("--platform", name)),
               f"ansible-core=={controller.core}", pinned]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Unavailable(f"ansible-core {controller.core} cannot be downloaded: {done.stderr.strip()[-300:]}")
    (directory / "complete").touch()
    return directory


def start(nodes: Collection[Node]) -> None:
    """Make nodes anew, with the cloud at the other end of their links."""
    done = subprocess.run(
        [sys.executable, lab.HERE / "lab.py", "up", "--fresh", *(node.name for node in nodes)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"lab.py up: {done.stdout}{done.stderr}")


@dataclasses.dataclass
class Admin:
    """Somebody at a controller: a clean home, an ssh configuration, and the directory that commands run in."""

    controller: Controller | Node
    directory: str = SITE

    def sh(self, command: str, env: dict[str, str] | None = None, user: str = "admin", stdin: str | None = None) -> Run:
        """Run a command line there, with the environment of Ansible's own installation and no other setting."""
        home = "/home/admin"
        settings = {
            "HOME": home,
            "PATH": f"{home}/.venv/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "ANSIBLE_NOCOLOR": "1",
            **(env or {}),
        }
        options = [word for name, value in settings.items() for word in ("-e", f"{name}={value}")]
        began = time.monotonic()
        argv = [
            "docker",
            "exec",
            "-i",
            "-u",
            user,
            "-w",
            self.directory if stdin is None else home,
            *options,
            self.controller.container,
            "bash",
            "-c",
            command,
        ]
        done = subprocess.run(argv, input=stdin or "", capture_output=True, text=True, check=False)
        return Run(done.returncode, done.stdout, done.stderr, time.monotonic() - began)

    def must(self, command: str, **options: Any) -> Run:
        done = self.sh(command, **options)
        assert done.rc == 0, f"{command}: {done.out}"
        return done

    def write(self, path: str, text: str) -> None:
        """Write a file below the directory, or one with an absolute path."""
        target = path if path.startswith("/") else f"{self.directory}/{path}"
        self.must(f"mkdir -p $(dirname {target}) && cat > {target}", stdin=text)

    def read(self, path: str) -> str:
        return self.must(f"cat {path}").stdout

    def in_directory(self, name: str) -> Admin:
        """Return the same person in a directory of its own, with the README's inventory in it."""
        other = Admin(self.controller, f"/home/admin/{name}")
        other.write("inventory.yml", "---\n" + readme.shown_file("inventory.yml"))
        other.write("group_vars/all.yml", GROUP_VARS)
        return other

    def use_shown_configuration(self) -> None:
        """Take the ansible.cfg that the README recommends."""
        self.write("ansible.cfg", readme.shown_file("ansible.cfg"))

    def reports(self) -> dict[str, Any]:
        """Return the newest JSON report below the directory."""
        path = self.must(
            "find . -name '*.json' -path '*report*' -printf '%T@ %p\\n' | sort -n | tail -1 | cut -d' ' -f2"
        ).stdout.strip()
        return json.loads(self.read(path)) if path else {}


def copy(source: str, path: str, target: str, into: str) -> None:
    """Copy what is in a directory of a container into one of another, which is made."""
    lab.docker("exec", target, "mkdir", "-p", into)
    with subprocess.Popen(["docker", "cp", f"{source}:{path}/.", "-"], stdout=subprocess.PIPE) as archive:
        subprocess.run(["docker", "cp", "-", f"{target}:{into}"], stdin=archive.stdout, check=True, capture_output=True)


def install(controller: Controller) -> Admin:
    """Make a controller, install this ansible-core and the tarball there, offline and as README.md says."""
    ready = wheels(controller)
    with _BUILDING:
        packed = tarball()
    lab.start_controller(controller, ready)
    admin = Admin(controller)
    subprocess.run(
        ["docker", "cp", str(packed), f"{controller.container}:/home/admin/"], check=True, capture_output=True
    )
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    admin.must(
        f"python3 -m venv /home/admin/.venv && pip install -q ansible-core=={controller.core}", env=offline, stdin=""
    )
    for program in ("ansible-galaxy", "pip"):
        admin.must(
            re.sub(r"ack_edge-node-\S+\.tar\.gz", packed.name, readme.shown_command(program, "install")),
            env=offline,
            stdin="",
        )
    return admin.in_directory("site")


def know(admin: Admin, name: str, nodes: Collection[Node], logins: dict[str, dict[str, str]] | None = None) -> None:
    """Write how ssh reaches nodes that are up, and take their host keys; each name has files of its own.

    :arg logins: more hosts, each with options of ssh_config.
    """
    keys = f"~/.ssh/known_{name}"
    hosts = {node.name: {"HostName": node.ssh_address, "User": "ops"} for node in nodes} | (logins or {})
    text = ""
    for host, options in hosts.items():
        text += f"Host {host}\n"
        text += "".join(f"  {key} {value}\n" for key, value in ({"UserKnownHostsFile": keys} | options).items())
    admin.write(f"/home/admin/.ssh/config.d/{name}", text)
    admin.write("/home/admin/.ssh/config", "Include config.d/*\n")
    scanned = "; ".join(f"ssh-keyscan -t ed25519 {node.ssh_address} 2>/dev/null" for node in nodes)
    admin.must(f"({scanned}) > {keys}", stdin="")


def limited(command: str, nodes: Collection[Node]) -> str:
    """Return a shown command for some of the hosts of the shown inventory, which has two hundred."""
    return f"{command} --limit {','.join(node.name for node in nodes)}"
