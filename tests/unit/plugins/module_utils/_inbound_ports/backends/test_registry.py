# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A firewall is one class and its line in the registry: nothing else knows a firewall by its name."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import arguments, detect
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends import base, registry
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.run import run
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import Fact, Found, Rule, by_version
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.modules import inbound_ports
from fakes.firewall import KUBELET
from fakes.nft import DROPPING, FakeNft
from fakes.system import System

ROOT = Path(__file__).parents[6]
ENGINE = ROOT / "plugins/module_utils/_inbound_ports"
FILE = "/etc/pinhole.rules"


class Pinhole(base.FirewallBackend):
    """A firewall that exists in this test alone: a file with a line for each accept, active where the file is there."""

    name = "pinhole"
    reproduce = f"cat {FILE}"

    def manages_now(self):
        return f"{FILE} is there" if self._node.exists(FILE) else ""

    def files(self, _remembered):
        return [FILE]

    def observe(self, _remembered, _items):
        return (self._node.read(FILE) or "").splitlines()

    def facts(self, seen, items):
        rules = {
            self._line(item, version): (
                item.name,
                Rule((FILE,), version, item.protocol, sources, item.ports, item.name),
            )
            for item in items
            for version, sources in by_version(item)
        }
        found = tuple(
            Found(rules.get(line, ("", None))[1], "", True, line, line)
            for line in seen
            if line.startswith(self._prefix)
        )
        return [Fact(name, tuple(rules.values()), found, ((), ()), None) for name in ("runtime", "boot")]

    def _line(self, item, version):
        return f"{self._prefix}{item.name} {version}"

    def text(self, rule):
        return f"{self._prefix}{rule.label} {rule.version}"

    def remember(self, _seen, changes, _remembered):
        now = {"lines": [self.text(rule) for _name, rule in changes[0].fact.desired]}
        return now, (now if now["lines"] else None)

    def apply(self, seen, changes):
        left = [line for line in seen if line not in [found.ref for found in changes[0].remove]]
        lines = left + [self.text(rule) for rule in changes[0].add]
        self._node.write(FILE, "".join(line + "\n" for line in lines))


@pytest.fixture
def system(tmp_path, monkeypatch):
    monkeypatch.setattr(registry, "BACKENDS", (*registry.BACKENDS, Pinhole))
    made = System(tmp_path)
    made.path(FILE).write_text("of the site\n")
    return made


def call(system, **params):
    defaults = {name: spec.get("default") for name, spec in arguments.ARGUMENT_SPEC.items()}
    return run(system.node(), {**defaults, "interface": "eth0", **params}, params.pop("check_mode", False))


def test_a_new_firewall_is_detected(system):
    def active():
        node = system.node()
        return detect.one_manager(node, list(registry.backends(node, "ack-edge").values()))

    assert active() == "pinhole"
    system.programs["nft"] = FakeNft(DROPPING)
    with pytest.raises(NodeError, match="pinhole and nftables are active"):
        active()


def test_a_new_firewall_is_a_choice_of_the_module(system):
    try:
        assert importlib.reload(arguments).ARGUMENT_SPEC["backend"]["choices"][-2:] == ["pinhole", "none"]
    finally:
        registry.BACKENDS = registry.BACKENDS[:-1]
        importlib.reload(arguments)


@pytest.mark.parametrize("option", ["auto", "pinhole"])
def test_a_new_firewall_is_written_to_and_given_back(system, option):
    before = system.files()
    done = call(system, ports=[KUBELET], backend=option)
    assert (done["changed"], done["backend"], done["results"][0]["status"]) == (True, "pinhole", "pass")
    assert system.path(FILE).read_text() == "of the site\nack-edge ack-edge kubelet 4\n"
    assert not call(system, ports=[KUBELET], backend=option)["changed"]
    assert call(system, state="absent")["changed"]
    assert system.files() == before
    assert not system.path("/var/lib/ack_edge").exists()


def test_documentation_lists_the_firewalls_of_the_registry():
    documented = yaml.safe_load(inbound_ports.DOCUMENTATION)["options"]["backend"]["choices"]
    role = yaml.safe_load((ROOT / "roles/inbound_ports/meta/argument_specs.yml").read_text())
    assert documented == registry.choices()
    assert role["argument_specs"]["main"]["options"]["inbound_ports_backend"]["choices"] == registry.choices()


def imports(path):
    """Return what a file takes from the engine, as paths below its package."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and "._inbound_ports" in node.module:
            start = node.module.partition("._inbound_ports")[2].lstrip(".")
            found |= {f"{start}.{name.name}" for name in node.names}
    return found


@pytest.mark.parametrize("path", sorted((ENGINE / "backends").glob("[a-z]*.py")), ids=lambda path: path.stem)
def test_no_backend_imports_another(path):
    if path.stem == "registry":
        assert all(name.startswith("backends.") for name in imports(path))
    elif path.stem != "base":
        assert imports(path)
        assert all(name.startswith(("backends.base.", "formats.", "types.")) for name in imports(path))


@pytest.mark.parametrize("path", sorted((ENGINE / "formats").glob("[a-z]*.py")), ids=lambda path: path.stem)
def test_formats_import_types_alone(path):
    assert all(name.startswith("types.") or name.endswith(".SOFTWARE_CHAINS") for name in imports(path))
