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
