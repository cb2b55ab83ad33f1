# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the listener and the prober say to each other, so that each is known to have the token. Private.

The token itself is never sent: whoever connects, or listens on a port first, would have it then. Each line has a proof
instead (HMAC-SHA256 of what it is about, keyed with the token), of no use for another port or for the other direction.
"""

import hashlib
import hmac

WORD = "ack_edge"


def _proof(token, *about):
    text = " ".join(about).encode("ascii", "replace")
    return hmac.new(token.encode("utf-8"), text, hashlib.sha256).hexdigest()[:32]


def question(token, port):
    """Return what the prober sends in a datagram to a port (number), as bytes."""
    return f"{WORD} {_proof(token, 'question', str(port))}".encode("ascii")


def is_question(data, token, port):
    """Return whether a datagram is that of the prober; everybody else gets no answer."""
    return hmac.compare_digest(data, question(token, port))


def answer(token, port, address):
    """Return the line of the listener on a port to an address (text), as bytes."""
    return f"{WORD} {_proof(token, 'answer', str(port), address)} {port} {address}\n".encode("ascii")


def address_of(line, token, port):
    """Return the address (text) that a line of the listener says it sees, '' if it is not its line."""
    words = line.decode("ascii", "replace").split()
    if len(words) != 4 or not hmac.compare_digest(line.strip(), answer(token, port, words[3]).strip()):
        return ""
    return words[3]
