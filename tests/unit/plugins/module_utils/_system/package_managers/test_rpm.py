# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers import rpm

LINE = "=" * 80
# As dnf 4 prints it before it asks.
TABLE = f"""Last metadata expiration check: 0:00:01 ago on Sat Nov 28 19:00:00 2026.
Dependencies resolved.
{LINE}
 Package                      Architecture  Version             Repository  Size
{LINE}
Installing:
 socat                        noarch        99.0-1              lab        6.1 k
     replacing  site-relay.noarch 1.0-1
 a-package-with-a-very-long-name
                              x86_64        1.0-1               lab        6.1 k
     replacing  other.tool.x86_64 2.0-1
Upgrading:
 iptables-libs                x86_64        1.8.10-2.el9        baseos     402 k
Installing dependencies:
 libnetfilter_conntrack       x86_64        1.0.9-1.el9         baseos      58 k
Removing dependent packages:
 site-monitor                 x86_64        3.2-1               @site      1.2 M
Downgrading:
 nftables                     x86_64        1:1.0.4-2.el9       baseos     400 k

Transaction Summary
{LINE}
Install  3 Packages
 Total download size: 9 M
"""
YUM = f"""Resolving Dependencies
Dependencies Resolved

{LINE}
 Package             Arch         Version                    Repository    Size
{LINE}
Installing:
 socat               x86_64       1.7.3.2-2.el7              base         290 k
     replacing  site-relay.noarch 1.0-1
Updating for dependencies:
 iptables            x86_64       1.4.21-35.el7              base         432 k
Removing for dependencies:
 site-monitor        x86_64       3.2-1                      @site        1.2 M

Transaction Summary
{LINE}
Install  1 Package
"""


def node(rc=0, out="", err="", ran=None, root="/nowhere"):
    def run(argv, stdin=None, timeout=60):
        if ran is not None:
            ran.append(argv)
        return Completed(argv, rc, out, err)

    return Node(runner=run, root=str(root))


def test_what_a_transaction_would_do():
    assert rpm.transaction(TABLE) == (
        ["site-relay", "other.tool", "site-monitor"],
        ["iptables-libs to 1.8.10-2.el9", "nftables to 1:1.0.4-2.el9"],
    )
    assert rpm.transaction(YUM) == (["site-relay", "site-monitor"], ["iptables to 1.4.21-35.el7"])
    assert rpm.transaction("Package socat-1.7 already installed.\nNothing to do.\n") == ([], [])


@pytest.mark.parametrize(
    ("manager", "out", "err"),
    [
        (rpm.Dnf(), TABLE, "Operation aborted.\n"),
        (rpm.Dnf(), TABLE, "Operation aborted by the user.\n"),
        (rpm.Yum(), YUM + "Exiting on user command\n", ""),
    ],
)
def test_a_question_that_is_answered_with_no_is_no_failure(manager, out, err):
    ran = []
    assert "site-relay" in manager.preview(node(1, out, err, ran), ["socat"], alone=False, cached=True).removed
    assert {"--assumeno", "-C"} < set(ran[0])
    assert "--assumeyes" not in ran[0]
    assert "--quiet" not in ran[0]  # the table is information, too


@pytest.mark.parametrize(
    ("out", "err", "rc"),
    [
        ("No package socat available.\n" + YUM + "Exiting on user command\n", "", 1),
        ("No match for argument: socat\n" + TABLE, "Operation aborted.\n", 1),
        ("No package socat available.\n", "Error: Nothing to do\n", 1),
        ("No match for argument: socat\nNothing to do.\n", "", 0),
    ],
)
def test_a_package_that_would_be_left_out_is_a_refusal(out, err, rc):
    with pytest.raises(NodeError, match=r"No (package|match for argument:) socat"):
        rpm.Yum().preview(node(rc, out, err), ["socat", "net-tools"], alone=False)


def test_neither_of_them_may_leave_one_out():
    ran = []
    rpm.Yum().install(node(ran=ran), ["socat"], alone=False)
    rpm.Dnf().install(node(ran=ran), ["socat"], alone=False)
    assert "--setopt=skip_missing_names_on_install=False" in ran[0]
    assert "--setopt=strict=True" in ran[1]


def test_what_was_left_out_all_the_same_is_told():
    out = "No package socat available.\nInstalled:\n  net-tools\nComplete!\n"
    assert rpm.Yum().install(node(out=out), ["socat", "net-tools"], alone=False) == "No package socat available."
    assert rpm.Dnf().install(node(out="Complete!\n"), ["socat"], alone=False) == ""


def test_what_the_configuration_excludes(tmp_path):
    (tmp_path / "etc/dnf").mkdir(parents=True)
    (tmp_path / "etc/yum.repos.d").mkdir()
    (tmp_path / "etc/dnf/dnf.conf").write_text("[main]\nexcludepkgs=socat iptables*\n#exclude=chrony\n")
    (tmp_path / "etc/yum.repos.d/site.repo").write_text("[site]\nexclude = kernel*,\n   conntrack-tools\nenabled=1\n")
    names = ["socat", "iptables-nft", "chrony", "conntrack-tools", "enabled"]
    assert rpm.Dnf().hidden(node(root=tmp_path), names) == {
        "socat": "socat in /etc/dnf/dnf.conf",
        "iptables-nft": "iptables* in /etc/dnf/dnf.conf",
        "conntrack-tools": "conntrack-tools in /etc/yum.repos.d/site.repo",
    }


@pytest.mark.parametrize(
    "line",
    [
        "Package ebtables is obsoleted by iptables-ebtables, trying to install iptables-ebtables-1.4.21 instead\n",
        "Skipping unreadable repository '/etc/yum.repos.d/x.repo'\n",
        "Ignoring repositories: third\n",
    ],
)
def test_what_leaves_no_package_out_is_no_refusal(line):
    found = rpm.Yum().preview(node(1, line + YUM + "Exiting on user command\n"), ["ebtables"], alone=False)
    assert found.removed == ["site-relay", "site-monitor"]
