# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan as one HTML page that works from disk, without a script and without a network. Private to the collection.

Every text goes through the escaping of the template; the policy of the page runs its one style sheet, by its hash, and
nothing else.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path

import jinja2
from ansible_collections.ack_edge.node.plugins.plugin_utils._language import TAGS
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.messages import say, space
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.picture import pictures
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.view import view
from ansible_collections.ack_edge.node.plugins.plugin_utils._style import styled

_ASSETS = Path(__file__).parent


def render(plan: Plan, language: str) -> str:
    """Return the page."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _template().render(
        view=view(plan, language),
        say=lambda key, **values: say(key, language, values),
        language=TAGS[language],
        space=space(language),
        pictures=pictures(plan, language),
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        style=style,
        blocking=sum(item["blocking"] for item in plan["open_items"]),
    )


@functools.cache
def _style() -> str:
    return styled((_ASSETS / "plan.css").read_text("utf-8"))


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_ASSETS),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("plan.html.j2")


FORMAT = Format(
    "html", "plan.html", "The plan as a page, with a picture of the line", "browsers, print", render, localized=True
)
