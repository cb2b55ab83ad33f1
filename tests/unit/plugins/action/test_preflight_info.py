# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One look at a host: what is asked of it, what may be used of its answer, and what follows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible_collections.ack_edge.node.plugins.action.preflight_info import ActionModule
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import report, verdict
from fakes.action import HostVars, Plain, told
from fakes.requirements import WHOLE

ROOT = Path(__file__).parents[4]
QUIET = {"would_change": False, "refused": False, "finished": True, "msg": ""}
SECTIONS = ("readiness", "time_sync", "inbound_ports", "leased_line_routes", "reachability")


def known(**variables: Any) -> dict[str, Any]:
    given = WHOLE | variables
    return {
        "inventory_hostname": "edge-1",
        "groups": {"all": ["edge-1", "vpc-1"], "vpc_probes": ["vpc-1"]},
        "hostvars": HostVars({"edge-1": given}),
        "ansible_run_tags": ["all"],
        "ansible_skip_tags": [],
        **given,
    }


def answer(*verdicts: Any, **sections: Any) -> dict[str, Any]:
    told_of = dict.fromkeys(SECTIONS, QUIET) | sections
    return {"changed": False, **report(list(verdicts)), "sections": told_of}


def item(section: str, status: str = "pass", check: str = "it", **data: Any) -> Any:
    return verdict(check, status, "found", "do it", section=section, **data)


def look(answers: Any, arguments: Any = None, **variables: Any) -> tuple[Any, dict[str, Any]]:
    action = told(ActionModule, arguments or {}, answers)
    action._loader, action._templar = DataLoader(), Plain()
    return action, action.run(task_vars=known(**variables))


def test_one_execution_asks_for_everything_with_the_arguments_of_the_roles() -> None:
    action, found = look(answer(item("readiness")), time_sync_servers=["10.0.0.5"], skip_checks="swap")
    (asked,) = action.executed
    assert list(asked["sections"]) == list(SECTIONS)
    assert asked["sections"]["time_sync"] == {"servers": ["10.0.0.5"]}
    assert asked["sections"]["readiness"]["skip"] == ["swap", "clock"]
    assert asked["sections"]["leased_line_routes"]["gateway"] == "10.20.0.253"
    assert asked["deadline"] == 120
    assert (found["failed_checks"], found["to_do"], found["prober"]) == ([], [], "vpc-1")
    assert found["requirements"]["region"] == "cn-beijing"
    assert found["requirements"]["role_variables"] == {}
    assert found["nothing_to_do"] is True


def test_a_route_says_which_published_row_it_is_made_from() -> None:
    route = item("leased_line_routes", check="100.103.9.73/32", destination="100.118.58.0/24")
    _action, found = look(answer(route, item("readiness", destination="100.118.58.0/24", published="x")))
    told = found["results"][0]["data"]["published"]
    assert (told["row"], told["region"], told["network"]) == ("oss-cn-beijing", "cn-beijing", "100.118.58.0/24")
    assert found["results"][1]["data"]["published"] == "x"


def test_before_a_change_the_tools_are_looked_at_too() -> None:
    action, _found = look(answer(system_tools=QUIET), {"before_change": True})
    assert list(action.executed[0]["sections"]) == ["readiness", "system_tools", *SECTIONS[1:]]
    assert action.executed[0]["sections"]["readiness"]["skip"] == ["clock", "system_tools"]


def test_tags_leave_sections_out() -> None:
    only = answer(item("time_sync"))
    only["sections"] = {"time_sync": QUIET}
    action, found = look(only, ansible_run_tags=["time_sync"])
    assert list(action.executed[0]["sections"]) == ["time_sync"]
    assert [entry["data"]["section"] for entry in found["results"]] == ["time_sync"]


def test_a_tag_that_is_skipped_leaves_its_section_out() -> None:
    left = [name for name in SECTIONS if name != "inbound_ports"]
    only = answer(*(item(name) for name in left))
    only["sections"] = dict.fromkeys(left, QUIET)
    action, _found = look(only, ansible_skip_tags=["inbound_ports"])
    assert list(action.executed[0]["sections"]) == left


@pytest.mark.parametrize("playbook", ["verify_edge", "prepare_edge"])
def test_no_tag_of_a_section_skips_the_look_as_a_whole(playbook: str) -> None:
    (play,) = yaml.safe_load((ROOT / "playbooks" / f"{playbook}.yml").read_text("utf-8"))
    (task,) = [task for task in play["tasks"] if "ack_edge.node.preflight_info" in task]
    # Ansible skips a task of which any tag is skipped, and the tasks after it need what it registers.
    assert task["tags"] == "always"


