# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from fakes.packages import EL, PackageWorld


@pytest.fixture
def world(tmp_path):
    return PackageWorld(tmp_path)


@pytest.fixture
def el(tmp_path):
    return PackageWorld(tmp_path, EL)
