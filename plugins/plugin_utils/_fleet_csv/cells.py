# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the text of a cell to the value of its variable. Private to the collection."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.columns import ADDRESS, HOST
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.build import find_region
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import Catalogue
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import (
    INTERNET,
    LEASED_LINE,
    host_name,
    is_address,
)

LISTS = ("vpc_cidrs", "node_cidrs", "ntp_servers", "addons", "skip_checks", "extra_routes", "bgp_neighbours")
WORDS = {
    LEASED_LINE: ("leased", "private", "dedicated", "express connect", "vpn", "cen", "专线", "内网", "私网"),
    INTERNET: ("public", "public network", "公网", "互联网", "外网"),
}

_NAME = re.compile(r"\w[\w.-]{0,252}")
# Ansible runs on the controller itself what is for one of these, and so does ssh.
_CONTROLLER = re.compile(r"localhost(\..*)?|127(\.[0-9]+)*|[0.]+", re.IGNORECASE)
_USER = re.compile(r"\w[\w.@\\+$-]{0,254}")


def cell_parsers(catalogue: Catalogue) -> dict[str, Callable[[str], Any]]:
    """Return variable -> what makes its value out of the text of a cell; it raises ValueError saying what is right."""
    parsers: dict[str, Callable[[str], Any]] = {
        HOST: _name,
        ADDRESS: _address,
        "ansible_port": _port,
        "ansible_user": _user,
        "region": lambda text: _region(text, catalogue),
        "access_mode": _access_mode,
        "leased_line_gateway": _gateway,
        "leased_line_interface": _interface,
        # Something is sent, or somebody is sent, where these say.
        "vpc_probe_host": _name,
        "vpc_probe_address": _plain_address,
        "vpc_probe_source": _plain_address,
    }
    return parsers | dict.fromkeys(LISTS, _inputs.items)


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise ValueError("give one name of letters, digits, '-', '_' and '.', beginning with a letter or a digit")
    if _CONTROLLER.fullmatch(text):
        raise ValueError("that is the controller; give the name of a host")
    return text


def _plain_address(text: str) -> str:
    return _address(str(_inputs.address(text)))


def _address(text: str) -> str:
    host = host_name(text)
    if is_address(host):
        address = ipaddress.ip_address(host)
        if address.is_unspecified or address.is_multicast:
            raise ValueError("this is not the address of a host")
    return host


def _port(text: str) -> int:
    return int(_inputs.port(text))


def _user(text: str) -> str:
    # ssh would read what follows a blank or a quote as something else than a name.
    if not _USER.fullmatch(text):
        raise ValueError("give one user name, without blanks and quotes")
    return text


def _region(text: str, catalogue: Catalogue) -> str:
    region, problems = find_region(catalogue, text)
    if region is None:
        raise ValueError(problems[0].split(": ", 1)[1])
    return region


def _access_mode(text: str) -> str:
    plain = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
    plain = re.sub(r"(接入|网络|access|network)\Z", "", plain) or plain
    for mode, words in WORDS.items():
        if plain in {re.sub(r"[\W_]+", "", word) for word in (mode, *words)}:
            return mode
    choices = " or ".join(f"{mode} ({', '.join(words)})" for mode, words in WORDS.items())
    raise ValueError(f"give {choices}")


def _gateway(text: str) -> str:
    return str(_inputs.address(text.strip("[]")))


def _interface(text: str) -> str:
    return str(_inputs.interface(text))
