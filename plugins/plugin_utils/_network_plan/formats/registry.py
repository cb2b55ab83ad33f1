# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every format that a network plan is written in: the only list. Private to the collection."""

from __future__ import annotations

from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats import (
    arista_eos,
    as_csv,
    as_html,
    as_json,
    as_markdown,
    cisco_ios,
    cisco_iosxr,
    cisco_nxos,
    fortios,
    frr,
    h3c_comware,
    h3c_secpath,
    huawei_usg,
    huawei_vrp,
    junos,
    mikrotik,
    nftables,
    panos,
    terraform,
    vyos,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.base import Format

# In the order of the docs. The first is the truth, every other one a view of it.
# One line each, so that two that are added at the same time do not meet.
# fmt: off
FORMATS: tuple[Format, ...] = (
    as_json.FORMAT,
    as_csv.FORMAT,
    as_markdown.FORMAT,
    as_html.FORMAT,
    huawei_vrp.FORMAT,
    h3c_comware.FORMAT,
    cisco_ios.FORMAT,
    cisco_nxos.FORMAT,
    cisco_iosxr.FORMAT,
    arista_eos.FORMAT,
    junos.FORMAT,
    frr.FORMAT,
    vyos.FORMAT,
    mikrotik.FORMAT,
    huawei_usg.FORMAT,
    h3c_secpath.FORMAT,
    fortios.FORMAT,
    panos.FORMAT,
    nftables.FORMAT,
    terraform.FORMAT,
)
# fmt: on

BY_NAME = {form.name: form for form in FORMATS}
