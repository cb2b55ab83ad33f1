# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which ports are wanted, and the sockets that listen on those that are free. Private to the collection."""

import collections
import errno
import pwd
import socket

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs

# protocol: tcp or udp; port: int; name: of the entry that it comes from.
Port = collections.namedtuple("Port", "name protocol port")

# The option of both modules; the fragment tried_ports documents it.
ARGUMENT = {
    "type": "list",
    "elements": "dict",
    "required": True,
    "options": {
        "name": {"type": "str", "required": True},
        "protocol": {"type": "str", "choices": ["tcp", "udp"], "required": True},
        "ports": {"type": "list", "elements": "str", "required": True},
        "sources": {"type": "list", "elements": "str", "default": []},
        "purpose": {"type": "str"},
        "comment": {"type": "str"},
        "confidence": {"type": "str"},
    },
}

# A listener is a proof for a few ports, not a honeypot for all.
MOST = 64
_KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


def read_ports(entries, option="ports"):
    """Return (list of Port, problems) for a list of dicts with name, protocol and ports.

    :arg entries: as the lookup C(region) returns them in C(inbound); a port is a number or a range such as 80-81.
    """
    found, problems = [], []
    for index, entry in enumerate(entries):
        where = f"{option}[{int(index)}] ({entry['name']})"
        for value in entry["ports"]:
            first, last = _inputs.attempt(problems, f"{where}: port", value, _inputs.ports) or (1, 0)
            found += [Port(entry["name"], entry["protocol"], number) for number in range(first, last + 1)]
    seen = set()
    for one in found:
        if one[1:] in seen:
            problems.append(f"{option}: {one.protocol.upper()} {int(one.port)} is named twice; name it once")
        seen.add(one[1:])
    if len(found) > MOST:
        problems.append(f"{option}: these are {len(found)} ports, at most {int(MOST)} can be listened on; name fewer")
    return found, problems


def open_all(ports):
    """Return ({Port: socket}, {Port: why not}) for the ports; 'taken' where somebody listens already."""
    opened, refused = {}, {}
    for one in ports:
        try:
            opened[one] = _open(one)
        except OSError as error:
            refused[one] = "taken" if error.errno == errno.EADDRINUSE else str(error.strerror or error)
    return opened, refused


def _open(one):
    """Return a socket for all addresses of the node; both families where the kernel has both."""
    try:
        sock = socket.socket(socket.AF_INET6, _KINDS[one.protocol])
    except OSError:  # a kernel without IPv6
        return _bound(socket.socket(socket.AF_INET, _KINDS[one.protocol]), "", one)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    return _bound(sock, "::", one)


def _bound(sock, address, one):
    try:
        if one.protocol == "tcp":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, one.port))
        if one.protocol == "tcp":
            sock.listen(128)
        sock.setblocking(False)
    except OSError:
        sock.close()
        raise
    return sock


def holder(one, read):
    """Return whose process has a port, e.g. "user bob", '' where the kernel does not say it.

    :arg read: function that returns the text of a file, None if there is none.
    """
    for suffix in ("6", ""):
        for line in (read(f"/proc/net/{one.protocol}{suffix}") or "").splitlines()[1:]:
            words = line.split()
            # Columns: slot, local address and port in hexadecimal, remote, state (0A is listening), queues, timer,
            # retransmits, user (proc_pid_net(5)).
            if len(words) > 7 and words[1].endswith(f":{one.port:04X}") and (one.protocol == "udp" or words[3] == "0A"):
                return f"user {_user(words[7])}"
    return ""


def _user(number):
    try:
        return pwd.getpwuid(int(number)).pw_name
    except (KeyError, ValueError, OverflowError):
        return number


def plain(address):
    """Return the text of an address without what a socket of both families puts around IPv4, nor a scope."""
    return address[7:] if address.startswith("::ffff:") and "." in address else address.partition("%")[0]
