# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twelve hosts of the fleet in three slices, as AWX runs them, say after the merge what one run over all of them says.

One host is not plugged in, one has a dead gateway, and two clones with one machine ID are in different slices.
"""

from __future__ import annotations

import fleet
import lab
import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import standings
from jobs import Controller, merge, sliced

SIZE, SLICES, FIRST, WORKFLOW = 12, 3, 31, 30
CLONES = ("fleet-002", "fleet-003")
VARIABLES = {"region": "cn-beijing", "site": "", "cluster_version": "v1.30.7"}


@pytest.fixture(scope="module")
def machines():
    """The hosts, with the faults that they really have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fleet, "FAULTS", {fleet.LOST: 8, fleet.CUT_OFF: 8})
        made = fleet.up(SIZE)
    # What differs between two runs must not be a clock that has just been set.
    lab.wait_for("the clock", lambda: "Normal" in lab.docker("exec", fleet.FLEET.container, "chronyc", "tracking"))
    yield made
    fleet.down()


@pytest.fixture
def clones(machines):
    """Two hosts that were made of one image."""
    one, other = (f"/etc/netns/{name}/machine-id" for name in CLONES)
    # Into the file that is there: each host has it mounted.
    lab.docker("exec", fleet.FLEET.container, "sh", "-c", f"cat {one} > {other}")


@pytest.fixture
def controller(machines, tmp_path):
    group = yaml.safe_load(fleet.INVENTORY.read_text())["fleet"]
    return Controller(tmp_path / "awx", group["hosts"], group["vars"], lab.ROOT / ".collections")


def findings(document):
    """Return host -> (how it stands, state, checks that failed)."""
    stand = standings(document)
    return {
        name: (
            stand[name],
            record["state"],
            sorted({item["check"] for item in record["verdicts"] if item["status"] == "fail"}),
        )
        for name, record in document["hosts"].items()
    }


def test_slices_and_their_merge_agree_with_one_run_over_all(play, machines, clones, controller, tmp_path):
    whole = play("verify_edge", "-e", "region=cn-beijing", inventory=fleet.INVENTORY)
    expected = findings(whole.report)
    (lost,) = (one.name for one in machines if one.fault == fleet.LOST)
    (cut_off,) = (one.name for one in machines if one.fault == fleet.CUT_OFF)
    assert expected[lost][1] == "unreachable"
    assert "route.next_hop" in {item["data"].get("problem") for item in whole.verdicts(cut_off, "fail")}
    assert {name for name, found in expected.items() if "machine_id_unique" in found[2]} == set(CLONES)

    jobs = controller.slices(FIRST, SLICES, "verify_edge", WORKFLOW, VARIABLES)
    names = [sliced(list(controller.hosts), number, SLICES) for number in range(1, SLICES + 1)]
    for job, hosts in zip(jobs, names, strict=True):
        # A host that cannot be reached wins over those that fail.
        assert job.rc == (4 if lost in hosts else 2), job.shown
        assert "This job is one slice" in job.shown
        assert "machine_id_unique" not in job.shown
    handed = {name: text for job in jobs for name, text in job.artifacts.items()}
    assert len(handed) == SLICES
    rc, said, document = merge(tmp_path, **handed)
    assert rc == 2, said
    found = findings(document)
    different = {name: (found[name], expected[name]) for name in expected if found[name] != expected[name]}
    assert (sorted(found), different) == (sorted(expected), {})
    assert (tmp_path / "fleet.html").exists()
