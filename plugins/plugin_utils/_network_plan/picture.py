# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The line as a picture: hops with the forward path above and the return path below. Private to the collection. Pure.

Only shapes and classes; colours come from the style sheet of the page, whose policy allows no other style.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.messages import say
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

_WIDE = 22  # characters of a box; a Chinese one counts as two


class _Box(NamedTuple):
    title: str
    text: str
    link: str  # id of its section, "" for none
    marked: bool  # something is missing there


def pictures(plan: Plan, language: str) -> tuple[str, str]:
    """Return two pictures of the same: one for wide pages, from left to right, one for narrow ones, downwards."""
    boxes = _boxes(plan, language)
    forward = say("forward_path", language, {"prefixes": str(len(plan["prefixes"])), "flows": str(_outbound(plan))})
    about = say("picture_text", language)
    across = _across(boxes, forward, _return_path(plan, language, 40), about)
    return across, _down(boxes, forward, _return_path(plan, language, 24), about)


def _return_path(plan: Plan, language: str, most: int) -> str:
    networks = _short(", ".join(route["destination"] for route in plan["return_routes"]), most)
    return say("return_path", language, {"networks": networks}) if networks else say("return_path_unknown", language)


def _outbound(plan: Plan) -> int:
    return sum(flow["direction"] == "outbound" for flow in plan["flows"])


def _boxes(plan: Plan, language: str) -> list[_Box]:
    site, cluster = plan["site"], plan["cluster"]
    missing = {item["hop"] for item in plan["open_items"] if item["blocking"]}
    texts = {
        "nodes": (", ".join(site["node_cidrs"]) or say("unset", language), ""),
        "core_switch": (site["next_hop"] or say("unset", language), "core_switch"),
        "firewall": (" / ".join(filter(None, (site["zone_inside"], site["zone_outside"]))), "firewall"),
        "vbr": ("", "vbr"),
        "transit_router": (say(f"kind.{cluster['transit_router']}", language), "transit_router"),
        "cloud": (cluster["region"], "vpc"),
    }
    return [
        _Box(say(f"hop.{name}", language), _short(text, _WIDE), link, link in missing)
        for name, (text, link) in texts.items()
    ]


def _across(boxes: Sequence[_Box], forward: str, back: str, about: str) -> str:
    width, gap, top = 164, 34, 46
    total = len(boxes) * (width + gap) - gap
    parts = []
    for number, box in enumerate(boxes):
        left = number * (width + gap)
        parts.append(_box(box, left, top, width, 76))
        if number:
            parts.append(_arrow("forward", left - gap + 4, top + 24, left - 4, top + 24))
            parts.append(_arrow("back", left - 4, top + 54, left - gap + 4, top + 54))
    parts.append(_label("forward", total / 2, 24, forward))
    parts.append(_label("back", total / 2, top + 76 + 32, back))
    return _svg("across", total, top + 76 + 46, about, parts)


def _down(boxes: Sequence[_Box], forward: str, back: str, about: str) -> str:
    width, height, gap, top = 250, 62, 34, 40
    parts = []
    for number, box in enumerate(boxes):
        begin = top + number * (height + gap)
        parts.append(_box(box, 35, begin, width, height))
        if number:
            parts.append(_arrow("forward", 130, begin - gap + 4, 130, begin - 4))
            parts.append(_arrow("back", 190, begin - 4, 190, begin - gap + 4))
    end = top + len(boxes) * (height + gap) - gap
    parts.append(_label("forward", 160, 22, forward))
    parts.append(_label("back", 160, end + 28, back))
    return _svg("down", 320, end + 42, about, parts)


def _svg(kind: str, width: float, height: float, about: str, parts: Iterable[str]) -> str:
    heads = "".join(
        f'<marker id="{kind}-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path class="{name}" d="M0 0 8 4 0 8z"/></marker>'
        for name in ("forward", "back")
    )
    inside = "".join(parts).replace("url(#", f"url(#{kind}-")
    return (
        f'<svg class="line {kind}" viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(about)}">'
        f"<defs>{heads}</defs>{inside}</svg>"
    )


def _box(box: _Box, left: float, top: float, width: float, height: float) -> str:
    middle = left + width / 2
    sign = "! " if box.marked else ""
    shape = (
        f'<rect class="{"hop marked" if box.marked else "hop"}" x="{left:g}" y="{top:g}" width="{width:g}" '
        f'height="{height:g}" rx="9"/>'
        f'<text class="name" x="{middle:g}" y="{top + height / 2 - 4:g}">{escape(sign + box.title)}</text>'
        f'<text class="fact" x="{middle:g}" y="{top + height / 2 + 16:g}">{escape(box.text)}</text>'
    )
    return f'<a href="#{box.link}">{shape}</a>' if box.link else shape


def _arrow(kind: str, left: float, top: float, right: float, bottom: float) -> str:
    ends = f'x1="{left:g}" y1="{top:g}" x2="{right:g}" y2="{bottom:g}"'
    return f'<line class="arrow {kind}" {ends} marker-end="url(#{kind})"/>'


def _label(kind: str, left: float, top: float, text: str) -> str:
    return f'<text class="path {kind}" x="{left:g}" y="{top:g}">{escape(text)}</text>'


def _short(text: str, most: int) -> str:
    """Return a text that fits its box."""
    width, kept = 0, ""
    for letter in text:
        width += 2 if ord(letter) > 0x2E7F else 1
        if width > most:
            return kept.rstrip(" ,") + "\u2026"
        kept += letter
    return kept
