# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How each tool stands, and what a reset found. Private to the collection. Pure."""

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, WARN, verdict

ID = "system_tools"


def of_tools(wanted, lacking, check_mode):
    """Return a verdict for each of the tools, in their order.

    :arg lacking: [Missing] from before the installation.
    """
    by_name = {item.tool: item for item in lacking}
    return [_one(tool, by_name.get(tool["name"]), check_mode) for tool in wanted]


def _one(tool, item, check_mode):
    reproduce = f"command -v {' '.join(tool['commands'])}"
    packages = item.absent if item else []
    if item and check_mode:
        summary = f"cannot be used; {' '.join(packages)} would be installed"
        return verdict(tool["name"], FAIL, summary, "run prepare_edge.yml", reproduce, packages=packages)
    return verdict(tool["name"], PASS, "can be used", reproduce=reproduce, packages=packages)


def gave_way(names):
    """Return the verdict of a look at whether a reset has something to do; names are what has to come back."""
    if names:
        return verdict(ID, FAIL, f"{' '.join(names)} gave way to the tools", "run reset_edge.yml")
    return verdict(ID, PASS, "nothing had to give way to the tools")


def is_back(names):
    """Return the verdict of a reset that has brought packages back."""
    return verdict(ID, PASS, f"{' '.join(names)} is back")


def is_not_back(names, error):
    """Return the verdict of a reset that could not; what took their place goes on, so it keeps nobody from the rest."""
    return verdict(
        ID,
        WARN,
        f"{' '.join(names)} gave way to the tools and is not back: {error}",
        f"install {' '.join(names)} by hand, or run reset_edge.yml again",
        required=False,
    )
