# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which HTTP proxy carries the way to an endpoint, if any. Private to the collection."""

import base64
import ipaddress
import re
from urllib.parse import unquote, urlsplit

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.endpoint import literal
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.tcp import where

_BEHIND_AUTHORITY = re.compile(r"^[^:]*://[^/?#]*")
_VARIABLES = ("http_proxy", "https_proxy", "all_proxy")


class Proxy:
    """``host`` and ``port`` of a proxy, ``authorization`` the value of its header or None, ``label`` for messages."""

    def __init__(self, host, port, authorization=None):
        self.host, self.port, self.authorization = host, port, authorization
        self.label = where(host, port)


def read_proxy(url):
    """Return the Proxy of an URL such as http://user:password@proxy.example.com:3128; the scheme may be left out.

    :raises ValueError: with a reason that does not repeat the URL, for it may hold a password.
    """
    url = url if "://" in url else "http://" + url
    # Left as they are, these end the authority of a URL, and the first part of a password becomes host and port.
    if "@" in _BEHIND_AUTHORITY.sub("", url):
        raise ValueError(
            "has a '#', '/' or '?' in its user or password; write '#' as %23, '/' as %2F, '?' as %3F and '@' as %40"
        )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError("is not a URL; write http://host:port") from None
    if parts.scheme != "http" or not host:
        raise ValueError(f"has the scheme '{parts.scheme}'; only http://host:port is supported")
    authorization = None
    if parts.username:
        secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = "Basic " + base64.b64encode(secret.encode("utf-8")).decode("ascii")
    return Proxy(host, port or 80, authorization)


def variables(environ):
    """Return the names of the proxy variables that are set, in a fixed order."""
    return [name for lower in _VARIABLES for name in (lower, lower.upper()) if environ.get(name)]


def from_environment(endpoint, environ):
    """Return the Proxy that a program with this environment would use for an endpoint, None for the direct way.

    :raises ValueError: as read_proxy().
    """
    names = ("http_proxy" if endpoint.port == 80 else "https_proxy", "all_proxy")
    url = next((_variable(environ, name) for name in names if _variable(environ, name)), "")
    if not url or is_bypassed(endpoint.host, endpoint.port, _variable(environ, "no_proxy")):
        return None
    return read_proxy(url)


def _variable(environ, name):
    return environ.get(name) or environ.get(name.upper()) or ""


def is_bypassed(host, port, no_proxy):
    """Return whether NO_PROXY exempts a host: ``*``, a name, a domain with or without its dot, an address or a CIDR."""
    address = literal(host)
    for entry in no_proxy.replace(",", " ").split():
        if entry == "*":
            return True
        if address is not None:
            if _covers(entry, address):
                return True
            continue
        name, separator, only_port = entry.lower().rpartition(":")
        if separator and only_port != str(port):
            continue
        domain = (name if separator else only_port).lstrip("*").lstrip(".")
        if domain and (host == domain or host.endswith("." + domain)):
            return True
    return False


def _covers(entry, address):
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False
