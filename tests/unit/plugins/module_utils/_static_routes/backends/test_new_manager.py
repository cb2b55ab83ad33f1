# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A manager of interfaces that nobody has heard of: one class and one word in the registry, and all else follows."""

from __future__ import annotations

import importlib.util

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import arguments
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import base, registry
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import ip_route
from fakes.routes import System, run

GIVEN = {"gateway": "10.99.0.253", "routes": [{"destination": "100.103.99.73/32", "comment": "registry"}]}
CONFIGURED, OURS = "/etc/wicket/idc0.conf", "/etc/wicket/routes.d/ack-edge"


class Wicket(base.Backend):
    """Holds an interface that it has a file for; its routes are lines of ip."""

    name = "wicket"
    title = "wicket"
    looked_for = "a file in /etc/wicket"

    def claim(self, link):
        path = f"/etc/wicket/{link.name}.conf"
        return f"configured in {path}" if self._node.exists(path) else ""

    def locate(self, _link):
        return f"/etc/wicket/routes.d/{self._name}"

    def parse(self, text, _interface):
        return ip_route.read_batch(text)

    def compose(self, _text, items, _add, _drop, _restore=()):
        return "# ack_edge.node.static_routes\n" + ip_route.batch(items) if items else None


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setattr(registry, "BACKENDS", (*registry.BACKENDS, Wicket))


@pytest.fixture
def system(tmp_path):
    found = System(tmp_path, "")
    found.put(CONFIGURED, "up\n")
    return found


def test_it_can_be_chosen():
    specification = importlib.util.spec_from_file_location("arguments_anew", arguments.__file__)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    assert module.ARGUMENT_SPEC["backend"]["choices"] == [*arguments.ARGUMENT_SPEC["backend"]["choices"], "wicket"]


@pytest.mark.parametrize("option", ["auto", "wicket"])
def test_a_whole_run_and_back(system, option):
    before = system.everything()
    predicted = run(system, check=True, **GIVEN, backend=option)
    result = run(system, **GIVEN, backend=option)
    assert (result["changed"], result["diff"]) == (True, predicted["diff"])
    data = result["results"][0]["data"]
    assert (data["backend"], data["path"], data["live"], data["persisted"]) == ("wicket", OURS, "ok", "ok")
    assert "route replace 100.103.99.73/32 via 10.99.0.253 dev idc0" in system.text(OURS)
    assert run(system, **GIVEN, backend=option)["changed"] is False
    assert run(system, state="absent")["changed"] is True
    assert system.everything() == before


def test_it_rivals_another_that_holds_the_interface(tmp_path):
    system = System(tmp_path, "networkd")
    system.put(CONFIGURED, "up\n")
    with pytest.raises(base.NodeError, match=r"systemd-networkd \(.*\) and wicket \(configured in /etc/wicket/idc0"):
        run(system, **GIVEN)


def test_where_nobody_holds_the_interface_it_says_what_was_looked_for(system):
    system.node().remove(CONFIGURED)
    with pytest.raises(base.NodeError, match="wicket: a file in /etc/wicket"):
        run(system, **GIVEN)
