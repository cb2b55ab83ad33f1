# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of the node's side of the collection. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._secrets import mask


class NodeError(Exception):
    """Something on the node is not as needed; the text is one sentence that names target, value and what to do.

    :arg changed: whether something on the node is different now from what it was before the run.
    :arg verdicts: how each item of the run stands, where that is known.
    """

    def __init__(self, text, changed=False, verdicts=()):
        Exception.__init__(self, mask(text))
        self.changed, self.verdicts = changed, list(verdicts)


class InputError(NodeError):
    """What the user gave is wrong; nothing was looked at or changed.

    :arg problems: one sentence for each mistake, all of them at once.
    :arg text: the whole message where it is more than these sentences.
    """

    def __init__(self, problems, verdicts=(), text=""):
        NodeError.__init__(self, text or "; ".join(problems), verdicts=verdicts)
        self.problems = list(problems)
