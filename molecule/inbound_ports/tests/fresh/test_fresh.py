# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Before the role, behind a run in check mode."""

ALL = {"tcp/22", "tcp/10250", "tcp/10255", "tcp/9100", "tcp/9445", "tcp/10248", "tcp/12345", "udp/8472", "udp/8473"}


def test_nobody_reaches_more_than_ssh(node, reached):
    expected = ALL if node.firewall == "nftables_open" else {"tcp/22"}
    assert reached == {"client-allowed": expected, "client-outside": expected}


def test_check_mode_left_nothing(differences):
    assert differences == []


def test_rules_of_the_cluster_are_there(cluster_rules):
    placed, now = cluster_rules
    assert placed == now
    assert "KUBE-FIREWALL" in now
    assert "flannel" in now
