# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one list of firewalls. Private to the collection.

A new firewall is a new file with a class on FirewallBackend, and a word in :data:`BACKENDS`: detection, the choices of
the module's option, the manifest and the order of results follow from it.
"""

import collections

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.firewalld import Firewalld
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.iptables import Iptables
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.nftables import Nftables
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.ufw import Ufw

BACKENDS = (Firewalld, Ufw, Nftables, Iptables)


def choices():
    """Return the values of the module's option 'backend'."""
    return ["auto", *(kind.name for kind in BACKENDS), "none"]


def backends(node, set_name, zone="", interface=""):
    """Return {name: backend} for an owned set, in the order of the list."""
    return collections.OrderedDict((kind.name, kind(node, set_name, zone, interface)) for kind in BACKENDS)
