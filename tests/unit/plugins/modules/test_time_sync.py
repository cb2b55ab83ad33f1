# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import yaml
from ansible_collections.ack_edge.node.plugins.modules import time_sync
from fakes.modules import run_module


def test_documentation_names_every_option():
    assert set(yaml.safe_load(time_sync.DOCUMENTATION)["options"]) == set(time_sync.ARGUMENT_SPEC)


def test_bad_input_has_all_keys_of_a_result():
    rc, result = run_module("time_sync", {"servers": ["a b"], "wait": 601})
    assert (rc, result["failed"], result["results"], result["failed_checks"]) == (1, True, [], ["module"])
    assert "servers is 'a b': give a host name" in result["msg"]
    assert "wait is 601: give a number of seconds from 0 to 600" in result["msg"]
