# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetches an archive of packages from a server. Private to the collection."""

import contextlib
import http.client
import os
import signal

from ansible.module_utils.urls import ConnectionError as UrlError
from ansible.module_utils.urls import open_url
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._secrets import mask_url
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import archive

# Seconds for all of an archive, however slowly it comes.
_TIMEOUT = 1800


def fetch(url, path, checksum, seconds=_TIMEOUT):
    """Write what a server has into a file.

    :arg checksum: see archive.save(). :arg seconds: for all of it.
    :raises NodeError: if it does not come, or is something else.
    """
    shown = mask_url(url)
    late = (
        f"the download of url {shown} did not finish within {int(seconds)} seconds; check whether this node or the "
        "server is slow. Nothing has been changed"
    )
    try:
        with _deadline(seconds, late), open_url(url, timeout=60) as response:
            archive.find_room(response.headers.get("Content-Length"), os.path.dirname(path), shown)
            archive.save(response, path, checksum, shown)
    except (OSError, ValueError, UrlError, http.client.HTTPException) as error:
        raise NodeError(
            f"url {shown} cannot be fetched: {error}; check whether this node reaches it with 'curl -I {shown}'. "
            "Nothing has been changed"
        ) from None


@contextlib.contextmanager
def _deadline(seconds, message):
    """Raise NodeError with a message where something is not done in time; a timeout of a socket begins anew always."""

    def late(_number, _frame):
        raise NodeError(message)

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
