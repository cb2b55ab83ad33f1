# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node and a client in network namespaces of their own, with listeners on the one and probes from the other.

The client's addresses stand for an allowed and another source.
"""

import os
import subprocess
import sys
import uuid

import pytest

ALLOWED, OTHER, NODE = "10.213.1.2", "10.213.2.2", "10.213.0.1"
ALLOWED6, OTHER6, NODE6 = "fd13:213:1::2", "fd13:213:2::2", "fd13:213::1"
PORT, UNNAMED = 10250, 10251
# What is reached where the allowed sources are let in and nobody else.
OPEN = {("allowed", "tcp"), ("allowed6", "tcp"), ("allowed", "udp")}
LISTENER = """
import socket, threading
def tcp(family, port):
    listener = socket.create_server(("", port), family=family)
    while True:
        listener.accept()[0].close()
def udp(port):
    echo = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    echo.bind(("", port))
    while True:
        data, peer = echo.recvfrom(100)
        echo.sendto(data, peer)
for port in (10250, 10251):
    for family in (socket.AF_INET, socket.AF_INET6):
        threading.Thread(target=tcp, args=(family, port)).start()
threading.Thread(target=udp, args=(8472,)).start()
print("ready", flush=True)
"""
PROBE = """
import socket, sys
kind, source, target, port = sys.argv[1:]
family = socket.AF_INET6 if ":" in target else socket.AF_INET
probe = socket.socket(family, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)
probe.settimeout(0.7)
probe.bind((source, 0))
probe.connect((target, int(port)))
if kind == "udp":
    probe.send(b"x")
    probe.recv(10)
"""


SKIP = "ACK_EDGE_SKIP_ROOT_TESTS"


def need_root():
    """Fail a test that makes network namespaces where it is not root's; it is left out only where somebody says so."""
    if os.geteuid() != 0:
        if os.environ.get(SKIP):
            pytest.skip(f"needs root for network namespaces, and {SKIP} is set")
        pytest.fail(f"needs root for network namespaces; run it as root, or set {SKIP}=1 to leave it out")


def sh(*argv, stdin=None):
    done = subprocess.run(argv, input=stdin, check=False, capture_output=True, text=True)
    assert done.returncode == 0, f"{argv}: {done.stdout}{done.stderr}"
    return done.stdout


class PacketLab:
    """The two namespaces; whoever makes one closes it."""

    def __init__(self):
        tag = uuid.uuid4().hex[:6]
        self.node_ns, self.client_ns = f"ackfw-n{tag}", f"ackfw-c{tag}"
        for name in (self.node_ns, self.client_ns):
            sh("ip", "netns", "add", name)
            sh("ip", "-n", name, "link", "set", "lo", "up")
        pair = ("link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", self.client_ns)
        sh("ip", "-n", self.node_ns, *pair)
        for name, addresses in (
            (self.node_ns, [NODE + "/16", NODE6 + "/32"]),
            (self.client_ns, [ALLOWED + "/16", OTHER + "/16", ALLOWED6 + "/32", OTHER6 + "/32"]),
        ):
            for address in addresses:
                nodad = ["nodad"] if ":" in address else []
                sh("ip", "-n", name, "address", "add", address, "dev", "eth0", *nodad)
            sh("ip", "-n", name, "link", "set", "eth0", "up")
        self.listener = subprocess.Popen(
            ["ip", "netns", "exec", self.node_ns, sys.executable, "-c", LISTENER], stdout=subprocess.PIPE, text=True
        )
        assert self.listener.stdout.readline() == "ready\n"

    def close(self):
        self.listener.kill()
        self.listener.communicate()
        for name in (self.node_ns, self.client_ns):
            sh("ip", "netns", "delete", name)

    def reached(self):
        return {
            (name, kind)
            for name, source, port, kind in (
                ("allowed", ALLOWED, PORT, "tcp"),
                ("other", OTHER, PORT, "tcp"),
                ("allowed6", ALLOWED6, PORT, "tcp"),
                ("other6", OTHER6, PORT, "tcp"),
                ("unnamed", ALLOWED, UNNAMED, "tcp"),
                ("allowed", ALLOWED, 8472, "udp"),
                ("other", OTHER, 8472, "udp"),
            )
            if self.reaches(source, port, kind)
        }

    def reaches(self, source, port=PORT, kind="tcp"):
        probe = [sys.executable, "-c", PROBE, kind, source, NODE6 if ":" in source else NODE, str(port)]
        done = subprocess.run(["ip", "netns", "exec", self.client_ns, *probe], check=False, capture_output=True)
        return done.returncode == 0
