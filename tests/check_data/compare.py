# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which published rows differ from vars/, which are new, which are gone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from check_data import facts
from check_data.facts import (
    INBOUND,
    KINDS,
    OPEN,
    OSS_HOSTS,
    OSS_RANGES,
    OUTBOUND_HOSTS,
    OUTBOUND_PORTS,
    REGISTRY,
    Facts,
)


class Page(NamedTuple):
    """What one file publishes, and whether the file has all cells of its tables (HTML) or may have lost some (text)."""

    name: str
    facts: Facts
    whole: bool


class Difference(NamedTuple):
    """``what`` is differs, new, gone or empty; the other two say where and which values."""

    what: str
    about: str
    detail: str


def compare(data: dict[str, Any], pages: Iterable[Page]) -> list[Difference]:
    """Return the differences between the pages and vars/, by kind and in the order of their names."""
    pages = list(pages)
    ours = facts.of_vars(data)
    found: list[Difference] = []
    for kind in KINDS:
        published = [page for page in pages if kind in page.facts.rows or kind in page.facts.lost]
        if published:
            found += _kind(kind, ours, published, data)
    return found


def _kind(kind: str, ours: Facts, pages: list[Page], data: dict[str, Any]) -> list[Difference]:
    have = ours.rows[kind]
    seen: set[str] = set()
    found: list[Difference] = []
    for page in pages:
        for about, values in sorted(page.facts.rows.get(kind, {}).items()):
            seen.add(about)
            found += _row(kind, about, values, have.get(about), data, page.name)
        for about in sorted(page.facts.lost.get(kind, set()) - set(page.facts.rows.get(kind, {}))):
            seen.add(about)
            # A text copy may have lost the cell; that the row is new is a difference all the same.
            if have.get(about) is None and kind in (REGISTRY, OSS_RANGES):
                found.append(Difference("new", f"{kind}, {about}", f"{page.name} has the row, without a value"))
            elif page.whole and have.get(about):
                found.append(Difference("empty", f"{kind}, {about}", f"{page.name} has the row, without a value"))
    for about in sorted(set(have) - seen):
        if _expected(kind, about, pages, data):
            names = ", ".join(page.name for page in pages)
            found.append(
                Difference("gone", f"{kind}, {about}", f"vars/ has {_list(have[about])}, {names} has no such row")
            )
    return found


def _row(
    kind: str, about: str, values: set[str], have: set[str] | None, data: dict[str, Any], name: str
) -> list[Difference]:
    if have is None:
        return [Difference("new", f"{kind}, {about}", f"{name} has {_list(values)}, vars/ has no such row")]
    more, less = values - have, have - values
    if kind == OUTBOUND_HOSTS:
        less &= _shown(about, values, data)
    if not (more or less):
        return []
    parts = [f"only {name}: {_list(more)}"] if more else []
    parts += [f"only vars/: {_list(less)}"] if less else []
    return [Difference("differs", f"{kind}, {about}", "; ".join(parts))]


def _shown(about: str, values: set[str], data: dict[str, Any]) -> set[str]:
    """Return the hosts that a row should show: a page for one access mode has no column for the other one."""
    if about == "ntp":
        return set(data["ntp"]["servers"])
    shown: set[str] = set()
    for entry in data["endpoints"]:
        if about in (entry["id"], entry["id"].split("_")[0]):
            for mode, hosts in facts.modes(entry).items():
                # Names that are inferred, and those of single regions, need not be there.
                derived = entry[mode]["confidence"] == "derived"
                if hosts & values and not derived:
                    shown |= {host["host"] for host in entry[mode]["hosts"] if "host" in host}
    return shown


def _expected(kind: str, about: str, pages: list[Page], data: dict[str, Any]) -> bool:
    """Tell whether a page that has a table of this kind should have this row of vars/."""
    if kind in (OSS_HOSTS, OSS_RANGES):
        # Pages of OSS list more regions than the OSS table of ACK Edge does.
        only_ack = all(REGISTRY in {*page.facts.rows, *page.facts.lost} for page in pages)
        return not only_ack or about not in _not_on_ack_page(data)
    if kind in (OUTBOUND_HOSTS, OUTBOUND_PORTS):
        # What only one access mode has is on the page of that mode.
        entries = [entry for entry in data["endpoints"] if about in (entry["id"], entry["id"].split("_")[0])]
        return all("internet" in entry and "leased_line" in entry for entry in entries)
    return kind in (REGISTRY, INBOUND)


def _not_on_ack_page(data: dict[str, Any]) -> set[str]:
    return {
        f"{identity['id']} ({region})"
        for region, row in data["regions"].items()
        for identity in row["oss"]
        if identity.get("ack_page") is False
    }


def _list(values: Iterable[str]) -> str:
    return ", ".join(sorted(values)).replace(OPEN, "it") or "nothing"
