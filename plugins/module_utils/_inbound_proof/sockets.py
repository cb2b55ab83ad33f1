# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sockets that listen on those of the wanted ports that are free, and who has the others. Private."""

import errno
import ipaddress
import pwd
import socket
import sys

_KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}


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
    return next((f"user {_user(words[7])}" for words in _listening(one, read)), "")


def is_local(one, read):
    """Return whether whoever has a port listens on loopback addresses alone; ``read`` as for :func:`holder`."""
    addresses = [_address(words[1].partition(":")[0]) for words in _listening(one, read)]
    return bool(addresses) and all(address.is_loopback for address in addresses)


def _address(text):
    """Return an address that the kernel writes in hexadecimal, each of its words in the order of the machine."""
    words = [int(text[start : start + 8], 16).to_bytes(4, sys.byteorder) for start in range(0, len(text), 8)]
    found = ipaddress.ip_address(b"".join(words))
    return getattr(found, "ipv4_mapped", None) or found


def _listening(one, read):
    """Return the lines, as words, of the sockets that the kernel has for a port."""
    found = []
    for suffix in ("6", ""):
        for line in (read(f"/proc/net/{one.protocol}{suffix}") or "").splitlines()[1:]:
            words = line.split()
            # Columns: slot, local address and port in hexadecimal, remote, state (0A is listening), queues, timer,
            # retransmits, user (proc_pid_net(5)).
            if len(words) > 7 and words[1].endswith(f":{one.port:04X}") and (one.protocol == "udp" or words[3] == "0A"):
                found.append(words)
    return found


def _user(number):
    try:
        return pwd.getpwuid(int(number)).pw_name
    except (KeyError, ValueError, OverflowError):
        return number


def plain(address):
    """Return the text of an address without what a socket of both families puts around IPv4, nor a scope."""
    return address[7:] if address.startswith("::ffff:") and "." in address else address.partition("%")[0]
