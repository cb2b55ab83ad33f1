# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A saved page to tables: HTML as a browser saves it, or text with | or tabs between the cells.

Only the standard library, so that the check runs on any machine that has a browser. A table is a list of rows, a row a
list of texts; a cell that covers several rows or columns stands in each of them.
"""

from __future__ import annotations

import html.parser
import re
import unicodedata
from pathlib import Path

Table = list[list[str]]
# Elements that end a line of a cell; the content of the others runs on.
_BREAKS = {"br", "p", "div", "li", "ul", "ol", "tr", "td", "th", "table", "section", "dt", "dd"}
_HIDDEN = {"script", "style", "template", "noscript"}
# What may stand alone in a line that belongs to the last cell before it: addresses, networks, host names.
_FACTS_ONLY = re.compile(r"[\s,;]*((\d{1,3}\.){2,3}\d{1,3}(/\d+)?|[a-z0-9{}-]+(\.[a-z0-9{}-]+)+)[\s,;]*", re.ASCII)
_DASH = "-"
_MOST = 200  # rows or columns that one cell may cover


class Unreadable(ValueError):
    """The file cannot be a page of the vendor; the text says why."""


def tables(path: Path) -> tuple[list[Table], bool]:
    """Return the tables of a file, and whether its cells are complete: text copies lose cells, HTML does not.

    :raises Unreadable: no such file, not UTF-8, or without any table.
    """
    try:
        text = clean(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Unreadable(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} is not UTF-8 text: save the page as HTML or as text in UTF-8") from error
    is_html = re.search(r"<(html|body|table|!doctype)\b", text, re.IGNORECASE) is not None
    found = _Html(text).tables if is_html else _text_tables(text)
    if not found:
        raise Unreadable(
            f"{path} has no table: save the page after the browser has shown it, with its tables unfolded "
            "(in Chromium: Save as, Webpage, Complete)"
        )
    return found, is_html


def clean(text: str) -> str:
    """Return a text with one form of each character: full-width and no-break ones become plain, invisible ones go."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(_DASH if unicodedata.category(sign) == "Pd" else sign for sign in plain if _visible(sign))


def _visible(sign: str) -> bool:
    return unicodedata.category(sign) != "Cf"


class _Html(html.parser.HTMLParser):
    """Tables of a page, also with end tags left out, as HTML allows, and tables in cells of tables."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[Table] = []
        self._open: list[_Grid] = []
        self._hidden = 0
        self.feed(text)
        self.close()
        while self._open:
            self._end_table()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "table":
            self._open.append(_Grid())
        elif self._open:
            if tag == "tr":
                self._open[-1].row()
            elif tag in ("td", "th"):
                self._open[-1].cell(dict(attrs))
            elif tag in _BREAKS:
                self._open[-1].text("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "table" and self._open:
            self._end_table()
        elif self._open and tag in _BREAKS:
            self._open[-1].text("\n")

    def handle_data(self, data: str) -> None:
        if self._open and not self._hidden:
            self._open[-1].text(clean(data))

    def _end_table(self) -> None:
        rows = self._open.pop().rows()
        if rows:
            self.tables.append(rows)


class _Grid:
    """Cells of one table, put where rowspan and colspan want them."""

    def __init__(self) -> None:
        self._rows: list[list[tuple[list[str], int, int]]] = []  # pieces of text, rows, columns

    def row(self) -> None:
        self._rows.append([])

    def cell(self, attributes: dict[str, str | None]) -> None:
        if not self._rows:
            self.row()
        spans = [_span(attributes.get(name)) for name in ("rowspan", "colspan")]
        self._rows[-1].append(([], spans[0], spans[1]))

    def text(self, piece: str) -> None:
        if self._rows and self._rows[-1]:
            self._rows[-1][-1][0].append(piece)

    def rows(self) -> Table:
        place: dict[tuple[int, int], str] = {}
        for down, cells in enumerate(self._rows):
            across = 0
            for pieces, height, width in cells:
                while (down, across) in place:
                    across += 1
                content = _tidy("".join(pieces))
                for row in range(down, min(down + height, len(self._rows))):
                    for column in range(across, across + width):
                        place.setdefault((row, column), content)
                across += width
        widths = [
            max((column for row, column in place if row == down), default=-1) + 1 for down in range(len(self._rows))
        ]
        return [
            [place.get((down, column), "") for column in range(width)] for down, width in enumerate(widths) if width
        ]


def _span(value: str | None) -> int:
    text = (value or "").strip()
    return min(int(text), _MOST) if re.fullmatch(r"[1-9][0-9]{0,5}", text, re.ASCII) else 1


def _tidy(text: str) -> str:
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _text_tables(text: str) -> list[Table]:
    """Return the tables of a text: the first line with separators is a head and says how many cells a row has."""
    found: list[Table] = []
    reader: _TextTable | None = None
    for line in text.splitlines():
        if reader is not None and reader.take(line):
            continue
        if reader is not None:
            found.append(reader.end())
            reader = None
        separator = "|" if line.count("|") > 1 else "\t"
        if line.count(separator) > 1:
            reader = _TextTable(line, separator)
    if reader is not None:
        found.append(reader.end())
    return found


class _TextTable:
    """One table of a text copy, whose rows may go over several lines."""

    def __init__(self, head: str, separator: str) -> None:
        self.separator = separator
        self.leading = head.lstrip(" ").startswith("|")  # Markdown has one in front of the first cell, too
        self.closed = head.rstrip(" ").endswith(separator)  # the last cell ends with one, too
        self.ends = head.count(separator) - self.leading  # separators that end a cell, in each row
        self.columns = self.ends + (not self.closed)
        self._rows: list[list[str]] = []
        self._pending = ""
        self.take(head)

    def take(self, line: str) -> bool:
        """Take a line of the table; False if it is none, so that the table ends before it."""
        if not self._pending and self.separator not in line:
            if not (self._rows and _FACTS_ONLY.fullmatch(line.strip() or "-")):
                return False
            if not self.closed:
                self._rows[-1][-1] += "\n" + line
                return True
        row = line.lstrip(" ").removeprefix("|") if self.leading else line
        if re.fullmatch(r"[\s|:+-]*-{3}[\s|:+-]*", line):
            return True
        if self._pending and self._pending.count(self.separator) + row.count(self.separator) > self.ends:
            # The row before has lost a separator: better one bad row than all that follow.
            self._flush()
        self._pending += ("\n" if self._pending else "") + row
        if self._pending.count(self.separator) >= self.ends:
            self._flush()
        return True

    def _flush(self) -> None:
        cells = self._pending.split(self.separator)[: self.columns]
        self._rows.append(cells + [""] * (self.columns - len(cells)))
        self._pending = ""

    def end(self) -> Table:
        if self._pending:
            self._flush()
        return [[_tidy(cell) for cell in row] for row in self._rows]
