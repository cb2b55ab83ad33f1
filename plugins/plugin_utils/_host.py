# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the variables of one host say, and the requirement set that follows from them. Private to the collection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import UNPROVEN, verdict
from ansible_collections.ack_edge.node.plugins.plugin_utils import _extra, _variables
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.gap_verdicts import gap_verdicts
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import (
    IN_A_SURVEY,
    QUOTE_IT,
    RequirementError,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.of_values import of_values
from ansible_collections.ack_edge.node.plugins.plugin_utils._scope import ScopeError, check_inventory_scope
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Verdict

# Of the requirement set what playbooks read; all else of it is in role_variables.
_KEPT = (
    *("region", "name", "access_mode", "cluster_version", "cni", "vpc_cidrs", "node_cidrs", "pod_cidr", "service_cidr"),
    *("inbound", "gaps"),
)
# A slice has a part of the inventory, and with it the probe host or not.
_ELSEWHERE = "vpc_probe_host %s is not in the inventory of this slice, so nobody of the VPC has tried the inbound ports"
_ELSEWHERE_TO_DO = (
    "prove them in a job without slices, with --limit or edge_hosts for these hosts and the probe host; or leave "
    "vpc_probe_host out of the sliced job"
)
_OWN = ("leased_line_gateway", "leased_line_interface", "skip_checks", "host_state")


class Host:
    """The variables of one host, as a task sees them.

    :arg known: the variables of the task, templates not yet worked out.
    """

    def __init__(self, known: Mapping[str, Any], templar: Any, loader: Any) -> None:
        self._known, self._templar, self._loader = _extra.seen(known, loader), templar, loader
        self.name: str = known["inventory_hostname"]
        self.groups: Mapping[str, Any] = known["groups"]

    def value(self, name: str) -> Any:
        """Return a variable, None where it is not set.

        :raises AnsibleError: if it is a template, or vaulted, and has no value; the text names the variable.
        """
        value = self._known.get(name)
        if value is None:
            return None
        try:
            return self._templar.template(value)
        except AnsibleError as error:
            said = str(error).rstrip(".")
            raise AnsibleError(
                f"{name} has no value: {said}. Correct it where it is set, or give what it needs"
            ) from None

    def requirements(self, region: Any = None) -> tuple[dict[str, Any], list[Verdict]]:
        """Return what playbooks and roles read of the requirement set, and the verdicts about it.

        :arg region: in place of the variable.
        :raises AnsibleError, ScopeError, ValueError: if variables are wrong; the text names all of them, one per line.
        """
        extra = _extra.given(self._loader)
        if "edge_hosts" not in extra:
            check_inventory_scope(self.name, self.value("edge_hosts"), self.groups, self._loader)
        probe_host = self.probe_host()
        site = self._site(extra)
        try:
            found = of_values(self.value("region") if _inputs.is_unset(region) else region, self.value)
        except ValueError as error:
            if not _extra.in_awx(self._known):
                raise
            raise RequirementError(str(error).replace(QUOTE_IT, IN_A_SURVEY).splitlines()) from error
        kept = {key: value for key, value in found.items() if key in _KEPT}
        # Without the variables of the play, which are not the user's.
        given = self._known["hostvars"].raw_get(self.name)
        verdicts = [*gap_verdicts(found["gaps"]), *filter(None, [_variables.judge(given, extra)])]
        if not probe_host and found["inbound"] and not _inputs.is_unset(name := self.value("vpc_probe_host")):
            verdicts.append(verdict("gap_vpc_probe_host", UNPROVEN, _ELSEWHERE % name, _ELSEWHERE_TO_DO))
        own = {name: self.value(name) for name in _OWN}
        return {
            **kept,
            "site": site,
            "role_variables": _variables.role_variables(found, own),
        }, verdicts

    def _site(self, extra: Mapping[str, Any]) -> str:
        value = self.value("site")
        if isinstance(value, int | float) and "site" in extra and _extra.in_awx(self._known):
            raise ScopeError(
                f"site is {value!r}, which came as a number, and as a number 0123 is 83; in a survey write a name with "
                "a letter, such as dc-0123"
            )
        return "" if _inputs.is_unset(value) else str(value)

    def probe_host(self) -> str:
        """Return the probe host that is named, "" where none is, or where it is a host of another slice of the job.

        :raises ScopeError: if it is not a host of the inventory: its name would go to ssh as it is.
        """
        name = self.value("vpc_probe_host")
        if _inputs.is_unset(name):
            return ""
        if isinstance(name, str) and name in self.groups["all"] and name != "localhost":
            return name
        if isinstance(name, str) and name != "localhost" and _extra.in_slice(self._known):
            return ""
        raise ScopeError(
            f"vpc_probe_host is {name!r}, expected the name of a host of the inventory; add the host to the group "
            "vpc_probes"
        )


def mistakes(error: Exception) -> str:
    """Return the mistakes that an error of :meth:`Host.requirements` names, as one line.

    An exception would be wrapped in sentences of Ansible's own.
    """
    problems = str(error).splitlines()
    return "; ".join(problems) if len(problems) < 3 else f"{len(problems)} mistakes: {'; '.join(problems)}"
