# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a packet from the cloud arrive at a port before kubelet is there? Private to the collection.

``_sockets``   the listening sockets of the ports, and those that somebody else has
``_listener``  the process that answers on them until its time is up
``_control``   how it is told to end, by nobody but who may
``_proof``     what it and the prober say to each other
``_prober``    the other end, which sends and waits for the answers
``_judge``     what both saw becomes a verdict for each port
"""
