# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences are there in every language, with the same values, and every one of them is used."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.plugin_utils._language import CHINESE, ENGLISH
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan import messages
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.view import View, view
from fakes.network_plan import RUNS, make, plan
from fakes.requirements import CATALOGUE as CATALOGUE_OF_FACTS

FOLDER = Path(messages.__file__).parent
CATALOGUE = yaml.safe_load((FOLDER / "messages.yml").read_text())
# In English these are texts of the requirement set.
ONLY_CHINESE = ("item.gap_", "endpoint.")


def values(text: str) -> set[str]:
    return {name for _text, name, _format, _conversion in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", CATALOGUE)
def test_every_sentence_in_every_language(key: str) -> None:
    entry = CATALOGUE[key]
    assert set(entry) == ({CHINESE} if key.startswith(ONLY_CHINESE) else {ENGLISH, CHINESE})
    assert all(text and text == text.strip() for text in entry.values())
    if ENGLISH in entry:
        assert values(entry[ENGLISH]) == values(entry[CHINESE])
        assert entry[ENGLISH].isascii()


def test_no_sentence_is_left_over() -> None:
    source = "".join(path.read_text() for path in FOLDER.rglob("*") if path.suffix in (".py", ".j2"))
    families = {"item", "purpose", "endpoint", "hop", "head", "state", "kind", "fact", "source", "tr"}
    literal = set(re.findall(r"""["']([a-z_]+(?:\.[a-z_]+)*)["']""", source))
    parts = {part for text in literal for part in (text, text.rpartition(".")[2])}
    for key in CATALOGUE:
        family, _dot, rest = key.partition(".")
        name = rest.split(".")[0].removeprefix("gap_") if family in families else key
        known = key in literal or name in parts or key.removeprefix("fact_") in parts
        assert known or family in ("endpoint", "purpose", "confidence") or rest.startswith("gap_"), key


def test_every_word_of_confidence_is_a_sentence_and_no_other() -> None:
    words = yaml.safe_load((FOLDER.parents[2] / "vars" / "sources.yml").read_text())["confidence"]
    # Those of a plan itself: what the vendor publishes for every region, and what hosts resolved.
    wanted = {*(word.replace("+N", "_and").removesuffix(":N") for word in words), "published", "resolved"}
    assert {key.removeprefix("confidence.") for key in CATALOGUE if key.startswith("confidence.")} == wanted


@pytest.mark.parametrize("name", RUNS)
def test_confidence_is_said_in_the_language_of_the_view(name: str) -> None:
    for made in make(*RUNS[name]):
        words = [prefix["confidence"] for prefix in made["prefixes"]]
        # People read what the seed is; plan.json keeps the word.
        shown = [word.replace("seed", "vendor-page") for word in words]
        assert _column(view(made, ENGLISH), "confidence") == shown
        said = _column(view(made, CHINESE), "confidence")
        assert all(re.search("[\u4e00-\u9fff]", text) for text in said)
        counts = [re.sub(r"\D", "", word) for word in words]
        assert [re.sub(r"\D", "", text) for text in said] == counts


def test_notes_say_what_is_published() -> None:
    notes = CATALOGUE_OF_FACTS.data["network_notes"]
    wanted = {
        "vbr.note": f"UDP {notes['not_carried']['port']}",
        "sg.note": f"UDP {notes['raven_tunnel']['port']}",
        "firewall.note": notes["reverse_access"]["network"],
    }
    for language in (ENGLISH, CHINESE):
        said = {hop.id: hop.why for hop in view(plan(), language).hops}
        for key, fact in wanted.items():
            hop = {"vbr": "vbr", "sg": "security_groups", "firewall": "firewall"}[key.partition(".")[0]]
            assert fact in said[hop], (language, key)


def _column(seen: View, key: str) -> list[str]:
    return [
        row[table.keys.index(key)][0]
        for hop in seen.hops
        for table in hop.tables
        if key in table.keys
        for row in table.rows
    ]


def test_a_region_is_named_in_english_and_by_its_id_elsewhere() -> None:
    made = plan(region="cn-beijing")
    assert "China (Beijing)" in view(made, ENGLISH).title
    assert "China (Beijing) (cn-beijing)" in dict(view(made, ENGLISH).facts).values()
    chinese = view(made, CHINESE)
    assert "China" not in chinese.title and "cn-beijing" in chinese.title
    assert "cn-beijing" in dict(chinese.facts).values()


@pytest.mark.parametrize("name", RUNS)
def test_nothing_of_a_chinese_view_is_left_in_english(name: str) -> None:
    for made in make(*RUNS[name]):
        seen = view(made, CHINESE)
        texts = [seen.title, seen.lead, *seen.notes, *(name for name, _value in seen.facts)]
        texts += [text for one in seen.items for text in (one.why, one.remedy)]
        texts += [text for hop in seen.hops for text in (hop.need, hop.why, hop.see)]
        assert [text for text in texts if not re.search("[\u4e00-\u9fff]", text)] == []


def test_purposes_of_flows_are_known_in_chinese() -> None:
    made = plan(addons="logging", scope="supernet", cluster_version="1.20")
    tables = [table for hop in view(made, CHINESE).hops for table in hop.tables if "purpose" in table.keys]
    for table in tables:
        place = table.keys.index("purpose")
        assert all(re.search("[\u4e00-\u9fff]", row[place][0]) for row in table.rows), table.rows


def test_braces_in_values_stay() -> None:
    assert "{x}" in messages.say("title", ENGLISH, {"site": "{x}", "region_name": "y"})
    with pytest.raises(KeyError):
        messages.say("title", ENGLISH, {"site": "x"})
