# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the API is, and what is never asked. How it answers is in tests/integration/awx."""

from __future__ import annotations

import http.client
import io
import itertools
import json
import time
from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report import controller
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.controller import (
    Access,
    artifacts,
    base_url,
    number,
)
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


@pytest.mark.parametrize(
    "url", ["https://[::1", "https://awx:99999", "https://awx:x", "https://a b", "https://awx/\x01", "https://awx\nx"]
)
def test_what_nobody_can_ask_is_no_url(url: str) -> None:
    with pytest.raises(MergeError, match=r"controller_url is .* expected such as https://awx\.example\.com"):
        base_url(url)


@pytest.mark.parametrize("url", ["https://admin:s3cret@awx", "https://awx/?token=s3cret", "http://u:s3cret@awx"])
def test_no_secret_of_a_url_is_said(url: str) -> None:
    with pytest.raises(MergeError) as told:
        base_url(url)
    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize("token", ["s3cret\nX: y", "s3cret x", "s3cret\u4e13", "s3cret\x00"])
def test_a_token_that_cannot_be_sent_is_not_said(token: str) -> None:
    with pytest.raises(MergeError, match=r"controller_token \(or CONTROLLER_OAUTH_TOKEN\) has blanks") as told:
        artifacts(Access("http://localhost:1", token), ["1"])
    assert "s3cret" not in str(told.value)


class Api:
    """In place of open_url: answers what it is told to, and keeps the headers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
        self.answer, self.headers = answer, {}
        monkeypatch.setattr(controller, "open_url", self)

    def __call__(self, url: str, headers: dict[str, str], **_named: Any) -> Any:
        self.headers = headers
        found = self.answer(url)
        if isinstance(found, Exception):
            raise found
        return io.BytesIO(found) if isinstance(found, bytes) else found


def test_a_line_end_behind_a_token_is_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(monkeypatch, lambda _url: b'{"results": []}')
    assert artifacts(Access("http://localhost:1", "s3cret\r\n"), ["1"]) == ({}, [])
    assert api.headers["Authorization"] == "Bearer s3cret"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (http.client.BadStatusLine("\x1b]0;x\x07"), "cannot be asked"),
        (b'{"results": NaN}', "NaN is not a number of JSON"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_what_is_no_answer(monkeypatch: pytest.MonkeyPatch, answer: Any, said: str) -> None:
    Api(monkeypatch, lambda _url: answer)
    with pytest.raises(MergeError, match=said) as told:
        artifacts(Access("http://localhost:1"), ["1"])
    assert str(told.value).isprintable()


def test_workflows_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = itertools.count(2)
    Api(
        monkeypatch,
        lambda _url: json.dumps(
            {"results": [{"related": {"job": f"/api/v2/workflow_jobs/{next(numbers)}/"}}]}
        ).encode(),
    )
    with pytest.raises(MergeError, match="names more than 1000 workflow jobs"):
        artifacts(Access("http://localhost:1"), ["1"])


def test_an_answer_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.BytesIO):
        def read1(self, _size: int | None = -1) -> bytes:
            return b" "

    moments = itertools.count(0, 50)
    monkeypatch.setattr(time, "monotonic", lambda: next(moments))
    Api(monkeypatch, lambda _url: Endless())
    with pytest.raises(MergeError, match="the answer took more than 120 seconds"):
        artifacts(Access("http://localhost:1"), ["1"])
