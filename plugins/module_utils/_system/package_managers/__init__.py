# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The package managers: what is installed, what a file brings, install. One file each; the registry lists them.

The commands themselves are run and not their Python bindings, which are made for one Python of the system only. Private
to the collection.
"""
