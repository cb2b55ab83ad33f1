# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node with routes that exists in a scratch directory and in memory only, for the tests of static_routes."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import re
from pathlib import Path

import helpers_netplan
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import kernel, types
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import registry
from ansible_collections.ack_edge.node.plugins.modules import static_routes
from fakes import ip_text

UUID = "00000000-0000-4000-8000-000000000042"
PROFILE = "/etc/NetworkManager/system-connections/idc0.nmconnection"
PROFILE_TEXT = (
    "[connection]\nid=idc0\nuuid=" + UUID + "\ntype=ethernet\ninterface-name=idc0\n\n"
    "[ipv4]\naddress1=10.99.0.11/24\nmethod=manual\n# kept by hand\nroute1=198.51.100.0/24,10.99.0.1\n\n"
    "[ipv6]\nmethod=manual\naddress1=fd00:99::11/64\n"
)
IFCFG = "/etc/sysconfig/network-scripts/ifcfg-idc0"
ROUTE_FILE = "/etc/sysconfig/network-scripts/route-idc0"
ROUTE_TEXT = "# kept by hand\n198.51.100.0/24 via 10.99.0.1\n"
DROPIN = "/etc/systemd/network/20-idc0.network.d/ack-edge.conf"
HOOK = "/etc/network/if-up.d/ack-edge"
UNIT = "/etc/systemd/system/ack-edge-routes.service"
MANIFEST = "/var/lib/ack_edge/routes/ack-edge.json"

RULES = "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n"


class Killed(BaseException):
    """What kill -9 is to a test: no handler of the engine may see it."""


def route(text: str, **attributes) -> types.Route:
    """Return the Route of 'DESTINATION via GATEWAY dev INTERFACE'."""
    destination, gateway, interface = re.fullmatch(r"(\S+) via (\S+) dev (\S+)", text).groups()
    network = ipaddress.ip_network(destination)
    values = {
        "metric": types.DEFAULT_METRIC[network.version],
        "table": types.MAIN_TABLE,
        "source": None,
        "onlink": False,
        "mtu": None,
    }
    return types.Route(network, ipaddress.ip_address(gateway), interface, **{**values, **attributes})


def live(one: types.Route, *, plain: bool = True) -> kernel.Live:
    """Return the Live of a Route."""
    way = f"via {one.gateway} dev {one.interface}" if one.gateway else f"directly on {one.interface}"
    return kernel.Live(one, plain, way, " ".join(one.arguments()) if one.gateway else "")


def parameters(**given) -> dict:
    """Return parameters of the module as Ansible hands them over, defaults filled in."""
    result = {key: spec.get("default") for key, spec in static_routes.ARGUMENT_SPEC.items()}
    result.update({"confirm_timeout": 0, **given})
    empty = {key: spec.get("default") for key, spec in static_routes.ROUTE_SPEC.items()}
    result["routes"] = [{**empty, **({"destination": e} if isinstance(e, str) else e)} for e in result["routes"]]
    return result


