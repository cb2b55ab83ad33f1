# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which hosts a play is for, and that it is for no others. Private to the collection."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager, split_host_pattern
from ansible_collections.ack_edge.node.plugins.module_utils import _inputs

_NEAR = 5
_BETWEEN = re.compile(r"[\s,:]+")


class ScopeError(ValueError):
    """A play would be for nobody, or for more hosts than was asked."""


def joined(terms: Any) -> str:
    """Return one host pattern made of a pattern or a list of them; "" where nothing is given.

    :raises ScopeError: for anything that is not text.
    """
    flat = [item for term in (terms if isinstance(terms, list | tuple) else [terms]) for item in _items(term)]
    for item in flat:
        if not isinstance(item, str):
            raise ScopeError(f"edge_hosts is {item!r}: give a host, a group or a pattern as text")
    # What follows "~" is a regular expression, in which anything may stand.
    return ",".join(part for item in flat for part in ([item.strip()] if "~" in item else _inputs.items(item)) if part)


def _items(term: Any) -> Iterable[Any]:
    if term is None:
        return ()
    return term if isinstance(term, list | tuple) else (term,)


def matching(pattern: str, groups: Mapping[str, Collection[str]], loader: Any, limit: str | None = None) -> list[str]:
    """Return the names of the hosts that a pattern matches.

    :arg groups: name of a group -> names of its hosts, as the magic variable ``groups`` has them.
    :arg limit: what ``--limit`` says.
    :raises ScopeError: if there are none.
    """
    manager = InventoryManager(loader, parse=False)
    for group, hosts in groups.items():
        manager.add_group(group)
        for host in hosts:
            manager.add_host(host, group=group)
    total = len(groups.get("all") or ())
    if not total:
        raise ScopeError(
            "the inventory has no hosts. Give one with -i, and read the warnings above: Ansible goes on without an "
            "inventory source that it cannot read. Nothing was changed"
        )
    for name, given in (("edge_hosts", pattern), ("--limit", limit or "")):
        _check_brackets(name, given)
    try:
        names = [host.name for host in manager.list_hosts(pattern)]
        # Over a pattern that matches nothing Ansible would take localhost for what is meant.
        names = [name for name in names if name in groups["all"]]
        if not names:
            raise ScopeError(
                f"edge_hosts is {pattern!r}, which matches none of the {total} hosts of the inventory; "
                f"{_known(groups)}. Nothing was changed"
            )
        if limit:
            manager.subset(limit)
            left = {host.name for host in manager.list_hosts(pattern)}
            names = [name for name in names if name in left]
    except AnsibleError as error:
        raise ScopeError(f"the hosts of the run are unknown: {error}. Nothing was changed") from error
    if not names:
        raise ScopeError(
            f"--limit is {limit!r}, which leaves none of the hosts that {pattern!r} matches. Nothing was changed"
        )
    return names


def _check_brackets(name: str, pattern: str) -> None:
    """Refuse a pattern that Ansible does not read to its end: of ``[`` alone it reads nothing, which is every host."""
    read = split_host_pattern(pattern) if pattern else []
    if _BETWEEN.sub("", "".join(read)) != _BETWEEN.sub("", pattern):
        raise ScopeError(
            f"{name} is {pattern!r}, of which Ansible would read only {', '.join(read) or 'nothing'}; check its "
            "brackets. Nothing was changed"
        )


def _known(groups: Mapping[str, Collection[str]]) -> str:
    names = sorted(name for name, hosts in groups.items() if list(hosts) and name not in ("all", "ungrouped"))
    more = f" and {len(names) - _NEAR} more" if len(names) > _NEAR else ""
    return f"its groups are {', '.join(names[:_NEAR])}{more}" if names else "it has no groups"


def check_inventory_scope(host: str, value: Any, groups: Mapping[str, Collection[str]], loader: Any) -> None:
    """Refuse a host that ``edge_hosts`` of the inventory leaves out.

    A play chooses its hosts before it reads variables of hosts and groups, so a value that is set there has no effect
    on it: it would take more hosts than was asked.

    :arg value: of edge_hosts, as this host sees it.
    :raises ScopeError: if the host is not among those that it names.
    """
    pattern = joined(value)
    if not pattern:
        return
    try:
        if host in matching(pattern, groups, loader):
            return
    except ScopeError:
        pass  # A pattern that matches nobody leaves this host out, too.
    raise ScopeError(
        f"edge_hosts is {pattern!r} in the inventory, which leaves out {host}, and a play cannot follow it: it chooses "
        f"its hosts before it reads the variables of hosts and groups. Give it with -e edge_hosts={pattern!r}, or use "
        f"--limit. Nothing was changed on {host}"
    )
