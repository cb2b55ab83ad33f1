# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend firewalld on a fake firewall-cmd: zones, both configurations, foreign rules, and the zone files' bytes."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.firewall import KUBELET, VXLAN, ensure, states
from fakes.firewalld import VENDOR_ZONE, firewalld_system
from fakes.systemctl import FakeSystemctl

RULES = [
    'rule family="ipv4" source address="192.168.0.0/16" port port="10250" protocol="tcp" accept',
    'rule family="ipv4" source address="192.168.0.0/16" port port="10255" protocol="tcp" accept',
]
FOREIGN = 'rule family="ipv4" source address="172.16.0.0/12" port port="22" protocol="tcp" accept'
MANY = dict(KUBELET, sources=[f"10.{number}.0.0/24" for number in range(20)])
BY_HAND = VENDOR_ZONE.replace("  <service", "<!-- our own -->\n\n\t<service").rstrip("\n")


@pytest.fixture
def system(tmp_path):
    return firewalld_system(tmp_path)


def test_rules_are_in_both_configurations_by_one_call_each(system):
    fake = system.programs["firewall-cmd"]
    outcome = ensure(system, [KUBELET])
    assert outcome.changed
    assert states(outcome) == [("pass", "ok", "ok")]
    assert fake.runtime["public"] == fake.permanent() == RULES
    options = [f"--add-rich-rule={rule}" for rule in RULES]
    # Permanent first: where /etc is read-only, nothing of the runtime has been changed by then.
    assert system.changing_calls() == [
        ["firewall-cmd", "--permanent", "--zone=public", *options],
        ["firewall-cmd", "--zone=public", *options],
    ]
    assert outcome.after[1] == f"zone public: {RULES[0]}"


def test_the_second_run_changes_nothing(system):
    ensure(system, [KUBELET, VXLAN])
    before, system.calls = system.files(), []
    outcome = ensure(system, [KUBELET, VXLAN])
    assert (outcome.changed, outcome.before, outcome.after) == (False, [], [])
    assert system.files() == before
    assert not system.changing_calls()


def test_check_mode_is_exact_and_changes_nothing(system):
    before = system.files()
    planned = ensure(system, [KUBELET], check=True)
    assert states(planned) == [("fail", "missing", "missing")]
    assert system.files() == before
    assert not system.changing_calls()
    done = ensure(system, [KUBELET])
    assert (planned.changed, planned.before, planned.after) == (done.changed, done.before, done.after)
    gone = ensure(system, [KUBELET], present=False, check=True)
    assert gone.changed
    assert "/etc/firewalld/zones/public.xml: not there, as before" in gone.after
    assert ensure(system, [KUBELET], present=False).after == gone.after


@pytest.mark.parametrize("zone_file", [None, VENDOR_ZONE, BY_HAND])
@pytest.mark.parametrize("old", [None, "<zone>\n</zone>\n"])
def test_absent_gives_the_zone_files_their_bytes_back(system, zone_file, old):
    fake = system.programs["firewall-cmd"]
    for path, text in ((fake.file(), zone_file), (fake.file(old=True), old)):
        if text is not None:
            path.write_text(text)
    before = system.files()
    ensure(system, [KUBELET])
    ensure(system, [KUBELET, VXLAN])
    assert system.files() != before
    assert ensure(system, [], present=False).changed
    assert system.files() == before
    assert fake.runtime["public"] == []
    assert not system.path("/var/lib/ack_edge").exists()
    assert not ensure(system, [], present=False).changed


def test_what_others_changed_in_the_zone_stays(system):
    fake = system.programs["firewall-cmd"]
    fake.file().write_text(BY_HAND)
    ensure(system, [KUBELET])
    fake.write("public", [*fake.permanent(), FOREIGN])
    fake.runtime["public"].insert(0, FOREIGN)
    assert not ensure(system, [KUBELET]).changed
    ensure(system, [], present=False)
    assert fake.permanent() == fake.runtime["public"] == [FOREIGN]
    assert not ensure(system, [], present=False).changed


