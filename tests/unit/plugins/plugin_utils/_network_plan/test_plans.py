# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was given to plans: the site file in the docs, and several sites with one report."""

from __future__ import annotations

import re

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import KEYS, SITE_KEYS
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.sources import from_text
from fakes.network_plan import ROOT, make, site
from fakes.report import endpoint, run

DOCS = (ROOT / "docs" / "network_plan.md").read_text("utf-8")


def test_the_site_file_of_the_docs() -> None:
    entries = from_text(re.search(r"```yaml\n(- name: .*?)```", DOCS, re.S)[1], "docs")
    made = make(*entries)
    assert [plan["site"]["name"] for plan in made] == ["idc-bj"]
    assert [item["id"] for item in made[0]["open_items"] if item["blocking"]] == []
    assert set(SITE_KEYS) <= set(entries[0])


def test_the_docs_name_every_key() -> None:
    module = (ROOT / "plugins" / "modules" / "network_plan.py").read_text()
    assert [key for key in KEYS if not re.search(rf"\b{key}\b", DOCS)] == []
    assert [key for key in KEYS if f"C({key})" not in module and key != "access_mode"] == []


def test_sites_come_sorted_and_each_sees_its_own_hosts() -> None:
    document = run("verify-1", {"b-1": [endpoint("image_registry", "100.103.0.251")]})
    document["hosts"]["b-1"]["site"] = "b"
    made = make(site(name="b", node_cidrs="10.30.0.0/16"), site(name="a"), report=document)
    assert [(plan["site"]["name"], bool(plan["evidence"])) for plan in made] == [("a", False), ("b", True)]
