# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""After the reset: files, directories and routes are as they were, and nothing of ours is left."""


def test_node_is_as_it_was(differences):
    assert differences == []


def test_nothing_of_ours_is_left(host):
    found = host.check_output("find / -xdev -path /proc -prune -o -name '*ack*edge*' -print").split()
    assert [path for path in found if "ack-edge-lab" not in path] == []
    assert host.run("ls /run/ack_edge/routes").rc != 0
