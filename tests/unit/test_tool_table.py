# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/supported_systems.yml has every command and option of the node side; conftest.py sees those that tests run."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from fakes import tool_table as tools

NODE_SIDE = sorted([*tools.ROOT.glob("plugins/modules/*.py"), *tools.ROOT.glob("plugins/module_utils/**/*.py")])
OPTION = re.compile(r"--?[A-Za-z][\w-]*(?:=.*)?\Z", re.DOTALL)
# What looks like an option and is none of a command that is run: matches of rules of others and options of processes,
# which are read, and the end of a program's name.
READ = {
    "_inbound_ports/formats/iptables.py": {"-P", "-N"},
    "_inbound_ports/formats/loading_unit.py": {"-restore"},
    "_inbound_ports/formats/iptables_judge.py": {
        *("--ctstate", "--dst-type", "--pkt-type", "--reject-with", "--state", "--tcp-flags", "--rt-type"),
        *("--rt-segsleft", "--fragid", "--icmp-type", "--icmpv6-type", "--chunk-types", "-d", "-f", "-g", "-i"),
        *("--src-type", "--to-destination", "--to-ports", "--to", "--on-port", "--on-ip", "--tproxy-mark"),
    },
    "_inbound_ports/backends/iptables.py": {"-restore"},
    "_inbound_ports/boot_config.py": {"--file", "--includepath"},
    "_inbound_ports/backends/ufw.py": {"-restore"},
    "_inbound_ports/loaded.py": {"-restore"},
    "_readiness/checks/clock_setters.py": {"--disable-timesync"},
    "_system/membership.py": {"--bootstrap-kubeconfig", "--kubeconfig"},
    "_time_sync/observe.py": {"-x"},
}
KINDS = {"call", "line", "file"}
# Functions of the node side that run the list of words that they are given.
RUNNERS = {"run", "check", "checked", "patient", "listed", "run_command", "_ask", "_said", "_runner", "_read"}


def options(tree: ast.AST) -> Iterator[str]:
    """Yield every text of a module that looks like an option; what is filled in is '*'."""
    inside = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside.update(id(part) for part in node.values)
            text = "".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            text = node.value
        else:
            continue
        if OPTION.match(text.replace("*", "x", 1) if text.startswith("-*") else text.replace("--*", "--x", 1)):
            yield text


def strange_options(path: str, source: str) -> list[str]:
    known = tools.vocabulary() | READ.get(path.partition("module_utils/")[2], set())
    values = {word.partition("=")[0] + "=" for word in known if "=" in word}

    def is_known(text: str) -> bool:
        if "*" in text and "=*" not in text:
            shape = re.compile(re.escape(text).replace(r"\*", ".+") + r"\Z")
            return any(shape.match(word) for word in known)
        return text in known or ("=" in text and text.partition("=")[0] + "=" in values)

    return sorted({text for text in options(ast.parse(source)) if not is_known(text)})


