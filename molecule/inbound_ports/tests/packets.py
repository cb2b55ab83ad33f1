# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs in the nodes and the clients, with their own Python: ports that answer, and who reaches them.

packets.py serve            answers on all ports until standard input ends; says "ready"
packets.py reach ADDRESS    prints a JSON list of the ports that answered, e.g. ["tcp/22", "udp/8472"]
"""

import json
import socket
import sys
import threading

# Of the set, of the site (12345), of nobody (10248, 8473), and sshd's, which is not served here.
TCP = (10250, 10255, 9100, 9445, 10248, 12345)
UDP = (8472, 8473)
SSH = 22
# How long an answer may take, in seconds: on a busy machine sshd needs more than one for its greeting.
PATIENCE = 4


def serve():
    for port in TCP:
        server = socket.socket()
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("", port))
        server.listen(8)
        threading.Thread(target=_answer_tcp, args=(server,), daemon=True).start()
    for port in UDP:
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind(("", port))
        threading.Thread(target=_answer_udp, args=(server,), daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()


def _answer_tcp(server):
    while True:
        server.accept()[0].sendall(b"here")


def _answer_udp(server):
    while True:
        data, peer = server.recvfrom(16)
        server.sendto(data, peer)


def reach(address):
    reached = []
    names = [("tcp", port) for port in (SSH, *TCP)] + [("udp", port) for port in UDP]
    threads = [threading.Thread(target=_try, args=(address, name, port, reached)) for name, port in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(sorted(reached)))


def _try(address, protocol, port, reached):
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    with socket.socket(socket.AF_INET, kind) as client:
        client.settimeout(PATIENCE)
        try:
            client.connect((address, port))
            if protocol == "udp":
                client.send(b"here")
            if client.recv(4):
                reached.append(f"{protocol}/{port}")
        except OSError:
            # Dropped, rejected or refused: not reached.
            return


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
