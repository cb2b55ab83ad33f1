# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.causes import causes
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import ASSERT_READY
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.handover import handover
from fakes.report import endpoint, run, verdict
from hypothesis import given
from hypothesis import strategies as st

DEAD_GATEWAY = {"gateway": "10.99.0.99", "interface": "idc0", "source": "10.99.0.21"}


def fleet():
    """Ten machines: six are ready, one is lost, two have a dead gateway, one a wrong resolver."""
    names = ("registry", "oss", "control_plane")
    good = [endpoint(name, "100.103.0.1") for name in names]
    dead = [endpoint(name, f"100.103.0.{place}", "tcp.timeout", via=DEAD_GATEWAY) for place, name in enumerate(names)]
    wrong = [
        endpoint(name, "203.0.113.66", "address.public", dns={"source": "10.98.0.7"}, via={"gateway": str(place)})
        for place, name in enumerate(names)
    ]
    hosts = {f"good-{number}": good for number in range(6)}
    hosts |= {"lost-1": "Failed to connect to the host via ssh: connect to host 10.0.0.9 port 22: timed out"}
    return run(hosts={**hosts, "dead-1": dead, "dead-2": dead[::-1], "wrong-1": wrong})


def test_one_row_for_one_cause():
    rows = causes(fleet())
    assert [(row["status"], row["title"], row["hosts"]) for row in rows] == [
        ("unreachable", "ssh: Connection timed out", ["lost-1"]),
        ("fail", "3 endpoints: connections time out (tcp.timeout)", ["dead-1", "dead-2"]),
        ("fail", "3 endpoints: names resolve to wrong addresses (address.public)", ["wrong-1"]),
    ]
    assert rows[1]["checks"] == ["registry", "oss", "control_plane"]
    assert rows[1]["targets"][0] == "registry.example (100.103.0.0) TCP 443"
    assert rows[1]["remedy"] == "route each of these targets over the leased line"


@pytest.mark.parametrize(
    ("of_one", "of_all"),
    [
        (
            "check that {0} really belongs to {1}",
            "check that the address of each of these targets really belongs to its name",
        ),
        ("route {0}/32, 100.103.9.9/32 over it", "route each of these targets over it"),
        ("route 100.100.0.0/16 over it", "route 100.100.0.0/16 over it"),
        ("let {1} answer", "let each of these targets answer"),
        ("ask {0} again", "ask each of these targets again"),
    ],
)
def test_a_remedy_that_names_one_target_speaks_of_all(of_one, of_all):
    rows = []
    for name, address in (("registry", "100.103.0.1"), ("oss", "100.103.0.2")):
        row = endpoint(name, address, "tcp.timeout", via=DEAD_GATEWAY)
        rows.append({**row, "remedy": of_one.format(address, f"{name}.example")})
    (found,) = causes(run(hosts={"a": rows}))
    assert found["remedy"] == of_all


def test_two_gateways_are_two_causes():
    one = [endpoint("oss", "100.103.0.1", "tcp.timeout", via={"gateway": "10.1.0.1", "interface": "eth1"})]
    other = [endpoint("oss", "100.103.0.1", "tcp.timeout", via={"gateway": "10.2.0.1", "interface": "eth1"})]
    rows = causes(run(hosts={"a": one, "b": other, "c": one}))
    assert [row["hosts"] for row in rows] == [["a", "c"], ["b"]]
    assert rows[0]["title"] == "oss.example (100.103.0.1) TCP 443: connections time out (tcp.timeout)"
    assert "100.103.0.1" in rows[0]["remedy"]


def test_one_resolver_that_answers_wrong_is_one_cause():
    def wrong(name, problem, server):
        return endpoint(name, "203.0.113.66", problem, stage="address", dns={"source": server})

    one = [wrong("oss", "address.outside", "10.0.0.7"), wrong("control_plane", "address.public", "10.0.0.7")]
    rows = causes(run(hosts={"a": one, "b": one[::-1], "c": [wrong("oss", "address.outside", "10.0.0.8")]}))
    assert [row["hosts"] for row in rows] == [["a", "b"], ["c"]]
    assert rows[0]["title"] == "2 endpoints: names resolve to wrong addresses (address.outside)"


def test_an_endpoint_with_several_addresses_is_one_endpoint():
    hosts = {name: [endpoint("oss", f"100.103.0.{place}", "tcp.timeout")] for place, name in enumerate("ab")}
    (row,) = causes(run(hosts=hosts))
    assert (row["title"], len(row["targets"])) == (
        "oss.example (100.103.0.0) TCP 443: connections time out (tcp.timeout)",
        2,
    )


