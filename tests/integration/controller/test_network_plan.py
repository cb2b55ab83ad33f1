# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Through ansible itself: sites become folders of files; a mistake ends it before anything is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.registry import FORMATS
from fakes.network_plan import GOLDEN, RUNS, site
from fakes.report import endpoint, run

ROOT = Path(__file__).parents[3]
INVENTORY = """
all:
  children:
    site_idc_bj:
      hosts:
        bj-1: {leased_line_gateway: "{{ node_cidrs[0] | regex_replace('0.0/16', '0.253') }}"}
        bj-2:
      vars: {site: idc-bj, region: cn-beijing, vpc_cidrs: [192.168.0.0/16], node_cidrs: [10.20.0.0/16]}
    site_pop_sg:
      hosts: {sg-1: {site: pop-sg, region: ap-southeast-1, access_mode: internet}}
"""


def play(folder: Path, *options: str, **variables: Any) -> subprocess.CompletedProcess[str]:
    if "-i" not in options:
        options = ("-i", "localhost,", *options)
    command = [Path(sys.executable).with_name("ansible-playbook"), ROOT / "playbooks/network_plan.yml", *options]
    command += ["-e", json.dumps(variables)]
    environment = os.environ | {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".collections"), "ANSIBLE_NOCOLOR": "1"}
    environment.pop("ANSIBLE_CONFIG", None)
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def words(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join((done.stdout + done.stderr).split())


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_two_sites_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sites.yml").write_text(yaml.safe_dump(RUNS["two-sites"]))
    given = {"site_file": "sites.yml", "plan_dir": "out"}

    ahead = play(tmp_path, "--check", "--diff", **given)
    assert (ahead.returncode, "changed=1" in ahead.stdout) == (0, True), words(ahead)
    assert (
        "+++ after: out/idc-a/plan.md" in ahead.stdout and "+# Network plan: idc-a to China (Beijing)" in ahead.stdout
    )
    assert not (tmp_path / "out").exists()

    done = play(tmp_path, **given)
    assert (done.returncode, "changed=1" in done.stdout) == (0, True), words(done)
    written = files(tmp_path / "out")
    for name in ("idc-a", "idc-b"):
        assert {path for path in written if path.startswith(name)} == {
            f"{name}/.network_plan.json",
            *(f"{name}/{form.file}" for form in FORMATS),
        }
        for file in ("plan.json", "plan.csv", "plan.md", "plan.html"):
            assert written[f"{name}/{file}"] == (GOLDEN / "two-sites" / name / file).read_bytes()
    assert "missing: no address of cs-anony-vpc.cn-beijing.aliyuncs.com is known: resolve it on a host" in words(done)

    times = {path: (tmp_path / "out" / path).stat().st_mtime_ns for path in written}
    again = play(tmp_path, "--diff", **given)
    assert (again.returncode, "changed=0" in again.stdout) == (0, True), words(again)
    assert {path: (tmp_path / "out" / path).stat().st_mtime_ns for path in written} == times

    (tmp_path / "out/idc-a/notes.txt").write_text("mine")
    less = play(tmp_path, **given, plan_formats=["md"], plan_language="zh")
    assert (less.returncode, "changed=1" in less.stdout) == (0, True), words(less)
    left = {path for path in files(tmp_path / "out") if path.startswith("idc-a/")}
    assert left == {f"idc-a/{name}" for name in (".network_plan.json", "notes.txt", "plan.json", "plan.md")}
    assert "网络方案" in (tmp_path / "out/idc-a/plan.md").read_text()
    monkeypatch.setenv("ACK_EDGE_LANG", "zh")
    assert "changed=0" in play(tmp_path, "--check", **given, plan_formats="md").stdout


def test_sites_of_the_inventory_and_what_their_hosts_saw(tmp_path: Path) -> None:
    (tmp_path / "hosts.yml").write_text(INVENTORY)
    document = run("verify-1", {"bj-1": [endpoint("image_registry", "100.103.0.251")]})
    document["hosts"]["bj-1"]["site"] = "idc-bj"
    (tmp_path / "report.json").write_text(json.dumps(document))
    done = play(tmp_path, "-i", "hosts.yml", fleet_report="report.json", addons="logging")
    assert done.returncode == 0, words(done)
    assert "pop-sg: no plan is needed" in words(done)
    assert [path.name for path in (tmp_path / "network_plan").iterdir()] == ["idc-bj"]
    plan = json.loads((tmp_path / "network_plan/idc-bj/plan.json").read_text())
    assert plan["site"]["next_hop"] == "10.20.0.253"
    assert {row["id"] for row in plan["evidence"]} == {"flow-outbound-registry-tcp-443", "prefix-100.103.0.251-32"}
    assert "logging" in [prefix["purpose"] for prefix in plan["prefixes"]]

    # The site file wins over host variables, and needs no value that the inventory has.
    (tmp_path / "sites.yml").write_text("name: idc-bj\nnext_hop: 10.20.9.9\n")
    done = play(tmp_path, "-i", "hosts.yml", site_file="sites.yml")
    assert done.returncode == 0, words(done)
    assert json.loads((tmp_path / "network_plan/idc-bj/plan.json").read_text())["site"]["next_hop"] == "10.20.9.9"


def test_values_for_all_are_enough_and_hosts_are_not_contacted(tmp_path: Path) -> None:
    done = play(tmp_path, region="cn-beijing", vpc_cidrs="192.168.0.0/16", node_cidrs="10.20.0.0/16")
    assert (done.returncode, "ok=2 changed=1 unreachable=0" in words(done)) == (0, True), words(done)
    assert (tmp_path / "network_plan/site/plan.json").exists()
    assert not list(tmp_path.rglob("ack_edge_reports"))


def test_a_format_of_the_site(tmp_path: Path) -> None:
    (tmp_path / "sites.yml").write_text(yaml.safe_dump(site()))
    (tmp_path / "own.txt.j2").write_text("{{ plan.site.name }} {{ plan.flows | length }}\n")
    done = play(tmp_path, site_file="sites.yml", plan_templates=["own.txt.j2"])
    assert done.returncode == 0, words(done)
    assert (tmp_path / "network_plan/idc-bj/own.txt").read_text().startswith("idc-bj ")


@pytest.mark.parametrize(
    ("sites", "variables", "message"),
    [
        (
            [site(next_hop="x"), site(name="b", vrf="a b")],
            {},
            "give an address such as 10.0.0.1, without a prefix length site b: vrf is 'a b'",
        ),
        ([site(), site(name="b", region="cn-hangzhou", node_cidrs="10.30.0.0/16")], {}, "sites b and idc-bj conflict"),
        (site(), {"site_file": "none.yml"}, "site_file is 'none.yml', which cannot be read"),
        (site(), {"fleet_report": "sites.yml"}, "fleet_report is 'sites.yml', which is not valid JSON"),
        (site(), {"fleet_report": "none.json"}, "fleet_report is 'none.json', which cannot be read"),
        (site(), {"fleet_report": "other.json"}, "other.json is not a report of ack_edge.node"),
        (site(), {"plan_formats": ["docx"]}, "value of formats must be one or more of"),
        (site(), {"plan_dir": "other.json"}, "which cannot be written"),
        (None, {"site_file": ""}, "there is no site: no host has the variable site"),
    ],
)
def test_bad_input(tmp_path: Path, sites: Any, variables: dict[str, Any], message: str) -> None:
    (tmp_path / "sites.yml").write_text(yaml.safe_dump(sites))
    (tmp_path / "other.json").write_text("{}")
    before = files(tmp_path)
    done = play(tmp_path, **{"site_file": "sites.yml", **variables})
    assert done.returncode == 2, words(done)
    assert message in words(done)
    # One fault is told of, not what it led to.
    assert ("not valid JSON" in words(done)) is ("not valid JSON" in message)
    assert "Traceback" not in done.stderr + done.stdout
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("hosts", "message"),
    [
        (
            INVENTORY.replace("bj-2:", "bj-2: {region: cn-hangzhou}"),
            "region is 'cn-hangzhou' on bj-2 and 'cn-beijing' on bj-1",
        ),
        (INVENTORY.replace("bj-2:", 'bj-2: {cni: "{{ nothing }}"}'), "cni of host bj-2 cannot be rendered"),
    ],
)
def test_hosts_that_do_not_agree(tmp_path: Path, hosts: str, message: str) -> None:
    (tmp_path / "hosts.yml").write_text(hosts)
    done = play(tmp_path, "-i", "hosts.yml")
    assert (done.returncode, message in words(done)) == (2, True), words(done)
    assert not (tmp_path / "network_plan").exists()
