# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said about an item, by how it stands in each fact."""

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import plan as planner
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import verdicts
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import Fact, Found, Obstacle, Rule
from fakes.firewall import KUBELET, items_of


def rule(number):
    return Rule(("zone",), 4, "tcp", ((1, 1),), ((number, number),), "")


def found(number, ours, label=""):
    return Found(None if number is None else rule(number), label, ours, number, f"text {number}")


def fact(desired, seen, name="runtime", extra_lines=((), ()), obstacle=None):
    return Fact(name, tuple(desired), tuple(seen), extra_lines, obstacle)


def test_a_place_that_cannot_hold_it_is_a_warning_with_a_remedy():
    item = items_of(KUBELET)[0]
    changes = [
        planner.plan(fact([("kubelet", rule(1))], [found(1, True)])),
        planner.plan(fact([], [], "boot", obstacle=Obstacle("nothing loads it at boot", "enable it"))),
    ]
    verdict = verdicts.present(item, "nftables", changes, "", "")
    assert (verdict["status"], verdict["remedy"]) == ("warn", "enable it")
    assert verdict["data"] == {"backend": "nftables", "runtime": "ok", "boot": "none", "required": True}
    assert "is open now, but nothing loads it at boot" in verdict["summary"]


def test_the_fact_that_is_wrong_is_named():
    item = items_of(KUBELET)[0]
    changes = [
        planner.plan(fact([("kubelet", rule(1))], [found(1, True)])),
        planner.plan(fact([("kubelet", rule(1))], [], "boot")),
    ]
    verdict = verdicts.present(item, "nftables", changes, "", "")
    assert verdict["status"] == "fail"
    assert verdict["summary"].endswith("is not open after a reboot")
    assert (verdict["data"]["runtime"], verdict["data"]["boot"]) == ("ok", "missing")


def test_words_for_people_are_short():
    sources = [f"10.0.{third * 2}.0/24" for third in range(9)]
    assert verdicts.describe(items_of(dict(KUBELET, sources=sources))[0]).endswith("10.0.6.0/24 and 5 more")
    assert verdicts.describe(items_of(KUBELET)[0]) == "TCP 10250, 10255 from 192.168.0.0/16"


def test_what_a_run_has_opened_and_somebody_has_closed_is_drift():
    item = items_of(KUBELET)[0]
    gone = [planner.plan(fact([("kubelet", rule(1))], []))]
    there = [planner.plan(fact([("kubelet", rule(1))], [found(1, True)]))]
    assert verdicts.present(item, "nftables", gone, "", "", ours=True)["data"]["drift"] is True
    assert "drift" not in verdicts.present(item, "nftables", gone, "", "")["data"]
    assert "drift" not in verdicts.present(item, "nftables", there, "", "", ours=True)["data"]
