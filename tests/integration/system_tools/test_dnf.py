# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real dnf and rpm, with packages that are made here: what is refused, and how, and that the remedy helps."""

from __future__ import annotations

import pytest
from helpers_dnf import ALL, PARAMS, TOOLS

SOCAT = {"files": ["/usr/bin/socat"]}
DNF_CONF, REPO = "/etc/dnf/dnf.conf", "/etc/yum.repos.d/site.repo"
ELSEWHERE = "configure a repository on the node"
# A yum 3 in the default of its time: a package that is missing is skipped, whatever the options before say.
YUM = """#!/bin/sh
exec /usr/bin/dnf-3 "$@" --setopt=strict=0
"""


def test_it_installs_once_and_check_mode_predicts_it(node):
    node.fetch()
    (before, ahead, after, *again), (predicted, found, *second) = node.runs(PARAMS, True, False, True, False)
    assert (ahead, after - before) == (before, ALL)
    assert [item["summary"] for item in predicted["results"]] == [
        "cannot be used; socat would be installed",
        "cannot be used; conntrack-tools would be installed",
    ]
    assert (found["changed"], found["diff"]) == (True, predicted["diff"])
    assert again == [after, after]
    assert [(one["changed"], one["msg"]) for one in second] == [(False, "2 of 2 pass")] * 2


def test_lists_that_were_never_fetched_are_no_broken_repository(node):
    ahead = node.run(check_mode=True)
    assert "if the repositories have it" in ahead["results"][0]["summary"]
    node.write(DNF_CONF, "[main]\nexcludepkgs=socat\n")
    said = node.run(check_mode=True)["error"]
    assert f"to do: socat is hidden by socat in {DNF_CONF}: change that setting; then run again" in said


@pytest.mark.parametrize(
    ("path", "text", "patterns"),
    [
        (DNF_CONF, "[main]\nexcludepkgs=socat conntrack*\n", ("socat", "conntrack*")),
        (DNF_CONF, "[main]\nexclude = socat,\n  conntrack-tools\n", ("socat", "conntrack-tools")),
        (REPO, "[site]\nname=x\nbaseurl=file:///srv/site\ngpgcheck=0\nexclude=s?cat, *-tools\n", ("s?cat", "*-tools")),
    ],
)
def test_an_exclude_that_hides_it(node, path, text, patterns):
    node.write(path, text)
    said = node.refused()
    for name, pattern in zip(("socat", "conntrack-tools"), patterns, strict=True):
        assert f"All matches were filtered out by exclude filtering for argument: {name}" in said
        assert f"{name} is hidden by {pattern} in {path}: change that setting" in said
    assert ELSEWHERE not in said
    assert "hide socat" not in said


def test_an_exclude_that_hides_a_dependency(node):
    node.write(DNF_CONF, "[main]\nexcludepkgs=libwrap\n")
    said = node.refused()
    assert "package libwrap-1.0-1.noarch is filtered out by exclude filtering" in said
    assert "hide libwrap-1.0-1.noarch: remove them from excludepkgs" in said
    node.write(DNF_CONF, "[main]\n")
    assert node.brought() == ALL


def test_includepkgs_without_it(node):
    node.repository("site", "gpgcheck=0\nincludepkgs=libwrap")
    assert "hide socat conntrack-tools: " in (said := node.refused())
    assert "add them to includepkgs" in said
    node.repository("site", "gpgcheck=0\nincludepkgs=libwrap,socat,conntrack-tools")
    assert node.brought() == ALL


@pytest.mark.parametrize("fields", ["Obsoletes: site-relay < 2", "Obsoletes: site-relay\nProvides: site-relay"])
def test_one_that_it_obsoletes(node, fields):
    node.have("site-relay")
    node.offer("socat", f"Requires: libwrap\n{fields}", version="99.0", **SOCAT)
    said = node.refused()
    assert said.startswith("socat, conntrack-tools cannot be installed: the package manager would remove site-relay ")
    assert "decide which of them this node needs" in said


def test_several_that_a_dependency_obsoletes(node):
    names = ["site-relay", "site-a-name-that-is-too-long-for-its-column-in-the-table"]
    for name in names:
        node.have(name)
    node.offer("libwrap", "\n".join(f"Obsoletes: {name} < 2" for name in names), version="2.0")
    said = node.refused()
    assert all(name in said.partition("would remove")[2] for name in names)


def test_one_that_obsoletes_it_and_is_installed(node):
    node.have("site-relay", "Obsoletes: socat < 9")
    said = node.refused()
    assert "Package site-relay-1.0-1.noarch is already installed." in said
    assert "an installed package obsoletes it (site-relay-1.0-1.noarch)" in said
    assert ELSEWHERE not in said
    node.sh("dnf --assumeyes swap site-relay socat")
    assert node.brought() == {"conntrack-tools-1.0-1.noarch"}


def test_a_file_of_another_package(node):
    node.have("site-docs", **SOCAT)
    node.sh("rm /usr/bin/socat")
    node.fetch()
    # dnf looks at files only when it has them all.
    said = node.refused(foreseen=False)
    assert (
        "Error: Transaction test error: file /usr/bin/socat from install of socat-1.0-1.noarch conflicts with file "
        "from package site-docs-1.0-1.noarch"
    ) in said
    assert "a package of this node conflicts with it (site-docs-1.0-1.noarch)" in said


