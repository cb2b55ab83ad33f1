# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import resolver_loop

BEHIND = "/run/systemd/resolve/resolv.conf"


def test_a_server_of_the_site(world):
    found = resolver_loop.run(world.facts, {})
    assert (found["status"], found["data"]["nameservers"]) == ("pass", ["10.99.0.53"])


@pytest.mark.parametrize(
    "text",
    [
        "nameserver 127.0.0.53\noptions edns0 trust-ad\n",
        "nameserver 127.0.0.1\n",
        "nameserver ::1\n",
        "nameserver 10.99.0.53\nnameserver 127.0.1.1\n",
        "nameserver 0.0.0.0\n",
        "nameserver 127.1\n",
    ],
)
def test_a_loopback_server_is_the_pod_itself(world, text):
    world.file("/etc/resolv.conf", text)
    found = resolver_loop.run(world.facts, {})
    assert found["status"] == "warn"
    assert "forwards to itself" in found["summary"]
    assert found["remedy"].startswith("list the addresses of the site's DNS servers in /etc/resolv.conf")


def test_systemd_resolved_has_the_file_that_is_right(world):
    world.file("/etc/resolv.conf", "nameserver 127.0.0.53\n")
    world.file(BEHIND, "nameserver 10.99.0.53\n")
    assert f"ln -sf {BEHIND} /etc/resolv.conf" in resolver_loop.run(world.facts, {})["remedy"]
    world.file(BEHIND, "nameserver 127.0.0.1\n")
    assert "ln -sf" not in resolver_loop.run(world.facts, {})["remedy"]


def test_networkmanager_has_the_file_that_is_right(world):
    world.file("/etc/resolv.conf", "nameserver 127.0.1.1\n")
    world.file("/run/NetworkManager/no-stub-resolv.conf", "nameserver 10.99.0.53\n")
    remedy = resolver_loop.run(world.facts, {})["remedy"]
    assert remedy.endswith("(10.99.0.53): ln -sf /run/NetworkManager/no-stub-resolv.conf /etc/resolv.conf")


def test_a_link_local_server_is_on_no_link_of_a_pod(world):
    world.file("/etc/resolv.conf", "nameserver fe80::1%eth0\nnameserver 10.99.0.53\n")
    found = resolver_loop.run(world.facts, {})
    assert (found["status"], "no Pod reaches a link-local address" in found["summary"]) == ("warn", True)


def test_a_link_to_nothing_is_said(world):
    (world.root / "etc/resolv.conf").unlink()
    (world.root / "etc/resolv.conf").symlink_to("../run/systemd/resolve/stub-resolv.conf")
    summary = resolver_loop.run(world.facts, {})["summary"]
    assert "is a link to ../run/systemd/resolve/stub-resolv.conf, which is missing" in summary


def test_no_server_at_all(world):
    world.file("/etc/resolv.conf", " nameserver 10.99.0.53\n")
    found = resolver_loop.run(world.facts, {})
    assert (found["status"], found["data"]["nameservers"]) == ("warn", [])
    assert "names no nameserver" in found["summary"]


def test_what_kubelet_says_is_what_counts(world):
    world.file("/etc/resolv.conf", "nameserver 127.0.0.53\n")
    world.file(BEHIND, "nameserver 10.99.0.53\n")
    world.file("/var/lib/kubelet/config.yaml", f"kind: KubeletConfiguration\nresolvConf: {BEHIND}\n")
    assert resolver_loop.run(world.facts, {})["status"] == "pass"
    world.file("/var/lib/kubelet/config.yaml", 'resolvConf: "/etc/kubelet-resolv.conf"\n')
    world.file("/etc/kubelet-resolv.conf", "nameserver 127.0.0.53\n")
    found = resolver_loop.run(world.facts, {})
    assert found["status"] == "warn"
    assert found["remedy"].startswith(f"set resolvConf to {BEHIND}")
    world.file("/var/lib/kubelet/config.yaml", 'resolvConf: ""\n')
    assert resolver_loop.run(world.facts, {})["summary"].startswith("/etc/resolv.conf has")
