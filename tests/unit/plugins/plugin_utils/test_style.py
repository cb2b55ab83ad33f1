# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils import _style
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats import as_html

FOLDER = Path(_style.__file__).parent


PLAN = FOLDER / "_network_plan/formats/plan.css"


@pytest.mark.parametrize("css", [as_html.plain_style(), PLAN.read_text(encoding="utf-8")], ids=["report", "plan"])
def test_each_page_has_the_shared_colours_once_and_sets_none_of_them_itself(css: str) -> None:
    assert css.count(_style.PLACE) == 1
    styled = _style.styled(css)
    assert _style.PLACE not in styled
    for line in _style.COLOURS.splitlines():
        assert styled.count(f"{line.partition(':')[0]}:") == 1
