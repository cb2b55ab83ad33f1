# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hook of our own, which a shell can run and a parser can read back."""

from __future__ import annotations

import ipaddress
import os
import string
import subprocess

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import types
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import Link
from fakes.kernel_routes import route
from fakes.managers import HOOK
from fakes.routes import System, backends
from hypothesis import given
from hypothesis import strategies as st

IDC0 = Link("idc0", 3, ())
ROUTES = [
    types.item(
        route(
            "100.1.0.0/16 via 10.99.0.253 dev idc0",
            metric=7,
            table=100,
            mtu=1400,
            onlink=True,
            source=ipaddress.ip_address("10.99.0.11"),
        ),
        comment="$(reboot) `id` 'quoted'",
    ),
    types.item(route("100.103.99.73/32 via 10.99.0.253 dev idc0"), comment="END"),
    types.item(route("fd01::/64 via fd00:99::1 dev idc0")),
    types.item(route("100.4.0.0/16 via 192.0.2.1 dev eth0.5")),
]


@pytest.fixture
def system(tmp_path):
    return System(tmp_path)


def backend(system=None, name="ack-edge"):
    return backends(system, "ifupdown", name)


def test_what_is_written_is_read_back():
    text = backend().compose("", ROUTES, [], [])
    assert {(line.route, line.comment) for line in backend().parse(text, "")} == {
        (one.route, one.comment) for one in ROUTES
    }
    assert backend().compose(text, [], [], []) is None


@pytest.mark.parametrize(
    ("interface", "expected"),
    [
        (
            "idc0",
            [
                "-4 -force -batch -",
                "# $(reboot) `id` 'quoted'",
                "100.1.0.0/16",
                "# END",
                "100.103.99.73/32",
                "-6 -force -batch -",
                "fd01::/64",
            ],
        ),
        ("eth0.5", ["-4 -force -batch -", "100.4.0.0/16"]),
        ("--all", []),
        ("eth0x5", []),
    ],
)
def test_a_shell_runs_it_for_the_interface_that_is_up(tmp_path, interface, expected):
    """A stand-in for ip prints what it was given, so that nothing of the machine changes."""
    stand_in = tmp_path / "ip"
    stand_in.write_text('#!/bin/sh\necho "$@"\ncat\n')
    stand_in.chmod(0o755)
    hook = tmp_path / "hook"
    hook.write_text(backend().compose("", ROUTES, [], []).replace("PATH=", f"PATH={tmp_path}:"))
    done = subprocess.run(
        ["sh", "-eu", hook], env={**os.environ, "IFACE": interface}, text=True, capture_output=True, check=True
    )
    shown = [line.split()[2] if line.startswith("route") else line for line in done.stdout.splitlines()]
    assert (shown, done.stderr) == (expected, "")


def test_a_route_that_fails_does_not_keep_the_interface_down(tmp_path):
    stand_in = tmp_path / "ip"
    stand_in.write_text("#!/bin/sh\nexit 2\n")
    stand_in.chmod(0o755)
    hook = tmp_path / "hook"
    hook.write_text(backend().compose("", ROUTES, [], []).replace("PATH=", f"PATH={tmp_path}:"))
    assert subprocess.run(["sh", hook], env={"IFACE": "idc0"}, check=False).returncode == 0


@given(st.text(alphabet=string.printable + "\udc80é", max_size=300))
def test_odd_hooks_never_raise(noise):
    backend().parse("route replace " + noise, "")
    backend().parse(noise, "")


def test_impossible_addresses_are_no_route():
    line = "route replace 300.1.0.0/16 via 10.99.0.253 dev idc0 proto static metric 0 table 254"
    assert backend().parse(line, "") == []


def test_the_state_of_ifupdown_decides(system):
    assert backend(system).claim(IDC0) == "up in /run/network/ifstate"
    assert backend(system).claim(Link("idc", 4, ())) == ""


