# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Words: every problem that can happen has some, in every stage and setting, and data always has the same shape."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._reachability import messages, verdicts
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.endpoint import Endpoint
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.inputs import read_networks
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.trace import Trace
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.walk import Settings

FULL = {
    "addresses": ["100.103.1.1"],
    "address": "100.103.1.1",
    "source": "10.0.0.2",
    "cnames": ["cdn.test"],
    "servers": [
        {"server": "10.0.0.2", "outcome": "silent", "ms": None},
        {"server": "10.0.0.3", "outcome": "answer", "ms": 1.0},
    ],
    "routes": {
        "100.103.1.1": {
            "gateway": "10.0.0.1",
            "interface": "eth0",
            "source": "10.0.0.5",
            "default": True,
            "error": None,
        }
    },
    "outside": ["203.0.113.9"],
    "error": "because",
    "status": 407,
    "reason": "No",
    "said": "x",
    "server": "10.0.0.2",
    "certificate": {"subject": "s", "issuer": "i", "not_before": "then", "not_after": "now", "names": ["a", "b"]},
    "ntp": {"offset": 1.5, "delay": 0.1, "stratum": 2, "leap": 0, "reference": "RATE"},
}


def explain(
    problem: str | None,
    facts: dict,
    *,
    stage: str = "tcp",
    protocol: str = "https",
    networks: tuple = (),
    **settings: object,
) -> dict:
    endpoint = Endpoint("registry", "registry.test", 443, protocol, networks=read_networks(networks, "n")[0])
    trace = Trace(endpoint, lambda: 0.0)
    trace.stage, trace.problem, trace.facts = stage, problem, dict(facts)
    return verdicts.explain(trace, Settings(None, **settings), wall=lambda: 0.0)


@pytest.mark.parametrize("problem", sorted(messages.PROBLEMS))
@pytest.mark.parametrize("facts", [{}, FULL, FULL | {"proxy": "proxy.test:3128"}], ids=["bare", "full", "proxy"])
@pytest.mark.parametrize("leased", [True, False])
def test_every_problem_has_words_with_whatever_is_known(problem: str, facts: dict, leased: bool) -> None:
    stage = problem.partition(".")[0] if "." in problem else "queued"
    verdict = explain(problem, facts, stage=stage, expect_private=leased, networks=("100.103.0.0/16",) * leased)
    assert verdict["status"] == ("unproven" if problem in messages.UNPROVEN_PROBLEMS else "fail")
    assert len(verdict["summary"]) > 15 and len(verdict["remedy"]) > 15
    for text in (verdict["summary"], verdict["remedy"], verdict["reproduce"]):
        assert "{" not in text and "None" not in text and "  " not in text


def test_every_problem_that_the_code_raises_is_in_the_table_and_the_other_way_round() -> None:
    folder = Path(messages.__file__).parent
    code = "".join(path.read_text() for path in folder.glob("**/*.py") if path.name != "messages.py")
    raised = set(re.findall(r'"((?:dns|address|route|tcp|proxy|tls|http|ntp|udp)\.[a-z_]+)"', code))
    raised |= {"internal", "deadline", "dns.nxdomain", "dns.empty"}
    raised |= {
        f"{stage}.{why}"
        for stage in ("tcp", "ntp", "udp")
        for why in ("timeout", "refused", "forbidden", "unreachable")
    }
    raised |= {f"{stage}.{why}" for stage in ("proxy", "http") for why in ("timeout", "closed", "garbled")}
    assert raised == set(messages.PROBLEMS)


def test_templates_name_only_known_values() -> None:
    known = set(verdicts.values(Trace(Endpoint("a", "a", 1, "tcp"), lambda: 0.0), Settings(None), lambda: 0.0))
    entries = [
        text
        for entry in messages.PROBLEMS.values()
        for text in (entry.summary, entry.remedy, entry.by_hand, entry.leased)
    ]
    entries += [text for pair in messages.WARNINGS.values() for text in pair]
    entries += [*messages.SUCCESS.values(), *messages.DOING.values()]
    parts = [part for text in entries for part in string.Formatter().parse(text)]
    named = {field for _text, field, _format, _conversion in parts if field}
    assert named <= known


def test_data_always_has_the_same_keys() -> None:
    shapes = [explain(problem, facts)["data"] for problem in (None, "tcp.timeout") for facts in ({}, FULL)]
    assert all(set(shape) == set(shapes[0]) for shape in shapes)
    for key in ("via", "dns", "tls"):
        assert all(set(shape[key]) == set(shapes[0][key]) for shape in shapes)
    assert {type(value) for shape in shapes for key, value in shape.items() if key == "http_status"} == {int}


def test_a_silent_first_nameserver_is_a_warning_beside_a_success() -> None:
    verdict = explain(None, FULL | {"status": 200}, stage="http", networks=("100.103.0.0/16",))
    assert verdict["status"] == "warn"
    assert "the first nameserver 10.0.0.2 does not answer (silent)" in verdict["summary"]
    assert "/etc/resolv.conf" in verdict["remedy"]


def test_a_long_list_of_networks_is_cut_in_words_but_not_in_data() -> None:
    networks = tuple(f"100.{index}.0.0/16" for index in range(64, 70))
    verdict = explain("address.outside", FULL, stage="address", networks=networks)
    assert "100.67.0.0/16 and 2 more" in verdict["summary"]
    assert verdict["data"]["networks"] == list(networks)


def test_the_remedy_of_the_leased_line_is_not_given_on_the_internet() -> None:
    public = FULL | {"addresses": ["203.0.113.9"], "address": "203.0.113.9", "routes": {}}
    assert "leased line" in explain("tcp.timeout", FULL)["remedy"]
    assert "leased line" not in explain("tcp.timeout", public)["remedy"]
    assert "100.100.2.136" not in explain("dns.timeout", {})["remedy"]
    assert "100.100.2.136" in explain("dns.timeout", {}, expect_private=True)["remedy"]


def test_what_the_endpoint_says_of_itself_is_handed_on() -> None:
    endpoint = Endpoint("registry", "registry.test", 443, "https", required=False, purpose="images", confidence="seed")
    trace = Trace(endpoint, lambda: 0.0)
    trace.problem = "tcp.timeout"
    verdict = verdicts.explain(trace, Settings(None))
    assert verdict["check"] == "registry"
    assert verdict["data"]["required"] is False
    assert (verdict["data"]["purpose"], verdict["data"]["confidence"]) == ("images", "seed")