def heads(tree: ast.AST) -> Iterator[str]:
    """Yield the first word of every list of words that is handed to a runner, directly or by a name."""
    handed, named = [], set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in RUNNERS:
                handed += [item for item in node.args if isinstance(item, ast.List)]
                named.update(item.id for item in node.args if isinstance(item, ast.Name))
                named.update(
                    part.value.id
                    for item in node.args
                    if isinstance(item, ast.List)
                    for part in item.elts[:1]
                    if isinstance(part, ast.Starred) and isinstance(part.value, ast.Name)
                )
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") in named for target in node.targets):
            handed += [item for item in ast.walk(node.value) if isinstance(item, ast.List)][:1]
    for item in handed:
        first = item.elts[0] if item.elts else None
        if isinstance(first, ast.Starred) and isinstance(first.value, ast.Tuple):
            first = first.value.elts[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def strange_heads(source: str) -> list[str]:
    return sorted({head for head in heads(ast.parse(source)) if head.rpartition("/")[2] not in tools.programs()})


@pytest.mark.parametrize("path", NODE_SIDE, ids=lambda path: str(path.relative_to(tools.ROOT / "plugins")))
def test_no_option_and_no_command_is_missing(path):
    source = path.read_text()
    assert strange_options(str(path), source) == []
    assert strange_heads(source) == []


@pytest.mark.parametrize(
    "call",
    [
        'node.run(["nft", "--foo", "list", "ruleset"])',
        'argv = ["ip", "-j", "address"]\nnode.check(argv + list(names))',
        'node.run([*tool, f"--{option}-entries=x"])',
        'node.run([*tool, "--lockdown=" + value])',
    ],
)
def test_an_option_that_nobody_entered_is_seen(call):
    assert strange_options("module_utils/_inbound_ports/loaded.py", call) != [] or '"-j"' in call
    assert tools.unknown(["nft", "--foo", "list", "ruleset"]) == ["nft --foo list ruleset"]
    assert tools.unknown(["ip", "-j", "address", "show"]) == ["ip -j address show"]


@pytest.mark.parametrize(
    "call",
    [
        'self._node.run(["resolvectl", "status"])',
        'argv = ["resolvectl"]\nnode.check(argv)',
        '_GET = [*("resolvectl", "dns")]\nchecked(node, [*_GET, name])',
    ],
)
def test_a_command_that_nobody_entered_is_seen(call):
    assert strange_heads(call) == ["resolvectl"]


def test_what_a_command_gets_on_its_standard_input_is_looked_at():
    batch = "route replace 10.0.0.0/8 via 10.0.0.1 dev eth0\nlink set eth0 down\n"
    assert tools.unknown(["ip", "-4", "-batch", "-"], batch) == ["ip: link set eth0 down"]
    rules = "*filter\n:ACK-EDGE-A - [0:0]\n-I INPUT 1 -j ACK-EDGE-A\n-P INPUT DROP\nCOMMIT\n"
    restore = ["iptables-restore", "-w", "5", "--noflush"]
    assert tools.unknown(restore, rules) == ["iptables-restore: -P INPUT DROP"]
    assert tools.unknown(["nft", "-f", "-"], "destroy table inet filter\n") == ["nft: destroy table inet filter"]


def test_commands_of_a_script_and_of_a_unit():
    script = "#!/bin/sh\nsleep 3\nrm /a 2>/dev/null || exit 0\nip -4 -force -batch - <<'END'\nroute del x\nEND\n"
    assert tools.commands_in(script) == [["sleep", "3"], ["rm", "/a"], ["ip", "-4", "-force", "-batch", "-"]]
    hook = '#!/bin/sh\ncase $IFACE in\n  eth0)\n    sed -n x "$0" | ip -force -batch - ;;\nesac\n'
    assert [argv[0] for argv in tools.commands_in(hook)] == ["sed", "ip"]
    unit = "[Service]\nExecStart=-/usr/sbin/iptables -w 60 -D INPUT -j A\nExecStart=/bin/sh -c 'a=1; \\\n"
    unit += "  until sed -n x /a | ip -batch -; do sleep 1; done'\n"
    assert [argv[0] for argv in tools.commands_in(unit)] == ["/usr/sbin/iptables", "sed", "ip", "sleep"]


def test_only_the_runner_starts_programs():
    """What another one started would be seen by nobody."""
    for path in NODE_SIDE:
        if path.name == "_node.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            imported = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            imported += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {"subprocess", "pty", "asyncio.subprocess"}.intersection(imported), path
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
                assert not re.match(r"(system|popen|exec|spawn|posix_spawn)", node.attr), (path, node.attr)


def test_every_row_is_whole():
    systems = {system["name"] for system in tools.table()["systems"]}
    known = set(tools.table()["oldest"]) | {tool for system in tools.table()["systems"] for tool in system["versions"]}
    for row in tools.table()["calls"]:
        assert set(row) <= {"tool", "call", "line", "file", "part", "since", "backports", "broken", "then", "proof"}, (
            row
        )
        assert len(KINDS.intersection(row)) == 1, row
        assert row["tool"] in known and row["proof"] in ("run", "concluded"), row
        assert row["since"] == "oldest" or re.match(r"\d+(\.\d+)*\Z", row["since"]), row
        assert systems.issuperset(row.get("backports", []) + row.get("broken", [])), row
        assert row["then"] or not tools.lacking(row), f"what is done on {tools.lacking(row)}? {row}"
        assert "not known" not in str(row), row


def test_the_systems_are_those_of_the_vendor():
    """Each row of vars/os_support.yml has its line, UnionTech's and Kylin's one for each parent."""
    listed = yaml.safe_load((tools.ROOT / "vars/os_support.yml").read_text())["os_support"]["rows"]
    names = " ".join(system["name"] for system in tools.table()["systems"])
    for name, version in sorted({(row["system"], version) for row in listed for version in row["versions"]}):
        there = re.search(rf"{name} (?:[\d., ]+, )?{re.escape(version)}\b", names)
        assert there, f"{name} {version} is not under systems in docs/supported_systems.yml"


def test_a_patched_and_a_lacking_system():
    rows = tools.rows_of(["iptables-legacy-restore", "-w", "10", "--noflush"])
    assert tools.lacking(rows[0]) == ["Ubuntu 16.04", "Ubuntu 18.04"]
    assert tools.lacking(tools.rows_of(["nft", "-j", "list", "ruleset"])[0])[:2] == ["Ubuntu 16.04", "CentOS 7.4"]


def test_the_page_is_up_to_date():
    text = tools.PAGE.read_text()
    before, _begin, rest = text.partition(tools.BEGIN)
    after = rest.partition(tools.END)[2]
    fresh = before + tools.shown() + after
    if os.environ.get("ACK_EDGE_WRITE_PAGES"):
        Path(tools.PAGE).write_text(fresh)
    else:
        assert text == fresh, "run 'make pages'"
