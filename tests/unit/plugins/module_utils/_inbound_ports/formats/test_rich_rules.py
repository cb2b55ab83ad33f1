# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rich rules and zone files of firewalld, typed."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import rich_rules as rich
from fakes.firewall import KUBELET, VXLAN, items_of
from fakes.firewalld import VENDOR_ZONE
from hypothesis import given
from hypothesis import strategies as st

OURS = 'rule family="ipv4" source address="10.0.0.0/8" port port="10250" protocol="tcp" accept'
XML = """  <rule family="ipv4">
    <source address="10.0.0.0/8"/>
    <port port="10250" protocol="tcp"/>
    <accept/>
  </rule>
"""


def test_the_exact_text_of_rules():
    texts = [rich.rule_text(rule) for item in items_of(KUBELET, VXLAN) for rule in rich.rules_of(item, "public")]
    assert texts == [
        'rule family="ipv4" source address="192.168.0.0/16" port port="10250" protocol="tcp" accept',
        'rule family="ipv4" source address="192.168.0.0/16" port port="10255" protocol="tcp" accept',
        'rule family="ipv4" source address="10.0.0.0/8" port port="8472" protocol="udp" accept',
        'rule family="ipv6" source address="fd00::/64" port port="8472" protocol="udp" accept',
    ]


@given(st.ip_addresses(), st.integers(1, 65535), st.integers(0, 10), st.sampled_from(["tcp", "udp"]))
def test_a_rule_reads_back_as_itself(address, first, size, protocol):
    raw = dict(KUBELET, protocol=protocol, sources=[str(address)], ports=[f"{first}-{min(first + size, 65535)}"])
    for rule in rich.rules_of(items_of(raw)[0], "public"):
        assert rich.parse_rule("public", rich.rule_text(rule)) == rule


def test_an_address_with_and_without_its_length_is_the_same():
    text = 'rule family="ipv4" source address="10.0.0.1%s" port port="80" protocol="tcp" accept'
    assert rich.parse_rule("public", text % "") == rich.parse_rule("public", text % "/32")
    assert rich.parse_rule("public", text % "") is not None


@pytest.mark.parametrize(
    "text",
    [
        OURS.replace("accept", "drop"),
        OURS.replace("source ", "source NOT "),
        OURS.replace("rule ", 'rule priority="-5" '),
        OURS.replace("accept", "log accept"),
        OURS.replace("accept", 'accept limit value="1/m"'),
        OURS.replace("ipv4", "ipv6"),
        OURS.replace("10.0.0.0/8", "somewhere"),
        'rule family="ipv4" port port="10250" protocol="tcp" accept',
        'rule service name="ssh" accept',
        "",
    ],
)
def test_any_other_form_is_another_rule(text):
    assert rich.parse_rule("public", OURS) is not None
    assert rich.parse_rule("public", text) is None


def test_a_zone_file_says_the_same_in_any_form():
    other = (
        VENDOR_ZONE.replace("  ", "")
        .replace("\n", "")
        .replace("utf-8", "UTF-8")
        .replace("<forward/>", "<!-- by hand --><forward></forward>")
    )
    moved = VENDOR_ZONE.replace("  <forward/>\n", "").replace("<zone>\n", "<zone>\n  <forward/>\n")
    assert rich.zone_content("public", VENDOR_ZONE) == rich.zone_content("public", other)
    assert rich.zone_content("public", VENDOR_ZONE) == rich.zone_content("public", moved)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ssh", "http"),
        ("<zone>", '<zone target="DROP">'),
        ("Public", "Private"),
        ("  <forward/>\n", ""),
        ("</zone>", XML + "</zone>"),
    ],
)
def test_a_change_of_meaning_is_seen(old, new):
    assert rich.zone_content("public", VENDOR_ZONE) != rich.zone_content("public", VENDOR_ZONE.replace(old, new))


def test_our_rules_in_a_zone_file_are_typed():
    content = rich.zone_content("public", VENDOR_ZONE.replace("</zone>", XML + "</zone>"))
    assert content - rich.zone_content("public", VENDOR_ZONE) == {rich.parse_rule("public", OURS)}
    inverted = XML.replace('8"/>', '8" invert="True"/>')
    content = rich.zone_content("public", VENDOR_ZONE.replace("</zone>", inverted + "</zone>"))
    assert rich.parse_rule("public", OURS) not in content


