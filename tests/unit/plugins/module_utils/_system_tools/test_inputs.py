# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import inputs

CHECKSUM = "sha256:" + "0" * 64
PARAMS = {"system_tools": [], "source": "url", "checksum": CHECKSUM}


@pytest.mark.parametrize(
    "url",
    [
        "http://svc:12345#Zx9q7@host/a",
        "http://svc:Zx9q7#@host/a",
        "http://svc:Zx@9q7@host/a",
        "http://svc:Zx/9q7@host/a",
        "http://svc:Zx?9q7@host/a",
        "http://svc:Zx 9q7@host/a",
        "http://host/a b.tar",
        "http://host:port/a.tar",
        "http://host/a.tar\n",
    ],
)
def test_what_must_be_percent_encoded_is_refused_with_how(url):
    (found,) = inputs.problems({**PARAMS, "url": url})
    assert "percent-encoded: '#' is %23, '/' is %2F" in found
    assert not [word for word in ("Zx", "9q7", "12345") if word in found]


@pytest.mark.parametrize(
    "url",
    ["https://svc:a%40b%23@host:8443/x/a.tar", "http://[fd00::1]:80/a@2.tar", "http://[::1]/a", "http://h/a?b=c@d"],
)
def test_addresses_that_are_right(url):
    assert inputs.problems({**PARAMS, "url": url}) == []
