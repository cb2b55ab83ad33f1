# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Module preflight_info: everything that a host must fulfil, looked at in one execution."""

DOCUMENTATION = r"""
module: preflight_info
short_description: Check everything that a host must fulfil, in one execution
version_added: 1.0.0
author: The ack_edge.node authors (@ack-edge)
description:
  - Works out what the cluster requires of the host, as M(ack_edge.node.requirements) does, and lets every section look
    at the host at the same time. Nothing is changed, with and without check mode.
  - A section is one module of this collection in check mode, with the arguments that the role of the same name would
    give it. So its verdicts are those of the module, and it says whether a run of the role would change something.
  - Each verdict says in C(data.section) which section it is from and, where something is to do, in C(data.fixed_by)
    whether M(ack_edge.node.preflight_info) expects V(prepare_edge), the V(network) team or the V(operator) to fix it.
  - What a module would refuse, such as a tool that is too old or two active firewalls, is a failed verdict of its
    section, so that all reasons are known before anything is changed.
extends_documentation_fragment:
  - ack_edge.node.attributes.info
options:
  sections:
    description:
      - The sections to look at, some of V(readiness), V(system_tools), V(time_sync), V(inbound_ports),
        V(leased_line_routes) and V(reachability). They are the names of the roles.
      - By default those whose tags are selected (C(--tags), C(--skip-tags)), all without one.
      - V(system_tools) is left out by default unless O(before_change) is set; the check V(system_tools) of V(readiness)
        says which tools are missing.
    type: raw
  before_change:
    description:
      - Whether the roles are about to change the host. V(system_tools) is looked at then, too, and tools that it is
        about to install are only reported by V(readiness).
    type: bool
    default: false
  deadline:
    description: Seconds for all sections together. What is not finished then is V(unproven).
    type: float
    default: 120
  region:
    description: Region id of the cluster. By default the variable C(region) of the host.
    type: raw
seealso:
  - module: ack_edge.node.requirements
  - module: ack_edge.node.assert_ready
"""

EXAMPLES = r"""
- name: Check the whole host
  ack_edge.node.preflight_info:
    region: cn-beijing
  register: ack_edge_preflight

- name: Say whether the host is ready
  ack_edge.node.assert_ready:
    preflight: "{{ ack_edge_preflight }}"
"""

RETURN = r"""
results:
  description:
    - The verdicts of all sections in the order of the sections, after those about the requirement set. C(data.section)
      is the name of the section, C(data.fixed_by) who fixes it.
  type: list
  elements: dict
  returned: always
summary:
  {description: How many verdicts have each status., returned: always, type: dict,
   sample: {fail: 0, pass: 42, skipped: 2, unproven: 0, warn: 1}}
failed_checks: {description: The names of the verdicts that stop a role., returned: always, type: list, elements: str}
msg: {description: "What needs attention, as text to read.", returned: always, type: str}
sections:
  description: What is known of each section beside its verdicts, by its name.
  returned: success
  type: dict
  contains:
    would_change: {description: Whether a run of the role would change the host., type: bool}
    refused: {description: Whether a run of the role would fail before it changes anything., type: bool}
    finished: {description: Whether the section finished within O(deadline)., type: bool}
    msg: {description: Why it would be refused., type: str}
    diff: {description: What a run of the role would change., type: dict}
    backend: {description: The firewall of V(inbound_ports)., type: str}
  sample:
    leased_line_routes: {would_change: false, refused: false, finished: true, msg: ""}
to_do:
  description: Names of the roles that have something to do on the host, in their order.
  returned: success
  type: list
  elements: str
  sample: [inbound_ports, leased_line_routes, reachability]
obstacles:
  description:
    - What keeps the roles from succeeding, as a report for M(ack_edge.node.assert_passed), empty for nothing. It has
      the sections that would refuse their work, the required checks of V(readiness) that failed or did not finish, and,
      where no role would change anything, every other required check that failed.
    - Sections that C(<role>_enforce=false) tolerates are in it only where they would refuse their work.
  returned: success
  type: dict
nothing_to_do:
  description: Whether RV(to_do) and RV(obstacles) are empty, so that a run of the roles is over for the host.
  returned: success
  type: bool
prober:
  description: Name of the host of the VPC that can try the inbound ports of this one, V("") for none.
  returned: success
  type: str
  sample: vpc-host
requirements:
  description:
    - What M(ack_edge.node.requirements) returns of the requirement set, with the C(role_variables) of the roles in
      RV(to_do) only.
  returned: success
  type: dict
"""

from ansible_collections.ack_edge.node.plugins.module_utils._module import run_module
from ansible_collections.ack_edge.node.plugins.module_utils._preflight.run import Section
from ansible_collections.ack_edge.node.plugins.module_utils._preflight.run import run as run_sections

# Each section is imported where it is asked for: a node compiles what it imports anew in each execution.


def _readiness():
    from ansible_collections.ack_edge.node.plugins.module_utils._readiness import arguments
    from ansible_collections.ack_edge.node.plugins.module_utils._readiness.run import run as engine

    return Section(engine, arguments.ARGUMENT_SPEC)


def _system_tools():
    from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import arguments
    from ansible_collections.ack_edge.node.plugins.module_utils._system_tools.look import look

    return Section(look, arguments.ARGUMENT_SPEC, arguments.REQUIRED_IF)


def _time_sync():
    from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import arguments
    from ansible_collections.ack_edge.node.plugins.module_utils._time_sync.look import look

    return Section(look, arguments.ARGUMENT_SPEC)


def _inbound_ports():
    from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import arguments
    from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.look import look

    return Section(look, arguments.ARGUMENT_SPEC, arguments.REQUIRED_IF)


def _leased_line_routes():
    from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import arguments
    from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.look import look

    return Section(look, arguments.ARGUMENT_SPEC)


def _reachability():
    from ansible_collections.ack_edge.node.plugins.module_utils._reachability import arguments
    from ansible_collections.ack_edge.node.plugins.module_utils._reachability.run import run as engine

    return Section(engine, arguments.ARGUMENT_SPEC)


SECTIONS = {
    "readiness": _readiness,
    "system_tools": _system_tools,
    "time_sync": _time_sync,
    "inbound_ports": _inbound_ports,
    "leased_line_routes": _leased_line_routes,
    "reachability": _reachability,
}
ARGUMENT_SPEC = {
    "sections": {"type": "raw"},
    "before_change": {"type": "bool", "default": False},
    "deadline": {"type": "float", "default": 120.0},
    "region": {"type": "raw"},
}


def run(node, params, _check_mode):
    """Let the sections look at the node; return the result of the module (dict). Nothing is changed."""
    asked = params["sections"] if isinstance(params["sections"], dict) else {}
    return run_sections(node, params, {name: load() if name in asked else None for name, load in SECTIONS.items()})


def main():
    """Run as an Ansible module."""
    run_module(run, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
