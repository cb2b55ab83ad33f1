# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend ufw on fake xtables and on ufw's files: what is written there, and that nothing else changes."""

import subprocess
import sys

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends import ufw
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.firewall import KUBELET, VXLAN, ensure, states
from fakes.ufw import UFW_FILE, ufw_system
from hypothesis import given
from hypothesis import strategies as st

FILE, FILE6 = "/etc/ufw/user.rules", "/etc/ufw/user6.rules"
KUBELET_LINE = "-A ufw-user-input -s 192.168.0.0/16 -p tcp -m multiport --dports 10250,10255 -j ACCEPT"
VXLAN_LINES = [
    "-A ufw-user-input -s 10.0.0.0/8 -p udp -m udp --dport 8472 -j ACCEPT",
    "-A ufw6-user-input -s fd00::/64 -p udp -m udp --dport 8472 -j ACCEPT",
]


@pytest.fixture
def system(tmp_path):
    return ufw_system(tmp_path)


def test_rules_are_in_front_in_the_kernel_and_in_the_file(system):
    system.xtables.chains[4].append("-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT")
    outcome = ensure(system, [KUBELET, VXLAN])
    assert (outcome.backend, states(outcome)) == ("ufw", [("pass", "ok", "ok")] * 2)
    assert system.xtables.chains[4][1:] == [
        KUBELET_LINE,
        VXLAN_LINES[0],
        "-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT",
    ]
    text = system.path(FILE).read_text()
    head, _mark, tail = text.partition("### RULES ###\n")
    assert head + "### RULES ###\n" + tail[-len(UFW_FILE.partition("### RULES ###\n")[2]) :] == UFW_FILE
    assert tail.startswith(
        "\n### tuple ### allow tcp 10250,10255 0.0.0.0/0 any 192.168.0.0/16 in comment="
        + b"ack-edge ack-edge kubelet".hex()
        + "\n-A ufw-user-input -p tcp -m multiport --dports 10250,10255 -s 192.168.0.0/16 -j ACCEPT\n"
    )
    assert not ensure(system, [KUBELET, VXLAN]).changed


def test_each_fact_is_mended_alone(system):
    ensure(system, [KUBELET, VXLAN])
    system.xtables.chains[4].remove(KUBELET_LINE)
    text = system.path(FILE6).read_text()
    system.path(FILE6).write_text(UFW_FILE.replace("ufw-", "ufw6-").replace("0.0.0.0/0", "::/0"))
    assert states(ensure(system, [KUBELET, VXLAN], check=True)) == [("fail", "missing", "ok"), ("fail", "ok", "wrong")]
    ensure(system, [KUBELET, VXLAN])
    assert (KUBELET_LINE in system.xtables.chains[4], system.path(FILE6).read_text()) == (True, text)


def test_a_changed_set_takes_out_what_left_it(system):
    ensure(system, [KUBELET, VXLAN])
    ensure(system, [dict(KUBELET, sources=["172.16.0.0/12"])])
    assert system.xtables.chains == {
        4: ["-N ufw-user-input", KUBELET_LINE.replace("192.168.0.0/16", "172.16.0.0/12")],
        6: ["-N ufw6-user-input"],
    }
    assert "8472" not in system.path(FILE).read_text() + system.path(FILE6).read_text()


def test_an_equal_rule_of_the_site_is_used_and_stays(system):
    line = "-A ufw-user-input -s 192.168.0.0/16 -p tcp -m multiport --dports 10250,10255 -j ACCEPT"
    system.xtables.chains[4].append(line)
    theirs = UFW_FILE.replace(
        "\n### END",
        "\n### tuple ### allow tcp 10250,10255 0.0.0.0/0 any 192.168.0.0/16 in\n-A ufw-user-input -p tcp -m multiport "
        "--dports 10250,10255 -s 192.168.0.0/16 -j ACCEPT\n\n### END",
    )
    system.path(FILE).write_text(theirs)
    assert ensure(system, [KUBELET]).changed is False
    assert ensure(system, [KUBELET], present=False).changed is False
    assert (system.path(FILE).read_text(), line in system.xtables.chains[4]) == (theirs, True)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("-A ufw-user-input -s 192.168.0.0/16 -j DROP", True),
        ("-A ufw-user-input -p tcp -m tcp --dport 10250 -j REJECT --reject-with tcp-reset", True),
        ("-A ufw-user-input ! -s 10.0.0.0/8 -j DROP", True),
        ("-A ufw-user-input -s 10.0.0.0/8 -j DROP", False),
        ("-A ufw-user-input -p udp -j DROP", False),
        ("-A ufw-user-input -p tcp -m multiport --dports 1:1024,20000:30000 -j DROP", False),
        ("-A ufw-user-input -m conntrack --ctstate INVALID -j DROP", False),
        ("-A ufw-user-input -m mark --mark 0x1 -j DROP", True),
        ("-A ufw-user-input -p tcp -m tcp --dport 10250 -j ACCEPT", False),
    ],
)
def test_a_rule_before_ours_that_may_drop_is_named(system, line, named):
    ensure(system, [KUBELET])
    system.xtables.chains[4].insert(1, line)
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert (verdict["status"], line in verdict["summary"]) == (("warn", True) if named else ("pass", False))


