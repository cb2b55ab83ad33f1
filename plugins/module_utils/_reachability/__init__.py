# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is an endpoint reachable, and where does the way to it end? Private to the collection.

``_endpoint``  what is to be reached (validated), and the address spaces that matter
``_trace``     what happened to one endpoint so far; ``Stop`` ends its way
``_dns`` ``_resolve``  DNS wire format; asking every nameserver of the node
``_route`` ``_proxy`` ``_tcp`` ``_tls`` ``_packets`` ``_ntp`` ``_udp``  one stage each
``_attempts``  several addresses within the time of one stage
``_stages``    the way of one endpoint through the stages
``_ranges``    a port range becomes endpoints with one port, and their verdicts one verdict
``_engine``    all endpoints at the same time, bounded by threads and a deadline
``_explain`` ``_words``  a trace becomes a verdict; all words and remedies live in the latter
"""
