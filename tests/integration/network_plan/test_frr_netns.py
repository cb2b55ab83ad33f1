# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Three network namespaces: a node, a router with FRR that knows no way, and the cloud with an address of every prefix.

Without the plan no prefix is reached, with its FRR file each is, and after the take-out commands none is again.
No packet leaves the namespaces.
"""

import contextlib
import ipaddress
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import uuid

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.registry import BY_NAME
from fakes.plan_formats import plan
from fakes.plan_parsers import SHOW, TAKE_OUT, part
from helpers_packets import need_root, sh

PORT = 443
LISTENER = f"""
import socket
listener = socket.create_server(("::", {PORT}), family=socket.AF_INET6, dualstack_ipv6=True)
print("ready", flush=True)
while True:
    listener.accept()[0].close()
"""
PROBE = f"""
import concurrent.futures, socket, sys
def reached(address):
    try:
        socket.create_connection((address, {PORT}), timeout=2).close()
    except OSError:
        return False
    return True
addresses = sys.argv[1:]
with concurrent.futures.ThreadPoolExecutor(len(addresses)) as pool:
    for address, found in zip(addresses, pool.map(reached, addresses)):
        if found:
            print(address)
"""
# What the site has already; it has to be the same before and after.
OWN = ["ip route 203.0.113.0/24 10.255.0.1 tag 7", "ip prefix-list SITE seq 5 permit 203.0.113.0/24"]
FAMILIES = {
    "ipv4": {"node_cidrs": ["10.20.0.0/16"], "next_hop": "10.255.0.1", "vrf": None},
    "ipv6": {
        "node_cidrs": ["10.20.0.0/16", "2001:db8:20::/48"],
        "vpc_cidrs": ["192.168.0.0/16", "2408:4000:1:200::/56"],
        "next_hop": "2001:db8:ff::1",
        "vrf": None,
    },
}
FRR_RUN = pathlib.Path("/var/run/frr")


class Lab:
    """node -- router -- cloud; closed by whoever made it."""

    def __init__(self, daemons, targets):
        tag = uuid.uuid4().hex[:6]
        self.node, self.router, self.cloud = (f"ackplan-{role}-{tag}" for role in ("node", "rt", "cloud"))
        self.processes = []
        self.targets = targets
        try:
            self._links()
            self._listen()
            self._frr(daemons)
        except BaseException:
            self.close()
            raise

    def _links(self):
        for name in (self.node, self.router, self.cloud):
            sh("ip", "netns", "add", name)
            sh("ip", "-n", name, "link", "set", "lo", "up")
        for name, link in ((self.node, "inside"), (self.cloud, "outside")):
            pair = ("type", "veth", "peer", "name", "eth0", "netns", name)
            sh("ip", "-n", self.router, "link", "add", link, *pair)
        for name, link, addresses in (
            (self.node, "eth0", ("10.20.0.2/24", "2001:db8:20::2/64")),
            (self.router, "inside", ("10.20.0.1/24", "2001:db8:20::1/64")),
            (self.router, "outside", ("10.255.0.2/24", "2001:db8:ff::2/64")),
            (self.cloud, "eth0", ("10.255.0.1/24", "2001:db8:ff::1/64")),
            (self.cloud, "lo", tuple(f"{target}/{128 if ':' in target else 32}" for target in self.targets)),
        ):
            for address in addresses:
                nodad = ("nodad",) if ":" in address else ()
                sh("ip", "-n", name, "addr", "add", address, "dev", link, *nodad)
            sh("ip", "-n", name, "link", "set", link, "up")
        # The node leaves everything to the router; the cloud knows the way back, which the plan asks for at the VPC.
        for name, routes in (
            (self.node, (("-4", "default", "10.20.0.1"), ("-6", "default", "2001:db8:20::1"))),
            (self.cloud, (("-4", "10.20.0.0/16", "10.255.0.2"), ("-6", "2001:db8:20::/48", "2001:db8:ff::2"))),
        ):
            for family, destination, hop in routes:
                sh("ip", family, "-n", name, "route", "add", destination, "via", hop)

    def _listen(self):
        listener = self.start(self.cloud, sys.executable, "-c", LISTENER, stdout=subprocess.PIPE)
        assert listener.stdout.readline() == "ready\n"

    def _frr(self, daemons):
        self.run = FRR_RUN / self.router
        self.run.mkdir(parents=True)
        for path in (FRR_RUN, self.run):
            shutil.chown(path, "frr", "frr")
        # Since FRR 10 static routes go through mgmtd.
        for daemon in (name for name in ("zebra", "mgmtd", "staticd") if (daemons / name).exists()):
            self.start(self.router, str(daemons / daemon), "-N", self.router, "-f", "/dev/null")
            self._wait_for(lambda daemon=daemon: (self.run / f"{daemon}.vty").exists())
        # zebra turns forwarding as its configuration says: a router forwards.
        self.apply(["ip forwarding", "ipv6 forwarding", *OWN])

    @staticmethod
    def _wait_for(condition):
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end, "FRR did not start"
            time.sleep(0.05)

    def start(self, namespace, *argv, stdout=subprocess.DEVNULL):
        process = subprocess.Popen(
            ["ip", "netns", "exec", namespace, *argv], stdin=subprocess.DEVNULL, stdout=stdout, text=True
        )
        self.processes.append(process)
        return process

    def vtysh(self, *argv):
        done = subprocess.run(
            ["ip", "netns", "exec", self.router, "vtysh", "-N", self.router, *argv],
            check=False,
            capture_output=True,
            text=True,
        )
        # It has no vtysh.conf of its own, and says so each time.
        said = [line for line in done.stderr.splitlines() if "vtysh.conf" not in line]
        said += [line for line in done.stdout.splitlines() if line.startswith("%") and "vtysh.conf" not in line]
        assert (done.returncode, said) == (0, []), done.stdout + done.stderr
        return done.stdout

    def apply(self, lines, path=None):
        path = path or self.run / "lines.conf"
        path.write_text("\n".join(lines) + "\n")
        self.vtysh("-f", str(path))

    def configuration(self):
        return self.vtysh("-c", "show running-config")

    def reached(self):
        """Return which targets the node reaches."""
        done = subprocess.run(
            ["ip", "netns", "exec", self.node, sys.executable, "-c", PROBE, *self.targets],
            check=True,
            capture_output=True,
            text=True,
        )
        return set(done.stdout.split())

    def reached_at_last(self, expected):
        """Return what is reached once the kernel has the routes, or after a while what is reached instead."""
        end = time.monotonic() + 10
        while (found := self.reached()) != expected and time.monotonic() < end:
            time.sleep(0.2)
        return found

    def close(self):
        for process in reversed(self.processes):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
            if process.poll() is None:
                process.kill()
                process.wait()
            if process.stdout:
                process.stdout.close()
        for name in (self.node, self.router, self.cloud):
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
        shutil.rmtree(FRR_RUN / self.router, ignore_errors=True)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_prefix_is_reached_with_the_plan_and_none_without(family, frr):
    need_root()
    given = plan("cn-beijing", "shanghai", **FAMILIES[family])
    networks = [
        ipaddress.ip_network(prefix["destination"]) for prefix in given["prefixes"] if prefix["family"] == family
    ]
    targets = {str(network[min(1, network.num_addresses - 1)]) for network in networks}
    assert len(targets) == len(networks) >= 1
    text = BY_NAME["frr"].text(given)
    lab = Lab(frr, sorted(targets))
    try:
        before = lab.configuration()
        assert lab.reached() == set()
        lab.apply(text.splitlines())
        assert lab.reached_at_last(targets) == targets
        shown = "".join(lab.vtysh("-c", line) for line in part(text, SHOW))
        assert all(str(network) in shown for network in networks)
        lab.apply(part(text, TAKE_OUT))
        assert lab.reached_at_last(set()) == set()
        assert lab.configuration() == before
        assert all(line.partition(" tag")[0] in before for line in OWN)
    finally:
        lab.close()