class System:
    """Kernel and managers of one node.

    ``manager``: networkmanager, networkd, netplan (renderer networkd), netplan_networkmanager, ifupdown,
    network_scripts (read by ifup), network_scripts_networkmanager, '' for none.

    ``log`` every argv that was run; ``kill_at`` the change (write, removal, batch line, nmcli load) that never happens.
    """

    def __init__(self, root: Path, manager: str = "ifupdown"):
        self.root, self.manager = root, manager
        self.log, self.kill_at, self.changes = [], None, 0
        self.timers, self.no_ipv6, self.rules = [], False, {}
        self.links = {
            "lo": (1, ["127.0.0.1/8", "::1/128"]),
            "eth0": (2, ["192.0.2.11/24"]),
            "idc0": (3, ["10.99.0.11/24", "fd00:99::11/64"]),
        }
        self.kernel = [
            {"dst": "default", "gateway": "192.0.2.1", "dev": "eth0", "flags": []},
            {"dst": "192.0.2.0/24", "dev": "eth0", "protocol": "kernel", "scope": "link", "prefsrc": "192.0.2.11"},
            {"dst": "10.99.0.0/24", "dev": "idc0", "protocol": "kernel", "scope": "link", "prefsrc": "10.99.0.11"},
            {"dst": "fd00:99::/64", "dev": "idc0", "protocol": "kernel", "metric": 256},
            {"type": "local", "dst": "10.99.0.11", "dev": "idc0", "table": "local", "prefsrc": "10.99.0.11"},
        ]
        self.devices, self.profiles, self.networkd_runs = [], {}, False
        self.loaded, self.refuse_load, self.refuse_route = [], "", ""
        self.fails = None  # function of (what, path) that says whether a write, removal or link cannot be done
        self.put("/etc/resolv.conf", "nameserver 192.0.2.53\n")
        for made_by_the_system in ("run/lock", "var/lib"):
            (root / made_by_the_system).mkdir(parents=True)
        if manager:
            getattr(self, "_with_" + manager)()

    def _with_networkmanager(self):
        self.put(PROFILE, PROFILE_TEXT, 0o600)
        self.devices = [f"idc0:connected:{UUID}", "eth0:connected (externally):11111111-0000-4000-8000-000000000042"]
        self.profiles = {UUID: PROFILE}

    def _with_network_scripts(self):
        self.put("/etc/sysconfig/network-scripts/ifup-eth", "", 0o755)
        self.put(IFCFG, 'DEVICE="idc0"\nONBOOT=yes\nBOOTPROTO=none\n')
        self.put(ROUTE_FILE, ROUTE_TEXT)

    def _with_network_scripts_networkmanager(self):
        """As on an EL 8: no network service is installed, NetworkManager reads the files."""
        self._with_network_scripts()
        (self.root / "etc/sysconfig/network-scripts/ifup-eth").unlink()
        self.devices, self.profiles = [f"idc0:connected:{UUID}"], {UUID: IFCFG}

    def _with_networkd(self):
        self.networkd_runs = True
        self.put(
            "/run/systemd/netif/links/3", "ADMIN_STATE=configured\nNETWORK_FILE=/etc/systemd/network/20-idc0.network\n"
        )
        self.put("/etc/systemd/network/20-idc0.network", "[Match]\nName=idc0\n\n[Network]\nAddress=10.99.0.11/24\n")

    def _with_netplan(self, renderer="networkd"):
        self.networkd_runs = renderer == "networkd"
        self.put(helpers_netplan.GENERATOR, "", 0o755)
        self.put(helpers_netplan.SITE, helpers_netplan.SITE_TEXT.format(renderer=renderer), 0o600)
        if self.networkd_runs:
            self.put("/run/systemd/netif/links/3", f"ADMIN_STATE=configured\nNETWORK_FILE={helpers_netplan.NETWORK}\n")

    def _with_netplan_networkmanager(self):
        self._with_netplan("NetworkManager")
        self.devices, self.profiles = [f"idc0:connected:{UUID}"], {UUID: helpers_netplan.KEYFILE}

    def _with_ifupdown(self):
        self.put("/run/network/ifstate", "lo=lo\nidc0=idc0\n")
        self.put("/etc/network/interfaces", "auto idc0\niface idc0 inet static\n    address 10.99.0.11/24\n")
        self.put("/etc/network/if-up.d/ntp", "#!/bin/sh\n", 0o755)

    def put(self, path: str, text: str, mode: int = 0o644) -> None:
        """Lay a file of the site on the node."""
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8", "surrogateescape"))
        target.chmod(mode)

    def text(self, path: str) -> str | None:
        """Return a file of the node, None where there is none."""
        target = self.root / path.lstrip("/")
        return target.read_bytes().decode("utf-8", "surrogateescape") if target.is_file() else None

    def node(self) -> Node:
        """Return the Node that the engine sees."""
        return _FakeNode(self)

    def change(self) -> None:
        """Count a change, and die instead of making it where the test says so."""
        self.changes += 1
        if self.changes == self.kill_at:
            raise Killed

    def touch(self, what: str, path: str) -> None:
        """Count a change of a file, and refuse it as a full or read-only disk does where the test says so."""
        self.change()
        if self.fails and self.fails(what, path):
            raise NodeError(f"{path} cannot be {what}: No space left on device; nothing of it was changed")

    def everything(self) -> dict:
        """Return the whole state: every file with its mode, every directory, every route."""
        files = {}
        for path in sorted(self.root.rglob("*")):
            name = "/" + str(path.relative_to(self.root))
            if not name.startswith("/run/lock") and name not in ("/run/ack_edge", "/run/ack_edge/lock"):
                files[name] = (path.stat().st_mode & 0o777, path.read_bytes() if path.is_file() else None)
        return {"files": files, "kernel": sorted(json.dumps(entry, sort_keys=True) for entry in self.kernel)}

    def routes(self) -> list[str]:
        """Return the routes with a gateway and without default, as text."""
        return sorted(
            f"{e['dst']} via {e['gateway']} dev {e['dev']}"
            for e in self.kernel
            if "gateway" in e and e["dst"] != "default"
        )

    def run(self, argv, stdin=None, timeout=None) -> Completed:
        """Stand in for _node.run_command."""
        self.log.append(argv)
        program = getattr(self, "_" + argv[0].rpartition("/")[2], lambda *_: ("", f"{argv[0]}: not found", 127))
        out, err, rc = program(argv[1:], stdin)
        return Completed(argv, rc, out, err)

    def _ip(self, words, stdin):
        if words == ["address", "show"]:
            listed = [
                {
                    "ifname": name,
                    "ifindex": index,
                    "addr_info": [
                        {"local": address.split("/")[0], "prefixlen": int(address.split("/")[1])}
                        for address in addresses
                    ],
                }
                for name, (index, addresses) in self.links.items()
            ]
            return ip_text.address(listed), "", 0
        family = int(words[0][1])
        if self.no_ipv6 and family == 6:
            return "", "Error: IPv6 is disabled", 2
        if words[1:] == ["rule", "show"]:
            return self.rules.get(family, RULES), "", 0
        if words[1:] == ["route", "show", "table", "all"]:
            return ip_text.routes([e for e in self.kernel if _family(e) == family]), "", 0
        if words[1:] == ["-force", "-batch", "-"]:
            for line in stdin.splitlines():
                self._one(line.split(), family)
            return "", "", 0
        assert words[1:] == ["-batch", "-"], words
        return self._batch(family, stdin)

    def _sh(self, words, _stdin):
        """What /bin/sh is asked for: start the script that takes a change back, or run it now."""
        if words[0] == "-c":
            self.timers.append(words[2])
            return "", "", 0
        self.take_back(words[0])
        return "", "", 0

    def take_back(self, script: str | None = None) -> None:
        """Do what the script does when its time has come; by default the one that was started last."""
        path = Path(script or self.timers[-1])
        if not path.exists():
            return
        text = path.read_text()
        path.unlink()
        for family, batch in re.findall(r"ip -(\d) -force -batch - <<'END'\n(.*?)END\n", text, re.DOTALL):
            for line in batch.splitlines():
                self._one(line.split(), int(family))
        Path(re.search(r"rm -f (\S+)", text).group(1)).unlink()
        for directory in re.search(r"rmdir (\S+) (\S+)", text).groups():
            with contextlib.suppress(OSError):
                Path(directory).rmdir()

    def _batch(self, family, stdin):
        for number, line in enumerate(stdin.splitlines(), 1):
            if self.refuse_route and self.refuse_route in line:
                return "", f"RTNETLINK answers: Network is unreachable\nCommand failed -:{number}\n", 1
            self.change()
            if not self._one(line.split(), family):
                return "", f"RTNETLINK answers: No such process\nCommand failed -:{number}\n", 1
        return "", "", 0

    def _one(self, words, family):
        assert words[:1] == ["route"], words
        entry = _entry(words[2:])
        same = [e for e in self.kernel if _slot(e) == _slot(entry)]
        if words[1] == "del":
            exact = [e for e in same if (e.get("gateway"), e.get("dev")) == (entry["gateway"], entry["dev"])]
            for found in exact[:1]:
                self.kernel.remove(found)
            return bool(exact)
        assert words[1] in ("replace", "append"), words
        for found in same[:1] if words[1] == "replace" else ():
            self.kernel.remove(found)
        self.kernel.append(entry)
        return True

    def _nmcli(self, words, _stdin):
        if words[:2] == ["connection", "load"]:
            self.change()
            if self.refuse_load:
                return "", f"Could not load file '{words[2]}'\n", 0
            self.loaded.append((words[2], self.text(words[2])))
            return "", "", 0
        if words[-1] == "device" and self.devices:
            return "\n".join(self.devices) + "\n", "", 0
        if words[-2:] == ["connection", "show"] and self.profiles:
            return "".join(f"{uuid}:{path}\n" for uuid, path in self.profiles.items()), "", 0
        return "", "nmcli: not found", 127

    def _generate(self, words, _stdin):
        """The generator of netplan, which must never see any root but a scratch one."""
        option, root = words
        assert option == "--root-dir"
        assert not root.startswith(str(self.root)) and len(root) > 1
        return helpers_netplan.generate(Path(root))

    def _systemctl(self, words, _stdin):
        if words == ["daemon-reload"]:
            return "", "", 0
        assert words == ["is-active", "--quiet", "systemd-networkd.service"], words
        return "", "", 0 if self.networkd_runs else 3


