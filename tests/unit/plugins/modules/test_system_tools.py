# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib
import hashlib
import http.server
import json
import threading

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, NodeError
from ansible_collections.ack_edge.node.plugins.modules import system_tools
from helpers_modules import run_module
from helpers_tools import DEBIAN, EL, TOOLS, Killed, PackageWorld, archive

PARAMS = {
    "system_tools": TOOLS,
    "state": "present",
    "source": "repository",
    "directory": None,
    "url": None,
    "checksum": None,
    "archive": None,
}
MANIFEST = "var/lib/ack_edge/system_tools/ack-edge.json"


@pytest.fixture
def world(tmp_path):
    return PackageWorld(tmp_path)


@pytest.fixture
def el(tmp_path):
    return PackageWorld(tmp_path, EL)


def run(world, check_mode=False, **changes):
    return system_tools.run(world.node, {**PARAMS, **changes}, check_mode)


def statuses(result):
    return [(item["check"], item["status"]) for item in result["results"]]


@pytest.mark.parametrize(
    ("release", "packages"), [(DEBIAN, {"socat", "chrony", "cron"}), (EL, {"socat", "chrony", "crontabs", "cronie"})]
)
def test_what_is_missing_is_installed_once(tmp_path, release, packages):
    world = PackageWorld(tmp_path, release)
    predicted = run(world, check_mode=True)
    assert world.installed == set()
    assert world.manager_calls() == []
    assert statuses(predicted) == [("socat", "fail"), ("chrony", "fail"), ("crontabs", "fail")]

    first = run(world)
    assert world.installed == packages
    assert (first["changed"], first["diff"]) == (True, predicted["diff"])
    assert statuses(first) == [("socat", "pass"), ("chrony", "pass"), ("crontabs", "pass")]
    assert len([line for line in world.manager_calls() if "--simulate" not in line and " install " in line]) == 1
    assert not (tmp_path / MANIFEST).exists()

    world.ran.clear()
    for check_mode in (True, False):
        again = run(world, check_mode)
        assert not again["changed"]
        assert "diff" not in again
        assert statuses(again) == statuses(first)
    assert world.ran == []


def test_only_what_is_missing(world):
    world.add("socat", "ntpdate")
    assert run(world)["diff"]["after"] == "crontabs: usable (cron)\n"
    assert world.installed == {"socat", "ntpdate", "cron"}


def test_a_client_gives_way_and_comes_back(world):
    world.add("systemd-timesyncd")
    predicted = run(world, check_mode=True)
    first = run(world)
    assert "systemd-timesyncd: gave way\n" in first["diff"]["after"]
    assert first["diff"] == predicted["diff"]
    assert world.installed == {"socat", "chrony", "cron"}

    ahead = run(world, check_mode=True, state="absent")
    assert (ahead["changed"], statuses(ahead)) == (True, [("system_tools", "fail")])
    back = run(world, state="absent")
    assert (back["changed"], back["diff"]) == (True, ahead["diff"])
    assert statuses(back) == [("system_tools", "pass")]
    assert world.installed == {"socat", "cron", "systemd-timesyncd"}
    assert not (world.root / "var/lib/ack_edge").exists()
    assert not run(world, state="absent")["changed"]


def test_what_cannot_come_back_keeps_nobody_from_a_reset(world):
    world.add("systemd-timesyncd")
    run(world)
    world.offered.remove("systemd-timesyncd")
    back = run(world, state="absent")
    assert (back["changed"], back["failed_checks"], statuses(back)) == (False, [], [("system_tools", "warn")])
    assert "chrony" in world.installed
    world.offered.add("systemd-timesyncd")
    assert run(world, state="absent")["changed"]


def test_a_transaction_that_breaks_off_says_what_it_has_changed(world):
    world.breaks_at = "chrony"
    with pytest.raises(NodeError, match=r"It broke off half-way: changed are installed socat.*; run again") as caught:
        run(world)
    assert ("Nothing has been changed" in str(caught.value), caught.value.changed) == (False, True)
    world.breaks_at = ""
    assert run(world)["changed"]
    assert not (world.root / "var/lib/ack_edge").exists()


