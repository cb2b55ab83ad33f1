# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Documentation of merge_reports, which runs on the controller only: see plugins/action/merge_reports.py."""

DOCUMENTATION = r"""
module: merge_reports
short_description: Make one report of several runs
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Merges JSON documents that the callback P(ack_edge.node.fleet_report#callback) has written, of slices of a job,
    waves and retries, into one, and makes the page and the other formats of it. Each host is as its latest run left
    it, and what was found is kept for each module, as the latest run found it that looked with this module.
  - A document that a killed run left is merged like any other.
  - Runs on the controller, without any connection.
extends_documentation_fragment:
  - ack_edge.node.attributes.info
options:
  reports:
    description:
      - Documents, folders with documents, or patterns such as V(reports/prepare_edge-*.json). Of a folder all files
        C(*.json) are taken that are such documents.
    type: list
    elements: str
    required: true
  dest:
    description: Path of the merged document, which ends in C(.json). Other formats are written beside it.
    type: path
    required: true
  formats:
    description:
      - What is written beside the JSON document. V(limit) is a file with the hosts to go on with, for
        C(ansible-playbook --limit @FILE).
    type: list
    elements: str
    choices: [html, junit, csv, limit]
    default: [html, limit]
attributes:
  async:
    description: Runs on the controller.
    support: none
  check_mode:
    description: Says what would be written, and writes nothing.
    support: full
  diff_mode:
    support: none
  idempotent:
    description: The same documents give the same files.
    support: full
notes:
  - The playbook C(merge_reports.yml) is a run of this alone.
"""

EXAMPLES = r"""
- name: Make one page of all slices
  ack_edge.node.merge_reports:
    reports: [reports/]
    dest: merged/fleet.json
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
hosts:
  description: How many hosts the documents have.
  type: int
  returned: success
not_ready:
  description: The hosts to go on with, sorted. Something keeps them from joining, or a run broke off at them.
  type: list
  elements: str
  returned: success
runs:
  description: The ids of the runs, oldest first.
  type: list
  elements: str
  returned: success
files:
  description: The files that were made, or in check mode would be; the document first.
  type: list
  elements: str
  returned: success
summary:
  description: What needs attention, as lines to read.
  type: list
  elements: str
  returned: success
"""
