# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""After everything was taken back: clients stand as before, configuration is byte-identical; packages stay."""

# Packages add their users and their start-up links, and those of Debian keep a note of what they enabled.
PACKAGES_CHANGE = ("/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow", "/etc/subuid", "/etc/subgid")
BACKUPS = tuple(path + "-" for path in PACKAGES_CHANGE)


def test_clients_stand_as_before(node, clients):
    before, now = clients
    # Where nothing kept the clock, what was installed for it goes on doing so with the package's own configuration.
    assert {name: now[name] for name in before} == before
    others = {name for name, (_load, active, _enabled) in now.items() if active == "active"} - before.keys()
    if before and node.name != "edge-masked":
        assert others == set()


def test_everything_that_was_there_is_as_it_was(differences):
    expected = tuple(path + ":" for path in PACKAGES_CHANGE + BACKUPS)
    lines = [line for line in differences if ": was None" not in line]
    assert [line for line in lines if not line.startswith(expected)] == []


def test_nothing_of_ours_is_left(host):
    found = host.check_output("find / -xdev -path /proc -prune -o -name '*ack*edge*' -print").split()
    assert [path for path in found if "ack-edge-lab" not in path] == []
