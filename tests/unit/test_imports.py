# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may import whom: the rules of docs/architecture.md."""

from __future__ import annotations

import ast
import functools
import graphlib
from collections.abc import Iterator
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[2] / "plugins"
PREFIX = "ansible_collections.ack_edge.node.plugins."
NODE, CONTROLLER = "module_utils", "plugin_utils"
# Plugins stand above both; nobody imports them.
ABOVE = ("modules", "action", "callback", "filter", "inventory", "lookup")
SYSTEM = "_system"
# What a format may know of its own package: what is handed to it, and how that is shown.
SHOWN = ("types", "inputs", "document", "view", "picture", "messages")
# Leaves that everybody may use: they import nothing of the collection but one another.
LEAVES = (
    *(f"{NODE}.{name}" for name in ("_errors", "_inputs", "_secrets", "_verdict", "_system.cluster")),
    *(f"{CONTROLLER}.{name}" for name in ("_language", "_style", "_text", "_types")),
)


def name_of(path: Path) -> str:
    name = ".".join(path.relative_to(PLUGINS).with_suffix("").parts)
    return name.removesuffix(".__init__")


FILES = {name_of(path): path for path in sorted(PLUGINS.rglob("*.py"))}


def imported(name: str) -> Iterator[str]:
    """Yield the modules of the collection that one of them imports, also inside of functions."""
    for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            wanted = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name} imports relatively; write the full name"
            wanted = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for full in wanted:
            if full.startswith(PREFIX):
                short = full.removeprefix(PREFIX)
                yield short if short in FILES else short.rpartition(".")[0]


@functools.cache
def imports() -> dict[str, list[str]]:
    """Return {module: what it imports}; read where a test asks, since each process collects this file."""
    return {name: sorted(set(imported(name))) for name in FILES}


def room(name: str) -> str:
    """Return the package of a module, or the module itself where it stands alone: module_utils._static_routes."""
    return ".".join(name.split(".")[:2])


def is_package(name: str) -> bool:
    return (PLUGINS / room(name).replace(".", "/")).is_dir()


def inside(name: str, folder: str) -> str:
    """Return the name of a module within such a folder of a package, '' where it is not in one."""
    parts = name.split(".")
    return parts[3] if len(parts) == 4 and parts[2] == folder else ""


def breaches(rule: str) -> list[str]:
    return [
        f"{name} imports {other}" for name, others in imports().items() for other in others if RULES[rule](name, other)
    ]


def _between_backends(name: str, other: str) -> bool:
    one, two = inside(name, "backends"), inside(other, "backends")
    return bool(one and two) and one != "registry" and two != "base"


def _between_engines(name: str, other: str) -> bool:
    if not (name.startswith(NODE) and other.startswith(NODE) and is_package(name) and is_package(other)):
        return False
    return room(name) != room(other) and room(other) != f"{NODE}.{SYSTEM}"


def _of_a_format(name: str, other: str) -> bool:
    if not inside(name, "formats") or other in LEAVES:
        return False
    if room(name) != room(other):
        return True
    return not (inside(other, "formats") or other.removeprefix(f"{room(name)}.") in SHOWN)


def _of_a_leaf(name: str, other: str) -> bool:
    return name in LEAVES and other not in LEAVES


RULES = {
    "a backend imports no other backend": _between_backends,
    "an engine imports no other engine": _between_engines,
    "_system imports no engine": lambda name, other: (
        room(name) == f"{NODE}.{SYSTEM}" and is_package(other) and room(other) != room(name)
    ),
    "a format imports what it shows, and nothing else": _of_a_format,
    "a leaf imports nothing but leaves": _of_a_leaf,
    "the node's side imports nothing of the controller's": lambda name, other: (
        name.startswith((f"{NODE}.", "modules.")) and other.startswith(CONTROLLER)
    ),
    "nobody imports a plugin": lambda name, other: other.split(".", maxsplit=1)[0] in ABOVE,
}


@pytest.mark.parametrize("rule", RULES)
def test_rule(rule: str) -> None:
    assert breaches(rule) == []


def test_there_is_no_circle_between_packages() -> None:
    graph: dict[str, set[str]] = {}
    for name, others in imports().items():
        graph.setdefault(room(name), set()).update(room(other) for other in others if room(other) != room(name))
    assert list(graphlib.TopologicalSorter(graph).static_order())


def test_there_is_no_circle_between_modules() -> None:
    assert list(
        graphlib.TopologicalSorter({name: set(others) - {name} for name, others in imports().items()}).static_order()
    )


def test_all_imports_were_seen() -> None:
    assert imports()["plugin_utils._report.formats.registry"] and imports()["modules.static_routes"]
    assert all(other in FILES for others in imports().values() for other in others)
