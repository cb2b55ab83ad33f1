# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages from files that come with the run, or from a server."""

from __future__ import annotations

import contextlib
import hashlib
import http.server
import threading

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import archive as archives
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import fetch, inputs
from fakes.packages import PARAMS, archive, run, statuses

DEBS = {
    "socat__deb": "socat\tamd64\t\t,libc6 (>= 2.4), libwrap0:any | other (= 1)",
    "chrony__deb": "chrony\tamd64\ttime-daemon (= 1), ntp\t,",
    "cron__deb": "cron\tamd64\t\t,",
    "lib__deb": "libwrap0\tamd64\t\t,",
    "ntpsec__deb": "ntpsec\tamd64\ttime-daemon\t,",
}
RPMS = {
    "socat__rpm": "socat\tx86_64\tsocat\n\trpmlib(A)\nlib.so.1\n(a if b)\n",
    "lib__rpm": "libwrap0\tx86_64\tlibwrap0\nlib.so.1\n\t",
    "chrony__rpm": "chrony\tx86_64\tchrony\n\t/bin/sh\n",
    "cronie__rpm": "cronie\tx86_64\tcronie\ncrontabs\n\t",
}


def test_from_files(world, tmp_path):
    world.offered.clear()
    world.add("cron")
    path = archive(tmp_path / "a.tar", **DEBS, foreign__deb="socat\tarm64\t\t,", readme__txt="nothing")
    assert run(world, source="directory", directory="x")["wants_archive"] == ".deb"
    assert run(world, source="directory", directory="x", archive=path)["changed"]
    assert world.installed == {"cron", "socat", "chrony", "libwrap0"}
    assert not any(" update" in line for line in world.ran)
    assert all("SourceParts=/dev/null" in line for line in world.manager_calls())
    assert "wants_archive" not in run(world, source="directory", directory="x")


def test_from_files_of_the_other_family(el, tmp_path):
    el.offered.clear()
    assert run(el, source="directory", directory="x")["wants_archive"] == ".rpm"
    assert run(el, source="directory", directory="x", archive=archive(tmp_path / "a.tar", **RPMS))["changed"]
    assert el.installed == {"socat", "libwrap0", "chrony", "cronie"}
    assert "--disablerepo=*" in el.manager_calls()[-1]


def test_check_mode_needs_no_files(world):
    predicted = run(world, check_mode=True, source="directory", directory="x")
    assert (predicted["changed"], statuses(predicted)[0]) == (True, ("socat", "fail"))
    assert "wants_archive" not in predicted


def test_files_without_what_is_wanted(world, tmp_path):
    path = archive(tmp_path / "a.tar", socat__deb="socat\tamd64\t\t,")
    with pytest.raises(NodeError, match=r"do not include chrony, cron, only socat") as caught:
        run(world, source="directory", directory="x", archive=path)
    assert "the node had these files: socat.deb" in str(caught.value)
    assert world.installed == set()


class Server(http.server.BaseHTTPRequestHandler):
    content = b""

    def do_GET(self):
        self.send_response(200 if self.path == "/a.tar" else 404)
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def url():
    server = http.server.HTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/a.tar"
    server.shutdown()
    thread.join()
    server.server_close()


def test_from_a_server(world, url, tmp_path, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    archive(tmp_path / "a.tar", **DEBS)
    Server.content = (tmp_path / "a.tar").read_bytes()
    checksum = "sha256:" + hashlib.sha256(Server.content).hexdigest().upper()
    wrong = "sha256:" + "0" * 64
    with pytest.raises(NodeError, match=f"a.tar has the checksum sha256:[0-9a-f]{{64}}, expected {wrong}"):
        run(world, source="url", url=url, checksum=wrong)
    with pytest.raises(NodeError, match="cannot be fetched: HTTP Error 404"):
        run(world, source="url", url=url + "x", checksum=checksum)
    assert world.installed == set()
    assert run(world, source="url", url=url, checksum=checksum)["changed"]
    assert world.installed == {"socat", "chrony", "cron", "libwrap0"}


def serve(monkeypatch, answer):
    """Let the server answer with a function of the request."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(Server, "do_GET", answer)


CHECKSUM = "sha256:" + "0" * 64


def test_an_archive_that_is_announced_as_too_large(world, url, monkeypatch):
    def answer(request):
        request.send_response(200)
        request.send_header("Content-Length", str(3 << 30))
        request.end_headers()

    serve(monkeypatch, answer)
    with pytest.raises(NodeError, match=r"a\.tar has 3221225472 bytes, expected at most 2147483648"):
        run(world, source="url", url=url, checksum=CHECKSUM)


def test_an_archive_without_end(world, url, monkeypatch):
    def answer(request):
        request.send_response(200)
        request.end_headers()
        with contextlib.suppress(OSError):
            while True:
                request.wfile.write(b"x" * 65536)

    serve(monkeypatch, answer)
    monkeypatch.setattr(archives.save, "__defaults__", (1 << 20,))
    with pytest.raises(NodeError, match=r"a\.tar has more than 1048576 bytes, expected at most 1048576"):
        run(world, source="url", url=url, checksum=CHECKSUM)


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.0 200 OK\r\n", b"HTTP/1.0 200 OK\r\n\r\n"], ids=["at all", "head", "body"]
)
def test_a_server_that_drips(world, url, tmp_path, monkeypatch, head):
    done = threading.Event()

    def answer(request):
        request.wfile.write(head)
        with contextlib.suppress(OSError):
            while not done.wait(0.02):
                request.wfile.write(b"x")

    serve(monkeypatch, answer)
    try:
        with pytest.raises(NodeError, match=r"a\.tar did not finish within 0 seconds; check whether"):
            fetch.fetch(url, str(tmp_path / "archive"), CHECKSUM, seconds=0.3)
    finally:
        done.set()


def test_an_answer_that_is_cut_off(world, url, monkeypatch):
    def answer(request):
        request.send_response(200)
        request.send_header("Content-Length", "100")
        request.end_headers()
        request.wfile.write(b"x")

    serve(monkeypatch, answer)
    with pytest.raises(NodeError, match=r"cannot be fetched|has the checksum"):
        run(world, source="url", url=url, checksum=CHECKSUM)


@pytest.mark.parametrize(
    "url",
    [
        "https://svc:Zx9q7@127.0.0.1:1/a.tar",
        "https://svc:12345/Zx9q7@127.0.0.1:1/a.tar",
        "http://Zx9q7@127.0.0.1:1/a.tar",
        "http://127.0.0.1:1/a.tar?token=Zx9q7",
    ],
)
def test_a_password_is_in_no_message(world, url, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    assert inputs.problems({**PARAMS, "source": "url", "url": url, "checksum": CHECKSUM}) == []
    with pytest.raises(NodeError, match=r"cannot be fetched: .*\*\*\*") as caught:
        run(world, source="url", url=url.replace("12345", "1"), checksum=CHECKSUM)
    assert "Zx9q7" not in str(caught.value)
