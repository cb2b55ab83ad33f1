# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user gives to readiness_info. Private to the collection. Pure."""

import re

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.module_utils._readiness import registry
from ansible_collections.ack_edge.node.plugins.module_utils._system import membership

_VERSION = re.compile(r"^\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?\Z")


def problems(params):
    """Return what is wrong with the parameters, a list of sentences."""
    found = []
    for option in ("checks", "skip", "advisory"):
        label = "skip (skip_checks of the playbooks)" if option == "skip" else option
        found += registry.problems(label, params[option])
    for option in ("pod_cidr", "service_cidr", "node_cidrs", "vpc_cidrs"):
        _inputs.each(found, option, params[option], _inputs.network)
    if params["leased_line_gateway"]:
        _inputs.attempt(found, "leased_line_gateway", params["leased_line_gateway"], _inputs.address)
    if params["api_server"]:
        _inputs.attempt(found, "api_server", params["api_server"], membership.api_server)
    version = params["cluster_version"]
    if version and not _VERSION.match(version):
        found.append(f"cluster_version is '{version}', expected a version such as '1.30.7-aliyun.1' or '1.30'")
    if params["min_free_mb"] <= 0:
        found.append(f"min_free_mb is {params['min_free_mb']}, expected more than 0")
    _inputs.attempt(found, "max_clock_offset", params["max_clock_offset"], _inputs.seconds, above=True)
    return found
