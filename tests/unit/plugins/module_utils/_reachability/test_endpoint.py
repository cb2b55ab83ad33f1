# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import ipaddress

from ansible_collections.ack_edge.node.plugins.module_utils._reachability import endpoint
from hypothesis import given
from hypothesis import strategies as st


@given(st.ip_addresses(v=4))
def test_private_agrees_with_the_address_spaces(address: ipaddress.IPv4Address) -> None:
    shared = address in ipaddress.ip_network("100.64.0.0/10")
    if endpoint.is_private(str(address)):
        assert shared or address.is_private
    elif address.is_global:
        assert not shared


def test_families_never_mix_and_a_scope_is_no_obstacle() -> None:
    everything = [ipaddress.ip_network("0.0.0.0/0")]
    assert endpoint.within("8.8.8.8", everything)
    assert not endpoint.within("2001:db8::1", everything)
    assert endpoint.within("fe80::1%eth0", [ipaddress.ip_network("fe80::/10")])
