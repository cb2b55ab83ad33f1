# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from fakes.modules import run_module
from fakes.packages import TOOLS


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"source": "url", "url": "ftp://a/b", "checksum": "sha256:" + "0" * 64},
            "url is 'ftp://a/b', expected the http",
        ),
        ({"source": "url", "url": "http://a/b", "checksum": "md5:1"}, "checksum is 'md5:1', expected 'sha256:'"),
        ({"source": "url"}, "url, checksum"),
        ({"source": "directory"}, "directory"),
        ({"system_tools": [TOOLS[0], TOOLS[0]]}, "system_tools lists 'socat' more than once"),
    ],
)
def test_bad_input(changes, message):
    rc, result = run_module("system_tools", changes)
    assert (rc, result["failed"]) == (1, True)
    assert message in result["msg"]
    assert (result["results"], result["failed_checks"]) == ([], ["module"])
