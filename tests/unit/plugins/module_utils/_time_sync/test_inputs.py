# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._errors import InputError
from ansible_collections.ack_edge.node.plugins.module_utils._node import Node
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import inputs, run

PARAMS = {"servers": ["ntp1.site", "ntp2.site"], "state": "present", "verify_only": False, "max_offset": 1.0, "wait": 0}


def test_all_problems_of_the_input_at_once():
    found = inputs.problems(
        {"servers": ["ntp 1", "a", "a", "-x"], "state": "absent", "verify_only": True, "max_offset": 0, "wait": 601}
    )
    assert len(found) == 6
    assert "'ntp 1'" in found[0]
    assert "'a' more than once" in found[2]


@pytest.mark.parametrize("server", ["ntp.cloud.example", "10.0.0.1", "fd00::1", "::1", "a"])
def test_servers_that_are_right(server):
    assert inputs.problems({**PARAMS, "servers": [server]}) == []


@pytest.mark.parametrize("server", ["10.77.0.99\n", "ntp.site\n", "fd00::1\n", "ntp.site ", "ntp.site\nallow", "a\r"])
def test_a_server_with_a_line_end_is_refused(server):
    found = inputs.problems({**PARAMS, "servers": [server]})
    assert found[0].startswith(f"servers is {server!r}: give a host name or an address")
    assert ("without blanks and line ends around it" in found[0]) is (server != server.strip())


def test_wrong_input_is_said_before_anything_is_looked_at():
    with pytest.raises(InputError) as caught:
        run.run(Node(runner=None), {**PARAMS, "wait": -1, "max_offset": 0}, check_mode=False)
    assert len(caught.value.problems) == 2
