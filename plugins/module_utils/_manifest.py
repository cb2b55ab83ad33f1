# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection owns on a node, remembered on the node. Private to the collection.

One JSON file for each owned set, ``/var/lib/ack_edge/<kind>/<name>.json``. An engine writes what it is about to own
*before* it changes anything and the final list after, so a run that is killed between leaves a manifest that names
every trace it can have left, and the next run mends or removes it.
"""

import json
import re

from ansible_collections.ack_edge.node.plugins.module_utils._node import STATE_DIR, NodeError

_NAME = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,62}\Z")
_VERSION = 1
# What can go wrong where a document is not what it should be; RecursionError is one that is nested without end.
_WRONG = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


def fits(value, shape):
    """Return whether a value that came from JSON has a shape.

    :arg shape: a type or a tuple of types; ``[shape]`` for a list of such; a dict for a dict with these keys, where a
        key that ends in '?' need not be there and other keys are left alone; a function that raises one of
        :data:`_WRONG` where the value is not what it should be.
    """
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(_key_fits(value, key, item) for key, item in shape.items())
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(item, shape[0]) for item in value)
    if isinstance(shape, (type, tuple)):
        # True is a number to Python.
        return isinstance(value, shape) and (shape is not int or not isinstance(value, bool))
    shape(value)
    return True


def _key_fits(value, key, shape):
    name = key.rstrip("?")
    return fits(value[name], shape) if name in value else key != name


class Manifest:
    """The owned set ``name`` of one ``kind`` ('routes', 'inbound_ports', 'time_sync').

    :arg shape: what the content must look like, see :func:`fits`.
    :raises NodeError: if the name is not usable as a file name.
    """

    def __init__(self, node, kind, name, shape=dict):
        if not _NAME.match(name):
            raise NodeError(
                f"name is {name!r}, expected up to 63 lower-case letters, digits, '-', '_' or '.', beginning with "
                "a letter or digit"
            )
        self._node, self._kind, self._name, self._shape = node, kind, name, shape
        self._directory = f"{STATE_DIR}/{kind}"
        self.path = f"{self._directory}/{name}.json"

    def load(self):
        """Return the remembered content (dict), {} if there is none.

        :raises NodeError: if the file is there and cannot be understood; it is never overwritten then.
        """
        text = self._node.read(self.path)
        if text is None:
            return {}
        try:
            document = json.loads(text)
            if document["version"] != _VERSION or not isinstance(document["content"], dict):
                raise ValueError
            if not fits(document["content"], self._shape):
                raise ValueError
            return document["content"]
        except _WRONG:
            raise NodeError(
                f"{self.path} is damaged or from a newer version of ack_edge.node; check it and, if nothing in it is "
                "worth keeping, remove it"
            ) from None

    def store(self, content):
        """Remember ``content`` (a dict that JSON can hold); nothing is written where it is remembered already."""
        document = {"version": _VERSION, "kind": self._kind, "name": self._name, "content": content}
        text = json.dumps(document, sort_keys=True) + "\n"
        if text != self._node.read(self.path):
            self._node.write(self.path, text, mode=0o600)

    def tidy(self):
        """Remove what a run that was killed has left of a manifest that is gone; only with the lock held."""
        self._node.sweep(self.path)
        self._node.remove_empty_directory(self._directory)
        self._node.remove_empty_directory(STATE_DIR)

    def untidy(self):
        """Return whether something of the kind is there, a manifest or what a run that was killed has left."""
        return self._node.exists(self._directory) or (
            self._node.exists(STATE_DIR) and not self._node.listdir(STATE_DIR)
        )

    def forget(self):
        """Remove the manifest and the directories of the collection that are empty then."""
        self._node.remove(self.path)
        self.tidy()
