# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check clock_setters: jobs and hypervisors set the clock behind the back of chrony; time_sync leaves them alone."""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import services
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "clock_setters"
TITLE = "others that set the clock"

# Daemons are not among these: the role time_sync stops them, and starts them again at a reset.
_COMMAND = re.compile(
    r"(?:^|[\s/;&|])"
    r"(ntpdate|ntpdate-debian|sntp|rdate|hwclock\s+(?:-s|--hctosys)|chronyd\s+-q|ntpd\s(?:[^;&|]*\s)?-[a-zA-Z]*q[a-zA-Z]*"
    r"|date\s+(?:-u\s+|--utc\s+)?(?:-u?s|--set(?:=\S*)?))(?:\s|\Z)"
)
# How a unit begins a command, with its special characters.
_EXEC = re.compile(r"^\s*Exec[A-Za-z]+=[-@:+!|]*")
_TABLES = ("/etc/cron.d", "/var/spool/cron", "/var/spool/cron/crontabs", "/var/spool/cron/tabs")
_SCRIPTS = ("/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly", "/etc/network/if-up.d")
_FILES = ("/etc/crontab", "/etc/anacrontab", "/etc/rc.local", "/etc/rc.d/rc.local")
_UNITS = "/etc/systemd/system"
# The package ntpdate of EL 7 starts it at boot.
_UNIT = "ntpdate.service"


def run(facts, inputs):
    """Warn about each; data.setters lists them, data.host says whether a hypervisor may set the clock after a pause."""
    node = facts.node
    found = _jobs(node) + _unit(node) + _own_units(node) + _vmware(node) + _virtualbox(facts)
    # An agent of QEMU lets the host set the clock after a pause, which chrony would take long for: no rival.
    host = any(name == "qemu-ga" for name in facts.processes().values())
    if not found:
        return verdict(ID, PASS, "no job and no hypervisor sets the clock", setters=[], host=host)
    setters, remedies = [words for words, _remedy in found], [remedy for _words, remedy in found]
    return verdict(
        ID,
        WARN,
        f"the clock is also set by {'; '.join(setters)}; chrony and they undo each other's work",
        "; ".join(remedies),
        "grep -rEs 'ntpdate|sntp|rdate|hwclock|ntpd -|date -' /etc/cron* /etc/anacrontab /etc/rc.local /var/spool/cron",
        setters=setters,
        host=host,
    )


def _jobs(node):
    paths = list(_FILES) + [
        f"{directory}/{name}" for directory in _TABLES + _SCRIPTS for name in node.listdir(directory)
    ]
    # EL has a link from one rc.local to the other.
    if node.link_target(_FILES[2]):
        paths.remove(_FILES[2])
    found = []
    for path in paths:
        command = _command(node, path)
        if command:
            found.append((f"{command} in {path}", f"take {command} out of {path}"))
    return found


def _command(node, path):
    """Return the command of a file that sets the clock, '' if there is none."""
    try:
        text = node.read(path) or ""
    except NodeError:  # a directory beside the tables
        return ""
    for line in text.splitlines():
        match = _COMMAND.search(_EXEC.sub("", line)) if not line.lstrip().startswith("#") else None
        if match:
            return match.group(1).split()[0]
    return ""


def _unit(node):
    if not services.starts_at_boot(node, _UNIT):
        return []
    return [(f"{_UNIT} at each start", f"systemctl disable {_UNIT}")]


def _own_units(node):
    """Return the units of the site that set the clock, at each start or by a timer."""
    found = []
    for name in node.listdir(_UNITS):
        stem, _dot, kind = name.rpartition(".")
        command = _command(node, f"{_UNITS}/{name}") if kind == "service" else ""
        for unit in (name, f"{stem}.timer") if command else ():
            if services.starts_at_boot(node, unit):
                found.append((f"{command} in {_UNITS}/{name}", f"systemctl disable --now {unit}"))
                break
    return found


def _vmware(node):
    done = node.run(["vmware-toolbox-cmd", "timesync", "status"], timeout=20)
    if done.rc != 0 or not done.out.strip().lower().startswith("enabled"):
        return []
    return [("the tools of VMware", "vmware-toolbox-cmd timesync disable")]


def _virtualbox(facts):
    for pid, name in facts.processes().items():
        if name == "VBoxService" and "--disable-timesync" not in (facts.node.read(f"/proc/{pid}/cmdline") or ""):
            return [("the guest additions of VirtualBox", "start VBoxService with --disable-timesync")]
    return []
