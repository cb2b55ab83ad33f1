# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ipsets of ours in firewalld: which commands make a set what it is to be, and how the diff says it."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.ipsets import IpSets, set_lines
from fakes.firewalld import firewalld_system

TOOL = ["firewall-cmd", "--permanent"]
NAME = "ack-edge-4-0123456789ab"
entries = frozenset


@pytest.fixture
def system(tmp_path):
    return firewalld_system(tmp_path)


@pytest.mark.parametrize("have", [None, {"10.0.0.0/24"}, {"10.0.0.0/24", "10.2.0.0/24", "10.4.0.0/24"}, set()])
def test_a_set_is_made_what_it_is_to_be(system, have):
    sets = IpSets(system.node())
    wanted = {NAME: entries(["10.0.0.0/24", "10.2.0.0/24"])}
    before = {} if have is None else {NAME: entries(have)}
    if have is not None:
        system.programs["firewall-cmd"].ipsets["boot"][NAME] = sorted(have)
    sets.make(TOOL, before, wanted)
    assert sets.observe({"boot": TOOL}) == {"boot": wanted}


def test_a_set_that_is_right_is_not_touched(system):
    wanted = {NAME: entries(["10.0.0.0/24"])}
    IpSets(system.node()).make(TOOL, wanted, wanted)
    assert system.calls == []


def test_sets_of_others_are_not_seen(system):
    system.programs["firewall-cmd"].ipsets["boot"] = {"vpc": ["10.0.0.0/8"], NAME: []}
    assert IpSets(system.node()).observe({"boot": TOOL}) == {"boot": {NAME: entries()}}


def test_a_dropped_set_leaves_no_file(system):
    sets = IpSets(system.node())
    wanted = {NAME: entries(["10.0.0.0/24"])}
    before = system.files()
    sets.make(TOOL, {}, wanted)
    sets.drop(TOOL, wanted, {})
    assert system.files() == before


def test_the_file_that_a_killed_run_left_of_a_dropped_set_is_seen_and_goes(system):
    sets = IpSets(system.node())
    kept = system.path(f"/etc/firewalld/ipsets/{NAME}.xml.old")
    kept.write_text("")
    assert sets.observe({"boot": TOOL}) == {"boot": {NAME: None}}
    sets.drop(TOOL, {NAME: None}, {})
    assert not kept.exists()


def test_the_diff_names_each_entry():
    have = {"a": entries(["10.0.0.0/24", "10.2.0.0/24"]), "b": entries(["10.4.0.0/24"]), "c": None}
    wanted = {"a": entries(["10.0.0.0/24"]), "b": entries(["10.4.0.0/24"])}
    before, after = set_lines(have, wanted)
    assert before == [
        "ipset a",
        "ipset a: 10.0.0.0/24",
        "ipset a: 10.2.0.0/24",
        "ipset c: its file in firewalld",
    ]
    assert after == ["ipset a", "ipset a: 10.0.0.0/24"]
