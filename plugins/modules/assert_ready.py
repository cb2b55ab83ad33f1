# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Documentation of assert_ready, which runs on the controller only: see plugins/action/assert_ready.py."""

DOCUMENTATION = r"""
module: assert_ready
short_description: Fail a host that is not ready to join
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Reads what the playbook C(verify_edge.yml), or the same tasks and roles in a playbook of your own, registered for
    the host, and says in one sentence whether it is ready, with a table of what needs attention.
  - A host is ready when C(readiness), C(time_sync), C(inbound_ports), C(leased_line_routes) and C(reachability) were
    all looked at, no required check failed and none is unproven. With unproven ones it is ready but for so many open
    points.
    Where something was not looked at, it is not called ready.
  - Without O(require_proof) the variable C(require_proof) of the host counts.

extends_documentation_fragment:
  - ack_edge.node.attributes.controller
options:
  duplicate_hosts:
    description:
      - Result of M(ack_edge.node.duplicate_hosts), if it was asked. By default what is registered as
        C(ack_edge_duplicate_hosts); with many hosts that costs much less than an argument with all of them.
    type: dict
  require_proof:
    description: Whether a host with open points fails, too. V(false) by default.
    type: bool
seealso:
  - module: ack_edge.node.duplicate_hosts
"""

EXAMPLES = r"""
- name: Say whether the host is ready
  ack_edge.node.assert_ready:
    require_proof: true
"""

RETURN = r"""
msg:
  description: One sentence.
  type: str
  returned: always
  sample: idc1-web-001 is ready but for 2 open points (cn-beijing)
table:
  description: What needs attention, as lines, with what to do and a command that shows it by hand.
  type: list
  elements: str
  returned: always
ready:
  description: Whether all was looked at, nothing failed and nothing is open.
  type: bool
  returned: always
open_points:
  description: How many required checks are unproven.
  type: int
  returned: always
looked_at:
  description: The parts of the run that have looked at the host.
  type: list
  elements: str
  returned: always
"""
