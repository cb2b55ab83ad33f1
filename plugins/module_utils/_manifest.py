# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection owns on a node, remembered on the node. Private to the collection.

One JSON file for each owned set, ``/var/lib/ack_edge/<kind>/<name>.json``. An engine writes what it is about to own
*before* it changes anything and the final list after, so a run that is killed between leaves a manifest that names
every trace it can have left, and the next run mends or removes it.
"""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import re

from ansible_collections.ack_edge.node.plugins.module_utils._node import STATE_DIR, NodeError

_NAME = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,62}$")
_VERSION = 1


class Manifest(object):
    """The owned set ``name`` of one ``kind`` ('routes', 'inbound_ports', 'time_sync').

    :raises NodeError: if the name is not usable as a file name.
    """

    def __init__(self, node, kind, name):
        if not _NAME.match(name):
            raise NodeError("name is %r, expected up to 63 lower-case letters, digits, '-', '_' or '.', beginning with "
                            "a letter or digit" % name)
        self._node, self._kind, self._name = node, kind, name
        self.path = "%s/%s/%s.json" % (STATE_DIR, kind, name)

    def load(self):
        """Return the remembered content (dict), {} if there is none.

        :raises NodeError: if the file is there and cannot be understood; it is never overwritten then.
        """
        text = self._node.read(self.path)
        if text is None:
            return {}
        try:
            document = json.loads(text)
            if document["version"] != _VERSION:
                raise ValueError
            return document["content"]
        except (ValueError, KeyError, TypeError):
            raise NodeError("%s is damaged or from a newer version of ack_edge.node; look at it and, if nothing in it "
                            "is worth keeping, remove it" % self.path) from None

    def store(self, content):
        """Remember ``content`` (a dict that JSON can hold); nothing is written where it is remembered already."""
        document = {"version": _VERSION, "kind": self._kind, "name": self._name, "content": content}
        text = json.dumps(document, sort_keys=True) + "\n"
        if text != self._node.read(self.path):
            self._node.write(self.path, text, mode=0o600)

    def forget(self):
        """Remove the manifest and the directories of the collection that are empty then."""
        self._node.remove(self.path)
        self._node.remove_empty_directory("%s/%s" % (STATE_DIR, self._kind))
        self._node.remove_empty_directory(STATE_DIR)
