# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the bytes that spreadsheets write to rows with the lines where they start."""

from __future__ import annotations

import csv
import io
import re

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.sheet import (
    DELIMITERS,
    Problem,
    Row,
    Table,
    clean,
    merge,
    read_table,
    show,
)
from hypothesis import assume, given
from hypothesis import strategies as st

ENCODINGS = {"utf-8": "utf-8", "utf-8-sig": "utf-8", "gb18030": "gb18030", "utf-16": "utf-16-le"}
# No byte order mark inside, nothing that no encoding has, and no NUL, which is refused.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=12)
HEADER = st.lists(st.sampled_from(["host", "主机名", "IP", "note", "机 房"]), min_size=2, max_size=5)
LINE = re.compile(r"\r\n|\r|\n")


def cells(table: Table) -> list[tuple[str, ...]]:
    assert table.problems == ()
    return [row.cells for row in table.rows]


def only(table: Table) -> Problem:
    (problem,) = table.problems
    return problem


@given(
    header=HEADER,
    body=st.lists(st.lists(TEXT, min_size=1, max_size=5), max_size=6),
    written=st.sampled_from(list(ENCODINGS)),
    delimiter=st.sampled_from(list(DELIMITERS.values())),
    end=st.sampled_from(["\r\n", "\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    automatic=st.booleans(),
)
def test_what_a_spreadsheet_writes_is_what_is_read(
    header: list[str],
    body: list[list[str]],
    written: str,
    delimiter: str,
    end: str,
    quoting: int,
    automatic: bool,
) -> None:
    rows = [header, *body]
    # Python's writer leaves a line break bare that is not its own, which no spreadsheet does.
    foreign = "\r" if end == "\n" else "\n"
    assume(quoting == csv.QUOTE_ALL or end == "\r\n" or not any(foreign in cell for row in rows for cell in row))
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting)
    expected, line = [], 1
    for row in rows:
        before = file.tell()
        writer.writerow(row)
        expected.append(Row(line, tuple(row)))
        line += len(LINE.findall(file.getvalue()[before:]))
    data = file.getvalue().encode(written)
    if automatic and written == "gb18030":
        # Some Chinese in GBK is by chance UTF-8 as well, and there is no telling which was meant.
        assume(not _is_utf8(data) or data.isascii())
    table = read_table(data, "auto" if automatic else written, "auto" if automatic else delimiter)
    assert table.problems == ()
    assert list(table.rows) == expected
    assert table.delimiter == delimiter
    if automatic and not data.isascii():
        assert table.encoding == ENCODINGS[written]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@given(st.binary(max_size=200), st.sampled_from(["auto", "utf-8", "gb18030", "utf-16", "latin-1"]))
def test_no_bytes_end_in_a_traceback(data: bytes, encoding: str) -> None:
    table = read_table(data, encoding)
    assert table.rows or table.problems or not data.strip()


def test_lines_are_those_of_the_file() -> None:
    text = 'host,note\n\na,"one\ntwo\r\nthree"\n\n\nb,"x"\n'
    assert [row.line for row in read_table(text.encode()).rows] == [1, 3, 8]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("host,address\n", ","),
        ("host;address;note, free\n", ";"),
        ('"host";"site, room"\n', ";"),
        ("host\taddress, or name\tregion\n", "\t"),
        ("host|address\n", "|"),
        ("host\na,b,c\n", ","),
        ('\n\n"host\nname";b\n', ";"),
        ("sep=|\nhost|a,b,c\n", "|"),
    ],
)
def test_the_header_decides_on_the_delimiter(text: str, delimiter: str) -> None:
    assert read_table(text.encode()).delimiter == delimiter


def test_known_columns_decide_where_two_delimiters_are_there() -> None:
    table = read_table(b"host;address (v4, v6)\na;1\n", known=lambda cell: cell in ("host", "address (v4, v6)"))
    assert cells(table) == [("host", "address (v4, v6)"), ("a", "1")]


