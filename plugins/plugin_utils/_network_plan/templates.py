# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A site's own format: a Jinja template that gets the plan. Private to the collection.

Rendered in a sandbox, for it gets texts that hosts sent, and templates are copied from one site to another.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Iterable
from pathlib import Path

import jinja2
import jinja2.sandbox
from ansible_collections.ack_edge.node.plugins.plugin_utils._given import located, text
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import PlanError
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan

_LARGEST = 1_000_000
_FILE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*\Z")


class Template:
    """One template; ``file`` is the name of what it renders."""

    def __init__(self, path: Path, file: str, template: jinja2.Template) -> None:
        self.path, self.file, self._template = path, file, template

    def text(self, plan: Plan) -> str:
        """Return the rendered text.

        :raises PlanError: if the template fails; the text names its line.
        """
        try:
            return self._template.render(plan=copy.deepcopy(plan))
        # A template calls what it likes: whatever goes wrong in there is a mistake in it.
        except Exception as error:
            raise PlanError([f"template {self.path} cannot be rendered{_line(error, self.path)}: {error}"]) from error


def load(paths: Iterable[str], taken: Collection[str]) -> list[Template]:
    """Return the templates.

    :arg taken: names of files that the plan has without them.
    :raises PlanError: with all that is wrong with them.
    """
    problems: list[str] = []
    templates: dict[str, Template] = {}
    for name in paths:
        path = located(name)
        file = path.name.removesuffix(".j2")
        if not _FILE.match(file) or file in taken or file in templates:
            problems.append(
                f"templates has {name!r}, which would be the file {file!r} of the plan: give it a name of letters, "
                "digits, dots and hyphens that no other file of the plan has"
            )
            continue
        try:
            templates[file] = Template(path, file, _environment(file).from_string(text(path, _LARGEST)))
        except (OSError, ValueError) as error:
            problems.append(f"templates has {name!r}, which cannot be read: {error}")
        except jinja2.TemplateSyntaxError as error:
            problems.append(f"templates has {name!r}, which is not a valid template, line {error.lineno}: {error}")
    if problems:
        raise PlanError(problems)
    return list(templates.values())


def _environment(file: str) -> jinja2.Environment:
    return jinja2.sandbox.ImmutableSandboxedEnvironment(
        autoescape=file.endswith((".html", ".htm", ".xml", ".svg")),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _line(error: BaseException, path: Path) -> str:
    """Return where in the template it happened, "" if that cannot be seen."""
    found, trace = "", error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            found = f", line {trace.tb_lineno}"
        trace = trace.tb_next
    return found
