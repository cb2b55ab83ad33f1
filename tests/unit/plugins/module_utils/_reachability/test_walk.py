# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every stage against a loopback server that is well, or ill in one known way: the verdict names stage and remedy."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path

import helpers_probe as helpers
import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._reachability import walk
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import ntp
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import proxy as _proxy
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop
from helpers_probe import DAY, LOOP, NOW, Authority, free_port, one, tcp_server, tls_handler, udp_server, way

HOST = "registry.test"
NAMES = {HOST: [LOOP]}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("stranger"), "Inspection CA")


def outcome(verdict: dict) -> tuple[str, str, str]:
    return verdict["status"], verdict["data"]["stage"], verdict["data"]["problem"]


# --- dns, address, route ---------------------------------------------------------------------------------------------


def test_a_failing_name_ends_at_dns() -> None:
    gone = Stop("dns.nxdomain", servers=[{"server": "10.0.0.2", "outcome": "nxdomain", "ms": 1.0}], server="10.0.0.2")
    verdict = one("gone.test", 443, names={"gone.test": gone})
    assert outcome(verdict) == ("fail", "dns", "dns.nxdomain")
    assert "gone.test does not exist (NXDOMAIN from 10.0.0.2)" in verdict["summary"]
    assert verdict["reproduce"] == "dig +time=1 +tries=1 @10.0.0.2 gone.test A"


def test_an_address_outside_the_published_networks_is_named() -> None:
    verdict = one(HOST, 443, "https", networks=["100.103.0.0/16"], names={HOST: ["100.103.1.1", "203.0.113.9"]})
    assert outcome(verdict) == ("fail", "address", "address.outside")
    assert "resolves to 203.0.113.9, which 10.0.0.2 says; expected an address in 100.103.0.0/16" in verdict["summary"]
    assert "100.100.2.136" in verdict["remedy"] and "PrivateZone" in verdict["remedy"]
    assert verdict["data"]["addresses"] == ["100.103.1.1", "203.0.113.9"]


def test_a_public_address_fails_where_private_ones_are_expected() -> None:
    verdict = one(HOST, 443, expect_private=True, names={HOST: ["203.0.113.9"]})
    assert outcome(verdict) == ("fail", "address", "address.public")
    assert "public address 203.0.113.9" in verdict["summary"]
    assert verdict["data"]["expected"] == "a private address or one in 100.64.0.0/10"


@pytest.mark.parametrize(("host", "protocol"), [("203.0.113.9", "tcp"), (HOST, "ntp")])
def test_literals_and_time_servers_may_be_public(host: str, protocol: str) -> None:
    def no_way(_address: str) -> dict:
        return way(error="Network is unreachable")

    verdict = one(host, 123, protocol, expect_private=True, names={HOST: ["203.0.113.9"]}, route=no_way)
    assert outcome(verdict) == ("fail", "route", "route.none")


def test_no_route_says_so_and_how_to_get_one() -> None:
    verdict = one(
        HOST,
        443,
        networks=["100.103.0.0/16"],
        names={HOST: ["100.103.1.1"]},
        route=lambda address: way(error="Network is unreachable"),
    )
    assert outcome(verdict) == ("fail", "route", "route.none")
    assert verdict["summary"] == "no route to 100.103.1.1: Network is unreachable"
    assert "leased_line_gateway" in verdict["remedy"] and "100.103.0.0/16" in verdict["remedy"]
    assert verdict["reproduce"] == "ip route get 100.103.1.1"


def test_an_address_without_route_is_left_out_where_another_has_one() -> None:
    def only_v4(address: str) -> dict:
        return way(error="Network is unreachable") if ":" in address else way(interface="lo", source=LOOP)

    with tcp_server(lambda connection: None) as port:
        verdict = one(HOST, port, names={HOST: ["2001:db8::1", LOOP]}, route=only_v4)
    assert outcome(verdict)[0] == "pass"
    assert verdict["data"]["address"] == LOOP
    assert verdict["data"]["via"]["interface"] == "lo"


