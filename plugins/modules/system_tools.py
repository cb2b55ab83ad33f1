#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: system_tools
short_description: Install the tools that a node lacks, from its repositories or from files
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Looks which of the tools can be used, and installs the packages of those that cannot, in one transaction. A node
    that has them all is not asked for its package manager.
  - Lists of packages are fetched only where something is missing, and no service of the site is restarted.
  - Asks the package manager first what the installation would do, in check mode too (with the lists of packages that
    the node has). It refuses what would take other packages away or obsoletes them. Only what
    O(system_tools[].replaces) names may go; it is remembered, and O(state=absent) brings it back in the place of what
    replaced it. Other packages stay then.
  - Another package gets a new version only where a missing one depends on that; the result names it.
  - Refuses a node with packages that were never installed to their end, or with a read-only C(/etc), C(/usr) or
    C(/var), before anything is changed.
extends_documentation_fragment:
  - ack_edge.node.attributes
  - ack_edge.node.tools
options:
  state:
    description:
      - V(present) installs what is missing.
      - V(absent) brings back what had to give way.
    type: str
    choices: [present, absent]
    default: present
  source:
    description:
      - V(repository) asks the repositories that the node has.
      - V(directory) copies the files of O(directory) to a node that lacks something. Its repositories are not asked.
      - V(url) lets a node that lacks something fetch O(url). Its repositories are not asked.
    type: str
    choices: [repository, directory, url]
    default: repository
  directory:
    description:
      - A folder on the controller with files C(*.deb) or C(*.rpm), the packages of the tools with all that they depend
        on, for one version of a system; those of other architectures are left out. Required with O(source=directory).
      - A relative one is searched beside the inventory, then beside the playbook and in its folder C(files), then in
        the current directory. C(~) is the home of the user who runs Ansible.
      - A link in it that leads out of it is an error.
      - What brings a missing tool is installed, with what of the folder it depends on. What is installed stays as it
        is.
    type: path
  url:
    description:
      - HTTP or HTTPS address of a tar archive of such a folder, compressed or not. Required with O(source=url).
    type: str
  checksum:
    description: V(sha256:) and the checksum of the archive. Required with O(source=url).
    type: str
  archive:
    description: Path on the node of the archive that O(directory) became. Set by the action plug-in.
    type: path
notes:
  - Needs root, and C(apt-get) or one of C(dnf) and C(yum) where something is missing.
"""

EXAMPLES = r"""
- name: Install what the cluster wants
  ack_edge.node.system_tools:
    system_tools: "{{ lookup('ack_edge.node.region', 'cn-beijing').system_tool_packages }}"

- name: Install it where there is no mirror, from a folder on the controller
  ack_edge.node.system_tools:
    system_tools: "{{ lookup('ack_edge.node.region', 'cn-beijing').system_tool_packages }}"
    source: directory
    directory: packages/rocky-9

- name: Install it from a file server of the site
  ack_edge.node.system_tools:
    system_tools: "{{ lookup('ack_edge.node.region', 'cn-beijing').system_tool_packages }}"
    source: url
    url: http://files.site.example/edge/rocky-9.tar.gz
    checksum: sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae

- name: Bring back what had to give way
  ack_edge.node.system_tools:
    state: absent
"""

RETURN = r"""
results:
  description:
    - One verdict for each tool, in the order of the input, and one named V(system_tools) where other packages get
      another version. With O(state=absent) one named V(system_tools).
  type: list
  elements: dict
  returned: always
  contains:
    check:
      description: Name of the tool, or V(system_tools).
      type: str
    status: {description: How it stands., type: str, sample: pass}
    summary:
      description: What was found.
      type: str
      sample: can be used
    remedy: {description: What to do about it., type: str}
    reproduce: {description: A command that shows the same by hand., type: str}
    data:
      description: Facts, such as C(packages), those that were or would be installed for the tool.
      type: dict
summary:
  {description: How many verdicts have each status., returned: always, type: dict,
   sample: {fail: 0, pass: 9, skipped: 0, unproven: 0, warn: 0}}
failed_checks: {description: The names of the verdicts that stop a role., returned: always, type: list, elements: str}
msg: {description: "What needs attention, as text to read.", returned: always, type: str}
"""

from ansible_collections.ack_edge.node.plugins.module_utils._module import run_module
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools.arguments import ARGUMENT_SPEC, REQUIRED_IF
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools.run import run


def main():
    """Run as an Ansible module."""
    run_module(run, ARGUMENT_SPEC, required_if=REQUIRED_IF)


if __name__ == "__main__":
    main()