def test_an_equal_rule_that_was_there_before_stays(system):
    fake = system.programs["firewall-cmd"]
    fake.write("public", [RULES[0]])
    fake.runtime["public"] = [RULES[0]]
    before = system.files()
    assert fake.file().exists()
    ensure(system, [KUBELET])
    assert fake.permanent() == RULES
    ensure(system, [], present=False)
    assert fake.permanent() == fake.runtime["public"] == [RULES[0]]
    assert system.files() == before


def test_the_same_in_other_words_is_not_ours(system):
    fake = system.programs["firewall-cmd"]
    ensure(system, [dict(KUBELET, sources=["10.0.0.1"], ports=["80"])])
    other = 'rule family="ipv4" source address="10.0.0.1" port port="80" protocol="tcp" accept'
    fake.runtime["public"].append(other)
    ensure(system, [], present=False)
    assert fake.runtime["public"] == [other]


def test_each_fact_is_mended_alone(system):
    fake = system.programs["firewall-cmd"]
    ensure(system, [KUBELET])
    fake.runtime["public"] = []
    assert states(ensure(system, [KUBELET], check=True)) == [("fail", "missing", "ok")]
    system.calls = []
    ensure(system, [KUBELET])
    assert [argv[1] for argv in system.changing_calls()] == ["--zone=public"]
    fake.write("public", [RULES[1]])
    assert states(ensure(system, [KUBELET], check=True)) == [("fail", "ok", "wrong")]
    system.calls = []
    ensure(system, [KUBELET])
    assert [argv[1] for argv in system.changing_calls()] == ["--permanent"]
    assert sorted(fake.permanent()) == sorted(fake.runtime["public"]) == RULES


def test_a_smaller_list_takes_away_what_is_no_longer_named(system):
    fake = system.programs["firewall-cmd"]
    ensure(system, [KUBELET])
    narrower = [dict(KUBELET, ports=["10250"])]
    assert states(ensure(system, narrower, check=True)) == [("fail", "wrong", "wrong")]
    ensure(system, narrower)
    assert fake.runtime["public"] == fake.permanent() == RULES[:1]


def test_two_items_may_share_a_rule(system):
    fake = system.programs["firewall-cmd"]
    ensure(system, [KUBELET, dict(KUBELET, name="again")])
    assert fake.permanent() == RULES
    ensure(system, [dict(KUBELET, name="again")])
    assert fake.permanent() == RULES
    ensure(system, [], present=False)
    assert fake.permanent() == []


def test_the_zone_is_that_of_the_interface(system):
    fake = system.programs["firewall-cmd"]
    ensure(system, [KUBELET], interface="eth0")
    assert (fake.runtime["internal"], fake.runtime["public"]) == (RULES, [])


def test_an_interface_without_zone_is_in_the_default_zone(system):
    ensure(system, [KUBELET], interface="eth7")
    assert system.programs["firewall-cmd"].runtime["public"] == RULES


def test_another_zone_takes_the_rules_along(system):
    fake, before = system.programs["firewall-cmd"], system.files()
    ensure(system, [KUBELET])
    ensure(system, [KUBELET], zone="internal")
    assert (fake.runtime["internal"], fake.runtime["public"]) == (RULES, [])
    assert not fake.file("public").exists()
    ensure(system, [], present=False)
    assert system.files() == before


def test_an_unknown_zone_is_an_error_that_lists_them(system):
    with pytest.raises(NodeError, match=r"zone is 'dmz'.*expected one of internal, public, trusted"):
        ensure(system, [KUBELET], zone="dmz")


def test_zone_trusted_is_never_written(system):
    system.programs["firewall-cmd"].interfaces["eth0"] = "trusted"
    outcome = ensure(system, [KUBELET], interface="eth0")
    assert states(outcome) == [("pass", "ok", "ok")]
    assert "zone trusted accepts everything" in outcome.verdicts[0]["summary"]
    assert not system.changing_calls()


