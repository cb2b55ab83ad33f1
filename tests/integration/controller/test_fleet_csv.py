# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin through ansible-inventory and ansible-playbook; the sheets have tests of their own.

All run in processes of their own: the plugin loader replaces the import system for collections, which other tests
rely on.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
# Parses the inventory of argv[2] twice as a run with 'meta: refresh_inventory' does, the second time after argv[3] has
# taken the place of the sheet, and says what was parsed anew.
TWICE = """
import json, pathlib, sys
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader
init_plugin_loader([sys.argv[1]])
from ansible_collections.ack_edge.node.plugins.inventory import fleet_csv
parsed = []
read = fleet_csv.read_fleet
fleet_csv.read_fleet = lambda *given: (parsed.append(1), read(*given))[1]
answers = []
for text in [None, None, *sys.argv[3:]]:
    if text is not None:
        pathlib.Path(sys.argv[2]).with_name("fleet.csv").write_text(text)
    inventory = InventoryManager(loader=DataLoader(), sources=[sys.argv[2]])
    answers.append([sorted(host.name for host in inventory.get_hosts()), len(parsed)])
json.dump(answers, sys.stdout)
"""
# Parses the inventories of argv[2:] one after the other, and says after each what has been refused so far. A line is
# written into the sheet of the first one before it is parsed again.
REFUSED = """
import json, pathlib, sys
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import init_plugin_loader
init_plugin_loader([sys.argv[1]])
from ansible_collections.ack_edge.node.plugins.plugin_utils import _refused
answers = []
for number, source in enumerate([*sys.argv[2:], sys.argv[2]]):
    if number == len(sys.argv) - 2:
        pathlib.Path(source).with_name("fleet.csv").write_text("host,ip\\nn1,10.0.0.1\\n")
    InventoryManager(loader=DataLoader(), sources=[source])
    answers.append(_refused.reasons())
json.dump(answers, sys.stdout)
"""
HOSTILE = "{{ lookup('pipe', 'touch executed') }}"


@dataclass
class Answer:
    """What ansible-inventory said."""

    hosts: dict[str, dict[str, Any]]
    groups: dict[str, list[str]]
    errors: str
    status: int


@dataclass
class Site:
    """A directory with an inventory, and the tools of the ansible-core that runs the tests."""

    path: Path
    environment: dict[str, str]

    def run(self, tool: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [Path(sys.executable).with_name(tool), *arguments],
            cwd=self.path,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            check=False,
        )

    def write(self, settings: str, *rows: str, name: str = "fleet.csv", encoding: str = "utf-8") -> None:
        (self.path / "x.fleet.yml").write_text(f"plugin: ack_edge.node.fleet_csv\nsource: {name}\n{settings}")
        (self.path / name).write_bytes("\r\n".join(rows).encode(encoding))

    def list(self, *arguments: str, **variables: str) -> Answer:
        done = self.run("ansible-inventory", "-i", "x.fleet.yml", "--list", *arguments, **variables)
        content = json.loads(done.stdout) if done.stdout else {"_meta": {"hostvars": {}}}
        hosts = content.pop("_meta")["hostvars"]
        groups = {name: sorted(group.get("hosts", [])) for name, group in content.items() if name != "all"}
        return Answer({name: _plain(found) for name, found in hosts.items()}, groups, done.stderr, done.returncode)


