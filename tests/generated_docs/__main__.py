# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the generated parts of the documentation: make reference."""

from __future__ import annotations

from generated_docs.files import ROOT, outdated

for path, text in outdated():
    path.write_text(text, encoding="utf-8")
    print(f"wrote {path.relative_to(ROOT)}")
