# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user gives to time_sync. Private to the collection. Pure."""

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs

LONGEST_WAIT = 600


def problems(params):
    """Return what is wrong with the parameters, a list of sentences."""
    found = []
    servers = params["servers"]
    _inputs.each(found, "servers", servers, _inputs.host)
    for name in sorted({name for name in servers if servers.count(name) > 1}):
        found.append(f"servers lists '{name}' more than once, expected each server once")
    _inputs.attempt(found, "max_offset", params["max_offset"], _inputs.seconds, most=3600, above=True)
    _inputs.attempt(found, "wait", params["wait"], _inputs.seconds, most=LONGEST_WAIT)
    if params["verify_only"] and params["state"] == "absent":
        found.append("verify_only is true and state is absent, expected one of them: absent changes the node")
    return found
