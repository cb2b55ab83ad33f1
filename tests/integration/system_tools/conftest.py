# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from helpers_dnf import missing, node_of, workshop


@pytest.fixture(scope="module")
def base():
    if reason := missing():
        pytest.skip(reason)
    with workshop() as container:
        yield container


@pytest.fixture
def node(base):
    """An EL node that has dnf, and a repository with the tools."""
    with node_of(base) as made:
        yield made
