#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab: three nodes of a data centre, and the cloud behind a leased line. See docs/lab.md.

lab.py up [--fresh] [NODE...]    brings it up, the three main nodes by default; nodes that are there are kept, or made
                                 anew with --fresh
lab.py build                     builds the images of all nodes, the cloud and the controllers
lab.py down [NODE...]            takes everything down, or only the named nodes
lab.py fault on NAME             switches one fault on (the only one), for one endpoint of a region
lab.py fault off                 switches it off
lab.py restart [NODE...]         restarts nodes, as a reboot does, and waits until they are reachable
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

import topology
import world
import yaml
from node_files import Link, node_files
from topology import ALL_NODES, NODES, PREFIX, Controller, Node

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
STATE = ROOT / ".cache" / "lab"
KEY = STATE / "id_ed25519"
INVENTORY = STATE / "inventory.yml"
GENERATIONS_INVENTORY = STATE / "generations.yml"
NODES_INVENTORY = STATE / "nodes.yml"
CLOUD = f"{PREFIX}-cloud"
FAULTS = ("dead-endpoint", "wrong-dns", "dns-silent", "tls-wrong-name", "tls-expired", "ntp-silent", "ntp-off")
# Of the files of a directory, where they are not 0644.
MODES = {"system-connections": 0o600, "netplan": 0o600, "sbin": 0o755}
# A container that runs systemd as a server does. No CAP_SYS_TIME, ever: it would be the machine's clock.
SYSTEMD = [
    *("--cap-add", "SYS_ADMIN", "--cap-add", "NET_ADMIN", "--cap-add", "NET_RAW"),
    *("--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"),
    *("--tmpfs", "/run", "--tmpfs", "/run/lock", "--tmpfs", "/tmp", "-e", "container=docker"),
]


