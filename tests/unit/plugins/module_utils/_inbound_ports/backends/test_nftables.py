# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend nftables on a fake nft: where rules land, what the boot loads, and that all of it goes again."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.nftables import (
    add_include,
    remove_include,
)
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.firewall import KUBELET, VXLAN, ensure, states
from fakes.nft import BOOT_CONFIG, DROPPING, OldNft, expressions, nft_system
from fakes.systemctl import FakeSystemctl
from hypothesis import given
from hypothesis import strategies as st

OWN = "/etc/ack-edge/nftables-ack-edge.nft"
INCLUDE = f'include "{OWN[:-1]}[t]"'
EXACT = f'include "{OWN}"'
COMMENTS = ["ack-edge ack-edge kubelet", "ack-edge ack-edge vxlan", "ack-edge ack-edge vxlan"]


@pytest.fixture
def system(tmp_path):
    return nft_system(tmp_path)


@given(st.text('ab\n;"', max_size=20).map(lambda text: text.replace("a", "table x {}")))
def test_the_include_line_leaves_no_trace(text):
    changed = add_include(text, INCLUDE)
    assert changed.count(INCLUDE) == 1
    assert remove_include(changed, INCLUDE) == text
    assert remove_include(text, INCLUDE) == text


def test_lines_of_others_behind_ours_stay():
    assert remove_include(add_include("a\n", INCLUDE) + "b\n", INCLUDE) == "a\nb\n"
    assert remove_include(add_include("a", INCLUDE) + "\nb\n", INCLUDE) == "a\nb\n"


def test_rules_are_in_front_and_in_the_boot_files(system):
    system.programs["nft"].add_rule(DROPPING, {"drop": None}, comment="theirs")
    outcome = ensure(system, [KUBELET, VXLAN])
    assert outcome.changed
    assert states(outcome) == [("pass", "ok", "ok")] * 2
    assert system.programs["nft"].comments(DROPPING) == [*COMMENTS, "theirs"]
    assert system.path("/etc/nftables.conf").read_text() == BOOT_CONFIG + INCLUDE + "\n"
    lines = [line for line in system.path(OWN).read_text().splitlines() if line.startswith("insert")]
    # Each insert goes in front of the one before, so the file is in the reverse order.
    assert lines == [
        'insert rule inet filter input ip6 saddr fd00::/64 udp dport 8472 accept comment "ack-edge ack-edge vxlan"',
        'insert rule inet filter input ip saddr 10.0.0.0/8 udp dport 8472 accept comment "ack-edge ack-edge vxlan"',
        "insert rule inet filter input ip saddr 192.168.0.0/16 tcp dport { 10250, 10255 } accept "
        'comment "ack-edge ack-edge kubelet"',
    ]


def test_the_second_run_changes_nothing(system):
    ensure(system, [KUBELET, VXLAN])
    before, system.calls = system.files(), []
    outcome = ensure(system, [KUBELET, VXLAN])
    assert not outcome.changed
    assert (outcome.before, outcome.after) == ([], [])
    assert system.files() == before
    assert not system.changing_calls()


@pytest.mark.parametrize("config", [BOOT_CONFIG, BOOT_CONFIG.rstrip("\n"), BOOT_CONFIG + "\n\n"])
def test_absent_leaves_every_file_as_it_was(tmp_path, config):
    system = nft_system(tmp_path, config)
    system.programs["nft"].add_rule(DROPPING, {"accept": None}, comment="ack-edge other kubelet")
    before, loaded = system.files(), system.programs["nft"].document()
    ensure(system, [KUBELET, VXLAN])
    outcome = ensure(system, [KUBELET], present=False)
    assert outcome.changed
    assert [item["status"] for item in outcome.verdicts] == ["pass"]
    assert system.files() == before
    assert system.programs["nft"].document() == loaded
    assert not system.path("/etc/ack-edge").exists()
    assert not system.path("/var/lib/ack_edge").exists()
    assert not ensure(system, [], present=False).changed


def test_check_mode_is_exact_and_changes_nothing(system):
    before = system.files()
    planned = ensure(system, [KUBELET], check=True)
    assert states(planned) == [("fail", "missing", "missing")]
    assert system.files() == before
    assert not system.path("/var/lib/ack_edge").exists()
    assert not system.path("/run/ack_edge").exists()
    assert not system.changing_calls()
    done = ensure(system, [KUBELET])
    assert (planned.changed, planned.before, planned.after) == (done.changed, done.before, done.after)
    assert not ensure(system, [KUBELET], check=True).changed
    assert ensure(system, [], present=False, check=True).before == done.after


