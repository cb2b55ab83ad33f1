# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a listener is told to end, by nobody but who may: a socket in a directory of root alone. Private.

Everybody on the node can read the names of sockets (/proc/net/unix), so the name is made of the token in a way that
does not give it away, and the directory keeps others from connecting. Both ends ask the kernel who the other end is,
and neither waits for it or reads from it without a bound.
"""

import contextlib
import hashlib
import ipaddress
import json
import os
import re
import socket
import stat
import struct
import tempfile
import time

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

# Where root keeps it; the lock of the collection and the changes that await a confirmation are there, too.
_RUN = "/run/ack_edge"
_PREFIX = "listener-"
# Seconds after which no listener is alive any more, so that a socket of that age was left by one that was killed.
_OLD = 3600
PATIENCE = 5.0  # seconds for a whole conversation with the listener
MOST_PEERS = 8  # remembered for a port
_LONGEST = 65536  # bytes of an answer: 64 ports with 8 addresses each are less than half of it
_PORT = re.compile(r"^(?:tcp|udp)/[0-9]{1,5}\Z")
_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid
QUIT = b"quit"
_LONGEST_WORD = 16


def path_of(token, make=False):
    """Return the path of the socket of a token, in a directory of this user alone that is no link to somewhere else.

    :arg make: whether the directory is made if it is not there.
    :raises NodeError: if it cannot be made, or belongs to somebody else.
    """
    mine = os.geteuid()
    directory = _RUN if mine == 0 else f"{tempfile.gettempdir()}/ack_edge-{mine}"
    name = f"{directory}/{_PREFIX}{hashlib.sha256(token.encode('utf-8')).hexdigest()[:32]}"
    try:
        if make:
            with contextlib.suppress(FileExistsError):
                os.mkdir(directory, 0o700)
        status = os.lstat(directory)
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != mine:
            raise NodeError(
                f"{directory} is not a directory of the user with the ID {mine}; find out who made it and remove it, "
                "then run again"
            )
        if stat.S_IMODE(status.st_mode) & 0o077:
            os.chmod(directory, 0o700)
    except FileNotFoundError:
        if make:
            raise NodeError(f"{directory} cannot be created: its parent directory is missing") from None
    except OSError as error:
        raise NodeError(
            f"{directory} cannot be used: {error.strerror}; check that it is a directory of the user with the ID {mine}"
        ) from None
    return name


def opened(token):
    """Return a listening socket for a token.

    :raises NodeError: if it cannot be made.
    """
    path = path_of(token, make=True)
    _sweep(os.path.dirname(path))
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.bind(path)
        os.chmod(path, 0o600)
        sock.listen(64)
    except OSError as error:
        sock.close()
        raise NodeError(f"{path} cannot be created: {error.strerror}") from None
    return sock


def remove(token):
    """Remove the socket of a token, and the directory if nothing else is in it."""
    with contextlib.suppress(OSError, NodeError):
        path = path_of(token)
        os.unlink(path)
        os.rmdir(os.path.dirname(path))


def _sweep(path):
    for name in os.listdir(path):
        with contextlib.suppress(OSError):
            if name.startswith(_PREFIX) and time.time() - os.lstat(f"{path}/{name}").st_mtime > _OLD:
                os.unlink(f"{path}/{name}")


def is_ours(sock):
    """Return whether the other end of a connection is root or the user that this process runs as."""
    try:
        answer = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    except OSError:
        return False
    return _CREDENTIALS.unpack(answer)[1] in (0, os.geteuid())


class Conversations:
    """The connections that the listener has with those who may end it: few, each with a deadline, none waited for.

    :arg control: listening socket.
    """

    MOST = 16

    def __init__(self, control, clock=time.monotonic):
        self._control, self._clock = control, clock
        self._open = {}  # {socket: when it is closed}, the oldest first
        control.setblocking(False)

    def sockets(self):
        """Return the sockets to wait for."""
        return [self._control, *list(self._open)]

    def holds(self, sock):
        """Return whether a socket is one of these."""
        return sock is self._control or sock in self._open

    def left(self):
        """Return the seconds until the first of them is closed, None if there is none."""
        return max(0.0, min(self._open.values()) - self._clock()) if self._open else None

    def expire(self):
        """Close those that have said nothing in time."""
        for sock in [sock for sock, end in self._open.items() if end <= self._clock()]:
            self._close(sock)

    def ready(self, sock, heard):
        """Take a connection, or say what was heard to one; return whether it was the word to end."""
        if sock is self._control:
            self._accept()
            return False
        if sock not in self._open:
            return False  # made room for another one meanwhile
        word = b""
        try:
            word = sock.recv(_LONGEST_WORD)
            if word:
                sock.settimeout(1.0)
                sock.sendall(json.dumps(heard).encode("ascii"))
        except OSError:
            word = b""  # who did not get the answer asks again
        self._close(sock)
        return word == QUIT

    def close(self):
        """Close all connections."""
        for sock in list(self._open):
            self._close(sock)

    def _accept(self):
        try:
            sock = self._control.accept()[0]
        except OSError:
            return
        if not is_ours(sock):
            sock.close()
            return
        if len(self._open) >= self.MOST:
            self._close(next(iter(self._open)))
        sock.setblocking(False)
        self._open[sock] = self._clock() + PATIENCE

    def _close(self, sock):
        del self._open[sock]
        sock.close()


def connected(token):
    """Return a connection to the listener of a token, None if there is none.

    :raises NodeError: where somebody else answers in its place, or it does not take the connection.
    """
    path = path_of(token)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _connect(sock, path)
        if is_ours(sock):
            return sock
        why = "it belongs to another user"
    except (ConnectionRefusedError, FileNotFoundError):
        sock.close()
        return None
    except OSError as error:
        why = str(error)
    sock.close()
    raise NodeError(f"{path} is not the listener of this token ({why}); find out who made it, then run again")


def _connect(sock, path, clock=time.monotonic, sleep=time.sleep):
    sock.settimeout(PATIENCE)
    end = clock() + PATIENCE
    while True:
        try:
            return sock.connect(path)
        except BlockingIOError:  # others are waiting to be taken
            if clock() >= end:
                raise
            sleep(0.02)


def ask(sock, word, clock=time.monotonic):
    """Say a word to the listener and return what it heard, {"tcp/10250": [addresses]}.

    :raises OSError, ValueError: if the answer does not come in time, is too long or is none.
    """
    end = clock() + PATIENCE
    sock.sendall(word)
    said = b""
    while True:
        left = end - clock()
        if left <= 0:
            raise ValueError(f"it did not finish its answer within {PATIENCE:.0f} seconds")
        sock.settimeout(left)
        part = sock.recv(4096)
        if not part:
            return checked(said)
        said += part
        if len(said) > _LONGEST:
            raise ValueError(f"its answer is longer than {_LONGEST} bytes")


def checked(said):
    """Return the answer (bytes) of a listener, decoded.

    :raises ValueError: if it is none.
    """
    try:
        heard = json.loads(said.decode("ascii"))
    except (ValueError, RecursionError):
        raise ValueError("its answer is not JSON") from None
    if not isinstance(heard, dict) or not all(_PORT.match(port) and _are_peers(peers) for port, peers in heard.items()):
        raise ValueError("its answer is not a list of addresses for each port")
    return heard


def _are_peers(value):
    return (
        isinstance(value, list)
        and len(value) <= MOST_PEERS
        and all(isinstance(address, str) and _is_address(address) for address in value)
    )


def _is_address(text):
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
