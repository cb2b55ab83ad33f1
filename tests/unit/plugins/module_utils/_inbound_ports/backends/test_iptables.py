# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend iptables on fakes: the chain, the jump, the unit, and that all of it goes again."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.firewall import KUBELET, VXLAN, ensure, states
from fakes.iptables import iptables_system
from fakes.nft import FakeNft

CHAIN = "ACK-EDGE-ACK-EDGE"
JUMP = f"-j {CHAIN}"
OWN4, OWN6 = "/etc/ack-edge/iptables-ack-edge.v4", "/etc/ack-edge/iptables-ack-edge.v6"
UNIT = "/etc/systemd/system/ack-edge-inbound-ack-edge.service"
WANTS = [
    f"/etc/systemd/system/{name}.wants/ack-edge-inbound-ack-edge.service"
    for name in ("multi-user.target", "iptables.service", "ip6tables.service", "netfilter-persistent.service")
]
RULE = '-s 192.168.0.0/16 -p tcp -m multiport --dports 10250,10255 -m comment --comment "ack-edge ack-edge kubelet" '


def everything(system):
    """Return all that is on the node but for the lock: files, links and directories."""
    return {
        str(path): path.readlink() if path.is_symlink() else path.read_bytes() if path.is_file() else None
        for path in system.root.rglob("*")
        if path.name not in ("ack_edge.lock", "lock") and path != system.path("/run/ack_edge")
    }


@pytest.fixture
def system(tmp_path):
    made = iptables_system(tmp_path)
    for name in ("/var/lib", "/run/lock"):
        made.path(name).mkdir(parents=True)
    return made


def test_rules_are_in_a_chain_with_one_jump_in_front_and_in_the_boot_files(system):
    outcome = ensure(system, [KUBELET, VXLAN])
    assert (outcome.changed, outcome.backend, states(outcome)) == (True, "iptables", [("pass", "ok", "ok")] * 2)
    four, six = system.tables[4].chains, system.tables[6].chains
    assert four["INPUT"] == [JUMP, "-p tcp -m tcp --dport 22 -j ACCEPT"]
    vxlan = '-p udp -m udp --dport 8472 -m comment --comment "ack-edge ack-edge vxlan" -j ACCEPT'
    assert four[CHAIN] == [RULE + "-j ACCEPT", f"-s 10.0.0.0/8 {vxlan}"]
    assert six[CHAIN] == [f"-s fd00::/64 {vxlan}"]
    assert system.path(OWN6).read_text().splitlines()[1:] == [
        "*filter",
        f":{CHAIN} - [0:0]",
        f"-A {CHAIN} -s fd00::/64 {vxlan}",
        f"-I INPUT 1 {JUMP}",
        "COMMIT",
    ]
    assert [line for line in system.path(UNIT).read_text().splitlines() if line.startswith("ExecStart")] == [
        f"ExecStart=-/usr/sbin/iptables-legacy -w 60 -D INPUT {JUMP}",
        f"ExecStart=/usr/sbin/iptables-legacy-restore -w 60 --noflush {OWN4}",
        f"ExecStart=-/usr/sbin/ip6tables-legacy -w 60 -D INPUT {JUMP}",
        f"ExecStart=/usr/sbin/ip6tables-legacy-restore -w 60 --noflush {OWN6}",
    ]
    assert [str(system.path(path).readlink()) for path in WANTS] == [UNIT] * 4


def test_each_table_is_one_restore_after_all_were_tried_out(system):
    ensure(system, [KUBELET, VXLAN])
    restores = [argv for argv, _stdin in system.calls if argv[0].endswith("restore")]
    assert [(argv[0], argv[-1]) for argv in restores] == [
        ("iptables-legacy-restore", "--test"),
        ("ip6tables-legacy-restore", "--test"),
        ("iptables-legacy-restore", "--noflush"),
        ("ip6tables-legacy-restore", "--noflush"),
    ]
    assert all(argv[1:3] == ["-w", "10"] for argv in restores)