def test_one_that_it_conflicts_with(node):
    node.have("site-docs")
    node.withdraw("socat")
    node.offer("socat", "Conflicts: site-docs", version="2.0", **SOCAT)
    said = node.refused()
    assert "package socat-2.0-1.noarch conflicts with site-docs provided by site-docs-1.0-1.noarch" in said
    assert "a package of this node conflicts with it (site-docs-1.0-1.noarch)" in said


def nothing_has_it(node):
    node.withdraw("socat")


def nothing_has_its_dependency(node):
    node.withdraw("socat")
    node.offer("socat", "Requires: libodd >= 3", version="2.0", **SOCAT)


def something_conflicts(node):
    node.have("site-docs", "Conflicts: socat")


def an_exclude_hides_it(node):
    node.write(DNF_CONF, "[main]\nexclude=socat\n")


def something_obsoletes_it(node):
    node.have("site-relay", "Obsoletes: socat < 9")


@pytest.mark.parametrize(
    ("what", "reason", "remedy", "foreseen"),
    [
        (nothing_has_it, "No match for argument: socat", ELSEWHERE, False),
        (nothing_has_its_dependency, "nothing provides libodd >= 3", "a dependency is not available", False),
        (something_conflicts, "site-docs-1.0-1.noarch conflicts with socat", "a package of this node conflicts", True),
        (an_exclude_hides_it, "filtered out by exclude filtering", f"hidden by socat in {DNF_CONF}", True),
        (something_obsoletes_it, "site-relay-1.0-1.noarch is already installed", "obsoletes it (site-relay-1", True),
    ],
)
def test_a_yum_that_goes_on_without_it_installs_nothing(node, what, reason, remedy, foreseen):
    what(node)
    # Where a node has both, the engine takes dnf.
    node.sh("rm /usr/bin/dnf && cat > /usr/bin/yum && chmod 755 /usr/bin/yum", YUM.encode())
    said = node.refused(foreseen=foreseen)
    assert reason in said
    assert remedy in said
    assert "skip_missing_names_on_install" not in said


def test_a_newer_version_that_cannot_be_had_is_no_hindrance(node):
    node.offer("socat", "Requires: libodd >= 3", version="2.0", **SOCAT)
    assert node.brought() == ALL


def test_one_that_gets_another_version_is_named(node):
    node.have("libwrap", version="0.5")
    node.offer("socat", "Requires: libwrap >= 1", version="2.0", **SOCAT)
    node.fetch()
    predicted, found = node.runs(PARAMS, True, False)[1]
    assert predicted["diff"] == found["diff"]
    assert found["results"][-1]["summary"].startswith("libwrap to 1.0-1: got another version")


def test_a_package_that_refuses_to_be_installed(node):
    node.offer("socat", version="2.0", scripts="%pre\nexit 1", **SOCAT)
    (before, after), (found,) = node.runs(PARAMS, False)
    said = found["error"]
    assert "error: %prein(socat-2.0-1.noarch) scriptlet failed, exit status 1" in said
    assert "find out why socat cannot be configured" in said
    assert "It stopped half-way: changed are conntrack-tools-1.0-1.noarch; run again to continue." in said
    assert "Transaction check succeeded" not in said
    assert found["changed"]
    assert after - before == {"conntrack-tools-1.0-1.noarch"}


def test_what_gave_way_comes_back(node):
    params = dict(PARAMS, system_tools=[dict(TOOLS[0], replaces={"redhat": ["old-client"]})])
    back = dict(params, state="absent")
    node.have("old-client")
    node.withdraw("socat")
    node.offer("socat", "Obsoletes: old-client < 2", version="2.0", **SOCAT)
    assert "old-client: removed" in node.run(params)["diff"]["after"]
    # What the repositories have is obsoleted by what took its place: dnf does nothing, and ends with 0.
    node.offer("old-client")
    node.sh("dnf clean expire-cache")
    stays = node.run(back)
    (item,) = stays["results"]
    assert (stays["changed"], item["status"]) == (False, "warn")
    assert "old-client was removed for the tools and is not installed again" in item["summary"]
    assert "Package socat-2.0-1.noarch is already installed." in item["summary"]
    node.withdraw("old-client")
    node.offer("old-client", "Obsoletes: socat", version="3.0")
    node.sh("dnf clean expire-cache")
    states, results = node.runs(back, True, False, False)
    assert [result["changed"] for result in results] == [True, True, False]
    assert results[1]["results"][0]["summary"] == "old-client is installed again"
    assert (states[1] - states[2], states[2] - states[1]) == ({"socat-2.0-1.noarch"}, {"old-client-3.0-1.noarch"})


def of_files(node):
    """Return the parameters of a run that brings what the repository has as files."""
    node.sh("cd /srv/site && tar czf /root/packages.tgz *.rpm")
    return dict(PARAMS, source="directory", directory="/packages", archive="/root/packages.tgz")


def test_files_that_come_with_the_run_need_no_repository(node):
    params = of_files(node)
    node.repository("site", "gpgcheck=1", url="http://127.0.0.1:9/")
    assert node.brought(params) == ALL


def test_files_that_the_node_hides_or_has_another_package_for(node):
    params = of_files(node)
    node.write(DNF_CONF, "[main]\nexcludepkgs=socat\n")
    said = node.refused(params, foreseen=False)
    assert f"to do: socat is hidden by socat in {DNF_CONF}: change that setting; then run again" in said
    node.write(DNF_CONF, "[main]\n")
    node.have("site-relay", "Obsoletes: socat < 9")
    assert "an installed package obsoletes it (site-relay-1.0-1.noarch)" in node.refused(params, foreseen=False)
