# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils import _style

FOLDER = Path(_style.__file__).parent


@pytest.mark.parametrize("name", ["_report/formats/page.css", "_network_plan/formats/plan.css"])
def test_each_page_has_the_shared_colours_once_and_sets_none_of_them_itself(name: str) -> None:
    css = (FOLDER / name).read_text(encoding="utf-8")
    assert css.count(_style.PLACE) == 1
    styled = _style.styled(css)
    assert _style.PLACE not in styled
    for line in _style.COLOURS.splitlines():
        assert styled.count(f"{line.partition(':')[0]}:") == 1
