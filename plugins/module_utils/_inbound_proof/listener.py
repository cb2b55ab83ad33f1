# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that answers on the ports until its time is up. Private to the collection.

It holds nothing but its sockets. It ends by itself when its time is up, since whoever started it may be gone by then,
or when it is told to over a socket that only root (or the user who started it) can connect to, see ``control``. That
socket is the one thing it has in the file system (/run/ack_edge), and goes with it.

To whoever connects over TCP, and to a datagram that proves to know the token, it says one line:
``ack_edge PROOF PORT ADDRESS``, with the address that it sees the other side at, see ``proof``. Nobody who connects is
waited for.
"""

import binascii
import os
import select
import time

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof import control as _control
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof import proof
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof.sockets import plain
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

_TOKEN_BYTES = 16


def new_token():
    """Return a random token, 32 hexadecimal digits."""
    return binascii.hexlify(os.urandom(_TOKEN_BYTES)).decode("ascii")


def start(opened, token, seconds):
    """Let a process of its own answer on the sockets for so many seconds.

    :arg opened: {Port: socket}; they are closed here.
    :raises NodeError: if it could not be told to end again.
    """
    try:
        control = _control.opened(token)
        if os.fork() == 0:
            # Nothing may come back from here into a module that goes on in the parent.
            try:
                _detach([control, *opened.values()])
                serve(opened, control, token, seconds)
            finally:
                # Whoever waits for the end finds the socket gone, and the ports are free by then.
                for sock in opened.values():
                    sock.close()
                _control.remove(token)
                os._exit(0)
        control.close()
    finally:
        for sock in opened.values():
            sock.close()


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
    heard, talks = {}, _control.Conversations(control, clock)
    try:
        while True:
            left = end - clock()
            if left <= 0:
                return
            talks.expire()
            waits = [seconds for seconds in (left, talks.left()) if seconds is not None]
            for ready in select.select(talks.sockets() + list(ports), [], [], min(waits))[0]:
                if ready in ports:
                    _answer(ready, ports[ready], token, heard)
                elif talks.ready(ready, heard):
                    return
    finally:
        talks.close()


def _answer(sock, port, token, heard):
    """Take one connection or datagram; nothing that the other side does may stop the process or keep it waiting."""
    try:
        if port.protocol == "tcp":
            connection, peer = sock.accept()
            _note(heard, port, plain(peer[0]))
            with connection:
                # A line fits into the buffer of a new connection; who takes it or not is no concern of ours.
                connection.setblocking(False)
                connection.send(proof.answer(token, port.port, plain(peer[0])))
            return
        data, peer = sock.recvfrom(256)
        # A stranger gets no answer: nothing is reflected to an address that somebody made up.
        if proof.is_question(data, token, port.port):
            _note(heard, port, plain(peer[0]))
            sock.sendto(proof.answer(token, port.port, plain(peer[0])), peer)
    except OSError:
        return


def _note(heard, port, address):
    peers = heard.setdefault(port.key, [])
    if address not in peers and len(peers) < _control.MOST_PEERS:
        peers.append(address)


def end(token):
    """End the listener of a token and return what it heard, {"tcp/10250": [addresses]}; None if it is gone already.

    :raises NodeError: if it is there and does not end, or somebody else is there.
    """
    sock = _control.connected(token)
    if sock is None:
        return None
    with sock:
        try:
            heard = _control.ask(sock, _control.QUIT)
        except (OSError, ValueError) as error:
            raise NodeError(
                f"the listener of this token does not answer ({error}); it ends by itself when its seconds are over"
            ) from None
    _await_end(token)
    return heard


def _await_end(token, clock=time.monotonic, sleep=time.sleep):
    """Return once the process is gone, so that its ports are free."""
    until = clock() + _control.PATIENCE
    while clock() < until:
        sock = _control.connected(token)
        if sock is None:
            return
        sock.close()
        sleep(0.02)
    raise NodeError(
        "the listener of this token was told to end, but did not; 'ss -ltnup' shows which process has the ports"
    )