def _plain(value: Any) -> Any:
    """Take away how ansible-inventory shows data that is no template, and what it adds by itself."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return value.get("__ansible_unsafe") or {k: _plain(item) for k, item in value.items() if k != "ansible_local"}
    return value


@pytest.fixture
def site(tmp_path: Path) -> Site:
    kept = {key: text for key, text in os.environ.items() if not key.startswith("ANSIBLE_")}
    # A configuration of its own, for that of the checkout writes a report of every run.
    (tmp_path / "ansible.cfg").write_text(f"[defaults]\ncollections_path = {ROOT / '.collections'}\n")
    config = {"ANSIBLE_CONFIG": str(tmp_path / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1", "HOME": str(tmp_path / "home")}
    return Site(tmp_path, {**kept, **config, "PYTHONUTF8": "1"})


def test_many_regions_modes_and_sites_in_one_inventory(site: Site) -> None:
    site.write(
        "defaults: {cluster_version: '1.30', ansible_user: '{{ operator }}'}\n"
        "strict: true\n"
        "compose: {rack_name: 'rack ~ \"/\" ~ site'}\n"
        "groups: {edge_nodes: true, far: \"region is defined and region.startswith('eu-')\"}\n"
        "keyed_groups: [{key: rack | default('none'), prefix: rack}]\n",
        "主机名,管理IP,机房,地域,接入方式,网关,机柜,VPC网段,集群版本",
        "bj-1,10.20.0.11,北京-1,cn-beijing,专线,10.20.0.253,A1,192.168.0.0/16 172.16.0.0/12,",
        "sh-1,10.30.0.11,shanghai,cn-shanghai,公网,,A1,,1.28",
        "de-1,edge.example,frankfurt,eu-central-1,vpn,10.40.0.253,B2,,",
        encoding="gb18030",
    )
    answer = site.list()
    assert answer.hosts["bj-1"] == {
        "access_mode": "leased_line",
        "ansible_host": "10.20.0.11",
        "ansible_user": "{{ operator }}",
        "cluster_version": "1.30",
        "leased_line_gateway": "10.20.0.253",
        "rack": "A1",
        "rack_name": "A1/北京-1",
        "region": "cn-beijing",
        "site": "北京-1",
        "vpc_cidrs": ["192.168.0.0/16", "172.16.0.0/12"],
    }
    assert answer.hosts["sh-1"]["cluster_version"] == "1.28"
    assert "vpc_cidrs" not in answer.hosts["sh-1"]
    every = ["bj-1", "de-1", "sh-1"]
    assert answer.groups == {
        "edge_nodes": every,
        "far": ["de-1"],
        "mode_internet": ["sh-1"],
        "mode_leased_line": ["bj-1", "de-1"],
        "rack_A1": ["bj-1", "sh-1"],
        "rack_B2": ["de-1"],
        "region_cn_beijing": ["bj-1"],
        "region_cn_shanghai": ["sh-1"],
        "region_eu_central_1": ["de-1"],
        "site_frankfurt": ["de-1"],
        "site_shanghai": ["sh-1"],
        "site_北京_1": ["bj-1"],
    }
    assert "WARNING" not in answer.errors


def test_group_vars_of_a_site_apply_where_a_cell_is_empty(site: Site) -> None:
    site.write("", "host,ip,site,vpc_cidrs", "a,10.0.0.1,idc-1,", "b,10.0.0.2,idc-1,10.9.0.0/16", "c,10.0.0.3,二,")
    (site.path / "group_vars").mkdir()
    (site.path / "group_vars/site_idc_1.yml").write_text("vpc_cidrs: [192.168.0.0/16]\n")
    (site.path / "group_vars/site_二.yml").write_text("vpc_cidrs: [172.16.0.0/16]\n")
    found = {name: variables["vpc_cidrs"] for name, variables in site.list().hosts.items()}
    assert found == {"a": ["192.168.0.0/16"], "b": ["10.9.0.0/16"], "c": ["172.16.0.0/16"]}


def test_groups_can_be_called_otherwise_or_left_out(site: Site) -> None:
    site.write(
        "group_by: [site, region]\nsite_prefix: ''\nregion_prefix: r_\n",
        "host,ip,site,region,access",
        "a,10.0.0.1,idc1,cn-beijing,cen",
    )
    assert site.list().groups == {"idc1": ["a"], "r_cn_beijing": ["a"]}


def test_cells_are_never_evaluated(site: Site) -> None:
    """Neither by the plugin, whose expressions see them, nor by a play that uses them."""
    quoted = HOSTILE.replace('"', '""')
    site.write(
        "compose: {copied: note, joined: 'note ~ note'}\nkeyed_groups: [{key: note, prefix: n}]\n",
        "host,ip,note,skip_checks,site",
        f'a,10.0.0.1,"{quoted}","x,{{{{lookup(""pipe"";""touch-executed"")}}}}","{quoted}"',
    )
    (site.path / "play.yml").write_text(
        "- hosts: all\n  gather_facts: false\n  tasks:\n"
        "    - ansible.builtin.assert:\n        that:\n"
        "          - note == site\n          - note is search('lookup')\n          - copied == note\n"
        "          - skip_checks | length == 3\n"
        "    - ansible.builtin.debug:\n        msg: ['{{ note }}', '{{ joined }}', '{{ skip_checks }}', '{{ site }}']\n"
    )
    done = site.run("ansible-playbook", "-i", "x.fleet.yml", "play.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(HOSTILE) == 4
    assert not (site.path / "executed").exists()


def test_all_problems_and_no_host(site: Site) -> None:
    site.write(
        "defaults: {region: cn-nowhere}\n",
        "主机名,管理IP,地域",
        '"a\n1",10.0.0.1,cn-beijing',
        "b,10.0.0.300,cn-bejing",
        "c,10.0.0.3,cn-bejing",
        "d,10.0.0.4,cn-beijing",
    )
    answer = site.list()
    assert (answer.hosts, answer.groups.get("ungrouped", [])) == ({}, [])
    lines = answer.errors.splitlines()
    start = lines.index(f"4 problems in {site.path}/x.fleet.yml:")
    assert [line.split(" is ")[0] for line in lines[start + 1 : start + 5]] == [
        "option defaults: region",
        "fleet.csv, line 2, column '主机名': inventory_hostname",
        "fleet.csv, line 4, column '管理IP': ansible_host",
        "fleet.csv, lines 4-5, column '地域': region",
    ]
    assert "did you mean cn-beijing" in answer.errors
    assert "none of its hosts has been taken" in " ".join(answer.errors.split())
    strict = site.list(ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED="1")
    assert strict.status != 0


def test_options_that_are_none(site: Site) -> None:
    """Ansible would pass over them, and the sheet would be read in another way than was asked for."""
    site.write("encodng: gbk\nsheet: x\nstrict: false\n", "host,ip", "a,10.0.0.1")
    answer = site.list()
    assert answer.hosts == {}
    assert "'encodng' is not an option of fleet_csv: did you mean 'encoding'?" in answer.errors
    assert "'sheet' is not an option of fleet_csv: " in answer.errors


def test_files_that_are_not_there(site: Site) -> None:
    site.write("", "host,ip", "a,10.0.0.1")
    (site.path / "directory").mkdir()
    text = (site.path / "x.fleet.yml").read_text()
    (site.path / "x.fleet.yml").write_text(text.replace("fleet.csv", "[fleet.csv, gone/x.csv, directory]"))
    errors = site.list().errors
    assert f"source names 'gone/x.csv', but the file {site.path}/gone/x.csv does not exist: correct the path" in errors
    assert "source names 'directory', which cannot be read: " in errors


def test_strict_expressions_that_fail_name_the_line(site: Site) -> None:
    site.write("strict: true\ncompose: {rack_name: rack | upper}\n", "host,ip,rack", "a,10.0.0.1,x", "b,10.0.0.2,")
    answer = site.list()
    assert answer.hosts == {}
    assert "fleet.csv, line 3: Could not set rack_name for host b" in answer.errors


def test_an_encrypted_sheet(site: Site) -> None:
    site.write("cache: true\ncache_plugin: jsonfile\ncache_connection: kept\n", "host,ip,密码", "a,10.0.0.1,hunter2")
    readable = site.list()
    assert readable.hosts["a"]["ansible_password"] == "hunter2"
    assert "fleet.csv holds passwords: encrypt it with ansible-vault encrypt" in " ".join(readable.errors.split())
    for file in (site.path / "kept").iterdir():
        file.unlink()
    (site.path / "secret").write_text("opensesame\n")
    for name in ("fleet.csv", "x.fleet.yml"):
        done = site.run("ansible-vault", "encrypt", "--vault-password-file", "secret", name)
        assert done.returncode == 0, done.stderr
    assert site.list().hosts == {}
    answer = site.list("--vault-password-file", "secret")
    assert answer.hosts["a"]["ansible_password"] == "hunter2"
    assert "WARNING" not in answer.errors
    assert not list((site.path / "kept").iterdir())


@pytest.fixture
def cached(site: Site) -> Callable[..., list[Any]]:
    def run(*texts: str) -> list[Any]:
        command = [sys.executable, "-c", TWICE, str(ROOT / ".collections"), str(site.path / "x.fleet.yml"), *texts]
        done = subprocess.run(command, cwd=site.path, env=site.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout))

    return run


def test_the_cache_is_used_as_long_as_the_sheet_stays_the_same(site: Site, cached: Callable[..., list[Any]]) -> None:
    site.write("cache: true\ncache_plugin: jsonfile\ncache_connection: kept\n", "host,ip", "a,10.0.0.1")
    # First, again, the same content once more, another content, and the first one again.
    texts = ["host,ip\r\na,10.0.0.1", "host,ip\nb,10.0.0.1", "host,ip\r\na,10.0.0.1"]
    assert cached(*texts) == [[["a"], 1], [["a"], 1], [["a"], 1], [["b"], 2], [["a"], 3]]
    assert len(list((site.path / "kept").iterdir())) == 1
    # An option that changes what is read counts like another sheet.
    site.write(
        "cache: true\ncache_plugin: jsonfile\ncache_connection: kept\ncolumns: {x: y}\n", "host,ip", "a,10.0.0.1"
    )
    assert cached()[0] == [[], 1]


def test_what_comes_from_the_cache_is_data_as_well(site: Site) -> None:
    site.write(
        "cache: true\ncache_plugin: jsonfile\ncache_connection: kept\ndefaults: {owner: '{{ 1 + 1 }}'}\n",
        "host,ip,note",
        f'a,10.0.0.1,"{HOSTILE}"',
    )
    for _time in range(2):
        done = site.run("ansible", "-i", "x.fleet.yml", "all", "-m", "debug", "-a", "msg='{{ note }} {{ owner }}'")
        assert f"{HOSTILE} 2" in done.stdout, done.stdout + done.stderr
    assert not (site.path / "executed").exists()


def test_two_thousand_machines(site: Site) -> None:
    with (site.path / "big.csv").open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["主机名", "IP", "机房", "地域", "接入方式", "备注"])
        for number in range(2000):
            place = ["cn-beijing", "专线"] if number % 2 else ["cn-shanghai", "公网"]
            writer.writerow([f"n{number}", f"10.1.{number // 250}.{number % 250}", f"idc{number % 20}", *place, "a\nb"])
    (site.path / "x.fleet.yml").write_text("plugin: ack_edge.node.fleet_csv\nsource: big.csv\n")
    answer = site.list()
    assert len(answer.hosts) == 2000
    assert len(answer.groups["site_idc7"]) == 100
    assert len(answer.groups["mode_leased_line"]) == 1000


def test_a_variable_that_nobody_would_guess_is_said(site: Site) -> None:
    site.write("", "host,ip,机位图", "a,10.0.0.1,x")
    answer = site.list()
    assert answer.hosts["a"]["column_u673a_u4f4d_u56fe"] == "x"
    assert "The column '机位图' is the variable column_u673a_u4f4d_u56fe" in " ".join(answer.errors.split())


def test_documentation(site: Site) -> None:
    done = site.run("ansible-doc", "-t", "inventory", "-j", "ack_edge.node.fleet_csv")
    assert done.returncode == 0, done.stderr
    (content,) = json.loads(done.stdout).values()
    assert {"columns", "compose", "cache", "source"} <= set(content["doc"]["options"])


def test_a_refused_sheet_is_remembered_until_it_is_right(site: Site) -> None:
    site.write("", "host,ip,edge_hosts,leased_line_routes_force", "n1,10.0.0.1,all,true")
    (site.path / "hosts.yml").write_text("all: {hosts: {n2: }}\n")
    (site.path / "broken.yml").write_text("plugin: ack_edge.node.fleet_csv\nsource: gone.csv\nstrict: perhaps\n")
    names = ("x.fleet.yml", "hosts.yml", "broken.yml")
    done = subprocess.run(
        [sys.executable, "-c", REFUSED, str(ROOT / ".collections"), *(str(site.path / name) for name in names)],
        env=site.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    sheet, other, broken, right = json.loads(done.stdout)
    assert len(sheet) == 1
    assert f"2 problems in {site.path / 'x.fleet.yml'}, as said above; none of its hosts has been taken" in sheet[0]
    assert "fleet.csv, line 1, column 'edge_hosts': edge_hosts can switch off a check" in done.stderr
    assert other == sheet
    assert len(broken) == 2
    assert str(site.path / "broken.yml") in broken[1]
    assert right == broken[1:]
