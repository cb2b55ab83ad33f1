# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup ack_edge.node.edge_hosts: the hosts of a play as a pattern, or an error where a run could not mean them."""

from __future__ import annotations

DOCUMENTATION = r"""
name: edge_hosts
short_description: Return the host pattern of a play, and refuse to run on nobody
version_added: 0.1.0
author: The ack_edge.node authors (@ack-edge)
description:
  - For C(hosts) of a play. Returns the pattern that it is given, or all hosts but those of the group C(vpc_probes).
  - Ansible ends with exit status 0 where a pattern matches no host, an inventory is empty or an inventory source cannot
    be read. For a gate over a fleet that is a wrong answer, so each of these is an error here, without any setting in
    C(ansible.cfg).
  - With C(--limit) at least one host must be left. With C(--syntax-check) nothing is checked.
  - Variables of this collection that C(-e) or a survey gives as V("") or V(null) are unset from then on, so that what
    the inventory says of a host counts.
options:
  _terms:
    description: Host pattern, or a list of them. Empty (V("") or V(null)) is the same as none.
    type: list
    elements: raw
  whole:
    description:
      - Whether the play only works from its first task on. C(--start-at-task) is an error then.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Prepare hosts
  hosts: "{{ lookup('ack_edge.node.edge_hosts', edge_hosts | default('', true)) }}"
  tasks: []
"""

RETURN = r"""
_raw:
  description: One host pattern.
  type: list
  elements: str
  sample: ['all:!vpc_probes']
"""

from typing import Any

from ansible import context
from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible_collections.ack_edge.node.plugins.plugin_utils import _extra, _refused
from ansible_collections.ack_edge.node.plugins.plugin_utils._scope import ScopeError, joined, matching


class LookupModule(LookupBase):
    """One pattern."""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """Return the pattern in a list.

        :raises AnsibleLookupError: no host matches, an inventory source was refused, or a play was to begin half-way.
        """
        self.set_options(var_options=variables, direct=kwargs)
        # Before any host is looked at, and in the process that all tasks come from.
        _extra.forget_unset(self._loader)
        options = context.CLIARGS
        groups = (variables or {}).get("groups") or {}
        try:
            pattern = joined(terms) or ("all:!vpc_probes" if "vpc_probes" in groups else "all")
            if options.get("syntax"):
                return [pattern]
            if self.get_option("whole") and options.get("start_at_task"):
                raise ScopeError(
                    f"--start-at-task is {options['start_at_task']!r}: this playbook works out the requirements of "
                    "each host in its first task, so it cannot begin at a later one. Use --tags with names of roles. "
                    "Nothing was changed"
                )
            if reasons := _refused.reasons():
                raise ScopeError("an inventory source was refused, so hosts would be missing. " + " ".join(reasons))
            matching(pattern, groups, self._loader, options.get("subset"))
        except ScopeError as error:
            raise AnsibleLookupError(str(error)) from error
        return [pattern]
