# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report as one HTML page that works from disk, without a network. Private to the collection.

Pure but for its own assets in ``page/``: the skeleton, and the parts of the one style and the one script. The page is
drawn by the script from one block of JSON; nothing that came from a node is ever part of the markup. Two laws keep it
so:

* the block holds no ``<``, ``>`` or ``&``, so that no text can end it or begin another element;
* the policy of the page runs the one script and the one style of it, by their hashes, and fetches nothing at all.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import html
import json
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._language import TAGS, Message, Messages
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.document import (
    SECTIONS,
    cause_of,
    has_joined,
    not_looked_at,
    open_points,
    said,
    standings,
    stands_for,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.formats.base import Format
from ansible_collections.ack_edge.node.plugins.plugin_utils._style import styled
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import (
    Cause,
    Document,
    HostRecord,
    ReportedVerdict,
    SitePath,
)

# What a node has as plain text, in the order of the page's data; the script reads the order from there.
HOST_TEXTS = (
    "standing", "run", "message", "failed_task", "region", "access_mode", "site", "wave", "address", "started", "ended",
    "looked", "missing", "points", "joined",
)  # fmt: skip
VERDICT_TEXTS = ("check", "status", "summary", "remedy", "reproduce", "task")
RUN_TEXTS = ("id", "playbook", "started", "ended", "stopped")
CAUSE_TEXTS = ("status", "title", "summary", "remedy", "reproduce", "fixed_by")
# Beside these: the remedy that the language of the page has for it, "" for none.
ADVICE = "advice"
PATH_TEXTS = ("name", "region", "access_mode")
END_TEXTS = ("stop", "place", "why", "fixed_by")
HISTORY_TEXTS = ("run", "state", "failed_task", "message", "ended")

# Beyond what JSON demands: all that HTML gives a meaning to, line ends of JavaScript, and halves of surrogate pairs
# (Python keeps undecodable bytes as such), which UTF-8 cannot hold.
_ESCAPED = re.compile("[<>&\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
_PLACEHOLDER = re.compile(r"\{\{ (policy|style|data|script|language) \}\}")
# A text of the skeleton, which is not part of the data.
_SAID = re.compile(r"\{\{ say (.+?) \}\}")
_ASSETS = Path(__file__).parent / "page"
# In the order in which they are put together: a later part may use an earlier one while it is read, and any other one
# when it is called.
STYLE_PARTS = tuple(f"{name}.css" for name in ("base", "head", "paths", "causes", "matrix", "panel", "narrow", "paper"))
SCRIPT_PARTS = tuple(
    f"{name}.js"
    for name in (
        "language", "words", "text", "copying", "data", "view", "head", "picture", "paths", "causes", "controls",
        "matrix", "panel", "theme", "paper", "begin",
    )
)  # fmt: skip
# No name of the script is one of the page.
SCRIPT_BEGIN, SCRIPT_END = '"use strict";\n(() => {\n', "})();\n"


_ENGLISH = Messages()


class _Table:
    """Values by number, each kept once: most nodes of a fleet have the same to say."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def number(self, value: Hashable) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def values(self) -> list[Any]:
        return list(self._numbers)


class _Compact:
    """Turns a document into lists of numbers that point into one table of texts."""

    def __init__(self, messages: Messages) -> None:
        self._texts, self._verdicts = _Table(), _Table()
        self._messages = messages

    def data(
        self, document: Document, causes: Iterable[Cause], handover: str, paths: Iterable[SitePath]
    ) -> dict[str, Any]:
        hosts = document["hosts"]
        numbers = {name: number for number, name in enumerate(hosts)}
        rows = [self._host(name, hosts[name], standing) for name, standing in standings(document).items()]
        runs = [[*self._row(run, RUN_TEXTS), int(bool(run["check_mode"]))] for run in document["runs"]]
        merged = [self._cause(cause, numbers) for cause in causes]
        return {
            "fields": {
                "host": HOST_TEXTS, "verdict": (*VERDICT_TEXTS, ADVICE), "run": RUN_TEXTS,
                "cause": (*CAUSE_TEXTS, ADVICE), "history": HISTORY_TEXTS, "path": PATH_TEXTS, "end": END_TEXTS,
            },
            "runs": runs,
            "causes": merged,
            "paths": [self._path(path, numbers) for path in paths],
            "handover": _text(handover),
            "hosts": rows,
            # One flat list of numbers: what a verdict says in words, how many it stands for, whether it is required.
            "verdicts": [number for verdict in self._verdicts.values() for number in verdict],
            "texts": self._texts.values(),
            "messages": dict(self._messages.labels),
        }  # fmt: skip

    def _host(self, name: str, record: HostRecord, standing: str) -> list[Any]:
        verdicts = [self._verdict(verdict) for verdict in record["verdicts"]]
        changed = [self._number(task) for task in record.get("changed") or ()]
        history = [self._row(entry, HISTORY_TEXTS) for entry in record.get("history") or ()]
        texts = self._row({**record, **shown(record), "standing": standing}, HOST_TEXTS)
        return [self._number(name), texts, verdicts, changed, history]

    def _verdict(self, verdict: ReportedVerdict) -> int:
        required = verdict["data"].get("required", True)
        advice = self._messages.remedy(cause_of(verdict)) if verdict.get("remedy") else ""
        texts = self._row({**verdict, "summary": said(verdict), ADVICE: advice}, (*VERDICT_TEXTS, ADVICE))
        return self._verdicts.number((*texts, stands_for(verdict), int(bool(required))))

    def _cause(self, cause: Cause, numbers: Mapping[str, int]) -> list[Any]:
        checks = [self._number(check) for check in cause.get("checks") or ()]
        hosts = [numbers[name] for name in cause.get("hosts") or () if name in numbers]
        texts = {**cause, ADVICE: self._messages.remedy(cause.get("id", ""))}
        return [*self._row(texts, (*CAUSE_TEXTS, ADVICE)), checks, hosts]

    def _path(self, path: SitePath, numbers: Mapping[str, int]) -> dict[str, Any]:
        def these(hosts: Iterable[str]) -> list[int]:
            return [numbers[name] for name in hosts if name in numbers]

        return {
            "texts": self._row(path._asdict(), PATH_TEXTS),
            "hosts": path.hosts,
            "endpoints": path.endpoints,
            "stops": [[stop, self._messages.say(name)] for stop, name in path.stops.items()],
            "hops": [[self._number(hop), hosts] for hop, hosts in path.next_hops.items()],
            "ends": [
                [self._row(end._asdict(), END_TEXTS), [self._number(check) for check in end.checks], these(end.hosts)]
                for end in path.ends
            ],
            "through": len(path.through),
            "unproven": these(path.unproven),
            "unknown": [[self._messages.say(why), these(hosts)] for why, hosts in path.unknown.items()],
        }

    def _row(self, record: Mapping[str, Any], keys: Iterable[str]) -> list[int]:
        return [self._number(record.get(key)) for key in keys]

    def _number(self, value: Any) -> int:
        return self._texts.number(_text(self._messages.say(value) if isinstance(value, str) else value))


def shown(record: HostRecord) -> dict[str, str]:
    """Return in words what was looked at on a host, what was not, its open points, and whether it has joined."""
    missing = not_looked_at(record)
    looked = []
    for module, name in SECTIONS.items():
        look = record["modules"].get(module)
        if look and name not in missing:
            run = look["run"]
            # In a merged report, from what other run it is known.
            looked.append(name if run == record["run"] else f"{name} ({run})")
    found = str(len(open_points(record)))
    joined = "yes" if has_joined(record) else ""
    return {"looked": ", ".join(looked), "missing": ", ".join(missing), "points": found, "joined": joined}


def page(
    document: Document,
    causes: list[Cause],
    handover: str,
    paths: Sequence[SitePath] = (),
    messages: Messages = _ENGLISH,
) -> str:
    """Return the whole page: one text to write as UTF-8, the same for the same input.

    :arg document: the runs and every node with its verdicts; what is only shown may be missing.
    :arg causes: findings merged over nodes, worst first; a node that the document does not have is left out.
    :arg handover: what to hand to the network team; ``""`` leaves that block out.
    :arg paths: of each site; none leave the picture out.
    :arg messages: of the language of the page.
    """
    style, script, skeleton = styled(plain_style()), whole_script(), _in(asset("page.html"), messages)
    parts = {
        "policy": policy(style, script),
        "style": style,
        "data": block(_Compact(messages).data(document, causes, handover, paths)),
        "script": script,
        "language": TAGS[messages.language],
    }
    # In one pass: a placeholder that a node put into its data stays what it is, a text.
    return _PLACEHOLDER.sub(lambda found: parts[found.group(1)], skeleton)


def _in(skeleton: str, messages: Messages) -> str:
    return _SAID.sub(lambda found: html.escape(messages.say(Message(found.group(1)))), skeleton)


def block(data: Any) -> str:
    """Return data as JSON that is safe inside of a script element, whatever its texts are."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def policy(style: str, script: str) -> str:
    """Return the Content-Security-Policy of a page with exactly this style and this script."""
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
            # The browser itself then refuses innerHTML and its kin.
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@functools.cache
def plain_style() -> str:
    """Return the style of the page as one text, with a place for the colours that all pages share."""
    return "".join(asset(name) for name in STYLE_PARTS)


@functools.cache
def whole_script() -> str:
    """Return the script of the page as one text: its parts in one function."""
    return SCRIPT_BEGIN + "".join(asset(name) for name in SCRIPT_PARTS) + SCRIPT_END


@functools.cache
def asset(name: str) -> str:
    """Return the text of a file that the page is made of."""
    return (_ASSETS / name).read_text(encoding="utf-8")


def _text(value: Any) -> str:
    return "" if value is None else str(value)


FORMAT = Format("html", ".html", lambda view: page(*view))
