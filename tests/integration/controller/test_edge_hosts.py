# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run on nobody, or on fewer hosts than were meant, ends with its reason and not with exit status 0."""

from __future__ import annotations

import pytest
from helpers_plays import ROOT, run

INVENTORY = {
    "idc1": {"hosts": {"a": None, "b": None}},
    "idc2": {"hosts": {"c": None}},
    "vpc_probes": {"hosts": {"v": None}},
}
BOOK = """
- hosts: "{{ lookup('ack_edge.node.edge_hosts', edge_hosts | default('', true), whole=true) }}"
  gather_facts: false
  tasks:
    - ansible.builtin.debug:
        msg: "on {{ inventory_hostname }}"
"""


@pytest.fixture
def book(tmp_path):
    (tmp_path / "book.yml").write_text(BOOK)
    return tmp_path


@pytest.mark.parametrize(
    ("options", "hosts"),
    [
        ([], "abc"),
        (["-e", "edge_hosts=idc1"], "ab"),
        (["-e", '{"edge_hosts": ["b", "idc2"]}'], "bc"),
        (["-e", "edge_hosts=all:!idc1"], "cv"),
        (["-e", "edge_hosts=", "--limit", "b,c"], "bc"),
    ],
)
def test_hosts(book, options, hosts):
    done = run(book, "book.yml", INVENTORY, *options)
    assert done.rc == 0, done.out
    assert [host for host in "abcv" if f"on {host}" in done.out] == list(hosts)
    assert "Could not match" not in done.out


@pytest.mark.parametrize(
    ("inventory", "options", "words"),
    [
        (INVENTORY, ["-e", "edge_hosts=idc9"], ["edge_hosts is 'idc9'", "4 hosts", "idc1, idc2, vpc_probes"]),
        ({"all": {}}, [], ["the inventory has no hosts"]),
        (INVENTORY, ["--limit", "v"], ["--limit is 'v'", "none of the hosts"]),
        (INVENTORY, ["-e", '{"edge_hosts": [3]}'], ["edge_hosts is 3"]),
        (INVENTORY, ["--start-at-task", "x"], ["--start-at-task is 'x'", "--tags"]),
    ],
)
def test_nobody(book, inventory, options, words):
    done = run(book, "book.yml", inventory, *options)
    assert done.rc not in (0, 2)
    assert [word for word in words if word not in done.out] == [], done.out
    assert "on a" not in done.out


def test_an_inventory_without_probe_hosts_is_not_warned_about(book):
    done = run(book, "book.yml", {"all": {"hosts": {"a": None}}})
    assert "on a" in done.out
    assert "vpc_probes" not in done.out


def test_a_refused_sheet_ends_the_run_although_other_hosts_are_there(book):
    (book / "sheet.csv").write_text("host,region\nx,cn-bejing\n")
    (book / "fleet.yml").write_text("plugin: ack_edge.node.fleet_csv\nsource: sheet.csv\n")
    done = run(book, "book.yml", INVENTORY, "-i", str(book / "fleet.yml"))
    assert done.rc not in (0, 2)
    assert "an inventory source was refused" in done.out
    assert "sheet.csv, line 1" in done.out
    assert "on a" not in done.out


@pytest.mark.parametrize("name", ["prepare_edge", "verify_edge", "reset_edge", "bootstrap_python"])
def test_each_playbook_uses_it(name):
    assert "lookup('ack_edge.node.edge_hosts'" in (ROOT / f"playbooks/{name}.yml").read_text()
    assert not (ROOT / "playbooks/vars/requirements.yml").exists()


def test_a_syntax_check_needs_no_hosts(book):
    assert run(book, "book.yml", {"all": {}}, "--syntax-check").rc == 0