def test_each_fact_is_mended_alone(system):
    ensure(system, [KUBELET])
    fake = system.programs["nft"]
    fake.chains[DROPPING]["rules"] = []
    files = system.files()
    assert states(ensure(system, [KUBELET], check=True)) == [("fail", "missing", "ok")]
    assert ensure(system, [KUBELET]).changed
    assert system.files() == files
    system.path(OWN).unlink()
    system.calls = []
    assert states(ensure(system, [KUBELET], check=True)) == [("fail", "ok", "missing")]
    assert ensure(system, [KUBELET]).changed
    assert system.files() == files
    assert not system.changing_calls()
    system.path("/etc/nftables.conf").write_text(BOOT_CONFIG)
    assert states(ensure(system, [KUBELET], check=True)) == [("fail", "ok", "missing")]
    assert ensure(system, [KUBELET]).changed
    assert system.files() == files


def test_a_rule_of_ours_that_somebody_changed_is_replaced(system):
    ensure(system, [KUBELET])
    fake = system.programs["nft"]
    fake.chains[DROPPING]["rules"][0]["expr"].insert(0, {"counter": {"packets": 1, "bytes": 1}})
    outcome = ensure(system, [KUBELET], check=True)
    assert states(outcome) == [("fail", "wrong", "ok")]
    assert any("another form" in line for line in outcome.before)
    ensure(system, [KUBELET])
    assert fake.comments(DROPPING) == ["ack-edge ack-edge kubelet"]
    assert not ensure(system, [KUBELET]).changed


def test_a_smaller_list_takes_away_what_is_no_longer_named(system):
    ensure(system, [KUBELET, VXLAN])
    ensure(system, [dict(VXLAN, sources=["10.0.0.0/8"])])
    assert system.programs["nft"].comments(DROPPING) == ["ack-edge ack-edge vxlan"]
    assert "fd00" not in system.path(OWN).read_text()
    ensure(system, [])
    assert system.programs["nft"].comments(DROPPING) == []
    assert not system.path(OWN).exists()


def test_every_chain_that_can_drop_is_extended_and_no_other(system):
    fake = system.programs["nft"]
    fake.add_chain(("ip", "second", "in"))
    fake.add_chain(("ip", "open", "in"), policy="accept")
    fake.add_chain(("ip", "kube-proxy", "in"))
    system.path("/etc/nftables.conf").write_text(BOOT_CONFIG + "table ip second {\n\tchain in {\n\t}\n}\n")
    ensure(system, [VXLAN])
    assert len(fake.comments(DROPPING)) == 2
    # An ip chain never sees IPv6.
    assert fake.comments(("ip", "second", "in")) == ["ack-edge ack-edge vxlan"]
    assert not fake.comments(("ip", "open", "in")) + fake.comments(("ip", "kube-proxy", "in"))


def test_a_chain_that_the_boot_configuration_does_not_make_stays_out_of_it(system):
    system.programs["nft"].add_chain(("ip", "dynamic", "in"))
    outcome = ensure(system, [KUBELET])
    assert states(outcome) == [("warn", "ok", "ok")]
    assert "ip dynamic in" in outcome.verdicts[0]["summary"]
    assert "dynamic" not in system.path(OWN).read_text()
    assert not ensure(system, [KUBELET]).changed


@pytest.mark.parametrize("config", ["disabled", "missing", "broken", "other"])
def test_without_a_boot_configuration_it_is_open_now_with_a_warning(tmp_path, config):
    text = {"missing": None, "broken": BOOT_CONFIG + "bad line\n", "other": "flush ruleset\n"}.get(config, BOOT_CONFIG)
    system = nft_system(tmp_path, text)
    if config == "disabled":
        system.programs["systemctl"] = FakeSystemctl(enabled="disabled")
    before = system.files()
    outcome = ensure(system, [KUBELET])
    assert states(outcome) == [("warn", "ok", "none")]
    assert outcome.verdicts[0]["remedy"]
    assert system.files() == before
    assert not ensure(system, [KUBELET]).changed
    ensure(system, [], present=False)
    assert system.files() == before


