# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an ordinary user meets first: typing errors, settings that are missing, runs on nobody, what others read.

All of it on nodes that nobody has prepared, with the newest ansible-core that can be had.
"""

from __future__ import annotations

import json
import re

import helpers_outside as outside
import helpers_readme as readme
import lab
import pytest
import topology

NODE = topology.OUTSIDE_NODES[4]
FAST = "--tags readiness"
READY = re.compile(r"\bis ready for\b")


# As ansible.posix.json: one document on standard output, at the end.
DISPLAY = """
import json
from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "json"

    def v2_playbook_on_stats(self, stats):
        self._display.display(json.dumps({"hosts": sorted(stats.processed)}))
"""


@pytest.fixture
def site(admin, request):
    """A directory with what the README shows, its ansible.cfg too; the node is one that nobody has prepared."""
    made = admin.in_directory(re.sub(r"\W+", "-", request.node.name))
    made.use_shown_configuration()
    return made


@pytest.fixture
def bare(admin, request):
    """The same without any ansible.cfg."""
    return admin.in_directory(re.sub(r"\W+", "-", request.node.name))


def verify(*options: str) -> str:
    return " ".join([outside.limited(readme.shown_playbook("verify_edge"), [NODE]), *options])


def test_what_is_not_set_is_a_finding(site):
    """One row for each gap, in the table, the summary and the report, with what helps."""
    lines = (site.read("inventory.yml")).splitlines()
    kept = [line for line in lines if not re.match(r"\s+(api_server|node_cidrs|cluster_version|ntp_servers):", line)]
    assert len(kept) == len(lines) - 4
    site.write("inventory.yml", "\n".join(kept) + "\n")
    run = site.sh(verify())
    for name in ("api_server", "node_cidrs", "cluster_version", "ntp_servers"):
        found = [
            line
            for line in run.stdout.splitlines()
            if re.match(rf"\s*(- .)?(WARN|UNPROVEN|FAIL)\s+(gap_)?{name}\b", line)
        ]
        assert found, f"{name}: {run.out}"
    verdicts = {item["check"].removeprefix("gap_"): item for item in site.reports()["hosts"][NODE.name]["verdicts"]}
    for name in ("api_server", "node_cidrs"):
        assert verdicts[name]["status"] in ("warn", "unproven")
        assert verdicts[name]["remedy"]
        assert name in run.summary


@pytest.mark.parametrize(
    "options", ["--tags leased_line_routes", "--tags reachability", "--skip-tags readiness", "--tags inbound_proof"]
)
def test_a_run_of_some_parts_says_ready_of_nobody(site, options):
    run = site.sh(verify(options))
    assert not READY.search(run.out), run.out
    assert NODE.name in run.out


@pytest.mark.parametrize("playbook", ["verify_edge", "prepare_edge", "reset_edge"])
def test_a_group_that_is_not_there_is_an_error(bare, playbook):
    run = bare.sh(f"{readme.shown_playbook(playbook)} -e edge_hosts=idc9")
    assert run.rc != 0
    assert "idc9" in run.out.replace("-e edge_hosts=idc9", "")


@pytest.mark.parametrize("inventory", ["", "-i empty.yml"], ids=["none", "empty"])
def test_an_inventory_without_hosts_is_an_error(bare, inventory):
    bare.write("empty.yml", "---\nedge_nodes:\n  hosts: {}\n")
    run = bare.sh(readme.shown_playbook("verify_edge").replace("-i inventory.yml", inventory))
    assert run.rc != 0, run.out
    assert re.search(r"no hosts|inventory", run.out)


def test_a_refused_sheet_is_an_error_with_its_reason(bare):
    shown = next(text for text in readme.shown_files("inventory.yml") if "fleet_csv" in text)
    bare.write("inventory.yml", "---\n" + shown)
    bare.write("sheets/fleet.csv", f"host,address,region\n{NODE.name},10.20.0.999,cn-beijing\n")
    run = bare.sh(readme.shown_playbook("verify_edge"))
    assert run.rc != 0, run.out
    assert "10.20.0.999" in run.out


def test_edge_hosts_of_the_inventory_is_followed_or_refused(bare):
    """A reset never touches more hosts than were asked for."""
    bare.write("others.yml", "---\nidc2:\n  hosts:\n    idc2-web-001:\n")
    bare.write("group_vars/all.yml", outside.GROUP_VARS + "edge_hosts: idc2\n")
    run = bare.sh(f"{outside.limited(readme.shown_playbook('reset_edge'), [NODE])} -i others.yml")
    assert run.rc != 0, run.out
    assert "edge_hosts" in run.out
    assert "idc2" in run.out


def test_an_empty_group_of_probes_is_none(bare):
    bare.write("probes.yml", "---\nvpc_probes:\n  hosts: {}\n")
    run = bare.sh(verify("-i probes.yml"))
    assert f"{NODE.name} is not ready for {readme.region()}" in run.out, run.out
    assert "Empty hostname" not in run.out


def test_over_the_internet_there_is_a_verdict_too(bare):
    run = bare.sh(verify("-e access_mode=internet"))
    assert run.rc == 2, run.out
    assert f"{NODE.name} is not ready for {readme.region()}" in run.out


def test_a_host_may_verify_itself(admin):
    """Ansible is installed on the host: here a copy of the controller's home, for a node with the same Python."""
    same = {"3.11": "debian12", "3.13": "debian13"}[admin.controller.python]
    node = next(item for item in reversed(topology.OUTSIDE_NODES[:5]) if item.image == same)
    outside.copy(admin.controller.container, "/home/admin", node.container, "/home/admin")
    command = verify().replace(NODE.name, node.name).replace("ansible-playbook", "ansible-playbook -c local")
    run = outside.Admin(node, outside.SITE).sh(command, user="root")
    assert run.rc in (0, 2), run.out
    assert re.search(rf"{node.name} is (not )?ready", run.out), run.out


