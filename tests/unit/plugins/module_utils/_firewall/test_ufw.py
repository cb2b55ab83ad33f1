# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend ufw on fake xtables and on ufw's files: what is written there, and that nothing else changes."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._firewall import _ufw
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from helpers_firewall import KUBELET, UFW_FILE, VXLAN, ensure, ufw_system
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


def states(outcome):
    return [(item["status"], item["data"]["runtime"], item["data"]["boot"]) for item in outcome.verdicts]


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
        ("-A ufw-user-input -m mark --mark 0x1 -j DROP", False),
        ("-A ufw-user-input -p tcp -m tcp --dport 10250 -j ACCEPT", False),
    ],
)
def test_a_rule_before_ours_that_may_drop_is_named(system, line, named):
    ensure(system, [KUBELET])
    system.xtables.chains[4].insert(1, line)
    (verdict,) = ensure(system, [KUBELET]).verdicts
    assert (verdict["status"], line in verdict["summary"]) == (("warn", True) if named else ("pass", False))


def test_without_chains_for_ipv6_its_sources_are_said_to_stay_shut(system):
    system.xtables.chains[6] = []
    first, second = ensure(system, [KUBELET, VXLAN]).verdicts
    assert (first["status"], second["status"], "IPv6" in second["summary"]) == ("pass", "warn", True)


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


@given(ITEM)
def test_what_is_written_is_read_back(raw):
    (item,), _problems = _ufw_items(raw)
    for rule in _ufw._rules(item):
        text = UFW_FILE.replace(
            "### RULES ###\n", "### RULES ###\n" + _ufw._block_text(rule, "ack-edge s " + item.name)
        )
        (block, *others) = _ufw._blocks(rule.version, text)
        assert (block.rule, block.comment) == (rule, "ack-edge s " + item.name)
        assert text.replace(block.text, "", 1) == UFW_FILE
        assert len(others) == 1


def _ufw_items(raw):
    from ansible_collections.ack_edge.node.plugins.module_utils._firewall._model import parse_items

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
    for block in _ufw._blocks(4, text):
        assert block.text in text
