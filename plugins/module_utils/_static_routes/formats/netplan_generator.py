# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What netplan would make of its files, tried out in a scratch directory. Private to the collection.

netplan is the only one that knows how its files go together, so nothing here reads them. Its own generator is run with
links to the site's files in a scratch root, and what it generates there is read.

The generator is called and not ``netplan generate``: since netplan 1.0 that command also reloads udev and systemd
whatever its --root-dir is, and systemd then has the generator run for the real root. A look must not do that.
"""

import os
import re
import shutil
import tempfile
from typing import Dict, NamedTuple, Optional

from ansible_collections.ack_edge.node.plugins.module_utils._errors import NodeError

# The first is the one of netplan 1.2, whose 'generate' only makes units; the last that of releases before 0.106.
PROGRAMS = (
    "/usr/libexec/netplan/configure",
    "/usr/libexec/netplan/generate",
    "/usr/lib/netplan/generate",
    "/lib/netplan/generate",
)
# Where netplan reads; a file hides one of the same name in a directory to the right of its own.
_SOURCES = ("/run/netplan", "/etc/netplan", "/usr/lib/netplan", "/lib/netplan")
# What it generates for networkd and for NetworkManager.
_GENERATED = (
    ("/run/systemd/network", "10-netplan-", ".network"),
    ("/run/NetworkManager/system-connections", "netplan-", ".nmconnection"),
)
# Lines of its standard error that say what is wrong. The others are warnings, or quote a file that can hold a secret.
_SAYS_WHY = re.compile(r"^(/(etc|run|usr|lib)/|(error|cannot|can't|failed|unable)\b)", re.IGNORECASE)


class Outcome(NamedTuple):
    """What netplan made of its files."""

    files: Optional[Dict[str, str]]  # {path: text} of the generated files that configure interfaces, None if it refused
    words: str  # why it refused


def program(node):
    """Return the path of netplan's generator, '' if netplan is not installed."""
    return next((path for path in PROGRAMS if node.exists(path)), "")


def generate(node, own, text=None):
    """Return the Outcome of all files of netplan on the node, with ``text`` in place of the file ``own``.

    :arg text: None for no such file.
    :raises NodeError: if netplan is not installed or a scratch directory cannot be made.
    """
    found = program(node)
    if not found:
        raise NodeError(
            f"netplan's generator is not at {', '.join(PROGRAMS)}; install netplan.io or set another backend"
        )
    scratch = ""
    try:
        scratch = tempfile.mkdtemp(prefix=".ack_edge-netplan-")  # 0700: what is generated can hold passwords
        _fill(node, scratch, own, text)
        done = node.run([found, "--root-dir", scratch])
        if done.rc != 0:
            return Outcome(None, _reason(done, scratch))
        return Outcome(_generated(scratch), "")
    except OSError as error:
        raise NodeError(
            f"netplan's files cannot be tested in {scratch or tempfile.gettempdir()}: {error.strerror}"
        ) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _fill(node, scratch, own, text):
    for directory in _SOURCES:
        os.makedirs(scratch + directory)
        for name in node.listdir(directory):
            path = f"{directory}/{name}"
            if name.endswith(".yaml") and not name.startswith(".") and path != own:
                os.symlink(os.path.abspath(node.path(path)), scratch + path)
    if text is not None:
        descriptor = os.open(scratch + own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="") as handle:
            handle.write(text)


def _generated(scratch):
    files = {}
    for directory, start, end in _GENERATED:
        made = scratch + directory
        for name in sorted(os.listdir(made)) if os.path.isdir(made) else ():
            if name.startswith(start) and name.endswith(end):
                with open(f"{made}/{name}", encoding="utf-8", errors="surrogateescape", newline="") as handle:
                    files[f"{directory}/{name}"] = handle.read()
    return files


def is_generated(path):
    """Return whether netplan generated a .network file or a profile."""
    return path.startswith(tuple(f"{directory}/{start}" for directory, start, _end in _GENERATED))


def _reason(done, scratch):
    lines = (done.err + "\n" + done.out).replace(scratch, "").splitlines()
    told = [line.strip() for line in lines if _SAYS_WHY.match(line)]
    return "; ".join(told) or f"its generator ended with status {done.rc} and no message"


def definition_name(path):
    """Return the id in the name of a generated file; in that of a Wi-Fi profile '-' and the network follow it."""
    name = path.rpartition("/")[2]
    for _directory, start, end in _GENERATED:
        if name.startswith(start) and name.endswith(end):
            return name[len(start) : -len(end)]
    return name


def ids(path, text):
    """Return the ids that the definition behind a generated file can have, the likeliest first."""
    name = definition_name(path)
    if not path.endswith(".nmconnection") or "type=wifi" not in text.split("\n"):
        return [name]
    parts = name.split("-")
    return ["-".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
