# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""systemd and its units: whether it runs the node, how units stand, and one step on one of them. Private."""

import collections
import re
from typing import NamedTuple

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

# What systemd makes where it is the init, see sd_booted(3).
BOOTED = "/run/systemd/system"


class Unit(NamedTuple):
    """How a unit stands.

    :ivar load: loaded, masked or not-found.
    :ivar can_enable: it has an [Install] section and is not enabled.
    :ivar held: systemd tried to start it and one of its conditions was not met.
    :ivar main_pid: of its main process, 0 where none runs.
    :ivar command: what it starts, as its file has it; '' where that cannot be told.
    """

    name: str
    load: str
    active: bool
    enabled: bool
    can_enable: bool
    held: bool
    main_pid: int = 0
    command: str = ""


_PROPERTIES = (
    "Id",
    "LoadState",
    "ActiveState",
    "UnitFileState",
    "ConditionResult",
    "ConditionTimestampMonotonic",
    "MainPID",
    "ExecStart",
)
# "{ path=/usr/sbin/chronyd ; argv[]=/usr/sbin/chronyd -F 1 ; ignore_errors=no ; ... }"
_ARGV = re.compile(r"argv\[\]=(.*?) ; ")


def is_init(node):
    """Return whether systemd runs the node, see sd_booted(3)."""
    return node.exists(BOOTED)


def starts_at_boot(node, unit):
    """Return whether a unit is enabled."""
    return node.run(["systemctl", "is-enabled", unit]).out.strip() == "enabled"


def show(node, names, needed_by):
    """Return a Unit for each name that systemd knows, in their order; aliases of one unit come once.

    :arg needed_by: who cannot do without, for the error.
    :raises NodeError: if systemd does not answer.
    """
    argv = ["systemctl", "show"]
    for name in _PROPERTIES:
        argv += ["-p", name]
    done = node.run(argv + list(names))
    if done.rc != 0:
        raise NodeError(f"{needed_by} needs systemd, but '{done.text()}' said: {(done.err or done.out).strip()}")
    found = collections.OrderedDict()
    for block in done.out.split("\n\n"):
        fields = dict(line.partition("=")[::2] for line in block.splitlines())
        if fields.get("Id") and fields.get("LoadState") != "not-found":
            found.setdefault(fields["Id"], _unit(fields))
    return list(found.values())


def _unit(fields):
    enabled = fields.get("UnitFileState", "")
    pid, argv = fields.get("MainPID", ""), _ARGV.search(fields.get("ExecStart", ""))
    tried = fields.get("ConditionTimestampMonotonic", "0") not in ("", "0")
    return Unit(
        fields["Id"],
        fields.get("LoadState", ""),
        fields.get("ActiveState") in ("active", "activating", "reloading"),
        enabled.startswith("enabled"),
        enabled == "disabled",
        tried and fields.get("ConditionResult") == "no",
        int(pid) if pid.isdigit() else 0,
        argv.group(1) if argv else "",
    )


def act(node, verb, name):
    """Do one of start, stop, restart, enable, disable.

    :raises NodeError: if systemd could not, with where its reasons are.
    """
    done = node.run(["systemctl", verb, name], timeout=90)
    if done.rc != 0:
        reason = (done.err or done.out).strip() or "no reason given"
        raise NodeError(f"'{done.text()}' failed: {reason}; see journalctl -u {name} on the node")
