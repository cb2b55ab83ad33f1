# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of variables are those of the argument specs, and every role says the same in all its places."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.plugin_utils import _variables
from generated_docs import files, markup

ROLES = sorted((files.ROOT / "roles").iterdir())


def test_all_are_current() -> None:
    assert [str(path.relative_to(files.ROOT)) for path, _text in files.outdated()] == [], "run 'make reference'"


def test_every_variable_is_in_the_reference() -> None:
    text = files.VARIABLES.read_text()
    assert [name for name in sorted(_variables.KNOWN) if f"| `{name}` |" not in text] == []


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_says_what_it_does(role: Path) -> None:
    said = files.role(role / "meta/argument_specs.yml")["short_description"]
    about = yaml.safe_load((role / "meta/main.yml").read_text())["galaxy_info"]
    assert about["description"] == said
    page = (role / "README.md").read_text()
    assert f"# Role ack_edge.node.{role.name}\n\n{said}" in page
    assert [
        part for part in ("## Variables", "## Result", "## Example", "## License") if f"\n{part}\n" not in page
    ] == []
    assert f"name: ack_edge.node.{role.name}\n" in page


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_the_defaults_of_the_table_are_those_of_the_role(role: Path) -> None:
    defaults = yaml.safe_load((role / "defaults/main.yml").read_text())
    options = files.role(role / "meta/argument_specs.yml")["options"]
    assert list(defaults) == list(options)
    # A template takes what the requirements of the host say, and has the default of the table behind it.
    plain = {name: value for name, value in defaults.items() if "{{" not in str(value)}
    assert plain == {name: options[name]["default"] for name in plain}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("Takes V(auto), C(a|b) or O(main#zone).", r"Takes `auto`, `a\|b` or `zone`."),
        (
            "As P(ack_edge.node.region#lookup) and M(ack_edge.node.inbound_ports) do",
            "As `ack_edge.node.region` and `ack_edge.node.inbound_ports` do",
        ),
        (
            "C(a\\)b) with I(one) B(two), see L(there,https://example.org) <x>",
            "`a)b` with *one* **two**, see [there](https://example.org) &lt;x>",
        ),
        ('Empty (V("") or V(null))', 'Empty (`""` or `null`)'),
        ("IPV(4) is no markup\nover lines", "IPV(4) is no markup over lines"),
    ],
)
def test_markup(given: str, wanted: str) -> None:
    assert markup.markdown(given) == wanted


def test_table() -> None:
    options = {
        "a": {"type": "list", "elements": "dict", "default": [], "description": ["One.", "Two."]},
        "b": {"choices": ["", "x"], "default": "", "description": "Mode."},
        "c": {"type": "bool", "required": True, "description": "Whether."},
        "d": {"type": "raw", "description": "Anything."},
    }
    assert markup.table(options).splitlines()[2:] == [
        "| `a` | list of dict | `[]` | One. Two. |",
        '| `b` | str | `""` | Mode. One of `""`, `x`. |',
        "| `c` | bool | required | Whether. |",
        "| `d` | raw |  | Anything. |",
    ]


@pytest.mark.parametrize("page", ["nothing", f"{files.BEGIN}\n{files.BEGIN}", files.END])
def test_a_page_without_a_place_is_an_error(page: str) -> None:
    with pytest.raises(ValueError, match="write both lines once"):
        files.with_table(page, "| a |")
