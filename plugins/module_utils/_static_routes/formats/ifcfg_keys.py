# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Route files of ADDRESSn=, NETMASKn= and GATEWAYn= entries: read and changed as the shell that sources them. Pure.

Private to the collection. Both readers of such a file count n from 0 and stop at the first ADDRESSn that lacks. So one
that is taken out lets those behind it move up, and an entry behind a gap that the site left is known to be dead: it is
shown as one, and nothing is added in front of it, for that would bring it to life.
"""

import re
from typing import Dict, List, NamedTuple, Optional, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._errors import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import DEFAULT_METRIC, MAIN_TABLE


class Entry(NamedTuple):
    """The ADDRESSn= and what belongs to it."""

    number: int  # n
    values: Dict[str, Optional[str]]  # {name without n: text, None where only a running shell knows it}
    raw: Optional[str]  # its lines, numbered 0, to put it back with; None where a line of it holds something else too
    alive: bool  # whether the readers come to it


class _Source(NamedTuple):
    """One line as the shell sees it: quotes and backslashes may carry it over several."""

    text: str
    pairs: List[Tuple[str, Optional[str], int]]  # (name, value, offset of the name in the text)


# What both readers tell the two syntaxes apart by.
_IN_USE = re.compile(r"^[ \t\r\f\v]*ADDRESS[0-9]+=", re.MULTILINE)
# METRIC and OPTIONS are known to NetworkManager only.
_NAME = re.compile(r"^(ADDRESS|NETMASK|GATEWAY|METRIC|OPTIONS)(0|[1-9][0-9]{0,5})\Z")
_TOKEN = re.compile(
    r"(?P<blank>(?:[ \t]|\\\n)+)|(?P<comment>#[^\n]*)|(?P<end>[\n;&|()<>])"
    r"""|(?P<word>(?:[^ \t\n;&|()<>'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+)""",
    re.DOTALL,
)
# A name, too, goes on behind a backslash at the end of a line.
_ASSIGNMENT = re.compile(r"([A-Za-z_](?:\\\n|[A-Za-z0-9_])*)=(.*)\Z", re.DOTALL)
_GOES_ON = "\\\n"
# What export takes: its words have lost their quotes by then, so one may begin before the name.
_EXPORTED = re.compile(r"""(?:\\\n|['"\\])*([A-Za-z_](?:\\\n|[A-Za-z0-9_])*)=""")
_PIECE = re.compile(r"""'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^'"\\]+)""", re.DOTALL)


def in_use(text):
    """Return whether a route file is written in this syntax; else each of its lines is words of ``ip route``."""
    return _IN_USE.search(text) is not None


def assignments(text):
    """Return {name: value} of a file that a shell sources, as far as it is plain assignments; the last one counts."""
    return {name: value for source in _sources(text)[0] for name, value, _offset in source.pairs}


def entries(text):
    """Return [Entry] by number."""
    sources = _sources(text)[0]
    found, own_lines = {}, {}
    for source in sources:
        for name, value, _offset in source.pairs:
            match = _NAME.match(name)
            if match:
                number = int(match.group(2))
                found.setdefault(number, {})[match.group(1)] = value
                lines = own_lines.setdefault(number, [])
                lines += [] if source in lines else [source]
    alive = _alive(found)
    return [
        Entry(number, found[number], _raw(number, own_lines[number]), number in alive)
        for number in sorted(found)
        if _there(found[number])
    ]


def change(text, new, drop):
    """Return the text without the entries of the numbers ``drop`` and with ``new`` ones (texts, numbered 0) at its end.

    :raises NodeError: if the text cannot be changed so that its readers find exactly that.
    """
    sources, whole = _sources(text)
    before = entries(text)
    stay = [entry for entry in before if entry.alive and entry.number not in drop]
    moved = {entry.number: place for place, entry in enumerate(stay)}
    dead = [entry.number for entry in before if not entry.alive and entry.number not in drop]
    if new and dead:
        raise NodeError(
            f"it has ADDRESS{dead[0]}= and no ADDRESS{dead[0] - 1}=, so its readers stop before that entry; remove "
            "the entry, or number all entries from 0 without a gap, then run again"
        )
    if new and not whole:
        raise NodeError(
            "it has an unclosed quote, a stray ';', or a continuation (\\) at its end, so nothing can be added; "
            "correct it, then run again"
        )
    # What a later line says again counts for nothing: a leftover of the site's that stays where it is.
    over = _overridden(sources)
    kept = [
        source.text if place in over else _renumbered(source, moved)
        for place, source in enumerate(sources)
        if place in over or not _falls(source, drop)
    ]
    added = [
        _renumbered(source, {0: len(stay) + place}) for place, raw in enumerate(new) for source in _sources(raw)[0]
    ]
    result = joined(text, kept, added)
    expected = [entry.values for entry in stay] + [entry.values for raw in new for entry in entries(raw)]
    if [entry.values for entry in entries(result) if entry.alive] != expected:
        raise NodeError(
            "it has leftovers of other entries or shell code among its ADDRESSn= entries; clean it up, or rewrite it "
            "as lines of ip route"
        )
    return result


def written(route):
    """Return the text of an entry, numbered 0, for a Route.

    METRICn is said although ifup does not know it: without it NetworkManager takes a metric of the device's type.

    :raises NodeError: if it has what this syntax cannot say.
    """
    beyond = [
        ("metric", route.metric, DEFAULT_METRIC[4]),
        ("table", route.table, MAIN_TABLE),
        ("source", route.source, None),
        ("mtu", route.mtu, None),
        ("onlink", route.onlink, False),
        ("IP version", route.family, 4),
    ]
    wrong = [f"{name} {value}" for name, value, can in beyond if value != can]
    if wrong:
        raise NodeError(
            f"it is written in ADDRESSn= entries, which cannot express {' or '.join(wrong)} of the route to "
            f"{route.destination}; rewrite it as lines of ip route (such as '198.51.100.0/24 via 192.0.2.1') and run "
            "again"
        )
    return (
        f"ADDRESS0={route.destination.network_address}\nNETMASK0={route.destination.netmask}\n"
        f"GATEWAY0={route.gateway}\nMETRIC0={route.metric}\n"
    )


def joined(text, kept, new):
    """Return lines as one text. Whether its last line has an end stays as it was in ``text``, for any syntax."""
    result = "".join(line if line.endswith("\n") else line + "\n" for line in kept + new)
    return result if not text or text.endswith("\n") else result[:-1]


def _alive(found):
    """Return the numbers that are read: all from 0 to before the first that lacks."""
    alive = set()
    while _there(found.get(len(alive), {})):
        alive.add(len(alive))
    return alive


def _there(values):
    return values.get("ADDRESS", "") != ""


def _raw(number, sources):
    if any(_numbers(source) != {number} for source in sources):
        return None
    return joined("", [_renumbered(source, {number: 0}) for source in sources], [])


def _numbers(source):
    """Return the numbers of the entries that a line is part of, None among them where it holds other names."""
    matches = [_NAME.match(name) for name, _value, _offset in source.pairs]
    return {int(match.group(2)) if match else None for match in matches}


def _overridden(sources):
    """Return the places of the lines that assign parts of entries alone, all of which later lines assign again."""
    last = {name: place for place, source in enumerate(sources) for name, _value, _offset in source.pairs}
    return {
        place
        for place, source in enumerate(sources)
        if source.pairs and all(last[name] > place and _NAME.match(name) for name, _value, _offset in source.pairs)
    }


def _falls(source, drop):
    """Return whether a line goes with the entries that go."""
    numbers = _numbers(source)
    if not numbers & drop:
        return False
    if not numbers <= drop:
        raise NodeError(f"its line '{source.text.strip()}' holds more than the entry to remove; split it into lines")
    return True


def _renumbered(source, moved):
    """Return the text of a line with new numbers and every other byte as it was."""
    text = source.text
    for name, _value, offset in reversed(source.pairs):
        match = _NAME.match(name)
        number = int(match.group(2)) if match else None
        if moved.get(number, number) != number:
            place = f"{match.group(1)}{moved[number]}"
            text = text[:offset] + place + text[offset + len(_ASSIGNMENT.match(text[offset:]).group(1)) :]
    return text


def _sources(text):
    """Return ([_Source], whether the shell can read the text to its end and has read a whole line then)."""
    found, start, position, words, pairs = [], 0, 0, [], []
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or (match.group() == ";" and not words):
            # An open quote, or no command before the end of one: the shell drops the line and all behind it.
            return [*found, _Source(text[start:], [])], False
        position = match.end()
        if match.lastgroup == "word":
            words.append((match.group(), match.start() - start))
        elif match.lastgroup == "end":
            pairs, words = pairs + _assigned(words), []
            if match.group() == "\n":
                found.append(_Source(text[start:position], pairs))
                start, pairs = position, []
    if start == len(text):
        return found, True
    return [*found, _Source(text[start:], pairs + _assigned(words))], not text.endswith("\n")


def _assigned(words):
    """Return what one command assigns: what is in front of a program lasts no longer than that, but for export."""
    matches = [(_ASSIGNMENT.match(word), offset) for word, offset in words]
    program = [place for place, (match, _offset) in enumerate(matches) if match is None][:1]
    if not program:
        return [(match.group(1).replace(_GOES_ON, ""), _value(match.group(2)), offset) for match, offset in matches]
    if _value(words[program[0]][0]) != "export":  # quotes are no part of a command's name
        return []
    found = [_exported(word, offset) for word, offset in words[program[0] + 1 :]]
    return [pair for pair in found if pair is not None]


def _exported(word, offset):
    """Return (name, value, offset of the name) of a word behind export, None where it is no assignment."""
    match = _EXPORTED.match(word)
    if match is None:
        return None
    name, said = match.group(1).replace(_GOES_ON, ""), _value(word)
    if said is not None and not said.startswith(name + "="):
        return None
    return name, None if said is None else said[len(name) + 1 :], offset + match.start(1)


def _value(raw):
    """Return what a word stands for, None where it has something in it that only a running shell knows."""
    parts = []
    for single, double, escaped, plain in _PIECE.findall(raw):
        if re.search("[$`]", plain + re.sub(r"\\.", "", double, flags=re.DOTALL)):
            return None
        parts += [
            single,
            re.sub(r'\\([$`"\\\n])', lambda match: match.group(1).strip("\n"), double),
            escaped.strip("\n"),
            plain,
        ]
    return "".join(parts)
