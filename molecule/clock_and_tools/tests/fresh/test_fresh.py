# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before anything was done, check mode included: the nodes are what their names say."""

STANDS = {
    "edge-timesyncd": {"systemd-timesyncd.service": ("loaded", "active", "enabled")},
    "edge-masked": {"systemd-timesyncd.service": ("masked", "inactive", "masked")},
    "edge-ntpsec": {"ntpsec.service": ("loaded", "active", "enabled")},
    "edge-el9-ntpsec": {"ntpsec.service": ("loaded", "active", "enabled")},
    "edge-site-chrony": {"chrony.service": ("loaded", "active", "enabled")},
    "edge-offline": {},
    "edge-el9-offline": {},
}


def test_the_clients_stand_as_the_site_left_them(node, clients):
    assert clients[0] == clients[1] == STANDS[node.name]


def test_check_mode_changed_nothing(differences):
    assert differences == []


def test_tools_are_missing(host):
    assert host.run("command -v socat").rc != 0


def test_who_is_offline_has_no_packages(host, node):
    if "offline" in node.name:
        asked = "dnf -q repolist" if "el9" in node.name else "apt-get indextargets"
        assert host.run(asked).stdout.strip() == ""
