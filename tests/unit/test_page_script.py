# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the page's script names the file and the line of the part that a finding is in."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats import as_html
from sanity import page_script


def test_each_line_of_the_script_is_found_in_its_part() -> None:
    whole = as_html.whole_script().splitlines()
    begin = as_html.SCRIPT_BEGIN.count("\n")
    number = begin
    for name in as_html.SCRIPT_PARTS:
        for line, text in enumerate(as_html.asset(name).splitlines(), 1):
            number += 1
            assert whole[number - 1] == text
            assert page_script.place(number).endswith(f"formats/page/{name}:{line}")
    assert page_script.place(begin).endswith("what stands around the parts")
    assert page_script.place(number + 1).endswith("what stands around the parts")
