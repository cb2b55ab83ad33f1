# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""plan.json, plan.csv, plan.md and plan.html: every network once, read back from the files, and no text that acts.

After a wanted change: ACK_EDGE_WRITE_GOLDEN=1 pytest, and read what changed.
"""

from __future__ import annotations

import copy
import csv
import html.parser
import io
import json
import os
import re
from collections import Counter
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._language import LANGUAGES
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.registry import BY_NAME, FORMATS
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import folder
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan
from fakes.network_plan import GOLDEN, ROOT, RUNS, make, plan
from fakes.report import endpoint, run

PAGE = ROOT / "docs" / "network_plan.md"
SAMPLE = "100.118.58.0"
MINE = ("json", "csv", "md", "html")
HOSTILE = "<script>alert(1)</script>|`$(id)`\"'&amp;{{ 7*7 }}[x](javascript:x) =cmd|' /C calc'!A1"


class Page(html.parser.HTMLParser):
    """Tables of a page by the id of their section, all elements, and all attributes that could act."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[list[list[str]]]]] = {}
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.policy = self.style = self.text = ""
        self._section, self._open = "", ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes |= {f"{tag}.{name}" for name, _value in attrs}
        given = dict(attrs)
        self._open = tag
        if tag == "section":
            self._section = given["id"] or ""
        elif tag == "table":
            self.tables.setdefault(self._section, []).append([])
        elif tag == "tr":
            self.tables[self._section][-1].append([])
        elif tag == "td":
            self.tables[self._section][-1][-1].append([])
        elif tag == "meta" and given.get("http-equiv"):
            self.policy = given["content"] or ""

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open == "style":
            self.style += data
        if self._open == "span" and self._section in self.tables:
            self.tables[self._section][-1][-1][-1].append(data)


def hostile() -> Plan:
    """Return a plan with evil text wherever a user, a host or a file can put one."""
    document = run("verify-1", {HOSTILE: [endpoint("image_registry", "100.103.0.251", "tcp.timeout")]})
    document["hosts"][HOSTILE] |= {"site": "idc-bj", "run": HOSTILE}
    document["hosts"][HOSTILE]["verdicts"][0]["summary"] = HOSTILE
    made = plan(document)
    made["site"]["name"] = HOSTILE
    made["prefixes"][0]["hosts"] = [HOSTILE]
    made["prefixes"][0]["source"] = made["flows"][0]["purpose"] = HOSTILE
    made["open_items"][0] |= {"what": HOSTILE, "why": HOSTILE, "remedy": HOSTILE, "message": ""}
    return made


def rows(made: Plan) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(BY_NAME["csv"].text(made))))


def tables(text: str) -> dict[str, list[list[str]]]:
    """Return the rows of all tables of a Markdown text, by the heading of the second level before them."""
    found: dict[str, list[list[str]]] = {}
    heading = ""
    for line in text.splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        elif line.startswith("| ") and not line.startswith("| ---"):
            found.setdefault(heading, []).append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", RUNS)
def test_the_files_are_as_they_were_read_last(name: str, language: str) -> None:
    for made in make(*RUNS[name]):
        for form in (BY_NAME[one] for one in MINE):
            suffix = f".{language}" if language != "en" else ""
            path = GOLDEN / name / folder(made["site"]["name"]) / f"{form.file}{suffix}"
            # One page in Chinese shows what there is to see; its data are those of the English one.
            if suffix and (name != "cn-beijing" or not form.localized):
                continue
            text = form.text(made, language)
            if os.environ.get("ACK_EDGE_WRITE_GOLDEN"):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            assert text == path.read_text("utf-8"), "after a wanted change: ACK_EDGE_WRITE_GOLDEN=1"


def test_the_registry() -> None:
    assert len({form.name for form in FORMATS}) == len({form.file for form in FORMATS}) == len(FORMATS)
    assert FORMATS[0].name == "json"
    assert all(re.match(r"[a-z][a-z0-9_.]*\Z", form.file) and form.title and form.devices for form in FORMATS)


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_a_format_changes_nothing_and_says_the_same_twice(form: Any) -> None:
    made = plan()
    before = copy.deepcopy(made)
    assert form.text(made) == form.text(copy.deepcopy(made))
    assert made == before
    assert form.text(made).endswith("\n")


@pytest.mark.parametrize("name", RUNS)
def test_every_network_once_in_json_and_csv(name: str) -> None:
    for made in make(*RUNS[name]):
        wanted = [one["destination"] for one in made["prefixes"]]
        read = json.loads(BY_NAME["json"].text(made))
        assert [one["destination"] for one in read["prefixes"]] == wanted
        routes = [row for row in rows(made) if row["action"] == "route" and row["direction"] == "outbound"]
        assert [row["destination"] for row in routes if row["hop"] == "core_switch"] == wanted
        service = [one["destination"] for one in made["prefixes"] if one["service"]]
        assert [row["destination"] for row in routes if row["hop"] == "transit_router"] == service


@pytest.mark.parametrize("name", RUNS)
def test_every_permit_and_return_route_once_in_csv(name: str) -> None:
    for made in make(*RUNS[name]):
        read = rows(made)
        permits = Counter(
            (row["id"], row["source"], row["destination"], row["protocol"], row["port"])
            for row in read
            if row["action"] == "permit"
        )
        assert set(permits.values()) <= {1}
        wanted = {
            (one["id"], source, destination, one["protocol"])
            for one in made["flows"]
            for source in one["sources"]
            for destination in one["destinations"]
        }
        assert {key[:4] for key in permits} == wanted and len(permits) == len(wanted)
        back = {(row["destination"], row["hop"]) for row in read if row["direction"] == "return"}
        assert back == {(one["destination"], table) for one in made["return_routes"] for table in one["tables"]}


