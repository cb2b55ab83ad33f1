# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which checks there are, in which order, and how a selection of them runs. Private to the collection.

A check is a file of its own with ID, TITLE and ``run(facts, inputs) -> verdict``. Its ID is what users write into
skip_checks and what pipelines look for: it is never renamed and never changes its meaning. docs/architecture.md says
what belongs to a new one.
"""

import difflib

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import (
    cgroups,
    clock,
    clock_setters,
    clock_step,
    cni_config,
    default_route,
    disk_space,
    earlier_join,
    gpu_driver,
    host_state,
    interface_mtu,
    ip_forwarding,
    ip_rule,
    kernel_modules,
    leased_line,
    machine_id,
    node_name,
    os_support,
    own_address,
    pod_service_overlap,
    ports_taken,
    privileges,
    proxy_variables,
    read_only,
    resolver_loop,
    rp_filter,
    selinux,
    supernet_in_use,
    swap,
    system_tools,
    systemd,
    time_zone,
)
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import SKIPPED, UNPROVEN, verdict

# The order in which results come back: what an operator would look at first comes first.
CHECKS = (
    privileges,
    read_only,
    os_support,
    systemd,
    kernel_modules,
    cgroups,
    selinux,
    node_name,
    machine_id,
    own_address,
    default_route,
    ip_rule,
    ip_forwarding,
    interface_mtu,
    pod_service_overlap,
    leased_line,
    rp_filter,
    supernet_in_use,
    host_state,
    earlier_join,
    cni_config,
    resolver_loop,
    ports_taken,
    system_tools,
    clock,
    clock_setters,
    clock_step,
    time_zone,
    disk_space,
    swap,
    proxy_variables,
    gpu_driver,
)


def ids():
    """Return the ids of all checks (list of str), in their order."""
    return [check.ID for check in CHECKS]


def problems(option, named):
    """Return one sentence for each of the ids that is no check; ``option`` is where the user wrote them."""
    found, known = [], ids()
    for name in named:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            found.append(
                f"{option} lists {name!r}, which is not a valid check; {hint}the checks are {', '.join(known)}"
            )
    return found


def look(facts, inputs, selected=(), skip=(), advisory=()):
    """Run checks and return their verdicts in the order of CHECKS.

    :arg facts: a Facts; :arg inputs: the parameters of readiness_info (dict).
    :arg selected: ids to run, all if empty. :arg skip: ids of these that come back as skipped.
    :arg advisory: ids whose failure does not stop a role.
    """
    verdicts = []
    for check in CHECKS:
        if selected and check.ID not in selected:
            continue
        if check.ID in skip:
            result = verdict(check.ID, SKIPPED, f"{check.TITLE}: skipped by the user")
        else:
            result = _guarded(check, facts, inputs)
        if check.ID in advisory:
            result["data"]["required"] = False
        verdicts.append(result)
    return verdicts


def _guarded(check, facts, inputs):
    """Run one check; what cannot be looked at is unproven, and the other checks still run."""
    try:
        return check.run(facts, inputs)
    except (NodeError, OSError) as error:
        return verdict(
            check.ID,
            UNPROVEN,
            f"{check.TITLE}: could not be checked: {error}",
            "fix the reported problem, then run again",
        )
