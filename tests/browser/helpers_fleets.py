# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fleets to draw: a small one with one of everything, one whose nodes are hostile, and large ones. All invented."""

from __future__ import annotations

from typing import Any

RUN = "verify_edge-20261123T154628-5dcf0a71"
EARLIER = "verify_edge-20261122T090001-90b3e2c4"
BEGAN, ENDED = "2026-11-23T15:46:28+00:00", "2026-11-23T15:58:02+00:00"
REGIONS = ("cn-beijing", "cn-hangzhou", "cn-shenzhen")
SITES = ("bj-yizhuang", "hz-xiasha", "sz-bantian", "sz-longhua")
READINESS = (
    "os_support", "systemd", "cgroups", "clock", "clock_step", "clock_setters", "time_zone", "machine_id", "node_name",
    "own_address", "default_route", "leased_line", "ip_forwarding", "ip_rule", "interface_mtu", "kernel_modules",
    "pod_service_overlap", "ports_taken", "privileges", "proxy_variables", "selinux", "swap", "disk_space",
    "cni_config", "earlier_join",
)  # fmt: skip
ENDPOINTS = (
    "api_server", "container_registry", "container_registry_vpc", "oss", "oss_vpc", "auth_host", "cs-anony-vpc",
    "ntp-1", "ntp-2", "raven_gateway", "log_service", "cloud_monitor",
)  # fmt: skip
FAIL_CLOCK = {
    "check": "clock",
    "status": "fail",
    "summary": "the clock is 41.2 s behind cn.ntp.aliyun.com; a join fails from 30 s",
    "remedy": "start chrony and let it step the clock once: it may set it by no more than 1 s while it runs",
    "reproduce": "chronyc -n tracking && chronyc makestep",
}
FAIL_REGISTRY = {
    "check": "container_registry_vpc",
    "status": "fail",
    "summary": "TCP 443 of registry-cn-beijing-vpc.example.test (100.103.99.73) does not answer within 5 s",
    "remedy": "ask the network team for a route to 100.103.99.73/32 over the leased line, and for TCP 443 to it",
    "reproduce": "timeout 5 bash -c '</dev/tcp/100.103.99.73/443'",
}
WARN_SWAP = {
    "check": "swap",
    "status": "warn",
    "summary": "swap is on: /dev/vda3, 4 GiB",
    "remedy": "turn it off for good: swapoff -a, and take its line out of /etc/fstab",
    "reproduce": "swapon --show",
}
UNPROVEN_NTP = {
    "check": "ntp-2",
    "status": "unproven",
    "summary": "UDP 123 of ntp-2.example.test is silent, which proves nothing either way",
    "remedy": "",
    "reproduce": "chronyd -Q -t 3 'server ntp-2.example.test iburst'",
}
GATE = tuple(
    f"ack_edge.node.{name}"
    for name in ("readiness_info", "time_sync", "inbound_ports", "static_routes", "reachability_info")
)
CHANGED = ["Write chrony.conf", "Set the routes of the leased line"]
LOST = {
    "check": "",
    "summary": "Failed to connect to the host via ssh: connect to host 10.20.1.15 port 22: No route to host",
    "remedy": "look whether the host is on, and whether its port 22 is open to the controller",
    "reproduce": "ssh -o ConnectTimeout=5 10.20.1.15 true",
}
WAITED = {
    "check": "",
    "summary": "the run was over before its wave began",
    "remedy": "run the playbook again with --limit for these nodes",
    "reproduce": "",
}
HANDOVER = """\
To be opened by the network team, for 2 nodes (2026-11-23)

  from                     to                    port     why
  10.20.1.12, 10.20.1.14   100.103.99.73/32      TCP 443  container registry of cn-beijing, over the leased line
  10.20.1.12               100.100.2.136/32      UDP 53   DNS of the VPC

Direction: out of the data centre, over the leased line. Nothing has to be opened inwards.
"""


def verdict(check: str, status: str = "pass", task: str = "Look at the node", **more: Any) -> dict[str, Any]:
    """Return one verdict, with everything that the page may find in one."""
    base = {"check": check, "status": status, "summary": f"{check} is as it should be", "remedy": "", "reproduce": ""}
    return base | {"data": {"required": more.pop("required", True)}, "task": task} | more


