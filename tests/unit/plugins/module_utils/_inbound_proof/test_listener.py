# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real listener on loopback and a real prober: answers, strangers, the end by word and by time."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import socket
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof import (
    control as _control,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof import (
    listener,
    prober,
    proof,
    sockets,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof.inputs import Port
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes import servers


@pytest.fixture
def ports() -> list[Port]:
    return [Port("a", "tcp", servers.free_port()), Port("b", "udp", servers.free_port(socket.SOCK_DGRAM))]


@contextlib.contextmanager
def listening(ports: list[Port], seconds: float = 30) -> Iterator[str]:
    """A listener in a process of its own, as the module starts it; yields its token."""
    opened, refused = sockets.open_all(ports)
    assert refused == {}
    token = listener.new_token()
    listener.start(opened, token, seconds)
    try:
        yield token
    finally:
        listener.end(token)
        # The first of the two processes that came from here has ended at once; nobody else waits for it.
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, 0)


def observe(ports: list[Port], token: str, address: str = servers.LOOP, timeout: float = 2.0) -> list[tuple]:
    return [(one.outcome, one.seen_as) for one in prober.observe(address, ports, token, timeout)]


def test_both_protocols_are_answered_and_the_ports_are_free_again(ports: list[Port]) -> None:
    with listening(ports) as token:
        assert observe(ports, token) == [("answered", servers.LOOP)] * 2
        assert observe(ports[:1], token, "::1") == [("answered", "::1")]
        heard = listener.end(token)
    assert heard == {f"tcp/{ports[0].port}": [servers.LOOP, "::1"], f"udp/{ports[1].port}": [servers.LOOP]}
    opened, refused = sockets.open_all(ports)
    assert refused == {}
    for sock in opened.values():
        sock.close()
    assert [one.outcome for one in prober.observe(servers.LOOP, ports, token, 0.3)] == ["refused", "refused"]


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
        assert listener.end(token) == {}


def test_another_token_over_tcp_is_somebody_else(ports: list[Port]) -> None:
    with listening(ports):
        (one,) = prober.observe(servers.LOOP, ports[:1], "0" * 32, 2.0)
    assert one.outcome == "other" and "received 'ack_edge" in one.detail


def test_noise_on_every_port_does_not_stop_it(ports: list[Port]) -> None:
    chance = random.Random(7)
    with listening(ports) as token:
        for _index in range(200):
            with socket.create_connection((servers.LOOP, ports[0].port)) as sock:
                sock.send(chance.randbytes(300))
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                sock.sendto(chance.randbytes(chance.randrange(300)), (servers.LOOP, ports[1].port))
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(_control.path_of(token))
            sock.send(b"hello")
        assert observe(ports, token) == [("answered", servers.LOOP)] * 2


def test_it_ends_by_itself_when_nobody_comes_back(ports: list[Port]) -> None:
    """The time is injected: what would be a minute has passed at the second look."""
    times = iter([0.0, 1.0, 61.0])
    opened, _refused = sockets.open_all(ports)
    control = _control.opened("f" * 32)
    with control, contextlib.ExitStack() as stack:
        for sock in opened.values():
            stack.enter_context(sock)
        knock = threading.Thread(target=observe, args=(ports[1:], "f" * 32))
        knock.start()
        listener.serve(opened, control, "f" * 32, 60, clock=lambda: next(times))
        knock.join()
    _control.remove("f" * 32)
    assert next(times, "no more") == "no more"


def test_the_process_is_gone_after_its_seconds(ports: list[Port]) -> None:
    opened, _refused = sockets.open_all(ports)
    token = listener.new_token()
    listener.start(opened, token, 0.05)
    os.waitpid(-1, 0)
    listener._await_end(token)
    assert listener.end(token) is None


def test_an_end_that_does_not_come_is_an_error() -> None:
    token = listener.new_token()
    with standing_in(token):
        times = iter([0.0, 0.0, 6.0])
        with pytest.raises(NodeError, match="was told to end, but did not"):
            listener._await_end(token, clock=lambda: next(times), sleep=lambda seconds: None)


@contextlib.contextmanager
def standing_in(token: str) -> Iterator[socket.socket]:
    """A socket under the name of a listener that is none."""
    with _control.opened(token) as control:
        yield control
    _control.remove(token)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ([b"{"], "its answer is not JSON"),
        ([b"[1]"], "not a list of addresses for each port"),
        ([b'{"tcp/10250": "10.0.0.1"}'], "not a list of addresses for each port"),
        ([b'{"tcp/10250": ["x"]}'], "not a list of addresses for each port"),
        ([b'{"../x": []}'], "not a list of addresses for each port"),
        ([b'{"tcp/1": ["10.0.0.1", 5]}'], "not a list of addresses for each port"),
        ([b'{"tcp/1": [' + b'"10.0.0.1",' * 9 + b'"10.0.0.1"]}'], "not a list of addresses for each port"),
        ([b"[" * 60000], "its answer is not JSON"),
        ([b"\xff"], "its answer is not JSON"),
        (itertools.repeat(b"x" * 4096), "its answer is longer than 65536 bytes"),
    ],
)
def test_what_answers_to_the_token_and_is_no_listener_is_an_error(reply: Iterable[bytes], words: str) -> None:
    token = listener.new_token()
    with standing_in(token) as control:

        def rubbish() -> None:
            connection = control.accept()[0]
            connection.recv(16)
            with contextlib.suppress(OSError), connection:
                for part in reply:
                    connection.sendall(part)

        thread = threading.Thread(target=rubbish)
        thread.start()
        with pytest.raises(NodeError, match=rf"{words}.*ends by itself when its seconds are over"):
            listener.end(token)
        thread.join()


