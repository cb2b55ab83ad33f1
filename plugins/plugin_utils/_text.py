# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that came from a node, made harmless for who reads them. Private to the collection. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

MOST_LETTERS = 4000
# Where a spreadsheet begins to calculate: at the start of a cell, and behind what may end one or a line where another
# separator than ours is customary; also in full width, and behind what it skips. A match begins where such signs begin,
# so that each of them is looked at once.
_SKIPPED = ";|\\s\\ufffd'\"\\u2018-\\u201d"
_FORMULA = re.compile(
    f"(?<![{_SKIPPED}])([{_SKIPPED}]*)(?=[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20\\u2212\\ufe62\\ufe63\\ufe66\\ufe6b])"
)
_SEPARATORS = frozenset(";|")
_ENDS_A_CELL = _SEPARATORS | frozenset("\t\n")


def printable(text: str, keep: str = "") -> str:
    """Return a text without signs that are invisible or steer a terminal: controls, bidi overrides, halves of pairs.

    :arg keep: signs that stay, such as a line end.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign in keep or _is_space(sign) else "\ufffd" for sign in text)


def _is_space(sign: str) -> bool:
    return unicodedata.category(sign) == "Zs"


def cleaned(value: Any, most: int = MOST_LETTERS) -> str:
    """Return the text of a value that came from a node: no signs that steer, and no more letters than that."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    short = text if len(text) <= most else text[: most - 1] + "\u2026"
    return printable(short.replace("\r\n", "\n"), keep="\n\t")


def cell(value: Any) -> str:
    """Return what a spreadsheet shows and does not calculate."""
    raw = "" if value is None else str(value)
    text = _FORMULA.sub(_disarmed, printable(raw, keep="\n\t"))
    # A cell that begins with a tab or a line end hides from readers what it begins with.
    return f"'{text}" if raw[:1] in ("\t", "\n", "\r") and text[:1] != "'" else text


def _disarmed(found: re.Match[str]) -> str:
    """Return what stands before a sign with which a formula begins, with a quote where a cell may begin."""
    skipped = found[1]
    if not found.start() and not _SEPARATORS & {*skipped}:
        return f"'{skipped}"
    place = max((at for at, sign in enumerate(skipped, start=1) if sign in _ENDS_A_CELL), default=None)
    return skipped if place is None else f"{skipped[:place]}'{skipped[place:]}"
