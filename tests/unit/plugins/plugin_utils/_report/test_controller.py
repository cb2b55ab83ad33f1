# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the API is, and what is never asked. How it answers is in tests/integration/awx."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.controller import base_url, number
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.shape import MergeError


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://awx.example.com", "https://awx.example.com/api/v2/"),
        ("https://awx.example.com/", "https://awx.example.com/api/v2/"),
        (" https://awx.example.com:8443/api/v2/ ", "https://awx.example.com:8443/api/v2/"),
        ("https://aap.example.com/api/controller", "https://aap.example.com/api/controller/v2/"),
        ("http://127.0.0.1:8013", "http://127.0.0.1:8013/api/v2/"),
        ("http://localhost", "http://localhost/api/v2/"),
        ("http://[::1]:80", "http://[::1]:80/api/v2/"),
    ],
)
def test_the_url_of_the_api(url: str, base: str) -> None:
    assert base_url(url) == base


@pytest.mark.parametrize("url", ["awx.example.com", "ftp://awx", "https://", "https://u:p@awx", "https://awx?x=1", ""])
def test_what_is_no_url(url: str) -> None:
    with pytest.raises(MergeError, match=r"controller_url is .* expected such as https://awx\.example\.com"):
        base_url(url)


@pytest.mark.parametrize("url", ["http://awx.example.com", "http://10.0.0.1"])
def test_a_token_is_not_sent_as_plain_text(url: str) -> None:
    with pytest.raises(MergeError, match="which would send the token unencrypted; expected https://"):
        base_url(url)


@pytest.mark.parametrize("value", ["x", "-1", "0", "1/../2", "1\n", True, 1.5, ""])
def test_what_is_no_number_of_a_job(value: object) -> None:
    with pytest.raises(MergeError, match="expected the number of a workflow job"):
        number(value)


def test_numbers() -> None:
    assert (number(7), number("70")) == ("7", "70")
