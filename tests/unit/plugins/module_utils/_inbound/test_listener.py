# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real listener on loopback and a real prober: answers, strangers, the end by word and by time."""

from __future__ import annotations

import contextlib
import os
import random
import socket
import threading
from collections.abc import Iterator

import helpers_probe as helpers
import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound import _listener, _prober, _sockets
from ansible_collections.ack_edge.node.plugins.module_utils._inbound._sockets import Port
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError


@pytest.fixture
def ports() -> list[Port]:
    return [Port("a", "tcp", helpers.free_port()), Port("b", "udp", helpers.free_port(socket.SOCK_DGRAM))]


@contextlib.contextmanager
def listening(ports: list[Port], seconds: float = 30) -> Iterator[str]:
    """A listener in a process of its own, as the module starts it; yields its token."""
    opened, refused = _sockets.open_all(ports)
    assert refused == {}
    token = _listener.new_token()
    _listener.start(opened, token, seconds)
    try:
        yield token
    finally:
        _listener.end(token)
        # The first of the two processes that came from here has ended at once; nobody else waits for it.
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, 0)


def observe(ports: list[Port], token: str, address: str = helpers.LOOP, timeout: float = 2.0) -> list[tuple]:
    return [(one.outcome, one.seen_as) for one in _prober.observe(address, ports, token, timeout)]


def test_both_protocols_are_answered_and_the_ports_are_free_again(ports: list[Port]) -> None:
    with listening(ports) as token:
        assert observe(ports, token) == [("answered", helpers.LOOP)] * 2
        assert observe(ports[:1], token, "::1") == [("answered", "::1")]
        heard = _listener.end(token)
    assert heard == {f"tcp/{ports[0].port}": [helpers.LOOP, "::1"], f"udp/{ports[1].port}": [helpers.LOOP]}
    opened, refused = _sockets.open_all(ports)
    assert refused == {}
    for sock in opened.values():
        sock.close()
    assert [one.outcome for one in _prober.observe(helpers.LOOP, ports, token, 0.3)] == ["refused", "refused"]


def test_it_leaves_nothing_of_the_module_open(ports: list[Port]) -> None:
    reading, writing = os.pipe()
    with listening(ports):
        os.close(writing)
        # With the other end still open in the listener this would wait for ever, as ssh does.
        assert os.read(reading, 1) == b""
    os.close(reading)


def test_a_stranger_gets_no_datagram_and_is_not_noted(ports: list[Port]) -> None:
    with listening(ports) as token:
        assert observe(ports[1:], "0" * 32, timeout=0.6) == [("silent", "")]
        assert _listener.end(token) == {}


def test_another_token_over_tcp_is_somebody_else(ports: list[Port]) -> None:
    with listening(ports):
        (one,) = _prober.observe(helpers.LOOP, ports[:1], "0" * 32, 2.0)
    assert one.outcome == "other" and "it said 'ack_edge" in one.detail


def test_noise_on_every_port_does_not_stop_it(ports: list[Port]) -> None:
    chance = random.Random(7)
    with listening(ports) as token:
        for _index in range(200):
            with socket.create_connection((helpers.LOOP, ports[0].port)) as sock:
                sock.send(chance.randbytes(300))
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                sock.sendto(chance.randbytes(chance.randrange(300)), (helpers.LOOP, ports[1].port))
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(_listener._control_name(token))
            sock.send(b"hello")
        assert observe(ports, token) == [("answered", helpers.LOOP)] * 2


def test_it_ends_by_itself_when_nobody_comes_back(ports: list[Port]) -> None:
    """The time is injected: what would be a minute has passed at the second look."""
    times = iter([0.0, 1.0, 61.0])
    opened, _refused = _sockets.open_all(ports)
    control = _listener._control("f" * 32)
    control.listen()
    with control, contextlib.ExitStack() as stack:
        for sock in opened.values():
            stack.enter_context(sock)
        knock = threading.Thread(target=observe, args=(ports[1:], "f" * 32))
        knock.start()
        _listener.serve(opened, control, "f" * 32, 60, clock=lambda: next(times))
        knock.join()
    assert next(times, "no more") == "no more"


def test_the_process_is_gone_after_its_seconds(ports: list[Port]) -> None:
    opened, _refused = _sockets.open_all(ports)
    token = _listener.new_token()
    _listener.start(opened, token, 0.05)
    os.waitpid(-1, 0)
    _listener._await_end(token)
    assert _listener.end(token) is None


def test_an_end_that_does_not_come_is_an_error(ports: list[Port]) -> None:
    token = _listener.new_token()
    with _listener._control(token) as control:
        control.listen()
        times = iter([0.0, 0.0, 6.0])
        with pytest.raises(NodeError, match="was told to end and did not"):
            _listener._await_end(token, clock=lambda: next(times), sleep=lambda seconds: None)


def test_what_answers_to_the_token_and_is_no_listener_is_an_error() -> None:
    token = _listener.new_token()
    with _listener._control(token) as control:
        control.listen()

        def rubbish() -> None:
            connection = control.accept()[0]
            connection.recv(16)
            connection.sendall(b"{")
            connection.close()

        thread = threading.Thread(target=rubbish)
        thread.start()
        with pytest.raises(NodeError, match="ends by itself when its seconds are over"):
            _listener.end(token)
        thread.join()


def test_tokens_differ() -> None:
    assert len({_listener.new_token() for _index in range(100)}) == 100
