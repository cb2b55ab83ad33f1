# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend firewalld: rich rules, policies and direct rules of the site that drop before ours accept."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.firewall import KUBELET, VXLAN, ensure, states
from fakes.firewalld import firewalld_system


@pytest.fixture
def system(tmp_path):
    return firewalld_system(tmp_path)


DENIAL = 'rule family="ipv4" source address="192.168.0.0/16" drop'


@pytest.mark.parametrize(("fact", "when"), [("runtime", "but a rule"), ("boot", "but after a reboot a rule")])
def test_a_rich_rule_that_drops_before_ours_is_a_warning(system, fact, when):
    system.programs["firewall-cmd"].denials[fact] = {"public": [DENIAL], "internal": ["rule drop"]}
    kubelet, vxlan = ensure(system, [KUBELET, VXLAN]).verdicts
    assert (kubelet["status"], vxlan["status"]) == ("warn", "pass")
    assert f"is open now, {when} before ours may drop some of it: zone public: {DENIAL}" in kubelet["summary"]
    assert "--zone=public --list-rich-rules" in kubelet["remedy"]
    assert not ensure(system, [KUBELET, VXLAN]).changed


def test_a_rich_rule_that_drops_is_no_reason_where_ours_are_missing(system):
    system.programs["firewall-cmd"].denials["runtime"] = {"public": [DENIAL]}
    assert states(ensure(system, [KUBELET], check=True)) == [("fail", "missing", "missing")]


POLICY = """siteguard (active)
  priority: {priority}
  target: {target}
  ingress-zones: {ingress}
  egress-zones: HOST
  services:
  rich rules:
\t{rule}

"""
DEFAULT = {"priority": -1, "target": "CONTINUE", "ingress": "ANY", "rule": DENIAL}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({}, f"policy siteguard: {DENIAL}"),
        ({"ingress": "work public"}, f"policy siteguard: {DENIAL}"),
        ({"ingress": "work"}, None),
        ({"priority": 1}, None),
        ({"priority": ""}, None),
        ({"rule": DENIAL.replace("drop", "accept")}, None),
        ({"rule": "", "target": "REJECT"}, "policy siteguard: target REJECT"),
    ],
)
def test_a_policy_that_drops_before_ours_is_a_warning(system, change, named):
    system.path("/etc/firewalld/policies").mkdir()
    system.path("/etc/firewalld/policies/siteguard.xml").write_text("")
    system.programs["firewall-cmd"].policies["runtime"] = POLICY.format(**{**DEFAULT, **change})
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert verdict["status"] == ("warn" if named else "pass")
    if named:
        assert f"is open now, but a rule before ours may drop some of it: {named}" in verdict["summary"]
        assert "--info-policy=siteguard" in verdict["remedy"]


def test_policies_are_not_asked_for_where_the_site_has_made_none(system):
    ensure(system, [KUBELET])
    assert not [argv for argv, _stdin in system.calls if "--list-all-policies" in argv]
    # Direct rules may be in the runtime alone; the permanent ones have a file.
    assert not [argv for argv, _stdin in system.calls if {"--direct", "--permanent"} <= set(argv)]


DIRECT = "ipv4 filter INPUT 0 -s 192.168.0.0/16 -d 10.0.0.0/8 -j DROP"
BANNED = "ipv4 filter INPUT_direct 0 -p tcp -m multiport --dports ssh -m set --match-set f2b-sshd src -j REJECT"


@pytest.mark.parametrize(
    ("line", "warns"),
    [
        (DIRECT, True),
        (BANNED, False),
        (DIRECT.replace("ipv4", "ipv6"), False),
        (DIRECT.replace("INPUT", "FORWARD"), False),
        (DIRECT.replace("DROP", "ACCEPT"), False),
        (DIRECT.replace("192.168", "172.16"), False),
    ],
)
@pytest.mark.parametrize("fact", ["runtime", "boot"])
def test_a_direct_rule_that_drops_before_ours_is_a_warning(system, fact, line, warns):
    system.path("/etc/firewalld/direct.xml").write_text("")
    system.programs["firewall-cmd"].direct[fact] = [line]
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert verdict["status"] == ("warn" if warns else "pass")
    if warns:
        assert f"a rule before ours may drop some of it: direct rule {DIRECT}" in verdict["summary"]
        assert ("after a reboot" in verdict["summary"]) is (fact == "boot")


