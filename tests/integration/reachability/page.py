# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the page "What it tells you, and what to do" of faults and the verdicts that the module gave to them."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "what_it_tells_you.md"
_HEAD = """<!-- SPDX-FileCopyrightText: 2026 The ack_edge.node authors -->
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
<!-- Made by tests/integration/reachability; 'make pages' makes it anew. -->

# What it tells you, and what to do

`ack_edge.node.reachability_info`, and so the role `reachability` and `verify_edge.yml`, check each endpoint stage
by stage until one fails. Each paragraph below is a real fault, made in network namespaces with a router and servers of
their own, and the answer of the module. The names `*.test`, the addresses and the ports belong to that test network.
An id such as `tcp.timeout` is in `data.problem` of the verdict and never changes its meaning.

| status | means |
| --- | --- |
| `pass` | proven |
| `warn` | it works, but a finding will cause trouble later |
| `fail` | it does not work |
| `unproven` | one side alone cannot tell, such as a UDP port that does not answer |
"""
_TAIL = """
## What it costs

`tests/benchmarks/reachability.py` over ssh in the lab, 2 cores, ansible-core 2.19, medians of 3, the task alone:

| what | found |
| --- | ---: |
| 60 endpoints, 30 of them black-holed, with a timeout of 5 s | 5.28 s, 1.06 times one timeout |
| 25 reachable endpoints | 0.19 s |
| the same in a loop over `wait_for` | 5.77 s, 30 times as long |
| memory on the host, 60 endpoints | 31 MB |
| sent to the host | 252 KB, of which a bare `ping` sends 177 KB |
"""
_STAGES = {
    "dns": "Name resolution",
    "address": "Addresses against the published networks",
    "route": "The route that the kernel uses",
    "tcp": "TCP",
    "proxy": "A proxy on the path",
    "tls": "TLS",
    "http": "HTTP",
    "ntp": "Time servers",
    "udp": "UDP",
}
# What differs from run to run.
_MOVING = (
    (r"\bin \d+ ms\b", "in 1 ms"),
    (r"([+-]\d+\.\d)\d\d s\b", r"\g<1>00 s"),
    (r"\+/- (\d+\.\d)\d\d s", r"+/- \g<1>00 s"),
    (r"-0\.000 s", "+0.000 s"),
    (r"\+(599|600)\.\d00 s", "+600.000 s"),
    (r"[+-]0\.000 s", "+0.000 s"),
    (r"clock says \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "clock says 2026-01-01 00:00:00 UTC"),
)


def render(rows: list[tuple[object, dict]]) -> str:
    """Return the page as Markdown."""
    parts = [_HEAD]
    for stage, title in _STAGES.items():
        parts.append(f"\n## {title}\n")
        parts += [_row(fault, verdict) for fault, verdict in rows if fault.stage == stage]
    return "".join([*parts, _TAIL])


def _row(fault, verdict: dict) -> str:
    name = f"`{fault.problem}`, {fault.status}" if fault.problem else fault.status
    how = f" ({fault.call})" if fault.call != "direct" else ""
    lines = [
        f"\n**{fault.wrong[0].upper()}{fault.wrong[1:]}**{how}: {name}\n",
        f"\n* says: {_still(verdict['summary'])}",
    ]
    lines += [f"\n* to do: {_still(verdict['remedy'])}"] if verdict["remedy"] else []
    lines += [f"\n* by hand: `{verdict['reproduce']}`"] if verdict["reproduce"] else []
    return "".join(lines) + "\n"


def _still(text: str) -> str:
    for pattern, instead in _MOVING:
        text = re.sub(pattern, instead, text)
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "\\<")
