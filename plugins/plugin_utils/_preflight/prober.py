# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which host of the VPC tries the inbound ports of a host. Private to the collection. Pure."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any


def prober(host: str, requirements: Mapping[str, Any], chosen: str, probes: Sequence[str]) -> str:
    """Return the name of the probe host, "" where nobody tries the ports.

    :arg chosen: vpc_probe_host, "" where it is not set. :arg probes: the hosts of the group vpc_probes.
    """
    if not requirements["inbound"]:
        return ""
    # Over the Internet nothing of the VPC comes in; another node of the site can be named as the probe host.
    if chosen or requirements["access_mode"] != "leased_line":
        return chosen
    # The same one for the same host in every run, and all of them equally often.
    return random.Random(host).choice(sorted(probes)) if probes else ""
