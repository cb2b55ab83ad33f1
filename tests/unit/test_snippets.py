# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pages and plug-ins show can be used: blocks have a language, commands a playbook, and playbooks pass Ansible."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("roles/*/README.md")])
LANGUAGES = {"sh", "yaml", "ini", "jinja", "text", "mermaid"}
_BLOCK = re.compile(r"^( *)```(.*)\n((?:.*\n)*?)\1```$", re.MULTILINE)
_PLAYBOOK = re.compile(r"ansible-playbook [^|;&]*?(?:ack_edge\.node\.(\w+)|playbooks/(\w+)\.yml)")


class Snippet(NamedTuple):
    """One block of a page, or the examples of one plug-in."""

    place: str
    language: str
    text: str


def of_page(page: Path) -> list[Snippet]:
    place = str(page.relative_to(ROOT)) if page.is_relative_to(ROOT) else page.name
    return [
        Snippet(place, language.strip(), re.sub(rf"^{indent}", "", text, flags=re.MULTILINE))
        for indent, language, text in _BLOCK.findall(page.read_text(encoding="utf-8"))
    ]


def of_plugins() -> Iterator[Snippet]:
    for path in sorted((ROOT / "plugins").glob("*/*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "EXAMPLES":
                yield Snippet(str(path.relative_to(ROOT)), "yaml", ast.literal_eval(node.value))


SNIPPETS = [snippet for page in PAGES for snippet in of_page(page)]


def playbook(content: Any) -> list[Any] | None:
    """Return a playbook that holds what a snippet shows, None where that is none: an inventory, variables, a site."""
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        return None
    if all({"hosts", "import_playbook"} & item.keys() for item in content):
        return content
    if all("." in key for item in content for key in item.keys() - _WORDS_OF_TASKS):
        return [{"hosts": "all", "gather_facts": False, "tasks": content}]
    return None


_WORDS_OF_TASKS = {
    *("name", "register", "when", "vars", "become", "loop", "loop_control", "run_once", "delegate_to", "tags"),
    *("ignore_errors", "failed_when", "changed_when", "no_log", "check_mode", "notify", "block", "rescue", "always"),
}


def refused(folder: Path, playbooks: list[list[Any]]) -> str:
    """Return what ansible-playbook says against playbooks, '' where it takes all of them."""
    names = []
    for number, plays in enumerate(playbooks):
        names.append(f"{number:03d}.yml")
        (folder / names[-1]).write_text(yaml.safe_dump(plays, sort_keys=False, allow_unicode=True), encoding="utf-8")
    # With the interpreter of the tests, whatever stands first in PATH.
    command = [sys.executable, "-m", "ansible", "playbook", "-i", "edge_nodes,vpc_probes,", "--syntax-check", *names]
    setting = os.environ | {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_CALLBACKS_ENABLED": ""}
    setting["ANSIBLE_COLLECTIONS_PATH"] = str(ROOT / ".collections")
    done = subprocess.run(command, cwd=folder, env=setting, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def test_every_block_has_a_known_language() -> None:
    assert len(SNIPPETS) > 60
    assert [(one.place, one.text[:60]) for one in SNIPPETS if one.language not in LANGUAGES] == []


def test_every_fence_is_read() -> None:
    fences = {str(page.relative_to(ROOT)): page.read_text(encoding="utf-8").count("```") for page in PAGES}
    read = dict.fromkeys(fences, 0)
    for one in SNIPPETS:
        read[one.place] += 2
    assert read == fences


def test_every_command_is_one_for_a_shell() -> None:
    shown = [one for one in SNIPPETS if one.language == "sh"]
    for one in shown:
        done = subprocess.run(["bash", "-n"], input=one.text, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), one


def test_every_playbook_of_a_command_exists() -> None:
    there = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
    named = [(one.place, "".join(names)) for one in SNIPPETS for names in _PLAYBOOK.findall(one.text)]
    assert len(named) > 30
    assert [pair for pair in named if pair[1] not in there] == []


def test_every_snippet_passes_ansible(tmp_path: Path) -> None:
    shown = [one for one in [*SNIPPETS, *of_plugins()] if one.language == "yaml"]
    parsed = [content for one in shown for content in yaml.safe_load_all(one.text)]
    playbooks = [plays for content in parsed if (plays := playbook(content)) is not None]
    assert len(playbooks) > 20
    assert refused(tmp_path, playbooks) == ""


@pytest.mark.parametrize(
    "task",
    [{"ack_edge.node.static_rutes": {"routes": []}}, {"ansible.builtin.import_role": {"name": "ack_edge.node.routes"}}],
)
def test_a_snippet_that_ansible_refuses_is_found(tmp_path: Path, task: dict[str, Any]) -> None:
    plays = playbook([{"name": "A task", **task}])
    assert plays is not None
    assert refused(tmp_path, [plays])


def test_other_yaml_is_no_playbook() -> None:
    assert playbook({"edge_nodes": {"hosts": {"a": None}}}) is None
    assert playbook([{"name": "idc-bj", "region": "cn-beijing"}]) is None
    assert playbook(["ack_edge.node.static_routes"]) is None


def test_blocks_in_lists_are_read(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text("1. One:\n\n   ```sh\n   ls\n     x\n   ```\n\n```\nplain\n```\n")
    assert [one[1:] for one in of_page(page)] == [("sh", "ls\n  x\n"), ("", "plain\n")]
