# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The resource modules of the device vendors render the same routes and lists out of the same facts.

They get the facts of the plan in their own model, and no line of ours.
"""

import ipaddress
import json
import os
import re
import subprocess
import sys

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.registry import BY_NAME
from fakes.plan_formats import plan
from fakes.plan_parsers import ADD, part

# One process for all: importing is what takes the time.
RUNNER = """
import contextlib, importlib, io, json, sys
from ansible.module_utils import basic
answers = []
for name, arguments in json.load(sys.stdin):
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
    basic._ANSIBLE_PROFILE = "legacy"
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
        importlib.import_module("ansible_collections." + name).main()
    answers.append(json.loads(output.getvalue()))
json.dump(answers, sys.stdout)
"""
MIXED = {"vpc_cidrs": ["192.168.0.0/16", "2408:4000::/32"], "node_cidrs": ["10.20.0.0/16", "2001:db8:20::/48"]}
CASES = {
    "cn-beijing": {},
    "eu-west-1": {"site": "dublin"},
    "cn-shanghai-finance-1": {"next_hop": "2001:db8::1", **MIXED},
}
# How each module calls the name of a route and its preference.
LABELS = {
    "cisco.ios": ("name", "distance_metric"),
    "cisco.nxos": ("route_name", "admin_distance"),
    "cisco.iosxr": ("description", "admin_distance"),
    "arista.eos": ("description", "admin_distance"),
    "vyos.vyos": (None, "admin_distance"),
}
FORMATS = {
    "cisco.ios": "cisco_ios",
    "cisco.nxos": "cisco_nxos",
    "cisco.iosxr": "cisco_iosxr",
    "arista.eos": "arista_eos",
    "vyos.vyos": "vyos",
}


def given(region, collection):
    changes = dict(CASES[region])
    if collection == "vyos.vyos":
        changes["vrf"] = None  # its module knows none
    return plan(region, changes.pop("site", "shanghai"), **changes)


def routes(one, collection):
    label, distance = LABELS[collection]
    site = one["site"]
    version = ipaddress.ip_address(site["next_hop"]).version
    rows = []
    for prefix in one["prefixes"]:
        if prefix["family"] == f"ipv{version}":
            hop = {"forward_router_address": site["next_hop"]}
            hop |= {label: prefix["name"]} if label else {}
            hop |= {distance: site["preference"]} if site["preference"] else {}
            rows.append({"dest": prefix["destination"], "next_hops": [hop]})
    family = {"afi": f"ipv{version}", "routes": rows}
    family |= {"safi": "unicast"} if collection == "cisco.iosxr" else {}
    return [{"address_families": [family]} | ({"vrf": site["vrf"]} if site["vrf"] else {})]


def lists(one, collection, names):
    key = "address" if collection == "arista.eos" else "prefix"
    found = []
    for version, name in zip((4, 6), names, strict=False):
        members = [prefix["destination"] for prefix in one["prefixes"] if prefix["family"] == f"ipv{version}"]
        entries = [
            {"sequence": number * 10, "action": "permit", key: network}
            for number, network in enumerate(members, start=1)
        ]
        found.append({"afi": f"ipv{version}", "prefix_lists": [{"name": name, "entries": entries}]})
    return found


def names_of_lists(lines):
    words = [word for line in lines if "prefix-list" in line for word in line.split() if word.startswith("ACK-EDGE-")]
    return list(dict.fromkeys(words))


@pytest.fixture(scope="module")
def rendered(resource_modules):
    """Return what each module renders of each case, and the lines of our own file."""
    requests, keys, files = [], [], {}
    for region in CASES:
        for collection, form in FORMATS.items():
            one = given(region, collection)
            lines = part(BY_NAME[form].text(one), ADD)
            files[region, collection] = lines
            short = collection.split(".")[1]
            for kind, config in (
                ("static_routes", routes(one, collection)),
                ("prefix_lists", lists(one, collection, names_of_lists(lines))),
            ):
                requests.append(
                    (f"{collection}.plugins.modules.{short}_{kind}", {"state": "rendered", "config": config})
                )
                keys.append((region, collection))
    done = subprocess.run(
        [sys.executable, "-c", RUNNER],
        input=json.dumps(requests),
        env={**os.environ, "PYTHONPATH": str(resource_modules)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers = {}
    for key, answer in zip(keys, json.loads(done.stdout), strict=True):
        assert not answer.get("failed"), answer
        answers.setdefault(key, []).extend(answer["rendered"])
    return {key: (answers[key], files[key]) for key in answers}


def meaning(lines, collection):
    """Return lines without what says nothing: the ends of modes, quotes, and numbers where ours leaves them out."""
    found = [line.strip().replace("'", "") for line in lines if line.strip() != "exit"]
    if collection in ("cisco.ios", "cisco.nxos"):
        found = [re.sub(r" seq \d+ ", " ", line) for line in found]
    if collection == "vyos.vyos":  # what only begins another command
        found = [line for line in found if not any(other.startswith(f"{line} ") for other in found)]
    return found


@pytest.mark.parametrize("region", CASES)
@pytest.mark.parametrize("collection", FORMATS)
def test_the_vendors_module_renders_the_same_lines(collection, region, rendered):
    theirs, ours = (meaning(lines, collection) for lines in rendered[region, collection])
    assert len(theirs) > 5
    assert sorted(set(theirs)) == sorted(set(ours))
    repeated = {line for line in ours if ours.count(line) > 1}
    assert all(line == "router static" for line in repeated), repeated
