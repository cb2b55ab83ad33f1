# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Port ranges: each port is walked by itself, and one verdict tells of all. Pure; private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, UNPROVEN, WARN

# What one verdict for several ports says: the worst of them.
_WORST = (FAIL, WARN, UNPROVEN, PASS)


def split(endpoints):
    """Return the endpoints with single ports that :func:`join` expects the verdicts of, in the same order."""
    return [part for endpoint in endpoints for part in endpoint.split()]


def join(endpoints, verdicts):
    """Return one verdict for each endpoint out of those of its ports.

    That of a range is the verdict of its worst port, the first of several, with the state of all ports before its
    words; ``data['ports']`` lists them.
    """
    rest, joined = iter(verdicts), []
    for endpoint in endpoints:
        parts = [next(rest) for _port in range(endpoint.port, endpoint.last + 1)]
        joined.append(_one(endpoint, parts) if len(parts) > 1 else parts[0])
    return joined


def _one(endpoint, parts):
    worst = min(parts, key=lambda part: _WORST.index(part["status"]))
    counted = [f"{len(ports)} {status} ({_listed(ports)})" for status, ports in _by_status(parts)]
    ports = [
        {"port": part["data"]["port"], "status": part["status"], "problem": part["data"]["problem"]} for part in parts
    ]
    return dict(
        worst,
        summary=f"ports {endpoint.port}-{endpoint.last}: {', '.join(counted)}; {worst['summary']}",
        data=dict(worst["data"], ports=ports),
    )


def _by_status(parts):
    for status in _WORST:
        ports = [part["data"]["port"] for part in parts if part["status"] == status]
        if ports:
            yield status, ports


def _listed(ports):
    """Return sorted numbers as text, neighbours as a range."""
    runs = []
    for port in ports:
        if runs and runs[-1][1] == port - 1:
            runs[-1][1] = port
        else:
            runs.append([port, port])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)
