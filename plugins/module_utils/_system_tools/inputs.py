# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user gives to system_tools. Private to the collection. Pure."""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._secrets import mask_url

_CHECKSUM = re.compile(r"^sha256:[0-9a-fA-F]{64}\Z")
_AUTHORITY = re.compile(r"https?://([^/?#]+)")
_PORT = re.compile(r".*:[0-9]*\Z|[^:]*\Z|.*\]\Z", re.DOTALL)


def problems(params):
    """Return what is wrong with the parameters, a list of sentences."""
    found = []
    url, checksum = params["url"] or "", params["checksum"] or ""
    if params["source"] == "url":
        found += _url_problems(url)
    if params["source"] == "url" and not _CHECKSUM.match(checksum):
        found.append(
            f"checksum is {checksum!r}, expected 'sha256:' and 64 hexadecimal digits with source: url ('sha256sum "
            "FILE' prints them)"
        )
    names = [tool["name"] for tool in params["system_tools"]]
    for name in sorted({name for name in names if names.count(name) > 1}):
        found.append(f"system_tools lists '{name}' more than once, expected each tool once")
    return found


def _url_problems(url):
    """Return what is wrong with the address; its password is not shown."""
    shown, match = mask_url(url), _AUTHORITY.match(url)
    if not match:
        return [f"url is {shown!r}, expected the http:// or https:// address of an archive with source: url"]
    authority = match.group(1)
    host = authority.rpartition("@")[2]
    if re.search(r"[\s\x00-\x1f#]", url) or "@" in authority[: -len(host) - 1] or not _PORT.match(host):
        return [
            f"url is {shown!r}, expected no blanks in it, a number as the port, and every special character of a user "
            "and a password percent-encoded: '#' is %23, '/' is %2F, '?' is %3F, '@' is %40, ':' is %3A"
        ]
    return []