def test_check_mode_is_exact_and_the_second_run_changes_nothing(system):
    before = everything(system)
    planned = ensure(system, [KUBELET, VXLAN], check=True)
    assert everything(system) == before
    assert not system.changing_calls()
    assert states(planned) == [("fail", "missing", "missing")] * 2
    done = ensure(system, [KUBELET, VXLAN])
    assert (planned.before, planned.after) == (done.before, done.after)
    after, system.calls = everything(system), []
    assert not ensure(system, [KUBELET, VXLAN]).changed
    assert everything(system) == after
    assert not system.changing_calls()
    assert ensure(system, [], present=False, check=True).before == done.after


def test_absent_leaves_nothing(system):
    before = everything(system)
    ensure(system, [KUBELET, VXLAN])
    assert ensure(system, [KUBELET], present=False).changed
    assert everything(system) == before
    assert [table.ours() for table in system.tables.values()] == [[], []]
    assert not ensure(system, [], present=False).changed


def test_a_family_that_is_no_longer_named_goes_from_table_and_boot(system):
    ensure(system, [VXLAN])
    ensure(system, [dict(VXLAN, sources=["10.0.0.0/8"])])
    assert system.tables[6].ours() == []
    assert not system.path(OWN6).exists()
    assert "ip6tables-legacy" not in system.path(UNIT).read_text()
    assert not ensure(system, [dict(VXLAN, sources=["10.0.0.0/8"])]).changed


def test_only_tables_that_can_drop_are_extended(system):
    system.tables[6].policy = "ACCEPT"
    ensure(system, [VXLAN])
    assert system.tables[6].ours() == []
    assert len(system.tables[4].ours()) == 2
    system.tables[6].policy = "DROP"
    assert states(ensure(system, [VXLAN], check=True)) == [("fail", "wrong", "missing")]
    assert ensure(system, [VXLAN]).changed
    assert len(system.tables[6].ours()) == 2


def test_each_fact_is_mended_alone(system):
    ensure(system, [KUBELET])
    files = everything(system)
    system.tables[4].chains = {"INPUT": []}
    assert states(ensure(system, [KUBELET], check=True)) == [("fail", "missing", "ok")]
    ensure(system, [KUBELET])
    assert everything(system) == files
    loaded = system.tables[4].ours()
    for spoil in (
        lambda: system.path(OWN4).unlink(),
        lambda: system.path(WANTS[0]).unlink(),
        lambda: system.path(UNIT).write_text(system.path(UNIT).read_text().replace("-w 60", "-w 1")),
        lambda: system.path(OWN4).write_text(system.path(OWN4).read_text().replace("10255", "10256")),
    ):
        spoil()
        system.calls = []
        assert states(ensure(system, [KUBELET], check=True))[0][:2] == ("fail", "ok")
        assert ensure(system, [KUBELET]).changed
        assert everything(system) == files
        assert [argv for argv in system.changing_calls() if argv[0] != "systemctl"] == []
    assert system.tables[4].ours() == loaded


@pytest.mark.parametrize(
    ("spoil", "state", "shown"),
    [
        (lambda chains: chains["INPUT"].pop(0), "wrong", "(no packet gets here)"),
        (lambda chains: chains["INPUT"].insert(0, "-p tcp -j DROP"), "wrong", "behind -A INPUT -p tcp -j DROP"),
        (lambda chains: chains["INPUT"].append(JUMP), "wrong", f"-A INPUT {JUMP}"),
        (lambda chains: chains[CHAIN].append("-j ACCEPT"), "ok", f"-A {CHAIN} -j ACCEPT"),
        (lambda chains: chains[CHAIN].append(RULE + "-j ACCEPT"), "wrong", "kubelet"),
        (lambda chains: chains[CHAIN].__setitem__(0, RULE + "-j DROP"), "missing", RULE + "-j DROP"),
    ],
)
def test_what_somebody_changed_is_mended_and_theirs_stays(system, spoil, state, shown):
    ensure(system, [KUBELET])
    good = system.tables[4].ours()
    spoil(system.tables[4].chains)
    theirs = [line for line in system.tables[4].chains["INPUT"] if line != JUMP]
    outcome = ensure(system, [KUBELET], check=True)
    assert outcome.verdicts[0]["data"]["runtime"] == state
    assert any(shown in line for line in outcome.before)
    assert ensure(system, [KUBELET]).changed
    assert system.tables[4].ours() == good
    assert system.tables[4].chains["INPUT"] == [JUMP, *theirs]
    assert not ensure(system, [KUBELET]).changed


