# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the rows of sheets to hosts with variables, and all that is wrong with them. Private to the collection.

Nothing here decides what a variable means: the words and networks are checked by ``inputs``, which the lookup uses as
well, so that a value that passes here is not refused in the middle of a run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.cells import LISTS, cell_parsers
from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.columns import (
    ADDRESS,
    HOST,
    Column,
    check_mapping,
    fold,
    known,
    read_header,
    variable_name,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.sheet import (
    AUTO,
    Problem,
    Row,
    clean,
    read_table,
    show,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements import inputs
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import Catalogue

GROUPED = ("site", "region", "access_mode")
# Variables of a row that the lookup would refuse as well; those parsed here are left out.
_CHECKED = tuple(name for name in inputs.Inputs.__dataclass_fields__ if name != "access_mode")
_TITLE_LINES = 10
# The playbooks remember in groups of such names which hosts have passed.
_OWN_GROUPS = "ack_edge_"

_TEMPLATE = re.compile(r"\{[{%#]")
# What ansible-core makes of a group name.
_NO_GROUP = re.compile(r"^[\d\W]|[^\w]")


@dataclass(frozen=True)
class Sheet:
    """One file: its name for messages, what is in it, and whether messages must not show more of it than they need."""

    source: str
    data: bytes
    secret: bool = False


@dataclass(frozen=True)
class Options:
    """How to read the sheets. ``prefixes`` maps those of GROUPED that make groups to the beginnings of their names."""

    encoding: str = AUTO
    delimiter: str = AUTO
    columns: Mapping[str, str | None] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    unique_per_site: bool = False


@dataclass(frozen=True)
class Host:
    """One host: its name, where it stands, and the variables that the sheet gives it (no defaults)."""

    name: str
    source: str
    line: int
    variables: dict[str, Any]


@dataclass(frozen=True)
class Fleet:
    """All hosts in the order of the sheets, what is wrong, and the variables that nobody would guess, by header."""

    hosts: list[Host]
    problems: list[Problem]
    named: dict[str, str]


def read_fleet(sheets: Iterable[Sheet], options: Options, catalogue: Catalogue) -> Fleet:
    """Return the hosts of all sheets together. With problems, the hosts are of no use."""
    reader = _Reader(options, catalogue)
    for sheet in sheets:
        reader.sheet(sheet)
    return Fleet(reader.hosts, reader.finish(), reader.named)


def read_defaults(defaults: Mapping[str, Any], catalogue: Catalogue) -> tuple[dict[str, Any], list[Problem]]:
    """Return the variables that a host has where its cell is empty, and what is wrong with them.

    They are the operator's, not the sheet's: a template stays one, except where groups are made of the value.
    """
    parse = cell_parsers(catalogue)
    values: dict[str, Any] = {}
    problems: list[str] = []
    for name, value in defaults.items():
        if value is None or value == "":
            continue
        try:
            values[name] = _default(name, value, parse)
        except ValueError as error:
            problems.append(f"{name} is {show(str(value))}: {error}")
    if HOST in defaults or ADDRESS in defaults:
        problems.append(f"{HOST} and {ADDRESS} cannot be the same for all hosts: delete them")
    invalid = [name for name in defaults if name not in parse and name != variable_name(str(name))]
    problems += [f"{show(str(name))} is not a valid variable name" for name in invalid]
    plain = {name: value for name, value in values.items() if name in _CHECKED and not _TEMPLATE.search(str(value))}
    problems += _refused(plain, catalogue)
    return values, [Problem(text, source="option defaults") for text in problems]


def _default(name: str, value: Any, parse: Mapping[str, Callable[[str], Any]]) -> Any:
    if name not in parse or (name in LISTS and isinstance(value, (list, tuple))):
        return value
    if isinstance(value, (list, tuple, Mapping, bool, float)):
        raise ValueError("give one value, as text")
    if not isinstance(value, (str, int)):
        return value  # a vaulted value, which only Ansible can read
    if not _TEMPLATE.search(str(value)):
        return parse[name](str(value).strip())
    if name in GROUPED:
        raise ValueError("groups are made from it: give a value, not a template")
    return value


def group_name(prefix: str, value: str) -> str:
    """Return the name of a group as ansible-core writes it: letters, digits and underscores of any script."""
    return _NO_GROUP.sub("_", f"{prefix}{value}")


class _Reader:
    """Reads sheet after sheet; knows what the earlier rows said, for duplicates."""

    def __init__(self, options: Options, catalogue: Catalogue) -> None:
        self.options = options
        self.catalogue = catalogue
        self.hosts: list[Host] = []
        self.named: dict[str, str] = {}
        self.problems = check_mapping(options.columns)
        self.defaults, problems = read_defaults(options.defaults, catalogue)
        self.problems += problems
        self.headers: dict[str, str] = {}
        self.secret = False
        self.parse = cell_parsers(catalogue)
        self.seen: dict[tuple[str, ...], str] = {}
        self.groups: dict[str, tuple[str, str]] = {}
        self.checked: dict[tuple[tuple[str, str], ...], list[str]] = {}

    def sheet(self, sheet: Sheet) -> None:
        """Take in one file."""
        source, options = sheet.source, self.options
        mapped = {fold(str(header)) for header in options.columns}
        table = read_table(
            sheet.data, options.encoding, options.delimiter, lambda cell: bool(known(cell)) or fold(cell) in mapped
        )
        self._report(source, table.problems)
        rows = [row for row in table.rows if not row.empty]
        if not rows:
            if not table.problems:
                self._report(source, [Problem("the sheet is empty: the first line must be a header")])
            return
        columns, problems = read_header(rows[0], options.columns, sheet.secret)
        self.secret = self.secret or sheet.secret
        self.headers |= {fold(column.header): column.header for column in columns}
        hint = self._title(rows)
        self._report(source, [Problem(hint, line=rows[0].line)] if problems and hint else problems)
        if problems:
            return
        if not rows[1:] and not table.problems:
            self._report(source, [Problem("no hosts follow the header", line=rows[0].line)])
        self.named |= {column.header: column.variable for column in columns if column.unspeakable}
        for row in rows[1:]:
            self._row(source, row, columns, len(rows[0].cells))

    def finish(self) -> list[Problem]:
        """Return all problems, with those that only show after the last sheet."""
        unknown = [header for header in self.options.columns if self.headers and fold(str(header)) not in self.headers]
        there = "" if self.secret else f"; there are {', '.join(map(show, self.headers.values()))}"
        self.problems += [Problem(f"columns names {show(str(name))}, which no header has{there}") for name in unknown]
        for host in self.hosts:
            if host.name.lower() in self.groups or host.name in ("all", "ungrouped"):
                text = f"{HOST} is {show(host.name)}, which is the name of a group: give the host another one"
                self._report(host.source, [Problem(text, line=host.line)])
        return self.problems

    def _report(self, source: str, problems: Iterable[Problem]) -> None:
        self.problems += [Problem(problem.text, source, problem.line, problem.column) for problem in problems]

    def _title(self, rows: list[Row]) -> str:
        """Return what to do where titles stand above the header, "" if the header is not found further down."""
        for row in rows[1:_TITLE_LINES]:
            if not read_header(row, self.options.columns)[1]:
                return f"this is not a header, but line {row.line} looks like one: delete the lines above it"
        return ""

    def _row(self, source: str, row: Row, columns: list[Column], width: int) -> None:
        problems = [Problem(text) for text in _widths(row, columns, width)]
        if not problems:
            cells = [(column, clean(row.cells[column.index])) for column in columns if column.variable]
            given = {column.variable: (column, text) for column, text in cells if text}
            values, problems = self._values(given)
            name = values.pop(HOST, None)
            if HOST not in given:
                header = next(column.header for column in columns if column.variable == HOST)
                problems.append(Problem(f"{HOST} is empty: give each host a name of its own", column=header))
            if name:
                problems += self._taken(f"{source}, line {row.line}", {HOST: name, **values}, given)
                self.hosts.append(Host(name, source, row.line, values))
        self._report(source, [Problem(problem.text, "", row.line, problem.column) for problem in problems])

    def _values(self, given: Mapping[str, tuple[Column, str]]) -> tuple[dict[str, Any], list[Problem]]:
        values: dict[str, Any] = {}
        problems = []
        for variable, (column, text) in given.items():
            try:
                values[variable] = self.parse[variable](text) if variable in self.parse else text
            except ValueError as error:
                problems.append(Problem(f"{variable} is {show(text)}: {error}", column=column.header))
        # Of a whole site these cells are the same, and looking at them is most of the work.
        key = tuple((name, given[name][1]) for name in _CHECKED if name in given)
        if key not in self.checked:
            self.checked[key] = _refused(values, self.catalogue)
        for text in self.checked[key]:
            problems.append(Problem(text, column=given[text.split(" ", 1)[0]][0].header))
        return values, problems

    def _taken(
        self, place: str, values: Mapping[str, Any], given: Mapping[str, tuple[Column, str]]
    ) -> Iterator[Problem]:
        """Yield what an earlier row has taken: the name, the address, or a group that two sites would share."""
        name, address = values[HOST], values.get(ADDRESS)
        merged = {**self.defaults, **values}
        first = self.seen.setdefault((HOST, name.lower()), place)
        if first != place:
            text = f"{HOST} is {show(name)}, as in {first}: give each host a name of its own"
            yield Problem(text, column=given[HOST][0].header)
        if address:
            site = str(merged.get("site", "")) if self.options.unique_per_site else ""
            first = self.seen.setdefault((ADDRESS, site, address, str(merged.get("ansible_port", 22))), place)
            if first != place:
                text = f"{ADDRESS} is {show(address)}, as in {first}: {self._address_hint()}"
                yield Problem(text, column=given[ADDRESS][0].header)
        for variable, text in self._shared_groups(place, merged):
            yield Problem(text, column=given[variable][0].header if variable in given else None)

    def _address_hint(self) -> str:
        if self.options.unique_per_site:
            return "a site can have it once"
        return "correct one of them; where several sites use the same addresses, set unique_addresses: site"

    def _shared_groups(self, place: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for variable, prefix in self.options.prefixes.items():
            value = str(values.get(variable, ""))
            if not value:
                continue
            group = group_name(prefix, value)
            if group.lower().startswith(_OWN_GROUPS):
                yield variable, f"{variable} is {show(value)}, whose group {group} is reserved for the playbooks"
                continue
            used, first = self.groups.setdefault(group.lower(), (f"{variable} {value}", place))
            if used != f"{variable} {value}":
                yield (
                    variable,
                    f"{variable} is {show(value)}, whose group {group} would be that of {used} in {first}: write the "
                    "same in the same way, and different ones so that they differ in letters or digits",
                )


def _widths(row: Row, columns: list[Column], width: int) -> list[str]:
    """Return what is wrong with the number of cells; spreadsheets may add empty ones."""
    count = len(row.cells)
    named = {column.index for column in columns}
    if count < width:
        return [
            f"the line has {count} cells, but the header has {width}: add the missing ones, also if empty; a line "
            "break inside a cell needs quotes around the cell"
        ]
    beyond = [index for index in range(count) if index not in named and clean(row.cells[index])]
    if not beyond:
        return []
    if count > width:
        return [
            f"the line has {count} cells, but the header has {width}: put quotes around a cell that holds the "
            "delimiter, or delete what is too much"
        ]
    return [f"cell {beyond[0] + 1} holds something, but the header there is empty: name the column, or empty the cell"]


def _refused(values: Mapping[str, Any], catalogue: Catalogue) -> list[str]:
    """Return what the lookup would say about these values."""
    checked = {name: values[name] for name in _CHECKED if name in values}
    if not checked:
        return []
    # The lookup cannot know where the number has lost its zero; here it is known.
    return [
        text.replace("quote it where it is set", "make the column text in the spreadsheet, then type it again")
        for text in inputs.read(checked, catalogue.addons)[1]
    ]
