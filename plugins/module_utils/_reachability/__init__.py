# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is an endpoint reachable, and where does the way to it end? Private to the collection.

``run``        the whole of it
``inputs``     what the user gives, validated; ``endpoint`` what is to be reached, and the address spaces that matter
``pool``       all endpoints at the same time, bounded by threads and a deadline
``walk``       the way of one endpoint through the ``stages``, a file each; ``attempts`` several addresses of one stage
``trace``      what happened to one endpoint so far; ``Stop`` ends its way
``ranges``     a port range becomes endpoints with one port, and their verdicts one verdict
``verdicts``   a trace becomes a verdict; all words and remedies live in ``messages``
"""
