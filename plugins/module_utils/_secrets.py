# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Masks what must not be seen in any text: passwords and tokens in URLs. Private to the collection.

A URL is worth showing, so it is not kept out as a whole (no_log would replace it, and every other text that happens to
contain its value). People write passwords as they are, with ``#``, ``/`` or ``@`` in them, so a password goes as far as
the last ``@`` of the word: a ``@`` further on in the path of a URL with a port hides more than it must, never less.
"""

import re

MASKED = "***"

# Not the colons of an IPv6 address. A second URL in the same word begins anew.
_NO_ADDRESS = r"(?!\[[0-9A-Fa-f:.]+\])"
_PASSWORD = re.compile(r"(://" + _NO_ADDRESS + r"[^\s/?#:]*:)(?:(?!://)\S)*@")
# A token in the place of a user.
_TOKEN = re.compile(r"(://)[^\s/?#@:]+@")
_PARAMETER = re.compile(
    r"([?&;](?:[^\s=&;?#'\"]{0,40}(?:token|secret|passw|pwd|signature|credential|access.?key|api.?key)"
    r"[^\s=&;?#'\"]{0,40}|sig|key|auth)=)[^\s&;#'\"]+",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://" + _NO_ADDRESS + r"[^/?#:@]*:).*@", re.DOTALL)


def mask(text):
    """Return a text with ``***`` in the place of every password and token in its URLs."""
    if "://" not in text:
        return text
    text = _TOKEN.sub(rf"\g<1>{MASKED}@", _PASSWORD.sub(rf"\g<1>{MASKED}@", text))
    return _PARAMETER.sub(rf"\g<1>{MASKED}", text)


def mask_url(value):
    """Return a value that is one URL as a whole as :func:`mask` does, also where its password has blanks."""
    return mask(_WHOLE.sub(rf"\g<1>{MASKED}@", value, count=1) if _WHOLE.match(value) else value)


def masked(value):
    """Return a value of lists, dicts and texts with every text in it masked."""
    if isinstance(value, str) and "://" in value:
        return mask_url(value) if _WHOLE.match(value) and "\n" not in value else mask(value)
    if isinstance(value, dict):
        return type(value)((key, masked(item)) for key, item in value.items())
    if isinstance(value, list):
        return [masked(item) for item in value]
    if isinstance(value, tuple):
        return tuple(masked(item) for item in value)
    return value
