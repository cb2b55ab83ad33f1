# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an EL 7 has under its Python 3.6: OpenSSL 1.0.2, glibc 2.17, a kernel 3.10. The real 3.6 here has newer ones."""

from __future__ import annotations

import ast
import importlib.util
import os
import socket
import ssl
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import tls
from fakes.servers import HOST, LOOP, Authority, tcp_server, tls_handler

ROOT = Path(__file__).resolve().parents[2]
NODE_SIDE = sorted([*ROOT.glob("plugins/modules/*.py"), *ROOT.glob("plugins/module_utils/**/*.py")])
# Names that a module of the standard library lacks there: Python 3.6 never had them, or leaves them out where the
# library below has no such function.
LACKING = {
    "ssl": {
        *("HAS_NEVER_CHECK_COMMON_NAME", "HAS_TLSv1_3", "OP_ENABLE_MIDDLEBOX_COMPAT", "OP_IGNORE_UNEXPECTED_EOF"),
        *(
            "OP_NO_RENEGOTIATION",
            "OP_NO_TLSv1_3",
            "SSLCertVerificationError",
            "TLSVersion",
            "VERIFY_X509_PARTIAL_CHAIN",
        ),
    },
    "os": {
        *("copy_file_range", "eventfd", "getrandom", "memfd_create", "pidfd_open", "posix_spawn", "preadv", "pwritev"),
        *("register_at_fork", "splice", "waitstatus_to_exitcode", "O_TMPFILE", "GRND_NONBLOCK"),
    },
    "socket": {"SO_INCOMING_CPU", "create_server", "has_dualstack_ipv6", "recv_fds", "send_fds"},
    "time": {"clock_gettime_ns", "monotonic_ns", "time_ns"},
}
# Attributes of contexts, whatever name these have; as above.
CONTEXTS = {
    *("hostname_checks_common_name", "keylog_filename", "maximum_version", "minimum_version", "num_tickets"),
    *("post_handshake_auth", "security_level", "sslsocket_class", "get_verified_chain", "get_unverified_chain"),
}


def strange(source: str) -> list[str]:
    """Return what a module of the node side uses that is not there; getattr() with a default may name anything."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else ""
            if node.attr in LACKING.get(owner, set()) or node.attr in CONTEXTS:
                found.append(node.attr)
        elif isinstance(node, ast.ImportFrom):
            found += [alias.name for alias in node.names if alias.name in LACKING.get(node.module or "", set())]
    return found


def test_nothing_is_used_that_is_not_there() -> None:
    found = {path.name: strange(path.read_text()) for path in NODE_SIDE}
    assert {name: names for name, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "source", ["ssl.TLSVersion.TLSv1_2", "from os import getrandom", "one.minimum_version = 3", "time.time_ns()"]
)
def test_what_is_not_there_is_seen(source: str) -> None:
    assert len(strange(source)) == 1


def test_a_handshake_without_these_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """They are gone before the module is loaded, as on such a node."""
    authority = Authority(tmp_path)
    server = authority.server(HOST)
    for module in (ssl, os, socket):
        for name in LACKING[module.__name__]:
            monkeypatch.delattr(module, name, raising=False)
    specification = importlib.util.spec_from_file_location("tls_of_an_old_node", tls.__file__)
    assert specification and specification.loader
    old = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(old)
    context = old.make_context(True, None, ((str(authority.path),), ()))
    with tcp_server(tls_handler(server)) as port:
        old.handshake(socket.create_connection((LOOP, port)), HOST, context, 3).close()
        assert old.peek(socket.create_connection((LOOP, port)), HOST, 3)["names"] == [HOST]
        with pytest.raises(old.Untrusted) as raised:
            old.handshake(socket.create_connection((LOOP, port)), "other.test", context, 3)
    assert old.is_verification(raised.value.error)
