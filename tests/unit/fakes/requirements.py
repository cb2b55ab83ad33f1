# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of the catalogue and of requirement sets share."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.build import RequirementError, build
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import load
from hypothesis import HealthCheck, settings

CATALOGUE = load()
REGIONS = list(CATALOGUE.regions)
VPC = ["192.168.0.0/16"]
# Property tests measure laws, not the speed of a machine that may be busy.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def leased(region: str = "cn-beijing", **options: Any) -> dict[str, Any]:
    given = {"access_mode": "leased_line", "vpc_cidrs": VPC, "cluster_version": "1.30", **options}
    return build(CATALOGUE, region, **given)


def internet(region: str = "cn-beijing", **options: Any) -> dict[str, Any]:
    return build(CATALOGUE, region, **{"access_mode": "internet", "cluster_version": "1.30", **options})


def refused(region: Any = "cn-beijing", **options: Any) -> list[str]:
    """Return the problems for which a requirement set is refused; they are what the error says."""
    with pytest.raises(RequirementError) as caught:
        build(CATALOGUE, region, **options)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def endpoint(result: dict[str, Any], name: str) -> dict[str, Any]:
    found = [row for row in result["endpoints"] if row["name"] == name]
    assert len(found) == 1, f"{name} is {len(found)} times among {names(result)}"
    return found[0]


def names(result: dict[str, Any], key: str = "endpoints") -> list[str]:
    return [row["name"] for row in result[key]]


def destinations(result: dict[str, Any], key: str = "routes") -> list[str]:
    return [row["destination"] for row in result[key]]


def gap(result: dict[str, Any], what: str) -> dict[str, Any] | None:
    found = [row for row in result["gaps"] if row["what"] == what]
    assert len(found) <= 1
    return found[0] if found else None


# The variables of a host over a leased line, without a gap.
WHOLE = {
    "region": "cn-beijing",
    "vpc_cidrs": ["192.168.0.0/16"],
    "node_cidrs": ["10.20.0.0/16"],
    "cluster_version": "1.30.7",
    "api_server": "192.168.0.10",
    "ntp_servers": ["ntp.idc.example"],
    "leased_line_gateway": "10.20.0.253",
}
