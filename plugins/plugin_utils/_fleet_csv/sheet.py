# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sheet as spreadsheets write it, from bytes to rows with line numbers. Private to the collection.

Spreadsheets write UTF-8 with a byte order mark, GBK or UTF-16, commas, semicolons or tabs, and line breaks inside of
cells. What the cells mean is worked out in ``columns`` and ``hosts``.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

AUTO = "auto"
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
# GB18030 holds all of GBK and GB2312. It comes last, for it takes nearly everything that is no UTF-8.
TRIED = ("utf-8", "gb18030")

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
# Excel writes and reads this as the first line, to say what separates the cells.
_SEPARATOR_LINE = re.compile(r"sep=([^\r\n\"])(?:\r\n|\r|\n|\Z)", re.IGNORECASE)
_SHOWN = 60


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. ``line`` is that of the file where the record starts, 1 for the first; None = the file.

    ``text`` says what is wrong, what is expected and what to do, ``column`` is the header as the sheet has it.
    """

    text: str
    source: str = ""
    line: int | None = None
    column: str | None = None


@dataclass(frozen=True)
class Row:
    """One record: the line of the file where it starts, 1 for the first, and its cells exactly as they are."""

    line: int
    cells: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing in any cell."""
        return not any(clean(cell) for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """The records of a sheet, blank lines left out. With problems, the rows are those that could be read."""

    rows: tuple[Row, ...]
    encoding: str
    delimiter: str
    problems: tuple[Problem, ...]


def clean(cell: str) -> str:
    """Return what somebody meant to type: no white space or invisible marks around it, no ``="..."`` of Excel."""
    text = cell.strip().strip("\ufeff\u200b\u200e\u200f\u2060").strip()
    if text.startswith('="') and text.endswith('"') and len(text) >= 3:
        text = text[2:-1].strip()
    return text


def show(value: str) -> str:
    """Return a value for a message: quoted, control characters escaped, not longer than anybody reads."""
    return repr(value if len(value) <= _SHOWN else value[: _SHOWN - 3] + "...")


def read_table(
    data: bytes, encoding: str = AUTO, delimiter: str = AUTO, known: Callable[[str], bool] = lambda header: False
) -> Table:
    """Return the rows of a sheet.

    :arg encoding: ``auto`` or the name of a text encoding that Python has.
    :arg delimiter: ``auto``, one of DELIMITERS, or the character itself.
    :arg known: whether a cell of the header is the name of a column; it decides between delimiters that are both there.
    """
    try:
        text, used = decode(data, encoding)
    except ValueError as error:
        return Table((), encoding, delimiter, (Problem(str(error)),))
    problem = _unreadable(text)
    if problem:
        return Table((), used, delimiter, (problem,))
    first, text, character = _separator_line(text)
    if delimiter != AUTO:
        character = DELIMITERS.get(delimiter, delimiter)
        if len(character) != 1 or character in '"\r\n':
            wrong = f"delimiter is {show(delimiter)}: give auto, {', '.join(DELIMITERS)}, or the character itself"
            return Table((), used, delimiter, (Problem(wrong),))
    character = character or detect_delimiter(text, known)
    rows: list[Row] = []
    problems: list[Problem] = []
    for item in _records(text, character, first):
        if isinstance(item, Problem):
            problems.append(item)
        elif item.cells:
            rows.append(item)
    return Table(tuple(rows), used, character, tuple(problems))


def decode(data: bytes, encoding: str = AUTO) -> tuple[str, str]:
    """Return the text without its byte order mark, and the encoding that it was in.

    :raises ValueError: it cannot be decoded; the text names what was tried, the place and what to do.
    """
    if data.startswith(_WORKBOOKS):
        raise ValueError("this is a workbook, no text: save it from the spreadsheet as 'CSV UTF-8'")
    for mark, name in _MARKS:
        if data.startswith(mark) and encoding in (AUTO, name, "utf-16", "utf-8-sig"):
            data, encoding = data[len(mark) :], name
            break
    failures = []
    for name in TRIED if encoding == AUTO else (encoding,):
        try:
            return data.decode(name), name
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            failures.append(f"{name} (byte 0x{data[error.start]:02x} at line {line})")
        except (LookupError, ValueError):
            # Python has some that decode nothing, and refuses some names.
            raise ValueError(
                f"encoding is {show(encoding)}, which is not a known encoding; set auto, utf-8, gb18030 or another "
                "that Python knows"
            ) from None
    raise ValueError(
        f"the bytes cannot be decoded; tried {', '.join(failures)}: save the sheet as 'CSV UTF-8', or set encoding to "
        "its encoding"
    )


def detect_delimiter(text: str, known: Callable[[str], bool] = lambda header: False) -> str:
    """Return what separates the cells of the header: what makes most known columns of it, then what is there most."""
    header = next((line for line in _logical_lines(text) if line.strip(" \t\r\n,;|")), "")

    def score(character: str) -> tuple[int, int]:
        row = next(_records(header, character, 1), None)
        cells = row.cells if isinstance(row, Row) else ()
        return sum(known(cell) for cell in cells), _outside_quotes(header).count(character)

    return max(DELIMITERS.values(), key=score)  # of equals the first one


def merge(problems: Iterable[Problem]) -> list[str]:
    """Return one line of text per problem, in the order of files and lines; the same in many lines is said once."""
    lines: dict[tuple[str, str | None, str], list[int]] = {}
    for problem in problems:
        numbers = lines.setdefault((problem.source, problem.column, problem.text), [])
        numbers += [] if problem.line is None else [problem.line]
    sources = list(dict.fromkeys(source for source, _column, _text in lines))
    said = []
    for (source, column, text), numbers in sorted(
        lines.items(), key=lambda item: (sources.index(item[0][0]), min(item[1], default=0))
    ):
        place = ", ".join(filter(None, (source, _numbers(numbers), column and f"column {show(column)}")))
        said.append(f"{place}: {text}" if place else text)
    return said


def _unreadable(text: str) -> Problem | None:
    if not text.strip():
        return Problem("the file is empty: the first line must be a header, such as host,address,site,region")
    place = text.find("\0")
    if place < 0:
        return None
    return Problem(
        "there is a NUL character, so this is not text in that encoding: save the sheet as 'CSV UTF-8', "
        "or set encoding",
        line=_count_lines(text[:place]) + 1,
    )


def _separator_line(text: str) -> tuple[int, str, str]:
    """Return the number of the first line of the sheet proper, the sheet proper, and the delimiter named before it."""
    match = _SEPARATOR_LINE.match(text)
    return (2, text[match.end() :], match[1]) if match else (1, text, "")


def _records(text: str, delimiter: str, first: int) -> Iterator[Row | Problem]:
    """Yield rows, and a problem for each record that cannot be taken apart."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        start = first + reader.line_num
        try:
            yield Row(start, tuple(next(reader)))
        except StopIteration:
            return
        except csv.Error as error:
            last = first + reader.line_num - 1
            yield Problem(_malformed(str(error), start, last), line=start)
            # Where a quote was open over several lines nobody knows where the next record starts.
            if last > start or "field larger" in str(error):
                return


def _malformed(error: str, start: int, last: int) -> str:
    if "field larger" in error:
        return f'a cell has more than {csv.field_size_limit()} characters: a quote (") is likely not closed'
    reach = f" up to line {last}; what follows has not been looked at" if last > start else ""
    return (
        f"the quotes do not match ({error}){reach}: a cell that begins with a quote ends with one, and a quote inside "
        'is written twice, ""'
    )


def _logical_lines(text: str) -> Iterator[str]:
    """Yield lines, those with an open quote together with what follows; enough of a look to find the header."""
    held = ""
    for line in io.StringIO(text, newline=""):
        held += line
        if held.count('"') % 2 == 0:
            yield held
            held = ""
        elif len(held) > csv.field_size_limit():
            break
    if held:
        yield held


def _outside_quotes(text: str) -> str:
    return "".join(text.split('"')[::2])


def _count_lines(text: str) -> int:
    return len(re.findall(r"\r\n|\r|\n", text))


def _numbers(lines: list[int]) -> str:
    """Return ``line 3`` or ``lines 3, 5-9``."""
    if not lines:
        return ""
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    text = ", ".join(str(one) if one == other else f"{one}-{other}" for one, other in runs)
    return f"line {text}" if len(set(lines)) == 1 else f"lines {text}"
