# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""After the role, after a restart with no run in between, and after the damage was mended."""

ALL = {"tcp/22", "tcp/10250", "tcp/10255", "tcp/9100", "tcp/9445", "tcp/10248", "tcp/12345", "udp/8472", "udp/8473"}
OPENED = {"tcp/10250", "tcp/10255", "tcp/9100", "tcp/9445", "udp/8472"}


def test_only_the_allowed_source_reaches_the_ports(host, node, reached):
    always = {"tcp/22"}
    if host.file("/run/lab-damaged").exists:
        # What the site opened since is the site's.
        always.add("tcp/12345")
    if node.firewall == "nftables_open":
        always = ALL
    assert reached == {"client-allowed": always | OPENED, "client-outside": always}


def test_rules_of_the_cluster_are_as_they_were(cluster_rules):
    assert cluster_rules[0] == cluster_rules[1]


def test_nothing_that_was_there_is_gone(differences):
    assert [line for line in differences if line.startswith("rules: gone")] == []


def test_a_firewall_that_lets_everything_in_is_left_alone(node, differences):
    if node.firewall == "nftables_open":
        assert differences == []
    else:
        assert differences != []