def stopping(problem: str) -> Callable:
    def connect(address: str, port: int, seconds: float) -> socket.socket:
        raise Stop(problem, error="No route to host")

    return connect


@pytest.mark.parametrize("problem", ["tcp.timeout", "tcp.unreachable"])
def test_a_next_hop_that_is_not_there_is_the_reason(problem: str) -> None:
    asked = []

    def is_silent(next_hop: str, interface: str) -> bool:
        asked.append((next_hop, interface))
        return True

    given = {"names": {HOST: ["100.103.1.1"]}, "connect": stopping(problem), "is_silent": is_silent}
    verdict = one(HOST, 443, route=lambda address: way(gateway="10.0.0.1", interface="eth1"), **given)
    assert outcome(verdict) == ("fail", "route", "route.next_hop")
    said = "the next hop 10.0.0.1 on eth1 does not answer (ARP or neighbour discovery), so that nothing reaches"
    assert verdict["summary"] == f"{said} 100.103.1.1:443"
    assert verdict["reproduce"] == "ip neigh show to 10.0.0.1; ip route get 100.103.1.1"
    assert verdict["data"]["attempts"] == [{"address": "100.103.1.1", "problem": problem}]
    one(HOST, 443, route=lambda address: way(interface="eth1"), **given)  # on the link it is the address itself
    assert asked == [("10.0.0.1", "eth1"), ("100.103.1.1", "eth1")]


@pytest.mark.parametrize(
    ("problem", "interface", "silent"),
    [("tcp.timeout", "eth1", False), ("tcp.timeout", None, True), ("tcp.refused", "eth1", True)],
)
def test_a_next_hop_is_not_blamed_without_evidence(problem: str, interface: str | None, silent: bool) -> None:
    given = {"connect": stopping(problem), "is_silent": lambda next_hop, interface: silent}
    verdict = one(LOOP, 443, route=lambda address: way(gateway="10.0.0.1", interface=interface), **given)
    assert outcome(verdict) == ("fail", "tcp", problem)


# --- tcp -------------------------------------------------------------------------------------------------------------


def test_tcp_passes() -> None:
    with tcp_server(lambda connection: None) as port:
        verdict = one(HOST, port, names=NAMES)
        literal = one(LOOP, port)
    assert outcome(verdict) == ("pass", "tcp", "")
    assert f"no address is published for this name, 10.0.0.2 says {LOOP}" in verdict["summary"]
    assert "published" not in literal["summary"]
    assert set(verdict["data"]["timings"]) == {"dns", "address", "route", "tcp"}
    assert (verdict["remedy"], verdict["reproduce"]) == ("", "")


def test_tcp_over_ipv6() -> None:
    with tcp_server(lambda connection: None, host="::1") as port:
        verdict = one("::1", port)
    assert verdict["status"] == "pass"
    assert f"[::1]:{port}" in verdict["summary"]


def test_tcp_refused() -> None:
    port = free_port()
    verdict = one(HOST, port, names=NAMES)
    assert outcome(verdict) == ("fail", "tcp", "tcp.refused")
    assert f"{LOOP}:{port} was refused" in verdict["summary"]


