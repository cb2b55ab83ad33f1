# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Documentation of duplicate_hosts, which runs on the controller only: see plugins/action/duplicate_hosts.py."""

DOCUMENTATION = r"""
module: duplicate_hosts
short_description: Find hosts of a play that have the same host name or machine ID
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Compares what M(ack_edge.node.readiness_info) found on all hosts of the play. A cluster tells its nodes apart by
    name, and services on them by machine ID; hosts that were cloned from one image have the same.
  - Reads what was registered, and so needs C(run_once). A host whose answer cannot be used is not compared.

extends_documentation_fragment:
  - ack_edge.node.attributes.controller
options:
  report:
    description:
      - Name of the variable in which M(ack_edge.node.readiness_info) was registered. Of hosts that do not have it,
        C(ack_edge_preflight), in which the playbooks register M(ack_edge.node.preflight_info).
    type: str
    default: readiness_report
seealso:
  - module: ack_edge.node.readiness_info
  - module: ack_edge.node.assert_ready
"""

EXAMPLES = r"""
- name: Detect duplicate host names and machine IDs
  ack_edge.node.duplicate_hosts:
  register: ack_edge_duplicate_hosts
  run_once: true
"""

RETURN = r"""
hosts:
  description:
    - For each host a list of two verdicts, V(node_name_unique) and V(machine_id_unique). The callback
      P(ack_edge.node.fleet_report#callback) takes them into the record of each host.
  type: dict
  returned: always
"""
