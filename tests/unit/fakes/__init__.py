# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests share: stand-ins for tools, files and servers of a node, and makers of the documents that are judged."""
