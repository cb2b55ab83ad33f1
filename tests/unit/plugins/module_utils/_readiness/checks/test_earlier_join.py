# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import earlier_join
from helpers_readiness import link


def test_clean(world):
    (world.root / "etc/kubernetes").mkdir()
    world.process(1, "systemd")
    world.listening('tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=1,fd=3))')
    assert earlier_join.run(world.facts, {})["status"] == "pass"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda w: w.process(77, "kubelet"), "process kubelet"),
        (lambda w: w.process(77, "edge-hub"), "process edge-hub"),
        (lambda w: w.file("/usr/bin/edge-hub"), "/usr/bin/edge-hub"),
        (lambda w: w.file("/etc/kubernetes/kubelet.conf"), "directory /etc/kubernetes"),
        (lambda w: w.links.append(link("cni0", "10.244.3.1/24")), "interface cni0"),
        (lambda w: w.links.append(link("raven0")), "interface raven0"),
        (lambda w: w.listening("tcp LISTEN 0 128 [::1]:10261 [::]:*"), "TCP port 10261"),
    ],
)
def test_each_trace_fails(world, change, words):
    change(world)
    found = earlier_join.run(world.facts, {})
    assert found["status"] == "fail"
    assert words in found["summary"]
    assert "edgeadm reset" in found["remedy"]
    assert "skip_checks" in found["remedy"]
