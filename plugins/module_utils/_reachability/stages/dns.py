# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""DNS messages (RFC 1035) as far as a stub resolver needs them: build a question, read an answer. Pure; private."""

import ipaddress
import struct

A, CNAME, AAAA = 1, 5, 28
NOERROR, SERVFAIL, NXDOMAIN, REFUSED = 0, 2, 3, 5
RCODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
_IN = 1
_HEADER = struct.Struct("!HHHHHH")
_RECORD = struct.Struct("!HHIH")
_RESPONSE, _TRUNCATED, _RECURSION_DESIRED = 0x8000, 0x0200, 0x0100
# More aliases than any sane zone has; resolvers give up at about this depth too.
_MAX_CHAIN = 16


class DnsFormatError(ValueError):
    """The bytes are not an answer to the question that was asked."""


class Reply:
    """An answer: ``rcode`` (int), ``truncated`` (bool), ``cnames`` (aliases in their order), ``addresses`` (texts)."""

    def __init__(self, rcode, truncated, cnames, addresses):
        self.rcode, self.truncated, self.cnames, self.addresses = rcode, truncated, cnames, addresses


def build_query(name, qtype, identity):
    """Return the bytes of a recursive question.

    :arg name: host name, with or without the last dot.
    :arg qtype: A or AAAA.
    :arg identity: 16 bit number that the answer must repeat.
    :raises ValueError: for a name that DNS cannot carry.
    """
    labels = [label.encode("ascii") for label in name.rstrip(".").split(".")]
    if not all(1 <= len(label) <= 63 for label in labels) or sum(len(label) + 1 for label in labels) > 254:
        raise ValueError(f"{name!r} is not a valid DNS name: a label has 1 to 63 characters, a name at most 253")
    question = b"".join(struct.pack("!B", len(label)) + label for label in labels) + b"\0"
    return _HEADER.pack(identity, _RECURSION_DESIRED, 1, 0, 0, 0) + question + struct.pack("!HH", qtype, _IN)


def reply_identity(data):
    """Return the 16 bit number of a message, None if it has none."""
    return struct.unpack_from("!H", data)[0] if len(data) >= 2 else None


def parse_reply(data, name, qtype, identity):
    """Return the Reply in ``data`` to the question that build_query() made of the other arguments.

    :raises DnsFormatError: if it is malformed or answers something else; no other exception, whatever the bytes are.
    """
    try:
        return _parse(data, name.rstrip(".").lower(), qtype, identity)
    except (struct.error, IndexError):
        raise DnsFormatError("the message ends too early") from None


def _parse(data, name, qtype, identity):
    found, flags, questions, answers = _HEADER.unpack_from(data)[:4]
    if found != identity or not flags & _RESPONSE:
        raise DnsFormatError("the message is not the answer to our question")
    rcode, truncated = flags & 0xF, bool(flags & _TRUNCATED)
    offset = _HEADER.size
    if questions == 0 and rcode != NOERROR:
        # Some servers leave the question out when they refuse.
        return Reply(rcode, truncated, [], [])
    asked, offset = _read_name(data, offset)
    if questions != 1 or asked != name or struct.unpack_from("!HH", data, offset) != (qtype, _IN):
        raise DnsFormatError("the message answers another question")
    aliases, addresses = _read_answers(data, offset + 4, answers, qtype, truncated)
    cnames = _follow(name, aliases)
    return Reply(rcode, truncated, cnames, addresses.get(cnames[-1] if cnames else name, []))


def _read_answers(data, offset, count, qtype, truncated):
    aliases, addresses = {}, {}
    for _unused in range(count):
        # A truncated message may end in the middle of a record, and may count records that it does not hold.
        if truncated and offset >= len(data):
            break
        owner, offset = _read_name(data, offset)
        kind, klass, _unused_ttl, length = _RECORD.unpack_from(data, offset)
        offset += _RECORD.size
        value = data[offset : offset + length]
        if len(value) != length:
            raise DnsFormatError("a record ends too early")
        if klass == _IN and kind == CNAME:
            aliases[owner] = _read_name(data, offset)[0]
        elif klass == _IN and kind == qtype:
            addresses.setdefault(owner, []).append(_address(qtype, value))
        offset += length
    return aliases, addresses


def _address(qtype, value):
    if len(value) != (4 if qtype == A else 16):
        raise DnsFormatError(f"an address record has {len(value)} bytes")
    return str(ipaddress.ip_address(bytes(value)))


def _follow(name, aliases):
    chain = []
    while name in aliases:
        name = aliases[name]
        if name in chain or len(chain) == _MAX_CHAIN:
            raise DnsFormatError("the aliases of the name lead in a circle")
        chain.append(name)
    return chain


def _read_name(data, offset):
    """Return (name in lower case, offset after it). Pointers must lead backward, so that reading ends."""
    labels, after, limit, total = [], None, offset, 0
    while True:
        length = data[offset]
        if length & 0xC0 == 0xC0:
            target = struct.unpack_from("!H", data, offset)[0] & 0x3FFF
            if target >= limit:
                raise DnsFormatError("a compressed name does not lead backward")
            after = offset + 2 if after is None else after
            offset = limit = target
        elif length > 63:
            raise DnsFormatError("a label has an unknown kind")
        elif length == 0:
            return ".".join(labels), offset + 1 if after is None else after
        else:
            label = data[offset + 1 : offset + 1 + length]
            total += length + 1
            if len(label) != length or total > 254:
                raise DnsFormatError("a name ends too early or is too long")
            # Escaped, so that a dot inside a label is no separator and a control character never reaches a terminal.
            text = label.decode("latin-1").encode("unicode_escape").decode("ascii")
            labels.append(text.replace(".", "\\.").lower())
            offset += 1 + length
