# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sentences of a network plan in every language, out of messages.yml. Private to the collection."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import yaml
from ansible_collections.ack_edge.node.plugins.plugin_utils._language import CHINESE, ENGLISH


@functools.cache
def _catalogue() -> dict[str, dict[str, str]]:
    return yaml.safe_load((Path(__file__).parent / "messages.yml").read_text("utf-8"))


def known(key: str) -> bool:
    """Return whether there is a sentence of this name."""
    return key in _catalogue()


def keys() -> list[str]:
    """Return the names of all sentences."""
    return list(_catalogue())


def say(key: str, language: str = ENGLISH, values: Mapping[str, str] | None = None) -> str:
    """Return a sentence with its values in place.

    :raises KeyError: if there is none of that name, or a value is missing.
    """
    text = _catalogue()[key][language]
    # Only what is given is replaced: a value may hold braces itself.
    return text.format(**values) if values else text


def space(language: str) -> str:
    """Return what stands between two sentences; the signs of Chinese are wide enough."""
    return "" if language == CHINESE else " "


def same(prefix: str, text: str, language: str) -> str:
    """Return what an English text is in a language, the text itself if it is none of the sentences that begin so."""
    found = (entry for key, entry in _catalogue().items() if key.startswith(prefix) and entry[ENGLISH] == text)
    return next((entry[language] for entry in found), text)
