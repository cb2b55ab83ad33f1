# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A trace becomes a verdict: picks the words of messages and fills them. Pure; private to the collection."""

import time

from ansible_collections.ack_edge.node.plugins.module_utils import _verdict
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.endpoint import is_private, literal, within
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.messages import (
    DOING,
    PROBLEMS,
    SUCCESS,
    UNPROVEN_PROBLEMS,
    WARNINGS,
)
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.ntp import doubt
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.route import unknown
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.tcp import where

_SHOWN_NETWORKS = 4
_NO_CERTIFICATE = {"subject": "", "issuer": "", "not_before": "", "not_after": "", "names": [], "version": ""}
_NOT_MEASURED = {"interface": 0, "passed": [], "stalled": [], "echo": []}
_GOOD_DNS = ("answer", "not awaited")
# Stages after which a wrong source address may be why nothing came back.
_SILENT = ("tcp.timeout", "ntp.silent", "ntp.timeout", "udp.silent", "udp.timeout")


def explain(trace, settings, wall=time.time):
    """Return the verdict of a trace that has ended.

    :arg settings: Settings that the trace was made with.
    :arg wall: function for seconds since 1970, for the remedy of an expired certificate.
    """
    endpoint = trace.endpoint
    words = values(trace, settings, wall)
    warnings = _warnings(trace, settings, words)
    if trace.problem:
        status, summary, remedy, by_hand = _failure(trace, words, warnings)
    else:
        status, summary, remedy, by_hand = _success(trace, settings, words, warnings)
    return _verdict.verdict(
        endpoint.name, status, summary, remedy, by_hand, required=endpoint.required, **_data(trace, settings, words)
    )


def _failure(trace, words, warnings):
    entry = PROBLEMS[trace.problem]
    status = _verdict.UNPROVEN if trace.problem in UNPROVEN_PROBLEMS else _verdict.FAIL
    summary = entry.summary.format(**words)
    remedy = (entry.leased if words["leased"] else entry.remedy).format(**words)
    # A source that the cloud does not route back is silence here; said beside it, it is often the answer. On the wrong
    # way the source is wrong because of the way.
    if "source" in warnings and trace.problem in _SILENT and not words["detour"]:
        summary += "; " + WARNINGS["source"][0].format(**words)
        remedy = WARNINGS["source"][1].format(**words) + "; else " + remedy
    return status, summary, remedy, entry.by_hand.format(**words)


def _success(trace, settings, words, warnings):
    parts = [SUCCESS[trace.endpoint.protocol].format(**words)]
    if not settings.verify and trace.endpoint.protocol in ("tls", "https"):
        parts.append("certificate not verified, as asked")
    if not trace.endpoint.networks and literal(trace.endpoint.host) is None and not trace.facts.get("proxy"):
        parts.append(f"no address is published for this name; {words['source']} returns {words['addresses']}")
    parts += [WARNINGS[key][0].format(**words) for key in warnings]
    remedy = "; ".join(WARNINGS[key][1].format(**words) for key in warnings)
    return _verdict.WARN if warnings else _verdict.PASS, "; ".join(parts), remedy, ""


def _warnings(trace, settings, words):
    found = []
    address, endpoint = trace.facts.get("address"), trace.endpoint
    if trace.facts.get("proxy"):
        return ["proxy"] if _is_leased(endpoint, settings, None) and not trace.problem else []
    source = words["route_source"]
    if (
        settings.node_cidrs
        and address
        and source
        and endpoint.on_leased_line(address)
        and not within(source, settings.node_cidrs)
    ):
        found.append("source")
    if words["bad_server"] and not trace.problem:
        found.append("nameserver")
    return found


def values(trace, settings, wall):
    """Return every value that a text of messages can name, with a harmless one where nothing is known."""
    endpoint, facts = trace.endpoint, trace.facts
    words = {"status": "", "reason": "", "bytes": 0, "tls_version": "TLS", "said": "", "server": ""}
    words.update({key: value for key, value in facts.items() if value is not None})
    words.update(_target_words(endpoint, settings, facts))
    words.update(_dns_words(facts), lookup=words["peer"])
    words.update(_certificate_words(facts), now=time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(wall())))
    words.update(_packet_words(facts))
    ntp = facts.get("ntp") or {}
    words.update({"ntp_" + key: ntp.get(key, 0) for key in ("offset", "stratum", "leap", "reference")})
    words["ntp_doubt"] = doubt(ntp) if ntp else 0
    words.update(
        timeout=f"{settings.timeout:g} s",
        seconds=max(1.0, settings.timeout),
        threads=settings.threads,
        deadline=f"{settings.deadline:g} s",
        max_offset=settings.max_offset,
        node_cidrs=_join(settings.node_cidrs),
        tcp_ms=trace.timings.get("tcp", 0),
        error=facts.get("error") or "no reason given",
        trusted=" with a good certificate" if settings.verify else "",
        answered=" ".join(str(facts[key]) for key in ("status", "reason") if facts.get(key)) or "nothing",
    )
    words["doing"] = DOING[trace.stage].format(**words)
    return words


