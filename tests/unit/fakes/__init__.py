# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fakes of what a node has: they understand what the engines may say and nothing else, any other command fails."""
