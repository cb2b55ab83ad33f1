# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What both ends saw becomes a verdict for each port. Pure; private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, UNPROVEN, verdict

_FORWARD = (
    "allow it from {prober} in the firewall of the node (role inbound_ports does), the firewalls of the "
    "site and the security group of the VPC, and route {address} from the VPC over the leased line"
)
_BACK = (
    "fix the return path to {prober}: a firewall is not stateful, or the node sends the answers over another path (ip "
    "route get {prober})"
)
_LOCAL = "check the probe host itself: its firewall and its route to {address} (ip route get {address})"

# (outcome, whether the node heard it): (status, what was found, what to do). None: for either.
_WORDS = {
    ("answered", None): (PASS, "{what} is reachable from {prober}, and the answer arrives", ""),
    ("timeout", None): (FAIL, "{what} is unreachable from {prober}: no answer arrives", _FORWARD),
    ("refused", None): (
        FAIL,
        "{what} rejects packets from {prober} although it was listening: a firewall rejects them",
        _FORWARD,
    ),
    ("silent", True): (
        FAIL,
        "{what} receives datagrams from {prober}, but the answer is lost on the return path",
        _BACK,
    ),
    ("silent", False): (FAIL, "{what} did not receive the datagrams from {prober}", _FORWARD),
    ("unreachable", None): (FAIL, "{prober} cannot send to {what}: {detail}", _LOCAL),
    ("forbidden", None): (FAIL, "the probe host {prober} is not allowed to send to {what}: {detail}", _LOCAL),
    ("other", None): (
        FAIL,
        "another host answers {prober} for {what} ({detail})",
        "find another host with the address {address}, or a NAT rule that leads elsewhere",
    ),
}
# Where something of the node listened already, nobody has a token.
_TAKEN = {
    ("tcp", "other"): (
        PASS,
        "{what} is reachable from {prober}; the service that already listens there accepted the connection",
        "",
    ),
    ("tcp", "answered"): _WORDS["answered", None],
    ("udp", "silent"): (
        UNPROVEN,
        "{what} is already in use, and its service does not answer a probe",
        "check on the node whether datagrams of {prober} arrive: tcpdump -ni any udp port {port} and host {prober}",
    ),
    ("udp", "other"): (PASS, "{what} is reachable from {prober}; the service that already listens there answers", ""),
}


_LOCAL_ONLY = (
    FAIL,
    "{what} rejects connections from {prober}: the service with this port listens only on 127.0.0.1 or ::1",
    "if it is the service to reach, make it listen on {address} or on all addresses; else move it to another port (on "
    "the node: ss -lntup)",
)


def judge(ports, refused, address, prober, observations, heard, holders=None, local=()):
    """Return a verdict for each Port, in their order.

    :arg refused: {Port: why} of those that the listener could not have.
    :arg address: of the node, as it was probed. :arg prober: name of the probe host.
    :arg observations: {(protocol, port): dict of Observation.facts()}; empty where the probe host could not probe.
    :arg heard: {"udp/8472": [addresses]} of the listener, None if it was gone.
    :arg local: Ports that something has on loopback addresses alone.
    :arg holders: {Port: whose process} of those that are taken, where that is known.
    """
    found = [
        _one(
            port,
            refused.get(port),
            address,
            prober,
            observations.get((port.protocol, port.port)),
            heard,
            port in local,
        )
        for port in ports
    ]
    for index, one in enumerate(found):
        owner = (holders or {}).get(ports[index], "")
        one["data"]["holder"] = owner
        if owner:
            one["summary"] += f"; a process of {owner} has the port"
    return found


def check_name(port):
    """Return the name of a verdict, e.g. inbound_tcp_10250."""
    return f"inbound_{port.protocol}_{port.port}"


def _one(port, refusal, address, prober, seen, heard, is_local):
    what = f"{port.protocol.upper()} {port.port} of {address or 'the node'}"
    data = {
        "protocol": port.protocol,
        "port": port.port,
        "name": port.name,
        "address": address,
        "prober": prober,
        "outcome": seen["outcome"] if seen else "not probed",
        "seen_as": seen["seen_as"] if seen else "",
        "arrived": _arrived(port, seen, heard),
        "taken": refusal == "taken",
    }
    if seen is None:
        return verdict(
            check_name(port),
            UNPROVEN,
            f"{what} was not probed from {prober}",
            "check why the probe host could not be used, then run again",
            "",
            **data,
        )
    if refusal and refusal != "taken":
        return verdict(
            check_name(port),
            UNPROVEN,
            f"nothing can listen on {what}: {refusal}",
            "run as root, or prove it after the join",
            "",
            **data,
        )
    if heard is None and seen["outcome"] != "answered":
        # Who has the port now may have taken it after the listener.
        return verdict(
            check_name(port),
            UNPROVEN,
            f"the listener for {what} ended before {prober} had probed it",
            "give the listener more seconds, then run again",
            "",
            **data,
        )
    status, found, remedy = _words(port, refusal, seen["outcome"], data["arrived"], is_local)
    words = {"what": what, "prober": prober, "address": address, "port": port.port, "detail": seen["detail"]}
    return verdict(
        check_name(port),
        status,
        found.format(**words),
        remedy.format(**words),
        _by_hand(port, address) if status != PASS else "",
        **data,
    )


def _words(port, refusal, outcome, arrived, is_local):
    if is_local and outcome == "refused":
        return _LOCAL_ONLY
    if refusal and (port.protocol, outcome) in _TAKEN:
        return _TAKEN[port.protocol, outcome]
    return _WORDS.get((outcome, None)) or _WORDS[outcome, bool(arrived)]


def _arrived(port, seen, heard):
    """Return whether the node heard the probe: true, false, or None where nobody can tell."""
    if seen is not None and seen["outcome"] == "answered":
        return True
    return None if heard is None else bool(heard.get(port.key))


def _by_hand(port, address):
    if port.protocol == "tcp":
        host = f"[{address}]" if ":" in address else address
        return f"on the probe host: curl -v --connect-timeout 5 telnet://{host}:{port.port} </dev/null"
    return f"on the node: tcpdump -ni any udp port {port.port}"
