# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a backend is: the one place where a manager of interfaces keeps the routes of an interface. Private.

A backend knows a file format and what manages the interface; it decides nothing. It never restarts, reloads or
reapplies a network service, for that would take away routes that the service does not know, a CNI's among them.
"""


class Backend:
    """The base of all backends; its members say what those of each one mean.

    :arg node: a Node.
    :arg name: what the files of the owned set are called, see ``_backends.file_name``.
    :arg managers: a Managers, what runs on the node and holds which interface.
    """

    name = ""  # the value of the module's option 'backend'
    title = ""  # for people
    looked_for = ""  # for people: what is looked for to tell whether the manager holds an interface
    whole_file = True  # whether the file is ours alone; else it is the site's, and only our lines in it are ours
    mode = 0o644  # permissions of a new file

    def __init__(self, node, name, managers):
        self._node, self._name, self._managers = node, name, managers

    def claim(self, _link):
        """Return how the manager holds the interface now, '' if it does not."""
        return ""

    def weak_claim(self, _link):
        """Return why it would hold the interface at boot although it does not now, ''."""
        return ""

    def locate(self, link):
        """Return the path of the file for the interface; without a running manager (a chroot) by the files alone.

        :raises NodeError: with the reason why there is none and what to do.
        """
        raise NotImplementedError

    def path_for(self, path, _route):
        """Return the path of the file that holds one route, where it is not the one of :meth:`locate` for all."""
        return path

    def own_files(self):
        """Return [(path, interface or '')] of files of this set that are there, whether a manifest knows them or not.

        Only for files that are ours alone, so that a lost manifest does not leave them for ever.
        """
        return []

    def links(self, _path):
        """Return {path of a symbolic link: its target} that must be there for the file to count at boot."""
        return {}

    def parse(self, text, interface):
        """Return the [Line] of any text, never an exception."""
        raise NotImplementedError

    def foreign(self, _path, _interface):
        """Return the [Line] of other files that are read for the same interface at boot."""
        return []

    def compose(self, text, items, add, drop, back=()):
        """Return the new text, None for no file. Pure.

        :arg items: Items that the file holds then; all that a whole file needs.
        :arg add: Items among them that are new. :arg drop: Lines to take out. :arg back: ``Line.raw`` to put back.
        :raises NodeError: if the format cannot say what is wanted.
        """
        raise NotImplementedError

    def refuse(self, path, text, interface, items):
        """Try a text out before anything is written, with the manager's own tool where it has one.

        :raises NodeError: with what the tool said.
        """

    def loaded(self, path):
        """Tell the manager what it must know after the file was written.

        :raises NodeError: if it does not take the file.
        """
