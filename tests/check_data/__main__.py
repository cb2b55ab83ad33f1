# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare saved copies of the vendor's pages with vars/; see docs/check_data.md.

Exit status: 0 nothing differs, 1 something does, 2 a page cannot be read or has none of the tables. Nothing is fetched.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import yaml

from check_data.compare import Difference, Page, compare
from check_data.facts import KINDS, of_page, of_vars
from check_data.page import Unreadable, tables

VARS = Path(__file__).resolve().parents[2] / "vars"
# Sources whose pages have all the tables and all the rows between them; their addresses are in vars/sources.yml.
PAGES = ("ack-leased-en", "ack-public-en", "oss-zh")
FILES = ("regions.yml", "endpoints.yml", "inbound_ports.yml", "system_tools.yml")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="check_data", description=__doc__)
    parser.add_argument("pages", nargs="*", type=Path, metavar="PAGE", help="saved page, HTML or text")
    parser.add_argument("--urls", action="store_true", help="print 'tag address' of the pages to save, and end")
    parser.add_argument("--complete", action="store_true", help="kinds of rows that no page has are differences, too")
    given = parser.parse_args(arguments)
    if given.urls:
        sources = yaml.safe_load((VARS / "sources.yml").read_text(encoding="utf-8"))["sources"]
        print("\n".join(f"{tag} {sources[tag]['url']}" for tag in PAGES))
        return 0
    if not given.pages:
        print("no page given: make check-data PAGE=file", file=sys.stderr)
        return 2
    data = {}
    for name in FILES:
        data.update(yaml.safe_load((VARS / name).read_text(encoding="utf-8")))
    pages = []
    for path in given.pages:
        try:
            found, whole = tables(path)
        except Unreadable as error:
            print(error, file=sys.stderr)
            return 2
        pages.append(Page(path.name, of_page(found), whole))
    return _report(data, pages, given.complete)


def _report(data: dict[str, object], pages: list[Page], complete: bool) -> int:
    ours = of_vars(data)
    differences = compare(data, pages)
    absent = [kind for kind in KINDS if not any(kind in page.facts.rows for page in pages)]
    if len(absent) == len(KINDS):
        names = ", ".join(page.name for page in pages)
        print(f"{names}: no table of the vendor is known in it; is it one of the pages of --urls?", file=sys.stderr)
        return 2
    if complete:
        differences += [Difference("gone", kind, "no page has such a table") for kind in absent]
    for difference in differences:
        print(f"{difference.what:8}{difference.about}: {difference.detail}")
    for kind in KINDS:
        rows = {about for page in pages for about in page.facts.rows.get(kind, {})}
        lost = {
            about for page in pages for about in page.facts.lost.get(kind, set()) if about in ours.rows[kind]
        } - rows
        note = f", {len(lost)} more with an empty cell ({', '.join(sorted(lost))})" if lost else ""
        print(f"looked at {kind}: {len(rows)} rows of the pages, {len(ours.rows[kind])} of vars/{note}")
    print(f"{len(differences)} difference{'' if len(differences) == 1 else 's'}")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
