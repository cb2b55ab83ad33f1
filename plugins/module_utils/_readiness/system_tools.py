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
                       missing_packages=[], broken_packages=[])
    try:
        family = _systems.family(facts.node, facts.os_release())
    except NodeError as error:
        return verdict(ID, FAIL, "system tools are missing: %s; which packages have them is not known, since %s"
                       % (", ".join(names), error), "install these tools by hand", reproduce, missing=names,
                       missing_packages=[], broken_packages=[], family=None)
    packages, spared, broken = [], [], []
    for tool in missing:
        chosen, command = _chosen(facts.node, tool, family)
        wanted = _packages(chosen, facts.os_release(), family)
        if wanted and not _absent(facts.node, wanted, family):
            broken += wanted
            continue
        packages += [name for name in wanted if name not in packages]
        if command:
            spared.append("%s instead of %s, for that would take away what brings %s" % (
                chosen.get("name") or "nothing", tool["name"], command))
    remedy = _remedy(names, packages, spared, broken)
    return verdict(ID, FAIL, "system tools are missing: %s" % ", ".join(names), remedy, reproduce,
                   missing=names, missing_packages=packages, broken_packages=broken, family=family)


def _remedy(names, packages, spared, broken):
    """Say what to install and what to install again."""
    again = "install %s again: by the package manager it is installed, but what it brings is gone" % " ".join(broken)
    beside = " (%s)" % "; ".join(spared) if spared else ""
    install = "run prepare_edge.yml, or install %s%s" % (" ".join(packages or names), beside)
    return "; ".join(([again] if broken else []) + ([install] if packages or not broken else []))


def _absent(node, packages, family):
    """Return those of the packages that the package manager does not have as installed."""
    if family == "debian":
        done = node.run(["dpkg-query", "--show", "--showformat", "${db:Status-Status} ${Package}\\n"] + packages)
        there = {line[len("installed "):] for line in done.out.splitlines() if line.startswith("installed ")}
        return [name for name in packages if name not in there]
    # What a package merely provides counts: iptables-nft is what brings ebtables to EL 9.
    return [name for name in packages if node.run(["rpm", "--query", "--whatprovides", name]).rc != 0]


def _packages(tool, release, family):
    """Return the packages of a tool: those for the system and its version, else for its family."""
    known = tool.get("packages") or {}
    exact = "%s-%s" % (release.get("ID", ""), release.get("VERSION_ID", ""))
    return known.get(exact) or known.get(family) or []


def _chosen(node, tool, family):
    """Return (the tool or an alternative of it to install, the command whose package it would take away or '')."""
    for command in (tool.get("displaces") or {}).get(family) or []:
        if _systems.which(node, command):
            return next(iter(tool.get("alternatives") or []), {}), command
    return tool, ""


def _usable(node, tool):
    choices = [tool] + list(tool.get("alternatives") or [])
    return any(all(_systems.which(node, command) for command in choice.get("commands") or [""]) for choice in choices)
