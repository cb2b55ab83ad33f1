# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a packet from the cloud arrive at a port before kubelet is there? Private to the collection.

``run``        the runs of both modules, port_listener and port_probe_info
``inputs``     the ports that are wanted; ``address`` of the node that is probed
``sockets``    the listening sockets of the ports, and those that somebody else has
``listener``   the process that answers on them until its time is up
``control``    how it is told to end, by nobody but who may
``proof``      what it and the prober say to each other
``prober``     the other end, which sends and waits for the answers
``verdicts``   what both saw becomes a verdict for each port
"""
