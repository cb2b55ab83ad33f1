# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of what the node side asks of each tool: which command is in it, and the page that shows it."""

from __future__ import annotations

import functools
import re
import shlex
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "docs" / "supported_systems.yml"
PAGE = ROOT / "docs" / "supported_systems.md"
BEGIN, END = "<!-- The table is made of supported_systems.yml: make pages -->\n", "<!-- The end of the table -->\n"
# Where a program takes commands from its standard input: how the lines that are looked at begin.
_SCRIPTS = {
    "ip": re.compile(r"(?P<line>\S.*)"),
    "iptables-restore": re.compile(r"(?P<line>[-:*A-Z].*)"),
    "nft": re.compile(r"(?P<line>(?:add|insert|delete|flush|create|replace|rename|reset|destroy) .*)"),
}
_VALUE, _ANY = r"(?!-)[^\0]+", r"[^\0]+"
_TOKEN = re.compile(r"\[|\](?:\.\.\.)?|[^\[\]\s]+(?:\[[^\]\s]*\]\S*)?")


@functools.cache
def table() -> dict[str, Any]:
    return yaml.safe_load(DATA.read_text())


@functools.cache
def _variants() -> dict[str, str]:
    return {name: plain for plain, names in table()["variants"].items() for name in names}


def _plain(words: list[str]) -> list[str]:
    """Return a command line with the table's names of programs, wherever they lie."""
    known = _variants()
    named = [word.rpartition("/")[2] if index == 0 else word for index, word in enumerate(words)]
    tails = [word.rpartition("/")[2] for word in named]
    return [known.get(tail, tail if tail in _PROGRAMS else word) for word, tail in zip(named, tails, strict=True)]


_PROGRAMS = ("iptables-restore",)


def _word(word: str) -> str:
    """Return the pattern of one word of a synopsis; a value is anything, but no option where it stands alone."""
    several = word.endswith("...")
    pattern = "|".join(
        _ANY
        if part == "<word>"
        else _VALUE
        if re.fullmatch(r"<[^>]*>", part)
        else re.sub(r"<[^>]*>", r"[^\\0]*", re.sub(r"([.*+$()^?])", r"\\\1", part))
        for part in word.removesuffix("...").split("|")
    )
    return rf"(?:(?:{pattern})\0){'+' if several else ''}"


@functools.cache
def pattern(synopsis: str) -> re.Pattern[str]:
    """Return what matches the words of a command that a synopsis is about, each with a NUL behind it."""
    text, literal = (
        "",
        re.sub(r"\[0:0\]|\[UNIT\]", lambda match: match[0].replace("[", "\x01").replace("]", "\x02"), synopsis),
    )
    for token in _TOKEN.findall(literal):
        if token == "[":
            text += "(?:"
        elif token.startswith("]"):
            text += ")*" if token.endswith("...") else ")?"
        else:
            text += _word(token.replace("\x01", r"\[").replace("\x02", r"\]"))
    return re.compile(text + r"\Z")


