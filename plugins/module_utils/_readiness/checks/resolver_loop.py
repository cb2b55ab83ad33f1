# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check resolver_loop: CoreDNS forwards to the nameservers of the node, and a loopback one is CoreDNS itself there.

kubelet hands the node's resolv.conf to Pods that use the DNS of the node. 127.0.0.53 is the stub of systemd-resolved
on the node and the Pod's own address inside the Pod: CoreDNS asks itself, sees the loop and ends, again and again.
"""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._system import resolver
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "resolver_loop"
TITLE = "nameservers that Pods can use"

_KUBELET = "/var/lib/kubelet/config.yaml"
_OWN_FILE = re.compile(r"^resolvConf:[ \t]*[\"']?([^\s\"'#]+)", re.MULTILINE)


def run(facts, inputs):
    """Warn where the file that kubelet hands to Pods has a loopback nameserver, or none; data.nameservers is it."""
    node = facts.node
    path = _file(node)
    servers = resolver.parse(node.read(path)).nameservers
    loops = [server for server in servers if resolver.is_loopback(server)]
    bad = loops or [server for server in servers if resolver.is_on_link(server)]
    if servers and not bad:
        return verdict(
            ID,
            PASS,
            f"{path} names {', '.join(servers)}, which CoreDNS can forward to",
            reproduce=f"cat {path}",
            nameservers=servers,
        )
    found = f"has the nameserver {', '.join(bad)}" if bad else "names no nameserver"
    effect = "no Pod reaches a link-local address, so CoreDNS gets no answer" if bad else "CoreDNS has none and crashes"
    if loops:
        effect = "in a Pod that is the Pod itself, so CoreDNS forwards to itself and crashes"
    target = node.link_target(path)
    if target and node.read(path) is None:
        found = f"is a link to {target}, which is missing"
    return verdict(
        ID,
        WARN,
        f"{path} {found}: {effect}, unless kubelet uses another file (resolvConf)",
        _remedy(node, path),
        f"cat {path}; ls -l {path}",
        nameservers=servers,
    )


def _file(node):
    """Return the path of the file that kubelet hands to Pods: what its configuration says, where it has one."""
    found = _OWN_FILE.search(node.read(_KUBELET) or "")
    return found.group(1) if found else resolver.RESOLV_CONF


def _remedy(node, path):
    behind = resolver.behind(node)
    servers = resolver.parse(node.read(behind)).nameservers
    usable = [server for server in servers if not resolver.is_loopback(server) and not resolver.is_on_link(server)]
    if usable and path == resolver.RESOLV_CONF:
        return f"point {path} to the file with the upstream servers ({', '.join(usable)}): ln -sf {behind} {path}"
    if usable:
        return f"set resolvConf to {behind} in {_KUBELET}, and restart kubelet"
    return f"list the addresses of the site's DNS servers in {path}, through the program that owns it (see its links)"