def test_a_full_backlog_times_out() -> None:
    with socket.socket() as listener:
        listener.bind((LOOP, 0))
        listener.listen(0)
        fillers = [socket.socket() for _index in range(3)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(listener.getsockname())
        verdict = one(LOOP, listener.getsockname()[1])
        for filler in fillers:
            filler.close()
    assert outcome(verdict) == ("fail", "tcp", "tcp.timeout")
    assert "timed out after 0.3 s" in verdict["summary"]


def dead(address: str, _port: int, _timeout: float) -> socket.socket:
    raise Stop("tcp.unreachable" if ":" in address else "tcp.timeout", error="No route to host")


def test_a_timeout_names_the_way_that_the_packets_took() -> None:
    route = way(gateway="10.0.0.1", interface="eth0", source="10.0.0.5", default=True)
    verdict = one(
        HOST, 443, networks=["100.103.0.0/16"], names={HOST: ["100.103.1.1"]}, connect=dead, route=lambda address: route
    )
    assert verdict["summary"] == (
        "TCP connect to 100.103.1.1:443 timed out after 0.3 s, sent through 10.0.0.1 on eth0: the default gateway, for "
        "no route of its own leads there"
    )
    assert "leased_line_gateway" in verdict["remedy"]
    assert verdict["data"]["via"] == {
        "gateway": "10.0.0.1",
        "interface": "eth0",
        "source": "10.0.0.5",
        "default": True,
        "proxy": "",
    }


def test_the_most_telling_of_several_addresses_is_reported() -> None:
    verdict = one(HOST, 443, names={HOST: ["fd00::1", "10.9.9.9"]}, connect=dead)
    assert outcome(verdict) == ("fail", "tcp", "tcp.timeout")
    assert verdict["data"]["address"] == "10.9.9.9"
    assert verdict["data"]["attempts"] == [
        {"address": "fd00::1", "problem": "tcp.unreachable"},
        {"address": "10.9.9.9", "problem": "tcp.timeout"},
    ]


def test_all_addresses_share_one_timeout() -> None:
    shares = []

    def note(_address: str, _port: int, timeout: float) -> socket.socket:
        shares.append(timeout)
        raise Stop("tcp.timeout")

    one(HOST, 443, names={HOST: ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]}, connect=note, timeout=4)
    assert shares[0] == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        (1, "tcp.forbidden"),
        (13, "tcp.forbidden"),
        (101, "tcp.unreachable"),
        (113, "tcp.unreachable"),
        (110, "tcp.timeout"),
        (111, "tcp.refused"),
    ],
)
def test_errors_of_the_system_are_told_apart(monkeypatch: pytest.MonkeyPatch, number: int, problem: str) -> None:
    def connect(_self: socket.socket, _address: object) -> None:
        raise OSError(number, "as the system says")

    with monkeypatch.context() as patch:
        patch.setattr(walk.tcp.socket.socket, "connect", connect)
        verdict = one(LOOP, 443)
    assert verdict["data"]["problem"] == problem


# --- tls and http ----------------------------------------------------------------------------------------------------


def secure(authority: Authority, handler, protocol: str = "https", **more: object) -> dict:
    with tcp_server(handler) as port:
        return one(HOST, port, protocol, **({"names": NAMES, "ca": authority.path, "timeout": 2} | more))


def test_https_passes_with_any_status(authority: Authority) -> None:
    verdict = secure(authority, tls_handler(authority.server(HOST), b"HTTP/1.1 403 Forbidden\r\n\r\n"))
    assert outcome(verdict) == ("pass", "http", "")
    assert verdict["data"]["http_status"] == 403
    assert "HTTP 403 over TLSv1.3" in verdict["summary"]
    assert verdict["data"]["tls"]["names"] == [HOST]
    assert verdict["data"]["tls"]["issuer"] == "Lab CA"


def test_tls_passes_without_http(authority: Authority) -> None:
    verdict = secure(authority, tls_handler(authority.server(HOST)), "tls")
    assert outcome(verdict) == ("pass", "tls", "")


def test_a_literal_is_checked_against_the_addresses_in_the_certificate(authority: Authority) -> None:
    with tcp_server(tls_handler(authority.server(LOOP))) as port:
        assert one(LOOP, port, "tls", ca=authority.path, timeout=2)["status"] == "pass"
    with tcp_server(tls_handler(authority.server("127.0.0.9"))) as port:
        assert outcome(one(LOOP, port, "tls", ca=authority.path, timeout=2)) == ("fail", "tls", "tls.name")


def test_wrong_name(authority: Authority) -> None:
    verdict = secure(authority, tls_handler(authority.server("other.test")))
    assert outcome(verdict) == ("fail", "tls", "tls.name")
    assert f"is not for {HOST} but for other.test" in verdict["summary"]
    assert f"-servername {HOST}" in verdict["reproduce"]


