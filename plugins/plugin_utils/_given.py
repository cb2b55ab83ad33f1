# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files on the controller that a user names and somebody else may have put there. Private to the collection."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

# The document of 2,000 hosts has 120 MB where no two of them say the same.
LARGEST = 1_000_000_000


class TooDeep(ValueError):
    """Nobody nests lists and objects so deep."""


def located(name: str) -> Path:
    """Return the path of a name that may begin with ``~``; where no such user is, it is a name like any other."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)


def text(path: Path, most: int = LARGEST) -> str:
    """Return what is in a file.

    :raises OSError: if it cannot be read. :raises ValueError: if it is not a file, too large, or not UTF-8.
    """
    # A named pipe waits for somebody to write, and a device has no end. What is looked at is what is read.
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as handle:
        about = os.fstat(handle.fileno())
        if not stat.S_ISREG(about.st_mode):
            raise ValueError("it is a folder, a pipe or a device, expected a file")
        if about.st_size > most:
            raise ValueError(f"it has {about.st_size} bytes, expected at most {most}")
        return handle.read(most).decode("utf-8")


def read_json(raw: str | bytes) -> Any:
    """Return the value of a text of JSON.

    :raises ValueError: if it is none, also for what only Python takes for JSON: others would refuse what is made of it.
    """
    try:
        return json.loads(raw, parse_constant=_no_number, parse_float=_number, parse_int=_whole_number)
    except RecursionError:
        raise TooDeep("it is nested too deep") from None


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a number of JSON")


def _number(digits: str) -> float:
    found = float(digits)
    if found in (float("inf"), float("-inf")):
        raise ValueError(f"{digits[:40]} is a number that is too large")
    return found


def _whole_number(digits: str) -> int:
    # 64 bits, with a sign or without.
    if len(digits) > 20:
        raise ValueError(f"{digits[:40]} is a number that is too large")
    return int(digits)
