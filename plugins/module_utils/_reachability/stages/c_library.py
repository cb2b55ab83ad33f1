# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What programs of the node get for a name: the C library decides, by nsswitch.conf and all that stands there. Private.

It asks whom nsswitch.conf names and in which order (files, dns, mdns, systemd-resolved, a directory), and nobody who
asks DNS alone knows what comes out. So a name is right only where the C library says so too.
"""

import socket
import threading

from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Stop


class Question:
    """A name that the C library is looking for since now; it cannot be stopped, so nobody waits for its end."""

    def __init__(self, host):
        self._host, self._addresses, self._error = host, [], None
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self):
        try:
            found = socket.getaddrinfo(self._host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            self._error = getattr(error, "strerror", None) or str(error)
        else:
            self._addresses = sorted({item[4][0] for item in found}, key=lambda text: (":" in text, text))

    def answer(self, seconds):
        """Return the addresses (texts, IPv4 first), None without an answer within so many seconds.

        :raises Stop: ``dns.getaddrinfo`` with ``error`` where it has none.
        """
        self._thread.join(max(0.0, seconds))
        if self._thread.is_alive():
            return None
        if self._error is not None:
            raise Stop("dns.getaddrinfo", error=self._error, servers=[])
        return self._addresses