def test_machines_that_ssh_does_not_reach_for_one_reason_are_one_row():
    refused = "ssh: connect to host 10.0.0.{} port 22: Connection refused"
    hosts = {
        "a": f"Failed to connect to the host via ssh: {refused.format(1)}",
        "b": f'Data could not be sent to remote host "10.0.0.2". Make sure it can be reached: {refused.format(2)}',
        "c": "Failed to connect to the host via ssh: ssh: connect to host 10.0.0.3 port 22: No route to host",
        "d": "Failed to connect to the host via ssh: ops@d: Permission denied (publickey).",
    }
    assert [row["hosts"] for row in causes(run(hosts=hosts))] == [["a", "b"], ["c"], ["d"]]


def test_machines_differ_by_their_numbers_and_names_only():
    hosts = {
        f"edge-{number}": [
            verdict("disk_space", "fail", remedy=f"free 1{number}.5 GiB on edge-{number}, at 10.0.0.{number}/24")
        ]
        for number in range(4)
    }
    (row,) = causes(run(hosts=hosts))
    assert (row["title"], row["hosts"]) == ("disk_space", list(hosts))
    assert row["remedy"] == "on edge-0: free 10.5 GiB on edge-0, at 10.0.0.0/24"


def test_addresses_of_version_6_are_numbers_too():
    hosts = {
        "a": [verdict("x", "fail", remedy="route fd00::1 now")],
        "b": [verdict("x", "fail", remedy="route fd00:2::/48 now")],
    }
    assert len(causes(run(hosts=hosts))) == 1


def test_checks_with_the_same_remedy_are_one_row():
    routes = [verdict(f"100.103.{number}.0/24", "fail", remedy="run prepare_edge.yml") for number in range(3)]
    (row,) = causes(run(hosts={"a": routes}))
    assert row["title"] == "100.103.0.0/24 and 2 more"


def test_a_failure_without_a_verdict():
    document = run(hosts={"edge-1": [], "edge-2": []})
    for host in document["hosts"]:
        document["hosts"][host] |= {
            "state": "failed",
            "failed_task": "Install",
            "message": f"socat cannot be installed on {host}\nto do: give it a repository",
        }
    (row,) = causes(document)
    assert (row["title"], row["hosts"], row["remedy"]) == ("Install", ["edge-1", "edge-2"], "give it a repository")
    assert row["summary"] == "on edge-1: socat cannot be installed on edge-1"


def test_warnings_come_last_and_optional_failures_not_at_all():
    found = [verdict("a", "warn"), verdict("b", "unproven", required=False)]
    found += [verdict("c", "fail", required=False), verdict("d", "fail")]
    assert [row["status"] for row in causes(run(hosts={"x": found, "y": None}))] == [
        "fail",
        "not started",
        "warn",
        "unproven",
    ]


def test_open_points_come_after_failures_with_their_remedies():
    found = [verdict("gap_api_server", "unproven", remedy="set api_server"), verdict("d", "fail"), verdict("a", "warn")]
    rows = causes(run(hosts={"x": found, "y": found[:1], "z": "Connection refused", "w": None}))
    assert [row["status"] for row in rows] == ["unreachable", "fail", "not started", "open", "warn"]
    assert (rows[3]["title"], rows[3]["hosts"], rows[3]["remedy"]) == ("gap_api_server", ["x", "y"], "set api_server")


def test_a_host_that_failed_only_for_its_open_points_has_them_as_causes_and_nothing_else():
    document = run(hosts={"x": [verdict("gap_api_server", "unproven", remedy="set api_server")], "y": []})
    for record in document["hosts"].values():
        record |= {"state": "failed", "failed_task": "Say", "message": "not ready", "failed_module": ASSERT_READY}
    assert [(row["status"], row["hosts"]) for row in causes(document)] == [("fail", ["y"]), ("open", ["x"])]


def test_no_remedy_is_cut_out_of_a_message_where_verdicts_are():
    """The table of a failed task has the remedies of other checks, too."""
    document = run(hosts={"x": [verdict("os_support", "fail", remedy="use another"), verdict("twin", "fail")]})
    document["hosts"]["x"]["message"] = "x is not ready:\nto do: look at the kernel\nFAIL twin"
    rows = causes(document)
    assert [(row["title"], row["remedy"]) for row in rows] == [("os_support", "use another"), ("twin", "mend it")]