def test_a_harmless_rule_in_front_of_the_jump_stays_there(system):
    ensure(system, [KUBELET])
    system.tables[4].chains["INPUT"].insert(0, "-s 10.9.9.9/32 -j DROP")
    assert not ensure(system, [KUBELET]).changed


def test_the_jump_of_another_set_may_stand_before(system):
    ensure(system, [KUBELET])
    ensure(system, [VXLAN], name="other")
    assert system.tables[4].chains["INPUT"][:2] == ["-j ACK-EDGE-OTHER", JUMP]
    assert not ensure(system, [KUBELET]).changed


def test_a_drop_in_an_earlier_table_is_a_warning_about_whom_it_hits(system):
    system.path("/proc/net/ip_tables_names").write_text("raw\nmangle\nfilter\n")
    system.tables[4].other = {
        "raw": "-P PREROUTING ACCEPT\n-P OUTPUT DROP\n-A PREROUTING -p udp -j DROP\n",
        "mangle": "-P PREROUTING ACCEPT\n-P INPUT ACCEPT\n-A FORWARD -j DROP\n",
    }
    outcome = ensure(system, [KUBELET, VXLAN])
    assert [item["status"] for item in outcome.verdicts] == ["pass", "warn"]
    place = "table raw of iptables-legacy, chain PREROUTING"
    assert f"{place}: -A PREROUTING -p udp -j DROP" in outcome.verdicts[1]["summary"]
    system.tables[4].other = {"raw": "-P PREROUTING ACCEPT\n", "mangle": "-P INPUT DROP\n"}
    outcome = ensure(system, [KUBELET, VXLAN])
    assert "table mangle of iptables-legacy, chain INPUT: -P INPUT DROP" in outcome.verdicts[0]["summary"]
    assert not outcome.changed


def test_without_systemd_it_is_open_now_with_a_warning(system):
    system.path("/run/systemd/system").rmdir()
    before = everything(system)
    outcome = ensure(system, [KUBELET])
    assert states(outcome) == [("warn", "ok", "none")]
    assert "systemd does not run on this node" in outcome.verdicts[0]["summary"]
    assert {name for name in everything(system) if "/var/lib/" not in name} == {
        name for name in before if "/var/lib/" not in name
    }
    assert system.tables[4].ours()
    assert not ensure(system, [KUBELET]).changed


def test_a_held_lock_is_an_error_that_names_it_and_nothing_is_done(system):
    before = everything(system)
    system.tables[4].locked = True
    with pytest.raises(NodeError, match=r"held the xtables lock \(/run/xtables.lock\) for 10 seconds.*fuser -v"):
        ensure(system, [KUBELET])
    assert everything(system) == before


def test_what_one_table_refuses_is_in_no_table_and_no_file(system):
    before = everything(system)
    system.programs["ip6tables-legacy-restore"] = lambda args, stdin: (2, "", "unknown match\n")
    with pytest.raises(NodeError, match=r"ip6tables-legacy-restore .*--test' ended with status 2.*unknown match"):
        ensure(system, [KUBELET, VXLAN])
    assert [table.ours() for table in system.tables.values()] == [[], []]
    assert {name for name in everything(system) if "/var/lib/" not in name} == {
        name for name in before if "/var/lib/" not in name
    }
    ensure(system, [], present=False, backend="iptables")
    assert everything(system) == before


