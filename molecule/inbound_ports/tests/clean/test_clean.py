# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""After the ports were taken back: what the site has opened since is the only difference."""

ALL = {"tcp/22", "tcp/10250", "tcp/10255", "tcp/9100", "tcp/9445", "tcp/10248", "tcp/12345", "udp/8472", "udp/8473"}


def test_nobody_reaches_more_than_the_site_opened(node, reached):
    expected = ALL if node.firewall == "nftables_open" else {"tcp/22", "tcp/12345"}
    assert reached == {"client-allowed": expected, "client-outside": expected}


def test_rules_of_the_cluster_are_as_they_were(cluster_rules):
    assert cluster_rules[0] == cluster_rules[1]


def test_nothing_is_left(node, differences):
    of_the_site = [line for line in differences if "12345" in line]
    assert differences == of_the_site
    assert bool(of_the_site) == (node.firewall != "nftables_open")
