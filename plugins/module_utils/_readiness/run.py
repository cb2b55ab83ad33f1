# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of readiness_info: the checks that are asked for, and their verdicts. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError
from ansible_collections.ack_edge.node.plugins.module_utils._readiness import inputs, registry
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.facts import Facts
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report


def run(node, params, _check_mode):
    """Run the checks that are asked for and return the result of the module (dict); nothing is changed.

    :raises InputError: if the parameters are wrong.
    """
    problems = inputs.problems(params)
    if problems:
        raise InputError(problems)
    verdicts = registry.look(Facts(node), params, params["checks"], params["skip"], params["advisory"])
    return dict(report(verdicts), changed=False)
