# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clean copies of the values in an answer. Private to the collection. Pure.

A message begins behind the place of the value, which :func:`place` puts in front: worked out for every value, the
places would be most of the work.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from ansible.utils.unsafe_proxy import AnsibleUnsafeText

# Far beyond what an honest node answers: 1,000 routes are 26,000 values and 0.6 million characters.
MOST_VALUES = 300_000
MOST_CHARACTERS = 8_000_000
MOST_TEXT = 200_000
DEEPEST = 10

# What steers a terminal or turns the order of a line: C0 and C1 but newline and tab, bidirectional controls, the line
# separators; and halves of surrogate pairs, which nothing can write.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# The same as JSON writes it, behind a backslash that is none itself.
_WRITTEN = re.compile(
    r"\\(?:(r(?=\\n))|([bfr]|u(?:00(?:0[0-8b-f]|1[0-9a-f]|7f|[89][0-9a-f])|061c|200[ef]|202[89a-e]|206[6-9]))|.)",
    re.IGNORECASE | re.DOTALL,
)
# What keeps a text from being a template: a type of its own up to ansible-core 2.18, plain text since.
_MARKED = type(AnsibleUnsafeText(""))
_WORDS = ((bool, "a boolean"), (str, "text"), ((int, float), "a number"), (list, "a list"), (dict, "a dict"))


class BadAnswer(ValueError):
    """A module of ours never answers this; the text says what and where."""


class Reader:
    """Copies values of JSON; all of an answer together may have so many values and characters."""

    def __init__(self) -> None:
        self._values, self._characters = MOST_VALUES, MOST_CHARACTERS
        self._names: dict[str, str] = {}

    def value(self, value: Any, depth: int = 0) -> Any:
        """Return a clean copy of any value of JSON."""
        kind = type(value)
        if kind is _MARKED or isinstance(value, str):
            return self.text(value)
        if kind is bool or value is None:
            return value
        if isinstance(value, (int, float)):
            return number(value)
        if not isinstance(value, (dict, list)):
            raise BadAnswer(f" has {kind_of(value)}, expected values of JSON")
        self._values -= len(value)
        if depth >= DEEPEST or self._values < 0:
            raise BadAnswer(_too_much(depth))
        if isinstance(value, list):
            return [self.value(item, depth + 1) for item in value]
        return {self._names.get(key) or self._name(key): self.value(item, depth + 1) for key, item in value.items()}

    def text(self, value: Any, most: int = MOST_TEXT) -> str:
        """Return a clean text."""
        kind = type(value)
        if kind is not _MARKED and not isinstance(value, str):
            raise BadAnswer(f" is {kind_of(value)}, expected text")
        size = len(value)
        self._characters -= size
        if size > most or self._characters < 0:
            raise BadAnswer(f" is text of {size} characters, expected at most {most}, and {MOST_CHARACTERS} in all")
        if kind is _MARKED and value.isprintable():
            return value
        return clean(value)

    def _name(self, key: Any) -> str:
        # Ansible makes objects of its own of dicts that have one of these names.
        if not isinstance(key, str) or key.startswith("__ansible_"):
            raise BadAnswer(f" has the name {shown(key)}")
        return self._names.setdefault(key, self.text(key))


def _too_much(depth: int) -> str:
    if depth >= DEEPEST:
        return f" is nested more than {DEEPEST} deep"
    return f" has too many values, expected at most {MOST_VALUES} in all"


def place(where: str, take: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function returns; put the place in front of what it has to say."""
    try:
        return take(*arguments)
    except BadAnswer as problem:
        raise BadAnswer(f"{where}{problem}") from None


def clean(text: str) -> str:
    """Return a text that cannot steer a terminal, for what could is shown as U+FFFD, and that is never a template."""
    text = str.__str__(text)
    return AnsibleUnsafeText(text if text.isprintable() else _STEERING.sub("\ufffd", text.replace("\r\n", "\n")))


def clean_json(text: str) -> str:
    """Return the text of an answer, before it is read, without what could steer a terminal; see :func:`clean`.

    Ansible itself says aloud what it finds odd in an answer, before anybody else sees that answer.
    """
    if not text.strip().isprintable():
        text = _STEERING.sub("\ufffd", text.replace("\r\n", "\n"))
    return _WRITTEN.sub(_rewritten, text)


def _rewritten(found: re.Match[str]) -> str:
    if found[1]:
        return ""
    return "\\ufffd" if found[2] else found[0]


def part(value: Any, most: int) -> str:
    """Return a clean text; of a long one its beginning and its end, for the cause may stand in either."""
    text = clean(typed(value, str))
    if len(text) <= most:
        return text
    half = most // 2 - 40
    return clean(f"{text[:half]}\n[{len(text) - 2 * half} characters left out]\n{text[-half:]}")


def number(value: float) -> float:
    """Return a number that every reader of JSON can read."""
    if isinstance(value, int):
        if not -(2**63) <= value < 2**64:
            raise BadAnswer(" has a number of more than 64 bits")
        return int(value)
    if not math.isfinite(value):
        raise BadAnswer(f" has {value}, expected a number")
    return float(value)


def typed(value: Any, kind: type) -> Any:
    """Return a value that is of a kind; a boolean is no number."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise BadAnswer(f" is {kind_of(value)}, expected {kind_of(kind())}")
    return value


def fits(value: Any, kind: Any) -> None:
    """Compare a value with its kind: a type, [the kind of each item], or {key: its kind, where it is there}."""
    if isinstance(kind, type):
        typed(value, kind)
    elif isinstance(kind, list):
        for index, item in enumerate(typed(value, list)):
            place(f"[{index}]", fits, item, kind[0])
    else:
        typed(value, dict)
        for key, inner in kind.items():
            if key in value:
                place(f".{key}", fits, value[key], inner)


def kind_of(value: Any) -> str:
    """Return what a value is, in words."""
    if value is None:
        return "null"
    return next((word for kind, word in _WORDS if isinstance(value, kind)), f"of type {type(value).__name__}")


def with_names(value: Any) -> str:
    """Return what a value is, in words, with the names of what a dict has."""
    return f"a dict with {shown(', '.join(map(str, value)))}" if isinstance(value, dict) else kind_of(value)


def shown(value: Any) -> str:
    """Return a value for a message; ascii() escapes all that is not printable."""
    return ascii(str.__str__(value)[:60]) if isinstance(value, str) else kind_of(value)
