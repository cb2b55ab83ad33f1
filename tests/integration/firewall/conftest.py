# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Nodes with real firewalls in network namespaces of their own."""

import helpers_iptables
import helpers_nftables
import pytest


@pytest.fixture
def nft_lab(tmp_path):
    """A node whose nft is real, after its boot."""
    made = helpers_nftables.Lab(tmp_path)
    made.boot()
    yield made
    made.close()


@pytest.fixture(params=["nft", "legacy"])
def iptables_lab(request, tmp_path):
    """A node whose iptables is real, with each of its two variants."""
    made = helpers_iptables.Lab(tmp_path, request.param)
    yield made
    made.close()
