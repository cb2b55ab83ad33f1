# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How each tool stands, and what a reset found. Private to the collection. Pure."""

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, WARN, verdict

ID = "system_tools"


def of_tools(wanted, lacking, check_mode, changed=(), known=True, installed=()):
    """Return a verdict for each of the tools, in their order, and one more where other packages change.

    :arg lacking: [Missing] from before the installation. :arg changed: packages that get another version, in words.
    :arg known: whether the package manager could tell in check mode.
    :arg installed: packages that an earlier run has installed: one of them that is missing, somebody else has removed.
    """
    by_name = {item.tool: item for item in lacking}
    found = [_one(tool, by_name.get(tool["name"]), check_mode, known, installed) for tool in wanted]
    return [*found, _changed(changed, check_mode)] if changed else found


def _one(tool, item, check_mode, known, installed):
    reproduce = f"command -v {' '.join(tool['commands'])}"
    packages = item.absent if item else []
    if item and check_mode:
        summary = f"cannot be used; {' '.join(packages)} would be installed"
        if not known:
            summary += (
                ", if the repositories have it: the package lists on the node do not, and check mode does not update "
                "them"
            )
        data = {"drift": True} if set(packages) & set(installed) else {}
        return verdict(tool["name"], FAIL, summary, "run prepare_edge.yml", reproduce, packages=packages, **data)
    return verdict(tool["name"], PASS, "can be used", reproduce=reproduce, packages=packages)


def _changed(changed, check_mode):
    """Return the verdict of packages of the site that the tools depend on and that get another version."""
    words = "would get another version" if check_mode else "got another version"
    remedy = (
        "install these versions by hand first if this matters"
        if check_mode
        else ("check that programs which use them still work")
    )
    return verdict(
        ID,
        WARN,
        f"{', '.join(changed)}: {words}, because a tool depends on it",
        remedy,
        required=False,
        packages=changed,
    )


def gave_way(names):
    """Return the verdict of a look at whether a reset has something to do; names are what has to come back."""
    if names:
        return verdict(ID, FAIL, f"{' '.join(names)} was removed for the tools", "run reset_edge.yml")
    return verdict(ID, PASS, "no package was removed for the tools")


def is_back(names):
    """Return the verdict of a reset that has brought packages back."""
    return verdict(ID, PASS, f"{' '.join(names)} is installed again")


def is_not_back(names, error):
    """Return the verdict of a reset that could not; what took their place goes on, so it keeps nobody from the rest."""
    return verdict(
        ID,
        WARN,
        f"{' '.join(names)} was removed for the tools and is not installed again: {error}",
        f"install {' '.join(names)} by hand, or run reset_edge.yml again",
        required=False,
    )
