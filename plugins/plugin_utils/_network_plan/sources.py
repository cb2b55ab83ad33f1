# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where sites come from: a site file, the hosts of the inventory, and values for all. Private to the collection. Pure.

Returns values as they came; ``inputs`` looks at them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml
from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.inputs import CLUSTER_KEYS, PlanError
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import INTERNET

# Host variable -> key of a site.
HOST_VARIABLES = {
    **{key: key for key in CLUSTER_KEYS},
    "leased_line_gateway": "next_hop",
    "transit_router": "transit_router",
}
GROUP_PREFIX = "site_"
_LARGEST_FILE = 1_000_000
_MOST_VALUES = 200_000

Entry = dict[str, Any]


def from_text(text: str, path: str) -> list[Entry]:
    """Return the sites in a site file: YAML or JSON, a list of sites or one.

    :raises PlanError: if it is something else.
    """
    if len(text) > _LARGEST_FILE:
        raise PlanError(
            [f"site_file is {path!r}, which is larger than {_LARGEST_FILE} characters: give a list of sites"]
        )
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise PlanError([f"site_file is {path!r}, which is not valid YAML: {error}"]) from error
    if not _is_bounded(content):
        raise PlanError([f"site_file is {path!r}, which has more than {_MOST_VALUES} values: give a list of sites"])
    entries = content if isinstance(content, list) else [content]
    wrong = [item for item in entries if not isinstance(item, dict)]
    if wrong or not entries:
        found = "nothing" if not entries or entries == [None] else repr(wrong[0])[:80]
        raise PlanError([f"site_file is {path!r}, which has {found}: expected a site (a mapping) or a list of sites"])
    return entries


def _is_bounded(content: Any) -> bool:
    """Return whether there are not too many values, also once each alias is what it stands for.

    With aliases of aliases a file of some lines has billions of them.
    """
    waiting, left = [content], _MOST_VALUES
    while waiting and left >= 0:
        item = waiting.pop()
        inner = [*item, *item.values()] if isinstance(item, dict) else item if isinstance(item, list) else ()
        left -= len(inner)
        waiting += inner if left >= 0 else ()
    return left >= 0


def from_hosts(
    hosts: Mapping[str, Mapping[str, Any]], groups: Mapping[str, Iterable[str]], given: Iterable[Entry] = ()
) -> list[Entry]:
    """Return a site for each value of the host variable ``site``, and for each group ``site_*`` without such a value.

    :arg hosts: name -> its variables. :arg groups: name -> names of its hosts.
    :arg given: sites of the site file: where there are some, only these, and without the values that it gives.
    :raises PlanError: where two hosts of a site have other values of one variable.
    """
    settled = {str(entry.get("name")): {key for key, value in entry.items() if not _unset(value)} for entry in given}
    members = {site: names for site, names in sorted(_members(hosts, groups).items()) if site in settled or not settled}
    problems: list[str] = []
    entries = []
    for site, names in members.items():
        keys = {variable: key for variable, key in HOST_VARIABLES.items() if key not in settled.get(site, ())}
        entries.append(_entry(site, {name: hosts[name] for name in names}, keys, problems))
    if problems:
        raise PlanError(problems)
    return entries


def put_together(
    given: list[Entry], of_hosts: list[Entry], defaults: Mapping[str, Any]
) -> tuple[list[Entry], list[str]]:
    """Return the sites to plan and the names of those of the inventory that need no plan.

    :arg given: sites of the site file, which win; where there are some, only they are planned.
    :arg of_hosts: sites of the inventory. :arg defaults: values for all that say nothing themselves.
    """
    known = {entry["name"]: entry for entry in of_hosts}
    if given:
        chosen = [_over(known.get(str(entry.get("name")), {}), entry) for entry in given]
        return [_over(defaults, entry) for entry in chosen], []
    entries = [_over(defaults, entry) for entry in of_hosts]
    # Sites over the Internet stand in the same inventory, and need no plan.
    left = [entry for entry in entries if _leased_line(entry)]
    without = [entry["name"] for entry in entries if not _leased_line(entry)]
    if not entries and defaults:
        return [{"name": "site", **defaults}], []
    if not left:
        raise PlanError(
            [
                f"none of the sites ({', '.join(without)}) has access_mode leased_line, or vpc_cidrs: set them for its "
                "hosts, or give site_file"
                if without
                else "there is no site: no host has the variable site or is in a group site_*; give site_file"
            ]
        )
    return left, without


def _leased_line(entry: Mapping[str, Any]) -> bool:
    """Return whether a site of the inventory has a leased line, by the default that its hosts have, too."""
    mode = entry.get("access_mode")
    return mode != INTERNET if mode else not _unset(entry.get("vpc_cidrs"))


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> Entry:
    return {**below, **{key: value for key, value in above.items() if not _unset(value)}}


def _unset(value: Any) -> bool:
    return _inputs.is_unset(value) or value == []


def _members(hosts: Mapping[str, Mapping[str, Any]], groups: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return site -> its hosts. A group is called like the site, but for what is not valid in a group's name."""
    in_group = {
        host: group.removeprefix(GROUP_PREFIX)
        for group, names in sorted(groups.items())
        if group.startswith(GROUP_PREFIX)
        for host in names
    }
    members: dict[str, list[str]] = {}
    for host, variables in hosts.items():
        site = str(variables.get("site") or in_group.get(host, "")).strip()
        if site:
            members.setdefault(site, []).append(host)
    return members


def _entry(site: str, hosts: Mapping[str, Mapping[str, Any]], keys: Mapping[str, str], problems: list[str]) -> Entry:
    entry: Entry = {"name": site}
    first: dict[str, str] = {}
    for host, variables in hosts.items():
        for variable, key in keys.items():
            value = variables.get(variable)
            if _unset(value):
                continue
            if key not in entry:
                entry[key], first[key] = value, host
            elif _same(entry[key]) != _same(value):
                problems.append(
                    f"site {site}: {variable} is {value!r} on {host} and {entry[key]!r} on {first[key]}: a plan needs "
                    f"one value for the whole site; correct one of them, or give {key} in a site file"
                )
    return entry


def _same(value: Any) -> Any:
    """Return what two ways to write one value have in common."""
    items = _inputs.items(value) if isinstance(value, str) else value
    return sorted(map(str, items)) if isinstance(items, (list, tuple)) else [str(items)]
