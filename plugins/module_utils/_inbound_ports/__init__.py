# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Engine of inbound_ports: one named set of accepts on whatever firewall is active. Private to the collection."""
