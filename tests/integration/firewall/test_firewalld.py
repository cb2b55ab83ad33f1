# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""inbound_ports with a real firewalld, on a node that ACK_EDGE_FIREWALLD_EXEC names by the command that enters it.

E.g. ``ACK_EDGE_FIREWALLD_EXEC="docker exec -i ack-edge-lab-edge-el9"``. The tests own a set of a name of its own, work
in zones 'work' and 'home', and leave /etc/firewalld and the rules as they were.
"""

import json
import os
import shlex
import subprocess

import pytest
from helpers_engine import packed

EXEC = shlex.split(os.environ.get("ACK_EDGE_FIREWALLD_EXEC", ""))
pytestmark = pytest.mark.skipif(not EXEC, reason="ACK_EDGE_FIREWALLD_EXEC names no node with firewalld")

ARCHIVE = "/var/tmp/ackfw-test.zip"
DRIVER = """
import json, sys
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.apply import carry_out
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.look import InboundPorts
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import parse_items
from ansible_collections.ack_edge.node.plugins.module_utils._node import Node, NodeError
raw, present, check, options = json.loads(sys.argv[1])
try:
    engine = InboundPorts(Node(), "ackfw-test", backend="firewalld", **options)
    print(json.dumps(engine.ensure(parse_items(raw)[0], present, None if check else carry_out)._asdict()))
except NodeError as error:
    print(json.dumps({"error": str(error)}))
