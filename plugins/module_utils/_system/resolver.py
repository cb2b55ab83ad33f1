# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the node resolves names: resolv.conf and hosts, read as the C library reads them. Private. Only reads.

Sources: resolv.conf(5), hosts(5), and what res_init() of glibc 2.17 to 2.41 does with what these leave open.
"""

import ipaddress
import re
import socket
from typing import List, NamedTuple

RESOLV_CONF = "/etc/resolv.conf"
# Behind the stub listener of systemd-resolved stand the servers that it asks.
RESOLVED_CONF = "/run/systemd/resolve/resolv.conf"
# The same of NetworkManager with dnsmasq.
_BEHIND = (RESOLVED_CONF, "/run/NetworkManager/no-stub-resolv.conf")
HOSTS = "/etc/hosts"
NSSWITCH = "/etc/nsswitch.conf"

_MOST_SERVERS = 3
# The most that each option can be; more is taken for that.
_BOUNDS = {"ndots": 15, "timeout": 30, "attempts": 5}
# Another one can be part of no name; '.' is the root, where a name is looked for as it is.
_DOMAIN = re.compile(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?\Z")
_NUMBER = re.compile(r"[0-9]*")


class ResolvConf(NamedTuple):
    """What a resolv.conf says.

    :ivar nameservers: addresses (str), at most three; one on a link has its interface, fe80::1%eth0.
    :ivar search: domains in which a name is looked for.
    :ivar ndots: a name with fewer dots is looked for in these domains first.
    :ivar timeout: seconds that a silent server is waited for. :ivar attempts: how often all of them are asked.
    :ivar rotate: whether the servers take turns. :ivar use_vc: whether they are asked over TCP.
    """

    nameservers: List[str]
    search: List[str]
    ndots: int = 1
    timeout: int = 5
    attempts: int = 2
    rotate: bool = False
    use_vc: bool = False


class HostsRecord(NamedTuple):
    """A line of /etc/hosts; ``address`` as it stands there, which may be none."""

    address: str
    names: List[str]


def read(node):
    """Return the ResolvConf of the node."""
    return parse(node.read(RESOLV_CONF))


def parse(text):
    """Return the ResolvConf of a text, None for no file."""
    servers, search, options = [], [], {}
    for keyword, rest in _directives(text):
        if keyword == "nameserver":
            servers += [rest[0]] if _is_server(rest[0]) else []
        elif keyword == "search":
            search = [word for word in rest if _DOMAIN.match(word)]
        elif keyword == "domain":
            search = [word for word in rest[:1] if _DOMAIN.match(word)]
        elif keyword == "options":
            for word in rest:
                options.update(_option(word))
    return ResolvConf(servers[:_MOST_SERVERS], search, **options)


def order(node):
    """Return whom the C library asks for a name, as nsswitch.conf has it ('files dns'), '' where it does not say."""
    lines = [line.partition("#")[0].partition(":") for line in (node.read(NSSWITCH) or "").splitlines()]
    found = [rest.split() for name, _colon, rest in lines if name.strip() == "hosts" and rest.strip()]
    return " ".join(found[-1]) if found else ""


def all_nameservers(node):
    """Return the addresses (list of str) that resolv.conf names, as they are written in full.

    Behind a resolver of the node there are also those that it asks.
    """
    found = read(node).nameservers
    if any(is_loopback(server) for server in found):
        asked = [rest[0] for keyword, rest in _directives(node.read(behind(node))) if keyword == "nameserver"]
        found = found + [server for server in asked if _is_server(server)]
    return [f"{_address(server)}{''.join(server.partition('%')[1:])}" for server in found]


def behind(node):
    """Return the path of the file with the servers that a resolver of the node asks."""
    return next((path for path in _BEHIND if node.exists(path)), RESOLVED_CONF)


def hosts(node):
    """Return the records of /etc/hosts as a list of HostsRecord."""
    return parse_hosts(node.read(HOSTS))


def parse_hosts(text):
    """Return the records of a text, None for no file, as a list of HostsRecord."""
    lines = [line.partition("#")[0].split() for line in (text or "").splitlines()]
    return [HostsRecord(words[0], words[1:]) for words in lines if len(words) > 1]


def _directives(text):
    """Return (keyword, words behind it) of each line that has both.

    A keyword stands at the very beginning of its line, and a comment has its mark there. Nothing but blanks, tabs and
    line feeds parts words: a carriage return belongs to its word.
    """
    found = []
    for line in (text or "").split("\n"):
        words = [word for word in re.split(r"[ \t]+", line) if word]
        if len(words) > 1 and line.startswith(words[0]):
            found.append((words[0], words[1:]))
    return found


def _is_server(text):
    address, _percent, scope = text.partition("%")
    try:
        return ipaddress.ip_address(address).version == 6 or not scope
    except ValueError:
        pass
    try:
        # 10.1 is 10.0.0.1. Python allows white space behind it.
        return bool(socket.inet_aton(text)) and text == text.strip()
    except (OSError, UnicodeError):
        return False


def is_loopback(server):
    """Return whether a nameserver (text) is the node itself, by a loopback address or the one that means no other."""
    address = _address(server)
    return address is not None and (address.is_loopback or address.is_unspecified)


def is_on_link(server):
    """Return whether a nameserver (text) has a link-local IPv6 address, which means nothing on any other link."""
    address = _address(server)
    return address is not None and address.version == 6 and address.is_link_local


def _address(server):
    """Return the address of a nameserver, also of one as 127.1 or ::ffff:127.0.0.1."""
    text = server.partition("%")[0]
    try:
        address = ipaddress.ip_address(text if ":" in text else socket.inet_ntoa(socket.inet_aton(text)))
    except (OSError, ValueError):
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _option(word):
    """Return {name: value} of a word behind options; {} for one that says nothing about how names are looked for."""
    name, _colon, value = word.partition(":")
    if name in _BOUNDS:
        return {name: min(int(_NUMBER.match(value).group(0) or 0), _BOUNDS[name])}
    if word.startswith("rotate"):
        return {"rotate": True}
    return {"use_vc": True} if word.startswith("use-vc") else {}
