# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of a module that may cut off the node it runs on."""


class ModuleDocFragment:
    """Documentation fragment C(lockout)."""

    DOCUMENTATION = r"""
options:
  protect:
    description:
      - Addresses whose way must not move, beside the controller, the default gateways and the nameservers that are
        found on the node.
    type: list
    elements: str
    default: []
  force:
    description:
      - Allow a default route, also one in pieces (V(0.0.0.0/1) and V(128.0.0.0/1)), and a change that moves the way of
        an address that is looked after, or may do so by a rule of policy routing. If it cuts the way to the controller
        all the same, the node rolls it back.
    type: bool
    default: false
  confirm_timeout:
    description:
      - Seconds within which the controller must have come back after a change of active routes, else the node rolls
        it back.
      - 0 changes and persists in one step; where a step fails what was done is rolled back, but a route that cuts the
        path to the controller stays.
      - At most 3600. Other runs that would change routes of the node wait meanwhile, up to two minutes.
    type: int
    default: 30
  confirm:
    description:
      - Token of a change that awaits its confirmation. The task hands it over by itself.
    type: str
"""