def _target_words(endpoint, settings, facts):
    """Return words for the peer (endpoint or proxy), the address and the way to it."""
    proxy, address = facts.get("proxy"), facts.get("address")
    peer, peer_port = proxy.rsplit(":", 1) if proxy else (endpoint.host, endpoint.port)
    is_literal = literal(peer.strip("[]")) is not None
    route = _route(facts)
    leased = not proxy and _is_leased(endpoint, settings, address)
    way = path = _path(route)
    detour = ""
    if leased and route["default"]:
        path += " (the default gateway; no more specific route exists)"
        detour = (
            "; if the line is not behind that gateway, set leased_line_gateway and leased_line_interface and run "
            "prepare_edge.yml"
        )
    expected = _join(endpoint.networks) or (address or "the address of " + endpoint.host)
    return {
        "host": endpoint.host,
        "port": endpoint.port,
        "target": where(endpoint.host, endpoint.port),
        "proxy": proxy or "none",
        "peer": peer.strip("[]"),
        "peer_port": peer_port,
        "address": address or endpoint.host,
        "where": where(address or peer.strip("[]"), int(peer_port)),
        "leased": leased,
        "way": way,
        "path": path,
        "is_it": f"check that {address} really is {peer}, and " if address and not is_literal else "",
        "port_option": "" if endpoint.port == 123 else f" port {endpoint.port}",
        "detour": detour,
        "next_hop": route["gateway"] or address or "of the node",
        "interface": route["interface"] or "the interface",
        "route_source": route["source"] or "",
        "expected_networks": expected,
        "expected": _expected(endpoint, settings) or "any address",
    }


def _route(facts):
    return (facts.get("routes") or {}).get(facts.get("address")) or unknown()


def _path(route):
    if not route["interface"]:
        return ""
    if not route["gateway"]:
        return f", sent directly on {route['interface']}"
    return f", sent through {route['gateway']} on {route['interface']}"


def _is_leased(endpoint, settings, address):
    if address:
        return endpoint.on_leased_line(address)
    return settings.wants_private(endpoint) or any(is_private(str(net.network_address)) for net in endpoint.networks)


def _expected(endpoint, settings):
    if endpoint.networks:
        return "an address in " + _join(endpoint.networks)
    if settings.wants_private(endpoint):
        return "a private address or one in 100.64.0.0/10"
    return ""


def _dns_words(facts):
    servers = facts.get("servers") or []
    rotate = facts.get("rotate")
    bad = next((one for one in servers[: None if rotate else 1] if one["outcome"] not in _GOOD_DNS), None)
    source = facts.get("source") or (servers[0]["server"] if servers else "DNS")
    return {
        "servers_said": ", ".join(f"{one['server']}: {one['outcome']}" for one in servers) or "no server",
        "first_server": servers[0]["server"] if servers else "NAMESERVER",
        "bad_server": bad["server"] if bad else "",
        "bad_outcome": bad["outcome"] if bad else "",
        "bad_which": "the nameserver" if rotate else "the first nameserver",
        "bad_lookups": f"one lookup in {len(servers)}" if rotate else "every lookup",
        "wait": f"up to {facts.get('wait') or 5} s",
        "order": f"; /etc/nsswitch.conf has 'hosts: {facts['order']}'" if facts.get("order") else "",
        "source": source,
        "addresses": _join(facts.get("addresses") or ["no address"]),
        "outside": _join(facts.get("outside") or ["another address"]),
        "searched": facts.get("searched") or "another name",
        "domain": facts.get("domain") or "a search domain",
        "ndots": facts.get("ndots") or 1,
        "aliases": ", alias " + _join(facts["cnames"]) if facts.get("cnames") else "",
    }


def _certificate_words(facts):
    certificate = facts.get("certificate") or {}
    return {
        "issuer": f"'{certificate['issuer']}'" if certificate.get("issuer") else "an unnamed issuer",
        "names": _join(certificate.get("names") or [certificate.get("subject") or "another name"]),
        "not_after": certificate.get("not_after") or "a day in the past",
        "not_before": certificate.get("not_before") or "a day in the future",
    }


def _packet_words(facts):
    mtu = facts.get("mtu") or _NOT_MEASURED
    echoes = [
        f"an ICMP echo of {one['size']} bytes is {one['outcome']}"
        for one in mtu["echo"]
        if one["outcome"] != "not possible"
    ]
    tried = f"; packets of {mtu['stalled'][0]} bytes stall too, so the MTU is not the cause" if mtu["stalled"] else ""
    return {
        "mtu_interface": mtu["interface"] or "unknown",
        "mtu_passed": max(mtu["passed"] or [0]),
        "mtu_tried": tried,
        "mtu_payload": (mtu["interface"] or 1500) - 28,
        "mtu_echo": ", ".join(echoes) or "no ICMP echo could be sent",
    }


def _join(items):
    texts = [str(item) for item in items]
    more = len(texts) - _SHOWN_NETWORKS
    return ", ".join(texts[:_SHOWN_NETWORKS]) + (f" and {more} more" if more > 0 else "")


def _data(trace, settings, words):
    """Return the facts of a verdict: always the same keys, empty where a stage was not reached."""
    endpoint, facts, route = trace.endpoint, trace.facts, _route(trace.facts)
    return {
        "host": endpoint.host,
        "port": endpoint.port,
        "ports": [],
        "protocol": endpoint.protocol,
        "purpose": endpoint.purpose,
        "confidence": endpoint.confidence,
        "networks": [str(network) for network in endpoint.networks],
        "expected": _expected(endpoint, settings),
        "stage": trace.stage,
        "problem": trace.problem or "",
        "addresses": facts.get("addresses") or [],
        "address": facts.get("address") or "",
        "attempts": facts.get("attempts") or [],
        "via": {
            "gateway": route["gateway"] or "",
            "interface": route["interface"] or "",
            "source": route["source"] or "",
            "default": route["default"],
            "proxy": facts.get("proxy") or "",
        },
        "dns": {
            "source": facts.get("source") or "",
            "servers": facts.get("servers") or [],
            "cnames": facts.get("cnames") or [],
        },
        "tls": dict(_NO_CERTIFICATE, **dict(facts.get("certificate") or {}, version=facts.get("tls_version") or "")),
        "mtu": facts.get("mtu") or _NOT_MEASURED,
        "http_status": facts.get("status") or 0,
        "ntp": facts.get("ntp") or {},
        "timings": dict(trace.timings),
    }