def test_a_rule_in_front_of_all_of_ufw_is_named_and_one_behind_its_jump_is_not(system):
    ensure(system, [KUBELET])
    ahead, behind = "-A INPUT -s 192.168.0.0/24 -j DROP", "-A INPUT -j DROP"
    system.xtables.ahead[4], system.xtables.behind[4] = [ahead], [behind]
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert (verdict["status"], ahead in verdict["summary"]) == ("warn", True)
    system.xtables.ahead[4] = []
    assert ensure(system, [KUBELET]).verdicts[0]["status"] == "pass"


IPV6_ONLY = dict(KUBELET, name="six", sources=["fd00::/64"])
SHUT = "ufw has no chains for IPv6, so sources of that family are not allowed"


@pytest.mark.parametrize(
    ("loaded", "said", "expected", "summary", "remedy"),
    [
        (False, "no", [("pass", "ok", "ok"), ("warn", "ok", "ok"), ("fail", "none", "none")], SHUT, "IPV6=yes"),
        (False, "yes", [("pass", "ok", "ok"), ("warn", "ok", "ok"), ("fail", "none", "ok")], SHUT, "ufw reload"),
        (
            True,
            "no",
            [("pass", "ok", "ok"), ("warn", "ok", "ok"), ("warn", "ok", "none")],
            "is open now, but /etc/default/ufw has IPV6=no, so sources of that family are not allowed after a reboot",
            "IPV6=yes",
        ),
    ],
)
def test_sources_of_a_family_that_ufw_shuts_are_named(system, loaded, said, expected, summary, remedy):
    if not loaded:
        system.xtables.chains[6] = []
    # The last one counts, as in a shell.
    system.path("/etc/default/ufw").write_text(f"IPV6=maybe\n#IPV6=yes\nIPV6='{said}'\n")
    outcome = ensure(system, [KUBELET, VXLAN, IPV6_ONLY])
    assert states(outcome) == expected
    assert all(summary in item["summary"] and remedy in item["remedy"] for item in outcome.verdicts[1:])
    assert ("8472" in system.path(FILE6).read_text()) == (said == "yes")
    assert not ensure(system, [KUBELET, VXLAN, IPV6_ONLY]).changed


def test_both_are_told_a_family_that_is_shut_and_a_rule_that_drops(system):
    system.xtables.chains[6] = []
    ensure(system, [KUBELET, VXLAN])
    system.xtables.chains[4].insert(1, "-A ufw-user-input -p tcp -j DROP")
    first, second = ensure(system, [KUBELET, VXLAN]).verdicts
    assert "-A ufw-user-input -p tcp -j DROP" in first["summary"]
    assert SHUT in second["summary"]


def test_without_ufw_loaded_nothing_is_said_to_be_open(system):
    system.xtables.chains.update({4: [], 6: []})
    (verdict,) = ensure(system, [KUBELET], backend="ufw").verdicts
    assert (verdict["status"], "no chains for IPv4" in verdict["summary"]) == ("fail", True)


def test_without_its_manifest_all_of_ours_is_found_by_the_comment(system):
    theirs = "-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT"
    system.xtables.chains[4].append(theirs)
    files = system.files()
    ensure(system, [KUBELET, VXLAN])
    system.path("/var/lib/ack_edge/inbound_ports/ack-edge.json").unlink()
    assert not ensure(system, [KUBELET, VXLAN], check=True).changed
    assert ensure(system, [KUBELET, VXLAN], present=False).changed
    assert system.xtables.chains == {4: ["-N ufw-user-input", theirs], 6: ["-N ufw6-user-input"]}
    assert system.files() == files


