# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each module of ours documents in its answer beside the verdicts. Private to the collection. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._answers.values import (
    BadAnswer,
    Reader,
    clean,
    number,
    part,
    place,
    shown,
    typed,
    with_names,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._preflight.sections import MODULES

Take = Callable[[Reader, Any], Any]

MOST_DIFF = 1_000_000
# As many ports as there are: a listener takes 64.
MOST_PORTS = 64
OUTCOMES = ("answered", "other", "timeout", "refused", "unreachable", "forbidden", "silent")
SUFFIXES = (".deb", ".rpm")
_DIFF = ("before", "after", "before_header", "after_header")


def _one_of(*choices: str) -> Take:
    def take(_reader: Reader, value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise BadAnswer(f" is {shown(value)}, expected {' or '.join(choices)}")
        return clean(value)

    return take


def _like(pattern: str, words: str) -> Take:
    compiled = re.compile(pattern + r"\Z", re.ASCII)

    def take(_reader: Reader, value: Any) -> str:
        if not isinstance(value, str) or not compiled.match(value):
            raise BadAnswer(f" is {shown(value)}, expected {words}")
        return clean(value)

    return take


_port = _like("(tcp|udp)/[0-9]{1,5}", "a port such as tcp/10250")
_confirmation_token = _like("[0-9A-Za-z]{1,64}", "letters and digits")


def _diff(_reader: Reader, value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not set(_DIFF) >= value.keys():
        raise BadAnswer(f" is {with_names(value)}, expected a dict with {', '.join(_DIFF)}")
    return {key: place(f".{key}", part, value[key], MOST_DIFF) for key in _DIFF if key in value}


def _confirmation(reader: Reader, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != {"token", "seconds"}:
        raise BadAnswer(f" is {with_names(value)}, expected a dict with token and seconds")
    seconds = place(".seconds", number, place(".seconds", typed, value["seconds"], int))
    return {"token": place(".token", _confirmation_token, reader, value["token"]), "seconds": max(0, seconds)}


def _listening(reader: Reader, value: Any) -> list[str]:
    return [_port(reader, item) for item in _few(typed(value, list))]


def _taken(reader: Reader, value: Any) -> dict[str, str]:
    return {_port(reader, key): reader.text(why, 1000) for key, why in _few(typed(value, dict)).items()}


def _few(items: Any) -> Any:
    if len(items) > MOST_PORTS:
        raise BadAnswer(f" has {len(items)} items, expected at most {MOST_PORTS}")
    return items


def _address(reader: Reader, value: Any) -> str:
    return reader.text(value, 64)


_FLAGS = ("would_change", "refused", "finished")


def _sections(reader: Reader, value: Any) -> dict[str, Any]:
    """Read what preflight_info tells of each section; which sections it may tell of, the action knows."""
    return {
        reader.text(name, 64): place(f".{name}", _section, reader, told)
        for name, told in _few(typed(value, dict)).items()
    }


def _section(reader: Reader, value: Any) -> dict[str, Any]:
    known = {*_FLAGS, "msg", "diff", "backend"}
    if not isinstance(value, dict) or not known >= value.keys() >= {*_FLAGS, "msg"}:
        raise BadAnswer(f" is {with_names(value)}, expected a dict with {', '.join(sorted(known))}")
    found: dict[str, Any] = {name: place(f".{name}", typed, value[name], bool) for name in _FLAGS}
    found["msg"] = place(".msg", part, value["msg"], MOST_DIFF)
    for name, take in (("diff", _diff), ("backend", _backend)):
        if name in value:
            found[name] = place(f".{name}", take, reader, value[name])
    return found


_backend = _one_of("firewalld", "ufw", "nftables", "iptables", "none")
# Module -> the keys of its answer beside those of _verdict.report(), and how each is read.
KEYS: dict[str, dict[str, Take]] = {
    "preflight_info": {"sections": _sections},
    "readiness_info": {},
    "reachability_info": {},
    "time_sync": {"diff": _diff},
    "inbound_ports": {"diff": _diff, "backend": _backend},
    "port_listener": {
        "token": _like("[0-9a-f]{32}", "32 hexadecimal digits"),
        "address": _address,
        "listening": _listening,
        "taken": _taken,
    },
    "port_probe_info": {},
    "static_routes": {"diff": _diff, "awaiting_confirmation": _confirmation},
    "system_tools": {"diff": _diff, "wants_archive": _one_of(*SUFFIXES)},
}
# Module -> kinds of facts in the data of its verdicts: those that something on the controller reads.
FACTS: dict[str, dict[str, Any]] = {
    "readiness_info": {"name": str, "machine_id": str, "state": str},
    "reachability_info": {
        **dict.fromkeys(("host", "protocol", "purpose", "stage", "problem", "address"), str),
        "port": int,
        "via": dict.fromkeys(("gateway", "interface", "source", "proxy"), str),
        "dns": {"source": str},
    },
    "port_listener": {
        **dict.fromkeys(("protocol", "name", "address", "prober", "outcome", "seen_as"), str),
        "port": int,
    },
    "static_routes": {"changed": [str], "routes": [{"changed": [str]}], "drift": bool},
    "inbound_ports": {"drift": bool},
    "time_sync": {"drift": bool},
    "system_tools": {"drift": bool},
}


def facts_of(module: str, section: Any) -> dict[str, Any]:
    """Return the kinds of facts in the data of a verdict.

    :arg section: ``data.section`` of it; the verdicts of preflight_info are those of the modules of its sections.
    """
    if module == "preflight_info":
        return {"section": str, **FACTS.get(MODULES.get(section, "") if isinstance(section, str) else "", {})}
    return FACTS.get(module, {})
