# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of tools that readiness_info and system_tools both take."""


class ModuleDocFragment:
    """Documentation fragment C(tools)."""

    DOCUMENTATION = r"""
options:
  system_tools:
    description:
      - The tools that edgeadm needs, as the lookup P(ack_edge.node.region#lookup) returns them in
        C(system_tool_packages). M(ack_edge.node.readiness_info) and M(ack_edge.node.system_tools) take the same list.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the tool.
        type: str
        required: true
      commands:
        description: Commands that have to be there, all of them, for the tool to be usable.
        type: list
        elements: str
        required: true
      alternatives:
        description: Dicts with C(commands) and C(packages), each of which would do as well.
        type: list
        elements: dict
        default: []
      displaces:
        description:
          - Commands whose packages the package manager would remove for those of the tool, a list for each family.
            Where one is there, the first alternative is installed.
        type: dict
        default: {}
      replaces:
        description:
          - Packages that the package manager takes away for those of the tool and that nobody misses while the tool is
            there, a list for each family. They are restored with C(state=absent).
        type: dict
        default: {}
      packages:
        description:
          - The packages that bring the tool, a list for each of the families V(debian) and V(redhat), and for systems
            that call them otherwise, such as V(debian-13).
        type: dict
        default: {}
"""
