# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loopback servers, certificates and fakes for the tests of _reachability."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.inputs import read_endpoints
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.pool import probe
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import dns, ntp, proxy, tcp
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.resolve import Resolution
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.route import unknown
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.tls import make_context
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.verdicts import explain
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.walk import Settings, Walker
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LOOP = "127.0.0.1"
# The name of the endpoint in most tests, and where it leads.
HOST = "registry.test"
NAMES = {HOST: [LOOP]}
NOW = datetime.datetime.now(datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
HTTP_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


# --- servers ---------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def tcp_server(handler: Callable[[socket.socket], None], host: str = LOOP, port: int = 0) -> Iterator[int]:
    """Serve connections one after the other; yields the port. The handler need not close."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(64)
        # Closing a socket does not wake accept(); shutting it down does.
        thread = threading.Thread(target=_accept, args=(listener, handler), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def _accept(listener: socket.socket, handler: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            connection, _peer = listener.accept()
        except OSError:
            return
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            handler(connection)


@contextlib.contextmanager
def udp_server(answer: Callable[[bytes], bytes | None], port: int = 0) -> Iterator[int]:
    """Answer datagrams; yields the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((LOOP, port))
        end = threading.Event()

        def serve() -> None:
            while True:
                data, peer = sock.recvfrom(4096)
                if end.is_set():
                    return
                reply = answer(data)
                if reply is not None:
                    sock.sendto(reply, peer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield sock.getsockname()[1]
        finally:
            end.set()
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as knock:
                knock.sendto(b"", sock.getsockname())
            thread.join(10)


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    """Return a port on which nothing listens."""
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind((LOOP, 0))
        return sock.getsockname()[1]


def reset(connection: socket.socket) -> None:
    """Read what comes first, then end with RST."""
    connection.recv(1024)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def keep_silent(connection: socket.socket) -> None:
    """Read until the client gives up."""
    while connection.recv(1024):
        pass


# --- certificates ----------------------------------------------------------------------------------------------------


class Authority:
    """A CA in a scratch directory; ``above`` is the one that signs it, itself by default."""

    def __init__(
        self, directory: Path, name: str = "Lab CA", *, organization: str = "", above: Authority | None = None
    ) -> None:
        self._directory = directory
        self._key = ec.generate_private_key(ec.SECP256R1())
        parts = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
        parts += [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)] if organization else []
        self._name = x509.Name(parts)
        signer = above or self
        certificate = _sign(self._name, signer._name, self._key, signer._key, ca=True)
        self.path = directory / f"{name.replace(' ', '-')}.pem"
        self.path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def server(self, *hosts: str, **more: object) -> ssl.SSLContext:
        """Return a server context with a certificate for host names and addresses; ``more`` as in :meth:`write`."""
        path = self._directory / "server.pem"
        self.write(path, *hosts, **more)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def write(
        self,
        path: Path,
        *hosts: str,
        start: datetime.datetime = NOW - 10 * DAY,
        end: datetime.datetime = NOW + 10 * DAY,
        self_signed: bool = False,
        only_client: bool = False,
    ) -> None:
        """Write a certificate for host names and addresses, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
        issuer, by = (subject, key) if self_signed else (self._name, self._key)
        certificate = _sign(subject, issuer, key, by, hosts=hosts, start=start, end=end, only_client=only_client)
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + secret)


def _sign(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    *,
    hosts: tuple[str, ...] = (),
    ca: bool = False,
    start: datetime.datetime = NOW - 10 * DAY,
    end: datetime.datetime = NOW + 10 * DAY,
    only_client: bool = False,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    )
    if ca:
        builder = builder.add_extension(
            x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=True,
                crl_sign=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    if only_client:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
    if hosts:
        names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(by, hashes.SHA256())


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def tls_handler(context: ssl.SSLContext, say: bytes = HTTP_OK) -> Callable[[socket.socket], None]:
    """Return a handler that does a handshake, reads once and says something."""

    def handle(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as tls:
            if tls.recv(4096) and say:
                tls.sendall(say)

    return handle


# --- DNS -------------------------------------------------------------------------------------------------------------


def dns_question(query: bytes) -> tuple[int, str, int]:
    """Return (identity, name, type) of a question."""
    labels, offset = [], 12
    while query[offset]:
        labels.append(query[offset + 1 : offset + 1 + query[offset]].decode())
        offset += 1 + query[offset]
    return struct.unpack_from("!H", query)[0], ".".join(labels), struct.unpack_from("!H", query, offset + 1)[0]


def dns_name(name: str) -> bytes:
    """Return a name as it is written on the wire."""
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def dns_reply(
    query: bytes, records: dict[str, list[str]] | None = None, *, rcode: int = 0, truncated: bool = False
) -> bytes:
    """Return the answer of a server that knows ``{name: [address or alias]}``; an alias ends with a dot."""
    identity, name, qtype = dns_question(query)
    body, count = b"", 0
    while name is not None:
        owner, name = name, None
        for value in (records or {}).get(owner, []):
            if value.endswith("."):
                name = value[:-1]
                kind, data = dns.CNAME, dns_name(name)
            else:
                kind, data = (dns.AAAA if ":" in value else dns.A), ipaddress.ip_address(value).packed
                if kind != qtype:
                    continue
            body += dns_name(owner) + struct.pack("!HHIH", kind, 1, 60, len(data)) + data
            count += 1
    flags = 0x8180 | rcode | (0x0200 if truncated else 0)
    if truncated:
        body, count = b"", 0
    return struct.pack("!HHHHHH", identity, flags, 1, count, 0, 0) + query[12:] + body


# --- running ---------------------------------------------------------------------------------------------------------


def resolving(names: dict[str, list[str] | Stop]) -> Callable[[str], Resolution]:
    """Return a resolve function that knows these names; every other host is its own address."""

    def resolve(host: str) -> Resolution:
        answer = names.get(host, [host])
        if isinstance(answer, Stop):
            raise answer
        return Resolution(answer, "10.0.0.2" if host in names else "literal")

    return resolve


def way(**known: object) -> dict:
    """Return a way as Router.lookup() does."""
    return unknown() | known


def run(
    endpoints: list[dict],
    *,
    names: dict | None = None,
    route: Callable[[str], dict] = lambda address: way(),
    connect: Callable = tcp.connect,
    is_silent: Callable[[str, str], bool] | None = None,
    measure: Callable | None = None,
    wall: Callable[[], float] = time.time,
    ca: Path | None = None,
    verify: bool = True,
    **settings: object,
) -> list[dict]:
    """Probe endpoints (a name is made up where there is none) and return their verdicts."""
    items, problems = read_endpoints([{"name": f"e{index}"} | item for index, item in enumerate(endpoints)])
    assert not problems
    chosen = Settings(make_context(verify, str(ca) if ca else None), verify=verify, **({"timeout": 0.3} | settings))
    looks = {"connect": connect, "is_silent": is_silent, "measure": measure}
    walker = Walker(chosen, resolving(names or {}), route, wall=wall, **looks)
    return [explain(trace, chosen, wall) for trace in probe(items, walker, chosen)]


def one(host: str, port: int, protocol: str = "tcp", **more: object) -> dict:
    """Probe one endpoint and return its verdict; ``networks``, ``required`` go to the endpoint, the rest to run()."""
    item = {"host": host, "port": port, "protocol": protocol}
    item |= {key: more.pop(key) for key in ("networks", "required", "purpose", "confidence") if key in more}
    return run([item], **more)[0]


def outcome(verdict: dict) -> tuple[str, str, str]:
    """Return status, stage and problem of a verdict."""
    return verdict["status"], verdict["data"]["stage"], verdict["data"]["problem"]


def secure(authority: Authority, handler, protocol: str = "https", **more: object) -> dict:
    """Return the verdict of HOST, served by a handler with a certificate of an authority that is trusted."""
    with tcp_server(handler) as port:
        return one(HOST, port, protocol, **({"names": NAMES, "ca": authority.path, "timeout": 2} | more))


def dead(address: str, _port: int, _timeout: float) -> socket.socket:
    raise Stop("tcp.unreachable" if ":" in address else "tcp.timeout", error="No route to host")


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
        carrier = proxy.read_proxy(f"http://user:p%40ss@{LOOP}:{port}")
        # The name of the target does not resolve on the node, and need not.
        verdict = one(
            HOST,
            443,
            protocol,
            proxy_for=lambda endpoint: carrier,
            **({"names": {HOST: Stop("dns.timeout", servers=[])}, "timeout": 2} | more),
        )
    return verdict, asked


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
