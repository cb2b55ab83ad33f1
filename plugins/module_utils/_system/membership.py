# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a node is a member of one cluster, by what its kubelet talks to. Private to the collection. Only reads.

kubelet reads the address of its API server from its kubeconfig. Behind edge-hub (yurthub of OpenYurt) that is a port of
the node itself, and edge-hub has the address: as an argument, in a static Pod or a unit. What cannot be told is
UNKNOWN, never JOINED.
"""

import ipaddress
import re
from typing import NamedTuple, Tuple
from urllib.parse import urlsplit

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import cluster, services

NEW, JOINED, FOREIGN, HALF_REMOVED, UNKNOWN = "new", "joined", "foreign", "half_removed", "unknown"

UNIT = "kubelet.service"
KUBECONFIG = "/etc/kubernetes/kubelet.conf"
BOOTSTRAP = "/etc/kubernetes/bootstrap-kubelet.conf"
MANIFESTS = "/etc/kubernetes/manifests"
_UNIT_DIRECTORIES = ("/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
# Agents that run beside a kubelet, and without it tell nothing of another distribution.
_BESIDE_KUBELET = (*cluster.HUB_PROCESSES, "kubelet", "kube-proxy", "flanneld")
# YAML and JSON, in block and in flow style; kubeconfigs have a URL there.
_SERVER = re.compile(r"""(?:^|[\s{,"'-])server["']?[ \t]*:[ \t]*["']?(https?://[^\s"',}\]]+)""", re.MULTILINE)
# "--server-addr=https://a:6443" and, in a list of arguments, "--server-addr" followed by the next element.
_SERVER_ADDR = re.compile(r"""--server-addr(?:=|["']?[\s,]+(?:-[ \t]+)?)["']?(https?://[^\s"'\]]+)""")
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_HTTPS, _API_SERVER = 443, 6443


class Membership(NamedTuple):
    """What a node is with regard to a cluster.

    :ivar state: NEW, JOINED, FOREIGN (of another cluster), HALF_REMOVED (traces, and no kubelet runs) or UNKNOWN.
    :ivar reason: one clause that says why.
    :ivar servers: the API servers that the node talks to, as its files have them.
    """

    state: str
    reason: str
    servers: Tuple[str, ...] = ()


def api_server(text):
    """Return (host, port) of the API server of a cluster, given as host or host:port.

    :raises ValueError: for anything else.
    """
    host, colon, port = text.rpartition(":")
    if not colon or _inputs.is_address(text) or text.endswith("]"):
        host, port = text, _API_SERVER
    return _inputs.host(host), _inputs.port(port)


def look(node, leftovers, processes, records, wanted):
    """Return the Membership of a node.

    :arg leftovers: what of a cluster is on the node, texts. :arg processes: {pid: name}. :arg records: of /etc/hosts.
    :arg wanted: API server of the cluster that the node is meant for, see :func:`api_server`; '' if it is not known.
    """
    if not leftovers:
        return Membership(NEW, "the node has no software or files of a cluster")
    try:
        pid = kubelet(node, processes.values())
        if not pid:
            return _without_kubelet(processes)
        servers, reason = _servers(node, pid, processes)
    except NodeError as error:
        return Membership(UNKNOWN, str(error))
    if not servers:
        return Membership(UNKNOWN, reason)
    return _compared(servers, reason, records, wanted)


def kubelet(node, processes=()):
    """Return the process id of the kubelet that systemd runs, 0 where it runs none.

    :arg processes: names of those that run.
    :raises NodeError: if a kubelet is among them, and systemd does not answer.
    """
    try:
        return max(
            [unit.main_pid for unit in services.show(node, [UNIT], "the check of kubelet") if unit.active] or [0]
        )
    except NodeError:
        if "kubelet" in processes:
            raise
        return 0


def _without_kubelet(processes):
    agents = sorted({name for name in processes.values() if cluster.is_agent(name)})
    others = [name for name in agents if name not in _BESIDE_KUBELET]
    if others:
        return Membership(FOREIGN, f"{', '.join(others)} of another Kubernetes distribution runs")
    if "kubelet" in agents:
        return Membership(UNKNOWN, f"a kubelet runs that is not {UNIT}")
    return Membership(HALF_REMOVED, f"the node has software or files of a cluster, but {UNIT} does not run")


def _servers(node, pid, processes):
    """Return (API servers that the kubelet talks to, why that does not prove a member, '' where it does).

    :raises NodeError: if a file cannot be read.
    """
    path = _argument(node, pid, "--kubeconfig") or KUBECONFIG
    text = node.read(path)
    if text is None:
        bootstrap = _argument(node, pid, "--bootstrap-kubeconfig") or BOOTSTRAP
        return _urls(_SERVER, node.read(bootstrap) or ""), f"{path} is missing, so kubelet is not registered yet"
    servers = _urls(_SERVER, text)
    if len(servers) != 1:
        return (), f"{path} names {len(servers) or 'no'} API server{'s' if servers else ''}, expected one"
    if not _is_of_the_node(servers[0]):
        return servers, ""
    behind = _of_the_hub(node, processes)
    return behind, "" if behind else f"kubelet connects to {servers[0]}, but the API server of edge-hub is unknown"


def _of_the_hub(node, processes):
    """Return the API servers of edge-hub: as it runs, else as its files have it."""
    for pid, name in sorted(processes.items()):
        if name in cluster.HUB_PROCESSES:
            found = _urls(_SERVER_ADDR, " ".join(_command(node, pid)))
            if found:
                return found
    paths = [path for path in node.glob(f"{MANIFESTS}/*") if path.endswith((".yaml", ".yml", ".json"))]
    for directory in _UNIT_DIRECTORIES:
        for name in cluster.HUB_PROCESSES:
            paths += node.glob(f"{directory}/{name}.service") + node.glob(f"{directory}/{name}.service.d/*.conf")
    return _urls(_SERVER_ADDR, "\n".join(node.read(path) or "" for path in paths))


def _command(node, pid):
    return (node.read(f"/proc/{pid}/cmdline") or "").split("\0")


def _argument(node, pid, name):
    """Return the value of an option of a running program, '' where it has none."""
    words = _command(node, pid)
    for at, word in enumerate(words):
        if word.startswith(name + "="):
            return word.partition("=")[2]
        if word == name:
            return "".join(words[at + 1 : at + 2])
    return ""


def _urls(pattern, text):
    """Return the URLs that a text names, each once; edge-hub takes several with commas between them."""
    found = []
    for match in pattern.finditer(_COMMENT.sub("", text)):
        found += [url for url in match.group(1).split(",") if url and url not in found]
    return tuple(found)


def _place(url):
    """Return (host, port) of a URL, None for one that has none."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "", parts.port or (_HTTPS if parts.scheme == "https" else 80))
    except ValueError:
        return None


def _is_of_the_node(url):
    """Return whether a URL leads to the node itself; edge-hub also listens on 169.254.2.1."""
    host = (_place(url) or ("", 0))[0]
    if not _inputs.is_address(host):
        return host == "localhost"
    address = ipaddress.ip_address(host)
    return address.is_loopback or address.is_link_local


def _compared(servers, reason, records, wanted):
    said = ", ".join(servers)
    if not wanted:
        return Membership(UNKNOWN, f"kubelet connects to {said}, but api_server of this cluster is unknown", servers)
    ours = api_server(wanted)
    relations = {UNKNOWN if _is_of_the_node(url) else _relation(_place(url), ours, records) for url in servers}
    name = f"{ours[0]}:{ours[1]}"
    if JOINED in relations:
        return Membership(UNKNOWN if reason else JOINED, reason or f"kubelet runs for {said}", servers)
    if relations == {FOREIGN}:
        return Membership(FOREIGN, f"kubelet runs for {said}, but api_server of this cluster is {name}", servers)
    return Membership(UNKNOWN, f"kubelet connects to {said}; whether that is api_server {name} is unknown", servers)


def _relation(theirs, ours, records):
    """Return JOINED for the same API server, FOREIGN for another one, UNKNOWN where a name hides its address."""
    if theirs is None or not theirs[0]:
        return UNKNOWN
    one, other = _addresses(theirs[0], records), _addresses(ours[0], records)
    if theirs[0] == ours[0] or one & other:
        return JOINED if theirs[1] == ours[1] else FOREIGN
    return FOREIGN if one and other else UNKNOWN


def _addresses(host, records):
    if _inputs.is_address(host):
        return {str(ipaddress.ip_address(host))}
    return {row.address for row in records if host in [name.lower() for name in row.names]}
