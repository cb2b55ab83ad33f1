# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requirements of hosts: gaps are verdicts, mistakes are one sentence, settings are honoured."""

from __future__ import annotations

import pytest
from fakes.requirements import WHOLE
from helpers_plays import play

WORK_OUT = {"ack_edge.node.requirements": None, "register": "found", "ignore_errors": True}


def hosts(**variables: dict) -> dict:
    return {"all": {"hosts": variables}}


def without(*names: str) -> dict:
    return {key: value for key, value in WHOLE.items() if key not in names}


def statuses(found: dict) -> dict[str, str]:
    return {item["check"]: item["status"] for item in found["results"]}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """One run over hosts, each of which has another gap or mistake."""
    inventory = hosts(
        whole=WHOLE,
        nothing={"region": "cn-beijing", "vpc_cidrs": ["192.168.0.0/16"]},
        internet={"region": "cn-beijing"},
        old={"region": "cn-beijing", "cluster_version": "1.24.6", "node_cidrs": ["10.20.0.0/16"]},
        blocked={"region": "cn-beijing", "access_mode": "leased_line"},
        wrong={"region": "cn-bejing", "access_mode": "line", "vpc_cidrs": ["10.0.0.1/8"], "cluster_version": 1.3},
        one_mistake=WHOLE | {"access_mode": "line"},
        misspelt=without("leased_line_gateway") | {"leased_line_gatway": "10.20.0.253"},
        late=WHOLE | {"waves": [1, 2]},
        outside=WHOLE | {"edge_hosts": "whole"},
        inside=WHOLE | {"edge_hosts": "inside:whole"},
        prober=WHOLE | {"vpc_probe_host": "-oProxyCommand=id"},
        prober_localhost=WHOLE | {"vpc_probe_host": "localhost"},
        prober_known=WHOLE | {"vpc_probe_host": "whole", "site": "idc1"},
        skipping=WHOLE | {"skip_checks": "swap, disk_space"},
    )
    return play(tmp_path_factory.mktemp("requirements"), [WORK_OUT], inventory)


def test_a_host_without_gaps_has_no_findings(outcome):
    found = outcome.hosts["whole"]
    assert found["results"] == []
    assert (found["failed"], found["failed_checks"]) == (False, [])
    assert found["region"] == "cn-beijing"
    assert found["role_variables"]["leased_line_routes_gateway"] == "10.20.0.253"
    assert len(found["role_variables"]["leased_line_routes_routes"]) > 5
    assert found["role_variables"]["time_sync_servers"] == ["ntp.idc.example"]


def test_each_gap_is_a_finding_with_its_remedy(outcome):
    found = outcome.hosts["nothing"]
    assert statuses(found) == {
        "gap_cluster_version": "unproven",
        "gap_api_server": "unproven",
        "gap_ntp_servers": "warn",
        "gap_node_cidrs": "unproven",
    }
    assert all(item["remedy"] and item["summary"] for item in found["results"])
    assert found["failed"] is False


def test_gaps_depend_on_access_mode_and_version(outcome):
    assert (
        statuses(outcome.hosts["internet"]).items()
        >= {
            "gap_api_server": "unproven",
            "gap_raven_gateway": "unproven",
            "gap_node_cidrs": "warn",
        }.items()
    )
    assert statuses(outcome.hosts["old"])["gap_tunnel_server"] == "unproven"


def test_a_gap_that_only_the_operator_can_fill_fails_the_host(outcome):
    found = outcome.hosts["blocked"]
    assert found["failed"] is True
    assert "gap_vpc_cidrs" in found["failed_checks"]
    assert "set vpc_cidrs to" in found["msg"]


def test_all_mistakes_are_one_message(outcome):
    message = outcome.hosts["wrong"]["msg"]
    words = ("cn-bejing", "access_mode", "10.0.0.1/8", "cluster_version", "4 mistakes")
    assert [word for word in words if word not in message] == []
    assert "\n" not in message


def test_one_mistake_is_the_sentence_itself(outcome):
    assert outcome.hosts["one_mistake"]["msg"].startswith("access_mode is 'line': give internet or leased_line")


def test_a_misspelt_variable_is_named_beside_the_right_one(outcome):
    (finding,) = outcome.hosts["misspelt"]["results"]
    assert (finding["check"], finding["status"]) == ("variable_names", "warn")
    assert "leased_line_gatway is not a variable of this collection, leased_line_gateway is" in finding["summary"]


def test_what_a_play_needs_before_there_are_hosts_is_said(outcome):
    (finding,) = outcome.hosts["late"]["results"]
    assert "waves is set in the inventory" in finding["summary"]


def test_a_host_that_the_inventory_leaves_out_is_refused(outcome):
    assert outcome.hosts["outside"]["failed"] is True
    assert "edge_hosts is 'whole' in the inventory, which leaves out outside" in outcome.hosts["outside"]["msg"]
    assert outcome.hosts["inside"]["failed"] is False


def test_a_probe_host_is_a_host_of_the_inventory(outcome):
    for host in ("prober", "prober_localhost"):
        assert "vpc_probe_host is" in outcome.hosts[host]["msg"]
        assert outcome.hosts[host]["failed"] is True
    assert outcome.hosts["prober_known"]["failed"] is False
    assert outcome.hosts["prober_known"]["site"] == "idc1"


def test_checks_to_skip_may_be_text(outcome):
    assert outcome.hosts["skipping"]["role_variables"]["readiness_skip"] == ["swap", "disk_space"]


def test_what_is_given_on_the_command_line_is_followed(tmp_path):
    inventory = hosts(a=WHOLE | {"edge_hosts": "b"}, b=WHOLE | {"waves": [1]})
    done = play(tmp_path, [WORK_OUT], inventory, "-e", "edge_hosts=all", "-e", "waves=1")
    assert {host: found["failed"] for host, found in done.hosts.items()} == {"a": False, "b": False}
    assert done.hosts["b"]["results"] == []


def test_defaults_of_roles_follow_and_the_inventory_is_honoured(tmp_path):
    """The role's own default, what the requirement set makes of it, and what the inventory sets in its place."""
    names = {"servers": "time_sync_servers", "skip": "readiness_skip", "private": "reachability_expect_private"}
    found = {key: f"{{{{ {name} }}}}" for key, name in names.items()}
    show = {"ansible.builtin.set_fact": {"found": found}}
    roles = [f"ack_edge.node.{role}" for role in ("time_sync", "readiness", "reachability")]
    import_roles = [{"ansible.builtin.import_role": {"name": role}, "when": False} for role in roles]
    work_out = {"ack_edge.node.requirements": None, "register": "ack_edge_requirements"}
    own = WHOLE | {"time_sync_servers": ["10.1.1.1"], "readiness_skip": ["swap"]}
    done = play(tmp_path, [work_out, *import_roles, show], hosts(plain=WHOLE, own=own))
    assert done.hosts["plain"] == {"servers": ["ntp.idc.example"], "skip": [], "private": True}
    assert done.hosts["own"] == {"servers": ["10.1.1.1"], "skip": ["swap"], "private": True}
    alone = play(tmp_path, [*import_roles, show], hosts(plain={}))
    assert alone.hosts["plain"] == {"servers": [], "skip": [], "private": False}
