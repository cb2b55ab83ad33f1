# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of the report in a language, out of messages.LANGUAGE.yml. Private to the collection."""

from __future__ import annotations

import functools
from pathlib import Path

import yaml
from ansible_collections.ack_edge.node.plugins.plugin_utils._language import ENGLISH, Messages


@functools.cache
def messages(language: str) -> Messages:
    """Return what is said in a language; English is in the code."""
    if language == ENGLISH:
        return Messages()
    found = yaml.safe_load((Path(__file__).parent / f"messages.{language}.yml").read_text("utf-8"))
    return Messages(language, found["labels"], found["remedies"])
