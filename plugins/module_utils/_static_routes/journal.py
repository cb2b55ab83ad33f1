# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The journal of a change of live routes that is not remembered in the manifest yet. Private. Only reads."""

import json
import math
import time

from ansible_collections.ack_edge.node.plugins.module_utils._manifest import fits
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.bounds import LONGEST_CONFIRMATION

DIRECTORY = "/run/ack_edge/routes"


class Journal:
    """The journal of one owned set; ``name`` is that of the set.

    :arg shape: what its content must look like, see ``_manifest.fits``.
    """

    def __init__(self, node, name, shape=dict, clock=time.monotonic):
        self._node, self._name, self._shape, self._clock = node, name, shape, clock
        self.path = f"{DIRECTORY}/{name}.json"

    def read(self, path, shape=dict):
        """Return a journal as it was written, None if there is none."""
        text = self._node.read(path)
        if text is None:
            return None
        try:
            journal = json.loads(text)
            fitting = fits(journal, {"token": str, "until": (int, float), "content": shape})
            # One that waits for longer than any change may would keep every other run from the node.
            if fitting and math.isfinite(journal["until"]) and self.left(journal) <= LONGEST_CONFIRMATION:
                return journal
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            pass
        raise NodeError(f"{path} is damaged; remove it, and the next run repairs the routes")

    def left(self, journal):
        """Return for how many more seconds a change may be confirmed."""
        return journal["until"] - self._clock()

    def load(self):
        """Return the content of the journal, {} if there is none; it may be confirmed or not.

        :raises NodeError: if it cannot be understood.
        """
        journal = self.read(self.path, self._shape)
        return journal["content"] if journal else {}
