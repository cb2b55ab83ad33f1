# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import settle as _settle
from fakes.chrony import DEBIAN_CONF, TimeWorld


def settle(world, servers, wait=30, restarted=True):
    def sleep(seconds):
        world.time += seconds

    _settle.settle(world.node, servers, 1.0, wait=wait, restarted=restarted, clock=lambda: world.time, sleep=sleep)
    return world.time


def running(tmp_path, *servers):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    world.units["chrony.service"]["active"] = True
    world.running_with = "".join(f"server {name} iburst\n" for name in servers)
    return world


def test_a_right_clock_is_not_waited_for(tmp_path):
    world = running(tmp_path, "ntp1.site")
    assert settle(world, ["ntp1.site"]) == 0


def test_a_wrong_one_is_waited_for_as_long_as_allowed(tmp_path):
    world = running(tmp_path, "ntp1.site")
    world.servers["ntp1.site"] = None
    assert settle(world, ["ntp1.site"], wait=7) == 7


def test_a_dead_server_beside_a_good_one_costs_ten_seconds_and_only_after_a_change(tmp_path):
    world = running(tmp_path, "ntp1.site", "ntp2.site")
    world.servers["ntp2.site"] = None
    assert settle(world, ["ntp1.site", "ntp2.site"]) == 10
    world.time = 0
    assert settle(world, ["ntp1.site", "ntp2.site"], restarted=False) == 0


def test_without_wait_nothing_waits(tmp_path):
    world = running(tmp_path, "ntp1.site")
    world.servers["ntp1.site"] = None
    assert settle(world, ["ntp1.site"], wait=0) == 0


@pytest.mark.parametrize(
    ("stratum", "offset", "after"),
    [("3", "0.1", 0.0), ("16", "0.0", 7.0), ("3", "9000.0", 7.0), (None, None, 0.0)],
)
def test_an_ntpd_is_given_time_to_start(tmp_path, stratum, offset, after):
    world = TimeWorld(tmp_path)

    def run(argv, stdin=None, timeout=60):
        out = f"leap=00, stratum={stratum}, offset={offset}, refid=10.0.0.1\n" if argv[0] == "ntpq" and stratum else ""
        return Completed(argv, 0 if out else 1, out, "")

    def sleep(seconds):
        world.time += seconds

    _settle.await_clock(Node(runner=run), 1.0, wait=7, running=False, clock=lambda: world.time, sleep=sleep)
    assert world.time == after
