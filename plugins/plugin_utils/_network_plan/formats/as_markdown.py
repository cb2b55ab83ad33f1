# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan as Markdown, hop by hop, open items first. Private to the collection."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.messages import say, space
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.view import Table, view

# What Markdown or a table gives a meaning to, and beginnings of HTML.
_MEANT = re.compile(r"([\\`*\[\]<>|~])|(?<!\w)_|_(?!\w)")
_LINE_ENDS = re.compile(r"[\r\n\u2028\u2029]+")


def render(plan: Plan, language: str) -> str:
    """Return the text."""
    return "\n".join(_lines(plan, language)) + "\n"


def _lines(plan: Plan, language: str) -> Iterator[str]:
    seen = view(plan, language)
    gap = space(language)
    stop, colon = say("mark.stop", language), say("mark.colon", language) + gap
    yield from (f"# {_plain(seen.title)}", "", f"**{_plain(seen.lead)}**", "", gap.join(map(_plain, seen.notes)), "")
    yield from (f"## {say('open_items', language)}", "")
    for item in seen.items:
        kind = say("blocking" if item.blocking else "to_check", language)
        yield f"* **{kind} \u00b7 {_plain(item.hop)} \u00b7 {_plain(item.what)}**"
        yield f"  * {say('why', language)}{colon}{_plain(item.why)}"
        yield f"  * {say('remedy', language)}{colon}{_plain(item.remedy)}"
    yield from ("", f"## {say('facts', language)}", "")
    yield from (f"* {_plain(name)}{colon}{_plain(value)}" for name, value in seen.facts)
    for hop in seen.hops:
        yield from ("", f"## {_plain(hop.title)}", "", f"**{say('need', language)}{stop}** {_plain(hop.need)}", "")
        for table in hop.tables:
            yield from _table(table)
        yield from (f"**{say('why', language)}{stop}** {_plain(hop.why)}", "")
        yield f"**{say('see', language)}{stop}** {_plain(hop.see)}"
    if seen.evidence:
        yield from ("", f"## {say('evidence', language)}", "", seen.evidence_note, "", *_table(seen.evidence))


def _table(table: Table) -> Iterator[str]:
    if table.title:
        yield from (f"### {_plain(table.title)}", "")
    if not table.rows:
        yield from (table.nothing, "")
        return
    yield f"| {' | '.join(map(_plain, table.heads))} |"
    yield f"| {' | '.join('---' for _head in table.heads)} |"
    for row in table.rows:
        yield f"| {' | '.join('<br>'.join(map(_plain, cell)) for cell in row)} |"
    yield ""


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return _MEANT.sub(r"\\\g<0>", _LINE_ENDS.sub(" ", text)).replace("&", "&amp;")


FORMAT = Format(
    "md", "plan.md", "The plan to read, hop by hop", "network teams, wikis and tickets", render, localized=True
)
