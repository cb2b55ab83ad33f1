# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options as ansible-doc has them, as a table in Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

_CODE = re.compile(r"\b(?:C|E|M|O|P|RV|V)\(((?:[^()\\]|\\.|\([^()]*\))*)\)")
_LINK = re.compile(r"\bL\(([^,()]+),\s*([^()]+)\)")
_ITALIC = re.compile(r"\bI\(([^()]*)\)")
_BOLD = re.compile(r"\bB\(([^()]*)\)")
_URL = re.compile(r"\bU\(([^()]*)\)")
# P(ack_edge.node.region#lookup) and O(main#system_tools_url): what kind it is, or of which entry point.
_KIND = re.compile(r"#(?:lookup|inventory|callback|filter|module|role|action)\Z")
# A backslash of the markup; one before a bar is Markdown's.
_ESCAPED = re.compile(r"\\([^|])")
_ENTRY_POINT = re.compile(r"\A[a-z_]+#")


def markdown(text: str) -> str:
    """Return a description with Ansible's markup as Markdown, fit for a cell of a table."""
    text = " ".join(text.split()).replace("|", r"\|").replace("<", "&lt;")
    text = _CODE.sub(lambda found: f"`{_name(found[1])}`", text)
    text = _LINK.sub(r"[\1](\2)", text)
    text = _URL.sub(r"<\1>", text)
    text = _ITALIC.sub(r"*\1*", text)
    return _BOLD.sub(r"**\1**", text)


def description(given: str | Iterable[str]) -> str:
    """Return the sentences of one option as one text."""
    return " ".join(markdown(line) for line in ([given] if isinstance(given, str) else given))


def table(options: Mapping[str, Mapping[str, Any]], defaults: Mapping[str, str] | None = None) -> str:
    """Return options as a table.

    :arg defaults: what stands in the column of defaults in place of the default of an option.
    """
    rows = ["| variable | type | default | what it is |", "| --- | --- | --- | --- |"]
    for name, option in options.items():
        default = (defaults or {}).get(name, _default(option))
        rows.append(
            f"| `{name}` | {_type(option)} | {default} | {description(option['description'])}{_choices(option)} |"
        )
    return "\n".join(rows)


def _name(text: str) -> str:
    text = _ENTRY_POINT.sub("", _KIND.sub("", _ESCAPED.sub(r"\1", text)))
    return text if text.strip() else '""'


def _type(option: Mapping[str, Any]) -> str:
    kind = option.get("type", "str")
    return f"list of {option['elements']}" if kind == "list" and "elements" in option else str(kind)


def _default(option: Mapping[str, Any]) -> str:
    if option.get("required"):
        return "required"
    if "default" not in option:
        return ""
    return f"`{json.dumps(option['default'])}`" if option["default"] != "" else '`""`'


def _choices(option: Mapping[str, Any]) -> str:
    if "choices" not in option:
        return ""
    named = ", ".join(f"`{choice}`" if choice != "" else '`""`' for choice in option["choices"])
    return f" One of {named}."