def test_a_service_disabled_later_takes_the_boot_files_back(system):
    before = system.files()
    ensure(system, [KUBELET])
    system.programs["systemctl"] = FakeSystemctl(enabled="disabled")
    outcome = ensure(system, [KUBELET])
    assert states(outcome) == [("warn", "ok", "none")]
    assert system.files() == before


def test_another_boot_configuration_gets_the_line_and_the_first_loses_it(system):
    ensure(system, [KUBELET])
    system.path("/etc/other.nft").write_text(BOOT_CONFIG)
    system.programs["systemctl"] = FakeSystemctl(config="/etc/other.nft")
    ensure(system, [KUBELET])
    assert system.path("/etc/nftables.conf").read_text() == BOOT_CONFIG
    assert INCLUDE in system.path("/etc/other.nft").read_text()
    ensure(system, [], present=False)
    assert system.path("/etc/other.nft").read_text() == BOOT_CONFIG


def test_input_chains_that_drop_nothing_pass_and_get_no_rule(tmp_path):
    system = nft_system(tmp_path, BOOT_CONFIG.replace("policy drop", "policy accept"))
    system.programs["nft"].chains[DROPPING]["chain"]["policy"] = "accept"
    system.programs["nft"].add_rule(DROPPING, {"accept": None})
    outcome = ensure(system, [KUBELET])
    assert not outcome.changed
    assert states(outcome) == [("pass", "ok", "ok")]
    assert "no rule is needed, no input chain of the ruleset drops anything" in outcome.verdicts[0]["summary"]


@pytest.mark.parametrize("said", ["nft: invalid option -- 'j'\n", "Error: JSON support not compiled-in\n"])
def test_an_nft_without_json_is_read_as_text(system, said):
    fake = system.programs["nft"] = OldNft(DROPPING)
    system.programs["nft"] = lambda args, stdin: (1, "", said) if "-j" in args else fake(args, stdin)
    assert states(ensure(system, [KUBELET, VXLAN])) == [("pass", "ok", "ok")] * 2
    assert fake.comments(DROPPING) == COMMENTS


@pytest.mark.parametrize("version", ["0.8.2", "0.9.0"])
def test_an_old_nft_holds_reads_back_and_gives_back_the_rules(system, version):
    fake = system.programs["nft"] = OldNft(DROPPING, version=version)
    fake.add_rule(DROPPING, {"drop": None}, comment="theirs")
    before, loaded = system.files(), fake.document()
    outcome = ensure(system, [KUBELET, VXLAN])
    assert states(outcome) == [("pass", "ok", "ok")] * 2
    assert fake.comments(DROPPING) == [*COMMENTS, "theirs"]
    assert not ensure(system, [KUBELET, VXLAN]).changed
    assert ensure(system, [], present=False).changed
    assert (system.files(), fake.document()) == (before, loaded)


@pytest.mark.parametrize("version", ["0.8.2", "0.9.0"])
@pytest.mark.parametrize("present", [True, False])
def test_an_old_nft_with_nothing_loaded_is_no_firewall(system, version, present):
    system.programs["nft"] = OldNft(version=version)
    assert ensure(system, [KUBELET], present=present).backend == "none"


def test_an_nft_that_fails_is_named_with_its_version(system):
    old = OldNft(DROPPING)
    broken = (1, "", "Error: cache initialization failed: No buffer space available\n")
    system.programs["nft"] = lambda args, stdin: old(args, stdin) if args == ["--version"] else broken
    with pytest.raises(NodeError, match=r"'nft -j list ruleset' of nftables v0\.8\.2 .* said: Error: cache"):
        ensure(system, [KUBELET])


@pytest.mark.parametrize("printed", ["Warning\n", "[]", "null"])
def test_what_is_no_listing_is_named_with_the_version(system, printed):
    old = OldNft(DROPPING, version="0.9.0")
    system.programs["nft"] = lambda args, stdin: old(args, stdin) if args == ["--version"] else (0, printed, "")
    with pytest.raises(NodeError, match=r"of nftables v0\.9\.0 .* did not print JSON but"):
        ensure(system, [KUBELET])


def test_a_kernel_without_nf_tables_has_no_firewall_of_it(system):
    system.programs["nft"] = lambda args, stdin: (1, "", "Error: cache initialization failed: Protocol not supported\n")
    assert ensure(system, [KUBELET]).backend == "none"


