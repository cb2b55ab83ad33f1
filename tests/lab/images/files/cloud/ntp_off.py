# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ntp_off.py SECONDS: answers every NTP request with a clock that is so far ahead. chronyd cannot be told to lie."""

import socket
import struct
import sys
import time

NTP_EPOCH = 2208988800  # seconds from 1900 to 1970


def timestamp(offset):
    """Return now + offset as the 64 bits of an NTP timestamp."""
    now = time.time() + NTP_EPOCH + offset
    return struct.pack("!II", int(now), int((now % 1) * 2**32))


def main():
    offset = float(sys.argv[1])
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    # The answer must leave with the address that was asked; on AnyIP addresses the kernel would choose another.
    server.setsockopt(socket.IPPROTO_IP, socket.IP_PKTINFO if hasattr(socket, "IP_PKTINFO") else 8, 1)
    server.bind(("", 123))
    while True:
        request, ancillary, _flags, peer = server.recvmsg(1024, 256)
        received = timestamp(offset)
        if len(request) < 48:
            continue
        # version 4, server, stratum 3, poll 6, precision 2^-20; root delay and dispersion 0; reference id "LAB"
        header = struct.pack("!BBbbII4s", 0x24, 3, 6, -20, 0, 0, b"LAB\0")
        answer = header + received + request[40:48] + received + timestamp(offset)
        # pktinfo: interface 0 (let the routes decide), source address as it was asked
        asked = [data for level, kind, data in ancillary if level == socket.IPPROTO_IP and kind == 8]
        source = struct.pack("=i4s4s", 0, asked[0][8:12], bytes(4)) if asked else b""
        server.sendmsg([answer], [(socket.IPPROTO_IP, 8, source)] if source else [], 0, peer)


if __name__ == "__main__":
    main()