def test_an_etc_that_cannot_be_written_stops_before_the_runtime(system):
    system.path("/etc/ack-edge").write_text("a file where a directory should be")
    with pytest.raises(NodeError, match="cannot be written"):
        ensure(system, [KUBELET])
    assert system.tables[4].ours() == []


def test_what_does_not_arrive_is_an_error(system):
    system.programs["iptables-legacy-restore"] = lambda args, stdin: (0, "", "")
    with pytest.raises(NodeError, match="its rules differ from what was written"):
        ensure(system, [KUBELET])


def test_a_restore_that_does_not_know_the_lock_runs_under_flock(tmp_path):
    """As in Ubuntu 18.04: one program without a variant in its name, and a restore without -w."""
    system = iptables_system(tmp_path, "iptables v1.6.1")
    for plain, table in (("iptables", system.tables[4]), ("ip6tables", system.tables[6])):
        del system.programs[f"{plain}-legacy"], system.programs[f"{plain}-legacy-restore"]
        system.programs[plain] = table.program
        system.path(f"/usr/sbin/{plain}").touch()
        system.path(f"/usr/sbin/{plain}-restore").touch()

    def flock(args, stdin):
        assert args[:3] == ["-w", "10", "/run/xtables.lock"]
        table = {"iptables-restore": system.tables[4], "ip6tables-restore": system.tables[6]}[args[3]]
        return table.restore_locked(args[4:], stdin)

    system.programs["flock"] = flock
    outcome = ensure(system, [VXLAN])
    assert states(outcome) == [("pass", "ok", "ok")]
    text = system.path(UNIT).read_text()
    assert f"ExecStart=/usr/bin/flock -w 60 /run/xtables.lock /usr/sbin/iptables-restore --noflush {OWN4}\n" in text
    assert not ensure(system, [VXLAN]).changed
    system.programs["flock"] = lambda args, stdin: (1, "", "")
    with pytest.raises(NodeError, match="held the xtables lock"):
        ensure(system, [KUBELET])


def test_a_program_in_no_usual_place_is_an_error_before_anything(system):
    system.path("/usr/sbin/iptables-legacy-restore").unlink()
    before = everything(system)
    with pytest.raises(NodeError, match="iptables-legacy-restore is not in /usr/sbin"):
        ensure(system, [KUBELET])
    assert everything(system) == before


def test_both_variants_of_a_family_are_opened_from_one_file(system):
    fake = FakeNft(("ip", "filter", "INPUT"))
    system.programs["nft"] = fake
    second = type(system.tables[4])("iptables v1.8.9 (nf_tables)")
    system.programs.update({"iptables-nft": second.program, "iptables-nft-restore": second.restore})
    for name in ("iptables-nft", "iptables-nft-restore"):
        system.path(f"/usr/sbin/{name}").touch()
    assert states(ensure(system, [KUBELET])) == [("pass", "ok", "ok")]
    assert second.ours() == system.tables[4].ours()
    assert system.path(OWN4).read_text().count("-A ") == 1
    assert system.path(UNIT).read_text().count(f"--noflush {OWN4}") == 2
    assert not ensure(system, [KUBELET]).changed
    second.policy = "ACCEPT"
    assert ensure(system, [KUBELET]).changed
    assert second.ours() == []
    assert not ensure(system, [KUBELET]).changed


def test_a_chain_that_was_left_behind_goes_where_iptables_decides_nothing_any_more(system):
    ensure(system, [KUBELET])
    for table in system.tables.values():
        table.policy = "ACCEPT"
    outcome = ensure(system, [KUBELET], backend="iptables")
    assert states(outcome)[0][0] == "pass"
    assert "no filter table of iptables drops" in outcome.verdicts[0]["summary"]
    assert system.tables[4].ours() == []
    assert not system.path("/etc/ack-edge").exists()


