# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx configuration of the documentation site; tests/docs_site/build.sh arranges its sources."""

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

project = "ack_edge.node"
copyright = "The ack_edge.node authors, GPL-3.0-or-later"
extensions = ["myst_parser", "sphinx_antsibull_ext"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
html_theme = "furo"
html_title = "ack_edge.node"
html_copy_source = False
html_show_sourcelink = False
# Pages link to headings as GitHub names them, and the deepest that is linked is of the third level.
myst_heading_anchors = 3
# Blocks that show a device's configuration, a terminal or a tree of files are text.
highlight_language = "text"
# Reference pages link to the documentation of ansible-core, which no network of the build is asked for.
suppress_warnings = ["ref.ref", "toc.not_included"]


class Nothing(Directive):
    """A directive that shows nothing."""

    option_spec: ClassVar = {"local": directives.flag, "depth": directives.nonnegative_int}

    def run(self) -> list[nodes.Node]:
        return []


def setup(app: Sphinx) -> None:
    """Show the picture of the architecture, a block that GitHub draws, as text, and no contents twice."""
    app.add_lexer("mermaid", TextLexer)
    # The theme has those of a page beside it.
    app.add_directive("contents", Nothing, override=True)
