# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the fleet report as text: whatever nodes say stays inside of its data, and nothing else runs."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import STATES, standings
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats import as_html
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.as_html import (
    HOST_TEXTS,
    VERDICT_TEXTS,
    page,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.paths import paths
from fakes.report import GATE, endpoint, looks, run
from hypothesis import given
from hypothesis import strategies as st

ASSETS = Path(as_html.__file__).parent / "page"
BLOCK = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
NASTY = st.sampled_from(["</script>", "<!--<script>", "]]>", "{{ script }}", "{{ data }}", "&lt;", "\u2028", "\\u003c"])
TEXT = st.text(max_size=8) | st.builds("".join, st.lists(NASTY | st.text(max_size=3), max_size=3))


def records(
    keys: tuple[str, ...], needed: dict[str, st.SearchStrategy[Any]] | None = None, **more: Any
) -> st.SearchStrategy[dict[str, Any]]:
    """Records where any key may be missing but for those that are needed."""
    needed = needed or {}
    free = dict.fromkeys([key for key in keys if key not in needed], TEXT)
    return st.fixed_dictionaries(needed, optional=free | more)


DATA = st.fixed_dictionaries({}, optional={"required": st.booleans(), "x": TEXT})
VERDICTS = records(VERDICT_TEXTS, {"status": TEXT | st.sampled_from(["fail", "pass"]), "data": DATA})
RUNS = TEXT | st.just("verify-1")
HISTORY = records(as_html.HISTORY_TEXTS)
HOSTS = records(
    tuple(set(HOST_TEXTS) - {"wave", "standing", "looked", "missing", "points"}),
    {
        "run": RUNS,
        "state": st.sampled_from(STATES),
        "changed": st.lists(TEXT, max_size=2),
        "failed_module": TEXT,
        "modules": st.dictionaries(
            TEXT | st.sampled_from(GATE), st.fixed_dictionaries({"run": RUNS, "proves": st.booleans()})
        ),
        "verdicts": st.lists(VERDICTS, max_size=3),
    },
    wave=st.none() | st.integers(0, 99),
    history=st.lists(HISTORY, max_size=2),
    unknown=TEXT,
)
DOCUMENTS = st.fixed_dictionaries(
    {
        "hosts": st.dictionaries(TEXT, HOSTS, max_size=3),
        "runs": st.lists(records(as_html.RUN_TEXTS, {"id": RUNS, "check_mode": st.booleans()}), max_size=2),
    }
)
CAUSES = st.lists(records(as_html.CAUSE_TEXTS, checks=st.lists(TEXT, max_size=2)), max_size=2)


def data_of(text: str) -> tuple[str, dict[str, Any]]:
    """Return the block of data as it stands in the page, and what it says."""
    (raw,) = BLOCK.findall(text)
    return raw, json.loads(raw)


def decoded(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the nodes of the data as the script of the page has them."""
    texts, flat, stride = data["texts"], data["verdicts"], len(VERDICT_TEXTS) + 3
    assert data["fields"]["host"] == list(HOST_TEXTS)

    def named(keys: tuple[str, ...], row: list[int]) -> dict[str, str]:
        return {key: texts[number] for key, number in zip(keys, row, strict=False)}

    verdicts = [
        named(VERDICT_TEXTS, flat[at : at + stride]) | {"required": bool(flat[at + stride - 1])}
        for at in range(0, len(flat), stride)
    ]
    return {
        texts[name]: named(HOST_TEXTS, row)
        | {"verdicts": [verdicts[number] for number in own], "changed": [texts[number] for number in changed]}
        | {"history": [named(as_html.HISTORY_TEXTS, entry) for entry in history]}
        for name, row, own, changed, history in data["hosts"]
    }


def expected(record: dict[str, Any]) -> dict[str, Any]:
    """Return what the page must know of a node."""

    def text(key: str, of: dict[str, Any]) -> str:
        return "" if of.get(key) is None else str(of[key])

    return {key: text(key, record) for key in HOST_TEXTS} | {
        "verdicts": [
            {key: text(key, item) for key in VERDICT_TEXTS} | {"required": item["data"].get("required", True)}
            for item in record["verdicts"]
        ],
        "changed": record["changed"],
        "history": [{key: text(key, item) for key in as_html.HISTORY_TEXTS} for item in record.get("history", [])],
    }  # fmt: skip


class Elements(HTMLParser):
    """What a parser of HTML finds: elements that begin, and the content of each script and style."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.begun: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.contents: list[tuple[str, str]] = []
        self.policy = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.begun.append(tag)
        self.attributes += attrs
        if ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy = dict(attrs)["content"] or ""
        if tag in {"script", "style"}:
            self.contents.append((tag, ""))

    def handle_data(self, data: str) -> None:
        if self.contents and self.begun[-1] == self.contents[-1][0]:
            tag, before = self.contents[-1]
            self.contents[-1] = (tag, before + data)

    def handle_endtag(self, tag: str) -> None:
        self.begun.append("/" + tag)


NODE = {"state": "ok", "run": "verify-1", "failed_module": "", "changed": [], "modules": {}, "verdicts": []}
EMPTY = page({"runs": [], "hosts": {}}, [], "")


@given(DOCUMENTS, CAUSES, TEXT)
def test_no_text_leaves_the_data(document, causes, handover):
    text = page(document, causes, handover)
    raw, data = data_of(text)
    assert not re.search("[<>&\u2028\u2029]", raw)
    assert text.count("</script") == EMPTY.count("</script") == 2
    # But for its data, the page is the same whatever nodes have said.
    assert BLOCK.sub("", text) == BLOCK.sub("", EMPTY)
    where = standings(document)
    assert decoded(data) == {
        name: expected(record | as_html.shown(record) | {"standing": where[name]})
        for name, record in document["hosts"].items()
    }
    assert data["handover"] == handover


@given(st.recursive(TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner)))
def test_block_is_the_same_json(value):
    raw = as_html.block(value)
    assert json.loads(raw) == value
    assert not set(raw) & set("<>&\u2028\u2029\x7f\x85\ufeff")


def test_undecodable_bytes_can_be_written():
    name = b"edge-\xe9".decode(errors="surrogateescape")
    text = page({"runs": [], "hosts": {name: NODE}}, [], "")
    assert name in decoded(data_of(text.encode().decode())[1])


def test_causes_point_to_their_nodes():
    document = {"runs": [], "hosts": {"one": NODE, "two": NODE}}
    cause = {"status": "fail", "title": "t", "checks": ["c", "d"], "hosts": ["two", "gone"]}
    _raw, data = data_of(page(document, [cause], ""))
    ((*texts, checks, hosts),) = data["causes"]
    assert [data["texts"][number] for number in texts] == ["fail", "t", "", "", "", "", ""]
    assert [data["texts"][number] for number in checks] == ["c", "d"]
    assert hosts == [1]


def test_runs_say_whether_they_only_looked():
    runs = [{"id": "a", "check_mode": True}, {"id": "b", "check_mode": False, "ended": None}]
    _raw, data = data_of(page({"runs": runs, "hosts": {}}, [], ""))
    assert [row[-1] for row in data["runs"]] == [1, 0]


def test_policy_allows_exactly_the_style_and_the_script_of_the_page():
    found = Elements(EMPTY)
    allowed = dict(part.split(" ", 1) for part in found.policy.split("; "))
    contents = [content for _tag, content in found.contents]
    assert [tag for tag, _content in found.contents] == ["style", "script", "script"]
    assert allowed == {
        "default-src": "'none'",
        "style-src": hashed(contents[0]),
        "script-src": hashed(contents[2]),
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def hashed(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def test_page_refers_to_nothing_outside():
    assert not re.search(r"//[a-z0-9]", EMPTY, re.IGNORECASE)
    assert "url(" not in EMPTY
    assert "@import" not in EMPTY
    found = Elements(EMPTY)
    assert {value for name, value in found.attributes if name in {"href", "src"}} == {
        "#paths", "#causes", "#handover", "#nodes",
    }  # fmt: skip
    assert not [name for name, _value in found.attributes if name.startswith("on") or name == "style"]


def test_script_makes_no_markup_of_text():
    script = as_html.whole_script()
    for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "srcdoc",
                 "DOMParser", "createContextualFragment", "</script", "<!--"):  # fmt: skip
        assert sink not in script, sink


def test_every_file_of_the_page_is_a_part_of_it():
    parts = (*as_html.SCRIPT_PARTS, *as_html.STYLE_PARTS)
    assert sorted(parts) == sorted(path.name for path in ASSETS.iterdir() if path.suffix in {".js", ".css"})
    assert len(set(parts)) == len(parts)
    for name in parts:
        assert as_html.asset(name).endswith("\n"), f"{name}: the next part would go on in its last line"
        assert len(as_html.asset(name).splitlines()) <= 250, f"{name} is more than a reader holds in the head"


def test_same_input_makes_the_same_page():
    def document(order: tuple[str, ...]) -> dict[str, Any]:
        verdict = {key: f"{key} \u8fb9" for key in order if key in VERDICT_TEXTS} | {"data": {}}
        own = {key: key for key in order if key in HOST_TEXTS}
        return {"runs": [], "hosts": {"one": own | NODE | {"verdicts": [verdict]}}}

    keys = HOST_TEXTS + VERDICT_TEXTS
    assert page(document(keys), [], "x") == page(document(keys[::-1]), [], "x")


def test_the_paths_are_in_the_data_with_their_hosts_by_number():
    dead = [endpoint("acr", "100.103.0.2", "route.next_hop")]
    document = run(hosts={"a": [endpoint("acr", "100.103.0.2")], "b": dead, "c": dead, "d": None})
    _raw, data = data_of(page(document, [], "", paths(document)))
    texts = data["texts"]
    first, second = sorted(data["paths"], key=lambda path: -path["hosts"])
    assert [texts[number] for number in first["texts"]] == ["idc1", "cn-beijing", "leased_line"]
    assert (first["hosts"], first["through"], first["unproven"], first["endpoints"]) == (3, 1, [], 1)
    (((stop, place, why, fixer), checks, hosts),) = first["ends"]
    assert [texts[number] for number in (stop, place, why, fixer)] == [
        "next_hop", "at the next hop 10.99.0.253", "it does not answer", "network",
    ]  # fmt: skip
    assert [texts[number] for number in checks] == ["acr"]
    assert [texts[data["hosts"][number][0]] for number in hosts] == ["b", "c"]
    assert [why for why, _hosts in second["unknown"]] == ["not started"]
    assert data_of(page(document, [], ""))[1]["paths"] == []


def test_words_for_what_was_looked_at():
    """In a merged report, a look of another run says which one."""
    record = NODE | {"modules": looks(modules=GATE[:1]) | looks("other-1", GATE[1:2])}
    assert as_html.shown(record) == {
        "looked": "readiness, time_sync (other-1)", "missing": "inbound_ports, leased_line_routes, reachability",
        "points": "0", "joined": "",
    }  # fmt: skip


def test_size_of_a_large_fleet():
    """2,000 nodes with 60 verdicts each stay under 5 MB: what nodes say alike, the page holds once."""

    def said(node: int, check: int) -> dict[str, Any]:
        # One verdict in four has a value that was measured on that node; the rest is the same on every node.
        value = node if check % 4 == 0 else 0
        summary = f"endpoint-{check} answers in {value} ms from 100.103.{check}.73, inside of what is published"
        return {
            "check": f"endpoint-{check}", "status": "pass", "summary": summary, "remedy": "", "task": "Look",
            "reproduce": f"timeout 5 bash -c '</dev/tcp/100.103.{check}.73/443'", "data": {"required": True},
        }  # fmt: skip

    hosts = {
        f"node-{node:05d}": NODE
        | {"address": f"10.1.{node // 250}.{node % 250}", "wave": node // 100}
        | {"modules": looks(), "verdicts": [said(node, check) for check in range(60)]}
        for node in range(2000)
    }
    document = {"runs": [], "hosts": hosts}
    assert len(page(document, [], "").encode()) < 5_000_000 < len(json.dumps(document)) / 6
