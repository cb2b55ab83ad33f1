# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ufw's user.rules and user6.rules: which rules stand there, and how ufw writes one. Pure: no command, no file.

A rule is a heading ('### tuple ### ...'), which ufw reads, and below it the lines for iptables-restore.
"""

import re
from typing import List, NamedTuple, Optional

# Behind it the rules begin.
HEAD = "### RULES ###\n"
_TUPLE = re.compile(
    r"^### tuple ### (?P<action>\S+) (?P<protocol>\S+) (?P<ports>\S+) (?P<to>\S+) any (?P<source>\S+)"
    r" in(?: comment=(?P<comment>(?:[0-9a-f]{2})*))?\Z"
)
_BLOCK = r"(?:(?<=\n)\n)?^(### tuple ### [^\n]*)\n(?:(-A %s [^\n]*)\n)?"


class Heading(NamedTuple):
    """What ufw reads of a rule."""

    action: str
    protocol: str
    ports: str
    to: str
    source: str


class Block(NamedTuple):
    """One rule of a file."""

    text: str  # with the empty line before it
    heading: Optional[Heading]  # None where it says more, such as an interface
    line: str  # of iptables-restore, '' for none
    comment: str


def parse(text, chain):
    """Return the [Block] of a file that fills a chain; any text is read.

    A rule of our form is its heading and one line, and in a file as it is packaged no empty line sets it off from the
    rules behind it. Of other rules it does not matter how long they are.
    """
    found: List[Block] = []
    for match in re.finditer(_BLOCK % chain, text or "", re.MULTILINE):
        words = _TUPLE.match(match.group(1))
        heading, comment = None, ""
        if words:
            heading = Heading(*words.group(*Heading._fields))
            comment = bytearray.fromhex(words.group("comment") or "").decode("utf-8", "replace")
        found.append(Block(match.group(0), heading, match.group(2) or "", comment))
    return found


def block_text(heading, line, comment):
    """Return the text of a rule as ufw writes it."""
    words = "{} {} {} {} any {} in".format(*heading)
    return f"\n### tuple ### {words} comment={comment.encode('utf-8').hex()}\n{line}\n"
