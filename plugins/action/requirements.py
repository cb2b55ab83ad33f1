# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Works out what the cluster requires of a host, on the controller; decides nothing that the lookup does not."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible.plugins.loader import lookup_loader
from ansible.utils.vars import load_extra_vars
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import failed, report
from ansible_collections.ack_edge.node.plugins.plugin_utils import _variables
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.gap_verdicts import gap_verdicts
from ansible_collections.ack_edge.node.plugins.plugin_utils._scope import ScopeError, check_inventory_scope

_LOOKUP = "ack_edge.node.region"
# Of the requirement set what playbooks read; all else of it is in role_variables.
_KEPT = (
    *("region", "name", "access_mode", "cluster_version", "cni", "vpc_cidrs", "node_cidrs", "pod_cidr", "service_cidr"),
    *("inbound", "gaps"),
)
_OWN = ("leased_line_gateway", "leased_line_interface", "skip_checks")


class ActionModule(ActionBase):
    """One look into the tables for each host; nothing is asked of the host."""

    TRANSFERS_FILES = False
    _requires_connection = False
    _supports_check_mode = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the requirement set, with a verdict for each gap; bad input and a blocking gap fail the host."""
        result = super().run(tmp, task_vars)
        known = task_vars or {}
        _validated, arguments = self.validate_argument_spec(argument_spec={"region": {"type": "raw"}})
        try:
            return result | self._requirements(arguments["region"], known)
        except (AnsibleError, ScopeError, ValueError) as error:
            # An exception would be wrapped in sentences of Ansible's own.
            problems = str(error).splitlines()
            message = "; ".join(problems) if len(problems) < 3 else f"{len(problems)} mistakes: {'; '.join(problems)}"
            return result | report([]) | {"failed": True, "failed_checks": ["requirements"], "msg": message}

    def _requirements(self, region: Any, known: dict[str, Any]) -> dict[str, Any]:
        host, groups = known["inventory_hostname"], known["groups"]
        extra = load_extra_vars(self._loader)
        if "edge_hosts" not in extra:
            check_inventory_scope(host, self._value("edge_hosts", known), groups, self._loader)
        self._check_probe_host(known)
        lookup = lookup_loader.get(_LOOKUP, loader=self._loader, templar=self._templar)
        term = self._value("region", known) if region is None else region
        requirements = lookup.run([term], variables=known)[0]
        # Without the variables of the play, which are not the user's.
        given = known["hostvars"].raw_get(host)
        verdicts = [*gap_verdicts(requirements["gaps"]), *filter(None, [_variables.judge(given, extra)])]
        own = {name: self._value(name, known) for name in _OWN}
        found = {key: requirements[key] for key in _KEPT} | report(verdicts)
        blocking = failed(verdicts)
        return found | {
            "failed": bool(blocking),
            "msg": "; ".join(f"{item['summary']}: {item['remedy']}" for item in blocking) or found["msg"],
            "site": self._value("site", known) or "",
            "role_variables": _variables.role_variables(requirements, own),
        }

    def _value(self, name: str, known: dict[str, Any]) -> Any:
        """Return a variable of the host, None where it is not set."""
        value = known.get(name)
        return None if value is None else self._templar.template(value)

    def _check_probe_host(self, known: dict[str, Any]) -> None:
        """Refuse a probe host that is no host of the inventory: its name would go to ssh as it is."""
        name = self._value("vpc_probe_host", known)
        if name in (None, ""):
            return
        if not isinstance(name, str) or name not in known["groups"]["all"] or name == "localhost":
            raise ScopeError(
                f"vpc_probe_host is {name!r}, expected the name of a host of the inventory; add the host to the group "
                "vpc_probes"
            )