def test_a_rule_that_firewalld_refuses_among_others_is_an_error(system):
    # firewall-cmd ends with 0 and a warning where at least one of several rules was taken.
    fake = system.programs["firewall-cmd"]
    fake.reject = ('"10255"',)
    with pytest.raises(NodeError, match=r"its rules differ from what was written.*10255"):
        ensure(system, [KUBELET])
    fake.reject = ()
    assert ensure(system, [KUBELET]).changed
    assert sorted(fake.permanent()) == RULES


def test_a_read_only_etc_stops_before_the_runtime(system):
    real = system.programs["firewall-cmd"]

    def refusing(args, stdin):
        if "--permanent" in args and any(word.startswith("--add") for word in args):
            return 1, "", "Error: [Errno 30] Read-only file system: '/etc/firewalld/zones/public.xml'\n"
        return real(args, stdin)

    system.programs["firewall-cmd"] = refusing
    with pytest.raises(NodeError, match="Read-only file system"):
        ensure(system, [KUBELET])
    assert real.runtime["public"] == []
    system.programs["firewall-cmd"] = real
    assert ensure(system, [KUBELET]).changed


def test_absent_while_firewalld_is_stopped_says_what_is_left(system):
    ensure(system, [KUBELET])
    system.programs["firewall-cmd"].running = False
    with pytest.raises(NodeError, match="firewalld does not run, and rules of this set are in its zones public"):
        ensure(system, [], present=False)


def test_a_choice_that_does_not_run_is_an_error(tmp_path):
    system = firewalld_system(tmp_path)
    system.programs["firewall-cmd"].running = False
    system.programs["systemctl"] = FakeSystemctl()
    with pytest.raises(NodeError, match="firewalld does not run; start firewalld"):
        ensure(system, [KUBELET], backend="firewalld")
    assert not ensure(system, [KUBELET], present=False, backend="firewalld").changed


@pytest.fixture
def stopped(tmp_path):
    system = firewalld_system(tmp_path)
    system.programs["firewall-cmd"].running = False
    system.programs["firewall-offline-cmd"] = system.programs["firewall-cmd"].offline
    system.programs["systemctl"] = FakeSystemctl(firewalld="enabled")
    return system


def test_a_firewalld_that_starts_with_the_node_is_written_offline(stopped):
    fake, before = stopped.programs["firewall-cmd"], stopped.files()
    planned = ensure(stopped, [KUBELET], check=True)
    assert stopped.files() == before
    assert states(planned) == [("fail", "ok", "missing")]
    done = ensure(stopped, [KUBELET])
    assert (done.after, done.backend) == (planned.after, "firewalld")
    assert states(done) == [("pass", "ok", "ok")]
    assert fake.permanent() == RULES
    assert [argv[0] for argv in stopped.changing_calls()] == ["firewall-offline-cmd"]
    assert not ensure(stopped, [KUBELET]).changed
    fake.restart()
    assert not ensure(stopped, [KUBELET]).changed
    fake.running = False
    ensure(stopped, [], present=False)
    assert stopped.files() == before
    assert not stopped.path("/var/lib/ack_edge").exists()


@pytest.mark.parametrize("zone", ["internal", "trusted", "nosuch"])
def test_offline_the_zone_is_that_of_the_profile_of_the_interface(stopped, zone):
    directory = stopped.path("/etc/sysconfig/network-scripts")
    directory.mkdir(parents=True)
    (directory / "ifcfg-eth1").write_text(f'DEVICE=eth1\nZONE="{zone}"\n')
    fake = stopped.programs["firewall-cmd"]
    assert states(ensure(stopped, [KUBELET], interface="eth1")) == [("pass", "ok", "ok")]
    assert (fake.permanent("internal"), fake.permanent("public")) == (
        RULES if zone == "internal" else [],
        RULES if zone == "nosuch" else [],
    )


