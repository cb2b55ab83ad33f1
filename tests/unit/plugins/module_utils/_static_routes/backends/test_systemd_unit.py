# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A unit of our own that carries its routes in itself, and the link that makes it part of the boot."""

from __future__ import annotations

import re
import shlex
import subprocess

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import types
from fakes.kernel_routes import route
from fakes.managers import UNIT
from fakes.routes import System, backends, run

ITEMS = [
    types.item(route("100.103.99.73/32 via 10.99.0.253 dev idc0", mtu=1400), comment="50% $(reboot) 'x'"),
    types.item(route("fd01::/64 via fd00:99::1 dev idc0")),
]
LINK = "/etc/systemd/system/multi-user.target.wants/ack-edge-routes.service"


@pytest.fixture
def system(tmp_path):
    system = System(tmp_path, "")
    system.put("/run/systemd/system/x", "")
    return system


def test_what_is_written_is_read_back():
    unit = backends(None, "systemd_unit")
    text = unit.compose("", ITEMS, ITEMS, [])
    assert [(line.route, line.comment) for line in unit.parse(text, "")] == [(one.route, one.comment) for one in ITEMS]
    assert unit.compose(text, [], [], []) is None


def test_the_command_of_the_unit_hands_its_own_routes_to_ip(tmp_path):
    """systemd's quoting is that of a shell here, with $$ for $; the file is read where it lies."""
    text = backends(None, "systemd_unit").compose("", ITEMS, ITEMS, [])
    (tmp_path / "unit").write_text(text)
    command = re.search(r"^ExecStart=(.*?)\n\n", text, re.MULTILINE | re.DOTALL).group(1).replace("\\\n", " ")
    argv = shlex.split(command.replace("$$", "$").replace(UNIT, str(tmp_path / "unit")))
    (tmp_path / "ip").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/log\ncat >> {tmp_path}/log\n')
    (tmp_path / "ip").chmod(0o755)
    subprocess.run(argv, check=True, env={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    assert (tmp_path / "log").read_text().splitlines() == [
        "-force -batch -",
        *("route replace " + " ".join(one.route.arguments()) for one in ITEMS),
    ]


def test_it_is_enabled_by_its_link_and_leaves_none(system):
    before = system.everything()
    wanted = {"routes": ["100.103.99.73/32"], "gateway": "10.99.0.253"}
    assert run(system, **wanted)["changed"] is True
    assert system.node().link_target(LINK) == UNIT
    assert run(system, **wanted)["changed"] is False
    system.node().remove(LINK)
    result = run(system, **wanted)
    assert result["results"][0]["data"]["changed"] == ["persisted"]
    assert system.node().link_target(LINK) == UNIT
    run(system, state="absent")
    assert system.everything() == before
