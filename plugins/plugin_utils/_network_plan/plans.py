# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what was given to the plans of all sites. Private to the collection. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan import build, evidence, inputs, lines
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.open_items import ordered
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import Catalogue


def make(
    catalogue: Catalogue, entries: Iterable[Mapping[str, Any]], report: Mapping[str, Any] | None = None
) -> list[Plan]:
    """Return a plan for each site, sorted by name.

    :arg entries: the values of each site, as ``sources`` returns them.
    :arg report: a fleet report that ``_merge.check`` took.
    :raises PlanError: where no plan can be made; the text has every problem of every site.
    """
    sites = inputs.read(catalogue, entries)
    lines.check(sites)
    return [_plan(site, sites, report) for site in sites]


def _plan(site: inputs.SiteInput, sites: list[inputs.SiteInput], report: Mapping[str, Any] | None) -> Plan:
    if report is None:
        plan = build.make(site)
    else:
        name, region = site.site["name"], site.requirements["region"]
        seen = evidence.read(report, name, region, alone=len(sites) == 1)
        plan = evidence.add(build.make(site, evidence.resolved(seen, site)), seen, site)
    plan["open_items"] = ordered([*plan["open_items"], *lines.items(site, sites)])
    return plan
