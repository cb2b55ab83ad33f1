# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a cluster is on a node: agents, files, units, directories, interfaces, ports. Private. Only reads."""

import os
import re

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import cluster, services

# Where clusters keep their configuration and state, in a directory with a name of theirs.
_PARENTS = ("/etc", "/var/lib", "/var/snap")
FILES = (
    "/usr/bin/edge-hub",
    "/etc/cni/net.d/10-flannel.conflist",
)
# kubelet; edge-hub's health and proxy ports.
PORTS = (10250, 10261, 10267)
# Where units of whoever set the node up lie, and those that packages bring, which do nothing until they are enabled.
_OWN_UNITS = ("/etc/systemd/system", "/usr/local/lib/systemd/system")
_PACKAGED_UNITS = ("/usr/lib/systemd/system", "/lib/systemd/system")
_EXEC = re.compile(r"^[ \t]*ExecStart[ \t]*=((?:.*\\\n)*.*)", re.MULTILINE)


def find(facts):
    """Return what of a cluster is on the node, of whichever distribution, as a list of texts.

    :raises NodeError: if something of it cannot be looked at.
    """
    node = facts.node
    found = sorted({f"process {name}" for name in facts.processes().values() if cluster.is_agent(name)})
    found += [f"file {path}" for path in FILES if node.exists(path)]
    found += [f"unit {path}" for path in _units(node)]
    found += [f"directory {path}" for path in _directories(node)]
    found += [f"interface {name}" for name in cluster.traces_of_a_join(facts.links())]
    return found + sorted(
        {f"TCP port {item.port}" for item in facts.listeners() if item.protocol == "tcp" and item.port in PORTS}
    )


def _units(node):
    """Return the unit files that start the software of a cluster: each of the site's, of packages those that count."""
    found = []
    for directory in _OWN_UNITS + _PACKAGED_UNITS:
        for name in node.listdir(directory):
            path = f"{directory}/{name}"
            if name.endswith(".service") and _starts_agent(node, path, name[: -len(".service")]):
                found += [path] if directory in _OWN_UNITS or _is_wanted(node, name) else []
    # Since the directories were merged the same file lies under two names.
    return [path for path in found if "/usr" + path not in found] + _drop_ins(node)


def _drop_ins(node):
    """Return the files that would change what the unit of the next join starts."""
    found = []
    for name in node.listdir(_OWN_UNITS[0]):
        if name.endswith(".service.d") and cluster.is_agent(name[: -len(".service.d")]):
            paths = node.glob(f"{_OWN_UNITS[0]}/{name}/*.conf")
            found += [path for path in paths if _EXEC.search(_text(node, path))]
    return found


def _starts_agent(node, path, stem):
    """Return whether a unit starts the software of a cluster, by its name or by what it runs; not a masked one."""
    if cluster.is_agent(stem):
        return node.link_target(path) != "/dev/null"
    return any(cluster.starts_agent(command) for command in _EXEC.findall(_text(node, path)))


def _text(node, path):
    try:
        return node.read(path) or ""
    except NodeError:  # a directory of that name
        return ""


def _is_wanted(node, name):
    """Return whether a unit is started at boot, or runs or tries to now."""
    if node.glob(f"/etc/systemd/system/*.wants/{name}") or node.glob(f"/etc/systemd/system/*.requires/{name}"):
        return True
    active = node.run(["systemctl", "is-active", name]).out.strip() in ("active", "activating", "reloading")
    return active or services.starts_at_boot(node, name)


def _directories(node):
    """Return the directories of clusters in which there is a file: packages and people make empty ones."""
    paths = [f"{parent}/{name}" for parent in _PARENTS for name in node.listdir(parent) if cluster.owns_directory(name)]
    paths += ["/var/snap/k8s"]
    return [path for path in paths if any(files for _here, _below, files in os.walk(node.path(path)))]
