# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Zones and policies as firewall-cmd lists them, and which of them packets meet."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.zones import (
    Policy,
    parse_policies,
    parse_zones,
)
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