@pytest.mark.parametrize("name", RUNS)
def test_every_network_and_permit_once_in_markdown(name: str) -> None:
    for made in make(*RUNS[name]):
        read = tables(BY_NAME["md"].text(made))
        assert [row[0] for row in read["Core switch"][1:]] == [one["destination"] for one in made["prefixes"]]
        permits = [row for row in read.get("Firewall", []) if row[0].startswith("ACK-EDGE")]
        assert [(row[0], row[2].split("<br>")) for row in permits] == [
            (one["name"], one["destinations"]) for one in made["flows"]
        ]
        assert [row[0] for row in read["DNS"][1:]] == [one["host"] for one in made["records"]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", RUNS)
def test_every_network_and_permit_once_on_the_page(name: str, language: str) -> None:
    for made in make(*RUNS[name]):
        page = Page(BY_NAME["html"].text(made, language))
        networks = [row[0][0] for row in page.tables["core_switch"][0] if row]
        assert networks == [one["destination"] for one in made["prefixes"]]
        permits = [(row[0][0], row[1], row[2]) for table in page.tables.get("firewall", []) for row in table if row]
        assert permits == [(one["name"], one["sources"], one["destinations"]) for one in made["flows"]]
        back = [row[0][0] for table in page.tables.get("vpc", []) for row in table if row]
        assert back == [one["destination"] for one in made["return_routes"] if "vpc" in one["tables"]]


def test_open_items_are_first() -> None:
    made = plan()
    first = made["open_items"][0]["what"]
    assert BY_NAME["md"].text(made).index(first) < BY_NAME["md"].text(made).index("100.118.58.0/24")
    text = BY_NAME["html"].text(made)
    assert text.index(first) < text.index("<svg") < text.index("100.118.58.0/24")


def test_the_page_runs_nothing_and_fetches_nothing() -> None:
    given, calm = Page(BY_NAME["html"].text(hostile())), Page(BY_NAME["html"].text(plan()))
    assert given.policy.startswith("default-src 'none'; style-src 'sha256-")
    assert set(given.tags) <= set(calm.tags)
    assert given.attributes == calm.attributes
    acts = {"script", "img", "iframe", "object", "embed", "link", "form", "base"}
    assert not acts & set(given.tags)
    assert not [name for name in given.attributes if ".on" in name or name.endswith((".style", ".src", ".srcset"))]
    assert "url(" not in given.style and "@import" not in given.style
    assert HOSTILE in given.text


def test_markdown_shows_evil_text_as_it_is() -> None:
    text = BY_NAME["md"].text(hostile())
    assert not re.search(r"(?<!\\)<(?!br>)", text)
    assert "](javascript" not in text.replace("\\]", "")
    read = tables(text)
    assert {len(row) for row in read["Core switch"]} == {len(read["Core switch"][0])}


def test_a_spreadsheet_calculates_nothing() -> None:
    made = plan()
    made["prefixes"][0]["source"] = "=cmd|' /C calc'!A1"
    made["flows"][0]["purpose"] = "@SUM(1)"
    assert not [cell for row in rows(made) for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_evidence_is_shown_where_it_belongs() -> None:
    document = run("verify-1", {"bj-1": [endpoint("image_registry", "100.103.0.251")]})
    document["hosts"]["bj-1"]["site"] = "idc-bj"
    made = plan(document)
    read = tables(BY_NAME["md"].text(made))
    place = read["Core switch"][0].index("State")
    assert {row[0]: row[place] for row in read["Core switch"][1:] if row[place]} == {"100.103.0.251/32": "works (1)"}
    assert len(read["What hosts saw"]) == 1 + len(made["evidence"])
    assert "State" not in tables(BY_NAME["md"].text(plan()))["Core switch"][0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_shows_every_hop_and_where_something_is_missing(language: str) -> None:
    text = BY_NAME["html"].text(plan(node_cidrs=[]), language)
    for kind in ("across", "down"):
        picture = re.search(rf'<svg class="line {kind}".*?</svg>', text, re.S)[0]
        assert len(re.findall(r'<rect class="hop', picture)) == 6
        assert len(re.findall(r'class="arrow (forward|back)"', picture)) == 10
        assert re.findall(r'<a href="#(\w+)"><rect class="hop marked"', picture) == ["firewall"]


def between(text: str, name: str, new: str) -> str:
    """Return a text with what is between the two comments of that name replaced."""
    return re.sub(
        rf"(<!-- {name}: .*? -->\n).*?(<!-- end of {name} -->)",
        lambda found: found[1] + new + found[2],
        text,
        flags=re.S,
    )


def table() -> str:
    """Return the formats as rows of a table."""
    rows = [f"| `{form.name}` | `{form.file}` | {form.title} | {form.devices} |\n" for form in FORMATS]
    return "| format | file | what it is | for |\n| --- | --- | --- | --- |\n" + "".join(rows)


def samples() -> str:
    """Return what each format makes of one network: the lines from where it is first named."""
    blocks = []
    for form in FORMATS:
        lines = form.text(plan()).splitlines()
        place = next((number for number, line in enumerate(lines) if SAMPLE in line), None)
        # A page is to be looked at.
        if place is not None and form.name != "html":
            shown = "\n".join(lines[place : place + 3])
            blocks.append(f"`{form.file}`:\n\n```text\n{shown}\n```\n")
    return "\n".join(blocks)


def test_the_docs_have_every_format() -> None:
    old = PAGE.read_text("utf-8")
    text = between(between(old, "formats", table()), "samples", samples())
    if os.environ.get("ACK_EDGE_WRITE_GOLDEN"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text("utf-8") == text, "the page is old: ACK_EDGE_WRITE_GOLDEN=1 pytest"
    assert text.count("| `json` |") == text.count("`plan.csv`:\n") == 1
