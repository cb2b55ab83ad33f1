# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils import _secrets, _verdict
from ansible_collections.ack_edge.node.plugins.module_utils._errors import NodeError

PASSWORDS = ["Zx9q7", "12345#Zx9q7", "Zx@9q7", "12/Zx9q7", "Zx:9q7", "Zx%409q7", "Z?x=9&q7", "Z'x\"9", "пароль"]


@pytest.mark.parametrize("password", PASSWORDS)
@pytest.mark.parametrize(
    "text",
    [
        "http://svc:{}@proxy.site.example:3128",
        "apt: https://svc:{}@repo.site.example/deb/ Packages",
        "'ftp://svc:{}@h'",
    ],
)
def test_no_password_is_seen(password, text):
    assert _secrets.mask(text.format(password)) == text.format("***")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ghp_0123@host/x", "https://***@host/x"),
        ("https://u:a@one,https://u:b@two", "https://u:***@one,https://u:***@two"),
        ("https://u@corp.example:pw@host", "https://***@corp.example:***@host"),
        ("https://:pw@host", "https://:***@host"),
        ("https://host/a.tar?token=abc&x=1", "https://host/a.tar?token=***&x=1"),
        ("https://host/a?Expires=1&OSSAccessKeyId=a&Signature=b%2F", "https://host/a?Expires=1&OSSAccessKeyId=***&Signature=***"),
        ("see https://host/a and mail root@site", "see https://host/a and mail root@site"),
        ("https://host/@scope/package", "https://host/@scope/package"),
        ("http://[fd00::1]:8080/a@b", "http://[fd00::1]:8080/a@b"),
        ("user:pw@host without a scheme", "user:pw@host without a scheme"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_shown(text, shown):
    assert _secrets.mask(text) == shown
    assert _secrets.mask(shown) == shown


def test_a_whole_url_may_have_blanks_in_its_password():
    assert _secrets.mask_url("https://svc:my pass/word@host/a.tar") == "https://svc:***@host/a.tar"
    assert _secrets.masked({"url": "https://svc:my pass@host"}) == {"url": "https://svc:***@host"}


def test_every_text_of_a_value_is_masked():
    value = {"a": ["http://u:p@h", ("http://u:p@h", 1, None, True)], "b": {"c": "plain"}}
    assert _secrets.masked(value) == {"a": ["http://u:***@h", ("http://u:***@h", 1, None, True)], "b": {"c": "plain"}}


@pytest.mark.parametrize(
    "text",
    [
        "://" * 40000,
        "://a:" + "b@" * 60000,
        "://?" + "a" * 120000,
        "?" * 120000 + "://",
        "://" + "&token" * 20000,
        "://a:" * 25000,
    ],
)
def test_a_hostile_text_takes_no_time(text):
    start = time.process_time()
    _secrets.mask(text)
    assert time.process_time() - start < 5


def test_verdicts_failures_and_errors_are_masked():
    url = "http://svc:Zx9q7@h"
    one = _verdict.verdict(url, _verdict.FAIL, url, url, f"curl {url}", sources=[url])
    result = _verdict.failure(f"no way to {url}", [one])
    assert "Zx9q7" not in repr(result) + str(NodeError(f"{url} is gone")) + repr(_verdict.report([one]))
    assert result["msg"] == "no way to http://svc:***@h"
