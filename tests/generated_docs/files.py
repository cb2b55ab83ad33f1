# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which file of the documentation has which table, and what the whole file is with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from generated_docs.markup import description, table

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = ROOT / "docs" / "variables.md"
BEGIN = "<!-- Made by 'make reference'; do not edit up to the end of the table. -->"
END = "<!-- End of what 'make reference' makes. -->"
_BETWEEN = re.compile(re.escape(BEGIN) + ".*" + re.escape(END), re.DOTALL)

# What the playbooks take beside the values of a cluster: (file under plugins/, option) where it is documented, or the
# sentence itself where no plug-in has an option for it.
PLAYBOOKS: dict[str, tuple[str, str] | str] = {
    "edge_hosts": ("lookup/edge_hosts.py", "_terms"),
    "waves": ("modules/error_budget.py", "waves"),
    "error_budget": ("modules/error_budget.py", "error_budget"),
    "require_proof": ("modules/assert_ready.py", "require_proof"),
    "host_state": "`auto` looks at the host; `new` and `joined` say what it must be. A member of this cluster is judged"
    " as one ([readiness checks](readiness_checks.md#hosts-that-have-joined)).",
    "skip_checks": "Ids of readiness checks that are skipped ([list](readiness_checks.md)).",
    "site": "Name of the data center, for groups and filters of the report and of the network plan.",
    "leased_line_gateway": "Next hop to the leased line. Without it no routes are added, but every path is checked.",
    "leased_line_interface": "Interface to the leased line. By default the one whose network holds the gateway.",
    "vpc_probe_host": "Inventory host in the VPC that tests the inbound ports, by default one of the group `vpc_probes`"
    " ([more](inbound_proof.md)).",
    "vpc_probe_address": "Address of the node for the probe host. By default the one that the node listens on.",
    "vpc_probe_source": "Address from which the probe host connects.",
    "vpc_probe_timeout": "Timeout of each connection of the probe host, in seconds. 5 by default.",
}

# What a default of the playbooks is that no option has, because what it is follows from other values.
DEFAULTS = {
    "access_mode": "`leased_line` where `vpc_cidrs` is set, else `internet`",
    "cluster_version": "newest rules",
    "cni": "`flannel`",
    "vpc_cidrs": "required over a leased line",
    "route_scope": "`published`",
    "extra_routes": "`[]`",
    "ntp_servers": "Internet: the vendor's two; leased line: none",
    "addons": "`[]`",
    "bgp_neighbours": "`[]`",
    "internet_inbound": "`true`",
    "edge_hosts": "`all:!vpc_probes`",
    "waves": "`[1, 10, 25%]`",
    "error_budget": "`3%`",
    "host_state": "`auto`",
    "skip_checks": "`[]`",
    "leased_line_interface": "the one whose network holds the gateway",
    "vpc_probe_host": "one of the group `vpc_probes`",
    "vpc_probe_timeout": "`5`",
}


def outdated() -> Iterator[tuple[Path, str]]:
    """Yield each file whose text is not what it has to be, with that text."""
    for path, text in expected():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            yield path, text


def expected() -> Iterator[tuple[Path, str]]:
    """Yield every file that has a generated part, with its whole text."""
    for specification in sorted(ROOT.glob("roles/*/meta/argument_specs.yml")):
        path = specification.parents[1] / "README.md"
        yield path, with_table(path.read_text(encoding="utf-8"), table(role(specification)["options"]))
    yield VARIABLES, with_table(VARIABLES.read_text(encoding="utf-8"), _variables())


def with_table(page: str, made: str) -> str:
    """Return a page with its generated part replaced.

    :raises ValueError: the page has not exactly one place for it.
    """
    page, places = _BETWEEN.subn(lambda _: f"{BEGIN}\n\n{made}\n\n{END}", page)
    if places != 1:
        raise ValueError(f"{places} parts between {BEGIN!r} and {END!r}; write both lines once")
    return page


def role(specification: Path) -> Mapping[str, Any]:
    """Return the entry point ``main`` of the argument specs of a role."""
    return yaml.safe_load(specification.read_text(encoding="utf-8"))["argument_specs"]["main"]


def _variables() -> str:
    parts = [
        "## Cluster and site",
        table(_cluster_values(), DEFAULTS),
        "## Playbooks",
        table(_of_playbooks(), DEFAULTS),
    ]
    for specification in sorted(ROOT.glob("roles/*/meta/argument_specs.yml")):
        entry = role(specification)
        name = specification.parents[1].name
        parts += [
            f"## Role {name}",
            f"{description(entry['short_description'])} ([more](../roles/{name}/README.md)).",
            table(entry["options"]),
        ]
    return "\n\n".join(parts)


def _cluster_values() -> dict[str, Any]:
    region = documentation("lookup/region.py")["options"]["_terms"]
    values = documentation("doc_fragments/cluster_values.py")["options"]
    return {
        "region": region | {"type": "str", "description": "Id of the region of the cluster, for example V(cn-beijing)."}
    } | values


def _of_playbooks() -> dict[str, Any]:
    options = {}
    for name, source in PLAYBOOKS.items():
        if isinstance(source, str):
            options[name] = {"type": "raw", "description": source}
        else:
            options[name] = documentation(source[0])["options"][source[1]]
    return options


def documentation(name: str) -> Mapping[str, Any]:
    """Return what a plug-in or a fragment documents, without running it.

    :arg name: file under plugins/.
    """
    tree = ast.parse((ROOT / "plugins" / name).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and [target.id for target in node.targets if isinstance(target, ast.Name)] == [
            "DOCUMENTATION"
        ]:
            return yaml.safe_load(ast.literal_eval(node.value))
    raise ValueError(f"plugins/{name} has no DOCUMENTATION")
