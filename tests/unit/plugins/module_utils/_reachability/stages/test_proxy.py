# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which proxy is used, and which hosts go past it."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.endpoint import Endpoint
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import proxy as _proxy


def endpoint(host: str = "registry.example.com", port: int = 443) -> Endpoint:
    return Endpoint("e", host, port, "tcp")


def test_urls_are_read() -> None:
    proxy = _proxy.read_proxy("http://me:p%40ss@proxy.test:3128/")
    assert (proxy.host, proxy.port, proxy.label) == ("proxy.test", 3128, "proxy.test:3128")
    assert proxy.authorization == "Basic bWU6cEBzcw=="
    assert _proxy.read_proxy("proxy.test:3128").authorization is None
    assert _proxy.read_proxy("http://proxy.test").port == 80
    assert _proxy.read_proxy("http://[fd00::1]:3128").label == "[fd00::1]:3128"


@pytest.mark.parametrize(
    "url",
    [
        "socks5://me:secret@proxy.test:1080",
        "https://me:secret@proxy.test",
        "http://",
        "http://me:secret@proxy.test:port",
        "http://[fd00::1",
    ],
)
def test_a_wrong_url_is_an_error_that_keeps_the_password(url: str) -> None:
    with pytest.raises(ValueError) as caught:
        _proxy.read_proxy(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://svc:12345#Zx9q7@proxy.test:3128",
        "svc:12345#Zx9q7@proxy.test:3128",
        "http://svc:12345/Zx9q7@proxy.test:3128",
        "http://svc:12345?Zx9q7@proxy.test:3128/",
        "http://s#vc:Zx9q7@proxy.test",
    ],
)
def test_a_password_that_would_end_the_authority_is_refused_with_how(url: str) -> None:
    with pytest.raises(ValueError, match="write '#' as %23, '/' as %2F, '\\?' as %3F and '@' as %40") as caught:
        _proxy.read_proxy(url)
    assert not [word for word in ("12345", "Zx9q7", "svc") if word in str(caught.value)]


def test_a_password_that_is_percent_encoded_is_taken() -> None:
    proxy = _proxy.read_proxy("http://svc:12345%23Zx@proxy.test:3128/#x")
    assert (proxy.label, proxy.authorization) == ("proxy.test:3128", "Basic c3ZjOjEyMzQ1I1p4")


def test_the_environment_decides_by_port() -> None:
    environ = {"http_proxy": "http://plain:1", "HTTPS_PROXY": "http://secure:2", "no_proxy": "intern.test"}
    assert _proxy.from_environment(endpoint(), environ).label == "secure:2"
    assert _proxy.from_environment(endpoint(port=80), environ).label == "plain:1"
    assert _proxy.from_environment(endpoint("a.intern.test"), environ) is None
    assert _proxy.from_environment(endpoint(), {}) is None
    assert _proxy.from_environment(endpoint(), {"ALL_PROXY": "http://all:3"}).label == "all:3"
    assert (
        _proxy.from_environment(endpoint(), {"HTTPS_PROXY": "http://upper:1", "https_proxy": "http://lower:2"}).label
        == "lower:2"
    )
    assert _proxy.variables(environ) == ["http_proxy", "HTTPS_PROXY"]


@pytest.mark.parametrize(
    ("host", "no_proxy", "past"),
    [
        ("a.example.com", "example.com", True),
        ("a.example.com", ".example.com", True),
        ("a.example.com", "*.example.com", True),
        ("example.com", "example.com", True),
        ("badexample.com", "example.com", False),
        ("a.example.com", "b.example.com, EXAMPLE.com", True),
        ("a.example.com", "example.com:443", True),
        ("a.example.com", "example.com:80", False),
        ("a.example.com", "*", True),
        ("a.example.com", "", False),
        ("a.example.com", ",., ", False),
        ("100.103.1.1", "100.64.0.0/10", True),
        ("100.103.1.1", "100.103.1.1", True),
        ("100.103.1.1", "10.0.0.0/8", False),
        ("a.example.com", "100.64.0.0/10", False),
        ("100.103.1.1", "1.1", False),
        ("fd00::1", "fd00::/8", True),
    ],
)
def test_who_goes_past_the_proxy(host: str, no_proxy: str, past: bool) -> None:
    assert _proxy.is_bypassed(host, 443, no_proxy) is past
