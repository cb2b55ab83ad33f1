# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check proxy_variables: what obeys a proxy of the system does not take the leased line, and hides a missing route."""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "proxy_variables"
TITLE = "proxy variables of the system"

FILES = ("/etc/environment", "/etc/profile", "/etc/systemd/system.conf")
DIRECTORIES = (
    "/etc/profile.d",
    "/etc/systemd/system.conf.d",
    *(f"/etc/systemd/system/{name}.service.d" for name in ("containerd", "docker", "kubelet", "edge-hub")),
)
# Values are never shown: they may hold a password.
_SET = re.compile(r"^(?![ \t]*#).*?\b((?:https?|all)_proxy)=[\"']?[^\s\"']", re.IGNORECASE | re.MULTILINE)


def run(facts, inputs):
    """Warn about proxies that daemons and logins get, where the cloud is reached over a leased line."""
    paths = list(FILES) + [f"{directory}/{name}" for directory in DIRECTORIES for name in facts.node.listdir(directory)]
    found = []
    for path in paths:
        names = sorted({match.group(1) for match in _SET.finditer(_text(facts.node, path))})
        if names:
            found.append(f"{', '.join(names)} in {path}")
    if found and inputs.get("access_mode") == "leased_line":
        return verdict(
            ID,
            WARN,
            f"a proxy is set: {'; '.join(found)}; programs that honour it bypass the leased line",
            "remove these, or add the names and networks of the cloud, the Pods and the Services to no_proxy",
            "env | grep -i _proxy; systemctl show-environment",
            variables=found,
        )
    text = f"a proxy is set: {'; '.join(found)}" if found else "no proxy is set for the system"
    return verdict(ID, PASS, text, reproduce="env | grep -i _proxy; systemctl show-environment", variables=found)


def _text(node, path):
    """Return the text of a file, '' where there is none or it is a directory."""
    try:
        return node.read(path) or ""
    except NodeError:  # a directory beside the files
        return ""
