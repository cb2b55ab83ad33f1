# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runs of port_listener and port_probe_info. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof import (
    inputs,
    listener,
    prober,
    sockets,
    verdicts,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_proof.address import address_of
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report


def listen(node, params, check_mode):
    """Start a listener, or end it and judge what was seen; return the result of port_listener (dict).

    :raises NodeError: if it cannot be done; InputError if the parameters are wrong.
    """
    ports, problems = inputs.of_listener(params)
    if problems:
        raise InputError(problems)
    act = _start if params["state"] == "present" else _conclude
    return act(node, ports, params, check_mode)


def probe(_node, params, _check_mode):
    """Send to the ports of another node; return the result of port_probe_info (dict). Nothing is changed.

    What was seen is no verdict yet: port_listener makes these, with what the node itself heard.

    :raises InputError: if the parameters are wrong.
    """
    ports, problems = inputs.of_prober(params)
    if problems:
        raise InputError(problems)
    seen = prober.observe(params["address"], ports, params["token"], params["timeout"], params["source"])
    answered = sum(1 for one in seen if one.outcome == "answered")
    return dict(
        report([]),
        changed=False,
        results=[one.facts() for one in seen],
        msg=f"the listener answered on {answered} of {len(seen)} ports",
    )


def _start(node, ports, params, check_mode):
    token, address = listener.new_token(), address_of(node, params["toward"], params["within"])
    opened, refused = sockets.open_all(ports)
    if check_mode:
        for sock in opened.values():
            sock.close()
    else:
        listener.start(opened, token, params["seconds"])
    return dict(
        report([]),
        changed=bool(opened),
        token=token,
        address=address,
        listening=[port.key for port in ports if port in opened],
        taken={port.key: why for port, why in refused.items()},
    )


def _conclude(node, ports, params, check_mode):
    heard = None if check_mode else listener.end(params["token"])
    observations = {(one["protocol"], one["port"]): one for one in params["probes"]}
    # Now that the listener is gone, who still has a port had it before.
    opened, refused = sockets.open_all(ports)
    for sock in opened.values():
        sock.close()
    holders = {port: sockets.holder(port, node.read) for port, why in refused.items() if why == "taken"}
    local = {port for port in holders if sockets.is_local(port, node.read)}
    found = verdicts.judge(ports, refused, params["address"], params["prober"], observations, heard, holders, local)
    return dict(report(found), changed=heard is not None)
