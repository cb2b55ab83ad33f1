# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AnsibleModule as every module of the collection uses it. Private to the collection."""

from ansible.module_utils import basic
from ansible_collections.ack_edge.node.plugins.module_utils._secrets import masked


class AnsibleModule(basic.AnsibleModule):
    """No result shows a password or a token of a URL, whatever the module hands over.

    That goes for the arguments too, which Ansible adds to every result and shows with ``-vvv``, also where it refuses
    them before the module has begun.
    """

    def exit_json(self, **kwargs):
        """End as basic.AnsibleModule does."""
        basic.AnsibleModule.exit_json(self, **self._shown(kwargs))

    def fail_json(self, msg, **kwargs):
        """End as basic.AnsibleModule does."""
        basic.AnsibleModule.fail_json(self, **self._shown(dict(kwargs, msg=msg)))

    def _shown(self, result):
        if "invocation" not in result and hasattr(self, "params"):
            result["invocation"] = {"module_args": self.params}
        return masked(result)
