# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""After the reset: what was there before is as it was, and nothing of ours is left. Installed packages stay."""

# Packages add their users and their start-up links; what else existed is byte-identical.
PACKAGES_CHANGE = ("/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow", "/etc/subuid", "/etc/subgid")
BACKUPS = tuple(path + "-" for path in PACKAGES_CHANGE)


def test_everything_that_was_there_is_as_it_was(node):
    import snapshot

    lines = [line for line in snapshot.differences("fresh", node) if ": was None" not in line]
    expected = tuple(path + ":" for path in PACKAGES_CHANGE + BACKUPS)
    assert [line for line in lines if not line.startswith(expected)] == []


def test_nothing_of_ours_is_left(host):
    with host.sudo():
        found = host.check_output("find / -xdev -path /proc -prune -o -name '*ack*edge*' -print").split()
    assert [path for path in found if "ack-edge-lab" not in path] == []
    assert "100." not in host.check_output("ip route show table all")
