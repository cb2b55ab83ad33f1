# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of inbound_ports: what the look planned is carried out. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.apply import carry_out
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.look import look


def run(node, params, check_mode):
    """Do what the parameters of the module say and return its result (dict).

    :raises InputError: where parameters are wrong; NodeError: where the node is in a state that forbids it, or what
        was written did not arrive.
    """
    return look(node, params, check_mode, None if check_mode else carry_out)
