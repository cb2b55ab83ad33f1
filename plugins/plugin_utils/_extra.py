# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What extra variables give, where an empty one is none. Private to the collection.

A question of a survey that is left empty sends "" (null from ansible-core 2.19 on), and an extra variable beats every
other one: it would hide what the inventory says of the host.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.utils.vars import load_extra_vars
from ansible_collections.ack_edge.node.plugins.module_utils._inputs import is_unset
from ansible_collections.ack_edge.node.plugins.plugin_utils._variables import KNOWN

# What AWX and Automation Controller give to every job, each under both names.
_PREFIXES = ("awx", "tower")
# What a job template may say of its slices; how many there are.
SLICES = "ack_edge_slices"


def of_awx(known: Mapping[str, Any], name: str) -> str:
    """Return a variable that AWX or Automation Controller gives to a job, such as ``job_id``; "" where it is none."""
    return next((str(known[key]) for prefix in _PREFIXES if (key := f"{prefix}_{name}") in known), "")


def in_awx(known: Mapping[str, Any]) -> bool:
    """Return whether a run is a job of AWX or Automation Controller, by its variables."""
    return bool(of_awx(known, "job_id"))


def in_slice(known: Mapping[str, Any]) -> bool:
    """Return whether a run is one slice of a job, which has a part of the inventory only.

    AWX gives a slice no number. It makes a workflow of the name of the job template of it, and that is what tells;
    a template whose extra variables have ``ack_edge_slices`` says it itself.
    """
    told = str(known.get(SLICES) or "").strip()
    if told.isdigit():
        return int(told) > 1
    template = of_awx(known, "job_template_name")
    return bool(template) and of_awx(known, "workflow_job_name") == template


def scope(known: Mapping[str, Any]) -> str:
    """Return what the hosts of a run are all hosts of, in words."""
    return "this slice" if in_slice(known) else "this run"


def given(loader: Any) -> Mapping[str, Any]:
    """Return the extra variables, without those of this collection that are unset."""
    forget_unset(loader)
    return {name: value for name, value in load_extra_vars(loader).items() if not _is_ours_unset(name, value)}


def forget_unset(loader: Any) -> list[str]:
    """Take the variables of this collection that are unset out of the extra variables of this process, for good.

    What stands beneath counts from then on, in templates, roles and tasks alike. Called while a play is loaded this
    holds for the whole run; called in a task, for this task.
    """
    # Ansible keeps one dict of them, which it looks into whenever it puts the variables of a host together.
    extra = load_extra_vars(loader)
    names = [name for name, value in extra.items() if _is_ours_unset(name, value)]
    for name in names:
        del extra[name]
    return names


def seen(known: Mapping[str, Any], loader: Any) -> Mapping[str, Any]:
    """Return the variables of a task, with those that only an unset extra variable hides."""
    hidden = [name for name in forget_unset(loader) if name in known and is_unset(known[name])]
    if not hidden or "hostvars" not in known:
        return known
    beneath = known["hostvars"].raw_get(known["inventory_hostname"])
    shown = {name: value for name, value in known.items() if name not in hidden}
    return shown | {name: beneath[name] for name in hidden if name in beneath}


def _is_ours_unset(name: str, value: Any) -> bool:
    return name in KNOWN and is_unset(value)