def test_the_same_of_a_transaction_of_the_other_family(el):
    el.breaks_at = "chrony"
    with pytest.raises(NodeError, match=r"It broke off half-way: changed are socat-1\.0; run again"):
        run(el)


def test_what_is_not_known_is_not_claimed(world, monkeypatch):
    world.offered.remove("socat")
    real = world.run
    monkeypatch.setattr(
        world, "run", lambda argv, **more: Completed(argv, 2, "", "") if "Version" in argv[-1] else real(argv, **more)
    )
    with pytest.raises(NodeError, match="What has been changed is not known"):
        run(world)


def test_what_a_killed_run_left_goes(world):
    directory = world.root / "var/lib/ack_edge/system_tools"
    for state in ("present", "absent"):
        world.add("socat", "chrony", "cron")
        directory.mkdir(parents=True)
        (directory / ".ack_edge-ack-edge.json").write_text("{")
        run(world, check_mode=True, state=state)
        assert directory.exists()
        assert not run(world, state=state)["changed"]
        assert not (world.root / "var/lib/ack_edge").exists()


@pytest.mark.parametrize("content", [None, {"replaced": "x"}, {"replaced": [1]}, {"installed": {}}, {"pending": 1}])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_damaged_manifest_is_one_clear_error(world, content, state):
    world.file("/" + MANIFEST, json.dumps({"version": 1, "content": content}))
    with pytest.raises(NodeError, match=r"system_tools/ack-edge\.json is damaged .* remove it"):
        run(world, state=state)


def test_it_is_forgotten_where_the_site_brought_it_back(world):
    world.add("systemd-timesyncd")
    run(world)
    world.add("systemd-timesyncd")
    assert not run(world, state="absent")["changed"]
    assert not (world.root / MANIFEST).exists()


def test_a_service_of_others_is_not_taken_away(world):
    world.add("ntpsec")
    assert run(world)["changed"]
    assert world.installed == {"socat", "cron", "ntpsec", "ntpdate"}


def test_nothing_else_may_go(world):
    world.add("ntpsec")
    chrony = {key: value for key, value in TOOLS[1].items() if key not in ("displaces", "alternatives")}
    with pytest.raises(NodeError, match="would take away ntpsec") as caught:
        run(world, system_tools=[chrony])
    assert world.installed == {"ntpsec"}
    assert "Nothing has been changed" in str(caught.value)
    assert not (world.root / "var/lib/ack_edge").exists()


def test_a_package_that_no_repository_has(world):
    world.offered.remove("socat")
    with pytest.raises(NodeError) as caught:
        run(world)
    lines = str(caught.value).splitlines()
    assert lines[0] == "socat, chrony, cron cannot be installed: E: Unable to locate package socat"
    assert lines[1:4] == ["the node asked these repositories:", "file:/opt/a/", "file:/opt/b/"]
    assert lines[4].startswith("to do: give the node a repository that has these packages")
    assert world.installed == set()
    assert not (world.root / "var/lib/ack_edge").exists()


def test_the_same_on_the_other_family(el):
    el.offered.remove("socat")
    with pytest.raises(NodeError, match="Mirror of the site"):
        run(el)
    assert not (el.root / "var/lib/ack_edge").exists()


def test_a_repository_that_is_gone_matters_only_where_it_is_needed(world):
    world.refresh_fails = True
    assert run(world)["changed"]
    world.remove("socat")
    world.offered.remove("socat")
    with pytest.raises(NodeError, match="E: The repository is gone; E: Unable to locate package socat"):
        run(world)


def test_packages_that_lost_their_commands(world):
    world.add("socat")
    (world.root / "usr/bin/socat").unlink()
    for check_mode in (True, False):
        with pytest.raises(NodeError, match=r"socat is installed, but what it brings is gone"):
            run(world, check_mode)
    assert world.manager_calls() == []


def test_a_tool_without_a_known_package(world):
    tool = {"name": "odd", "commands": ["odd"], "packages": {"redhat": ["odd"]}}
    with pytest.raises(NodeError, match="odd: which package brings it to this system \\(Debian 12\\) is not known"):
        run(world, system_tools=[*TOOLS, tool])
    assert world.installed == set()


