# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Odd inputs for the laws that hypothesis tries, each made out of one draw.

Hypothesis needs a millisecond for each draw and several for each example that it mutates, which is far longer than to
read a file or an answer: a strategy that draws every line, word and character of it spends nine tenths of the time of
its test. Here it draws the seed, and Python's own generator does the rest.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

# Where encodings, scripts, controls and what is no character begin; the surrogates are left out.
_PLANES = ((0, 0x80), (0, 0x80), (0x80, 0x100), (0x100, 0xD800), (0xE000, 0x10000), (0x10000, 0x110000))

NUMBERS = (0, 1, -1, 0.5, 2**31, -(2**63), 2**70, 1e308, float("inf"), float("nan"))


def made(make: Callable[[random.Random], Any]) -> st.SearchStrategy[Any]:
    """Return a strategy of what a function makes with a generator of random numbers."""
    return st.randoms(use_true_random=True).map(make)


def many(make: Callable[[random.Random], Any]) -> st.SearchStrategy[list[Any]]:
    """Return a strategy of ten at a time, for laws that one of them costs less than the milliseconds of an example."""
    return made(lambda source: [make(source) for _each in range(10)])


def upto(source: random.Random, most: int) -> int:
    """Return a number up to this one, smaller ones more often: most faults need little."""
    return source.randint(0, source.randint(0, most))


def text(source: random.Random, most: int, alphabet: str = "") -> str:
    """Return up to this many characters, of the alphabet or of all that Unicode has."""
    length = upto(source, most)
    if alphabet:
        return "".join(source.choices(alphabet, k=length))
    return "".join(chr(source.randrange(*source.choice(_PLANES))) for _each in range(length))


def json_value(source: random.Random, names: Sequence[str], depth: int = 4) -> Any:
    """Return what JSON can hold, and what Python's JSON takes besides.

    :arg names: keys that objects have more often than made up ones.
    """
    kind = source.randrange(8 if depth else 6)
    if kind < 6:
        scalars = (None, source.random() < 0.5, source.choice(NUMBERS), source.getrandbits(16))
        return (*scalars, text(source, 8), source.choice(names))[kind]
    inner = [json_value(source, names, depth - 1) for _each in range(upto(source, 6))]
    return inner if kind == 6 else {name(source, names): value for value in inner}


def name(source: random.Random, names: Sequence[str]) -> str:
    """Return one of these names, and sometimes another text."""
    return text(source, 4) if source.random() < 0.2 else source.choice(names)


def some(source: random.Random, choices: Sequence[str], most: int) -> str:
    """Return up to this many of the choices, one after the other."""
    return "".join(source.choices(choices, k=upto(source, most)))
