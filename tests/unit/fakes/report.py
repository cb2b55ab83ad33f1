# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents of runs, made the way the callback makes them."""

from __future__ import annotations

from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import SECTIONS
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.run import Run

GATE = tuple(SECTIONS)
# What the lookup says of a route that is made from a row of the vendor.
PUBLISHED_ROW = {
    "region": "cn-beijing",
    "purpose": "oss",
    "row": "oss-cn-beijing",
    "network": "100.118.58.0/24",
    "sources": "a, b",
}
NODES = [f"edge-{number:03}" for number in range(1, 6)]


def verdict(check: str, status: str = "pass", **more: Any) -> dict[str, Any]:
    remedy = more.pop("remedy", "mend it" if status in ("fail", "warn") else "")
    data = {"required": more.pop("required", True), **more.pop("data", {})}
    return {"check": check, "status": status, "summary": more.pop("summary", f"{check} {status}"), "remedy": remedy,
            "reproduce": more.pop("reproduce", f"look at {check}"), "data": data, **more}  # fmt: skip


def endpoint(name: str, address: str, problem: str = "", **data: Any) -> dict[str, Any]:
    """A verdict of reachability_info."""
    facts = {
        "host": f"{name}.example",
        "port": 443,
        "protocol": "https",
        "address": address,
        "stage": problem.partition(".")[0],
        "problem": problem,
        "via": {"gateway": "10.99.0.253", "interface": "idc0", "source": "10.99.0.11"},
        "dns": {"source": "10.98.0.254"},
        **data,
    }
    summary = f"TCP connect to {address}:443 timed out" if problem else "reached"
    return verdict(name, "fail" if problem else "pass", data=facts, summary=summary,
                   remedy=f"route {address} over the leased line" if problem else "")  # fmt: skip


def looks(name: str = "verify-1", modules: tuple[str, ...] = GATE) -> dict[str, Any]:
    """Return what a record says of the modules that have looked in a run."""
    return {module: {"run": name, "ended": "", "proves": True} for module in modules}


def run(
    name: str = "verify-1",
    hosts: dict[str, Any] | None = None,
    started: str = "2026-11-23T10:00:00+00:00",
    modules: tuple[str, ...] = GATE,
    **options: Any,
) -> dict[str, Any]:
    """Return the document of a run that looked at everything, or at a part of it.

    :arg hosts: name -> list of verdicts, or a message that is the reason why it was not reached, None: never started.
    :arg modules: that look; the verdicts are of the first one.
    """
    made = Run(name, options.pop("playbook", "verify_edge"), started, **options)
    now = started.replace("10:00:00", "10:00:07")
    waiting = []
    for host, found in (hosts or {}).items():
        if found is None:
            waiting.append(host)
        elif isinstance(found, str):
            made.unreachable(host, found, now)
        else:
            made.place(host, region="cn-beijing", access_mode="leased_line", site="idc1")
            made.task(host, "begin", {}, started)
            for module in modules:
                results = found if module == modules[0] else []
                made.task(host, f"{SECTIONS.get(module, 'role')} : look", {"results": results}, now, module)
            if any(item["status"] == "fail" and item["data"]["required"] for item in found):
                made.failure(host, "gate", f"{host} is not ready", now)
    return made.document(now.replace("07", "09"), waiting)
