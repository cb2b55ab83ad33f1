# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend firewalld with many sources: an ipset for the boot, rules until then, and none left behind."""

import pytest
from fakes.firewall import KUBELET, VXLAN, ensure, states
from fakes.firewalld import VENDOR_ZONE, firewalld_system
from fakes.system import Killed

MANY = dict(KUBELET, sources=[f"10.{number}.0.0/24" for number in range(20)])
BY_HAND = VENDOR_ZONE.replace("  <service", "<!-- our own -->\n\n\t<service").rstrip("\n")


@pytest.fixture
def system(tmp_path):
    return firewalld_system(tmp_path)


def ipset_name(fake, fact="boot"):
    (name,) = fake.ipsets[fact]
    return name


def test_many_sources_are_an_ipset_after_a_restart_and_rules_until_then(system):
    fake, before = system.programs["firewall-cmd"], system.files()
    planned = ensure(system, [MANY], check=True)
    assert system.files() == before
    assert not system.changing_calls()
    done = ensure(system, [MANY])
    assert (planned.before, planned.after) == (done.before, done.after)
    name = ipset_name(fake)
    assert sorted(fake.ipsets["boot"][name]) == sorted(MANY["sources"])
    rule = f'rule family="ipv4" source ipset="{name}" port port="%s" protocol="tcp" accept'
    rules = [rule % port for port in MANY["ports"]]
    assert fake.permanent() == rules
    assert len(fake.runtime["public"]) == 40
    assert not ensure(system, [MANY]).changed
    fake.restart()
    assert fake.runtime["public"] == rules
    system.calls = []
    assert states(ensure(system, [MANY])) == [("pass", "ok", "ok")]
    assert not system.changing_calls()
    assert ensure(system, [], present=False).changed
    assert (system.files(), fake.ipsets["boot"], fake.runtime["public"]) == (before, {}, [])
    assert not system.path("/var/lib/ack_edge").exists()


def test_one_call_for_the_entries_and_one_for_the_rules(system):
    ensure(system, [MANY, dict(VXLAN, sources=MANY["sources"])])
    changing = [[word.partition("=")[0] for word in argv[1:]] for argv in system.changing_calls()]
    assert changing == [
        ["--permanent", "--new-ipset", "--type"],
        ["--permanent", "--ipset", "--add-entries-from-file"],
        ["--permanent", "--zone"] + ["--add-rich-rule"] * 3,
        ["--zone"] + ["--add-rich-rule"] * 60,
    ]


def test_both_families_have_an_ipset_of_their_own_and_few_sources_none(system):
    fake = system.programs["firewall-cmd"]
    both = [*MANY["sources"], "10.99.0.0/16", *(f"fd00:{number}::/64" for number in range(20))]
    ensure(system, [dict(MANY, sources=both)])
    assert sorted(len(entries) for entries in fake.ipsets["boot"].values()) == [20, 21]
    families = [argv[-1] for argv in system.changing_calls() if argv[2].startswith("--new-ipset")]
    assert families == ["--type=hash:net", "--option=family=inet6"]
    ensure(system, [dict(MANY, sources=[*MANY["sources"], "fd00::/64"])])
    assert [len(entries) for entries in fake.ipsets["boot"].values()] == [20]


def test_what_is_missing_in_an_ipset_or_too_much_is_mended_alone(system):
    fake = system.programs["firewall-cmd"]
    ensure(system, [MANY])
    fake.restart()
    for fact, other in (("boot", "runtime"), ("runtime", "boot")):
        name = ipset_name(fake, fact)
        fake.ipsets[fact][name] = [*fake.ipsets[fact][name][1:], "10.77.0.0/24"]
        looked = ensure(system, [MANY], check=True)
        wanted = {"runtime": "ok", "boot": "ok", fact: "wrong"}
        assert states(looked) == [("fail", wanted["runtime"], wanted["boot"])]
        assert [line for line in looked.before if line not in looked.after] == [f"ipset {name}: 10.77.0.0/24"]
        system.calls = []
        assert ensure(system, [MANY]).changed
        assert all(("--permanent" in argv) == (fact == "boot") for argv in system.changing_calls())
        assert sorted(fake.ipsets[fact][name]) == sorted(fake.ipsets[other][name]) == sorted(MANY["sources"])


def test_other_sources_are_another_ipset_and_the_first_goes(system):
    fake = system.programs["firewall-cmd"]
    ensure(system, [MANY])
    fake.restart()
    first = ipset_name(fake)
    more = dict(MANY, sources=[*MANY["sources"], "10.99.0.0/16"])
    ensure(system, [more])
    assert ipset_name(fake) != first
    assert len(fake.runtime["public"]) == 42
    assert not any("ipset" in rule for rule in fake.runtime["public"])
    assert not ensure(system, [more]).changed


def test_an_ipset_that_others_use_stays(system):
    fake = system.programs["firewall-cmd"]
    ensure(system, [MANY])
    theirs = f'rule family="ipv4" source ipset="{ipset_name(fake)}" port port="22" protocol="tcp" accept'
    fake.write("public", [*fake.permanent(), theirs])
    ensure(system, [], present=False)
    assert (fake.permanent(), len(fake.ipsets["boot"])) == ([theirs], 1)
    assert not ensure(system, [], present=False).changed


def test_two_sets_of_the_same_sources_have_ipsets_of_their_own(system):
    fake = system.programs["firewall-cmd"]
    other = dict(MANY, ports=["9100"])
    ensure(system, [MANY], name="one")
    ensure(system, [other], name="two")
    assert len(fake.ipsets["boot"]) == 2
    ensure(system, [], present=False, name="one")
    assert len(fake.ipsets["boot"]) == 1
    assert not ensure(system, [other], name="two").changed


def test_without_ipsets_in_the_kernel_there_is_a_rule_for_each_source(system):
    fake = system.programs["firewall-cmd"]
    fake.types = ""
    ensure(system, [MANY])
    assert (len(fake.permanent()), len(fake.runtime["public"]), fake.ipsets["boot"]) == (40, 40, {})
    assert not ensure(system, [MANY]).changed


def test_a_zone_file_with_an_ipset_rule_of_ours_gets_its_bytes_back(system):
    fake = system.programs["firewall-cmd"]
    fake.file().write_text(BY_HAND)
    before = system.files()
    ensure(system, [MANY])
    gone = ensure(system, [], present=False, check=True)
    assert "/etc/firewalld/zones/public.xml: as it was before" in gone.after
    assert ensure(system, [], present=False).after == gone.after
    assert system.files() == before


def test_killed_anywhere_the_next_run_ends_right(tmp_path):
    steps, done = 0, False
    while not done:
        system = firewalld_system(tmp_path / str(steps))
        fake, before = system.programs["firewall-cmd"], system.files()
        try:
            ensure(system, [MANY], kill_at=steps)
            done = True
        except Killed:
            pass
        ensure(system, [MANY])
        assert (len(fake.permanent()), len(fake.runtime["public"])) == (2, 40)
        assert sorted(fake.ipsets["boot"][ipset_name(fake)]) == sorted(MANY["sources"])
        try:
            ensure(system, [], present=False, kill_at=steps)
        except Killed:
            done = False
        ensure(system, [], present=False)
        assert (system.files(), fake.ipsets["boot"], fake.runtime["public"]) == (before, {}, [])
        steps += 1
    assert steps > 20
