# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user gives to port_listener and port_probe_info. Private to the collection. Pure."""

import ipaddress
import re
from typing import NamedTuple


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

_PORTS = re.compile(r"^([0-9]{1,5})(?:-([0-9]{1,5}))?\Z")
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
            numbers = _numbers(value)
            if numbers is None:
                problems.append(f"{where}: {value!r} is no port; write 10250 or 30000-30010")
            else:
                found += [Port(entry["name"], entry["protocol"], number) for number in numbers]
    seen = set()
    for one in found:
        if one[1:] in seen:
            problems.append(f"{option}: {one.protocol.upper()} {one.port} is named twice; name it once")
        seen.add(one[1:])
    if len(found) > MOST:
        problems.append(f"{option}: these are {len(found)} ports, at most {MOST} can be listened on; name fewer")
    return found, problems


def _numbers(value):
    match = _PORTS.match(str(value).strip())
    if not match:
        return None
    first, last = int(match.group(1)), int(match.group(2) or match.group(1))
    return range(first, last + 1) if 1 <= first <= last <= 65535 else None


def of_listener(params):
    """Return (list of Port, problems) of the parameters of port_listener."""
    ports, problems = read_ports(params["ports"])
    if not 1 <= params["seconds"] <= 600:
        problems.append(f"seconds is {params['seconds']}, expected 1 to 600")
    for option, text in [(name, value) for name in ("toward", "within") for value in params[name]]:
        try:
            ipaddress.ip_network(text)
        except ValueError:
            problems.append(f"{option} has '{text}', expected a network such as 192.168.0.0/16")
    return ports, problems


def of_prober(params):
    """Return (list of Port, problems) of the parameters of port_probe_info."""
    ports, problems = read_ports(params["ports"])
    for option in ("address", "source"):
        try:
            if params[option] or option == "address":
                ipaddress.ip_address(params[option])
        except ValueError:
            problems.append(f"{option} is '{params[option]}', expected an address such as 10.99.0.11")
    if not _TOKEN.match(params["token"]):
        problems.append(f"token is '{params['token']}', expected the 32 hexadecimal digits that port_listener returned")
    if not 0 < params["timeout"] <= 60:
        problems.append(f"timeout is {params['timeout']:g}, expected more than 0 and at most 60 seconds")
    return ports, problems