def test_what_ufw_wrote_while_we_planned_stays(system):
    added = "\n### tuple ### allow tcp 443 0.0.0.0/0 any 0.0.0.0/0 in\n-A ufw-user-input -p tcp --dport 443 -j ACCEPT\n"
    restore = system.xtables.restore(4)

    def restore_and_write(args, stdin):
        if "--test" in args:
            path = system.path(FILE)
            path.write_text(path.read_text().replace("\n### END", added + "\n### END"))
        return restore(args, stdin)

    system.programs["iptables-restore"] = restore_and_write
    ensure(system, [KUBELET])
    text = system.path(FILE).read_text()
    assert (added in text, "10250" in text) == (True, True)


HOLDER = """
import fcntl, sys
handle = open(sys.argv[1], "w")
fcntl.lockf(handle, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def test_a_run_of_ufw_is_waited_for_and_named(system):
    system.path("/run").mkdir(exist_ok=True)
    argv = [sys.executable, "-c", HOLDER, str(system.path("/run/ufw.lock"))]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as holder:
        assert holder.stdout.readline() == "held\n"
        times = iter([0, 5, 10])
        with (
            pytest.raises(NodeError, match="a run of ufw has held"),
            ufw.ufw_lock(system.node(None), 9, lambda: next(times), lambda _seconds: None),
        ):
            pass

        def let_go(_seconds):
            holder.stdin.close()
            holder.wait()

        with ufw.ufw_lock(system.node(None), 9, lambda: 0, let_go):
            assert holder.returncode == 0


@pytest.mark.parametrize("text", [None, "*filter\nCOMMIT\n"])
def test_a_file_of_another_form_stops_before_anything_is_changed(system, text):
    system.path(FILE).unlink()
    if text:
        system.path(FILE).write_text(text)
    with pytest.raises(NodeError, match=r"user\.rules is (not there|of another form), expected"):
        ensure(system, [KUBELET])
    assert system.xtables.chains[4] == ["-N ufw-user-input"]


def test_a_held_lock_is_an_error_and_nothing_is_half_done(system):
    files = system.files()
    system.xtables.locked = True
    with pytest.raises(NodeError, match="xtables lock"):
        ensure(system, [KUBELET], backend="ufw")
    assert system.files() == files


def test_more_than_fifteen_ports_are_more_than_one_rule(system):
    many = dict(KUBELET, ports=[str(port) for port in range(1, 41, 2)])
    ensure(system, [many])
    assert [line.count(",") for line in system.xtables.chains[4][1:]] == [14, 4]


ITEM = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["kubelet", "a b", "x/y:z"]),
        "protocol": st.sampled_from(["tcp", "udp"]),
        "ports": st.lists(st.sampled_from(["10250", "1-5", "65535", "80"]), min_size=1, unique=True),
        "sources": st.lists(
            st.sampled_from(["192.168.0.0/16", "10.1.2.3", "0.0.0.0/0", "fd00::/64", "::/0", "fd00::1"]),
            min_size=1,
            unique=True,
        ),
        "comment": st.just(""),
    }
)


PACKAGED = """*filter
:ufw-user-input - [0:0]
### RULES ###
-A ufw-user-limit -j REJECT
-A ufw-user-limit-accept -j ACCEPT
COMMIT
"""


@given(ITEM)
def test_what_is_written_is_read_back(raw):
    (item,), _problems = _ufw_items(raw)
    for rule in ufw._rules(item):
        for file, others in ((UFW_FILE, 1), (PACKAGED, 0), (UFW_FILE.replace("\n\n", "\n"), 1)):
            added = ufw._block_text(rule, "ack-edge s " + item.name)
            text = file.replace("### RULES ###\n", "### RULES ###\n" + added)
            block, *rest = ufw._blocks(rule.version, text)
            assert (block.rule, block.comment) == (rule, "ack-edge s " + item.name)
            assert text.replace(block.text, "", 1) == file
            assert len(rest) == others


@pytest.mark.parametrize("file", [UFW_FILE, PACKAGED])
def test_a_file_is_given_back_byte_for_byte(system, file):
    system.path(FILE).write_text(file)
    files = system.files()
    ensure(system, [KUBELET, VXLAN])
    ensure(system, [VXLAN])
    ensure(system, [KUBELET, VXLAN], present=False)
    assert system.files() == files


def test_a_rule_of_ours_that_somebody_changed_in_the_file_is_mended(system):
    ensure(system, [KUBELET])
    right = system.path(FILE).read_text()
    system.path(FILE).write_text(right.replace("-s 192.168.0.0/16 -j ACCEPT", "-s 192.168.0.0/24 -j ACCEPT"))
    assert states(ensure(system, [KUBELET], check=True)) == [("fail", "ok", "wrong")]
    ensure(system, [KUBELET])
    assert system.path(FILE).read_text() == right


def _ufw_items(raw):
    from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import parse_items

    return parse_items([raw], allow_any_source=True)


ODD = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "### RULES ###",
                "### END RULES ###",
                "### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in",
                "### tuple ### allow any any 0.0.0.0/0 any 10.0.0.0/33 in comment=zz",
                "### tuple ### allow tcp 1:x 0.0.0.0/0 any fd00::/64 in comment=616",
                "### tuple ### route:allow tcp 80 0.0.0.0/0 any 10.0.0.0/8 in_eth0",
                "### tuple ###",
                "-A ufw-user-input -p tcp --dport 22 -j ACCEPT",
                "",
            ]
        ),
        st.text(max_size=20),
    ),
    max_size=12,
).map("\n".join)


@given(ODD)
def test_odd_files_are_read_without_a_complaint(text):
    for block in ufw._blocks(4, text):
        assert block.text in text


JUMP = "-A ufw-before-input -m conntrack --ctstate NEW -j site-geo"
GEO = ["-A site-geo -i lo -j RETURN", "-A site-geo -s 10.99.0.0/16 -j RETURN", "-A site-geo -j DROP"]


@pytest.mark.parametrize(
    ("geo", "named"),
    [
        (GEO, "-A site-geo -j DROP"),
        (["-A site-geo -s 192.168.0.0/16 -j RETURN", *GEO], None),
        (["-A site-geo -s 192.168.0.0/16 -j ACCEPT", *GEO], None),
        (["-A site-geo -s 192.168.0.0/16 -p tcp -m multiport --dports 10250 -j RETURN", *GEO], "-A site-geo -j DROP"),
        (["-A site-geo ! -s 192.168.0.0/16 -j DROP"], None),
        (["-A site-geo -j inner"], "-A inner -p tcp -j REJECT"),
        (["-A site-geo -j LOG"], None),
        (["-A site-geo -j KUBE-FIREWALL"], None),
    ],
)
def test_a_chain_of_the_site_that_before_rules_lead_to_is_judged(system, geo, named):
    system.xtables.before[4] = [JUMP]
    system.xtables.site[4] = {"site-geo": geo, "inner": ["-A inner -j site-geo", "-A inner -p tcp -j REJECT"]}
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert verdict["status"] == ("warn" if named else "pass")
    if named:
        assert f"a rule before ours may drop some of it: {named}" in verdict["summary"]


def test_what_returns_from_before_rules_never_meets_ours(system):
    system.xtables.before[4] = ["-A ufw-before-input -s 192.168.0.0/16 -j RETURN"]
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert verdict["status"] == "warn"
    assert "-s 192.168.0.0/16 -j RETURN" in verdict["summary"]


# Somebody has edited the file and not reloaded ufw yet.
@pytest.mark.parametrize(
    ("lines", "drop"),
    [
        ("-A ufw-before-input -s 192.168.0.0/16 -j DROP", "-A ufw-before-input -s 192.168.0.0/16 -j DROP"),
        ("-A ufw-before-input --source 192.168.0.0/16 --jump REJECT", "-A ufw-before-input --source 192.168.0.0/16 "
         "--jump REJECT"),
        ("-A ufw-before-input -j geo\n-A geo -s 10.0.0.0/8 -j RETURN\n-A geo -j DROP", "-A geo -j DROP"),
        ("-A ufw-before-input -m conntrack --ctstate INVALID -j DROP\n-A ufw-before-input -j ufw-not-local\n"
         "-A ufw-not-local -m addrtype --dst-type LOCAL -j RETURN\n-A ufw-not-local -j DROP", None),
        ("-A ufw-before-forward -j DROP", None),
    ],
)  # fmt: skip
def test_what_the_next_start_loads_in_front_of_ours_is_named(system, lines, drop):
    system.path("/etc/ufw/before.rules").write_text(
        f"*filter\n:ufw-before-input - [0:0]\n:geo - [0:0]\n{lines}\nCOMMIT\n"
    )
    kubelet, vxlan = ensure(system, [KUBELET, {**VXLAN, "sources": ["172.16.0.0/12"]}]).verdicts
    assert kubelet["status"] == ("warn" if drop else "pass")
    assert not drop or f"/etc/ufw/before.rules may drop some of it after a reboot: {drop}" in kubelet["summary"]
    assert vxlan["status"] == ("warn" if drop and "geo" in drop else "pass")
