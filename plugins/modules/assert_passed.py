# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Documentation of assert_passed, which runs on the controller only: see plugins/action/assert_passed.py."""

DOCUMENTATION = r"""
module: assert_passed
short_description: Fail a host because of what a module of this collection found
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Fails where a required check of a registered result failed, with one sentence and the table as a list of lines,
    which every callback shows as such.

extends_documentation_fragment:
  - ack_edge.node.attributes.controller
options:
  report:
    description: Registered result of a module of this collection.
    type: dict
    required: true
  subject:
    description: What was looked at, the first word of the message.
    type: str
    required: true
seealso:
  - module: ack_edge.node.assert_ready
"""

EXAMPLES = r"""
- name: Fail if a required endpoint is unreachable
  ack_edge.node.assert_passed:
    report: "{{ reachability_report }}"
    subject: Reachability
"""

RETURN = r"""
msg:
  description: One sentence.
  type: str
  returned: always
table:
  description: What needs attention, as lines.
  type: list
  elements: str
  returned: failure
"""
