# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of network_scripts share: files, and a shell that says what such a file means to a shell."""

from __future__ import annotations

import atexit
import functools
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import types
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import ifcfg_keys
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import Link

from fakes.kernel_routes import route
from fakes.managers import UUID
from fakes.routes import backends

IDC0 = Link("idc0", 3, ())
DIRECTORY = "/etc/sysconfig/network-scripts"
SIX_FILE = f"{DIRECTORY}/route6-idc0"
OLD_FILE = "/etc/sysconfig/static-routes"
KEYS = (
    "# of the site\nADDRESS0=198.51.100.0\nNETMASK0='255.255.255.0'\nGATEWAY0=\"10.99.0.1\"\n\n"
    "ADDRESS1=203.0.113.7 NETMASK1=255.255.255.255 # one line\nGATEWAY1=10.99.0.2\n"
)
GIVEN = {"gateway": "10.99.0.253", "routes": ["100.103.99.73/32", "100.118.28.0/24"]}


def backend(system=None, *, by_ifup=True):
    """Return the backend, where there is no System for files that ifup (or NetworkManager) reads."""
    found = backends(system, "network_scripts")
    if system is None:
        found._has_ifup = lambda: by_ifup
    return found


def items(*texts, **attributes):
    return [types.item(route(f"{text} via 10.99.0.253 dev idc0", **attributes)) for text in texts]


def parsed(text, **how):
    return backend(**how).parse(text, "idc0")


def held_by_networkmanager(system, name="idc0"):
    path = f"{DIRECTORY}/ifcfg-{name}"
    system.devices, system.profiles = [f"idc0:connected:{UUID}"], {UUID: path}
    return path


class _Shell:
    """Starts a shell for each of thousands of texts, from a small shell that lives on: Python takes longer to do that.

    A subshell, which a script in parentheses gets, does only where the text is not sourced: where the last program of a
    sourced text is missing, that of bash 5.2 ends at once.
    """

    # ifup is a script of bash; where there is none, the sh of POSIX sources a file of assignments the same way.
    PROGRAM = shutil.which("bash") or shutil.which("sh")
    _LOOP = """
        while IFS= read -r s; do
            case "$s" in "("*) eval "$s" ;; *) "$0" -c "$s" "$0" "$1" ;; esac </dev/null
            printf "\\36\\35\\34"
        done"""
    _END = b"\36\35\34"

    def __init__(self):
        self._directory = tempfile.TemporaryDirectory()
        self._path = Path(self._directory.name, "file")
        self._process = subprocess.Popen(
            [self.PROGRAM, "-c", self._LOOP, self.PROGRAM, self._path],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={"PATH": "/"},
        )  # fmt: skip

    def says(self, script: str, text: str) -> str:
        self._path.write_bytes(text.encode("utf-8", "surrogateescape"))
        self._process.stdin.write(script.encode() + b"\n")
        self._process.stdin.flush()
        said = b""
        while not said.endswith(self._END):
            more = os.read(self._process.stdout.fileno(), 65536)
            assert more, "the shell has ended"
            said += more
        return said[: -len(self._END)].decode("utf-8", "surrogateescape")

    def close(self) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()
        self._directory.cleanup()


@functools.lru_cache(maxsize=1)
def _shell() -> _Shell:
    one = _Shell()
    atexit.register(one.close)
    return one


def shell(script, text):
    """Return what a shell says, which finds the text in the file "$1" and no program at all."""
    return _shell().says(script, text)


def ifup(text):
    """Return the routes that ifup makes of ADDRESSn= entries: sourced by a shell, until the first number that lacks."""
    script = (
        '. "$1" 2>/dev/null; n=0; while eval "a=\\$ADDRESS$n m=\\$NETMASK$n g=\\$GATEWAY$n"; [ -n "$a" ]; do '
        'printf "%s %s %s\\n" "$a" "$m" "$g"; n=$((n+1)); done'
    )
    return shell(script, text).splitlines()


def orphans(text):
    """Return parts of an entry without an address; they go with the entry that gets their number."""
    there = {str(entry.number) for entry in ifcfg_keys.entries(text)}
    return set(re.findall(r"(?:ADDRESS|NETMASK|GATEWAY)([0-9])=", text)) - there