def test_hosts_with_the_same_reason_before_any_verdict_are_one_row():
    document = run(hosts={"a": [], "b": [], "c": []})
    for host, task, message in (
        ("a", "Look", "ops is not in the sudoers file."),
        ("b", "Install", "MODULE FAILURE (deploy is not in the sudoers file.)"),
        ("c", "Install", "no repository"),
    ):
        document["hosts"][host] |= {"state": "failed", "failed_task": task, "message": message}
    rows = causes(document)
    assert [(row["title"], row["hosts"]) for row in rows] == [
        ("The user is not in sudoers", ["a", "b"]),
        ("Install", ["c"]),
    ]
    assert rows[0]["summary"] == "on a: ops is not in the sudoers file."
    assert "ansible_user" in rows[0]["remedy"]
    assert (rows[1]["summary"], rows[1]["remedy"]) == ("no repository", "")


def test_what_only_one_host_says_does_not_read_as_if_all_did():
    def lacks(path):
        return [verdict("route", "fail", summary=f"is not in {path}", remedy="run prepare_edge")]

    (row,) = causes(run(hosts={"a": lacks("/etc/network/if-up.d/x"), "b": lacks("/etc/systemd/network/y")}))
    assert (row["summary"], row["remedy"]) == ("on a: is not in /etc/network/if-up.d/x", "run prepare_edge")


def test_a_host_that_was_in_work_when_the_run_was_stopped():
    document = run(hosts={"a": []})
    document["hosts"]["a"] |= {"state": "stopped", "message": "the run was stopped"}
    (row,) = causes(document)
    assert (row["status"], row["summary"]) == ("stopped", "the run was stopped")
    assert row["remedy"] == "run again with --limit"


def test_for_the_network_team():
    document = fleet()
    proof = {"prober": "vpc-host", "protocol": "tcp", "address": "10.99.0.11"}
    for host in ("good-0", "good-1"):
        document["hosts"][host]["verdicts"] += [
            verdict("inbound_tcp_10250", "fail", data=proof | {"port": 10250}) | {"task": "proof"},
            verdict("inbound_tcp_9100", "fail", data=proof | {"port": 9100}) | {"task": "proof"},
        ]
    text = handover(document, causes(document))
    first, second, third = text.split("\n\n")
    assert first.splitlines() == [
        "OUTBOUND  tcp.timeout",
        "example   TCP connect to 100.103.0.0:443 timed out",
        "to do     route each of these targets over the leased line",
        "from      idc1: dead-1 (10.99.0.21), dead-2 (10.99.0.21)",
        "to        registry.example (100.103.0.0) TCP 443",
        "          oss.example (100.103.0.1) TCP 443",
        "          control_plane.example (100.103.0.2) TCP 443",
    ]
    assert second.splitlines()[0] == "NAMES     address.public, answered by 10.98.0.7"
    assert second.splitlines()[-3:] == [
        "names     registry.example",
        "          oss.example",
        "          control_plane.example",
    ]
    assert third.splitlines() == [
        "INBOUND   TCP 10250, TCP 9100",
        "from      vpc-host (VPC)",
        "to        good-0 (10.99.0.11), good-1 (10.99.0.11)",
    ]


def test_nothing_for_the_network_team():
    document = run(hosts={"a": [verdict("disk_space", "fail"), endpoint("oss", "1.2.3.4", "tls.expired")]})
    assert handover(document, causes(document)) == ""


FOUND = st.lists(
    st.builds(
        verdict,
        st.sampled_from(["a", "b"]),
        st.sampled_from(["pass", "warn", "fail", "unproven", "skipped"]),
        required=st.booleans(),
        data=st.sampled_from(
            [
                {},
                {"problem": "tcp.timeout"},
                {"problem": "x", "via": "x", "dns": 5},
                {"problem": ["x"], "stage": {}, "host": [], "port": {}},
                {"host": 5, "port": "x", "address": 7},
                {"prober": {}, "port": [], "address": {}, "protocol": 5},
                {"problem": "dns.empty", "stage": "dns", "host": "x", "port": 1},
            ]
        ),
    ),
    max_size=3,
)


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.one_of(st.none(), st.text(), FOUND), max_size=5))
def test_every_machine_that_is_not_ready_is_in_a_row(hosts):
    document = run(hosts=hosts)
    rows = causes(document)
    assert rows == causes(document)
    listed = {host for row in rows if row["status"] in ("fail", "unreachable", "not started") for host in row["hosts"]}
    expected = {
        host
        for host, record in document["hosts"].items()
        if record["state"] != "ok" or any(v["status"] == "fail" and v["data"]["required"] for v in record["verdicts"])
    }
    assert listed == expected
    handover(document, rows)
