# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What loads the tables of iptables at boot: the services that our unit follows, and programs that it does not know.

A table that drops now and that no known service loads comes from somewhere else: Shorewall, ferm, a script of the
site. Such a program may fill the table after our unit has, and again at its every reload. So "after a restart" is said
only where a known service is proven to load the table and no other program is seen that does.
"""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import iptables, iptables_judge
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import Obstacle
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import services

KNOWN = ("iptables.service", "ip6tables.service", "netfilter-persistent.service")
# (service, what it loads, version of IP)
SAVED = (
    (KNOWN[0], "/etc/sysconfig/iptables", 4),
    (KNOWN[1], "/etc/sysconfig/ip6tables", 6),
    (KNOWN[2], "/etc/iptables/rules.v4", 4),
    (KNOWN[2], "/etc/iptables/rules.v6", 6),
)
# ufw loads what else stands in its files beside its own table.
LOADED = (*SAVED, *(
    ("ufw.service", f"/etc/ufw/{name}{'' if version == 4 else 6}.rules", version)
    for name in ("before", "after")
    for version in (4, 6)
))  # fmt: skip
_UFW_ENABLED = re.compile(r"""^[ \t]*ENABLED=["']?yes\b""", re.MULTILINE | re.IGNORECASE)
_UNITS = "/etc/systemd/system"
_UNIT_FILES = (_UNITS, "/usr/lib/systemd/system", "/lib/systemd/system")
_OURS = "ack-edge-"
_NAMED = re.compile(
    r"(shorewall6?(-lite)?|ferm|firehol|csf|lfd|apf|arno-.*|uif|fiaif|bastille.*|.*firewall.*)\.service\Z"
)
# Firewalls with a backend of their own, whose units have such a name or script.
_OTHERS = ("firewalld.service", "ufw.service", "nftables.service", *KNOWN)
_EXEC = re.compile(r"^Exec(?:Start|StartPre|StartPost)=[-@:+!]*(.*)$", re.MULTILINE)
_LOADS = re.compile(r"\b(ip6?tables(-nft|-legacy)?(-restore)?|shorewall6?|ferm|firehol)\b")
# Run at boot, for an interface, or by cron.
_RUN = (
    *("/etc/rc.local", "/etc/rc.d/rc.local", "/etc/network/interfaces", "/etc/network/interfaces.d/*"),
    *("/etc/network/if-*up.d/*", "/etc/NetworkManager/dispatcher.d/*", "/etc/networkd-dispatcher/*/*"),
    *("/etc/crontab", "/etc/cron.d/*", "/var/spool/cron/*", "/var/spool/cron/crontabs/*"),
)
_OF_SITE = re.compile(r"(?<!\S)/(?:opt|usr/local|root|home|srv|data|etc)/[^\s;&|)\"'`]+")
_SHELL = re.compile(r"#! ?/\S*(sh|env)\b")


def doubt(node, versions):
    """Return the Obstacle that our rules may be gone after a reboot or a reload, None where they are not.

    :arg versions: those of IP whose table drops what comes in.
    """
    unknown = [unit for unit in _enabled(node) if _loads_tables(node, unit)]
    unknown += [path for pattern in _RUN for path in node.glob(pattern) if _runs_loader(node, path)]
    proven = {version for service, path, version in SAVED if version in versions and saved_drops(node, service, path)}
    if not unknown and set(versions) <= proven:
        return None
    if unknown:
        who = f"{' and '.join(unknown)} also loads iptables rules, in an unknown order relative to our unit"
    else:
        who = f"none of {', '.join(KNOWN)} loads the active rules, so an unknown program does"
    return Obstacle(
        f"may not be after a reboot or a reload of the firewall: {who}",
        "make the program that loads the rules of this node accept these packets itself, or run prepare_edge.yml "
        "after each reload; verify_edge.yml shows whether the ports are open",
    )


def saved_drops(node, service, path):
    """Return whether a service that starts at boot loads a filter table that can drop what comes in."""
    text = node.read(path)
    return bool(text and iptables_judge.input_drops(iptables.parse_saved(text)) and loads_at_boot(node, service))


def loads_at_boot(node, service):
    """Return whether a service starts at boot, and loads its files then."""
    enabled = service != "ufw.service" or _UFW_ENABLED.search(node.read("/etc/ufw/ufw.conf") or "")
    return bool(enabled) and services.starts_at_boot(node, service)


def _enabled(node):
    """Return the sorted names of the units that something starts at boot, those known here left out."""
    directories = [name for name in node.listdir(_UNITS) if name.endswith((".wants", ".requires"))]
    names = {name for directory in directories for name in node.listdir(f"{_UNITS}/{directory}")}
    names = {re.sub(r"\.timer\Z", ".service", name) for name in names}
    return sorted(name for name in names if name.endswith(".service") and not name.startswith((*_OTHERS, _OURS)))


def _loads_tables(node, unit):
    if _NAMED.match(unit):
        return True
    texts = [node.read(f"{directory}/{unit}") for directory in _UNIT_FILES]
    commands = _EXEC.findall(next((text for text in texts if text), ""))
    return any(_LOADS.search(command) or _LOADS.search(_script(node, command)) for command in commands)


def _script(node, command):
    """Return the text of the script that a command runs, '' where it runs another program."""
    for word in command.split()[:2]:  # the second where the first is a shell
        if word.startswith("/") and _SHELL.match(_text(node, word)):
            return _code(node, word)
    return ""


def _runs_loader(node, path):
    """Return whether a script loads rules, or names one that does."""
    code = _code(node, path)
    return any(_LOADS.search(text) for text in (code, *(_code(node, script) for script in _OF_SITE.findall(code))))


def _code(node, path):
    """Return the text of a file without its comments."""
    return re.sub(r"^\s*#.*$", "", _text(node, path), flags=re.MULTILINE)


def _text(node, path):
    try:
        return node.read(path) or ""
    except NodeError:  # a directory
        return ""
