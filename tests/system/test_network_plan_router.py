# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The network plan on a real router: with it a node behind the router reaches the cloud, before and after it does not.

The node is prepared first, which succeeds up to reachability, so that verify_edge as a whole fails and passes for
nothing but the router.
"""

from __future__ import annotations

import ipaddress
import json
import subprocess
import sys
import time

import lab
import pytest
import topology
import yaml

sys.path.insert(0, str(lab.ROOT / "tests" / "unit"))

from fakes.plan_parsers import ADD, SHOW, TAKE_OUT, part

SITE = "idc-lab"
REGION = ("-e", "region=cn-beijing")
NODE, ROUTER = topology.ROUTED_NODE, topology.ROUTER
# The time server is in the site, so the router is not on the path to it.
INSIDE = {"ntp_1"}
# What the site's router has already; the plan leaves it alone.
OWN = ["ip route 203.0.113.0/24 10.99.0.1 tag 7", "ip prefix-list SITE seq 5 permit 203.0.113.0/24"]


@pytest.fixture(scope="module", autouse=True)
def router():
    """The router and the node behind it, as new; the three nodes of the lab stay as they are."""
    names = (ROUTER.name, NODE.name)
    subprocess.run([lab.ROOT / "tests/lab/lab.py", "up", "--fresh", *names], check=True, capture_output=True)
    apply(OWN)
    lab.wait_for("the route of the site's own", lambda: "203.0.113.0/24" in state()[1])
    yield
    subprocess.run([lab.ROOT / "tests/lab/lab.py", "down", *names], check=True, capture_output=True)


@pytest.fixture
def inventory(tmp_path):
    """The node as its site knows it: the leased line begins at a router, so there is no gateway of it for the node."""
    of_router = ("leased_line_gateway", "leased_line_interface", "vpc_probe_source")
    site = {key: value for key, value in lab.site().items() if key not in of_router}
    site |= {"site": SITE, "node_cidrs": [topology.ROUTED_LINE.network]}
    host = yaml.safe_load(lab.NODES_INVENTORY.read_text())["lab"]["hosts"][NODE.name]
    path = tmp_path / "inventory.yml"
    lab.write_inventory(path, {"edge_nodes": {"hosts": {NODE.name: host}, "vars": lab.login() | site}})
    return path


def vtysh(*argv: str) -> str:
    """Run vtysh on the router. It ends well where a line is refused, so what it says counts as well."""
    command = ["docker", "exec", ROUTER.container, "vtysh", *argv]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    refused = [line for line in done.stdout.splitlines() if line.startswith("%")]
    assert (done.returncode, refused) == (0, []), done.stdout + done.stderr
    return done.stdout


def apply(lines: list[str]) -> None:
    """Load lines on the router, as its file says: checked first, then applied."""
    text = "\n".join(lines) + "\n"
    lab.docker("exec", "-i", ROUTER.container, "dd", "of=/tmp/frr.conf", "status=none", stdin=text)
    vtysh("-C", "-f", "/tmp/frr.conf")
    vtysh("-f", "/tmp/frr.conf")


def state() -> tuple[str, str]:
    """Return the configuration of the router, and its routes."""
    routes = lab.docker("exec", ROUTER.container, "ip", "route", "show", "table", "all")
    return vtysh("-c", "show running-config"), routes


def state_at_last(expected: tuple[str, str]) -> tuple[str, str]:
    """Return the state once it is as expected, or in the end what it is instead: FRR tells the kernel a bit later."""
    end = time.monotonic() + 10
    while (found := state()) != expected and time.monotonic() < end:
        time.sleep(0.2)
    return found


def looked_up(outcome, *statuses):
    """Return the verdicts of reachability alone."""
    of_all = outcome.verdicts(NODE.name, *statuses)
    return [item for item in of_all if item["module"] == "ack_edge.node.reachability_info"]


def test_the_plan_opens_the_path_and_its_take_out_closes_it(play, inventory, tmp_path):
    def verify():
        outcome = play("verify_edge", *REGION, inventory=inventory)
        assert outcome.changed == {NODE.name: 0}, outcome.out
        return outcome

    before = state()
    prepared = play("prepare_edge", *REGION, inventory=inventory)
    assert prepared.rc == 2, prepared.out
    closed = verify()
    assert closed.rc == 2, closed.out
    required = {item["check"] for item in looked_up(closed) if item["data"]["required"]}
    assert required > INSIDE
    assert set(prepared.failing(NODE.name)) == set(closed.failing(NODE.name)) == required - INSIDE
    assert {item["data"]["stage"] for item in closed.verdicts(NODE.name, "fail")} == {"tcp"}

    report, sites, plans = (tmp_path / name for name in ("report.json", "sites.yml", "plans"))
    report.write_text(json.dumps(closed.report))
    sites.write_text(yaml.safe_dump({"name": SITE, "next_hop": topology.LEASED_LINE_GATEWAY}))
    # The report brings the addresses of names that nobody publishes.
    files = ("-e", f"site_file={sites}", "-e", f"plan_dir={plans}", "-e", f"fleet_report={report}")
    made = play("network_plan", *REGION, *files, "-e", '{"plan_formats": ["frr"]}', inventory=inventory)
    assert made.rc == 0, made.out
    text = (plans / SITE / "frr.conf").read_text()
    apply(text.splitlines())
    shown = "".join(vtysh("-c", line) for line in part(text, SHOW))
    routed = [line.split()[2] for line in part(text, ADD) if line.startswith("ip route ")]
    assert routed and all(network in shown for network in routed)

    opened = verify()
    assert opened.rc == 0, opened.out
    assert opened.verdicts(NODE.name, "fail") == []
    for item in looked_up(opened, "pass"):
        address = item["data"].get("address")
        on_the_line = any(ipaddress.ip_address(address) in ipaddress.ip_network(network) for network in routed)
        assert on_the_line is (item["check"] not in INSIDE), item

    apply(part(text, TAKE_OUT))
    assert state_at_last(before) == before
    assert all(line.partition(" tag")[0] in before[0] for line in OWN)
    again = verify()
    assert again.rc == 2, again.out
    assert again.failing(NODE.name) == closed.failing(NODE.name)