"""
KUBELET = {
    "name": "kubelet",
    "protocol": "tcp",
    "ports": ["10250", "10255-10256"],
    "sources": ["192.0.2.0/24", "198.51.100.7", "2001:db8::/32"],
}
ANY_CASE = 'rule family="ipv4" source address="192.0.2.0/24" port port="10250" protocol="tcp" accept'
BY_HAND = """<?xml version='1.0' encoding='utf-8'?>
<zone><!-- by hand -->
\t<description>ours</description><short>Work</short>
\t<service name="ssh"></service>
</zone>"""


def node(*argv, stdin=b"", check=True):
    return subprocess.run([*EXEC, *argv], input=stdin, check=check, capture_output=True).stdout.decode()


def digest():
    return node(
        "sh",
        "-c",
        "ls -a /etc/firewalld/zones; md5sum /etc/firewalld/zones/* /etc/firewalld/*.conf 2>&1; "
        "ls /var/lib/ack_edge/inbound_ports/ackfw-test.json 2>&1; true",
    )


def rules(zone, *how):
    return sorted(node("firewall-cmd", *how, f"--zone={zone}", "--list-rich-rules").split("\n")[:-1])


def ensure(raw, *, present=True, check=False, **options):
    options.setdefault("zone", "home")
    out = node("env", f"PYTHONPATH={ARCHIVE}", "python3", "-c", DRIVER, json.dumps([raw, present, check, options]))
    return json.loads(out)


@pytest.fixture(scope="module", autouse=True)
def archive():
    node("sh", "-c", f"cat > {ARCHIVE}", stdin=packed("_inbound_ports", "_system"))
    yield
    node("rm", "-f", ARCHIVE)


@pytest.fixture(autouse=True)
def clean():
    before = digest(), rules("home"), rules("work")
    yield
    ensure([], present=False)
    assert (digest(), rules("home"), rules("work")) == before


def test_whole_life():
    before = digest()
    planned = ensure([KUBELET], check=True)
    assert digest() == before
    done = ensure([KUBELET])
    assert (planned["changed"], planned["after"]) == (True, done["after"])
    assert [item["status"] for item in done["verdicts"]] == ["pass"]
    assert len(rules("home")) == 6
    assert rules("home") == rules("home", "--permanent")
    second = digest()
    assert not ensure([KUBELET])["changed"]
    assert digest() == second
    node("firewall-cmd", "--zone=home", f"--remove-rich-rule={ANY_CASE}")
    assert ensure([KUBELET])["changed"]
    assert len(rules("home")) == 6
    gone = ensure([], present=False)
    assert gone["changed"]
    assert digest() == before
    assert not ensure([], present=False)["changed"]


def test_a_second_life_after_the_files_were_given_back():
    # firewalld has not yet seen that its file is gone; what it writes next must still be right.
    before = digest()
    for _round in range(2):
        ensure([KUBELET])
        assert len(rules("home", "--permanent")) == 6
        ensure([], present=False)
        assert digest() == before


def test_a_rich_rule_that_drops_before_ours_is_named():
    denial = 'rule family="ipv4" source address="192.0.2.0/24" drop'
    node("firewall-cmd", "--zone=home", f"--add-rich-rule={denial}")
    try:
        (verdict,) = ensure([KUBELET])["verdicts"]
        assert verdict["status"] == "warn"
        assert f"a rule before ours may drop some of it: zone home: {denial}" in verdict["summary"]
    finally:
        node("firewall-cmd", "--zone=home", f"--remove-rich-rule={denial}")


def test_a_rule_that_was_there_before_stays():
    for how in ([], ["--permanent"]):
        node("firewall-cmd", *how, "--zone=home", f"--add-rich-rule={ANY_CASE}")
    try:
        before = digest()
        ensure([KUBELET])
        ensure([], present=False)
        assert rules("home") == rules("home", "--permanent") == [ANY_CASE]
        assert digest() == before
    finally:
        for how in ([], ["--permanent"]):
            node("firewall-cmd", *how, "--zone=home", f"--remove-rich-rule={ANY_CASE}")
        node("sh", "-c", "rm -f /etc/firewalld/zones/home.xml*")


def test_a_zone_file_by_hand_gets_its_bytes_back():
    node("sh", "-c", "cat > /etc/firewalld/zones/work.xml", stdin=BY_HAND.encode())
    try:
        # As whoever edits a zone file must: firewalld reads it by a reload only.
        node("firewall-cmd", "--reload")
        before = digest()
        ensure([KUBELET], zone="work")
        assert "by hand" not in node("cat", "/etc/firewalld/zones/work.xml")
        ensure([KUBELET, dict(KUBELET, name="more", ports=["9100"])], zone="work")
        ensure([], present=False)
        assert digest() == before
        assert node("cat", "/etc/firewalld/zones/work.xml") == BY_HAND
    finally:
        node("sh", "-c", "rm -f /etc/firewalld/zones/work.xml*")
        node("firewall-cmd", "--reload")


def test_an_unknown_zone_changes_nothing():
    assert "expected one of" in ensure([KUBELET], zone="nowhere")["error"]


def test_a_zone_that_takes_a_source_gets_its_rules():
    for how in ([], ["--permanent"]):
        node("firewall-cmd", *how, "--zone=work", "--add-source=192.0.2.0/24")
    try:
        done = ensure([KUBELET])
        assert [item["status"] for item in done["verdicts"]] == ["pass"]
        assert (len(rules("work")), len(rules("home"))) == (2, 4)
        assert all("192.0.2.0/24" in rule for rule in rules("work", "--permanent"))
        assert not ensure([KUBELET])["changed"]
    finally:
        ensure([], present=False)
        for how in ([], ["--permanent"]):
            node("firewall-cmd", *how, "--zone=work", "--remove-source=192.0.2.0/24")
        node("sh", "-c", "rm -f /etc/firewalld/zones/work.xml*")


MANY = {
    "name": "many",
    "protocol": "tcp",
    "ports": ["10250", "9100"],
    "sources": [f"198.51.100.{2 * number}" for number in range(20)]
    + [f"2001:db8:{2 * number:x}::/48" for number in range(20)],
}


def ipsets(*how):
    return [name for name in node("firewall-cmd", *how, "--get-ipsets").split() if name.startswith("ack-edge-")]


def test_many_sources_are_an_ipset_from_the_next_start_on():
    before = digest()
    planned = ensure([MANY], check=True)
    assert digest() == before
    done = ensure([MANY])
    assert (planned["before"], planned["after"]) == (done["before"], done["after"])
    assert [item["status"] for item in done["verdicts"]] == ["pass"]
    assert (len(rules("home")), len(rules("home", "--permanent"))) == (80, 4)
    assert (len(ipsets()), len(ipsets("--permanent"))) == (0, 2)
    assert not ensure([MANY])["changed"]
    # The site's own reload; ours never does one.
    node("firewall-cmd", "--reload")
    assert rules("home") == rules("home", "--permanent")
    assert len(rules("home")) == 4
    assert not ensure([MANY])["changed"]
    name = min(ipsets())
    node("firewall-cmd", f"--ipset={name}", "--remove-entry=198.51.100.4/32")
    mended = ensure([MANY])
    assert set(mended["after"]) - set(mended["before"]) == {f"ipset {name}: 198.51.100.4/32"}
    assert "198.51.100.4/32" in node("firewall-cmd", f"--ipset={name}", "--get-entries").split()
    assert ensure([], present=False)["changed"]
    assert (rules("home"), ipsets("--permanent"), digest()) == ([""], [], before)
    assert node("sh", "-c", "ls /etc/firewalld/ipsets") == ""
    node("firewall-cmd", "--reload")
    assert ipsets() == []


def test_a_firewalld_that_hangs_behind_its_name_is_a_clear_error():
    process = node("systemctl", "show", "-p", "MainPID", "--value", "firewalld").strip()
    before = digest()
    node("kill", "-STOP", process)
    try:
        error = ensure([KUBELET])["error"]
    finally:
        node("kill", "-CONT", process)
    assert "firewalld.service is active but does not answer" in error or "did not end within" in error
    assert digest() == before


def test_a_firewalld_that_was_killed_leaves_an_error_that_says_so():
    # As after a crash: what it loaded still filters, and nobody can change it.
    node("systemctl", "kill", "-s", "KILL", "firewalld")
    try:
        error = ensure([KUBELET])["error"]
    finally:
        node("systemctl", "reset-failed", "firewalld")
        node("systemctl", "start", "firewalld")
    assert "firewalld.service has failed" in error or "the rules of firewalld are loaded" in error


def test_a_stopped_firewalld_is_written_for_its_next_start():
    before = digest()
    node("systemctl", "stop", "firewalld")
    try:
        assert ensure([KUBELET, MANY], check=True)["verdicts"][0]["data"] == {
            "runtime": "ok",
            "boot": "missing",
            "backend": "firewalld",
            "required": True,
        }
        done = ensure([KUBELET, MANY])
        assert [item["status"] for item in done["verdicts"]] == ["pass", "pass"]
        assert not ensure([KUBELET, MANY])["changed"]
    finally:
        node("systemctl", "start", "firewalld")
    assert rules("home") == rules("home", "--permanent")
    assert len(rules("home")) == 10
    assert not ensure([KUBELET, MANY])["changed"]
    node("systemctl", "stop", "firewalld")
    try:
        assert ensure([], present=False)["changed"]
    finally:
        node("systemctl", "start", "firewalld")
    assert (rules("home"), digest()) == ([""], before)
