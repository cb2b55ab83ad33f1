# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check clock_setters: jobs and hypervisors set the clock behind the back of chrony; time_sync leaves them alone."""

import os
import re

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import services
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "clock_setters"
TITLE = "other programs that set the clock"

# A daemon alone is not among these: the role time_sync stops it, and starts it again at a reset. What only asks
# (ntpdate -q, chronyd -Q, hwclock --show, date -d) sets nothing.
_SHORT = r"\s(?:[^;&|]*\s)?-[a-zA-Z]*"
_COMMAND = re.compile(
    r"(?:^|[\s/;&|(\"'`])"
    r"((?:ntpdate|ntpdate-debian)(?!\s(?:[^;&|]*\s)?-[a-zA-Z]*[qd])|ntpclient|rdate(?!\s(?:[^;&|]*\s)?-[a-zA-Z]*p)|htpdate|tlsdate"
    rf"|(?:ntpdig|sntp){_SHORT}[SsKra][a-zA-Z]*|ntpd(?:\s[^;&|]*)?\s--quit|ntpd{_SHORT}q[a-zA-Z]*|chronyd{_SHORT}q[a-zA-Z]*"
    r"|net\s+time\s+set|hwclock\s(?:[^;&|]*\s)?(?:-[a-z]*s|--hctosys)|timedatectl\s+set-time"
    r"|date\s(?:[^;&|]*\s)?(?:-u?s\S*|--set(?:=\S*)?)|date\s+(?:-u\s+|--utc\s+)?[0-9]{8,12}(?:\.[0-9]{2})?)"
    r"(?=[\s;&|)\"'`]|\Z)"
)
# How a unit begins a command, with its special characters.
_EXEC = re.compile(r"^\s*Exec[A-Za-z]+=[-@:+!|]*")
_TABLES = ("/etc/cron.d", "/var/spool/cron", "/var/spool/cron/crontabs", "/var/spool/cron/tabs")
_SCRIPTS = (
    *(f"/etc/cron.{name}" for name in ("hourly", "daily", "weekly", "monthly")),
    *("/etc/network/if-up.d", "/etc/network/interfaces.d", "/etc/NetworkManager/dispatcher.d"),
    *("/etc/NetworkManager/dispatcher.d/pre-up.d", "/etc/networkd-dispatcher/routable.d", "/etc/ppp/ip-up.d"),
    *("/etc/dhcp/dhclient-enter-hooks.d", "/etc/dhcp/dhclient-exit-hooks.d"),
)
# A script of the site that a job or a unit starts, and how large one is at most.
_SCRIPT = re.compile(r"/(?:opt|usr/local|root|home|srv|data|etc|var)/[^\s;&|)\"'`]+")
_MOST_BYTES = 65536
_FILES = ("/etc/crontab", "/etc/anacrontab", "/etc/rc.local", "/etc/rc.d/rc.local", "/etc/network/interfaces")
_UNITS = "/etc/systemd/system"
_PACKAGED = ("/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
_UNIT_OF_A_TIMER = re.compile(r"^[ \t]*Unit[ \t]*=[ \t]*(\S+)", re.MULTILINE)
# The package ntpdate of EL 7 starts it at boot.
_UNIT = "ntpdate.service"
# As in /proc/*/comm; with -x chronyd spares the clock.
_DAEMONS = ("chronyd", "ntp-daemon", "ntpd", "openntpd", "systemd-timesyn")
_SPARES_CLOCK = re.compile(r"\0-[a-zA-Z]*x")


def run(facts, inputs):
    """Warn about each; data.setters lists them, data.host says whether a hypervisor may set the clock after a pause."""
    node = facts.node
    found = _jobs(node) + _unit(node) + _own_units(node) + _daemons(facts) + _vmware(node) + _virtualbox(facts)
    # An agent of QEMU lets the host set the clock after a pause, which chrony would take long for: no rival.
    host = any(name == "qemu-ga" for name in facts.processes().values())
    if not found:
        return verdict(ID, PASS, "no scheduled job and no hypervisor sets the clock", setters=[], host=host)
    setters, remedies = [words for words, _remedy in found], [remedy for _words, remedy in found]
    return verdict(
        ID,
        WARN,
        f"the clock is also set by {'; '.join(setters)}; they and chrony work against each other",
        "; ".join(remedies),
        "grep -rEs 'ntpdate|sntp|rdate|hwclock|ntpd -|date -' /etc/cron* /etc/anacrontab /etc/rc.local /var/spool/cron",
        setters=setters,
        host=host,
    )


def _jobs(node):
    paths = list(_FILES) + [
        f"{directory}/{name}" for directory in _TABLES + _SCRIPTS for name in node.listdir(directory)
    ]
    # What the site adds to a unit of a package, and scripts of System V.
    paths += node.glob(f"{_UNITS}/*.service.d/*.conf") + node.glob("/etc/rc3.d/S*")
    # EL has a link from one rc.local to the other.
    if node.link_target(_FILES[2]):
        paths.remove(_FILES[2])
    found = []
    for path in paths:
        command, where = _command(node, path)
        if command:
            found.append((f"{command} in {where}", f"remove {command} from {where}"))
    return found


def _command(node, path, follow=True):
    """Return (command that sets the clock, its file) of a file or of a script that it starts, ('', path) for none."""
    lines = [_EXEC.sub("", line) for line in _text(node, path).splitlines() if not line.lstrip().startswith("#")]
    for line in lines:
        match = _COMMAND.search(line)
        if match:
            return match.group(1).split()[0], path
    scripts = [script for line in lines for script in _SCRIPT.findall(line) if script != path] if follow else []
    found = (_command(node, script, follow=False) for script in scripts)
    return next(((command, where) for command, where in found if command), ("", path))


def _text(node, path):
    try:
        if os.path.getsize(node.path(path)) > _MOST_BYTES:
            return ""
        return node.read(path) or ""
    except (OSError, NodeError):  # not there, or a directory beside the tables
        return ""


def _unit(node):
    if not services.starts_at_boot(node, _UNIT):
        return []
    return [(f"{_UNIT} at each boot", f"systemctl disable {_UNIT}")]


def _own_units(node):
    """Return the units of the site that set the clock, at each start or by a timer."""
    found, names = [], {name: f"{_UNITS}/{name}" for name in node.listdir(_UNITS)}
    for name in sorted(path.rpartition("/")[2] for path in node.glob(f"{_UNITS}/*.wants/*")):
        for unit in (name, name.replace(".timer", ".service")):
            paths = [f"{directory}/{unit}" for directory in _PACKAGED if node.exists(f"{directory}/{unit}")]
            names.setdefault(unit, (paths or [""])[0])
    timers = {name: _text(node, path) for name, path in names.items() if name.endswith(".timer")}
    for name, path in names.items():
        stem, _dot, kind = name.rpartition(".")
        command, where = _command(node, path) if kind == "service" and name != _UNIT else ("", "")
        others = [timer for timer, text in timers.items() if name in _UNIT_OF_A_TIMER.findall(text)]
        for unit in (name, f"{stem}.timer", *others) if command else ():
            if services.starts_at_boot(node, unit):
                found.append((f"{command} in {where}", f"systemctl disable --now {unit}"))
                break
    return found


def _daemons(facts):
    """Return the daemons that set the clock beside the first one."""
    found = {
        name
        for pid, name in facts.processes().items()
        if name in _DAEMONS and not _SPARES_CLOCK.search(facts.node.read(f"/proc/{pid}/cmdline") or "")
    }
    first, others = min(found, default=""), sorted(found)[1:]
    return [(f"{name}, which runs beside {first}", f"stop and disable one of {first} and {name}") for name in others]


def _vmware(node):
    done = node.run(["vmware-toolbox-cmd", "timesync", "status"], timeout=20)
    if done.rc != 0 or not done.out.strip().lower().startswith("enabled"):
        return []
    return [("VMware Tools", "vmware-toolbox-cmd timesync disable")]


def _virtualbox(facts):
    for pid, name in facts.processes().items():
        if name == "VBoxService" and "--disable-timesync" not in (facts.node.read(f"/proc/{pid}/cmdline") or ""):
            return [("VirtualBox Guest Additions", "start VBoxService with --disable-timesync")]
    return []
