# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A document as an artifact of a job: short, and all that a merge needs of it."""

from __future__ import annotations

import base64
import zlib

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report import artifact
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import open_points, standings, stands_for
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.paths import paths
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.shape import MergeError, check
from fakes.report import endpoint, run, verdict

MANY = [verdict(f"check{number}", data={"detail": f"{number}" * 40}) for number in range(40)]
IDS = [verdict("node_name", data={"name": "n1"}), verdict("machine_id", data={"machine_id": "abc"})]
STATE = [verdict("host_state", data={"state": "joined"})]


def fleet(size: int):
    hosts = {f"edge-{number:03}": MANY + IDS + STATE for number in range(size)}
    hosts["bad"] = [*MANY, verdict("disk", "fail"), verdict("swap", "warn"), verdict("clock", "unproven")]
    hosts["gone"] = "no route"
    return run("verify-1", hosts)


def through(document, **options):
    return check(artifact.unpack(artifact.pack(document, **options), "x"), "x")


def test_where_each_host_stands_is_the_same() -> None:
    document = fleet(3)
    short = through(document)
    assert standings(short) == standings(document)
    assert len(open_points(short["hosts"]["bad"])) == 1
    kept = [item["check"] for item in short["hosts"]["edge-001"]["verdicts"]]
    assert kept == ["node_name", "machine_id", "host_state", "passed"]
    (passed,) = [item for item in short["hosts"]["edge-001"]["verdicts"] if item["check"] == "passed"]
    assert passed["data"]["count"] == stands_for(passed) == 40
    assert passed["summary"] == "40 checks passed; the job's own report has them"


@pytest.mark.parametrize(
    "item",
    [
        verdict("passed", data={"count": 10**9}),
        verdict("passed", data={"count": "40"}),
        verdict("passed", data={"count": 0}),
        verdict("passed", "fail", data={"count": 40}),
        verdict("swap", data={"count": 40}),
        verdict("passed"),
    ],
)
def test_what_is_no_count_stands_for_itself(item) -> None:
    assert stands_for(item) == 1


def test_where_paths_end_is_the_same() -> None:
    good = [endpoint(name, "100.103.0.1") for name in ("acr", "oss", "api")]
    dead = [endpoint("acr", "100.103.0.2", "tcp.timeout")]
    by_proxy = [endpoint("acr", "", via={"gateway": "", "proxy": "http://proxy.example:3128"})]
    hosts = {"a": good, "b": [*good[1:], *dead], "c": by_proxy, "d": MANY, "e": "no route"}
    document = run("verify-1", hosts)
    assert paths(through(document)) == paths(document)
    (path,) = [path for path in paths(document) if path.name]
    assert (path.through, path.endpoints, [*path.stops]) == (
        ["a", "c"],
        3,
        ["host", "next_hop", "proxy", "network", "service"],
    )
    # Where facts have to go, a host whose failed endpoints are not known any more does not get through for that.
    short = through(document, most=len(artifact.pack(document) or "") - 1)
    assert paths(short) == []
    assert sum(map(stands_for, short["hosts"]["d"]["verdicts"])) == 40


def test_it_is_a_text_that_nobody_takes_for_a_number() -> None:
    text = artifact.pack(fleet(1))
    assert text is not None and text.startswith("zlib:")


def test_a_thousand_hosts_have_room() -> None:
    text = artifact.pack(fleet(1000))
    assert text is not None and len(text) < artifact.MOST / 10


def test_what_is_too_long_becomes_shorter_and_says_the_same() -> None:
    document = fleet(3)
    long = len(artifact.pack(document) or "")
    shorter = through(document, most=long - 1)
    assert standings(shorter) == standings(document)
    assert {item["reproduce"] for item in shorter["hosts"]["bad"]["verdicts"]} == {""}
    assert artifact.pack(document, most=10) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "expected text that begins with zlib:"),
        ({"a": 1}, "expected text that begins with zlib:"),
        ("$hidden due to Ansible no_log flag$", "expected text that begins with zlib:"),
        ("zlib:!", "is not a report of ack_edge.node"),
        ("zlib:" + base64.b64encode(b"no").decode(), "is not a report of ack_edge.node"),
        ("zlib:" + base64.b64encode(zlib.compress(b"{"))[:-1].decode(), "is not a report of ack_edge.node"),
        ("zlib:" + base64.b64encode(zlib.compress(b"{}")[:-3]).decode(), "is torn"),
        ("zlib:" + base64.b64encode(zlib.compress(b"{")).decode(), "is not a report of ack_edge.node"),
    ],
)
def test_what_is_none_is_refused(text, message) -> None:
    with pytest.raises(MergeError, match="ack_edge_report_7 is") as caught:
        artifact.unpack(text, "ack_edge_report_7")
    assert message in str(caught.value)


def test_what_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(artifact, "_LARGEST", 1000)
    with pytest.raises(MergeError, match="larger than 1000 bytes"):
        artifact.unpack(artifact.pack(fleet(100)), "x")
