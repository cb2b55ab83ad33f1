# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import causes
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "kinds", "words"),
    [
        (
            "E: Unable to locate package socat",
            ["missing"],
            "configure a repository on the node that has these packages",
        ),
        (
            "Error opening /opt/repository/socat-9.3-1.el9.x86_64.rpm: No such file or directory; Package "
            '"socat-9.3-1.el9.x86_64" from local repository "lab" has incorrect checksum; Error: Some packages from '
            "local repository have incorrect checksum",
            ["stale", "repository"],
            "fix the broken repository (lab)",
        ),
        (
            "Error: Error downloading packages: Cannot download socat-1.rpm: All mirrors were tried",
            ["stale", "repository"],
            "run 'dnf clean expire-cache'",
        ),
        (
            "E: Held packages were changed and -y was used without --allow-change-held-packages.; The following held "
            "packages will be changed: chrony iptables",
            ["held"],
            "apt-mark unhold chrony iptables'",
        ),
        (
            "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7 (unattended-upgr)",
            ["lock"],
            "held by process 7 (unattended-upgr)",
        ),
        (
            "E: dpkg was interrupted, you must manually run 'dpkg --configure -a'",
            ["interrupted"],
            "dpkg --configure -a",
        ),
        (
            "Error: Unable to find a match: socat; All matches were filtered out by exclude filtering for argument: "
            "socat",
            ["excluded"],
            "hide socat: remove them from excludepkgs",
        ),
        (
            "All matches were filtered out by modular filtering for argument: nginx; Error: Unable to find a match: "
            "nginx",
            ["module"],
            "a module stream hides nginx",
        ),
        (
            "Package ntp is obsoleted by ntpsec, trying to install ntpsec-1.2 instead; Error: Nothing to do",
            ["obsoleted"],
            "ntp is obsoleted by ntpsec",
        ),
        (
            "Error: Transaction test error: file /usr/bin/socat from install of socat-1.7 conflicts with file from "
            "package "
            "site-docs-1-1.noarch",
            ["conflict"],
            "(site-docs-1-1.noarch)",
        ),
        (
            "Error: Problem: package a-1 from lab conflicts with b provided by site-b-1 - conflicting requests",
            ["conflict"],
            "(site-b-1)",
        ),
        (
            "dpkg: error processing archive /a.deb (--unpack): trying to overwrite '/usr/bin/socat', which is also in "
            "package "
            "site-docs 1.0; E: Sub-process /usr/bin/dpkg returned an error code (1)",
            ["conflict"],
            "(site-docs)",
        ),
        (
            "E: Sub-process /usr/bin/dpkg returned an error code (1); Errors were encountered while processing: "
            "siteagent",
            ["broken"],
            "find out why siteagent cannot be configured",
        ),
        (
            "E: Release file for http://m/InRelease is not valid yet (invalid for another 9h 59min 58s).; E: Unable to "
            "locate "
            "package socat",
            ["behind"],
            "the clock of this node is behind",
        ),
        (
            "Curl error (60): SSL peer certificate or SSH remote key was not OK [SSL certificate problem: certificate "
            "is not "
            "yet valid]",
            ["behind"],
            "set it first",
        ),
        ("E: Release file for http://m/Release is expired (invalid since 3d 2h).", ["expired"], "compare 'date -u'"),
        (
            "Curl error (56): Failure when receiving data from the peer [Received HTTP code 407 from proxy after "
            "CONNECT]; "
            "Error: Failed to download metadata for repo 'site'",
            ["proxy", "unreachable", "repository"],
            "Acquire::http::Proxy",
        ),
        (
            "This system is not registered with an entitlement server. You can use subscription-manager to register.; "
            "Error: "
            'There are no enabled repositories in "/etc/yum.repos.d".',
            ["registration"],
            "subscription-manager register",
        ),
        (
            "W: Failed to fetch https://m/InRelease  Certificate verification failed: The certificate is NOT "
            "trusted. The "
            "certificate issuer is unknown.",
            ["certificate"],
            "CA certificate of the repository",
        ),
        (
            "Package socat-1.7.rpm is not signed; Error: GPG check FAILED",
            ["unsigned"],
            "not signed (socat-1.7.rpm): sign",
        ),
        (
            "W: GPG error: http://m InRelease: signatures couldn't be verified: NO_PUBKEY 0E98404D386FA1D9; E: The "
            "repository "
            "'http://m InRelease' is not signed.",
            ["key", "repository"],
            "import the GPG key",
        ),
        (
            "W: Failed to fetch http://10.231.7.250/debian  Could not connect to 10.231.7.250:80; E: Unable to locate "
            "package "
            "socat",
            ["unreachable"],
            "a repository is unreachable",
        ),
        (
            "W: Failed to fetch http://m.idc.example/x  Temporary failure resolving 'm.idc.example'",
            ["unreachable"],
            "address, name, route",
        ),
        ("Cannot find a valid baseurl for repo: base/7/x86_64", ["unreachable"], "a mirror of the site"),
        (
            "E: The repository 'http://ppa.example/x trixie Release' does not have a Release file.",
            ["repository"],
            "(http://ppa.example/x trixie Release)",
        ),
        (
            "Status code: 404 for http://m/repodata/repomd.xml; Error: Failed to download metadata for repo 'epel': "
            "Cannot "
            "download repomd.xml",
            ["repository"],
            "(epel)",
        ),
        (
            "Errors during downloading metadata for repository 'lab': - Curl error (37): Couldn't read a file:// "
            "file for "
            "file:///opt/a; Error: Failed to download metadata for repo 'lab': Cannot download repomd.xml: All mirrors "
            "were tried",
            ["repository"],
            "fix the broken repository (lab)",
        ),
        ("E: You don't have enough free space in /var/cache/apt/archives/.", ["space"], "free space"),
        (
            "Error: Transaction test error: installing package socat needs 12MB more space on the / filesystem",
            ["space"],
            "df -h",
        ),
        (
            "Error: Problem: nothing provides libwrap.so.0 needed by socat-1.7",
            ["dependency"],
            "a dependency is not available",
        ),
        ("the package manager would remove ntpsec for it", ["decide"], "decide which of them this node needs"),
        ("error: rpmdb: BDB0113 Thread/process 12/34 failed", ["database"], "rpm --rebuilddb"),
        ("E: Could not open lock file - open (13: Permission denied); E: are you root?", ["root"], "become: true"),
        ("something nobody has ever said", [], "configure a repository on the node that has these packages"),
    ],
)
def test_the_remedy_fits_the_kind(text, kinds, words):
    assert [kind.name for kind in causes.kinds(text)] == kinds
    assert words in "; ".join(causes.remedies(text, {}))


