# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The languages that pages, terminal lines and network plans come in. Private to the collection. Pure.

English is in the code. A text that is to be said in another language stays English for everybody who handles it, and
knows what it was made of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

ENGLISH, CHINESE = "en", "zh"
LANGUAGES = (ENGLISH, CHINESE)
# What the attribute lang of a page has.
TAGS = {ENGLISH: "en", CHINESE: "zh-CN"}
VARIABLE = "ACK_EDGE_LANG"


def chosen(given: str | None) -> tuple[str, str]:
    """Return the language that a value of ACK_EDGE_LANG names, and a warning, "" for none.

    A locale counts as its language: zh_CN.UTF-8 is zh.
    """
    text = (given or "").strip()
    language = re.split(r"[-_.@]", text.lower())[0]
    if language in LANGUAGES or not text:
        return language or ENGLISH, ""
    return ENGLISH, f"{VARIABLE} is {text!r}, expected one of {', '.join(LANGUAGES)}; English is used"


class Message(str):
    """A text in English that remembers its template and its values."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, **values: object) -> Message:
        """Return the template with its values in place."""
        made = super().__new__(cls, template.format(**values) if values else template)
        made.template, made.values = template, values
        return made


def listed(parts: Sequence[str], template: str = "{first}, {rest}") -> str:
    """Return several texts as one."""
    if len(parts) < 2:
        return parts[0] if parts else ""
    return Message(template, first=parts[0], rest=listed(parts[1:], template))


class Messages:
    """What is said in one language: labels by their English template, remedies by the id of a cause."""

    def __init__(
        self,
        language: str = ENGLISH,
        labels: Mapping[str, str] | None = None,
        remedies: Mapping[str, str] | None = None,
    ) -> None:
        """Make them; English needs neither labels nor remedies."""
        self.language, self.labels, self.remedies = language, labels or {}, remedies or {}

    def say(self, text: str) -> str:
        """Return a text in the language; one that is not a Message comes from a host or a user and stays."""
        if not isinstance(text, Message):
            return text
        known = self.labels.get(text.template, text.template)
        # Only the values of this text are replaced: a value may have braces itself.
        values = {name: self.say(value) if isinstance(value, str) else value for name, value in text.values.items()}
        return known.format(**values) if values else known

    def remedy(self, cause: str) -> str:
        """Return the remedy for the id of a cause, "" where there is none beside the English one."""
        return self.remedies.get(cause, "")
