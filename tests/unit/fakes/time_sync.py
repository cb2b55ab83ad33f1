# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One run of time_sync on a node of fakes, and the configurations of chrony that it meets."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import run as engine

from fakes.chrony import DEBIAN_CONF, EL_CONF, OLD_CONF

SYSTEMS = [("debian", DEBIAN_CONF), ("debian", OLD_CONF), ("redhat", EL_CONF), ("redhat", OLD_CONF)]
PARAMS = {"servers": ["ntp1.site", "ntp2.site"], "state": "present", "verify_only": False, "max_offset": 1.0, "wait": 0}
ABSENT = {**PARAMS, "state": "absent"}
INCLUDING_CONF = EL_CONF + "include /etc/chrony.d/*.conf\n"
KINDS = [*SYSTEMS, ("redhat", INCLUDING_CONF)]


def run(world, check_mode=False, **changes):
    return engine.run(world.node, {**PARAMS, **changes}, check_mode)


def statuses(result):
    return [(item["check"], item["status"]) for item in result["results"]]


def with_rivals(world):
    world.units["systemd-timesyncd.service"] = {"load": "loaded", "active": True, "enabled": True}
    world.units["ntpd.service"] = {"load": "loaded", "active": False, "enabled": True}
    return world
