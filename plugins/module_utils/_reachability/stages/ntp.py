# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""NTP (RFC 5905) as a client: an exchange, the offset of the clock, and what the server says of itself. Private."""

import socket
import struct

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop
from ansible_collections.ack_edge.node.plugins.module_utils._system.sockets import datagrams, printable, said, why

_PACKET = struct.Struct("!BBbbIII8s8s8s8s")
_CLIENT, _SERVER = 3, 4
_EPOCH = 2208988800  # seconds from 1900 to 1970
_ERA = 2**32
_ORIGIN = slice(24, 32)  # where an answer repeats the stamp of its request
_REPEAT = 1.0
# As many as a client may ask at once without being sent away.
_MOST_ANSWERS = 4
_UNSURE = "ntp.unsure"
_UNSYNCHRONISED_LEAP, _UNSYNCHRONISED_STRATUM = 3, 16


class NtpFormatError(ValueError):
    """The bytes are not an answer to our request."""


def pack_time(seconds):
    """Return seconds since 1970 as an NTP timestamp (8 bytes)."""
    fixed = round((seconds + _EPOCH) * _ERA) % (_ERA * _ERA)
    return struct.pack("!Q", fixed)


def unpack_time(data, near):
    """Return an NTP timestamp as seconds since 1970, in the era that lies nearest to ``near``."""
    seconds = struct.unpack("!Q", data)[0] / _ERA - _EPOCH
    return seconds + round((near - seconds) / _ERA) * _ERA


def build_request(stamp):
    """Return the 48 bytes of a request; ``stamp`` (8 bytes) comes back in the answer."""
    nothing = b"\0" * 8
    return _PACKET.pack(4 << 3 | _CLIENT, 0, 0, 0, 0, 0, 0, nothing, nothing, nothing, stamp)


def parse_reply(data, stamp, sent, received):
    """Return ``{offset, delay, stratum, leap, reference}``; ``offset`` is server minus node, in seconds.

    :arg stamp: what build_request() got.
    :arg sent, received: seconds since 1970 by the node's clock when the request left and the answer came.
    :raises NtpFormatError: for anything but the answer to this request.
    """
    if len(data) < _PACKET.size:
        raise NtpFormatError(f"the answer has {len(data)} bytes, expected at least 48")
    first, stratum, _poll, _precision, _delay, _dispersion, reference, _reftime, origin, receive, transmit = (
        _PACKET.unpack_from(data)
    )
    if first & 7 != _SERVER:
        raise NtpFormatError(f"the answer is of mode {first & 7}, not of a server")
    if origin != stamp:
        raise NtpFormatError("the answer belongs to another request")
    taken, given = unpack_time(receive, sent), unpack_time(transmit, sent)
    return {
        "offset": round(((taken - sent) + (given - received)) / 2, 6),
        "delay": round((received - sent) - (given - taken), 6),
        "stratum": stratum,
        "leap": first >> 6,
        "reference": _reference(stratum, struct.pack("!I", reference)),
    }


def _reference(stratum, data):
    # A kiss code or the name of a reference clock is text, a server further down names its own source by address.
    if stratum <= 1:
        return printable(data.rstrip(b"\0"))
    return socket.inet_ntoa(data)


def doubt(reply):
    """Return by how many seconds the offset of a reply may be wrong: half of what the packets were on their way.

    A packet may have waited on one way only, in a queue of the line or of this machine, and nobody knows on which.
    """
    return max(0.0, reply["delay"]) / 2


def judge(reply, max_offset):
    """Return the problem id of a reply, None for one to set a clock by."""
    if reply["stratum"] == 0:
        return "ntp.kiss"
    if reply["leap"] == _UNSYNCHRONISED_LEAP or reply["stratum"] >= _UNSYNCHRONISED_STRATUM:
        return "ntp.unsynchronised"
    offset = abs(reply["offset"])
    if offset - doubt(reply) > max_offset:
        return "ntp.far"
    return None if offset + doubt(reply) <= max_offset else _UNSURE


def exchange(address, port, timeout, max_offset, clock, wall):
    """Return parse_reply() of a server; where its delay leaves open what to say, that of the quickest of some answers.

    :arg timeout: seconds; a request is repeated every second, for a datagram may get lost.
    :arg max_offset: seconds that the clock may be off.
    :arg clock, wall: functions for monotonic seconds and for seconds since 1970.
    :raises Stop: ``ntp.silent``, ``ntp.garbled``, ``ntp.refused``, ``ntp.forbidden`` or ``ntp.unreachable``.
    """
    best, end = None, clock() + timeout
    try:
        with datagrams(address, port) as sock:
            asked = {}
            for _unused in range(_MOST_ANSWERS):
                reply = _ask(sock, asked, end, clock, wall)
                best = _better(best, reply, max_offset)
                if judge(best, max_offset) != _UNSURE:
                    break
    except (OSError, Stop) as error:
        if best is None:
            raise (error if isinstance(error, Stop) else Stop("ntp." + why(error), error=said(error))) from None
    return best


def _better(best, reply, max_offset):
    """Return the one of two replies that says more of the clock; a server that answers too often asked says nothing."""
    if best is None:
        return reply
    worse = judge(reply, max_offset) in ("ntp.kiss", "ntp.unsynchronised") or reply["delay"] >= best["delay"]
    return best if worse else reply


def _ask(sock, asked, end, clock, wall):
    """Return the next reply; ``asked`` is {stamp: seconds since 1970} of all requests so far."""
    garbled = None
    while clock() < end:
        sent = wall()
        stamp = pack_time(sent)
        asked[stamp] = sent
        sock.send(build_request(stamp))
        repeat = min(end, clock() + _REPEAT)
        while clock() < repeat:
            sock.settimeout(max(0.01, repeat - clock()))
            try:
                data, received = sock.recv(1024), wall()
                # A slow answer may belong to an earlier request.
                stamp = data[_ORIGIN] if data[_ORIGIN] in asked else stamp
                return parse_reply(data, stamp, asked[stamp], received)
            except socket.timeout:
                break
            except NtpFormatError as error:
                garbled = str(error)
    if garbled:
        raise Stop("ntp.garbled", error=garbled)
    raise Stop("ntp.silent")