def test_a_stanza_alone_is_a_weak_claim(system):
    system.put("/usr/sbin/ifup", "")
    system.put("/etc/network/interfaces", "source interfaces.d/*\nsource-directory more\n# iface eth7 inet dhcp\n")
    system.put("/etc/network/interfaces.d/site", "iface \\\n  eth5 inet static\nsource /etc/network/interfaces\n")
    system.put("/etc/network/more/plain", "iface eth6 inet dhcp\n")
    system.put("/etc/network/more/with.dot", "iface eth7 inet dhcp\n")
    found = {name: backend(system).weak_claim(Link(name, 9, ())) for name in ("eth5", "eth6", "eth7")}
    assert found == {"eth5": "/etc/network/interfaces.d/site", "eth6": "/etc/network/more/plain", "eth7": ""}
    (system.root / "usr/sbin/ifup").unlink()
    assert backend(system).weak_claim(Link("eth5", 9, ())) == ""


def test_the_hook_is_one_that_run_parts_takes(system):
    assert backend(system).locate(IDC0) == HOOK
    with pytest.raises(NodeError, match="run-parts skips"):
        backend(system, "ack-edge-v1.2").locate(IDC0)


GATEWAYS = {ipaddress.ip_address("10.99.0.253")}


# Network case 12: the leased line is a second address of a card, in a stanza of its own.
def test_the_hook_runs_for_the_alias_that_has_the_network(system):
    system.put("/etc/network/interfaces", ALIAS)
    made = backend(system)
    made.locate(IDC0)
    assert "idc0|idc0:1)\n" in made.compose("", [ROUTES[1]], [], [])
    assert made.doubt("", "idc0", GATEWAYS) == ""


ALIAS = """auto lo idc0
iface idc0 inet static
    address 10.50.0.11/24
auto idc0:1
iface idc0:1 inet static
    address 10.99.0.11
    netmask 255.255.255.0
"""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (ALIAS.replace("auto idc0:1", ""), "a stanza for idc0:1, but neither 'auto'"),
        (ALIAS.replace("auto lo idc0\n", ""), ""),
        (ALIAS.replace("auto idc0:1", "allow-hotplug idc0:1"), ""),
        (ALIAS.replace("auto idc0:1", "auto /idc*"), ""),
        (ALIAS + "no-scripts idc0:1\n", "'no-scripts' disables the hooks of ifupdown for idc0:1"),
        ("iface idc0 inet dhcp\n", "a stanza for idc0, but neither 'auto'"),
        ("auto idc0\niface idc0 inet dhcp\n", ""),
        ("auto eth0\niface eth0 inet dhcp\n", "/etc/network/interfaces has no stanza for idc0"),
        ("source interfaces\nauto idc0\niface idc0 inet dhcp\n", ""),
    ],
)
def test_what_the_boot_does_not_bring_up_is_said(system, text, named):
    system.put("/etc/network/interfaces", text)
    doubt = backend(system).doubt("", "idc0", GATEWAYS)
    assert named in doubt
    assert bool(named) == bool(doubt)


DEFAULTS, SECOND = "/etc/default/networking", "/etc/network/ifupdown2/ifupdown2.conf"
BONDED = "/sys/class/net/idc0/bonding/mode"


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({DEFAULTS: "# CONFIGURE_INTERFACES=no\n"}, ""),
        ({DEFAULTS: "CONFIGURE_INTERFACES=no\n"}, "CONFIGURE_INTERFACES=no"),
        ({DEFAULTS: 'EXCLUDE_INTERFACES="eth0 idc*"\n'}, "idc0 in EXCLUDE_INTERFACES"),
        ({DEFAULTS: "EXCLUDE_INTERFACES=eth0\n"}, ""),
        ({SECOND: "addon_scripts_support=0\n"}, "ifupdown2 runs no hooks"),
        ({SECOND: "addon_scripts_support=1\n"}, ""),
        ({BONDED: ""}, "has no 'auto' for idc0"),
        ({BONDED: "", "/etc/network/interfaces": "auto idc0\niface idc0 inet dhcp\n"}, ""),
    ],
)
def test_what_switches_ifupdown_off_is_said(system, files, named):
    for path, text in ({"/etc/network/interfaces": "allow-hotplug idc0\niface idc0 inet dhcp\n"} | files).items():
        system.put(path, text)
    doubt = backend(system).doubt("", "idc0", GATEWAYS)
    assert (named in doubt, bool(named)) == (True, bool(doubt))