def _entry(words):
    """Return the words of a route as ip would list it."""
    entry = {"dst": words[0].removesuffix("/32").removesuffix("/128"), "flags": []}
    values = dict(zip(words[1::2], words[2::2], strict=False))
    if words[-1] == "onlink":
        entry["flags"] = ["onlink"]
    entry.update(gateway=values["via"], dev=values["dev"])
    if int(values["metric"]):
        entry["metric"] = int(values["metric"])
    if values["table"] != "254":
        entry["table"] = values["table"]
    if values.get("proto", "boot") != "boot":
        entry["protocol"] = values["proto"]
    if "src" in values:
        entry["prefsrc"] = values["src"]
    if "mtu" in values:
        entry["metrics"] = [{"mtu": int(values["mtu"])}]
    return entry


def _family(entry):
    return 6 if ":" in entry["dst"] or ":" in entry.get("gateway", "") else 4


def _slot(entry):
    return entry["dst"], entry.get("metric", 0), entry.get("table", "254")


class _FakeNode(Node):
    """A Node in the scratch directory whose every change is counted."""

    def __init__(self, system: System):
        super().__init__(runner=system.run, root=str(system.root))
        self._system = system

    def write(self, path, text, mode=0o644):
        self._system.touch("written", path)
        super().write(path, text, mode)

    def remove(self, path):
        self._system.touch("removed", path)
        return super().remove(path)

    def link(self, path, target):
        self._system.touch("linked", path)
        super().link(path, target)

    def remove_empty_directory(self, path):
        self._system.change()
        super().remove_empty_directory(path)


def backends(system: System | None, name: str, set_name: str = "ack-edge"):
    """Return one backend for a System, or for none where only texts are read and written."""
    node = system.node() if system else Node(lambda argv, **_named: Completed(argv, 127, "", "not found"), "/nowhere")
    return registry.backends(node, set_name)[name]


def resolver(answers: dict):
    """Return a getaddrinfo that knows these names: {name: [address] or an OSError}."""

    def getaddrinfo(name, _port, _family, kind):
        found = answers[name]
        if isinstance(found, OSError):
            raise found
        return [(_family, kind, 6, "", (address, 0)) for address in found]

    return getaddrinfo


def run(system: System, *, check: bool = False, answers: dict | None = None, peers=(), **given) -> dict:
    """Run the module on a System and return its result."""
    return static_routes.run(parameters(**given), system.node(), check, resolver(answers or {}), lambda: list(peers))
