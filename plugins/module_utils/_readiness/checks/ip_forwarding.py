# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check ip_forwarding: Pods reach nothing where a file of the node switches forwarding off again at each start."""

from ansible_collections.ack_edge.node.plugins.module_utils._system import sysctl
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, UNPROVEN, WARN, verdict

ID = "ip_forwarding"
TITLE = "IP forwarding"

_NOW = "/proc/sys/net/ipv4/ip_forward"
# Two names of one setting: the last one counts.
_KEYS = ("net/ipv4/ip_forward", "net/ipv4/conf/all/forwarding")


def run(facts, inputs):
    """Warn where a file pins it to 0. On a node that has not joined it is off, and nothing is wrong with that."""
    now = (facts.node.read(_NOW) or "").strip()
    if now not in ("0", "1"):
        return verdict(ID, UNPROVEN, f"{_NOW} cannot be read", "find out why, then run again", f"cat {_NOW}")
    path, value = _pinned(facts.node)
    if value == "0":
        return verdict(
            ID,
            WARN,
            f"{path} sets net.ipv4.ip_forward (or net.ipv4.conf.all.forwarding) to 0 at every boot, but Pods need 1",
            "set it to 1 there",
            "sysctl net.ipv4.ip_forward",
            now=int(now),
            path=path,
        )
    state = "on" if now == "1" else "off; the join turns it on"
    return verdict(
        ID,
        PASS,
        f"IP forwarding is {state}, and no file switches it off",
        reproduce="sysctl net.ipv4.ip_forward",
        now=int(now),
        path=path,
    )


def _pinned(node):
    """Return (path, value) of the setting that wins at boot, ('', '') if there is none."""
    settings = sysctl.at_boot(node)
    order = [id(one) for one in settings.values()]
    found = [one for one in (sysctl.setting(settings, key) for key in _KEYS) if one]
    last = max(found, key=lambda one: order.index(id(one)), default=None)
    return (last.path, last.value) if last else ("", "")
