#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet in the lab: up to 200 machines as network namespaces of one container, some of them broken. See docs/lab.md.

fleet.py up [SIZE]     brings it up with the cloud, 200 machines by default, made anew each time
fleet.py down          takes it down; the rest of the lab stays
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass

import lab
import topology
from topology import FLEET

INVENTORY = lab.STATE / "fleet.yml"
FIRST, LARGEST = 50, 200  # the last byte of the first machine's addresses; how many there are room for
SITES = 4
LOST, CUT_OFF, MISLED = "unreachable", "dead gateway", "wrong resolver"
# Of a hundred machines, how many have which fault; the others have none.
FAULTS = {LOST: 5, CUT_OFF: 3, MISLED: 2}
DEAD_GATEWAY, WRONG_RESOLVER = "10.99.0.252", "10.98.0.49"


@dataclass(frozen=True)
class Machine:
    """One machine of the fleet; fault is "" or one of FAULTS."""

    name: str
    number: int
    site: str
    fault: str

    @property
    def ssh_address(self) -> str:
        return f"172.29.99.{self.number}"

    @property
    def gateway(self) -> str:
        return DEAD_GATEWAY if self.fault == CUT_OFF else topology.LEASED_LINE_GATEWAY


def machines(size: int) -> Iterator[Machine]:
    """Yield the fleet; each fault is as frequent as FAULTS says, rounded, and they are spread over it."""
    faults = [fault for fault, share in FAULTS.items() for _turn in range(round(share * size / 100))]
    places = {place * size // len(faults): fault for place, fault in enumerate(faults)} if faults else {}
    for index in range(size):
        yield Machine(f"fleet-{index + 1:03}", FIRST + index, f"idc{index % SITES + 1}", places.get(index, ""))


def up(size: int) -> list[Machine]:
    """Make the fleet and return it.

    The machines share the files of their container as clones of one image do, and have network, name, machine-id and
    resolver of their own.
    """
    fleet = list(machines(size))
    lab.up(fresh=False)
    lab.build([FLEET.image])
    lab.start_node(FLEET, fresh=True)
    lab.wait_for("the fleet's container", lambda: lab.is_ready(FLEET))
    lab.docker("exec", "-i", FLEET.container, "sh", "-e", stdin="\n".join(_commands(fleet)))
    _forget()
    lab.write_inventory(INVENTORY, _inventory(fleet))
    print(f"{size} machines are up. Inventory: {os.path.relpath(INVENTORY)}")
    return fleet


def _forget() -> None:
    """Have this computer forget the fleet before: ssh says something else of a lost machine that it has known."""
    at_home = ("run", "--rm", "--network", "host", "--cap-add", "NET_ADMIN", f"{topology.PREFIX}/{FLEET.image}")
    lab.docker(*at_home, "ip", "neigh", "flush", "to", topology.UNDERLAY)


def _commands(fleet: list[Machine]) -> Iterator[str]:
    yield "update-ca-certificates >/dev/null 2>&1"
    yield "mkdir -p /run/netns"
    yield from _machine("resolver", FIRST - 1, WRONG_RESOLVER, topology.LEASED_LINE_GATEWAY)
    # It knows what the Internet would say, which is wrong behind a leased line.
    answer = f"--no-resolv --no-hosts --user=root --pid-file= --address=/#/{topology.WRONG_ADDRESS}"
    yield f"ip netns exec resolver dnsmasq {answer}"
    for machine in fleet:
        if machine.fault == LOST:  # it is not even plugged in
            continue
        resolver = WRONG_RESOLVER if machine.fault == MISLED else topology.RESOLVER
        yield from _machine(machine.name, machine.number, resolver, machine.gateway)
        sshd = "/usr/sbin/sshd -o PidFile=none"
        yield f"unshare --uts sh -c 'hostname {machine.name} && exec ip netns exec {machine.name} {sshd}'"


def _machine(name: str, number: int, resolver: str, gateway: str) -> Iterator[str]:
    files = f"/etc/netns/{name}"
    yield f"mkdir -p {files}"
    # "ip netns exec" puts these over the files of the same name in /etc.
    yield f"printf 'nameserver {resolver}\\noptions timeout:2 attempts:2\\n' > {files}/resolv.conf"
    yield f"printf '%032x\\n' {number} > {files}/machine-id"
    yield f"echo {name} > {files}/hostname"
    yield f"printf '127.0.0.1 localhost\\n10.99.0.{number} {name}\\n' > {files}/hosts"
    yield f"ip netns add {name}"
    batch = ["link set lo up"]
    for place, (link, network) in enumerate((("eth0", "172.29.99"), ("wan0", "10.98.0"), ("idc0", "10.99.0"))):
        # Always the same one: who has talked to the fleet before this one remembers it.
        address = f"02:ac:ed:{place:02x}:00:{number:02x}"
        yield f"ip link add link {link} name {link} netns {name} address {address} type macvlan mode bridge"
        batch += [f"link set {link} up", f"addr add {network}.{number}/24 dev {link}"]
    batch.append(f"route add default via {topology.INTERNET_GATEWAY}")
    batch += [
        f"route add {prefix} via {gateway}"
        for link in topology.LINKS
        if link["name"] == "idc0"
        for prefix in link["prefixes"]
    ]
    yield "\n".join([f"ip -n {name} -batch - <<'END'", *batch, "END"])


def _inventory(fleet: list[Machine]) -> dict:
    hosts = {}
    for machine in fleet:
        hosts[machine.name] = {"ansible_host": machine.ssh_address, "site": machine.site}
        if machine.gateway != topology.LEASED_LINE_GATEWAY:
            hosts[machine.name]["leased_line_gateway"] = machine.gateway
    return {"fleet": {"hosts": hosts, "vars": lab.login() | lab.site() | {"region": "cn-beijing"}}}


def down() -> None:
    lab.docker("rm", "-f", "-v", FLEET.container, check=False)
    INVENTORY.unlink(missing_ok=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    upper = commands.add_parser("up")
    upper.add_argument("size", nargs="?", type=int, choices=range(1, LARGEST + 1), default=LARGEST, metavar="SIZE")
    commands.add_parser("down")
    arguments = parser.parse_args()
    if arguments.command == "up":
        up(arguments.size)
    else:
        down()


if __name__ == "__main__":
    main()
