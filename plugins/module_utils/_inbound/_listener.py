# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that answers on the ports until its time is up. Private to the collection.

It holds no file and no memory of its own beyond its sockets. It is reached by a socket of the abstract namespace, whose
name only the one knows who has its token, and it ends when it is told to, or by itself when its time is up: whoever
started it may be gone by then.

What it says to whoever connects over TCP, and to a datagram that has the token, is one line:
``ack_edge TOKEN PORT ADDRESS``, with the address that it sees the other side at.
"""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import binascii
import json
import os
import select
import socket
import time

from ansible_collections.ack_edge.node.plugins.module_utils._inbound._sockets import plain
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

WORD = "ack_edge"
_TOKEN_BYTES = 16
_MOST_PEERS = 8  # remembered for a port
_PATIENCE = 5.0  # seconds for one word with the listener


def new_token():
    """Return a random token, 32 hexadecimal digits."""
    return binascii.hexlify(os.urandom(_TOKEN_BYTES)).decode("ascii")


def start(opened, token, seconds):
    """Let a process of its own answer on the sockets for so many seconds.

    :arg opened: {Port: socket}; they are closed here.
    """
    control = _control(token)
    control.listen(4)
    if os.fork() == 0:
        # Nothing may come back from here into a module that goes on in the parent.
        try:
            _detach([control, *opened.values()])
            serve(opened, control, token, seconds)
        finally:
            os._exit(0)
    control.close()
    for sock in opened.values():
        sock.close()


def _control(token):
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.bind(_control_name(token))
    return sock


def _control_name(token):
    return "\0ack_edge/port_listener/" + token


def _detach(sockets):
    """Leave session, terminal and open files of the module behind; ssh waits for whoever still holds its pipes."""
    os.setsid()
    if os.fork():
        os._exit(0)
    os.chdir("/")
    kept = {sock.fileno() for sock in sockets}
    for name in os.listdir("/proc/self/fd"):
        number = int(name)
        if number > 2 and number not in kept:
            try:
                os.close(number)
            except OSError:
                continue  # the one that listed the directory
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)


def serve(opened, control, token, seconds, clock=time.monotonic):
    """Answer on the sockets and to the control socket, until it says quit or the time is up.

    :arg opened: {Port: non-blocking socket}. :arg control: listening socket.
    """
    end = clock() + seconds
    ports = {sock: port for port, sock in opened.items()}
    heard = {}
    while True:
        left = end - clock()
        if left <= 0:
            return
        for ready in select.select([control, *ports], [], [], left)[0]:
            if ready is control:
                if _instructed(control, heard):
                    return
            else:
                _answer(ready, ports[ready], token, heard)


def _answer(sock, port, token, heard):
    """Take one connection or datagram; nothing that the other side does may stop the process or keep it waiting."""
    try:
        if port.protocol == "tcp":
            connection, peer = sock.accept()
            _note(heard, port, plain(peer[0]))
            with connection:
                connection.settimeout(1.0)
                connection.sendall(_line(token, port, peer))
            return
        data, peer = sock.recvfrom(256)
        # A stranger gets no answer: nothing is reflected to an address that somebody made up.
        if token.encode("ascii") in data:
            _note(heard, port, plain(peer[0]))
            sock.sendto(_line(token, port, peer), peer)
    except OSError:
        return


def _line(token, port, peer):
    return ("%s %s %d %s\n" % (WORD, token, port.port, plain(peer[0]))).encode("ascii")


def _note(heard, port, address):
    peers = heard.setdefault("%s/%d" % (port.protocol, port.port), [])
    if address not in peers and len(peers) < _MOST_PEERS:
        peers.append(address)


def _instructed(control, heard):
    """Say what was heard to whoever asks; return whether it was the word to end."""
    connection = control.accept()[0]
    with connection:
        connection.settimeout(_PATIENCE)
        try:
            word = connection.recv(16)
            connection.sendall(json.dumps(heard).encode("ascii"))
        except OSError:
            return False
    return word == b"quit"


def end(token):
    """End the listener of a token and return what it heard, {"tcp/10250": [addresses]}; None if it is gone already.

    :raises NodeError: if it is there and does not end.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(_PATIENCE)
        try:
            sock.connect(_control_name(token))
            sock.sendall(b"quit")
            said = b"".join(iter(lambda: sock.recv(65536), b""))
            heard = json.loads(said.decode("ascii"))
        except ConnectionRefusedError:
            return None
        except (OSError, ValueError) as error:
            raise NodeError("the listener of this token does not answer (%s); it ends by itself when its seconds are "
                            "over" % error) from None
    _await_end(token)
    return heard


def _await_end(token, clock=time.monotonic, sleep=time.sleep):
    """Return once the process is gone, so that its ports are free."""
    until = clock() + _PATIENCE
    while clock() < until:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
            try:
                sock.connect(_control_name(token))
            except ConnectionRefusedError:
                return
        sleep(0.02)
    raise NodeError("the listener of this token was told to end and did not; see 'ss -ltnup' for who has the ports")