def test_many_sources_are_written_offline_too(stopped):
    fake, before = stopped.programs["firewall-cmd"], stopped.files()
    ensure(stopped, [MANY])
    assert [len(entries) for entries in fake.ipsets["boot"].values()] == [20]
    fake.restart()
    assert not ensure(stopped, [MANY]).changed
    fake.running = False
    ensure(stopped, [], present=False)
    assert (stopped.files(), fake.ipsets["boot"]) == (before, {})


def test_a_firewalld_that_has_failed_is_not_written_behind_its_back(stopped):
    stopped.programs["systemctl"] = FakeSystemctl(firewalld="enabled", active="failed")
    before = stopped.files()
    with pytest.raises(NodeError, match=r"firewalld\.service has failed.*start firewalld"):
        ensure(stopped, [KUBELET])
    assert stopped.files() == before


def test_a_firewalld_that_is_switched_off_is_left_alone(stopped):
    stopped.programs["systemctl"] = FakeSystemctl(firewalld="disabled")
    before = stopped.files()
    assert ensure(stopped, [KUBELET]).backend == "none"
    assert stopped.files() == before


def rules_in(fake):
    return {zone: rules for zone, rules in fake.runtime.items() if rules}


@pytest.mark.parametrize("bound", [["192.168.0.0/16"], ["192.0.0.0/8", "00:11:22:33:44:55"], ["ipset:vpc"]])
def test_a_zone_that_takes_our_source_gets_the_rules(system, bound):
    fake = system.programs["firewall-cmd"]
    fake.bind({"internal": bound})
    for fact in ("runtime", "boot"):
        fake.ipsets[fact] = {"vpc": ["192.168.0.0/16", "garbage"]}
    outcome = ensure(system, [KUBELET])
    assert states(outcome) == [("pass", "ok", "ok")]
    assert rules_in(fake) == {"internal": RULES}
    assert fake.permanent("internal") == RULES
    assert not ensure(system, [KUBELET]).changed
    ensure(system, [], present=False)
    assert rules_in(fake) == {}


def test_a_zone_that_takes_part_of_our_source_gets_the_rules_beside_that_of_the_interface(system):
    fake = system.programs["firewall-cmd"]
    fake.bind({"internal": ["192.168.7.0/24"]})
    ensure(system, [KUBELET])
    assert rules_in(fake) == {"public": RULES, "internal": RULES}


def test_a_zone_for_other_sources_gets_none_and_one_that_trusts_needs_none(system):
    fake = system.programs["firewall-cmd"]
    fake.bind({"internal": ["10.0.0.0/8", "fd00::/8"], "trusted": ["192.168.0.0/16"]})
    assert states(ensure(system, [KUBELET])) == [("pass", "ok", "ok")]
    assert rules_in(fake) == {}


def test_a_zone_that_is_not_bound_any_more_loses_the_rules(system):
    fake = system.programs["firewall-cmd"]
    fake.bind({"internal": ["192.168.0.0/16"]})
    ensure(system, [KUBELET])
    fake.bind({})
    ensure(system, [KUBELET])
    assert rules_in(fake) == {"public": RULES}


def test_a_bound_zone_of_one_configuration_takes_the_rules_of_that_one(system):
    fake = system.programs["firewall-cmd"]
    fake.sources["runtime"] = {"internal": ["192.168.0.0/16"]}
    ensure(system, [KUBELET])
    assert rules_in(fake) == {"internal": RULES}
    assert (fake.permanent("internal"), fake.permanent("public")) == ([], RULES)


def test_an_interface_may_be_named_by_its_beginning(system):
    fake = system.programs["firewall-cmd"]
    fake.interfaces = {"en+": "internal"}
    ensure(system, [KUBELET], interface="ens3")
    assert rules_in(fake) == {"internal": RULES}


# Many sources.
