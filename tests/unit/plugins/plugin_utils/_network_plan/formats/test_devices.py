# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every file for a device, and the files themselves for three regions and two sites (golden files).

After a wanted change of a format: ACK_EDGE_WRITE_GOLDEN=1 pytest, and read what changed.
"""

from __future__ import annotations

import os
import pathlib
import re
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.registry import BY_NAME, FORMATS
from fakes.plan_formats import plan
from fakes.plan_parsers import ADD, FIREWALLS, ROUTERS, part

DEVICES = [*ROUTERS, *FIREWALLS]
GOLDEN = pathlib.Path(__file__).parents[4] / "data" / "network_plan" / "devices"
SAMPLES = {"cn-beijing": "shanghai", "eu-west-1": "dublin", "cn-shanghai-finance-1": "shanghai"}
VARIANTS: list[dict[str, Any]] = [
    {},
    {"next_hop": None, "zone_inside": None},
    {"scope": "supernet"},
    {"vpc_cidrs": ["192.168.0.0/16", "2408:4000::/32"], "node_cidrs": ["10.20.0.0/16", "2001:db8:20::/48"]},
    {"name": "上海 数据中心 (1)"},
]


def test_every_device_has_a_format_and_the_reverse() -> None:
    assert {form.name for form in FORMATS if form.file.endswith((".cfg", ".conf", ".set", ".rsc", ".nft"))} == set(
        DEVICES
    )


@pytest.mark.parametrize("name", [*DEVICES, "terraform"])
@pytest.mark.parametrize("region", SAMPLES)
def test_the_file_is_as_it_was_read_last(name: str, region: str) -> None:
    form = BY_NAME[name]
    path = GOLDEN / region / form.file
    text = form.text(plan(region, SAMPLES[region]))
    if os.environ.get("ACK_EDGE_WRITE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")
    assert text == path.read_text(encoding="ascii")


def test_there_is_no_golden_file_too_many() -> None:
    files = {BY_NAME[name].file for name in [*DEVICES, "terraform"]}
    assert {path.name for path in GOLDEN.rglob("*.*") if path.is_file()} == files


@pytest.mark.parametrize("changes", VARIANTS, ids=range(len(VARIANTS)))
@pytest.mark.parametrize("name", [*DEVICES, "terraform"])
def test_text_is_ascii_in_short_lines_and_the_same_twice(name: str, changes: dict[str, Any]) -> None:
    given = plan(**changes)
    text = BY_NAME[name].text(given)
    assert text.isascii()
    assert text.endswith("\n")
    assert not re.search(r"[^\x20-\x7e\n]| $", text, re.M)
    assert text == BY_NAME[name].text(plan(**changes))


@pytest.mark.parametrize("changes", VARIANTS, ids=range(len(VARIANTS)))
@pytest.mark.parametrize("name", DEVICES)
def test_names_are_short_and_of_this_site_and_region(name: str, changes: dict[str, Any]) -> None:
    lines = part(BY_NAME[name].text(plan(**changes)), ADD)
    names = {one.strip('"') for line in lines for one in re.findall(r"ack[-_]edge[-_][^\s;,\]]+", line, re.I)}
    assert names
    assert max(map(len, names)) <= 31
    labels = {prefix["name"] for prefix in plan(**changes)["prefixes"]}
    own = {one for one in names if one not in labels}
    assert all(re.match(r"ack[-_]edge[-_][0-9a-f]{4}\b|ack[-_]edge[-_][0-9a-f]{4}_", one, re.I) for one in own), own


@pytest.mark.parametrize(("region", "changes"), [("cn-beijing", {"name": "dc-other"}), ("eu-west-1", {})])
@pytest.mark.parametrize("name", DEVICES)
def test_another_plan_on_the_same_device_shares_no_name(name: str, region: str, changes: dict[str, Any]) -> None:
    mine, theirs = plan(), plan(region, **changes)
    found = []
    for one in (mine, theirs):
        labels = {prefix["name"] for prefix in one["prefixes"]}
        text = "\n".join(part(BY_NAME[name].text(one), ADD))
        found.append(set(re.findall(r"ack[-_]edge[-_][0-9A-Za-z._-]+", text, re.I)) - labels)
    assert found[0] and not found[0] & found[1]


@pytest.mark.parametrize("changes", VARIANTS, ids=range(len(VARIANTS)))
@pytest.mark.parametrize("name", DEVICES)
def test_it_only_adds(name: str, changes: dict[str, Any]) -> None:
    for line in part(BY_NAME[name].text(plan(**changes)), ADD):
        assert not re.match(r"\s*(no|undo|delete|remove|clear|reset|flush|replace|rename|load|default)\b", line), line
        assert not re.search(r"replace:|policy drop|\bdeny\b|\bdrop\b|\bedit [1-9]|\brule \d+ name|\bremove\b", line), (
            line
        )


@pytest.mark.parametrize("name", DEVICES)
def test_what_blocks_the_plan_is_said_in_front(name: str) -> None:
    given = plan(next_hop=None)
    assert any(item["blocking"] for item in given["open_items"])
    head = BY_NAME[name].text(given).split("=== Add ===")[0]
    for item in given["open_items"]:
        assert (f"Open: {item['what']}" in head) == item["blocking"]
