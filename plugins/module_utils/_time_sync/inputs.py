# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user gives to time_sync. Private to the collection. Pure."""

import re

_SERVER = re.compile(r"([A-Za-z0-9]([A-Za-z0-9_.:-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+)\Z")
LONGEST_WAIT = 600


def problems(params):
    """Return what is wrong with the parameters, a list of sentences."""
    found = []
    servers = params["servers"]
    for name in servers:
        if not _SERVER.match(name):
            around = " without blanks and line ends around it" if name != name.strip() else ""
            found.append(f"servers has {name!r}, expected a host name or an address{around}")
    for name in sorted({name for name in servers if servers.count(name) > 1}):
        found.append(f"servers has '{name}' more than once, expected each server once")
    if not 0 < params["max_offset"] <= 3600:
        found.append(f"max_offset is {params['max_offset']:g}, expected more than 0 and at most 3600 seconds")
    if not 0 <= params["wait"] <= LONGEST_WAIT:
        found.append(f"wait is {params['wait']}, expected 0 to {LONGEST_WAIT} seconds")
    if params["verify_only"] and params["state"] == "absent":
        found.append("verify_only is true and state is absent, expected one of them: absent changes the node")
    return found
