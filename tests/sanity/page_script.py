#!/usr/bin/env python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the script of the fleet report with oxlint: as the one text that a browser gets, for its parts share names.

What is found is said with the file and the line of its part.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".collections"))

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats import as_html  # noqa: E402

RULES = {
    "plugins": ["oxc"],
    "env": {"browser": True, "es2024": True},
    "categories": {"correctness": "error", "suspicious": "error"},
    "rules": {
        **dict.fromkeys(
            ("no-undef", "no-unused-vars", "no-shadow", "no-redeclare", "no-var", "prefer-const", "eqeqeq", "no-eval",
             "no-console"),
            "error",
        ),
        "complexity": ["error", 10],
        # To make such signs visible is what clean() is for.
        "no-control-regex": "off",
        "no-misleading-character-class": "off",
    },
}  # fmt: skip
FOLDER = Path(as_html.__file__).resolve().parent.relative_to(ROOT) / "page"


def place(line: int) -> str:
    """Return the part and the line in it for a line of the whole script, both counted from 1."""
    line -= as_html.SCRIPT_BEGIN.count("\n")
    for name in as_html.SCRIPT_PARTS:
        length = as_html.asset(name).count("\n")
        if 1 <= line <= length:
            return f"{FOLDER / name}:{line}"
        line -= length
    return f"{FOLDER.parent / 'as_html.py'}: what stands around the parts"


def findings() -> list[str]:
    """Return a line for each finding.

    :raises RuntimeError: if oxlint says something that is not a list of findings, or looked at no file.
    """
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, "page.js").write_text(as_html.whole_script(), encoding="utf-8")
        Path(directory, "rules.json").write_text(json.dumps(RULES), encoding="utf-8")
        command = ["oxlint", "--config", "rules.json", "--format", "json", "page.js"]
        done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    try:
        said = json.loads(done.stdout)
    except ValueError:
        said = {}
    if said.get("number_of_files") != 1:
        raise RuntimeError(f"oxlint did not check the script: {done.stdout}{done.stderr}")
    return [_line(item) for item in said["diagnostics"]]


def _line(item: dict[str, Any]) -> str:
    span = item["labels"][0]["span"] if item["labels"] else {"line": 0}
    return f"{place(span['line'])}: {item['message']} [{item.get('code', 'syntax')}]"


if __name__ == "__main__":
    found = findings()
    print("\n".join(found), file=sys.stderr)
    sys.exit(bool(found))