def test_boot_files_go_also_where_no_table_is_loaded(system):
    before = everything(system)
    ensure(system, [KUBELET])
    names = [system.path(f"/proc/net/{name}") for name in ("ip_tables_names", "ip6_tables_names")]
    for name in names:
        name.write_text("")
    assert ensure(system, [], present=False).changed
    for name in names:
        name.write_text("filter\n")
    assert everything(system) == before


def test_a_rule_of_somebody_that_leads_to_our_chain_goes_with_it(system):
    ensure(system, [KUBELET])
    system.tables[4].chains["SITE"] = [f"-i eth1 {JUMP}"]
    assert not ensure(system, [KUBELET]).changed
    ensure(system, [], present=False)
    assert system.tables[4].chains["SITE"] == []
    assert CHAIN not in system.tables[4].chains


def test_a_lost_file_of_ours_fails_no_unit(system):
    """systemd passes the unit over then; the rest of the firewall is none of its business."""
    ensure(system, [KUBELET, VXLAN])
    text = system.path(UNIT).read_text()
    head = text.partition("[Service]")[0]
    assert f"ConditionPathExists={OWN4}\nConditionPathExists={OWN6}\n" in head
    system.path(UNIT).write_text(text.replace(f"ConditionPathExists={OWN4}\n", ""))
    assert ensure(system, [KUBELET, VXLAN]).changed
    assert system.path(UNIT).read_text() == text


def unreadable(system):
    """Make IPv4 a table of iptables-nft with a rule that only nft can read, the set being there."""
    table = ("ip", "filter")
    fake = system.programs["nft"] = FakeNft((*table, "INPUT"), (*table, CHAIN), policy="accept")
    fake.add_chain((*table, CHAIN), hook=None)
    counter = {"counter": {"packets": 0, "bytes": 0}}
    fake.add_rule((*table, "INPUT"), {"numgen": {"mode": "inc", "mod": 2}}, {"drop": None})
    fake.add_rule((*table, "INPUT"), counter, {"jump": {"target": CHAIN}})
    fake.add_rule((*table, "INPUT"), counter, {"drop": None})
    fake.add_rule((*table, CHAIN), counter, {"accept": None})
    said = "iptables v1.8.9 (nf_tables): table `filter' is incompatible, use 'nft' tool.\n"
    system.programs["iptables-nft"] = lambda args, _stdin: (0, said, "") if args == ["-V"] else (1, "", said)
    system.path("/proc/net/ip_tables_names").write_text("")
    return fake


def test_a_rule_that_only_nft_can_read_is_named(system):
    unreadable(system)
    before = system.files()
    with pytest.raises(NodeError, match=r"is incompatible.*added rules with nft .*: ip filter INPUT handle 1 \("):
        ensure(system, [KUBELET], backend="iptables")
    assert system.files() == before


@pytest.mark.parametrize("installed", [True, False])
def test_what_only_nft_can_read_is_taken_back_by_nft(system, installed):
    ensure(system, [KUBELET])
    fake = unreadable(system)
    if not installed:
        del system.programs["iptables-nft"]
    planned = ensure(system, [], present=False, check=True)
    assert f"iptables-nft: -A INPUT -j {CHAIN}" in planned.before
    assert ensure(system, [], present=False).changed
    assert list(fake.chains) == [("ip", "filter", "INPUT")]
    assert len(fake.chains["ip", "filter", "INPUT"]["rules"]) == 2
    assert not system.path(UNIT).exists()
    assert not ensure(system, [], present=False).changed


def test_an_unreadable_legacy_table_stays_an_error(system):
    ensure(system, [KUBELET])
    system.programs["iptables-legacy"] = lambda args, _stdin: (
        (0, "v1.8.9\n", "") if args == ["-V"] else (3, "", "broken")
    )
    with pytest.raises(NodeError, match="status 3 and said: broken"):
        ensure(system, [], present=False)
