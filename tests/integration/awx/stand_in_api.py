# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands for the API of AWX 24.6.1 on loopback: the answers to what is asked for, in its shape."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "a-token-of-nobody"


class Api:
    """Workflow jobs with their nodes, and jobs with their artifacts. ``asked`` has every path that was asked for."""

    def __init__(self, page: int = 2) -> None:
        self.nodes: dict[int, list[tuple[str, int]]] = {}
        self.jobs: dict[int, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.page = page
        # Path -> where it sends everybody.
        self.moved: dict[str, str] = {}
        self.url = ""

    def answer(self, path: str, authorization: str) -> tuple[int, dict[str, Any]]:
        """Return status and content."""
        self.asked.append(path)
        if authorization != f"Bearer {TOKEN}":
            return 401, {"detail": "Authentication credentials were not provided. To establish a login session, ..."}
        parts = urlsplit(path)
        if match := re.fullmatch(r"/api/v2/jobs/(\d+)/", parts.path):
            job = self.jobs.get(int(match[1]))
            return (200, {"id": int(match[1]), "type": "job", **job}) if job else (404, {"detail": "Not found."})
        match = re.fullmatch(r"/api/v2/workflow_jobs/(\d+)/workflow_nodes/", parts.path)
        if not match or int(match[1]) not in self.nodes:
            return 404, {"detail": "Not found."}
        nodes = self.nodes[int(match[1])]
        number = int(parse_qs(parts.query).get("page", ["1"])[0])
        some = nodes[(number - 1) * self.page : number * self.page]
        more = f"{parts.path}?page={number + 1}" if number * self.page < len(nodes) else None
        return 200, {"count": len(nodes), "next": more, "previous": None, "results": [_node(*one) for one in some]}


def _node(kind: str, number: int) -> dict[str, Any]:
    related = {"job": f"/api/v2/{kind}/{number}/"} if number else {}
    return {"id": 900 + number, "type": "workflow_job_node", "related": related, "job": number or None}


class Handler(BaseHTTPRequestHandler):
    """Answers with JSON, and says nothing of it."""

    def send(self, status: int, content: Any, **headers: str) -> None:
        body = b"" if status == 204 else json.dumps(content).encode()
        self.send_response(status)
        known = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        for name, value in (known | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def on_loopback(handler: type[Handler]) -> Iterator[str]:
    """Serve with a handler on a free port of loopback, and return the URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def serving(api: Api) -> Iterator[Api]:
    """Serve an API."""

    class OfApi(Handler):
        def do_GET(self) -> None:
            status, content = api.answer(self.path, self.headers.get("Authorization", ""))
            place = api.moved.get(urlsplit(self.path).path)
            self.send(302 if place else status, content, **({"Location": place} if place else {}))

    with on_loopback(OfApi) as api.url:
        yield api
