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
    r"(ntpdate|ntpdate-debian|sntp|rdate|hwclock\s+(?:-s|--hctosys)|chronyd\s+-q)(?:\s|\Z)"
)
_TABLES = ("/etc/cron.d", "/var/spool/cron", "/var/spool/cron/crontabs", "/var/spool/cron/tabs")
_SCRIPTS = ("/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly", "/etc/network/if-up.d")
# The package ntpdate of EL 7 starts it at boot.
_UNIT = "ntpdate.service"


def run(facts, inputs):
    """Warn about each; data.setters lists them, data.host says whether a hypervisor may set the clock after a pause."""
    node = facts.node
    found = _jobs(node) + _unit(node) + _vmware(node) + _virtualbox(facts)
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
        "grep -rEs 'ntpdate|sntp|rdate|hwclock' /etc/cron* /var/spool/cron",
        setters=setters,
        host=host,
    )


def _jobs(node):
    paths = ["/etc/crontab"] + [
        f"{directory}/{name}" for directory in _TABLES + _SCRIPTS for name in node.listdir(directory)
    ]
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
        match = _COMMAND.search(line) if not line.lstrip().startswith("#") else None
        if match:
            return match.group(1).split()[0]
    return ""


def _unit(node):
    if not services.starts_at_boot(node, _UNIT):
        return []
    return [(f"{_UNIT} at each start", f"systemctl disable {_UNIT}")]


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
