# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that the report can say has a text in Chinese, with the same values, and no text is left over."""
# ruff: noqa: RUF001 (as Chinese is written)

from __future__ import annotations

import ast
import json
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.messages import PROBLEMS
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.registry import CHECKS
from ansible_collections.ack_edge.node.plugins.plugin_utils._language import CHINESE, ENGLISH, Message, chosen
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight.sections import MODULES
from ansible_collections.ack_edge.node.plugins.plugin_utils._report import contact, document, files, paths, titles
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats import terminal
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.as_html import SCRIPT_PARTS, asset
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.language import messages
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import PREPARE
from fakes.report import endpoint, run, verdict

FOLDER = Path(files.__file__).parent
LABELS, REMEDIES = messages(CHINESE).labels, messages(CHINESE).remedies
# Modules with verdicts that come in no look at a host.
BESIDE = ("port_listener", "requirements", "duplicate_hosts")
HAN = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def in_page() -> Iterator[str]:
    yield from re.findall(r"\{\{ say (.+?) \}\}", asset("page.html"))
    for part in SCRIPT_PARTS:
        source = asset(part)
        yield from (json.loads(text) for text in re.findall(r'\bt\(\s*("(?:[^"\\]|\\.)*")', source))
        yield from (f"{{number}} {noun}" for noun in re.findall(r'\bplural\([^"]*?, "([^"]+)"\)', source))


def in_code() -> Iterator[str]:
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Message":
                yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant))
    for module in (titles, paths, document, terminal):
        yield from module.TEMPLATES
    yield from (kind.title for kind in contact.KINDS)


def values(text: str) -> set[str]:
    return {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name}


def test_every_label_is_in_chinese_and_none_is_left_over() -> None:
    assert set(LABELS) == {*in_page(), *in_code()}


@pytest.mark.parametrize("text", LABELS)
def test_a_label_has_the_same_values(text: str) -> None:
    # A page may leave out a value that only the grammar of English needs.
    assert values(LABELS[text]) == values(text)
    assert HAN.search(LABELS[text]) and text.isascii()


def test_every_cause_has_a_remedy_in_chinese_and_none_is_left_over() -> None:
    modules = {*MODULES.values(), *BESIDE} - {"readiness_info"}
    states = {state.replace(" ", "_") for state in document.LOST} | {"fail"}
    contacts = {f"contact.{kind.id}" for kind in contact.KINDS}
    checks = {f"readiness_info.{check.ID}" for check in CHECKS}
    assert set(REMEDIES) == {*PROBLEMS, *checks, *modules, *states, *contacts, PREPARE}
    assert all(HAN.search(text) and not values(text) for text in REMEDIES.values())
    assert len(contacts) == len(contact.KINDS)


def test_no_text_of_the_script_is_outside_of_the_catalogue() -> None:
    """A text with a blank in the script is said by t(), is a class or a rule of the page, or is joined."""
    for part in SCRIPT_PARTS:
        for found in re.finditer(r'(.{0,24})"([A-Z][a-z]+(?: [a-z]+)+[.]?)"', asset(part)):
            assert re.search(r"\b(t|plural)\($|, $", found[1]), (part, found[0])


@pytest.mark.parametrize(
    ("given", "language"), [("zh", CHINESE), ("zh_CN.UTF-8", CHINESE), ("ZH-cn", CHINESE), ("en", ENGLISH)]
)
def test_a_language_is_known_by_its_name_or_a_locale(given: str, language: str) -> None:
    assert chosen(given) == (language, "")


def test_another_language_is_english_with_a_warning() -> None:
    assert chosen("fr") == (ENGLISH, "ACK_EDGE_LANG is 'fr', expected one of en, zh; English is used")
    assert chosen("") == chosen(None) == (ENGLISH, "")


def test_values_with_braces_stay() -> None:
    said = Message("The route to {what} is missing", what="{number}")
    assert (str(said), messages(CHINESE).say(said)) == ("The route to {number} is missing", "缺少到 {number} 的路由")
    assert messages(CHINESE).say("Ready") == "Ready", "a text of a host stays"


def test_a_terminal_in_chinese() -> None:
    silent = endpoint("registry", "100.103.1.1", "tcp.timeout")
    lines = files.summary(run(hosts={"a": [silent], "b": "Connection refused", "c": []}), CHINESE)
    assert lines[:3] == [
        "3 台主机中有 1 台已就绪（1 台正常，1 台失败，1 台不可达）",
        "  b：ssh：连接被拒绝（Connection refused）：Connection refused",
        f"      处理办法：{REMEDIES['contact.connection_refused']}",
    ]
    assert f"      处理办法：{silent['remedy']}" in lines
    assert lines[-1] == "  路径 idc1：2 台主机中有 1 台中断于10.99.0.253 之后的专线：连接超时"


def test_a_page_in_chinese(tmp_path: Path) -> None:
    silent = endpoint("registry", "100.103.1.1", "tcp.timeout")
    hosts = {"a": [silent, verdict("swap", "fail")], "b": "Connection refused", "c": None}
    made = files.make(run(hosts=hosts), tmp_path / "fleet", ["html", "csv"], CHINESE)
    page, csv = made[tmp_path / "fleet.html"], made[tmp_path / "fleet.csv"]
    assert page is not None and csv is not None
    assert '<html lang="zh-CN" dir="ltr">' in page and "<h1>主机就绪报告</h1>" in page
    for cause in ("tcp.timeout", "readiness_info.swap", "contact.connection_refused", "not_started"):
        assert json.dumps(REMEDIES[cause], ensure_ascii=False).replace("&", "\\u0026") in page
    # What hosts said is there as they said it, and so is all that programs read.
    assert silent["summary"] in page and not HAN.search(csv)
    english = files.make(run(hosts=hosts), tmp_path / "fleet", ["html"])[tmp_path / "fleet.html"]
    assert english is not None and not HAN.search(english) and '<html lang="en" dir="ltr">' in english
