# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How every module of the collection begins and ends. Private to the collection.

An engine is one function ``run(node, params, check_mode) -> result``. ``result`` is the dict that the module returns:
the keys of _verdict.report(), ``changed``, and what else the module documents. Where it cannot do its work it raises
NodeError. :func:`answer` makes a result of either, so that a caller of several engines treats them alike.
"""

from ansible.module_utils import basic
from ansible_collections.ack_edge.node.plugins.module_utils._errors import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._node import Node
from ansible_collections.ack_edge.node.plugins.module_utils._secrets import masked
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import failure


class AnsibleModule(basic.AnsibleModule):
    """A module whose results have one shape and show no password or token of a URL.

    The second goes for the arguments too, which Ansible adds to every result and shows with ``-vvv``, also where it
    refuses them before the module has begun.
    """

    def exit_json(self, **kwargs):
        """End as basic.AnsibleModule does."""
        basic.AnsibleModule.exit_json(self, **self._shown(kwargs))

    def fail_json(self, msg, **kwargs):
        """End as basic.AnsibleModule does, with all keys of a report where only a message is given."""
        result = dict(failure(msg), **kwargs)
        basic.AnsibleModule.fail_json(self, **self._shown(result))

    def _shown(self, result):
        if "invocation" not in result and hasattr(self, "params"):
            result["invocation"] = {"module_args": self.params}
        return masked(result)


def answer(run, node, params, check_mode):
    """Return what an engine's ``run`` returns; where it raises NodeError, a result with ``failed`` true."""
    try:
        return run(node, params, check_mode)
    except NodeError as error:
        return dict(failure(str(error), error.verdicts), changed=error.changed, failed=True)


def run_module(run, argument_spec, **options):
    """Be a module: read the arguments, let the engine ``run`` work on this node, end with its result.

    :arg options: further arguments of AnsibleModule, e.g. ``required_if``.
    """
    module = AnsibleModule(argument_spec=argument_spec, supports_check_mode=True, **options)
    result = answer(run, Node(tmpdir=lambda: module.tmpdir), module.params, module.check_mode)
    for text in result.pop("warnings", []):
        module.warn(text)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)
