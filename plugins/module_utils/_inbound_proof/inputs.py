# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user gives to port_listener and port_probe_info. Private to the collection. Pure."""

import re
from typing import NamedTuple

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs


class Port(NamedTuple):
    """A port to be tried; ``name`` is that of the entry it comes from, ``protocol`` tcp or udp."""

    name: str
    protocol: str
    port: int

    @property
    def key(self):
        """How it is called in results, e.g. tcp/10250."""
        return f"{self.protocol}/{self.port}"


# The option of both modules; the fragment tried_ports documents it.
ARGUMENT = {
    "type": "list",
    "elements": "dict",
    "required": True,
    "options": {
        "name": {"type": "str", "required": True},
        "protocol": {"type": "str", "choices": ["tcp", "udp"], "required": True},
        "ports": {"type": "list", "elements": "str", "required": True},
        "sources": {"type": "list", "elements": "str", "default": []},
        "purpose": {"type": "str"},
        "comment": {"type": "str"},
        "confidence": {"type": "str"},
    },
}

# A listener is a proof for a few ports, not a honeypot for all.
MOST = 64
_TOKEN = re.compile(r"^[0-9a-f]{32}\Z")


def read_ports(entries, option="ports"):
    """Return (list of Port, problems) for a list of dicts with name, protocol and ports.

    :arg entries: as the lookup C(region) returns them in C(inbound); a port is a number or a range such as 80-81.
    """
    found, problems = [], []
    for index, entry in enumerate(entries):
        where = f"{option}[{index}] ({entry['name']})"
        for value in entry["ports"]:
            first, last = _inputs.attempt(problems, f"{where}: port", value, _inputs.ports) or (1, 0)
            found += [Port(entry["name"], entry["protocol"], number) for number in range(first, last + 1)]
    seen = set()
    for one in found:
        if one[1:] in seen:
            problems.append(f"{option}: {one.protocol.upper()} {one.port} is listed twice; list it once")
        seen.add(one[1:])
    if len(found) > MOST:
        problems.append(f"{option}: these are {len(found)} ports, but at most {MOST} can be listened on; list fewer")
    return found, problems


def of_listener(params):
    """Return (list of Port, problems) of the parameters of port_listener."""
    ports, problems = read_ports(params["ports"])
    _inputs.attempt(problems, "seconds", params["seconds"], _inputs.seconds, least=1, most=600)
    for option in ("toward", "within"):
        _inputs.each(problems, option, params[option], _inputs.network, anywhere=True)
    return ports, problems


def of_prober(params):
    """Return (list of Port, problems) of the parameters of port_probe_info."""
    ports, problems = read_ports(params["ports"])
    for option in ("address", "source"):
        if params[option] or option == "address":
            _inputs.attempt(problems, option, params[option], _inputs.address)
    if not _TOKEN.match(params["token"]):
        problems.append(f"token is '{params['token']}', expected the 32 hexadecimal digits that port_listener returned")
    _inputs.attempt(problems, "timeout", params["timeout"], _inputs.seconds, most=60, above=True)
    return ports, problems
