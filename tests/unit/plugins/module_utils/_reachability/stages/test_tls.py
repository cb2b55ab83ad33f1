# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a node trusts: the store of the node decides, not what this interpreter or its environment has."""

from __future__ import annotations

import socket
import ssl
import warnings
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import tls
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop
from fakes.servers import HOST, LOOP, Authority, tcp_server, tls_handler


def trusts(authority: Authority, files: tuple[Path | str, ...], directories: tuple[str, ...] = ()) -> bool:
    """Return whether a server of an authority is trusted by a node that has its CAs in these places."""
    context = tls.make_context(True, None, (tuple(map(str, files)), directories))
    with tcp_server(tls_handler(authority.server(HOST))) as port:
        try:
            tls.handshake(socket.create_connection((LOOP, port)), HOST, context, 3).close()
        except tls.Untrusted:
            return False
        return True


@pytest.fixture(autouse=True)
def an_interpreter_with_other_cas(monkeypatch: pytest.MonkeyPatch, stranger: Authority) -> None:
    """As conda sets it up, and as a python that was built elsewhere has it without saying so."""
    monkeypatch.setenv("SSL_CERT_FILE", str(stranger.path))
    monkeypatch.setenv("SSL_CERT_DIR", "/nonexistent")


def test_a_ca_of_the_node_is_trusted_by_any_python(authority: Authority) -> None:
    assert trusts(authority, (authority.path,))
    assert trusts(authority, ("/nonexistent/bundle.pem", authority.path))


def test_a_ca_of_the_interpreter_alone_is_not(authority: Authority, stranger: Authority) -> None:
    assert not trusts(stranger, (authority.path,))


def test_a_bundle_that_is_damaged_is_passed_over(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "bundle.pem").write_text("-----BEGIN CERTIFICATE-----\nrubbish\n")
    (tmp_path / "empty.pem").write_text("")
    assert trusts(authority, (tmp_path / "bundle.pem", tmp_path / "empty.pem", authority.path))


def test_a_node_without_any_store_has_that_of_the_interpreter(stranger: Authority) -> None:
    assert trusts(stranger, ("/nonexistent/bundle.pem",))


def test_directories_count_beside_the_file(authority: Authority, stranger: Authority, tmp_path: Path) -> None:
    # The name is the hash of the subject, as c_rehash makes it.
    import subprocess

    argv = ["openssl", "x509", "-hash", "-noout", "-in", str(stranger.path)]
    name = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()
    (tmp_path / f"{name}.0").symlink_to(stranger.path)
    assert trusts(stranger, (authority.path,), (str(tmp_path), "/nonexistent"))


def test_the_store_of_this_machine_is_found() -> None:
    assert tls.make_context(True, None).get_ca_certs()


def refusal(context: ssl.SSLContext, server: ssl.SSLContext) -> Stop:
    """Return how a handshake fails between a client without TLS 1.3 and a server without anything else."""
    # Python 3.6 has no other way, newer ones do not like this one.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.options |= ssl.OP_NO_TLSv1_3
        server.options |= ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1 | ssl.OP_NO_TLSv1_2
    with tcp_server(tls_handler(server)) as port, pytest.raises(Stop) as raised:
        tls.handshake(socket.create_connection((LOOP, port)), HOST, context, 3)
    return raised.value


def test_a_server_that_an_old_openssl_cannot_talk_to(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """EL 7: its 1.0.2k has no TLS 1.3, and its ssl does not say so by a name of its own."""
    context = tls.make_context(True, None, ((str(authority.path),), ()))
    monkeypatch.delattr(ssl, "HAS_TLSv1_3")
    monkeypatch.setattr(ssl, "OPENSSL_VERSION", "OpenSSL 1.0.2k-fips  26 Jan 2017")
    stop = refusal(context, authority.server(HOST))
    assert stop.problem == "tls.refused"
    assert stop.facts["error"] == (
        "tlsv1 alert protocol version; OpenSSL 1.0.2k-fips  26 Jan 2017 of this node's Python has no TLS 1.3, which "
        "kubelet and containerd have"
    )


def test_a_server_that_a_new_openssl_may_not_talk_to(authority: Authority) -> None:
    """The same answer has another reason where this Python could: a policy of the system."""
    stop = refusal(tls.make_context(True, None, ((str(authority.path),), ())), authority.server(HOST))
    assert (stop.problem, stop.facts["error"]) == ("tls.refused", "tlsv1 alert protocol version")
