# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands for AWX 24.6.1 on loopback where objects are made: fields, defaults, lists and links as its API has them.

A field that AWX does not have is ignored, as AWX does; what is asked for then never equals what is there, and a second
run of a module changes it again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from stand_in_api import TOKEN, Handler, on_loopback

_ROOT = "/api/v2/"
_NAMED: dict[str, Any] = {"name": None, "description": ""}
_ASKED = (
    "credential diff_mode execution_environment forks instance_groups inventory job_slice_count job_type labels limit "
    "scm_branch skip_tags tags timeout variables verbosity"
)
_PROMPTS: dict[str, Any] = {f"ask_{name}_on_launch": False for name in _ASKED.split()}
# Endpoint -> its fields that can be written, with what they are when nothing is said. None has to be said or is null.
FIELDS: dict[str, dict[str, Any]] = {
    "organizations": {**_NAMED, "max_hosts": 0, "default_environment": None},
    "labels": {"name": None, "organization": None},
    "credentials": {**_NAMED, "organization": None, "credential_type": None, "inputs": {}},
    "execution_environments": {**_NAMED, "organization": None, "image": None, "credential": None, "pull": ""},
    "projects": {
        **_NAMED,
        **{"local_path": "", "scm_type": "", "scm_url": "", "scm_branch": "", "scm_refspec": "", "scm_clean": False},
        **{"scm_track_submodules": False, "scm_delete_on_update": False, "credential": None, "timeout": 0},
        **{"organization": None, "scm_update_on_launch": False, "scm_update_cache_timeout": 0, "allow_override": False},
        **{"default_environment": None, "signature_validation_credential": None},
    },
    "inventories": {
        **_NAMED,
        **{
            "organization": None,
            "kind": "",
            "host_filter": None,
            "variables": "",
            "prevent_instance_group_fallback": False,
        },
    },
    "inventory_sources": {
        **_NAMED,
        **{
            "inventory": None,
            "source": None,
            "source_path": "",
            "source_vars": "",
            "scm_branch": "",
            "credential": None,
        },
        **{"enabled_var": "", "enabled_value": "", "host_filter": "", "overwrite": False, "overwrite_vars": False},
        **{"timeout": 0, "verbosity": 1, "limit": "", "update_on_launch": False, "update_cache_timeout": 0},
        **{"source_project": None, "execution_environment": None},
    },
    "hosts": {**_NAMED, "inventory": None, "enabled": True, "instance_id": "", "variables": ""},
    "job_templates": {
        **_NAMED,
        **_PROMPTS,
        **{"job_type": "run", "inventory": None, "project": None, "playbook": "", "scm_branch": "", "forks": 0},
        **{"limit": "", "verbosity": 0, "extra_vars": "", "job_tags": "", "force_handlers": False, "skip_tags": ""},
        **{"start_at_task": "", "timeout": 0, "use_fact_cache": False, "execution_environment": None},
        **{"host_config_key": "", "survey_enabled": False, "become_enabled": False, "diff_mode": False},
        **{"allow_simultaneous": False, "job_slice_count": 1, "webhook_service": "", "webhook_credential": None},
        **{"prevent_instance_group_fallback": False},
    },
    "workflow_job_templates": {
        **_NAMED,
        **{"extra_vars": "", "organization": None, "survey_enabled": False, "allow_simultaneous": False},
        **{"ask_variables_on_launch": False, "inventory": None, "limit": None, "scm_branch": None, "job_tags": None},
        **{"ask_inventory_on_launch": False, "ask_scm_branch_on_launch": False, "ask_limit_on_launch": False},
        **{"webhook_service": "", "webhook_credential": None, "skip_tags": None, "ask_labels_on_launch": False},
        **{"ask_skip_tags_on_launch": False, "ask_tags_on_launch": False},
    },
    "workflow_job_template_nodes": {
        **{"workflow_job_template": None, "unified_job_template": None, "identifier": None, "extra_data": {}},
        **{"inventory": None, "scm_branch": None, "job_type": None, "job_tags": None, "skip_tags": None, "limit": None},
        **{"diff_mode": None, "verbosity": None, "all_parents_must_converge": False, "execution_environment": None},
        **{"forks": None, "job_slice_count": None, "timeout": None},
    },
    "workflow_approval_templates": {**_NAMED, "timeout": 0},
    "project_updates": {"status": None},
}
_NEEDED = {
    **{"labels": ("name", "organization"), "inventories": ("name", "organization"), "hosts": ("name", "inventory")},
    **{"inventory_sources": ("name", "inventory"), "workflow_job_template_nodes": ("workflow_job_template",)},
    "execution_environments": ("name", "image"),
}
# Field -> the endpoint of what it is the number of.
_REFERS = {
    **{"organization": "organizations", "inventory": "inventories", "project": "projects", "credential": "credentials"},
    **{"source_project": "projects", "execution_environment": "execution_environments"},
    **{"default_environment": "execution_environments", "workflow_job_template": "workflow_job_templates"},
}
_TEMPLATES = ("job_templates", "workflow_job_templates", "projects", "inventory_sources")
_EDGES = ("always_nodes", "success_nodes", "failure_nodes")
# Lists that belong to an object, and what is in them.
_LISTS = {
    **{"labels": "labels", "credentials": "credentials", "galaxy_credentials": "credentials"},
    **dict.fromkeys(_EDGES, "workflow_job_template_nodes"),
}
# What goes with an object that is deleted, by the field that has its number.
_WITH = {
    "inventories": {"inventory_sources": "inventory", "hosts": "inventory"},
    "workflow_job_templates": {"workflow_job_template_nodes": "workflow_job_template"},
}


