# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The colours that all pages of the collection share. Private to the collection. Pure."""

from __future__ import annotations

# Where a style has this line, the colours stand.
PLACE = "  /* colours */\n"
# Each for light and dark.
COLOURS = """\
  color-scheme: light dark;
  --page: light-dark(#f6f7f9, #14171c);
  --card: light-dark(#ffffff, #1c2027);
  --inset: light-dark(#f2f4f7, #14171c);
  --line: light-dark(#dde2e8, #323842);
  --ink: light-dark(#1b2430, #e4e8ee);
  --faint: light-dark(#5b6675, #9aa5b4);
  --link: light-dark(#1d5bb8, #7fb0f5);
  --good: light-dark(#1c7c4c, #4cc38a);
  --bad: light-dark(#bf2c2c, #ff7b72);
  --bad-soft: light-dark(#fbe6e4, #43191a);
  --warn: light-dark(#8a5a00, #e3b341);
  --warn-soft: light-dark(#fdf0d2, #3a2c0c);
"""


def styled(css: str) -> str:
    """Return a style with the colours in their place."""
    return css.replace(PLACE, COLOURS)
