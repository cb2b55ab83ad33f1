# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attributes that the modules of the collection share."""


class ModuleDocFragment:
    """Documentation fragments C(attributes) and C(attributes.info)."""

    DOCUMENTATION = r"""
options: {}
attributes:
  async:
    description: What a host answers is checked when the module ends, so that no job can run on.
    support: none
  check_mode:
    description: Predicts exactly what a run would change, and changes nothing.
    support: full
  diff_mode:
    description: Returns what would be or was changed, in the words of the tool that holds it.
    support: full
  idempotent:
    description: A second run with the same parameters changes nothing.
    support: full
  platform:
    description: Linux with Python 3.6 or newer and iproute2; nothing else is needed on the node.
    support: full
    platforms: linux
"""

    INFO = r"""
options: {}
attributes:
  async:
    description: What a host answers is checked when the module ends, so that no job can run on.
    support: none
  check_mode:
    description: Only reads, so that a run in check mode does the same.
    support: full
  diff_mode:
    description: Changes nothing, so that there is no difference to show.
    support: N/A
  idempotent:
    description: Changes nothing, however often it runs.
    support: full
  platform:
    description: Linux with Python 3.6 or newer and iproute2; nothing else is needed on the node.
    support: full
    platforms: linux
"""

    CONTROLLER = r"""
options: {}
attributes:
  check_mode:
    description: Changes nothing, so that a run in check mode does the same.
    support: full
  diff_mode:
    description: Changes nothing, so that there is no difference to show.
    support: N/A
  idempotent:
    description: Changes nothing, however often it runs.
    support: full
  platform:
    description: Runs on the controller only; the host is not contacted.
    support: full
    platforms: posix
"""