@pytest.mark.parametrize("place", ["/proc/nope", "/root/reports"])
def test_where_no_report_can_be_written_the_summary_is_shown(site, place):
    run = site.sh(verify(FAST), env={"ACK_EDGE_REPORT_DIR": place})
    assert place in run.out
    assert re.search(r"^1 (host|machine)\b|\b1 of 1\b|\b0 of 1\b", run.summary, re.M), run.out


def test_other_displays_keep_their_output(site):
    """What reads JSON from standard output must find nothing else there."""
    site.write("displays/json.py", DISPLAY)
    run = site.sh(
        verify(FAST), env={"ANSIBLE_STDOUT_CALLBACK": "json", "ANSIBLE_CALLBACK_PLUGINS": f"{site.directory}/displays"}
    )
    assert json.loads(run.stdout) == {"hosts": [NODE.name]}
    assert re.search(r"\b1 (host|machine)\b|\b[01] of 1\b", run.stderr), run.stderr


def test_an_interrupted_run_says_so(site):
    """Ctrl-C while hosts are looked at: the summary says that the run was stopped, and nobody is "ok"."""
    begun = "until grep -q 'Check everything' out.txt; do sleep 0.2; done; kill -INT $!; wait $!"
    run = site.sh(f"set -m; {verify()} > out.txt 2>&1 & {begun}; echo status $?; cat out.txt")
    assert re.search(r"stopped|interrupted", run.stdout.partition("status")[2], re.I), run.out
    assert "1 ok" not in run.stdout
    assert site.reports()["hosts"][NODE.name]["state"] != "ok"


@pytest.mark.parametrize(
    ("wrong", "right"), [("leased_line_gatway", "leased_line_gateway"), ("skip_check", "skip_checks")]
)
def test_a_misspelt_variable_is_named_with_the_right_one(bare, wrong, right):
    bare.write(f"host_vars/{NODE.name}.yml", f"---\n{wrong}: 10.20.0.253\n")
    run = bare.sh(verify(FAST))
    # Ansible folds warnings.
    assert re.search(rf"\b{wrong}\b.{{1,200}}\b{right}\b", " ".join(run.out.split())), run.out


def test_a_wrong_value_is_one_sentence(site):
    run = site.sh(verify("-e access_mode=pigeon"))
    assert run.rc == 2
    assert "pigeon" in run.summary
    for words in ("Finalization of task args", "Task failed", "lookup plugin", "see the message of the task"):
        assert words not in run.summary


def test_start_at_task_is_one_sentence(site):
    run = site.sh(verify("--start-at-task 'Say whether the host is ready'"))
    assert run.rc != 0
    assert "--tags" in run.out
    assert "is undefined" not in run.out


def test_tools_of_a_folder_beside_the_inventory(site):
    """As docs/tools_and_clock.md has it: a relative folder of packages lies beside the inventory."""
    outside.copy(NODE.container, "/opt/repository", site.controller.container, f"{site.directory}/packages/debian13")
    options = "--tags system_tools -e system_tools_source=directory -e system_tools_directory=packages/debian13"
    command = outside.limited(readme.shown_playbook("prepare_edge"), [NODE])
    lab.docker("exec", NODE.container, "mv", "/opt/repository", "/opt/away")
    try:
        run = site.sh(f"cd / && {command.replace('-i ', f'-i {site.directory}/')} {options}")
    finally:
        lab.docker("exec", NODE.container, "mv", "/opt/away", "/opt/repository")
    assert run.rc == 0, run.out
    assert lab.docker("exec", NODE.container, "sh", "-c", "command -v socat").strip()
