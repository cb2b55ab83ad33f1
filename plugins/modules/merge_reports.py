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
  - Documents come from files, and from the artifacts of jobs of AWX or Automation Controller, which stay when the
    containers of the jobs are gone; see P(ack_edge.node.fleet_report#callback). Host names and machine ids are compared
    over all of them, as a slice of a job knows only its own hosts.
  - A reset, and a run in check mode that would have changed a host, judge nothing where another run did.
  - Runs on the controller, without any connection to hosts.
extends_documentation_fragment:
  - ack_edge.node.attributes.info
options:
  reports:
    description:
      - Documents, folders with documents, or patterns such as V(reports/prepare_edge-*.json). Of a folder all files
        C(*.json) are taken that are such documents.
      - A list, or text with commas, semicolons, blanks or line ends between the names.
      - V(ack_edge_reports) by default, where no artifacts are given and no job has any.
    type: raw
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
  language:
    description:
      - Language of the page and the summary. Sentences of hosts stay English, with the remedy in this language beside
        them; JSON, JUnit and CSV are English.
      - That of the environment variable E(ACK_EDGE_LANG) by default, else V(en).
    type: str
    choices: [en, zh]
  artifacts:
    description:
      - Artifacts of jobs as a workflow hands them to its next nodes, as variables C(ack_edge_report_*).
      - The playbook C(merge_reports.yml) gives those that its job has got.
    type: dict
    default: {}
  workflow_job:
    description:
      - Numbers of workflow jobs, or of sliced jobs, a list or text. Only runs of them are merged.
      - With O(controller_url) the jobs of these, and of sliced jobs in them, are asked for at the API. Jobs without
        a report are named in RV(without_report).
    type: raw
  since:
    description:
      - Only runs that began at or after this time are merged, such as V(2026-11-23), V(2026-11-23T15:46:28+08:00), or
        so long ago, such as V(12h) or V(7d). A time without a zone is UTC.
    type: raw
  playbooks:
    description: Names of playbooks, a list or text, such as V(verify_edge). Only runs of them are merged.
    type: raw
  controller_url:
    description:
      - URL of AWX or Automation Controller, such as V(https://awx.example.com), or of its API where that has a path of
        its own, such as V(https://aap.example.com/api/controller). Certificates are always verified.
      - E(CONTROLLER_HOST) or E(TOWER_HOST) by default, as a credential for the controller sets it.
    type: str
  controller_token:
    description: OAuth2 token. E(CONTROLLER_OAUTH_TOKEN) or E(TOWER_OAUTH_TOKEN) by default.
    type: str
  controller_username:
    description: User, if no token is given. E(CONTROLLER_USERNAME) or E(TOWER_USERNAME) by default.
    type: str
  controller_password:
    description: Password of the user. E(CONTROLLER_PASSWORD) or E(TOWER_PASSWORD) by default.
    type: str
  controller_ca_path:
    description: File with CAs to trust in addition to those of the system.
    type: path
  fail_unless_ready:
    description:
      - Whether to fail, once the files are written, where a host is not ready or a job has left no report. A host that
        is ready but for open points is ready here.
    type: bool
    default: false
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

- name: Make one page of the jobs of a workflow, and fail where a host is not ready
  ack_edge.node.merge_reports:
    workflow_job: "{{ awx_workflow_job_id }}"
    controller_url: https://awx.example.com
    controller_token: "{{ lookup('ansible.builtin.env', 'AWX_TOKEN') }}"
    dest: merged/fleet.json
    fail_unless_ready: true
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
why_not_ready:
  description: How many hosts are not ready, with names, and which jobs have left no report; empty where all are ready.
  type: str
  returned: success
without_report:
  description: One sentence for each job of O(workflow_job) that has no report among its artifacts.
  type: list
  elements: str
  returned: success
files:
  description: The files that were made, or in check mode would be; the document first.
  type: list
  elements: str
  returned: success
where:
  description: Where the files are, or that they are gone when the container of the job ends, as a line to read.
  type: str
  returned: success
summary:
  description: What needs attention, as lines to read.
  type: list
  elements: str
  returned: success
"""