@pytest.mark.parametrize("text", [None, "", "<zone>", "plain"])
def test_no_zone_file_says_nothing(text):
    assert rich.zone_content("public", text) is None


def test_the_name_of_an_ipset_follows_from_its_owner_and_its_sources():
    def name(owner, *sources):
        (item,) = items_of(dict(KUBELET, ports=["80"], sources=list(sources)))
        (rule,) = rich.joined(rich.rules_of(item, "public"), owner)
        return rich.set_of(rule)

    names = {name("a", "10.0.0.0/24", "10.2.0.0/24"), name("b", "10.0.0.0/24", "10.2.0.0/24"), name("a", "10.0.0.0/24")}
    assert len(names) == 3
    assert name("a", "10.0.0.0/24", "10.2.0.0/24") == name("a", "10.2.0.0/24", "10.0.0.0/25", "10.0.0.128/25")


@pytest.mark.parametrize(
    ("text", "drops"),
    [
        ('rule family="ipv4" source address="192.168.0.0/16" drop', True),
        ('rule family="ipv4" source address="192.168.7.0/24" reject type="icmp-admin-prohibited"', True),
        ('rule priority="-10" family="ipv4" port port="10255" protocol="tcp" reject', True),
        ('rule priority="1" family="ipv4" source address="192.168.0.0/16" drop', False),
        ('rule family="ipv6" drop', False),
        ("rule drop", True),
        ('rule family="ipv4" source NOT address="10.0.0.0/8" drop', True),
        ('rule family="ipv4" source NOT address="192.168.0.0/16" drop', False),
        ('rule family="ipv4" source address="10.0.0.0/8" drop', False),
        ('rule family="ipv6" source NOT address="fd00::/8" drop', False),
        ('rule family="ipv4" destination address="10.1.2.3" drop', True),
        ('rule port port="10000-10250" protocol="tcp" drop', True),
        ('rule port port="10251-10254" protocol="tcp" drop', False),
        ('rule port port="10250" protocol="udp" drop', False),
        ('rule protocol value="tcp" drop', True),
        ('rule protocol value="icmp" drop', False),
        # What these hold the rule does not say.
        ('rule source mac="00:11:22:33:44:55" drop', True),
        ('rule source ipset="bad" drop', True),
        ('rule source ipset="bad" port port="22" protocol="tcp" drop', False),
        ('rule source-port port="1-1023" protocol="tcp" drop', True),
        ('rule service name="ssh" reject', False),
        ('rule service name="kubelet" reject', True),
        ('rule service name="of-the-site" drop', True),
        ('rule icmp-type name="echo-request" drop', False),
        (
            'rule family="ipv4" source address="192.168.0.0/16" log prefix="drop " level="info" limit value="1/m" drop',
            True,
        ),
        ('rule family="ipv4" source address="192.168.0.0/16" drop limit value="1/m"', True),
        ('rule family="ipv4" source address="192.168.0.0/16" log prefix=" drop "', False),
        ('rule family="ipv4" source address="192.168.0.0/16" accept', False),
        ('rule priority="x" drop', False),
        ('rule family="ipv4" source address="bad" drop', False),
        ('="x" drop', False),
        ("", False),
    ],
)
def test_a_rich_rule_of_the_site_that_may_drop_ours_is_found(text, drops):
    ours = rich.rules_of(items_of(KUBELET)[0], "public")
    assert any(rich.may_drop(text, rule) for rule in ours) is drops


PARTS = ["rule", "drop", "reject", "source", "NOT", 'address="10.0.0.0/8"', 'port="x"', 'protocol="tcp"', "port", '"']


@given(st.text(max_size=60) | st.lists(st.sampled_from(PARTS)).map(" ".join))
def test_odd_rich_rules_are_judged_without_a_complaint(text):
    rule = rich.rules_of(items_of(KUBELET)[0], "public")[0]
    assert rich.may_drop(text, rule) in (True, False)