class Refused(Exception):
    """An answer that is an error: status and content."""


class Awx:
    """Objects by endpoint and number. ``written`` has every request that was to change something."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[int, dict[str, Any]]] = {endpoint: {} for endpoint in FIELDS}
        self.links: dict[str, list[int]] = {}
        self.surveys: dict[str, dict[str, Any]] = {}
        self.written: list[str] = []
        self.url = ""
        self._number = 0
        self.add("organizations", {"name": "Default"})

    def add(self, endpoint: str, content: dict[str, Any]) -> dict[str, Any]:
        """Make an object, with what it is when nothing is said."""
        self._number += 1
        url = f"{_ROOT}{endpoint}/{self._number}/"
        related = (
            {"survey_spec": f"{url}survey_spec/"} if endpoint in ("job_templates", "workflow_job_templates") else {}
        )
        made = {
            "id": self._number,
            "type": endpoint.removesuffix("s"),
            "url": url,
            "related": related,
            "summary_fields": {},
        }
        made |= {name: content.get(name, default) for name, default in FIELDS[endpoint].items()}
        self.objects[endpoint][self._number] = made
        return made

    def named(self, endpoint: str) -> dict[str, dict[str, Any]]:
        """Return the objects of an endpoint by name."""
        return {one.get("name") or one.get("identifier"): one for one in self.objects[endpoint].values()}

    def linked(self, one: dict[str, Any], name: str) -> list[dict[str, Any]]:
        """Return what is in a list of an object."""
        return [self.objects[_LISTS[name]][number] for number in self.links.get(f"{one['url']}{name}/", [])]

    def answer(self, method: str, path: str, authorization: str, content: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Return status and content."""
        if authorization != f"Bearer {TOKEN}":
            return 401, {"detail": "Authentication credentials were not provided."}
        if method != "GET":
            self.written.append(f"{method} {path}")
        parts = urlsplit(path)
        place = parts.path.removeprefix(_ROOT).strip("/").split("/")
        try:
            if len(place) == 1:
                return self._all(method, place[0], dict(parse_qsl(parts.query)), content)
            one = self.objects.get(place[0], {}).get(int(place[1]))
            if one is None:
                raise Refused(404, {"detail": "Not found."})
            if len(place) == 2:
                return self._one(method, place[0], one, content)
            return self._beside(method, place[2], one, content)
        except Refused as error:
            return error.args

    def _all(
        self, method: str, endpoint: str, query: dict[str, str], content: dict[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        kinds = _TEMPLATES if endpoint == "unified_job_templates" else (endpoint,)
        if not {*kinds} <= {*FIELDS}:
            raise Refused(404, {"detail": "Not found."})
        if method == "POST":
            self._check(endpoint, content, new=True)
            made = self.add(endpoint, content)
            if endpoint == "job_templates":
                made["organization"] = self.objects["projects"][made["project"]]["organization"]
            if endpoint == "projects":
                # The update that AWX begins by itself; by the next request it has ended.
                update = self.add("project_updates", {"status": "successful"})
                return 201, {**made, "scm_revision": "", "summary_fields": {"current_update": {"id": update["id"]}}}
            return 201, made
        found = [one for kind in kinds for one in self.objects[kind].values()]
        for name, value in query.items():
            if found and not any(name in one for one in found):
                raise Refused(400, {"detail": f"{endpoint} has no field named '{name}'"})
            found = [one for one in found if str(one.get(name)) == value]
        return 200, _page(found)

    def _check(self, endpoint: str, content: dict[str, Any], new: bool) -> None:
        wrong = {
            name: ["This field is required."]
            for name in _NEEDED.get(endpoint, ("name",))
            if new and not content.get(name)
        }
        for name, kind in _REFERS.items():
            if content.get(name) is not None and content[name] not in self.objects[kind]:
                wrong[name] = [f'Invalid pk "{content[name]}" - object does not exist.']
        for name, default in FIELDS[endpoint].items():
            if isinstance(default, bool | int) and name in content and not isinstance(content[name], bool | int):
                wrong[name] = ["A valid value is required."]
        if wrong:
            raise Refused(400, wrong)
        keys = [
            name
            for name in ("name", "identifier", "organization", "inventory", "workflow_job_template")
            if name in FIELDS[endpoint]
        ]
        if new and any(all(one[key] == content.get(key) for key in keys) for one in self.objects[endpoint].values()):
            raise Refused(400, {"__all__": [f"{endpoint} with this {' and '.join(keys)} already exists."]})

    def _one(
        self, method: str, endpoint: str, one: dict[str, Any], content: dict[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        if method == "PATCH":
            self._check(endpoint, content, new=False)
            one |= {name: value for name, value in content.items() if name in FIELDS[endpoint]}
        if method == "DELETE":
            self._remove(endpoint, one)
            return 202 if endpoint == "inventories" else 204, {}
        return 200, one

    def _remove(self, endpoint: str, one: dict[str, Any]) -> None:
        for kind, field in _WITH.get(endpoint, {}).items():
            for other in [other for other in self.objects[kind].values() if other[field] == one["id"]]:
                self._remove(kind, other)
        if endpoint == "workflow_job_template_nodes":
            self.objects["workflow_approval_templates"].pop(one["unified_job_template"], None)
        del self.objects[endpoint][one["id"]]

    def _beside(
        self, method: str, name: str, one: dict[str, Any], content: dict[str, Any]
    ) -> tuple[int, dict[str, Any]]:
        if name == "survey_spec" and "survey_spec" in one["related"]:
            if method == "POST":
                self.surveys[one["url"]] = content
                return 200, {}
            return 200, self.surveys.get(one["url"], {})
        if name == "create_approval_template" and one["type"] == "workflow_job_template_node":
            made = self.add("workflow_approval_templates", content)
            one["unified_job_template"] = made["id"]
            one["related"] = {"unified_job_template": made["url"]}
            return 201, made
        if name not in _LISTS or not re.fullmatch(
            r"(organization|\w*job_template|workflow_job_template_node)", one["type"]
        ):
            raise Refused(404, {"detail": "Not found."})
        link = self.links.setdefault(f"{one['url']}{name}/", [])
        if method == "POST":
            if content.get("disassociate"):
                link.remove(content["id"])
            else:
                self._check_link(one, name, content["id"])
                link.append(content["id"])
            return 204, {}
        return 200, _page([self.objects[_LISTS[name]][number] for number in link])

    def _check_link(self, one: dict[str, Any], name: str, number: int) -> None:
        """Refuse what AWX refuses of a graph: two edges to the same node, and a circle."""
        if name not in _EDGES:
            return
        if any(number in self.links.get(f"{one['url']}{other}/", []) for other in _EDGES):
            raise Refused(400, {"Error": "Relationship not allowed."})
        reached, found = {number}, [number]
        while found:
            url = self.objects["workflow_job_template_nodes"][found.pop()]["url"]
            new = {child for edge in _EDGES for child in self.links.get(f"{url}{edge}/", [])} - reached
            reached, found = reached | new, [*found, *new]
        if one["id"] in reached:
            raise Refused(400, {"Error": "Cycle detected."})


def _page(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {"count": len(found), "next": None, "previous": None, "results": found}


@contextmanager
def serving(awx: Awx) -> Iterator[Awx]:
    """Serve it on a free port of loopback."""

    class OfAwx(Handler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            content = json.loads(self.rfile.read(length) or b"{}") if length else {}
            answer = awx.answer(self.command, self.path, self.headers.get("Authorization", ""), content)
            self.send(*answer, **{"X-API-Product-Name": "AWX", "X-API-Product-Version": "24.6.1"})

        do_GET = do_POST = do_PATCH = do_DELETE = _answer

    with on_loopback(OfAwx) as awx.url:
        yield awx
