# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filter wave_sizes: the variable waves in the shape that a play takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.ack_edge.node.plugins.plugin_utils._waves import WaveError, sizes

DOCUMENTATION = r"""
name: wave_sizes
author: The ack_edge.node authors (@ack-edge)
version_added: 1.0.0
short_description: Sizes of the waves of a play
description:
  - Makes of the variable C(waves), a list or text with commas, what C(serial) of a play takes.
  - A play would report an invalid size only at its wave, and with a traceback. So where one is invalid there is
    one wave of all hosts, in which M(ack_edge.node.error_budget) says what is wrong before anything is done.
options:
  _input:
    description: The variable. V("") and V(null) mean the usual waves, C(1), C(10) and then C(25%).
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Prepare hosts in waves
  hosts: edge_nodes
  serial: "{{ waves | default('') | ack_edge.node.wave_sizes }}"
"""

RETURN = r"""
_value:
  description: The sizes, as numbers and percentages.
  type: list
  elements: str
"""


def wave_sizes(waves: Any) -> list[str]:
    """Return the sizes of the waves."""
    try:
        return sizes(waves)
    except WaveError:
        return ["100%"]


class FilterModule:
    """The one filter."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"wave_sizes": wave_sizes}
