# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a name resolves to on this node, and which nameserver says so. Private to the collection.

getaddrinfo() answers 'Name or service not known' to a dead server, a refusing one and a wrong name alike. Here every
nameserver of the node is asked itself, all at the same time, and the answer is taken that the C library would take:
that of the first server in order that answers at all (an error code other than NXDOMAIN counts as none).
"""

import random
import select
import socket
import struct
import threading
import time

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.endpoint import literal
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import dns
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop

# Seconds between repetitions of a question, for a datagram may get lost.
_REPEAT = 1.0
# Seconds that an earlier server may be later than one behind it before it counts as silent.
_GRACE = 2.0
_LONGEST = 253  # characters of a name
_DEFINITIVE = ("answer", "nxdomain", "empty")
_random = random.SystemRandom()


class Resolution:
    """Where a name leads.

    :ivar addresses: texts, IPv4 first.
    :ivar cnames: aliases on the way.
    :ivar source: ``literal``, ``/etc/hosts``, the address of a nameserver, or ``getaddrinfo``.
    :ivar servers: ``[{server, outcome, ms}]``, one per nameserver that was asked.
    """

    def __init__(self, addresses, source, cnames=(), servers=()):
        self.addresses, self.source = list(addresses), source
        self.cnames, self.servers = list(cnames), list(servers)


def by_name(records):
    """Return ``{name: [address]}`` of the records of a hosts file."""
    names = {}
    for record in records:
        for name in record.names if literal(record.address) else []:
            known = names.setdefault(name.rstrip(".").lower(), [])
            if record.address not in known:
                known.append(record.address)
    return names


class Resolver:
    """Resolves as the node does.

    :arg conf: ResolvConf of the node.
    :arg hosts: ``{name: [address]}`` of /etc/hosts.
    :arg timeout: seconds for one name in all.
    :arg servers: list of (address, port) in the place of the nameservers of conf.
    """

    def __init__(self, conf, hosts, timeout, servers=None, clock=time.monotonic):
        self._conf, self._hosts, self._timeout, self._clock = conf, hosts, timeout, clock
        self._servers = [(address, 53) for address in conf.nameservers] if servers is None else servers

    def resolve(self, host):
        """Return the Resolution of a host in lower case.

        :raises Stop: ``dns.timeout``, ``dns.nxdomain``, ``dns.empty``, ``dns.servfail``, ``dns.unusable``,
            ``dns.search`` or ``dns.getaddrinfo``.
        """
        if literal(host):
            return Resolution([host], "literal")
        if host in self._hosts:
            return Resolution(self._hosts[host], "/etc/hosts")
        # A short name needs the search list, and where no server is configured something else resolves: both are the
        # C library's business.
        if not self._servers or "." not in host:
            return _getaddrinfo(host)
        end = self._clock() + self._timeout
        domain, found = self._in_domains(host, end)
        if found is None:
            return self._query(host, end)
        try:
            own = self._query(host, end)
        except Stop:
            return found
        if set(own.addresses) != set(found.addresses):
            raise Stop(
                "dns.search",
                searched=_within(host, domain),
                domain=domain,
                ndots=self._conf.ndots,
                outside=found.addresses,
                source=found.source,
                servers=found.servers,
            )
        return own

    def _in_domains(self, host, end):
        """Return (domain, Resolution) of the first search domain that has the name, where the C library looks there.

        (None, None) where none has it, or the name has dots enough to be looked for as it is.
        """
        for domain in self._conf.search if host.count(".") < self._conf.ndots else []:
            if len(_within(host, domain)) > _LONGEST:
                continue
            try:
                return domain, self._query(_within(host, domain), end)
            except Stop:
                continue
        return None, None

    def _query(self, name, end):
        asked = [_Asked(server, name) for server in self._servers]
        try:
            if self._conf.use_vc:
                _ask_over_tcp(asked, self._clock, end)
            else:
                _ask(asked, self._clock, end)
        finally:
            for one in asked:
                one.close()
        return _conclude(asked)


def _within(host, domain):
    return f"{host}.{domain.strip('.').lower()}"


def _getaddrinfo(host):
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Stop("dns.getaddrinfo", error=getattr(error, "strerror", None) or str(error), servers=[]) from None
    return Resolution(sorted({item[4][0] for item in found}, key=lambda text: (":" in text, text)), "getaddrinfo")


def _ask_over_tcp(asked, clock, last):
    """Ask as 'options use-vc' wants it: all servers at the same time."""
    threads = [threading.Thread(target=one.ask_over_tcp, args=(clock, last), daemon=True) for one in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _ask(asked, clock, last):
    start = clock()
    answered = None
    for one in asked:
        one.open(start)
    repeat = start + _REPEAT
    while True:
        now = clock()
        if answered is None and any(one.outcome in _DEFINITIVE for one in asked):
            answered = now
        end = min(last, answered + _GRACE) if answered is not None else last
        if _settled(asked) or now >= end:
            break
        if now >= repeat:
            repeat = now + _REPEAT
            for one in asked:
                one.send()
        waiting = [one.socket for one in asked if one.outcome is None]
        for ready in select.select(waiting, [], [], max(0.0, min(end, repeat) - now))[0]:
            next(one for one in asked if one.socket is ready).receive(clock, last)
    silent_after = not _settled(asked)
    for one in asked:
        one.finish(silent_after)


def _settled(asked):
    """Return whether a later answer can no longer change what the C library would take."""
    for one in asked:
        if one.outcome is None:
            return False
        if one.outcome in _DEFINITIVE:
            return True
    return True


def _conclude(asked):
    servers = [{"server": one.server[0], "outcome": one.outcome, "ms": one.ms} for one in asked]
    for one in asked:
        if one.outcome == "answer":
            return Resolution(one.addresses(), one.server[0], one.cnames(), servers)
        if one.outcome in _DEFINITIVE:
            raise Stop("dns." + one.outcome, servers=servers, server=one.server[0], cnames=one.cnames())
    outcomes = {one.outcome for one in asked}
    problem = "dns.unusable"
    if outcomes == {"silent"}:
        problem = "dns.timeout"
    elif "SERVFAIL" in outcomes:
        problem = "dns.servfail"
    raise Stop(problem, servers=servers)


def _no_stream(error):
    if isinstance(error, socket.timeout):
        return "silent"
    return _unreachable(error) if error.errno else "no answer over TCP"


def _unreachable(error):
    return "nothing listens" if isinstance(error, ConnectionRefusedError) else "unreachable"


class _Asked:
    """One nameserver that is asked for A and AAAA of one name.

    ``outcome`` is None while it owes an answer, then: answer, nxdomain, empty; SERVFAIL or another code; unreachable,
    nothing listens, garbled, silent; ``not awaited`` where an earlier server had answered.
    """

    def __init__(self, server, name):
        self.server, self._name = server, name
        self.socket = self.outcome = self.ms = self._garbled = None
        self._replies, self._start = {}, None
        first, second = _random.sample(range(65536), 2)
        self._identities = {dns.A: first, dns.AAAA: second}

    def open(self, now):
        """Send the questions; a server that cannot be reached has its outcome at once."""
        self._start = now
        try:
            found = socket.getaddrinfo(
                self.server[0], self.server[1], type=socket.SOCK_DGRAM, flags=socket.AI_NUMERICHOST
            )[0]
            self.socket = socket.socket(found[0], socket.SOCK_DGRAM)
            self.socket.setblocking(False)
            # Connected, so that only this server is heard and that ICMP errors arrive here.
            self.socket.connect(found[4])
        except (OSError, UnicodeError) as error:
            self.outcome = _unreachable(error)
            return
        self.send()

    def send(self):
        """Send the questions that are not answered yet."""
        if self.outcome is not None:
            return
        try:
            for qtype, identity in self._identities.items():
                if qtype not in self._replies:
                    self.socket.send(dns.build_query(self._name, qtype, identity))
        except BlockingIOError:
            return
        except OSError as error:
            self.outcome = _unreachable(error)

    def receive(self, clock, end):
        """Take one datagram; ``end`` bounds the repetition over TCP of an answer that did not fit into it."""
        try:
            data = self.socket.recv(65535)
        except BlockingIOError:
            return
        except OSError as error:
            self.outcome = _unreachable(error)
            return
        for qtype, identity in self._identities.items():
            if identity == dns.reply_identity(data):
                self._take(qtype, data, clock, end)
        self.outcome = self._judge()
        if self.ms is None and self.outcome is not None:
            self.ms = round((clock() - self._start) * 1000, 1)

    def ask_over_tcp(self, clock, end):
        """Ask without a datagram; a server that is not reached has that as its outcome."""
        self._start = clock()
        for qtype, identity in self._identities.items():
            try:
                data = _over_tcp(self.server, dns.build_query(self._name, qtype, identity), clock, end)
            except OSError as error:
                self._garbled = _no_stream(error)
                break
            self._take(qtype, data, clock, end)
        self.outcome = self._judge()
        self.ms = round((clock() - self._start) * 1000, 1)
        self.finish(True)

    def _take(self, qtype, data, clock, end):
        identity = self._identities[qtype]
        try:
            reply = dns.parse_reply(data, self._name, qtype, identity)
            if reply.truncated:
                whole = _over_tcp(self.server, dns.build_query(self._name, qtype, identity), clock, end)
                reply = dns.parse_reply(whole, self._name, qtype, identity)
        except dns.DnsFormatError:
            self._garbled = "garbled"
        except OSError:
            self._garbled = "no answer over TCP"
        else:
            self._replies[qtype] = reply

    def _judge(self):
        """Return the outcome, None while more has to come."""
        replies = list(self._replies.values())
        if len(replies) < len(self._identities):
            return None
        # Some servers say NXDOMAIN to AAAA for a name that has an A record.
        if self.addresses():
            return "answer"
        if any(reply.rcode == dns.NXDOMAIN for reply in replies):
            return "nxdomain"
        for reply in replies:
            if reply.rcode != dns.NOERROR:
                return dns.RCODES.get(reply.rcode, f"rcode {reply.rcode}")
        return "empty"

    def finish(self, time_is_up):
        """Set an outcome where none came."""
        if self.outcome is not None:
            return
        if not time_is_up:
            self.outcome = "not awaited"
        elif self.addresses():
            # Some servers never answer to AAAA; what they said to A is good.
            self.outcome = "answer"
        elif any(reply.rcode == dns.NXDOMAIN for reply in self._replies.values()):
            self.outcome = "nxdomain"
        else:
            self.outcome = self._garbled or "silent"

    def addresses(self):
        """Return the addresses of good replies, IPv4 first."""
        good = [self._replies[qtype] for qtype in (dns.A, dns.AAAA) if qtype in self._replies]
        return [address for reply in good if reply.rcode == dns.NOERROR for address in reply.addresses]

    def cnames(self):
        """Return the aliases on the way."""
        return next((reply.cnames for reply in self._replies.values() if reply.cnames), [])

    def close(self):
        """Close the socket."""
        if self.socket is not None:
            self.socket.close()


def _over_tcp(server, query, clock, end):
    """Return the answer over TCP. Raises OSError, also when time is up."""
    connection = socket.create_connection(server, timeout=max(0.05, end - clock()))
    try:
        connection.sendall(struct.pack("!H", len(query)) + query)
        length = struct.unpack("!H", _exactly(connection, 2, clock, end))[0]
        return _exactly(connection, length, clock, end)
    finally:
        connection.close()


def _exactly(connection, count, clock, end):
    data = b""
    while len(data) < count:
        connection.settimeout(max(0.05, end - clock()))
        part = connection.recv(count - len(data))
        if not part or clock() > end:
            raise OSError("the connection ended early")
        data += part
    return data
