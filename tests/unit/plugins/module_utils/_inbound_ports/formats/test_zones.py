# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Zones and policies as firewall-cmd lists them, which of them packets meet, and what makes an ipset right."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.zones import (
    IpSets,
    Policy,
    parse_policies,
    parse_zones,
    set_lines,
)
from fakes.firewalld import firewalld_system
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("title", ["%s", "%s (active)", "%s (default, active)"])
def test_a_listing_of_zones_is_read_whatever_version_wrote_it(title):
    text = (
        title % "public" + "\n  target: default\n  interfaces: eth0 en+\n  sources: \n  rich rules: \n\t"
        'rule family="ipv4" accept\n\trule priority="1" drop\n\n' + title % "work" + "\n  sources: 10.0.0.0/8 ipset:a\n"
    )
    assert parse_zones(text) == {
        "public": (["eth0", "en+"], [], ['rule family="ipv4" accept', 'rule priority="1" drop'], "default"),
        "work": ([], ["10.0.0.0/8", "ipset:a"], [], ""),
    }


@pytest.mark.parametrize(
    "listed",
    [
        "  forward-ports: port=80:proto=tcp:toport=8080:toaddr=\n\tport=81:proto=udp:toport=1:toaddr=192.0.2.9\n",
        "  forward-ports: \n\tport=80:proto=tcp:toport=8080:toaddr=\n\tport=81:proto=udp:toport=1:toaddr=192.0.2.9\n",
    ],
)
def test_forwarded_ports_are_rules(listed):
    (zone,) = parse_zones("public\n  target: default\n" + listed + "  rich rules: \n\trule drop\n").values()
    forwarded = ["port=80:proto=tcp:toport=8080:toaddr=", "port=81:proto=udp:toport=1:toaddr=192.0.2.9"]
    assert zone.rules == [*forwarded, "rule drop"]


def test_a_listing_of_policies_is_read():
    text = (
        "allow-host-ipv6 (active)\n  priority: -15000\n  target: CONTINUE\n  ingress-zones: ANY\n  egress-zones: HOST\n"
        '  services: \n  rich rules: \n\trule family="ipv6" icmp-type name="redirect" accept\n\n'
        "guard\n  priority: 5\n  target: DROP\n  ingress-zones: work public\n  egress-zones: \n  rich rules: \n"
    )
    assert parse_policies(text) == {
        "allow-host-ipv6": Policy(
            -15000, "CONTINUE", ["ANY"], ["HOST"], ['rule family="ipv6" icmp-type name="redirect" accept']
        ),
        "guard": Policy(5, "DROP", ["work", "public"], [], []),
    }


@pytest.mark.parametrize(
    ("policy", "before"),
    [
        (Policy(-1, "", ["ANY"], ["HOST"], []), True),
        (Policy(-1, "", ["work", "public"], ["HOST"], []), True),
        (Policy(-1, "", ["work"], ["HOST"], []), False),
        (Policy(-1, "", ["ANY"], ["ANY"], []), False),
        (Policy(1, "", ["ANY"], ["HOST"], []), False),
    ],
)
def test_which_policies_packets_to_the_node_meet_before_their_zone(policy, before):
    assert policy.comes_before("public") is before


LINES = st.lists(
    st.sampled_from(["public (active)", "  priority: x", "\trule drop", "  interfaces: eth0", "", ":"])
    | st.text(max_size=9)
)


@given(LINES.map("\n".join))
def test_odd_listings_are_read_without_a_complaint(text):
    assert len(parse_zones(text)) == len(parse_policies(text))


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