def test_all_of_several_failures_are_named():
    text = (
        "W: Failed to fetch http://third.example/x  Could not connect to third.example:80; E: Held packages were "
        "changed "
        "and -y was used without --allow-change-held-packages.; The following held packages will be changed: socat"
    )
    found = "; ".join(causes.remedies(text, {"chrony": "a pin in /etc/apt/preferences"}))
    assert "apt-mark unhold socat" in found
    assert "is unreachable from" in found
    assert "chrony is hidden by a pin" in found


def test_what_hides_a_package_takes_the_place_of_a_repository():
    found = causes.remedies("E: Package 'socat' has no installation candidate", {"socat": "a pin"})
    assert found == ["socat is hidden by a pin: change that setting"]
    text = "All matches were filtered out by exclude filtering for argument: socat; Unable to find a match: socat"
    assert causes.remedies(text, {"socat": "a line"}) == ["socat is hidden by a line: change that setting"]
    assert "hide socat: remove" in causes.remedies(text, {"chrony": "a line"})[1]


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("E: Unable to locate package socat", True),
        ("Error: Cache-only enabled but no cache for 'appstream'", True),
        ("E: Held packages were changed; E: Unable to locate package conntrack", False),
        ("E: dpkg was interrupted", False),
        ("something", False),
    ],
)
def test_what_fetching_the_lists_could_change(text, open_):
    assert causes.of_the_lists(text) is open_


