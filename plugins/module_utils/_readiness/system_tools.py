# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check system_tools: are the commands there that edgeadm needs, and which packages would bring the missing ones?

The role system_tools chooses by the same code, so this check and that role cannot disagree.
"""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._readiness import _systems
from ansible_collections.ack_edge.node.plugins.module_utils._tools import _choice
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, SKIPPED, verdict

ID = "system_tools"
TITLE = "system tools"


def run(facts, inputs):
    """Fail for each of inputs['system_tools'] whose commands are not there, nor those of an alternative."""
    tools = inputs.get("system_tools") or []
    if not tools:
        return verdict(ID, SKIPPED, "no system_tools are given, so there is nothing to look for")
    names = [tool["name"] for tool in tools if not _choice.usable(facts.node, tool)]
    reproduce = "command -v %s" % " ".join(command for tool in tools for command in tool.get("commands") or [])
    if not names:
        return verdict(ID, PASS, "all %d system tools are there" % len(tools), reproduce=reproduce, missing=[],
                       missing_packages=[], broken_packages=[])
    try:
        family = _systems.family(facts.node, facts.os_release())
    except NodeError as error:
        return verdict(ID, FAIL, "system tools are missing: %s; which packages have them is not known, since %s"
                       % (", ".join(names), error), "install these tools by hand", reproduce, missing=names,
                       missing_packages=[], broken_packages=[], family=None)
    lacking = _choice.missing(facts.node, tools, family, facts.os_release())
    return verdict(ID, FAIL, "system tools are missing: %s" % ", ".join(names), _remedy(names, lacking), reproduce,
                   missing=names, missing_packages=_choice.wanted(lacking), broken_packages=_choice.broken(lacking),
                   family=family)


def _remedy(names, lacking):
    """Say what to install and what to install again."""
    packages, broken = _choice.wanted(lacking), _choice.broken(lacking)
    again = "install %s again: the package manager has it, but what it brings is gone" % " ".join(broken)
    spared = ["%s instead of %s, for that would take away what brings %s"
              % (item.instead[0], item.tool, item.instead[1])
              for item in lacking if item.instead]
    beside = " (%s)" % "; ".join(spared) if spared else ""
    install = "run prepare_edge.yml, or install %s%s" % (" ".join(packages or names), beside)
    return "; ".join(([again] if broken else []) + ([install] if packages or not broken else []))
