# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Documentation of error_budget, which runs on the controller only: see plugins/action/error_budget.py."""

DOCUMENTATION = r"""
module: error_budget
short_description: Check whether too many hosts of a run in waves failed or were unreachable
version_added: 1.0.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Compares the hosts of the earlier waves with those of the group C(ack_edge_wave_passed), into which the last task of
    a wave puts each host that came to its end, and with those on which M(ack_edge.node.preflight_info), registered as
    C(ack_edge_preflight), found nothing to do. The others failed or were unreachable.
  - Used with C(run_once) before the first task of each wave, and with C(meta=end_play) after it.
extends_documentation_fragment:
  - ack_edge.node.attributes.controller
options:
  waves:
    description: Sizes of the waves, a list or text with commas; an invalid one fails here, before anything is done.
    type: raw
  error_budget:
    description:
      - Maximum number or percentage of failed or unreachable hosts, V(3%) by default.
      - Above it the next wave does not start.
    type: raw
seealso:
  - plugin: ack_edge.node.wave_sizes
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Check the error budget before the wave
  ack_edge.node.error_budget:
    error_budget: 3%
  register: budget
  run_once: true

- name: End the run
  ansible.builtin.meta: end_play
  when: budget.exceeded
"""

RETURN = r"""
exceeded:
  description: Whether more hosts failed or were unreachable than the budget allows.
  type: bool
  returned: always
msg:
  description: Why the run ends, with the hosts that failed or were unreachable.
  type: str
  returned: always
"""