def test_expired_names_the_day_and_the_clock_of_the_node(authority: Authority) -> None:
    verdict = secure(authority, tls_handler(authority.server(HOST, start=NOW - 9 * DAY, end=NOW - DAY)))
    assert outcome(verdict) == ("fail", "tls", "tls.expired")
    assert str((NOW - DAY).year) in verdict["summary"]
    assert f"the node's clock says {time.gmtime().tm_year}" in verdict["remedy"]


def test_not_yet_valid(authority: Authority) -> None:
    verdict = secure(authority, tls_handler(authority.server(HOST, start=NOW + DAY)))
    assert outcome(verdict) == ("fail", "tls", "tls.not_yet_valid")


def test_self_signed_and_unknown_ca_are_told_apart(authority: Authority, stranger: Authority) -> None:
    verdict = secure(authority, tls_handler(authority.server(HOST, self_signed=True)))
    assert outcome(verdict) == ("fail", "tls", "tls.self_signed")
    verdict = secure(authority, tls_handler(stranger.server("other.test")))
    assert outcome(verdict) == ("fail", "tls", "tls.unknown_ca")
    assert "comes from 'Inspection CA', which this node does not trust" in verdict["summary"]


def test_a_device_that_opens_connections_is_told_from_a_ca_of_the_site(
    authority: Authority, stranger: Authority
) -> None:
    verdict = secure(authority, tls_handler(stranger.server(HOST)))
    assert outcome(verdict) == ("fail", "tls", "tls.intercepted")
    assert "was made by 'Inspection CA'" in verdict["summary"] and "exempt registry.test" in verdict["remedy"]
    verdict = secure(authority, tls_handler(stranger.server("*.test.example", HOST)))
    assert outcome(verdict)[2] == "tls.intercepted"
    verdict = secure(authority, tls_handler(stranger.server(HOST)), confidence="user")
    assert outcome(verdict)[2] == "tls.unknown_ca"


def test_a_stalled_handshake_is_a_matter_of_packet_sizes_where_small_ones_pass(authority: Authority) -> None:
    asked = []

    def measure(*arguments: object) -> dict:
        asked.append(arguments)
        return found

    found = {"interface": 1500, "passed": [576, 1280], "stalled": [1400], "echo": []}
    route = way(interface="idc0")
    with tcp_server(helpers.keep_silent) as port:
        more = {"names": NAMES, "timeout": 0.2, "route": lambda address: route, "measure": measure}
        verdict = one(HOST, port, "tls", **more)
        found = {"interface": 0, "passed": [], "stalled": [576, 1280], "echo": [{"size": 576, "outcome": "silent"}]}
        other = one(HOST, port, "tls", **more)
    assert asked == [(LOOP, port, HOST, "idc0", 0.2)] * 2
    assert outcome(verdict) == ("fail", "tls", "tls.mtu")
    assert "succeeds with packets of up to 1280 bytes" in verdict["summary"]
    assert "ip link set dev idc0 mtu 1280" in verdict["remedy"]
    assert {"tls", "mtu"} <= set(verdict["data"]["timings"])
    assert outcome(other) == ("fail", "tls", "tls.timeout")
    assert "also with packets of 576 bytes, so the MTU is not why" in other["summary"]


def test_nobody_measures_packets_through_a_proxy_or_of_another_failure(authority: Authority) -> None:
    def measure(*_arguments: object) -> dict:
        raise AssertionError("measured")

    more = {"after": helpers.keep_silent, "timeout": 0.2, "measure": measure}
    assert outcome(through(b"HTTP/1.1 200 OK\r\n\r\n", "tls", **more)[0]) == ("fail", "tls", "tls.timeout")
    assert outcome(secure(authority, helpers.reset, measure=measure))[2] == "tls.reset"


