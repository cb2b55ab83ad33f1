# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a name resolves to on this node, and which nameserver says so. Private to the collection.

getaddrinfo() answers 'Name or service not known' to a dead server, a refusing one and a wrong name alike. Here every
nameserver of the node is asked itself, all at the same time, and the answer is taken that the C library would take:
that of the first server in order that answers at all (an error code other than NXDOMAIN counts as none), and of each
of them with 'options rotate'. What programs get is what counts in the end, see c_library.
"""

import select
import threading
import time

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.endpoint import literal
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import c_library
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages.nameserver import Asked
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop

# Seconds between repetitions of a question, for a datagram may get lost.
_REPEAT = 1.0
# Seconds that an earlier server may be later than one behind it before it counts as silent.
_GRACE = 2.0
_LONGEST = 253  # characters of a name
_DEFINITIVE = ("answer", "nxdomain", "empty")


class Resolution:
    """Where a name leads.

    :ivar addresses: texts, IPv4 first.
    :ivar cnames: aliases on the way.
    :ivar source: ``literal``, ``/etc/hosts``, the address of a nameserver, or ``getaddrinfo``.
    :ivar servers: ``[{server, outcome, ms}]``, one per nameserver that was asked.
    :ivar rotate: whether each of them is the first one now and then; ``wait`` seconds for one that is silent.
    """

    def __init__(self, addresses, source, cnames=(), servers=(), rotate=False, wait=0):
        self.addresses, self.source = list(addresses), source
        self.cnames, self.servers = list(cnames), list(servers)
        self.rotate, self.wait = rotate, wait


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
    :arg servers: list of (address, port) in the place of the nameservers of conf; the C library knows nothing of them,
        and is not asked.
    :arg order: whom the C library asks, as nsswitch.conf has it, for the words about it.
    """

    def __init__(self, conf, hosts, timeout, servers=None, clock=time.monotonic, order=""):
        self._conf, self._hosts, self._timeout, self._clock = conf, hosts, timeout, clock
        self._servers = [(address, 53) for address in conf.nameservers] if servers is None else servers
        self._order, self._is_real = order, servers is None

    def resolve(self, host):
        """Return the Resolution of a host in lower case.

        :raises Stop: ``dns.timeout``, ``dns.nxdomain``, ``dns.empty``, ``dns.servfail``, ``dns.unusable``,
            ``dns.search``, ``dns.rotate``, ``dns.library`` or ``dns.getaddrinfo``.
        """
        if literal(host):
            return Resolution([host], "literal")
        end = self._clock() + self._timeout
        question = c_library.Question(host) if self._is_real else None
        # A short name needs the search list, and where no server is configured something else resolves: both are the
        # C library's business.
        if host not in self._hosts and (not self._servers or "." not in host):
            return self._by_library(question or c_library.Question(host), end)
        found = Resolution(self._hosts[host], "/etc/hosts") if host in self._hosts else self._by_dns(host, end)
        return self._as_programs_get_it(found, question, end) if question else found

    def _by_library(self, question, end):
        addresses = question.answer(end - self._clock())
        if addresses is None:
            raise Stop("dns.getaddrinfo", error=f"no answer within {self._timeout:g} s", servers=[])
        return Resolution(addresses, "getaddrinfo")

    def _as_programs_get_it(self, found, question, end):
        """Return the Resolution with the addresses that programs of the node get."""
        beside = {"addresses": found.addresses, "source": found.source, "servers": found.servers, "order": self._order}
        try:
            addresses = question.answer(end - self._clock())
        except Stop as stop:
            raise Stop("dns.library", error=stop.facts["error"], **beside) from None
        if addresses is None:
            # It waits for a server before the one that answered, which is said beside the success.
            first = found.servers if found.rotate else found.servers[:1]
            if any(one["outcome"] not in _DEFINITIVE for one in first):
                return found
            longest = max(1, self._conf.timeout) * max(1, self._conf.attempts) * max(1, len(self._servers))
            late = f"no answer within {self._timeout:g} s (it may take up to {longest} s)"
            raise Stop("dns.library", error=late, **beside)
        if not set(addresses) & set(found.addresses):
            found.source = "the C library" + (f" ('hosts: {self._order}' in /etc/nsswitch.conf)" if self._order else "")
            found.cnames = []
        # In the order of DNS, where both have them: that of the C library depends on the addresses of this node. Where
        # servers take turns, it has asked one of them, and the next time it asks another.
        known = [address for address in found.addresses if found.rotate or address in addresses]
        found.addresses = known + [address for address in addresses if address not in known]
        return found

    def _by_dns(self, host, end):
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
        asked = [Asked(server, name) for server in self._servers]
        try:
            if self._conf.use_vc:
                _ask_over_tcp(asked, self._clock, end)
            else:
                _ask(asked, self._clock, end, _all_are_in if self._conf.rotate else _settled)
        finally:
            for one in asked:
                one.close()
        found = _conclude_of_each(asked) if self._conf.rotate else _conclude(asked)
        found.rotate, found.wait = self._conf.rotate, max(1, self._conf.timeout)
        return found


def _within(host, domain):
    return f"{host}.{domain.strip('.').lower()}"


def _ask_over_tcp(asked, clock, last):
    """Ask as 'options use-vc' wants it: all servers at the same time."""
    threads = [threading.Thread(target=one.ask_over_tcp, args=(clock, last), daemon=True) for one in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _ask(asked, clock, last, settled):
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
        if settled(asked) or now >= end:
            break
        if now >= repeat:
            repeat = now + _REPEAT
            for one in asked:
                one.send()
        waiting = [one.socket for one in asked if one.outcome is None]
        for ready in select.select(waiting, [], [], max(0.0, min(end, repeat) - now))[0]:
            next(one for one in asked if one.socket is ready).receive(clock, last)
    silent_after = not settled(asked)
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


def _all_are_in(asked):
    return all(one.outcome is not None for one in asked)


def _said(asked):
    return [{"server": one.server[0], "outcome": one.outcome, "ms": one.ms} for one in asked]


def _conclude_of_each(asked):
    """Return a Resolution with what any of the servers says: with 'options rotate' programs get each answer in turn."""
    answering = [one for one in asked if one.outcome == "answer"]
    denying = [one for one in asked if one.outcome in _DEFINITIVE and one not in answering]
    if answering and denying:
        raise Stop("dns.rotate", servers=_said(asked))
    found = _conclude(asked)
    for one in answering:
        found.addresses += [address for address in one.addresses() if address not in found.addresses]
    if any(set(one.addresses()) != set(found.addresses) for one in answering):
        found.source = " and ".join(one.server[0] for one in answering)
    return found


def _conclude(asked):
    servers = _said(asked)
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