def test_without_a_section_the_host_is_not_contacted() -> None:
    action, found = look(answer(), ansible_run_tags=["inbound_proof"])
    assert action.executed == []
    assert (found["results"], found["sections"], found["prober"]) == ([], {}, "vpc-1")


def test_roles_with_work_are_named_with_their_variables() -> None:
    changes = QUIET | {"would_change": True}
    _action, found = look(answer(leased_line_routes=changes), {"before_change": True, "sections": list(SECTIONS)})
    assert found["to_do"] == ["leased_line_routes", "reachability"]
    variables = found["requirements"]["role_variables"]
    assert variables.keys() >= {"leased_line_routes_routes", "reachability_endpoints"}
    assert not [name for name in variables if name.startswith(("readiness", "time_sync", "inbound_ports"))]
    assert found["obstacles"]["failed_checks"] == []
    assert found["nothing_to_do"] is False


def test_all_that_keeps_roles_from_succeeding_is_told_at_once_and_fails_no_look() -> None:
    refused = QUIET | {"refused": True, "msg": "two firewalls are active"}
    verdicts = [item("readiness", "fail", "swap"), item("inbound_ports", "fail", "inbound_ports")]
    _action, found = look(answer(*verdicts, inbound_ports=refused), {"before_change": True, "sections": list(SECTIONS)})
    assert found["obstacles"]["failed_checks"] == ["swap", "inbound_ports"]
    assert found["nothing_to_do"] is False
    # Its own task says it: a result that fails is shown with all that is in it.
    assert found.get("failed", False) is False


def test_a_finding_that_a_run_fixes_is_no_obstacle() -> None:
    changes = QUIET | {"would_change": True}
    _action, found = look(answer(item("inbound_ports", "fail", runtime="missing"), inbound_ports=changes))
    assert (found["failed_checks"], found["obstacles"]["failed_checks"]) == (["it"], [])
    assert found["results"][0]["data"]["fixed_by"] == "prepare_edge"


def test_a_word_that_nobody_knows_switches_no_safeguard_off() -> None:
    with pytest.raises(AnsibleActionFail, match="reachability_enforce is 'perhaps', expected true or false"):
        look(answer(), reachability_enforce="perhaps")


def test_readiness_enforce_of_the_site_is_honoured() -> None:
    verdicts = [item("readiness", "fail", "swap")]
    _action, found = look(
        answer(*verdicts), {"before_change": True, "sections": list(SECTIONS)}, readiness_enforce="no"
    )
    assert found["obstacles"]["failed_checks"] == []


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"region": "cn-bejing"}, "region is 'cn-bejing'"),
        ({"vpc_cidrs": None, "access_mode": "leased_line"}, "vpc_cidrs"),
        ({"vpc_probe_host": "-oProxyCommand=id"}, "vpc_probe_host is '-oProxyCommand=id'"),
    ],
)
def test_wrong_input_fails_the_host_before_it_is_contacted(variables: Any, said: str) -> None:
    action, found = look(answer(), **variables)
    assert action.executed == []
    assert found["failed"] is True
    assert said in found["msg"]


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        ({"sections": {"readiness": QUIET}}, "sections tells of readiness, expected readiness, time_sync"),
        ({"sections": {**dict.fromkeys(SECTIONS, QUIET), "x": QUIET}}, "sections tells of"),
        ({"sections": dict.fromkeys(SECTIONS, QUIET | {"would_change": "yes"})}, ".would_change is text, expected"),
        ({"sections": dict.fromkeys(SECTIONS, QUIET | {"ansible_facts": {}})}, "expected a dict with backend"),
        ({"sections": "all"}, "sections is text, expected a dict"),
        ({"results": [item("elsewhere")]}, "of a section that was not asked for"),
        ({"results": [verdict("it", "pass", "x")]}, "of a section that was not asked for"),
        ({"results": [item("reachability", port="22")]}, ".data.port is text, expected a number"),
    ],
)
def test_an_answer_of_a_hostile_node_is_its_own_failure(broken: Any, problem: str) -> None:
    _action, found = look(answer() | broken)
    assert found["failed"] is True
    assert problem in found["msg"]
    assert found["results"] == []
    assert "to_do" not in found


def test_what_the_node_says_of_what_follows_is_not_used() -> None:
    lies = answer() | {
        "to_do": ["system_tools"],
        "prober": "evil",
        "requirements": {"region": "x"},
        "ansible_facts": {},
    }
    _action, found = look(answer() | lies)
    assert (found["to_do"], found["prober"], found["requirements"]["region"]) == ([], "vpc-1", "cn-beijing")
    assert "ansible_facts" not in found