def test_a_name_that_fits_is_found_among_hundreds(authority: Authority, stranger: Authority) -> None:
    many = [f"service-{number}.test" for number in range(300)]
    assert secure(authority, tls_handler(authority.server(*many, HOST)))["data"]["tls"]["names"][0] == HOST
    verdict = secure(authority, tls_handler(stranger.server(*many, HOST)))
    assert outcome(verdict)[2] == "tls.intercepted"
    assert len(verdict["data"]["tls"]["names"]) == 20


def test_verification_can_be_switched_off_and_the_result_says_so(authority: Authority, stranger: Authority) -> None:
    verdict = secure(authority, tls_handler(stranger.server("other.test")), verify=False)
    assert outcome(verdict) == ("pass", "http", "")
    assert "certificate not verified" in verdict["summary"]
    verdict = secure(authority, tls_handler(stranger.server("other.test")), "tls", verify=False)
    assert "good certificate" not in verdict["summary"]


def test_a_ca_directory_works_too(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "lab.crt").write_bytes(authority.path.read_bytes())
    (tmp_path / "readme.txt").write_text("no certificate")
    assert secure(authority, tls_handler(authority.server(HOST)), ca=tmp_path)["status"] == "pass"


def test_plain_http_on_the_tls_port(authority: Authority) -> None:
    def plain(connection: socket.socket) -> None:
        connection.recv(1024)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    verdict = secure(authority, plain)
    assert outcome(verdict) == ("fail", "tls", "tls.plaintext")
    assert "does not speak TLS" in verdict["summary"]


@pytest.mark.parametrize("handler", [helpers.reset, lambda connection: connection.recv(1024)], ids=["reset", "close"])
def test_a_connection_that_is_cut_in_the_handshake(authority: Authority, handler) -> None:
    assert outcome(secure(authority, handler)) == ("fail", "tls", "tls.reset")


def test_a_handshake_that_stalls(authority: Authority) -> None:
    verdict = secure(authority, helpers.keep_silent, timeout=0.2)
    assert outcome(verdict) == ("fail", "tls", "tls.timeout")
    assert "MTU" in verdict["remedy"]


@pytest.mark.parametrize(
    ("said", "problem"),
    [(b"SSH-2.0-OpenSSH_9\r\n", "http.garbled"), (b"", "http.closed"), (b"x" * 40000, "http.garbled")],
)
def test_what_is_no_http_answer(authority: Authority, said: bytes, problem: str) -> None:
    verdict = secure(authority, tls_handler(authority.server(HOST), said))
    assert outcome(verdict) == ("fail", "http", problem)


