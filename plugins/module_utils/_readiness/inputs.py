# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user gives to readiness_info. Private to the collection. Pure."""

import ipaddress
import re

from ansible_collections.ack_edge.node.plugins.module_utils._readiness import registry

_VERSION = re.compile(r"^\d+\.\d+(\.\d+)?(-[a-z0-9.]+)?\Z")


def problems(params):
    """Return what is wrong with the parameters, a list of sentences."""
    found = []
    for option in ("checks", "skip", "advisory"):
        label = "skip (skip_checks of the playbooks)" if option == "skip" else option
        found += registry.problems(label, params[option])
    for option in ("pod_cidr", "service_cidr", "node_cidrs"):
        for text in params[option]:
            found += _not_a_network(option, text)
    found += _not_an_address("leased_line_gateway", params["leased_line_gateway"])
    version = params["cluster_version"]
    if version and not _VERSION.match(version):
        found.append(f"cluster_version is '{version}', expected a version such as '1.30.7-aliyun.1' or '1.30'")
    if params["min_free_mb"] <= 0:
        found.append(f"min_free_mb is {params['min_free_mb']}, expected more than 0")
    if params["max_clock_offset"] <= 0:
        found.append(f"max_clock_offset is {params['max_clock_offset']:g}, expected more than 0 seconds")
    return found


def _not_a_network(option, text):
    try:
        ipaddress.ip_network(text)
    except ValueError:
        try:
            right = ipaddress.ip_interface(text).network
        except ValueError:
            return [f"{option} has '{text}', expected a network such as 10.244.0.0/16"]
        return [f"{option} has '{text}', which has host bits set; the network is {right}"]
    return []


def _not_an_address(option, text):
    if not text:
        return []
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return [f"{option} is '{text}', expected an address such as 10.99.0.253"]
    return []
