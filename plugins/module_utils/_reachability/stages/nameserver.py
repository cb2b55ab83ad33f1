# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One nameserver that is asked for the addresses of one name, over UDP or TCP. Private to the collection."""

import random
import socket
import struct

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import dns

_random = random.SystemRandom()


def _no_stream(error):
    if isinstance(error, socket.timeout):
        return "silent"
    return _unreachable(error) if error.errno else "no answer over TCP"


def _unreachable(error):
    return "nothing listens" if isinstance(error, ConnectionRefusedError) else "unreachable"


class Asked:
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
