# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from fakes.readiness import World


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)
