# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports among the artifacts of jobs, asked for at the API of AWX or Automation Controller. Private.

Only GET, only below the given URL: whatever an answer names, the paths are made here.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import time
import urllib.error
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ansible.module_utils.urls import open_url
from ansible_collections.ack_edge.node.plugins.module_utils._secrets import mask_url
from ansible_collections.ack_edge.node.plugins.plugin_utils._given import read_json
from ansible_collections.ack_edge.node.plugins.plugin_utils._report import artifact
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.shape import MergeError
from ansible_collections.ack_edge.node.plugins.plugin_utils._text import cleaned

_RELATED = re.compile(r".*/(jobs|workflow_jobs)/([1-9][0-9]{0,17})/\Z")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}\Z", re.ASCII)
# Other jobs of a workflow have nothing to report.
_WITH_REPORT = ("verify_edge", "prepare_edge")
_PAGE = 200
_MOST_PAGES = 100
_LARGEST = 50_000_000
# Nobody has so many sliced jobs in a workflow; an API that names a new one in each answer would never come to an end.
_MOST_WORKFLOWS = 1000
_TIMEOUT = 30  # seconds for each piece of an answer,
_DEADLINE = 120  # and for all of it
_EXPECTED = "expected such as https://awx.example.com"


class Access(NamedTuple):
    """How the API is asked: its URL, a token or user and password, and a CA to trust beside those of the system."""

    url: str
    token: str = ""
    username: str = ""
    password: str = ""
    ca_path: str | None = None


class Found(NamedTuple):
    """What the API has: name of an artifact -> its value, and one sentence for each job that has left no report."""

    artifacts: dict[str, Any]
    without: list[str]


def number(value: Any) -> str:
    """Return the id of a job as text.

    :raises MergeError: if it is not an id.
    """
    if isinstance(value, bool) or not _NUMBER.match(str(value)):
        raise MergeError(f"workflow_job is {value!r}, expected the number of a workflow job or of a sliced job")
    return str(value)


def base_url(url: str) -> str:
    """Return the URL of version 2 of the API.

    :arg url: of the service, or of its API where that has a path of its own.
    :raises MergeError: if it is not such a URL, or a secret would go over the network as plain text.
    """
    shown = cleaned(mask_url(url), 200)
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise MergeError(f"controller_url is {shown!r}, {_EXPECTED}: {error}") from None
    host = parts.hostname or ""
    if (
        not url.strip().isprintable()
        or " " in url.strip()
        or port == 0
        or parts.scheme not in ("http", "https")
        or not host
        or parts.query
        or parts.fragment
        or parts.username
    ):
        raise MergeError(f"controller_url is {shown!r}, {_EXPECTED}")
    if parts.scheme == "http" and not _is_here(host):
        raise MergeError(f"controller_url is {shown!r}, which would send the token unencrypted; expected https://")
    path = parts.path.rstrip("/")
    path = path if path.endswith("/v2") else f"{path}/v2" if "/api" in path else f"{path}/api/v2"
    return f"{parts.scheme}://{parts.netloc}{path}/"


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def artifacts(access: Access, workflows: Iterable[str]) -> Found:
    """Return the reports of the jobs of some workflow jobs, or sliced jobs.

    :raises MergeError: if the API does not answer as it should.
    """
    get = _getter(access)
    found, without, seen = {}, [], set(workflows)
    waiting = sorted(seen)
    while waiting:
        for kind, identity in _nodes(get, waiting.pop(0)):
            if kind == "workflow_jobs":
                # A sliced job is a workflow of its own.
                waiting += [identity] if identity not in seen else []
                seen.add(identity)
                if len(seen) > _MOST_WORKFLOWS:
                    raise MergeError(
                        f"the controller names more than {_MOST_WORKFLOWS} workflow jobs; give fewer of them"
                    )
                continue
            job = get(f"jobs/{identity}/")
            reports = _reports(job.get("artifacts"))
            found.update(reports)
            if not reports and PurePosixPath(str(job.get("playbook"))).stem in _WITH_REPORT:
                name, status = (cleaned(job.get(key), 100) for key in ("name", "status"))
                without.append(f"job {identity} ({name}, {status}) has no report among its artifacts")
    return Found(found, without)


def _reports(kept: Any) -> dict[str, Any]:
    # What had no_log is a text that says so.
    return {name: kept[name] for name in kept if name.startswith(artifact.KEY)} if isinstance(kept, dict) else {}


def _nodes(get: Callable[[str], dict[str, Any]], workflow: str) -> list[tuple[str, str]]:
    """Return (kind, id) of the jobs of a workflow job that have been started; approvals and syncs are none."""
    found = []
    for page in range(1, _MOST_PAGES + 1):
        answer = get(f"workflow_jobs/{workflow}/workflow_nodes/?page_size={_PAGE}&page={page}")
        nodes = answer.get("results")
        if not isinstance(nodes, list):
            raise MergeError(f"the controller answered workflow job {workflow} with something without results")
        for node in nodes:
            related = node.get("related") if isinstance(node, dict) else None
            match = _RELATED.match(str(related.get("job", ""))) if isinstance(related, dict) else None
            found += [(match[1], match[2])] if match else []
        if not answer.get("next"):
            return found
    raise MergeError(f"workflow job {workflow} has more than {_PAGE * _MOST_PAGES} nodes")


def _getter(access: Access) -> Callable[[str], dict[str, Any]]:
    base = base_url(access.url)
    headers = {"Accept": "application/json"}
    named: dict[str, Any] = {}
    if access.token:
        token = access.token.strip()
        if not token.isascii() or not token.isprintable() or " " in token:
            # Whoever sends it would say it aloud.
            raise MergeError(
                "controller_token (or CONTROLLER_OAUTH_TOKEN) has blanks, line ends or letters beyond ASCII, expected "
                "the token as the controller has shown it"
            )
        headers["Authorization"] = f"Bearer {token}"
    elif access.username:
        named = {"url_username": access.username, "url_password": access.password, "force_basic_auth": True}

    def get(path: str) -> dict[str, Any]:
        url = base + path
        try:
            # A redirect would take the token to wherever it leads.
            with open_url(url, headers=headers, timeout=_TIMEOUT, follow_redirects="none", ca_path=access.ca_path,
                          use_netrc=False, decompress=False, **named) as answer:  # fmt: skip
                raw = _whole(answer)
            content = read_json(raw) if len(raw) <= _LARGEST else None
        except urllib.error.HTTPError as error:
            said = f"{error.code} {cleaned(error.reason, 100)}; {_help(error.code)}"
            raise MergeError(f"the controller answered {url} with {said}") from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise MergeError(f"the controller cannot be asked ({url}): {cleaned(error, 300)}") from None
        if not isinstance(content, dict):
            raise MergeError(f"the controller answered {url} with something that is not a JSON object of its API")
        return content

    return get


def _whole(answer: Any) -> bytes:
    """Return an answer, or more than the largest one where it is larger.

    :raises TimeoutError: if it does not come to an end: the timeout of a connection begins anew with each byte.
    """
    end = time.monotonic() + _DEADLINE
    raw = bytearray()
    while len(raw) <= _LARGEST and (piece := answer.read1(1 << 16)):
        raw += piece
        if time.monotonic() > end:
            raise TimeoutError(f"the answer took more than {_DEADLINE} seconds")
    return bytes(raw)


def _help(code: int) -> str:
    if code in (401, 403):
        return "give a token (controller_token, CONTROLLER_OAUTH_TOKEN) of a user who may read these jobs"
    if code == 404:
        return "check controller_url and workflow_job"
    return "check controller_url and the state of the controller"
