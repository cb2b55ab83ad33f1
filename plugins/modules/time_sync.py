#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

DOCUMENTATION = r"""
module: time_sync
short_description: Let chrony keep the clock of a node right, and prove that it does
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Configures chrony as a client of the given servers, starts it, waits until the clock is right and says how it
    stands.
  - Writes one file of its own, where C(chrony.conf) names a C(confdir), else also one C(include) line at the end of
    C(chrony.conf). Every other line stays as it is. A server, C(makestep) or C(rtcsync) that the node's own
    configuration has is not written again.
  - Stops and disables other clients (C(systemd-timesyncd), C(ntpd), C(ntpsec), C(openntpd), C(chronyd-restricted)) and
    remembers how they stood; nothing is uninstalled. O(state=absent) takes all of it back.
  - Never makes the node a server for others.
extends_documentation_fragment:
  - ack_edge.node.attributes
options:
  servers:
    description:
      - Names or addresses of time servers, in the order of the results.
      - Without any, nothing is changed and the clock is only judged.
    type: list
    elements: str
    default: []
  state:
    description:
      - V(present) configures chrony and starts it.
      - V(absent) removes what this module configured, and enables and starts again what it stopped.
    type: str
    choices: [present, absent]
    default: present
  verify_only:
    description:
      - Change nothing and judge the clock and the servers as they are, for nodes whose clock the site keeps by its
        own means (chrony with its own servers, C(ntp), C(ntpsec)). A server that the node does not use is skipped.
    type: bool
    default: false
  max_offset:
    description:
      - By how many seconds the clock may be off. Also the offset beyond which chrony steps the clock when it
        starts, where the node's own configuration does not say C(makestep).
      - The default is what the packages of chrony use. Certificates and tokens of the cluster count whole seconds.
    type: float
    default: 1.0
  wait:
    description:
      - How many seconds to wait for a right clock, at most 600. A clock that is right already is not waited for;
        check mode waits only where it has nothing to change.
      - After a boot before the network, chrony tries a name again after 28 seconds, and then needs some more.
    type: int
    default: 60
notes:
  - The verdicts do not make the module fail. Use RV(failed_checks) for that, as the role C(time_sync) does.
  - The module fails where chrony is not installed, its unit is masked, or the configuration cannot be written.
"""

EXAMPLES = r"""
- name: Let chrony use the time servers of the cloud
  ack_edge.node.time_sync:
    servers:
      - ntp.cloud.aliyuncs.com
      - 100.100.61.88

- name: Judge the clock of a node that the site keeps right by its own means
  ack_edge.node.time_sync:
    verify_only: true
    max_offset: 0.5

- name: Take the configuration back
  ack_edge.node.time_sync:
    state: absent
"""

RETURN = r"""
results:
  description:
    - One verdict for each server in the order of O(servers), or one named V(servers) where none is given, and then one
      named V(clock). With O(state=absent) one verdict named V(time_sync).
  type: list
  elements: dict
  returned: always
  contains:
    check:
      description: The server, V(servers), V(clock) or V(time_sync).
      type: str
    status: {description: How it stands., type: str, sample: pass}
    summary:
      description: What was found.
      type: str
      sample: answers, stratum 2, offset 0.000120 s
    remedy: {description: What to do about it., type: str}
    reproduce: {description: A command that shows the same by hand., type: str}
    data:
      description:
        - Facts, such as C(offset) in seconds, C(stratum), C(reach), and C(required), whether it stops a role. For
          V(clock) also C(answering), how many of the C(servers) of chrony answer.
      type: dict
summary:
  {description: How many verdicts have each status., returned: always, type: dict,
   sample: {fail: 0, pass: 3, skipped: 0, unproven: 0, warn: 0}}
failed_checks: {description: The names of the verdicts that stop a role., returned: always, type: list, elements: str}
msg: {description: "What needs attention, as text to read.", returned: always, type: str}
"""

from ansible_collections.ack_edge.node.plugins.module_utils._module import run_module
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync.arguments import ARGUMENT_SPEC
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync.run import run


def main():
    """Run as an Ansible module."""
    run_module(run, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
