# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What README.md and the page for a first run show, as data: files and commands.

The tests run these, so that what a reader types in works.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", ROOT / "docs" / "first_run.md")
_NAMES = "README.md and docs/first_run.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


class NotShown(AssertionError):
    """The pages do not show what a test wants to run."""


def _blocks() -> list[tuple[str, str]]:
    return [block for page in PAGES for block in _BLOCK.findall(page.read_text())]


def shown_files(name: str) -> list[str]:
    """Return all files of this name: blocks whose first line is a comment with the name and nothing else.

    :raises NotShown: where there is none.
    """
    blocks = [text.partition("\n") for _language, text in _blocks()]
    found = [rest for first, _newline, rest in blocks if first == f"# {name}"]
    if not found:
        raise NotShown(f"{_NAMES} show no file {name}: a fenced block that begins with the line '# {name}'")
    return found


def shown_file(name: str) -> str:
    """Return the first file of this name."""
    return shown_files(name)[0]


def shown_command(program: str, *words: str) -> str:
    """Return the first command line with this program and these words in it, without its comment.

    :raises NotShown: where there is none.
    """
    for language, text in _blocks():
        if language != "sh":
            continue
        for line in text.replace("\\\n", " ").splitlines():
            command = shlex.split(line, comments=True)
            if command[:1] == [program] and all(any(word in part for part in command) for word in words):
                return shlex.join(command)
    raise NotShown(f"{_NAMES} show no command {program} with {', '.join(words)}")


def shown_playbook(name: str, installed: bool = True) -> str:
    """Return the command that runs a playbook of the installed collection.

    Where the pages show it for another playbook only, it is that of prepare_edge with the other name, as its readers
    do; those that need no variables lose theirs.
    """
    full = f"ack_edge.node.{name}" if installed else f"playbooks/{name}.yml"
    try:
        return shown_command("ansible-playbook", full)
    except NotShown:
        command = shown_command("ansible-playbook", "ack_edge.node.prepare_edge")
    command = command.replace("ack_edge.node.prepare_edge", full)
    return command if name == "verify_edge" else re.sub(r" -e region=\S+", "", command)


def region() -> str:
    """Return the region of the examples."""
    return re.search(r"-e region=(\S+)", shown_command("ansible-playbook", "ack_edge.node.prepare_edge")).group(1)
