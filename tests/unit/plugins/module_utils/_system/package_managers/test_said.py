# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers import said
from hypothesis import given
from hypothesis import strategies as st

SOLVER_3 = """E: Unable to correct problems, you have held broken packages.
E: The following information from --solver 3.0 may provide additional context:
   Unable to satisfy dependencies. Reached two conflicting decisions:
   1. conntrack:amd64 is selected for install
   2. libnetfilter-conntrack3 is not installable
"""


@pytest.mark.parametrize(
    ("out", "err", "words"),
    [
        # apt 3: what does not begin with E: is the reason.
        ("Reading package lists...\n", SOLVER_3, ["2. libnetfilter-conntrack3 is not installable"]),
        # dpkg names the package on a line of its own.
        (
            "Setting up siteagent (1.0) ...\ndpkg: error processing package siteagent (--configure):\n installed "
            "siteagent package post-installation script subprocess returned error exit status 1\n"
            "Setting up socat (1.7) ...\nErrors were encountered while processing:\n siteagent\n",
            "E: Sub-process /usr/bin/dpkg returned an error code (1)\n",
            ["Errors were encountered while processing: siteagent", "error exit status 1"],
        ),
        # dnf: a file that another package owns, two of them.
        (
            "Running transaction test\n",
            "Error: Transaction test error:\n  file /usr/bin/socat from install of socat-1.7.4-1.el9.x86_64 "
            "conflicts with "
            "file from package site-docs-1-1.noarch\n  file /a from install of b-1 conflicts with file from package "
            "c-1\n",
            ["conflicts with file from package site-docs-1-1.noarch", "file from package c-1"],
        ),
        # dnf says as information only what hides a package.
        (
            "Last metadata expiration check: 0:00:01 ago.\nAll matches were filtered out by exclude filtering for "
            "argument: socat\n",
            "Error: Unable to find a match: socat\n",
            ["All matches were filtered out by exclude filtering for argument: socat"],
        ),
        # dnf, keys.
        (
            "Package socat-1.7.4-1.el9.x86_64.rpm is not signed\nThe downloaded packages were saved in cache\n",
            "Error: GPG check FAILED\n",
            ["Package socat-1.7.4-1.el9.x86_64.rpm is not signed"],
        ),
        # dnf, a mirror.
        (
            "Mirror of the site   0.0  B/s |   0  B     00:00\nErrors during downloading metadata for repository "
            "'site':\n"
            "  - Curl error (6): Couldn't resolve host name for http://mirror.idc.example/repodata/repomd.xml\n",
            "Error: Failed to download metadata for repo 'site': Cannot download repomd.xml\n",
            ["repository 'site': - Curl error (6): Couldn't resolve host name for http://mirror.idc.example"],
        ),
        # dnf, a scriptlet.
        (
            "Running transaction check\nTransaction check succeeded.\n"
            "error: %prein(socat-2.0-1.noarch) scriptlet failed, exit status 1\n",
            "Error: Transaction failed\n",
            ["Error: Transaction failed; error: %prein(socat-2.0-1.noarch) scriptlet failed, exit status 1"],
        ),
        # yum 3.
        (
            "Loaded plugins: fastestmirror\nNo package socat available.\n",
            "Error: Nothing to do\n",
            ["No package socat available."],
        ),
    ],
)
def test_the_reason_is_kept_with_what_belongs_to_it(out, err, words):
    text = said.said(Completed(["x"], 1, out, err))
    assert not [word for word in words if word not in text]
    assert not [
        word for word in ("Setting up", "Reading", "metadata expiration", "Loaded plugins", "succeeded") if word in text
    ]


def test_warnings_of_a_fetch_that_ended_well():
    err = (
        "W: http://m/InRelease: Key is stored in legacy trusted.gpg keyring (/etc/apt/trusted.gpg)\n"
        "W: Failed to fetch http://10.231.7.250/debian/dists/trixie/InRelease  Could not connect to 10.231.7.250:80\n"
        "W: Some index files failed to download. They have been ignored, or old ones used instead.\n"
    )
    text = said.warnings(Completed(["x"], 0, "Ign:1 http://10.231.7.250\n", err))
    assert text.startswith("W: Failed to fetch http://10.231.7.250/debian")
    assert "Some index files failed" in text
    assert "legacy" not in text
    assert said.warnings(Completed(["x"], 0, "Hit:1 http://a\n", "")) == ""


def test_advice_to_force_it_is_not_passed_on():
    err = "Error: \n Problem: package a-1 conflicts with b\n(try to add '--allowerasing' to command line)\n"
    assert "allowerasing" not in said.said(Completed(["dnf"], 1, "", err))


def test_the_settings_of_a_repository_are_not_passed_on():
    err = (
        "You can do that by running the command:\n    rpm --import public.gpg.key\n\nProblem repository: [site]\n"
        "bandwidth: 0\nexclude: \npassword: Zx9q7\nproxy_password = Qw8r6\nusername: svc\n"
    )
    assert said.said(Completed(["dnf"], 1, "", err)).endswith("public.gpg.key; Problem repository: [site]")
    assert said.said(Completed(["dnf"], 1, err, "")) == "Problem repository: [site]"


def test_a_flood_is_cut():
    text = said.said(Completed(["x"], 1, "", "".join(f"E: number {number}\n" for number in range(500))))
    assert text.endswith("and 470 more lines")


@given(st.text(), st.text())
def test_anything_gives_one_line(out, err):
    text = said.said(Completed(["x"], 1, out, err))
    assert text
    assert len(text.splitlines()) == 1
