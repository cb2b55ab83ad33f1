# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check system_tools: are the commands there that edgeadm needs, and which packages would bring the missing ones?

The role system_tools installs data.missing_packages, so this check and that role cannot disagree.
"""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._readiness import _systems
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, SKIPPED, verdict

ID = "system_tools"
TITLE = "system tools"


def run(facts, inputs):
    """Fail for each of inputs['system_tools'] whose commands are not there, nor those of an alternative."""
    tools = inputs.get("system_tools") or []
    if not tools:
        return verdict(ID, SKIPPED, "no system_tools are given, so there is nothing to look for")
    missing = [tool for tool in tools if not _usable(facts.node, tool)]
    names = [tool["name"] for tool in missing]
    reproduce = "command -v %s" % " ".join(command for tool in tools for command in tool.get("commands") or [])
    if not missing:
        return verdict(ID, PASS, "all %d system tools are there" % len(tools), reproduce=reproduce, missing=[],
                       missing_packages=[])
    try:
        family = _systems.family(facts.node, facts.os_release())
    except NodeError as error:
        return verdict(ID, FAIL, "system tools are missing: %s; which packages have them is not known, since %s"
                       % (", ".join(names), error), "install these tools by hand", reproduce, missing=names,
                       missing_packages=[], family=None)
    packages = []
    for tool in missing:
        packages += [name for name in (tool.get("packages") or {}).get(family) or [] if name not in packages]
    return verdict(ID, FAIL, "system tools are missing: %s" % ", ".join(names),
                   "run prepare_edge.yml, or install %s" % " ".join(packages or names), reproduce, missing=names,
                   missing_packages=packages, family=family)


def _usable(node, tool):
    choices = [tool] + list(tool.get("alternatives") or [])
    return any(all(_systems.which(node, command) for command in choice.get("commands") or [""]) for choice in choices)