def test_files_that_came_with_the_run_need_no_repository():
    assert causes.remedies_of_files("E: socat : Depends: libx but it is not installable", {"socat": "a pin"}) == [
        "provide the packages for this system and their dependencies, or install them by hand"
    ]
    assert "free space" in causes.remedies_of_files("No space left on device", {})[0]
    assert causes.remedies_of_files("No match for argument: /tmp/socat.rpm", {"socat": "a line"}) == [
        "socat is hidden by a line: change that setting"
    ]


@given(st.text())
def test_there_is_always_something_to_do(text):
    assert all(causes.remedies(text, {}))
    assert causes.remedies_of_files(text, {})


@pytest.mark.parametrize(
    ("text", "kind", "remedy"),
    [
        ("E: Type 'debb' is not known on line 1 in source list /etc/apt/x.list; E: The list of sources could "
         "not be read.", "sources", "fix what the message names in /etc/apt/sources.list"),
        ("E: The method driver /usr/lib/apt/methods/https could not be found.", "sources", "sources.list.d"),
        ("E: Failed to fetch https://m/x  Could not handshake: The TLS connection was non-properly terminated.",
         "unreachable", "is unreachable from"),
        ("E: Failed to fetch http://m/x  403  Forbidden [IP: 192.0.2.1 80]", "repository", "fix the broken repository"),
        ("Error: Cannot download repomd.xml: All mirrors were tried", "repository", "fix the broken repository"),
        ("E: The package cache file is corrupted", "database", "/var/lib/apt/lists"),
        ("E: Packages were downgraded and -y was used without --allow-downgrades.", "decide", "by hand"),
        ("Error: Problem: The operation would result in removing the following protected packages: sudo", "decide",
         "by hand"),
        ("E: There were unauthenticated packages and -y was used without --allow-unauthenticated", "key", "GPG key"),
        ('PGP check for package "socat-1" from repo "base" has failed: The package is not signed.', "unsigned",
         "not signed (socat-1): sign them"),
        ('PGP check for package "socat-1" from repo "base" has failed: Public key is not installed.', "key", "GPG key"),
        ("Public key for socat-1.rpm is not installed; Error: GPG check FAILED", "key", "rpm --import"),
        ("Curl error (37): Couldn't open file /etc/pki/rpm-gpg/RPM-GPG-KEY-site", "key", "import the GPG key"),
        ("Error: Problem: conflicting requests - package socat-1 is filtered out by exclude filtering", "excluded",
         "hide socat-1: remove them from excludepkgs"),
        ("Problem: conflicting requests - package nginx-1 is filtered out by modular filtering", "module",
         "hides nginx-1: enable the stream"),
        ("Package site-relay-1.0-1.noarch is already installed.", "in its place", "(site-relay-1.0-1.noarch)"),
        ("Error: Problem: installed package site-relay-1 obsoletes socat < 9 provided by socat-1 - conflicting "
         "requests", "in its place", "(site-relay-1): decide which"),
        ("Package socat is obsoleted by site-relay which is already installed", "in its place", "(site-relay)"),
        ("Error: Cache-only enabled but no cache for 'site'", "missing", "configure a repository"),
        ("Cannot do it: Argument 'socat' matches only excluded packages.", "excluded", "hide socat"),
        ("Failed to resolve the transaction: No match for argument: socat", "missing", "configure a repository"),
        ("Error: Transaction failed; Error in PREIN scriptlet in rpm package socat; Failed: socat-1", "broken",
         "find out why socat cannot be configured"),
        ("Error: Protected multilib versions: libstdc++-4.i686 != libstdc++-5.x86_64", "dependency", "a dependency"),
    ],
)  # fmt: skip
def test_what_other_versions_say_is_of_its_kind(text, kind, remedy):
    assert [one.name for one in causes.kinds(text)] == [kind]
    assert remedy in causes.remedies(text, {})[0]