def test_a_direct_rule_that_only_the_runtime_has_is_named(system):
    assert not system.path("/etc/firewalld/direct.xml").exists()
    system.programs["firewall-cmd"].direct["runtime"] = ["ipv4 filter INPUT 0 -s 192.168.0.0/16 -j DROP"]
    (kubelet,) = ensure(system, [KUBELET]).verdicts
    assert kubelet["status"] == "warn"
    assert "direct rule ipv4 filter INPUT 0 -s 192.168.0.0/16 -j DROP" in kubelet["summary"]


# Network case 25.
LOCKED = "# Lockdown\nLockdown=yes\n"
LISTED = '<whitelist><command name="/usr/bin/python3 -s /usr/bin/firewall-config"/>{}</whitelist>'


@pytest.mark.parametrize("check", [True, False])
def test_a_lockdown_without_root_is_foreseen(system, check):
    system.path("/etc/firewalld/firewalld.conf").write_text(LOCKED)
    system.path("/etc/firewalld/lockdown-whitelist.xml").write_text(LISTED.format(""))
    before = system.files()
    with pytest.raises(
        NodeError, match=r"firewalld is locked down .* does not list root.*nothing was changed"
    ) as caught:
        ensure(system, [KUBELET], check=check)
    assert len(str(caught.value)) < 400
    assert system.files() == before
    assert not system.path("/var/lib/ack_edge").exists()
    assert not system.changing_calls()


@pytest.mark.parametrize(("conf", "user"), [(LOCKED, '<user id="0"/>'), ("Lockdown=no\n", "")])
def test_a_lockdown_that_lets_root_change_is_none(system, conf, user):
    system.path("/etc/firewalld/firewalld.conf").write_text(conf)
    system.path("/etc/firewalld/lockdown-whitelist.xml").write_text(LISTED.format(user))
    assert states(ensure(system, [KUBELET])) == [("pass", "ok", "ok")]


# A zone by MAC address takes what the router of the leased line sends, whatever its source is.
@pytest.mark.parametrize(
    ("sources", "warns"), [(["02:00:00:00:00:01"], True), (["ipset:cards"], True), (["172.16.0.0/12"], False)]
)
@pytest.mark.parametrize("fact", ["runtime", "boot"])
def test_a_zone_by_mac_address_is_named(system, sources, warns, fact):
    fake = system.programs["firewall-cmd"]
    fake.sources[fact] = {"internal": sources}
    fake.ipsets[fact] = {"cards": ["02:00:00:00:00:01"]}
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert verdict["status"] == ("warn" if warns else "pass")
    assert not warns or "zone internal matches packets by their MAC address" in verdict["summary"]


@pytest.mark.parametrize(
    ("line", "warns"),
    [
        ("ipv4 filter INPUT 0 --source 192.168.0.0/16 --jump DROP", True),
        ("ipv4 raw PREROUTING 0 -s 192.168.0.0/16 -j DROP", True),
        ("ipv4 mangle PREROUTING_direct 0 --protocol 6 --jump DROP", True),
        ("ipv4 filter INPUT 0 -j BLOCKLIST", True),
        ("ipv4 filter INPUT 0 -p tcp -m tcp --dport 10250 -j TARPIT", True),
        ("ipv4 filter INPUT 0 -j f2b-sshd", False),
        ("ipv4 filter INPUT 0 -j LOG", False),
        ("ipv4 filter INPUT 0 -s 192.168.0.0/16", False),
        ("ipv4 nat PREROUTING 0 -s 192.168.0.0/16 -j DNAT --to 10.0.0.1", True),
        ("ipv4 nat PREROUTING 0 -p tcp --dport 80 -j DNAT --to 10.0.0.1", False),
    ],
)
def test_a_direct_rule_is_read_in_the_words_of_whoever_wrote_it(system, line, warns):
    system.path("/etc/firewalld/direct.xml").write_text("")
    system.programs["firewall-cmd"].direct["boot"] = [line]
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert verdict["status"] == ("warn" if warns else "pass")


