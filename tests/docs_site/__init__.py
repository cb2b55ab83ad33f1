# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation site: make docs.

``build.sh``   builds it
``arrange``    its sources, out of the pages of the checkout
``conf``       the configuration of Sphinx
"""
