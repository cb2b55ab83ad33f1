# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of one endpoint: dns, address, route, then what its protocol asks for. Private to the collection.

Facts that a trace gathers, beside those of a Stop: ``addresses``, ``address`` (the one that was used), ``source``
(who named the addresses), ``servers``, ``rotate``, ``wait``, ``cnames`` (see Resolution), ``routes`` ({address: what
Router.lookup() said}), ``proxy`` (host:port), ``certificate``, ``tls_version``, ``mtu`` (see packets), ``status``
(HTTP), ``ntp``, ``bytes``.
"""

import threading
import time

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.attempts import try_each
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.endpoint import is_private, literal, within
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import ntp, tcp, udp
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import tls as _tls
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop

# Ends that a next hop may be the reason for, whatever else they may mean.
_NOTHING_CAME = (
    "tcp.timeout",
    "tcp.unreachable",
    "ntp.silent",
    "ntp.timeout",
    "ntp.unreachable",
    "udp.silent",
    "udp.timeout",
    "udp.unreachable",
)
# More than a service ever publishes; a wrong answer with hundreds of addresses must not cost hundreds of commands.
_MAX_ADDRESSES = 8


class Settings:
    """What holds for all endpoints of a call.

    :ivar timeout: seconds per stage; ``deadline`` seconds for all; ``threads`` how many endpoints at the same time.
    :ivar context: SSLContext for the handshake, ``verify`` whether it checks the certificate.
    :ivar proxy_for: function from Endpoint to Proxy or None.
    :ivar expect_private: whether names without published networks must resolve to private addresses.
    :ivar node_cidrs: networks (ip_network) that the cloud routes back to; [] for unknown.
    :ivar max_offset: seconds that the clock may be off.
    """

    def __init__(
        self,
        context,
        *,
        timeout=5.0,
        deadline=30.0,
        threads=32,
        verify=True,
        proxy_for=lambda endpoint: None,
        expect_private=False,
        node_cidrs=(),
        max_offset=1.0,
    ):
        self.context, self.verify, self.proxy_for = context, verify, proxy_for
        self.timeout, self.deadline, self.threads = timeout, deadline, threads
        self.expect_private, self.node_cidrs, self.max_offset = expect_private, list(node_cidrs), max_offset

    def wants_private(self, endpoint):
        """Return whether the name of an endpoint has to resolve to a private address for want of a published one."""
        return (
            self.expect_private
            and not endpoint.networks
            and endpoint.protocol != "ntp"
            and literal(endpoint.host) is None
        )


class Once:
    """Calls a function once per argument, also if several threads ask for it at the same time."""

    def __init__(self, function):
        self._function, self._lock, self._results = function, threading.Lock(), {}

    def __call__(self, argument):
        with self._lock:
            lock, box = self._results.setdefault(argument, (threading.Lock(), []))
        with lock:
            if not box:
                try:
                    box.append((self._function(argument), None))
                except Stop as stop:
                    box.append((None, stop))
        result, stopped = box[0]
        if stopped is not None:
            raise Stop(stopped.problem, **stopped.facts)
        return result


class Walker:
    """Walks endpoints through their stages.

    :arg resolve: function from a host to a Resolution, raises Stop.
    :arg route: function from an address to what Router.lookup() returns.
    :arg connect: function from (address, port, seconds) to a connected socket, raises Stop.
    :arg is_silent: function from (next hop, interface) to whether that gives no answer; None if nobody shall look.
    :arg measure: like packets.Meter: which packet sizes pass; None if nobody shall look.
    :arg clock, wall: functions for monotonic seconds and for seconds since 1970.
    """

    def __init__(
        self,
        settings,
        resolve,
        route,
        *,
        connect=tcp.connect,
        is_silent=None,
        measure=None,
        clock=time.monotonic,
        wall=time.time,
    ):
        self.settings, self.clock, self._wall = settings, clock, wall
        self._resolve, self._route, self._connect, self._measure = Once(resolve), Once(route), connect, measure
        self._is_silent = Once(lambda way: is_silent(*way)) if is_silent else None
        self._protocols = {"tcp": self._tcp, "tls": self._tls, "https": self._https, "ntp": self._ntp, "udp": self._udp}

    def walk(self, trace):
        """Walk one endpoint to its end; everything that happens is in its trace, nothing is raised."""
        try:
            proxy = self.settings.proxy_for(trace.endpoint) if trace.endpoint.is_stream else None
            addresses = self._find(trace, proxy)
            self._protocols[trace.endpoint.protocol](trace, addresses, proxy)
        except Stop as stop:
            trace.stop(self._at_the_next_hop(trace, stop))
        except Exception as error:  # one mistake of ours must not take the verdicts of the others with it
            trace.stop(Stop("internal", error=f"{type(error).__name__}: {error}"))

    def _at_the_next_hop(self, trace, stop):
        """Return the Stop, or one at the route where nothing came back because already the next hop is not there."""
        way = (trace.facts.get("routes") or {}).get(stop.facts.get("address"))
        if stop.problem not in _NOTHING_CAME or way is None or not way["interface"] or self._is_silent is None:
            return stop
        if not self._is_silent((way["gateway"] or stop.facts["address"], way["interface"])):
            return stop
        trace.stage = "route"
        return Stop("route.next_hop", **stop.facts)

    def _find(self, trace, proxy):
        """Return the addresses to try: those of the endpoint, or of the proxy that carries the way to it."""
        endpoint = trace.endpoint
        if proxy:
            trace.facts["proxy"] = proxy.label
        with trace.at("dns"):
            found = self._resolve(proxy.host if proxy else endpoint.host)
        trace.facts.update(addresses=found.addresses, source=found.source, servers=found.servers, cnames=found.cnames)
        trace.facts.update(rotate=found.rotate, wait=found.wait)
        addresses = found.addresses
        if not proxy:
            with trace.at("address"):
                addresses = self._check_addresses(endpoint, addresses)
        with trace.at("route"):
            return self._usable(trace, addresses[:_MAX_ADDRESSES])

    def _check_addresses(self, endpoint, addresses):
        """Return the addresses to try: those of the families that the networks have, if there are any of them.

        DNS64 and dual-stack names give IPv6 addresses where only IPv4 is published; they say nothing about the way.
        """
        if endpoint.networks:
            versions = {network.version for network in endpoint.networks}
            comparable = [address for address in addresses if (6 if ":" in address else 4) in versions]
            addresses = comparable or addresses
            outside = [address for address in addresses if not within(address, endpoint.networks)]
            if outside:
                raise Stop("address.outside", outside=outside)
        elif self.settings.wants_private(endpoint):
            outside = [address for address in addresses if not is_private(address)]
            if outside:
                raise Stop("address.public", outside=outside)
        return addresses

    def _usable(self, trace, addresses):
        routes = {address: self._route(address) for address in addresses}
        usable = [address for address in addresses if routes[address]["error"] is None]
        trace.facts.update(routes=routes, address=(usable or addresses)[0])
        if not usable:
            raise Stop("route.none", error=routes[addresses[0]]["error"])
        return usable

    def _open(self, trace, addresses, proxy):
        """Return a socket that reaches the endpoint's port."""
        endpoint, port = trace.endpoint, proxy.port if proxy else trace.endpoint.port
        with trace.at("tcp"):
            address, sock = try_each(
                addresses, self.settings.timeout, self.clock, lambda address, share: self._connect(address, port, share)
            )
        trace.facts["address"] = address
        if proxy:
            with trace.at("proxy"):
                try:
                    tcp.tunnel(sock, proxy, tcp.where(endpoint.host, endpoint.port), self.settings.timeout, self.clock)
                except Stop:
                    sock.close()
                    raise
        return sock

    def _tcp(self, trace, addresses, proxy):
        self._open(trace, addresses, proxy).close()

    def _tls(self, trace, addresses, proxy):
        self._secure(trace, addresses, proxy).close()

    def _https(self, trace, addresses, proxy):
        sock = self._secure(trace, addresses, proxy)
        try:
            with trace.at("http"):
                status = tcp.http_status(
                    sock, tcp.where(trace.endpoint.host, trace.endpoint.port), self.settings.timeout, self.clock
                )
        finally:
            sock.close()
        trace.facts["status"] = status

    def _secure(self, trace, addresses, proxy):
        host, timeout = trace.endpoint.host, self.settings.timeout
        sock = self._open(trace, addresses, proxy)
        with trace.at("tls"):
            try:
                tls = _tls.handshake(sock, host, self.settings.context, timeout)
            except _tls.Untrusted as error:
                untrusted = error.error
            except Stop as stop:
                self._tell_why_it_stalls(trace, proxy, stop)
                raise
            else:
                trace.facts.update(tls_version=tls.version(), certificate=_tls.describe(tls.getpeercert(), host))
                return tls
        # A failed handshake hands out no certificate; a second one without any check shows what is wrong with it.
        certificate = self._peek(trace, proxy)
        problem, words = _tls.why_untrusted(untrusted, certificate, self._wall())
        # An API server or registry of the site has a CA of the site; those of the vendor have public ones.
        if (
            problem == "tls.unknown_ca"
            and trace.endpoint.confidence != "user"
            and _tls.is_foreign(certificate, host, self.settings.context)
        ):
            problem = "tls.intercepted"
        trace.stage = "tls"
        raise Stop(problem, certificate=certificate, error=words)

    def _tell_why_it_stalls(self, trace, proxy, stop):
        """Make a stalled handshake a matter of packet sizes where smaller packets pass."""
        if stop.problem != "tls.timeout" or proxy or self._measure is None:
            return
        address = trace.facts["address"]
        with trace.at("mtu"):
            trace.facts["mtu"] = self._measure(
                address,
                trace.endpoint.port,
                trace.endpoint.host,
                trace.facts["routes"][address]["interface"],
                self.settings.timeout,
            )
        trace.stage = "tls"
        if trace.facts["mtu"]["passed"]:
            stop.problem = "tls.mtu"

    def _peek(self, trace, proxy):
        probe = trace.cut(None)
        try:
            sock = self._open(probe, [trace.facts["address"]], proxy)
        except Stop:
            return {}
        return _tls.peek(sock, trace.endpoint.host, self.settings.timeout)

    def _ntp(self, trace, addresses, _proxy):
        with trace.at("ntp"):
            address, reply = try_each(
                addresses,
                self.settings.timeout,
                self.clock,
                lambda address, share: ntp.exchange(
                    address, trace.endpoint.port, share, self.settings.max_offset, self.clock, self._wall
                ),
            )
        trace.facts.update(address=address, ntp=reply)
        problem = ntp.judge(reply, self.settings.max_offset)
        if problem:
            raise Stop(problem)

    def _udp(self, trace, addresses, _proxy):
        with trace.at("udp"):
            address, size = try_each(
                addresses,
                self.settings.timeout,
                self.clock,
                lambda address, share: udp.probe(address, trace.endpoint.port, share, self.clock),
            )
        trace.facts.update(address=address, bytes=size)