def test_files_go_also_where_nft_is_gone(system):
    before = system.files()
    ensure(system, [KUBELET])
    del system.programs["nft"]
    assert ensure(system, [], present=False).changed
    assert system.files() == before


def test_what_nft_does_not_take_is_not_half_done(system):
    real, before = system.programs["nft"], system.files()

    def refusing(args, stdin):
        return (1, "", "Error: too large\n") if "comment" in (stdin or "") else real(args, stdin)

    system.programs["nft"] = refusing
    with pytest.raises(NodeError, match="too large"):
        ensure(system, [KUBELET])
    assert system.files() == before
    assert real.comments(DROPPING) == []


def test_what_does_not_arrive_is_an_error(system):
    real = system.programs["nft"]
    system.programs["nft"] = lambda args, stdin: (0, "", "") if args == ["-f", "/dev/stdin"] else real(args, stdin)
    with pytest.raises(NodeError, match="its rules differ from what was written"):
        ensure(system, [KUBELET])


def test_a_duplicate_of_our_rule_is_removed(system):
    ensure(system, [KUBELET])
    text = 'ip saddr 192.168.0.0/16 tcp dport { 10250, 10255 } accept comment "'
    system.programs["nft"].add_rule(DROPPING, *expressions(text), comment="ack-edge ack-edge kubelet")
    assert ensure(system, [KUBELET]).changed
    assert len(system.programs["nft"].comments(DROPPING)) == 1


def test_an_etc_that_cannot_be_written_stops_before_the_runtime(system):
    system.path("/etc/ack-edge").write_text("a file where a directory should be")
    with pytest.raises(NodeError, match="cannot be written"):
        ensure(system, [KUBELET])
    assert system.programs["nft"].comments(DROPPING) == []
    assert system.path("/etc/nftables.conf").read_text() == BOOT_CONFIG


@pytest.mark.parametrize(
    ("config", "enabled", "status"),
    [
        (BOOT_CONFIG, "enabled", "warn"),
        (BOOT_CONFIG, "disabled", "pass"),
        (BOOT_CONFIG.replace("policy drop", "policy accept"), "enabled", "pass"),
        (BOOT_CONFIG.replace("policy drop", "policy accept; # drop"), "enabled", "pass"),
        (BOOT_CONFIG.replace("hook input", "hook forward"), "enabled", "pass"),
        (None, "enabled", "pass"),
    ],
)
def test_a_firewall_that_only_a_restart_would_load_is_a_finding(tmp_path, config, enabled, status):
    system = nft_system(tmp_path, config)
    system.programs["nft"].chains.clear()
    system.programs["systemctl"].enabled = enabled
    files = system.files()
    outcome = ensure(system, [KUBELET])
    assert (outcome.backend, outcome.changed, outcome.verdicts[0]["status"]) == ("none", False, status)
    assert ("/etc/nftables.conf may drop" in outcome.verdicts[0]["summary"]) is (status == "warn")
    assert system.files() == files


@pytest.mark.parametrize("config", [BOOT_CONFIG, BOOT_CONFIG.rstrip("\n"), BOOT_CONFIG + "\n\n"])
def test_the_exact_line_of_an_earlier_version_is_replaced_and_undone(tmp_path, config):
    """Such a line fails the whole configuration, and so the firewall, where our file is lost."""
    system = nft_system(tmp_path, config)
    before = system.files()
    ensure(system, [KUBELET])
    now, path = system.files(), system.path("/etc/nftables.conf")
    path.write_text(add_include(config, EXACT))
    planned = ensure(system, [KUBELET], check=True)
    assert (planned.changed, states(planned)) == (True, [("pass", "ok", "ok")])
    assert f"/etc/nftables.conf: {EXACT}" in planned.before
    assert f"/etc/nftables.conf: {INCLUDE}" in planned.after
    assert ensure(system, [KUBELET]).changed
    assert system.files() == now
    assert not ensure(system, [KUBELET]).changed
    path.write_text(add_include(config, EXACT))
    ensure(system, [], present=False)
    assert system.files() == before


def test_both_lines_become_one(system):
    ensure(system, [KUBELET])
    now, path = system.files(), system.path("/etc/nftables.conf")
    path.write_text(path.read_text() + EXACT + "\n")
    ensure(system, [KUBELET])
    assert system.files() == now
