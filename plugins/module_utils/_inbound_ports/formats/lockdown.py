# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""firewalld's lockdown: who may change anything, told by its own files. Nothing is run and nothing is changed."""

import re

_CONF = "/etc/firewalld/firewalld.conf"
_WHITELISTS = ("/etc/firewalld/lockdown-whitelist.xml", "/usr/lib/firewalld/lockdown-whitelist.xml")
_LOCKED = re.compile(r"^\s*Lockdown\s*=\s*(yes|true)\b", re.MULTILINE | re.IGNORECASE)
_ROOT_MAY = re.compile(r"""<user\s+(id=["']0["']|name=["']root["'])|<command\s+name=["'][^"']*firewall-cmd""")


def refusal(node):
    """Return why firewalld would refuse every change of root, with what to do, '' where it would not."""
    if not _LOCKED.search(node.read(_CONF) or ""):
        return ""
    path = next((path for path in _WHITELISTS if node.exists(path)), _WHITELISTS[0])
    if _ROOT_MAY.search(node.read(path) or ""):
        return ""
    return (
        f"firewalld is locked down (Lockdown=yes in {_CONF}) and {path} does not list root, so firewalld refuses every "
        f'change; nothing was changed. Add <user id="0"/> to {_WHITELISTS[0]} and restart firewalld, or run '
        "'firewall-cmd --lockdown-off' as a user that is listed, and run again"
    )