def test_an_http_answer_that_does_not_come_or_drips(authority: Authority) -> None:
    context = authority.server(HOST)

    def drip(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as tls:
            tls.recv(4096)
            while True:
                tls.sendall(b"x")
                time.sleep(0.02)  # the drip itself is under test

    def mute(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as tls:
            helpers.keep_silent(tls)

    for handler in (drip, mute):
        assert outcome(secure(authority, handler, timeout=0.3)) == ("fail", "http", "http.timeout")


# --- proxy -----------------------------------------------------------------------------------------------------------


def through(answer: bytes, protocol: str = "tcp", after=None, **more: object) -> tuple[dict, bytes]:
    """Probe through a proxy that answers so; return the verdict and what the proxy was asked."""
    asked = b""

    def handle(connection: socket.socket) -> None:
        nonlocal asked
        while b"\r\n\r\n" not in asked:
            asked += connection.recv(1024)
        connection.sendall(answer)
        if after:
            after(connection)

    with tcp_server(handle) as port:
        proxy = _proxy.read_proxy(f"http://user:p%40ss@{LOOP}:{port}")
        # The name of the target does not resolve on the node, and need not.
        verdict = one(
            HOST,
            443,
            protocol,
            proxy_for=lambda endpoint: proxy,
            **({"names": {HOST: Stop("dns.timeout", servers=[])}, "timeout": 2} | more),
        )
    return verdict, asked


def test_a_proxy_carries_tcp_and_tls(authority: Authority) -> None:
    verdict, asked = through(b"HTTP/1.1 200 Connection established\r\n\r\n")
    assert outcome(verdict) == ("pass", "proxy", "")
    assert asked.startswith(b"CONNECT registry.test:443 HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic dXNlcjpwQHNz\r\n" in asked
    assert verdict["data"]["via"]["proxy"].startswith(LOOP)
    verdict, _asked = through(
        b"HTTP/1.0 200 OK\r\nVia: x\r\n\r\n", "https", tls_handler(authority.server(HOST)), ca=authority.path
    )
    assert outcome(verdict) == ("pass", "http", "")


def test_the_word_of_a_proxy_is_read() -> None:
    verdict, _asked = through(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
    assert outcome(verdict) == ("fail", "proxy", "proxy.status")
    assert "answered 407 Proxy Authentication Required to CONNECT registry.test:443" in verdict["summary"]
    assert "p@ss" not in str(verdict) and "p%40ss" not in str(verdict)
    assert outcome(through(b"SSH-2.0\r\n\r\n")[0])[2] == "proxy.garbled"
    assert outcome(through(b"")[0])[2] == "proxy.closed"
    assert outcome(through(b"", after=helpers.keep_silent, timeout=0.2)[0])[2] == "proxy.timeout"


def test_a_dead_proxy_is_what_failed() -> None:
    proxy = _proxy.read_proxy(f"http://{LOOP}:{free_port()}")
    verdict = one(HOST, 443, proxy_for=lambda endpoint: proxy)
    assert outcome(verdict) == ("fail", "tcp", "tcp.refused")
    assert proxy.label in verdict["summary"]


def test_a_proxy_proves_nothing_about_the_leased_line() -> None:
    verdict, _asked = through(b"HTTP/1.1 200 OK\r\n\r\n", expect_private=True)
    assert verdict["status"] == "warn"
    assert "proves nothing about the leased line" in verdict["summary"]


def test_time_never_goes_through_a_proxy() -> None:
    proxy = _proxy.read_proxy("proxy.test:3128")
    verdict = one(LOOP, free_port(socket.SOCK_DGRAM), "ntp", proxy_for=lambda endpoint: proxy)
    assert outcome(verdict) == ("fail", "ntp", "ntp.refused")


# --- ntp and udp -----------------------------------------------------------------------------------------------------


def time_server(
    *, offset: float = 0.0, stratum: int = 2, leap: int = 0, reference: bytes = b"\x0a\0\0\1", mode: int = 4
):
    def answer(request: bytes) -> bytes:
        now = ntp.pack_time(time.time() + offset)
        return (
            struct.pack("!BBbbII4s", leap << 6 | 4 << 3 | mode, stratum, 0, 0, 0, 0, reference)
            + now
            + request[40:48]
            + now
            + now
        )

    return answer


def ask_time(answer, **more: object) -> dict:
    with udp_server(answer) as port:
        return one(LOOP, port, "ntp", **more)


def test_a_good_time_server() -> None:
    verdict = ask_time(time_server())
    assert outcome(verdict) == ("pass", "ntp", "")
    assert abs(verdict["data"]["ntp"]["offset"]) < 0.2
    assert (verdict["data"]["ntp"]["stratum"], verdict["data"]["ntp"]["reference"]) == (2, "10.0.0.1")


def test_a_clock_that_is_far_off() -> None:
    verdict = ask_time(time_server(offset=600))
    assert outcome(verdict) == ("fail", "ntp", "ntp.far")
    assert verdict["data"]["ntp"]["offset"] == pytest.approx(600, abs=0.5)
    assert "differs by +" in verdict["summary"] and "time_sync" in verdict["remedy"]
    assert ask_time(time_server(offset=600), max_offset=700)["status"] == "pass"


def test_a_kiss_of_death_an_unsynchronised_server_and_silence() -> None:
    verdict = ask_time(time_server(stratum=0, reference=b"RATE", leap=3))
    assert outcome(verdict) == ("fail", "ntp", "ntp.kiss")
    assert "RATE" in verdict["summary"]
    assert outcome(ask_time(time_server(leap=3)))[2] == "ntp.unsynchronised"
    assert outcome(ask_time(time_server(stratum=16)))[2] == "ntp.unsynchronised"
    assert outcome(ask_time(lambda request: None))[2] == "ntp.silent"
    assert outcome(ask_time(lambda request: b"hello"))[2] == "ntp.garbled"
    assert outcome(ask_time(time_server(mode=5)))[2] == "ntp.garbled"
    assert outcome(ask_time(lambda request: time_server()(bytes(48))))[2] == "ntp.garbled"


def test_udp_passes_only_with_an_answer() -> None:
    with udp_server(lambda data: b"pong") as port:
        assert outcome(one(LOOP, port, "udp")) == ("pass", "udp", "")
    with udp_server(lambda data: None) as port:
        verdict = one(LOOP, port, "udp")
    assert outcome(verdict) == ("unproven", "udp", "udp.silent")
    assert verdict["remedy"]
    assert outcome(one(LOOP, free_port(socket.SOCK_DGRAM), "udp")) == ("fail", "udp", "udp.refused")


# --- beside the stages -----------------------------------------------------------------------------------------------


def test_a_source_address_that_the_cloud_does_not_route_back() -> None:
    networks = {"node_cidrs": [helpers.ipaddress.ip_network("10.20.0.0/16")]}
    inside = {"route": lambda address: way(interface="lo", source="10.20.0.5")} | networks
    outside = {"route": lambda address: way(interface="lo", source="192.168.7.7")} | networks
    with tcp_server(lambda connection: None) as port:
        assert one(HOST, port, names=NAMES, **inside)["status"] == "pass"
        verdict = one(HOST, port, names=NAMES, **outside)
    assert verdict["status"] == "warn"
    assert "source address 192.168.7.7, which is not in node_cidrs (10.20.0.0/16)" in verdict["summary"]
    # Where nothing came back it is the first thing to look at.
    verdict = one(HOST, 443, names={HOST: ["10.1.1.1"]}, connect=dead, **outside)
    assert verdict["status"] == "fail"
    assert verdict["remedy"].startswith("add the network of 192.168.7.7 to node_cidrs")
    # The public internet does not care.
    verdict = one(HOST, 443, names={HOST: ["203.0.113.1"]}, connect=dead, **outside)
    assert "node_cidrs" not in verdict["summary"]


def test_a_mistake_of_ours_is_one_verdict_not_a_traceback() -> None:
    def broken(_address: str) -> dict:
        raise KeyError("oops")

    verdict = one(LOOP, 443, route=broken)
    assert outcome(verdict) == ("fail", "route", "internal")
    assert "KeyError" in verdict["summary"]


def test_one_lookup_serves_all_endpoints_of_a_host() -> None:
    asked = []

    def route(address: str) -> dict:
        asked.append(address)
        return way()

    with tcp_server(lambda connection: None) as port:
        verdicts = helpers.run([{"host": LOOP, "port": port, "protocol": "tcp"}] * 6, route=route)
    assert [verdict["status"] for verdict in verdicts] == ["pass"] * 6
    assert asked == [LOOP]


def test_nothing_from_afar_reaches_a_terminal_unescaped(authority: Authority) -> None:
    verdicts = [
        through(b"HTTP/1.1 500 \x1b[2J\r\n\r\n")[0],
        secure(authority, tls_handler(authority.server(HOST), b"\x1b[2J\r\n")),
        ask_time(time_server(stratum=0, reference=b"\x1b[2J")),
    ]
    assert [verdict["data"]["problem"] for verdict in verdicts] == ["proxy.status", "http.garbled", "ntp.kiss"]
    assert all("\x1b" not in verdict["summary"] and "x1b" in verdict["summary"] for verdict in verdicts)