@functools.cache
def _by_program(kind: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in table()["calls"]:
        if kind in row:
            found.setdefault(row[kind].split()[0].rstrip(":"), []).append(row)
    return found


@functools.cache
def programs() -> set[str]:
    """Return the names of every program in the table."""
    calls = [row["call"].split() for row in table()["calls"] if "call" in row]
    return {words[0] for words in calls} | set(_variants())


def rows_of(argv: list[str]) -> list[dict[str, Any]]:
    """Return the rows of the table that a command line is in."""
    words = _plain([str(word) for word in argv])
    text = "".join(word + "\0" for word in words)
    return [row for row in _by_program("call").get(words[0], []) if pattern(row["call"]).match(text)]


def unknown(argv: list[str], stdin: str | None = None) -> list[str]:
    """Return what of a command line, and of the commands on its standard input, is not in the table."""
    found = [] if rows_of(argv) else [" ".join(map(str, argv))]
    program = next((word for word in reversed(_plain([str(word) for word in argv])) if word in _SCRIPTS), "")
    if stdin is None or not program:
        return found
    for line in stdin.splitlines():
        match = _SCRIPTS[program].match(line)
        if match and not _line_rows(program, match["line"]):
            found.append(f"{program}: {line}")
    return found


def _line_rows(program: str, line: str) -> list[dict[str, Any]]:
    text = "".join(word + "\0" for word in line.split())
    rows = _by_program("line").get(program, [])
    return [row for row in rows if pattern(row["line"].partition(": ")[2]).match(text)]


def commands_in(text: str) -> list[list[str]]:
    """Return the command lines in a shell script or a unit of systemd that the node side writes."""
    if text.startswith("#!"):
        return _shell(text)
    found = []
    for start in re.findall(r"^ExecStart=-?((?:.*\\\n)*.*)", text, re.MULTILINE):
        argv = shlex.split(start.replace("\\\n", " ").replace("$$", "$"))
        found += _shell(argv[2]) if argv[1:2] == ["-c"] else [argv]
    return found


def _shell(text: str) -> list[list[str]]:
    text = re.sub(r"<<'(\w+)'\n.*?^\1$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"\bcase \S+ in\b|\besac\b|^\s*[\w.|-]+\)", "", text, flags=re.MULTILINE)
    text = re.sub(r"#.*|\d?[<>]&?\s*/\S+", "", text)
    found = []
    for part in re.split(r"\|\||&&|[;|\n]|\b(?:do|until|then|else|fi|done)\b", text):
        words = shlex.split(part)
        if words and words[0] not in ("[", "exit") and "=" not in words[0]:
            found.append(words)
    return found


@functools.cache
def vocabulary() -> set[str]:
    """Return every option that stands in the table, those with a value up to their '='."""
    text = " ".join(row.get("call") or row.get("line") or "" for row in table()["calls"])
    words = [word.strip("[].") for token in text.split() for word in token.split("|")]
    return {re.sub(r"=.*", "=", word) if "<" in word else word for word in words if re.match(r"-{1,2}[A-Za-z]", word)}


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def lacking(row: dict[str, Any]) -> list[str]:
    """Return the names of the listed systems that lack what a row asks for, the oldest first."""
    if row["since"] == "oldest":
        return list(row.get("broken", []))
    return [
        system["name"]
        for system in table()["systems"]
        if row["tool"] in system["versions"]
        and _number(system["versions"][row["tool"]]) < _number(str(row["since"]))
        and system["name"] not in row.get("backports", [])
    ] + row.get("broken", [])


def oldest(tool: str) -> str:
    """Return the oldest version of a tool on the listed systems, with the system."""
    if tool in table()["oldest"]:
        return table()["oldest"][tool]
    version, name = min(
        ((system["versions"][tool], system["name"]) for system in table()["systems"] if tool in system["versions"]),
        key=lambda found: _number(found[0]),
    )
    return f"{version} ({name.partition(',')[0]})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def shown() -> str:
    """Return the part of the page that is made of the data."""
    lines = [
        BEGIN,
        "| tool | what is asked of it | first version | oldest system that lacks it | what is done there | proof |\n",
    ]
    lines.append("| --- | --- | --- | --- | --- | --- |\n")
    for row in table()["calls"]:
        asked = f"`{_cell(row.get('call') or row.get('line') or '')}`" if "file" not in row else _cell(row["file"])
        asked += f": {_cell(row['part'])}" if "part" in row else ""
        since = f"{oldest(row['tool'])} or older" if row["since"] == "oldest" else str(row["since"])
        since += ", patched into older ones by EL 7" if "backports" in row else ""
        without = lacking(row)
        more = f" and {len(without) - 1} more" if without[1:] else ""
        cells = [row["tool"], asked, since, (without or ["none"])[0] + more, _cell(row["then"]), row["proof"]]
        lines.append(f"| {' | '.join(cells)} |\n")
    tools = list(dict.fromkeys(tool for system in table()["systems"] for tool in system["versions"]))
    lines += [
        "\n",
        "Versions of these tools, the oldest systems first. (C): concluded from the parent or the release.\n",
        "\n",
    ]
    lines += [f"| system | {' | '.join(tools)} |\n", "| --- " * (len(tools) + 1) + "|\n"]
    for system in table()["systems"]:
        unsure = tools if system["concluded"] == "all" else system["concluded"]
        cells = [
            f"{system['versions'][tool]}{' (C)' if tool in unsure else ''}" if tool in system["versions"] else ""
            for tool in tools
        ]
        lines.append(f"| {system['name']} | {' | '.join(cells)} |\n")
    return "".join([*lines, "\n", END])
