# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection with some of its modules replaced by actions that ask no node: for what is made of their answers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# An action that answers for a node what the variable "answers" has.
ANSWER = Path(__file__).with_name("answer.py")


def collection(directory: Path, action: Path, names: Iterable[str]) -> Path:
    """Make a collection path in a directory, where these names are the action of a file; all else is this checkout."""
    root = directory / "collections" / "ansible_collections" / "ack_edge" / "node"
    (root / "plugins" / "action").mkdir(parents=True)
    for item in (ROOT / "plugins").iterdir():
        if item.name not in ("action", "modules"):
            (root / "plugins" / item.name).symlink_to(item)
    for name in ("galaxy.yml", "meta", "playbooks", "roles"):
        (root / name).symlink_to(ROOT / name)
    for name in names:
        (root / "plugins" / "action" / f"{name}.py").symlink_to(action)
    for item in (ROOT / "plugins" / "action").glob("assert_*.py"):
        if item.stem not in names:
            (root / "plugins" / "action" / item.name).symlink_to(item)
    return directory / "collections"