def test_the_line_of_excel_counts_as_one() -> None:
    assert read_table(b"SEP=;\r\nhost;address\r\na;1\r\n").rows[1] == Row(3, ("a", "1"))


@pytest.mark.parametrize("delimiter", ["semicolon", ";"])
def test_a_delimiter_that_is_said(delimiter: str) -> None:
    assert cells(read_table(b"a,b;c\n", delimiter=delimiter)) == [("a,b", "c")]


@pytest.mark.parametrize("delimiter", ["komma", "", "\n", '"'])
def test_a_delimiter_that_is_none(delimiter: str) -> None:
    assert f"delimiter is {delimiter!r}: give auto, comma, " in only(read_table(b"a,b\n", delimiter=delimiter)).text


def test_quotes() -> None:
    assert cells(read_table(b'a,b\n5" disk,"say ""hi"""\n'))[1] == ('5" disk', 'say "hi"')


def test_a_wrong_quote_in_one_line_costs_that_line() -> None:
    table = read_table(b'a,b\n"x"y,1\nc,d\n')
    assert [row.cells for row in table.rows] == [("a", "b"), ("c", "d")]
    assert (only(table).line, "the quotes do not match" in only(table).text) == (2, True)


def test_a_quote_that_is_never_closed_is_found_where_it_opens() -> None:
    table = read_table(b'a,b\nc,d\n"x,1\ne,f\ng,h\n')
    assert only(table).line == 3
    assert "what follows has not been looked at" in only(table).text


def test_a_quote_that_swallows_the_sheet() -> None:
    table = read_table(b'a,b\n"x' + b",1\n" * 100_000)
    assert only(table).line == 2
    assert "is likely not closed" in only(table).text


def test_bytes_in_no_encoding() -> None:
    text = only(read_table(b"host,address\na,\xff\xff\n")).text
    assert "tried utf-8 (byte 0xff at line 2), gb18030 (byte 0xff at line 2)" in text
    assert "save the sheet as 'CSV UTF-8', or set encoding" in text


def test_an_encoding_that_is_said() -> None:
    assert cells(read_table("café,b\n".encode("latin-1"), "latin-1")) == [("café", "b")]
    assert "tried utf-8 (byte" in only(read_table("主机".encode("gbk"), "utf-8")).text


@pytest.mark.parametrize("encoding", ["utf-9", "base64", "", "undefined", "utf-8\0"])
def test_an_encoding_that_there_is_not(encoding: str) -> None:
    assert f"encoding is {encoding!r}, which is not a known encoding" in only(read_table(b"a,b\n", encoding)).text


@pytest.mark.parametrize("data", [b"", b"\n\r\n ", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file(data: bytes) -> None:
    assert only(read_table(data)).text.startswith("the file is empty: the first line must be a header")


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"])
def test_a_workbook(data: bytes) -> None:
    assert "this is a workbook" in only(read_table(data)).text


def test_utf_16_without_a_mark() -> None:
    problem = only(read_table("host,a\nb,c\n".encode("utf-16-le")))
    assert (problem.line, "NUL" in problem.text) == (1, True)


@pytest.mark.parametrize(
    ("cell", "text"),
    [(" a\u3000", "a"), ("\ufeffa\u200b", "a"), ('="1.30"', "1.30"), ('=""', ""), ('="', '="'), (" \n ", "")],
)
def test_cleaning(cell: str, text: str) -> None:
    assert clean(cell) == text


def test_values_in_messages_are_short_and_harmless() -> None:
    assert show("\x1b[2J\n") == r"'\x1b[2J\n'"
    assert len(show("x" * 500)) == 62


def test_the_same_in_many_lines_is_said_once() -> None:
    problems = [Problem("wrong", "a.csv", line, "IP") for line in (7, 3, 4, 5, 5)]
    others = [Problem("no", "a.csv", 2), Problem("gone", "b.csv"), Problem("bare")]
    assert merge(problems + others) == [
        "a.csv, line 2: no",
        "a.csv, lines 3-5, 7, column 'IP': wrong",
        "b.csv: gone",
        "bare",
    ]
