# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node that is a network namespace with a real kernel and a real ip, its files in a scratch root."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import subprocess
import time

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Node, run_command
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import run as engine
from fakes import ip_text
from fakes.routes import parameters, resolver
from helpers_packets import need_root


@pytest.fixture(scope="module")
def namespace():
    need_root()
    name = f"ack-edge-routes-{os.getpid()}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    # Everything that is started from here on is in the namespace: 'ip netns exec' for each would double what there is
    # to start, which is most of the time that these tests take.
    with inside(name):
        yield name
    subprocess.run(["ip", "netns", "delete", name], check=True)


LOCAL = ("fd00:98::11", "fd00:99::11")
_OF_ITSELF = re.compile(r"^(?:\S+ )?f(?:e80|f00):")


@contextlib.contextmanager
def inside(name):
    """Enter a network namespace with this thread, and those that it starts, and leave it again."""
    libc = ctypes.CDLL(None, use_errno=True)

    def enter(path):
        with open(path) as handle:
            if libc.setns(handle.fileno(), 0x40000000) != 0:  # CLONE_NEWNET
                raise OSError(ctypes.get_errno(), f"{path} cannot be entered")

    with open("/proc/thread-self/ns/net") as before:
        enter(f"/run/netns/{name}")
        try:
            yield
        finally:
            enter(f"/proc/self/fd/{before.fileno()}")


class Host:
    """The node in the namespace: its Node, what ip shows, and what happens at a restart."""

    def __init__(self, root):
        self.root, self.log = root, []
        self.bin = ""  # a directory with an ip that stands before the system's
        self.node = Node(self._run, str(root))

    def _run(self, argv, stdin=None, timeout=60):
        self.log.append(argv)
        if self.bin and argv[0] == "ip":
            argv = [f"{self.bin}/ip", *argv[1:]]
        return run_command(argv, stdin=stdin, timeout=timeout)

    def ip(self, *words):
        return subprocess.run(["ip", *words], check=True, capture_output=True, text=True).stdout

    def shown(self):
        """Return the text of all routes by family, without those of link-local addresses, which come when they like."""
        texts = [self.ip(family, "route", "show", "table", "all") for family in ("-4", "-6")]
        return [
            "".join(line for line in text.splitlines(keepends=True) if not _OF_ITSELF.search(line)) for text in texts
        ]

    def up(self):
        for name, peer, four, six in (
            ("idc0", "idc1", "10.99.0.11/24", "fd00:99::11/64"),
            ("eth0", "eth1", "192.0.2.11/24", "fd00:98::11/64"),
        ):
            self.ip("link", "add", name, "type", "veth", "peer", "name", peer)
            self.ip("address", "add", four, "dev", name)
            self.ip("-6", "address", "add", six, "dev", name, "nodad")
            self.ip("link", "set", peer, "up")
            self.ip("link", "set", name, "up")
        self.ip("route", "add", "default", "via", "192.0.2.1")
        # The kernel adds the routes of an IPv6 address a moment after the address.
        end = time.monotonic() + 10
        while not all(f"local {one} " in self.ip("-6", "route", "show", "table", "local") for one in LOCAL):
            assert time.monotonic() < end, "the kernel has no route for an address of its own"
            time.sleep(0.01)
        # Nor does it add all of them at once.
        seen = [""]
        while seen != (seen := self.shown()):
            time.sleep(0.3)

    def down(self):
        for name in ("idc0", "eth0"):
            subprocess.run(["ip", "link", "delete", name], check=False, capture_output=True)

    def routes(self):
        """Return every route with a gateway but the default ones, as (destination, gateway, device, metric, table)."""
        found = []
        for family in ("-4", "-6"):
            for entry in json.loads(self.ip(family, "-j", "route", "show", "table", "all")):
                if "gateway" in entry and entry["dst"] != "default":
                    found.append(
                        (
                            entry["dst"],
                            entry["gateway"],
                            entry["dev"],
                            entry.get("metric", 0),
                            entry.get("table", "main"),
                        )
                    )
        return sorted(found)

    def run(self, *, check=False, answers=None, peers=(), **given):
        given = {"gateway": "10.99.0.253", **given}
        return engine.run(self.node, parameters(**given), check, resolver(answers or {}), lambda: list(peers))

    def restart(self):
        """Make the interfaces anew and run the hooks as ifupdown does, once for each family of each interface."""
        self.down()
        self.up()
        for interface, _family in (("lo", 4), ("eth0", 4), ("idc0", 4), ("idc0", 6)):
            for hook in sorted((self.root / "etc/network/if-up.d").glob("*")):
                path = ":".join(filter(None, (self.bin, "/usr/bin:/bin")))
                subprocess.run([str(hook)], check=True, env={"IFACE": interface, "PATH": path})


@pytest.fixture
def host(namespace, tmp_path):
    for path, text in (
        ("run/network/ifstate", "lo=lo\nidc0=idc0\neth0=eth0\n"),
        ("etc/resolv.conf", "nameserver 192.0.2.53\n"),
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "etc/network/if-up.d").mkdir(parents=True)
    (tmp_path / "var/lib").mkdir(parents=True)
    host = Host(tmp_path)
    host.up()
    yield host
    host.down()


@pytest.fixture
def old_host(host, tmp_path):
    """A node whose ip refuses the option of JSON as that of 4.3 does."""
    script = tmp_path / "bin/ip"
    script.parent.mkdir()
    said = ip_text.unknown_option("-j").strip()
    script.write_text(
        "#!/bin/sh\n"
        f"for word; do case $word in -j*) echo '{said}' >&2; exit 255;; esac; done\n"
        f'PATH=/usr/sbin:/usr/bin:/sbin:/bin exec ip "$@"\n'
    )
    script.chmod(0o755)
    host.bin = str(script.parent)
    return host
