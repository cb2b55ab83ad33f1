# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Repositories that the real dnf does not take packages from: what is said of them, and that the remedy helps."""

from __future__ import annotations

from helpers_dnf import ALL

SOCAT = {"files": ["/usr/bin/socat"]}
DNF_CONF, REPO = "/etc/dnf/dnf.conf", "/etc/yum.repos.d/site.repo"
ELSEWHERE = "configure a repository on the node"
MODULE = """---
document: modulemd
version: 2
data:
  name: relay
  stream: "1"
  version: 1
  context: c0ffee
  arch: noarch
  summary: relay
  description: relay
  license:
    module: [MIT]
    content: [MIT]
  profiles: {}
  artifacts:
    rpms: [socat-0:1.0-1.noarch]
...
"""


def test_packages_without_a_signature(node):
    node.repository("site", "gpgcheck=1")
    said = node.refused(foreseen=False)
    assert "Package socat-1.0-1.noarch.rpm is not signed" in said
    assert "set gpgcheck=0 for this repository if you trust it" in said
    assert "import the GPG key" not in said
    node.repository("site", "gpgcheck=0")
    assert node.brought() == ALL


def test_a_key_that_the_node_does_not_have(node):
    node.sign()
    node.repository("site", "gpgcheck=1")
    said = node.refused(foreseen=False)
    assert "Public key for socat-1.0-1.noarch.rpm is not installed; Error: GPG check FAILED" in said
    assert "import the GPG key of the repository (rpm --import" in said
    node.repository("site", "gpgcheck=1\ngpgkey=file:///etc/gone.key")
    assert "import the GPG key" in node.run()["error"]
    node.sh("rpm --import /etc/site.key")
    assert node.brought() == ALL


def test_no_key_at_all_and_no_password_in_the_message(node):
    node.sign()
    node.write(DNF_CONF, "[main]\ngpgcheck=1\n")
    secrets = "username=svc\npassword=Zx9q7\nproxy_username=svc\nproxy_password=Qw8r6"
    node.repository("site", secrets)
    said = node.refused()
    assert "However, you do not have any GPG public keys installed" in said
    assert "Problem repository: [site]" in said
    assert "import the GPG key of the repository" in said
    assert not [word for word in ("Zx9q7", "Qw8r6", "bandwidth", "proxy_username") if word in said]
    node.sh("rpm --import /etc/site.key")
    assert node.brought() == ALL


def test_metadata_without_a_signature(node):
    node.repository("site", "gpgcheck=0\nrepo_gpgcheck=1")
    said = node.refused(foreseen=False)
    assert "GPG verification is enabled, but GPG signature is not available" in said
    assert "set repo_gpgcheck=0 for this repository" in said
    node.repository("site")
    assert node.brought() == ALL


def test_a_repository_of_others_that_is_broken(node):
    node.repository("third", url="file:///srv/gone")
    said = node.refused(foreseen=False)
    assert "Failed to download metadata for repo 'third'" in said
    assert "fix the broken repository (third), or disable it if it is not needed" in said
    node.repository("third", "enabled=0", url="file:///srv/gone")
    assert node.brought() == ALL


def test_a_repository_that_cannot_be_reached(node):
    node.repository("third", url="http://127.0.0.1:9/")
    said = node.refused(foreseen=False)
    assert "Couldn't connect to server for http://127.0.0.1:9/repodata/repomd.xml" in said
    assert "a repository is unreachable from this node" in said
    node.repository("third", "skip_if_unavailable=1", url="http://127.0.0.1:9/")
    assert node.brought() == ALL


def test_no_repository_at_all(node):
    node.sh(f"rm {REPO}")
    assert "There are no enabled repositories" in (said := node.refused())
    assert "enable a repository" in said


def test_packages_that_are_gone_since_the_lists_were_fetched(node):
    node.fetch()
    node.sh("rm /srv/site/socat-*.rpm")
    said = node.refused(foreseen=False)
    assert "Error opening /srv/site/socat-1.0-1.noarch.rpm: No such file or directory" in said
    assert "fix the broken repository (site)" in said
    assert "run 'dnf clean expire-cache'" in said
    node.offer("socat", "Requires: libwrap", version="1.1", **SOCAT)
    assert "socat-1.0-1.noarch.rpm: No such file" in node.run()["error"]
    node.sh("dnf clean expire-cache")
    assert "socat-1.1-1.noarch" in node.brought()


def test_a_package_that_was_replaced_since_the_lists_were_fetched(node):
    node.fetch()
    node.sh("echo more >> /srv/site/socat-1.0-1.noarch.rpm")
    said = node.refused(foreseen=False)
    assert 'Package "socat-1.0-1.noarch" from local repository "site" has incorrect checksum' in said
    assert "fix the broken repository (site)" in said
    assert ELSEWHERE not in said


def test_a_mirror_that_no_longer_has_a_package(node):
    node.sh("cd /srv/site && (setsid python3 -m http.server 8000 --bind 127.0.0.1 >/dev/null 2>&1 </dev/null &)")
    node.repository("site", "gpgcheck=0", url="http://127.0.0.1:8000")
    node.sh("until dnf --quiet makecache --setopt=retries=1; do sleep 0.1; done 2>/dev/null")
    node.sh("rm /srv/site/socat-*.rpm")
    said = node.refused(foreseen=False)
    assert "Status code: 404 for http://127.0.0.1:8000/socat-1.0-1.noarch.rpm" in said
    assert "run 'dnf clean expire-cache'" in said


def test_a_module_stream_that_hides_it(node):
    node.write("/tmp/modules.yaml", MODULE)
    node.sh("modifyrepo_c --mdtype=modules /tmp/modules.yaml /srv/site/repodata >/dev/null")
    said = node.refused()
    assert "All matches were filtered out by modular filtering for argument: socat" in said
    assert "a module stream hides socat: enable the stream that has it ('dnf module list', 'dnf module enable " in said
    assert "relay 1" in node.sh("dnf --quiet module list")
    node.sh("dnf --assumeyes module enable relay:1")
    assert node.brought() == ALL
