# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A release of the collection: make release (docs/releases.md).

``steps``      what is done in a clone of the checkout, in order, and what is refused before
``sbom``       what the release consists of, as CycloneDX
``__main__``   the command line
"""
