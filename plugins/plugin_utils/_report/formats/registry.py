# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats that a document can be written in. Private to the collection.

A new format is a file beside this one, and its line in FORMATS: the option ``formats`` takes its name from here.
docs/architecture.md says where it is described.
"""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats import as_csv, as_html, as_junit, as_limit
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.base import Format

FORMATS: tuple[Format, ...] = (as_html.FORMAT, as_junit.FORMAT, as_csv.FORMAT, as_limit.FORMAT)
BY_NAME = {form.name: form for form in FORMATS}
