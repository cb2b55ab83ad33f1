# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a format of the network plan is. Private to the collection.

A format is a pure function of the plan: no clock, no file, the same plan always gives the same text. It only adds: no
text that a device takes may replace a list, a policy or a rule that is there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ansible_collections.ack_edge.node.plugins.plugin_utils._language import ENGLISH
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.types import Plan


class Format(NamedTuple):
    """One file of a plan's folder."""

    name: str  # what the user chooses it by: csv, huawei_vrp
    file: str  # its name in the folder: plan.csv, huawei_vrp.cfg
    title: str  # of one line: Change ticket
    devices: str  # what or who reads it, for the table in the docs: Huawei routers and switches (VRP 5, VRP 8)
    render: Callable[..., str]  # render(plan), or render(plan, language) where localized
    localized: bool = False  # whether people read it, so that it comes in every language

    def text(self, plan: Plan, language: str = ENGLISH) -> str:
        """Return the text of the file, with a newline at its end."""
        return self.render(plan, language) if self.localized else self.render(plan)
