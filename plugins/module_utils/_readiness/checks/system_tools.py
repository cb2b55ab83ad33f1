# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check system_tools: are the commands there that edgeadm needs, and which packages would bring the missing ones?

The role system_tools chooses by the same code, so this check and that role cannot disagree.
"""

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import os
from ansible_collections.ack_edge.node.plugins.module_utils._system import tools as _tools
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, SKIPPED, verdict

ID = "system_tools"
TITLE = "system tools"


def run(facts, inputs):
    """Fail for each of inputs['system_tools'] whose commands are not there, nor those of an alternative."""
    tools = inputs.get("system_tools") or []
    if not tools:
        return verdict(ID, SKIPPED, "no system_tools are given, so nothing can be checked")
    names = [tool["name"] for tool in tools if not _tools.usable(facts.node, tool)]
    reproduce = f"command -v {' '.join(command for tool in tools for command in tool.get('commands') or [])}"
    if not names:
        return verdict(
            ID,
            PASS,
            f"all {len(tools)} system tools are installed",
            reproduce=reproduce,
            missing=[],
            missing_packages=[],
            broken_packages=[],
        )
    try:
        family = os.family(facts.node, facts.os_release())
    except NodeError as error:
        return verdict(
            ID,
            FAIL,
            f"system tools are missing: {', '.join(names)}; their packages are unknown: {error}",
            "install these tools by hand",
            reproduce,
            missing=names,
            missing_packages=[],
            broken_packages=[],
            family=None,
        )
    lacking = _tools.missing(facts.node, tools, family, facts.os_release())
    return verdict(
        ID,
        FAIL,
        f"system tools are missing: {', '.join(names)}",
        _remedy(names, lacking),
        reproduce,
        missing=names,
        missing_packages=_tools.wanted(lacking),
        broken_packages=_tools.broken(lacking),
        family=family,
    )


def _remedy(names, lacking):
    """Say what to install and what to install again."""
    packages, broken = _tools.wanted(lacking), _tools.broken(lacking)
    again = f"reinstall {' '.join(broken)}: the package is installed, but its files are missing"
    spared = [
        f"{item.instead[0]} instead of {item.tool}, which would remove the package of {item.instead[1]}"
        for item in lacking
        if item.instead
    ]
    beside = f" ({'; '.join(spared)})" if spared else ""
    install = f"run prepare_edge.yml, or install {' '.join(packages or names)}{beside}"
    return "; ".join(([again] if broken else []) + ([install] if packages or not broken else []))