def host(verdicts: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """Return one node that went through."""
    base = {
        "state": "ok", "run": RUN, "message": "", "failed_task": "", "failed_module": "", "region": "cn-beijing",
        "access_mode": "leased_line", "site": "bj-yizhuang", "wave": 1, "address": "10.20.1.11", "started": BEGAN,
        "ended": "2026-11-23T15:47:40+00:00", "changed": [], "verdicts": verdicts, "history": [],
        "modules": {module: {"run": RUN, "ended": "", "proves": True} for module in GATE},
    }  # fmt: skip
    return base | more


def document(hosts: dict[str, dict[str, Any]], check_mode: bool = False) -> dict[str, Any]:
    """Return a document of one run."""
    run = {"id": RUN, "playbook": "verify_edge", "started": BEGAN, "ended": ENDED, "stopped": ""}
    run["check_mode"] = check_mode
    return {"schema_version": 4, "runs": [run], "hosts": hosts}


def cause(status: str, found: dict[str, Any], hosts: list[str], **more: Any) -> dict[str, Any]:
    """Return a cause that comes from one verdict."""
    keys = ("summary", "remedy", "reproduce")
    base = {"status": status, "checks": [found["check"]], "hosts": hosts} | {key: found[key] for key in keys}
    return base | {"title": found["check"]} | more


def _all(task: str, checks: tuple[str, ...], *instead: dict[str, Any]) -> list[dict[str, Any]]:
    special = {item["check"]: item for item in instead}
    return [verdict(check, task=task) | special.get(check, {}) for check in checks]


def looked(*instead: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a node says on every check, all well but for what is given."""
    task_of = ("Look at what a join needs", "Look at the way to every endpoint")
    return _all(task_of[0], READINESS, *instead) + _all(task_of[1], ENDPOINTS, *instead)


def small(check_mode: bool = False) -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    """Return nodes of every state in two regions, three sites and three waves, with the causes and the hand-over."""
    history = [{"run": EARLIER, "state": "failed", "ended": "2026-11-22T09:12:44+00:00"}]
    history[0] |= {"failed_task": "Set the routes", "message": "no gateway answers"}
    optional = verdict("gpu_driver", "fail", "Look at what a join needs", required=False, summary="no driver is loaded")
    south = {"region": "cn-shenzhen", "site": "sz-bantian", "wave": 2}
    hosts = {
        "bj-edge-1": host(looked(), changed=CHANGED, history=history),
        "bj-edge-2": host(
            looked(FAIL_REGISTRY, FAIL_CLOCK), state="failed", address="10.20.1.12", failed_task="Say what fails",
            message="2 checks stop a join: clock, container_registry_vpc", ended="2026-11-23T15:49:58+00:00",
        ),
        "bj-edge-10": host(looked(WARN_SWAP, UNPROVEN_NTP), address="10.20.1.13", ended="2026-11-23T15:46:58+00:00"),
        "bj-edge-11": host(looked(FAIL_REGISTRY), state="failed", message="1 check stops a join", address="10.20.1.14"),
        "bj-edge-12": host([], state="unreachable", message=LOST["summary"], address="10.20.1.15", ended=""),
        "sz-edge-1": host(looked(), **south),
        "sz-edge-2": host([*looked(UNPROVEN_NTP), optional], **south),
        "sz-edge-3": host(looked(WARN_SWAP), **south | {"site": "sz-longhua"}),
        "sz-edge-4": host([], state="not started", started="", ended="", **south | {"wave": 3, "site": ""}),
    }  # fmt: skip
    causes = [
        cause("fail", FAIL_REGISTRY, ["bj-edge-2", "bj-edge-11"], title="container_registry_vpc: no way to TCP 443"),
        cause("fail", FAIL_CLOCK, ["bj-edge-2"], title="clock: too far off"),
        cause("unreachable", LOST, ["bj-edge-12"], title="No way to the node by ssh", checks=[]),
        cause("not started", WAITED, ["sz-edge-4"], title="Never started", checks=[]),
        cause("warn", WARN_SWAP, ["bj-edge-10", "sz-edge-3"], title="swap: swap is on"),
        cause("open", UNPROVEN_NTP, ["bj-edge-10", "sz-edge-2"], title="ntp-2: UDP 123 is silent"),
    ]
    return document(hosts, check_mode), causes, HANDOVER


def large(nodes: int, checks: int, alike: bool = True) -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    """Return a fleet of that many nodes with that many verdicts each.

    :arg alike: whether nodes say the same in the same words, as most do; else every verdict has a measured value, a
        command and a remedy of its own, which no fleet does.
    """
    hosts: dict[str, dict[str, Any]] = {}
    members: dict[int, list[str]] = {}
    for number in range(nodes):
        name = f"{SITES[number % 4]}-edge-{number:05d}"
        verdicts = [_varied(number, check, alike) for check in range(checks)]
        failing = [check for check, item in enumerate(verdicts) if item["status"] == "fail"]
        for check in failing:
            members.setdefault(check, []).append(name)
        hosts[name] = host(
            verdicts, state="failed" if failing else "ok", region=REGIONS[number % 3], site=SITES[number % 4],
            wave=number // 200 + 1, address=f"10.{number // 250 + 10}.1.{number % 250 + 1}",
            ended=f"2026-11-23T15:{47 + number % 9:02d}:{number % 60:02d}+00:00",
        )  # fmt: skip
    causes = [
        cause("fail", _varied(0, check, True) | {"remedy": "see to it"}, names)
        for check, names in sorted(members.items(), key=lambda item: -len(item[1]))
    ]
    return document(hosts), causes, HANDOVER


def _varied(number: int, check: int, alike: bool) -> dict[str, Any]:
    name = (READINESS + ENDPOINTS)[check] if check < 37 else f"endpoint-{check:03d}"
    status = "fail" if (number * 7 + check * 13) % 97 == 0 else "warn" if (number + check * 5) % 31 == 0 else "pass"
    # About one verdict in four carries a value that was measured on that node.
    value = number if check % 4 == 0 or not alike else 0
    measured = f"{value % 977}.{value % 10} ms"
    found = f"{name} answers in {measured} from 100.103.{check}.73, which is inside of what is published"
    remedy = f"open TCP 443 to 100.103.{check}.73/32 over the leased line, in both directions of the firewall"
    by_hand = f"timeout 5 bash -c '</dev/tcp/100.103.{check}.73/443'"
    mark = "" if alike else f" # {number}-{check}"
    problem = "tcp.timeout" if status == "fail" else ""
    facts = {"stage": "tcp", "problem": problem, "via": {"gateway": f"10.{number % 4}.0.1", "interface": "bond0"}}
    return verdict(
        name, status, summary=found + mark, remedy="" if status == "pass" else remedy + mark, reproduce=by_hand + mark,
        data={"required": True} | (facts if check >= len(READINESS) else {}),
    )  # fmt: skip