def test_an_unknown_system_matters_only_where_something_is_missing(world):
    world.add("socat", "chrony", "cron")
    world.file("/etc/os-release", "ID=plan9\n")
    assert not run(world)["changed"]
    world.remove("socat")
    with pytest.raises(NodeError, match="'plan9'"):
        run(world)


def test_a_package_without_the_command_is_said(world, monkeypatch):
    world.add("chrony", "cron")
    monkeypatch.setattr(world, "add", lambda *names: None)
    with pytest.raises(NodeError, match="socat cannot be used although socat was installed"):
        run(world)


@pytest.mark.parametrize("name", ["socat", "chrony", "cron"])
def test_killed_at_each_package(world, name):
    world.add("systemd-timesyncd")
    world.killed_at = name
    with pytest.raises(Killed):
        run(world)
    assert run(world)["changed"]
    assert world.installed == {"socat", "chrony", "cron"}
    assert run(world, state="absent")["changed"]
    assert world.installed == {"socat", "cron", "systemd-timesyncd"}


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
    with pytest.raises(NodeError, match=r"do not have chrony, cron for this node, only socat") as caught:
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
    monkeypatch.setattr(system_tools._bundle.save, "__defaults__", (1 << 20,))
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
        with pytest.raises(NodeError, match=r"a\.tar did not come within 0 seconds; see what slows"):
            system_tools._fetch(url, str(tmp_path / "archive"), CHECKSUM, seconds=0.3)
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
    assert system_tools.input_problems({**PARAMS, "source": "url", "url": url, "checksum": CHECKSUM}) == []
    with pytest.raises(NodeError, match=r"cannot be fetched: .*\*\*\*") as caught:
        run(world, source="url", url=url.replace("12345", "1"), checksum=CHECKSUM)
    assert "Zx9q7" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://svc:12345#Zx9q7@host/a",
        "http://svc:Zx9q7#@host/a",
        "http://svc:Zx@9q7@host/a",
        "http://svc:Zx/9q7@host/a",
        "http://svc:Zx?9q7@host/a",
        "http://svc:Zx 9q7@host/a",
        "http://host/a b.tar",
        "http://host:port/a.tar",
        "http://host/a.tar\n",
    ],
)
def test_what_must_be_percent_encoded_is_refused_with_how(url):
    (found,) = system_tools.input_problems({**PARAMS, "source": "url", "url": url, "checksum": CHECKSUM})
    assert "percent-encoded: '#' is %23, '/' is %2F" in found
    assert not [word for word in ("Zx", "9q7", "12345") if word in found]


@pytest.mark.parametrize(
    "url",
    ["https://svc:a%40b%23@host:8443/x/a.tar", "http://[fd00::1]:80/a@2.tar", "http://[::1]/a", "http://h/a?b=c@d"],
)
def test_addresses_that_are_right(url):
    assert system_tools.input_problems({**PARAMS, "source": "url", "url": url, "checksum": CHECKSUM}) == []


def test_a_password_of_a_repository_is_in_no_message(world, monkeypatch):
    world.offered.remove("socat")
    real = world._apt_get
    monkeypatch.setattr(
        world,
        "_apt_get",
        lambda argv: (0, "https://svc:Zx9q7@mirror.site/deb/\n") if "indextargets" in argv else real(argv),
    )
    with pytest.raises(NodeError, match=r"https://svc:\*\*\*@mirror\.site/deb/"):
        run(world)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"source": "url", "url": "ftp://a/b", "checksum": "sha256:" + "0" * 64},
            "url is 'ftp://a/b', expected the http",
        ),
        ({"source": "url", "url": "http://a/b", "checksum": "md5:1"}, "checksum is 'md5:1', expected 'sha256:'"),
        ({"source": "url"}, "url, checksum"),
        ({"source": "directory"}, "directory"),
        ({"system_tools": [TOOLS[0], TOOLS[0]]}, "system_tools has 'socat' more than once"),
    ],
)
def test_bad_input(changes, message):
    rc, result = run_module("system_tools", changes)
    assert (rc, result["failed"]) == (1, True)
    assert message in result["msg"]