@pytest.mark.parametrize("said", [b"", b"{{{"])
def test_who_does_not_end_its_answer_is_not_waited_for(said: bytes) -> None:
    """The time is injected: each look at the clock is nearly all of it later."""
    ours, theirs = socket.socketpair()
    times = itertools.count()
    with ours, theirs:
        theirs.sendall(said)
        with pytest.raises((ValueError, OSError), match=r"did not finish its answer|timed out"):
            _control.ask(ours, b"quit", clock=lambda: next(times) * 4.9)


def test_a_conversation_of_another_user_is_refused_on_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert _control.is_ours(ours)
        monkeypatch.setattr(_control.os, "geteuid", lambda: 4242)
        assert _control.is_ours(ours) is (os.getuid() == 0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_another_user_can_neither_read_the_token_nor_end_the_listener(ports: list[Port]) -> None:
    with listening(ports) as token:
        path = _control.path_of(token)
        reads, ends = os.pipe()
        child = os.fork()
        if child == 0:
            os.setgid(65534)
            os.setuid(65534)
            found, names = "refused", ""
            try:
                names = Path("/proc/net/unix").read_text()
                with socket.socket(socket.AF_UNIX) as sock:
                    sock.connect(path)
                    found = "connected"
            except PermissionError:
                found = "token" if token in names else "refused"
            with socket.create_connection((servers.LOOP, ports[0].port)) as sock:
                found += " token" if token.encode() in sock.recv(200) else ""
            os.write(ends, found.encode())
            os._exit(0)
        os.waitpid(child, 0)
        assert os.read(reads, 100) == b"refused"
        os.close(reads)
        os.close(ends)
        assert observe(ports, token) == [("answered", servers.LOOP)] * 2


def test_a_directory_of_somebody_else_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("link", "file"):
        monkeypatch.setattr(_control, "_RUN", str(tmp_path / name))
        monkeypatch.setattr(_control.tempfile, "gettempdir", lambda name=name: str(tmp_path / name))
        made = Path(os.path.dirname(_control_path(tmp_path / name)))
        made.parent.mkdir(exist_ok=True)
        if name == "link":
            made.symlink_to(tmp_path)
        else:
            made.write_text("")
        with pytest.raises(NodeError, match="is not a directory of the user with the ID"):
            _control.path_of("f" * 32, make=True)


def _control_path(base: Path) -> str:
    return str(base / "x") if os.geteuid() == 0 else f"{base}/ack_edge-{os.geteuid()}/x"


def test_closed_to_others(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    # The path of a socket has 107 letters at most, of which pytest's own folders take most.
    scratch = tempfile.TemporaryDirectory()
    request.addfinalizer(scratch.cleanup)
    tmp_path = Path(scratch.name)
    monkeypatch.setattr(_control, "_RUN", str(tmp_path / "run"))
    monkeypatch.setattr(_control.tempfile, "gettempdir", lambda: str(tmp_path))
    path = Path(_control.path_of("f" * 32, make=True)).parent
    assert path.stat().st_mode & 0o777 == 0o700
    path.chmod(0o755)
    with _control.opened("f" * 32):
        assert path.stat().st_mode & 0o777 == 0o700
        assert [entry.stat().st_mode & 0o777 for entry in path.iterdir()] == [0o600]
        os.utime(next(path.iterdir()), (1, 1))
        with _control.opened("e" * 32):
            assert len(list(path.iterdir())) == 1  # what a killed listener left is gone
        _control.remove("e" * 32)
    assert not path.exists()
    assert listener.end("d" * 32) is None
    assert not path.exists()


def test_many_silent_connections_hold_nobody_up(ports: list[Port]) -> None:
    with listening(ports) as token, contextlib.ExitStack() as stack:
        for _index in range(60):
            sock = stack.enter_context(socket.socket(socket.AF_UNIX))
            sock.connect(_control.path_of(token))
            stack.enter_context(socket.create_connection((servers.LOOP, ports[0].port)))
        assert observe(ports, token, timeout=3.0) == [("answered", servers.LOOP)] * 2
        begin = time.monotonic()
        assert set(listener.end(token)) == {f"tcp/{ports[0].port}", f"udp/{ports[1].port}"}
        assert time.monotonic() - begin < _control.PATIENCE


def test_silent_connections_are_few_and_closed_in_time() -> None:
    """The time is injected. The one that has waited longest makes room."""
    now = [0.0]
    with standing_in("f" * 32) as control, contextlib.ExitStack() as stack:
        talks = _control.Conversations(control, lambda: now[0])
        others = []
        for index in range(_control.Conversations.MOST + 3):
            now[0] = index * 0.01
            others.append(stack.enter_context(socket.socket(socket.AF_UNIX)))
            others[-1].connect(_control.path_of("f" * 32))
            assert talks.ready(control, {}) is False
        assert len(talks.sockets()) == _control.Conversations.MOST + 1
        assert [other.recv(1) for other in others[:3]] == [b""] * 3
        assert talks.left() == pytest.approx(0.03 + _control.PATIENCE - now[0])
        now[0] = _control.PATIENCE + 0.05
        talks.expire()
        assert len(talks.sockets()) == _control.Conversations.MOST - 2
        last = talks.sockets()[-1]
        others[-1].sendall(b"quit")
        assert talks.ready(last, {"tcp/1": ["10.0.0.1"]}) is True
        assert others[-1].recv(100) == b'{"tcp/1": ["10.0.0.1"]}'
        talks.close()
        assert (talks.sockets(), talks.left()) == ([control], None)


def test_a_proof_is_of_no_use_elsewhere() -> None:
    line = proof.answer("a" * 32, 10250, "10.0.0.1")
    assert proof.address_of(line, "a" * 32, 10250) == "10.0.0.1"
    assert b"a" * 32 not in line + proof.question("a" * 32, 10250)
    assert proof.address_of(line, "a" * 32, 10255) == ""
    assert proof.address_of(line, "b" * 32, 10250) == ""
    assert proof.address_of(line.replace(b"10.0.0.1", b"10.0.0.2"), "a" * 32, 10250) == ""
    assert proof.address_of(proof.question("a" * 32, 10250) + b" 10250 10.0.0.1\n", "a" * 32, 10250) == ""
    assert proof.is_question(proof.question("a" * 32, 1), "a" * 32, 1)
    assert not proof.is_question(proof.question("a" * 32, 1), "a" * 32, 2)


def test_tokens_differ() -> None:
    assert len({listener.new_token() for _index in range(100)}) == 100