# What firewalld forwards, it does before any rule of a zone; the words are those of --list-all-zones.
@pytest.mark.parametrize(
    ("text", "warns"),
    [
        ("port=10250:proto=tcp:toport=8080:toaddr=", True),
        ("port=10000-11000:proto=tcp:toport=:toaddr=192.0.2.9", True),
        ("port=10250:proto=udp:toport=8080:toaddr=", False),
        ("port=8080:proto=tcp:toport=10250:toaddr=", False),
        ('rule family="ipv4" forward-port port="10250" protocol="tcp" to-port="8080"', True),
        ('rule priority="9" family="ipv4" source address="192.168.0.0/24" forward-port port="10250" protocol="tcp" '
         'to-port="80" to-addr="192.0.2.9"', True),
        ('rule family="ipv4" source address="10.0.0.0/8" forward-port port="10250" protocol="tcp" to-port="80"', False),
        ('rule family="ipv6" forward-port port="10250" protocol="tcp" to-port="80"', False),
        ('rule family="ipv4" forward-port port="80" protocol="tcp" to-port="10250"', False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("fact", ["runtime", "boot"])
def test_a_forwarded_port_of_ours_is_a_warning(system, text, warns, fact):
    system.programs["firewall-cmd"].denials[fact] = {"public": [text], "internal": ["rule forward-port port=10250"]}
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert verdict["status"] == ("warn" if warns else "pass")
    if warns:
        when = "after a reboot " if fact == "boot" else ""
        assert verdict["summary"].endswith(f"but {when}a rule before ours may redirect some of it: zone public: {text}")
        assert verdict["remedy"].startswith("remove that redirect")
    assert not ensure(system, [KUBELET]).changed


@pytest.mark.parametrize(("change", "warns"), [({}, True), ({"priority": 9}, True), ({"ingress": "work"}, False)])
def test_a_policy_forwards_whatever_its_priority(system, change, warns):
    system.path("/etc/firewalld/policies").mkdir()
    system.path("/etc/firewalld/policies/siteguard.xml").write_text("")
    rule = 'rule forward-port port="10250" protocol="tcp" to-port="80"'
    system.programs["firewall-cmd"].policies["runtime"] = POLICY.format(**{**DEFAULT, "rule": rule, **change})
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert verdict["status"] == ("warn" if warns else "pass")
    assert not warns or f"may redirect some of it: policy siteguard: {rule}" in verdict["summary"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (DENIAL, True),
        ("port=10250:proto=tcp:toport=1:toaddr=", True),
        ("port=80:proto=tcp:toport=1:toaddr=", False),
    ],
)
def test_what_zone_trusted_denies_or_forwards_counts_though_it_needs_no_rule(system, text, named):
    fake = system.programs["firewall-cmd"]
    fake.interfaces["eth0"] = "trusted"
    fake.denials["runtime"] = {"trusted": [text]}
    outcome = ensure(system, [KUBELET, VXLAN], interface="eth0")
    assert [verdict["status"] for verdict in outcome.verdicts] == ["warn" if named else "pass", "pass"]
    assert not named or "no rule is needed in this firewall, but a rule" in outcome.verdicts[0]["summary"]
    assert not outcome.changed
    # Beside a zone that takes others by their source nothing else is said of it.
    fake.bind({"internal": ["172.16.0.0/12"]})
    kubelet, vxlan = ensure(system, [KUBELET, VXLAN], interface="eth0").verdicts
    assert (kubelet["status"] == "pass", vxlan["status"]) == (not named, "pass")
