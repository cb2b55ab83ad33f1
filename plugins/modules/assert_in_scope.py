# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Documentation of assert_in_scope, which runs on the controller only: see plugins/action/assert_in_scope.py."""

DOCUMENTATION = r"""
module: assert_in_scope
short_description: Fail a host that edge_hosts of the inventory leaves out
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - A play chooses its hosts before it reads variables of hosts and groups. A value of C(edge_hosts) that is set there
    has no effect on the play, which would take more hosts than was asked. This fails those hosts before anything is
    done.
  - M(ack_edge.node.requirements) does the same; this is for plays without it.

extends_documentation_fragment:
  - ack_edge.node.attributes.controller
seealso:
  - plugin: ack_edge.node.edge_hosts
    plugin_type: lookup
  - module: ack_edge.node.requirements
"""

EXAMPLES = r"""
- name: Refuse hosts that edge_hosts of the inventory leaves out
  ack_edge.node.assert_in_scope:
"""

RETURN = r"""
msg:
  description: Why the host is refused.
  type: str
  returned: failure
"""