def docker(*argv: str, stdin: str | None = None, check: bool = True) -> str:
    """Run docker and return what it printed; an error ends the program with what docker said."""
    done = subprocess.run(["docker", *argv], input=stdin, capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise SystemExit(f"docker {' '.join(argv)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout if done.returncode == 0 else ""


def wait_for(what: str, condition, seconds: int = 60) -> None:
    """Wait until condition() is true; the program ends with `what` if it never is."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"{what} did not come up within {seconds} s")
        time.sleep(0.3)


def cgroup_options() -> list[str]:
    """systemd wants its own branch: the mount is enough with cgroup v1 (or hybrid), v2 needs the host's namespace."""
    unified = Path("/sys/fs/cgroup/cgroup.controllers").exists()
    return ["-v", "/sys/fs/cgroup:/sys/fs/cgroup:rw", *(["--cgroupns=host"] if unified else [])]


def named(names: Collection[str]) -> tuple[Node, ...]:
    """Return the nodes of these names; without any the three main ones."""
    return tuple(node for node in ALL_NODES if node.name in names) or NODES


def up(fresh: bool, names: Collection[str] = ()) -> None:
    nodes = named(names)
    whole = any(node in topology.WITH_CLOUD for node in nodes)
    images = ({"cloud"} if whole else set()) | {node.image for node in nodes}
    subprocess.run([HERE / "engine.sh"], check=True)
    build(images)
    write_state()
    if not docker("network", "inspect", PREFIX, check=False):
        docker("network", "create", "--internal", "--subnet", topology.UNDERLAY, PREFIX)
    if whole:
        start_cloud()
    for node in nodes:
        start_node(node, fresh)
    for node in nodes:
        wait_for(f"the network of {node.name}", lambda node=node: is_ready(node))
        if node in topology.TRUSTING:
            docker("exec", node.container, "update-ca-certificates")
    write_inventories(through_docker=not reaches_underlay(nodes[0]))
    print(f"The lab is up. Inventory: {os.path.relpath(INVENTORY if whole else NODES_INVENTORY)}")


def build(images: Collection[str]) -> None:
    subprocess.run([HERE / "images" / "build.sh", *sorted(images)], check=True)


def write(path: Path, text: str) -> None:
    """Write a file that has another text, in place: a mounted file must keep its inode, and others may read it now."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def write_state() -> None:
    """Write what the containers mount."""
    (STATE / "cloud").mkdir(parents=True, exist_ok=True)
    if not KEY.exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", PREFIX, "-f", KEY], check=True)
    write(STATE / "cloud" / "world.json", json.dumps(world.build()))
    write(STATE / "resolv.conf", f"nameserver {topology.RESOLVER}\noptions timeout:2 attempts:2\n")
    hosts = ["127.0.0.1 localhost", "::1 localhost"]
    hosts += [f"{node.leased_line_address} {node.name}" for node in ALL_NODES]
    write(STATE / "hosts", "\n".join(hosts) + "\n")


def create(container: str, image: str, address: str, *options: str) -> None:
    docker("create", "--name", container, "--network", PREFIX, "--ip", address, "--label", f"state={STATE}",
           *SYSTEMD, *cgroup_options(), *options, f"{PREFIX}/{image}")  # fmt: skip


def is_current(container: str, image: str) -> bool:
    """Return whether the container is of this checkout and of the newest image; another one is removed."""
    have = docker("inspect", "-f", '{{ index .Config.Labels "state" }} {{ .Image }}', container, check=False).split()
    if not have:
        return False
    if have == [str(STATE), docker("image", "inspect", "-f", "{{ .Id }}", f"{PREFIX}/{image}").strip()]:
        return True
    docker("rm", "-f", container)
    return False


def start_cloud() -> None:
    if not is_current(CLOUD, "cloud"):
        create(CLOUD, "cloud", topology.CLOUD_ADDRESS, "--hostname", "cloud", "-v", f"{STATE / 'cloud'}:/lab:ro")
        put(topology.VPC_HOST, "/home/ops/.ssh/authorized_keys", KEY.with_suffix(".pub").read_text(), 0o644)
    docker("start", CLOUD)
    is_up = ["exec", CLOUD, "systemctl", "is-active", "dbus"]
    wait_for("the cloud", lambda: docker(*is_up, check=False).strip() == "active")
    docker("exec", CLOUD, "python3", "/opt/cloud/cloud.py", "fault", "{}")


def start_node(node: Node, fresh: bool) -> None:
    if fresh:
        docker("rm", "-f", node.container, check=False)
    if not is_current(node.container, node.image):
        options = ["-v", f"{STATE / 'resolv.conf'}:/etc/resolv.conf:ro", "-v", f"{STATE / 'hosts'}:/etc/hosts:ro"]
        # A container cannot write it itself.
        options += ["--sysctl", "net.ipv4.ip_forward=1"] if node == topology.ROUTER else []
        create(node.container, node.image, node.ssh_address, "--hostname", node.name, *options)
        for path, text in node_files(node).items():
            put(node, path, text, MODES.get(Path(path).parent.name, 0o644))
        put(node, "/home/ops/.ssh/authorized_keys", KEY.with_suffix(".pub").read_text(), 0o644)
    if node in (*topology.TRUSTING, topology.FLEET):
        # A cloud that was made anew has another one, also for nodes that were there before.
        authority = docker("exec", CLOUD, "cat", "/var/lib/lab/tls/ca.crt")
        put(node, "/usr/local/share/ca-certificates/ack-edge-lab.crt", authority, 0o644)
    docker("start", node.container)


def start_controller(controller: Controller, wheels: Path) -> None:
    """Make a machine to run Ansible on: a login of its own, wheels to install from, and nothing of the checkout."""
    build({controller.image})
    docker("rm", "-f", controller.container, check=False)
    # A resolver that it does not reach: Docker's own would ask that of this machine.
    mounts = ["-v", f"{STATE / 'resolv.conf'}:/etc/resolv.conf:ro", "-v", f"{wheels}:/wheels:ro"]
    place = ["--network", PREFIX, "--ip", controller.address, "--label", f"state={STATE}", "--init"]
    named = ["--name", controller.container, "--hostname", "controller"]
    docker("create", *named, *place, *mounts, f"{PREFIX}/{controller.image}")
    put(controller, "/home/admin/.ssh/id_ed25519", KEY.read_text(), 0o600)
    docker("start", controller.container)
    docker("exec", controller.container, "chown", "-R", "admin:", "/home/admin")


def put(node: Node | Controller, path: str, text: str | Link, mode: int) -> None:
    """Copy a file into a container that has not started yet, owned by its root whoever runs the lab."""
    content = text.encode() if isinstance(text, str) else b""
    entry = tarfile.TarInfo(path.lstrip("/"))
    entry.size, entry.mode = len(content), mode
    if isinstance(text, Link):
        entry.type, entry.linkname = tarfile.SYMTYPE, text.target
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as packed:
        packed.addfile(entry, io.BytesIO(content))
    command = ["docker", "cp", "-", f"{node.container}:/"]
    done = subprocess.run(command, input=archive.getvalue(), capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr.decode().strip()}")


def is_ready(node: Node) -> bool:
    addresses = docker("exec", node.container, "ip", "-4", "-o", "addr", check=False)
    listening = docker("exec", node.container, "ss", "-Hltn", "sport = :22", check=False)
    state = docker("exec", node.container, "systemctl", "is-system-running", check=False).strip()
    queued = docker("exec", node.container, "systemctl", "list-jobs", "--no-legend", check=False).strip()
    linked = all(f" {link.address} " in addresses for link in topology.links_of(node))
    return linked and bool(listening) and state != "starting" and not queued


def reaches_underlay(node: Node) -> bool:
    """Return whether this machine reaches a node's address; it does not where Docker runs in a machine of its own."""
    probe = [*ssh_command(node), "-o", "ConnectTimeout=3", f"ops@{node.ssh_address}", "true"]
    return subprocess.run(probe, check=False, capture_output=True).returncode == 0


def ssh_command(_node: Node) -> list[str]:
    return ["ssh", "-i", str(KEY), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"]  # fmt: skip


def write_inventories(through_docker: bool) -> None:
    """Write the main nodes with what a site of this shape would say of itself, the same with the older ones, and all
    nodes with the way to them."""
    hosts = {}
    for node in (*ALL_NODES, topology.VPC_HOST):
        hosts[node.name] = {"ansible_host": node.ssh_address}
        if through_docker:
            proxy = f"-o ProxyCommand='docker exec -i {node.container} /usr/sbin/sshd -i'"
            hosts[node.name]["ansible_ssh_extra_args"] = proxy
    vpc = {"vpc_probes": {"hosts": {"vpc-host": hosts.pop(topology.VPC_HOST.name)}, "vars": login()}}
    for path, nodes in ((INVENTORY, NODES), (GENERATIONS_INVENTORY, (*NODES, *topology.OLDER_NODES))):
        edge = {node.name: hosts[node.name] for node in nodes}
        write_inventory(path, {"edge_nodes": {"hosts": edge, "vars": login() | site()}, **vpc})
    write_inventory(NODES_INVENTORY, {"lab": {"hosts": hosts, "vars": login()}})


def login() -> dict[str, Any]:
    """Return how Ansible logs in to a node."""
    return {
        "ansible_user": "ops",
        "ansible_ssh_private_key_file": str(KEY),
        "ansible_ssh_common_args": "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes "
        "-o LogLevel=ERROR",
        "ansible_python_interpreter": "/usr/bin/python3",
    }


def write_inventory(path: Path, document: dict) -> None:
    write(path, "---\n# Written by tests/lab/lab.py\n" + yaml.safe_dump(document, sort_keys=False, width=1000))


def site() -> dict[str, Any]:
    """Return what a site of the shape of the lab would say of itself."""
    api_server = topology.API_SERVER
    leased = "(access_mode | default('leased_line', true)) == 'leased_line'"
    return {
        "cluster_version": "1.30.7",
        "vpc_cidrs": [topology.VPC],
        "node_cidrs": f"{{{{ ['10.99.0.0/24'] if {leased} else ['10.98.0.0/24', '10.99.0.0/24'] }}}}",
        "pod_cidr": "172.20.0.0/16",
        "service_cidr": "172.21.0.0/20",
        "api_server": f"{{{{ '{api_server['leased_line']}' if {leased} else '{api_server['internet']}' }}}}",
        "raven_gateway": topology.RAVEN_GATEWAY,
        "tunnel_server": topology.TUNNEL_SERVER,
        "leased_line_gateway": topology.LEASED_LINE_GATEWAY,
        "leased_line_interface": "idc0",
        "ntp_servers": f"{{{{ ['{topology.NTP_SERVER}'] if {leased} else [] }}}}",
        "vpc_probe_source": topology.VPC_HOST_ADDRESS,
        # The vendor supports neither Debian nor an EL on this machine's kernel; the lab has nothing else to run.
        "skip_checks": ["os_support"],
    }


def down(names: Collection[str]) -> None:
    if names:
        for node in named(names):
            docker("rm", "-f", "-v", node.container, check=False)
        return
    for container in (*(item.container for item in (*ALL_NODES, *topology.CONTROLLERS, topology.FLEET)), CLOUD):
        docker("rm", "-f", "-v", container, check=False)
    docker("network", "rm", PREFIX, check=False)
    shutil.rmtree(STATE, ignore_errors=True)


def faults(wanted: dict[str, str]) -> None:
    """Switch faults on, {name: host of an endpoint}, and all others off."""
    docker("exec", CLOUD, "python3", "/opt/cloud/cloud.py", "fault", json.dumps(wanted))


def fault(name: str | None, host: str) -> None:
    faults({name: host} if name else {})
    print(f"fault {name} is on for {host}" if name else "no fault is on")


def restart(names: list[str]) -> None:
    chosen = named(names)
    docker("restart", "-t", "5", *(node.container for node in chosen))
    for node in chosen:
        wait_for(f"the network of {node.name}", lambda node=node: is_ready(node))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    names = [node.name for node in ALL_NODES]
    upper = commands.add_parser("up")
    upper.add_argument("--fresh", action="store_true", help="make the nodes anew")
    upper.add_argument("nodes", nargs="*", choices=[[], *names])
    commands.add_parser("build")
    commands.add_parser("down").add_argument("nodes", nargs="*", choices=[[], *names])
    faulty = commands.add_parser("fault")
    faulty.add_argument("state", choices=["on", "off"])
    faulty.add_argument("name", choices=FAULTS, nargs="?")
    faulty.add_argument("--region", default="cn-beijing")
    faulty.add_argument("--access-mode", choices=world.MODES, default="leased_line")
    faulty.add_argument("--endpoint", default="image_registry", help="name of the endpoint in the requirement set")
    commands.add_parser("restart").add_argument("nodes", nargs="*", choices=[[], *names])
    arguments = parser.parse_args()
    if arguments.command == "up":
        up(arguments.fresh, arguments.nodes)
    elif arguments.command == "build":
        subprocess.run([HERE / "engine.sh"], check=True)
        build({"cloud", *(item.image for item in (*ALL_NODES, *topology.CONTROLLERS, topology.FLEET))})
    elif arguments.command == "down":
        down(arguments.nodes)
    elif arguments.command == "restart":
        restart(arguments.nodes)
    elif arguments.state == "off":
        fault(None, "")
    elif arguments.name:
        fault(arguments.name, world.endpoint(arguments.region, arguments.access_mode, arguments.endpoint))
    else:
        sys.exit(f"fault on needs a name: {', '.join(FAULTS)}")


if __name__ == "__main__":
    main()
