# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that somebody else may have put where a user points to, and JSON that only Python takes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._given import located, read_json, text
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.files import is_as, replace


def test_the_text_of_a_file_and_of_a_link_to_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("专线\n")
    (tmp_path / "b").symlink_to("a")
    assert text(tmp_path / "a") == text(tmp_path / "b") == "专线\n"


@pytest.mark.parametrize("kind", ["pipe", "device", "large", "latin"])
def test_what_is_no_text_of_a_file_is_said_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "given"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.write_bytes(b"\xff" * (11 if kind == "large" else 9))
    with pytest.raises(ValueError, match=r"pipe or a device, expected a file|11 bytes, expected at most 10|codec"):
        text(path, 10)


@pytest.mark.parametrize("name", [".", "nothing"])
def test_a_folder_and_nothing_are_errors_of_the_system(tmp_path: Path, name: str) -> None:
    with pytest.raises(OSError, match=r"directory"):
        text(tmp_path / name)


@pytest.mark.parametrize("raw", ["NaN", "[Infinity]", "1e999", "[-1e999]", "9" * 21, "[" * 100_000, "", "{"])
def test_what_only_python_takes_for_json_is_none(raw: str) -> None:
    with pytest.raises(ValueError, match=r"number|nested too deep|Expecting"):
        read_json(raw)


def test_a_home_that_is_not_there_is_a_name() -> None:
    assert located("~/x").is_absolute()
    assert located("~nobody-of-this-name/x") == Path("~nobody-of-this-name/x")


def test_numbers_of_json() -> None:
    assert read_json("[1.5, -9223372036854775808, 18446744073709551615]") == [1.5, -(2**63), 2**64 - 1]


@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_what_is_no_file_is_neither_read_nor_replaced(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "fleet.json"
    os.mkfifo(path) if kind == "pipe" else path.mkdir()
    assert not is_as(path, "x")
    for wanted in ("x", None):
        with pytest.raises(OSError, match="it is a folder, a pipe or a device"):
            replace(path, wanted)
    assert [item.name for item in tmp_path.iterdir()] == ["fleet.json"]


def test_a_link_is_replaced_and_not_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("kept")
    (tmp_path / "fleet.json").symlink_to("theirs")
    replace(tmp_path / "fleet.json", "x")
    assert (tmp_path / "theirs").read_text() == "kept"
    assert (tmp_path / "fleet.json").read_text() == "x"
