# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import earlier_join
from fakes.readiness import link


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


def unit(directory, name, command):
    return lambda world: world.file(f"{directory}/{name}", f"[Service]\nType=notify\nExecStart={command}\n")


SITE, PACKAGES = "/etc/systemd/system", "/usr/lib/systemd/system"


@pytest.mark.parametrize(
    ("change", "words", "remover"),
    [
        (lambda w: w.process(7, "edgecore"), "process edgecore", "keadm reset"),
        (lambda w: w.process(7, "microshift"), "process microshift", "microshift-cleanup-data"),
        (lambda w: w.process(7, "rancher-system-agent"[:15]), "process rancher-system-", "Rancher"),
        (lambda w: w.process(7, "kube-controller"), "process kube-controller", "edgeadm reset"),
        (lambda w: w.file("/var/lib/microshift/x"), "directory /var/lib/microshift", "microshift-cleanup-data"),
        (lambda w: w.file("/var/snap/k8s/common/x"), "directory /var/snap/k8s", "snap remove --purge k8s"),
        (lambda w: w.file("/etc/origin/node/node.kubeconfig"), "directory /etc/origin", "edgeadm reset"),
        (lambda w: w.file("/var/lib/calico/nodename"), "directory /var/lib/calico", "edgeadm reset"),
        (unit(SITE, "snap.k8s.kubelet.service", "/usr/bin/snap run k8s.kubelet"), "snap.k8s.kubelet", "purge k8s"),
        (unit(SITE, "lite.service", "/usr/bin/lite-apiserver"), f"unit {SITE}/lite.service", ""),
        (lambda w: w.process(7, "k3s-server"), "process k3s-server", "k3s-uninstall.sh"),
        (lambda w: w.process(7, "kubelite"), "process kubelite", "microk8s"),
        (lambda w: w.file("/etc/kubeedge/config/edgecore.yaml"), "directory /etc/kubeedge", "keadm reset"),
        (lambda w: w.file("/var/lib/rancher/k3s/agent/x"), "directory /var/lib/rancher", "Rancher"),
        (lambda w: w.file("/var/lib/k0s/bin/containerd"), "directory /var/lib/k0s", "k0s reset"),
        (lambda w: w.file("/var/snap/microk8s/common/x"), "directory /var/snap/microk8s", "snap remove"),
        (lambda w: w.file("/var/lib/kubelet/config.yaml"), "directory /var/lib/kubelet", "edgeadm reset"),
        (unit(SITE, "kubelet.service", "/opt/start.sh"), f"unit {SITE}/kubelet.service", "edgeadm reset"),
        (unit(SITE, "k3s-agent.service", "/usr/local/bin/k3s \\\n    agent"), "k3s-agent.service", "k3s-agent-uninst"),
        (unit(SITE, "site.service", "-/opt/bin/rke2 agent"), f"unit {SITE}/site.service", "edgeadm reset"),
        (unit(SITE, "k0sworker.service", "/usr/local/bin/k0s worker"), "k0sworker.service", "k0s reset"),
        (
            unit(SITE, "node.service", "/usr/bin/docker run --net host \\\n  registry/hyperkube:v1.9 \\\n  kubelet"),
            "node",
            "",
        ),
        (unit(SITE, "node.service", "/bin/sh -c 'exec /opt/kubelet --config x'"), f"unit {SITE}/node.service", ""),
        (unit(SITE, "snap.microk8s.daemon-kubelite.service", "/usr/bin/snap run x"), "daemon-kubelite", "snap remove"),
        (
            unit(SITE + "/kubelet.service.d", "10-kubeadm.conf", "\nExecStart=/usr/bin/kubelet $X"),
            "10-kubeadm.conf",
            "",
        ),
    ],
)
def test_what_other_distributions_leave_fails_with_what_removes_it(world, change, words, remover):
    change(world)
    found = earlier_join.run(world.facts, {})
    assert found["status"] == "fail"
    assert words in found["summary"]
    assert remover in found["remedy"]
    assert "skip_checks" in found["remedy"]


@pytest.mark.parametrize(
    "change",
    [
        lambda w: w.process(7, "kubelet-exporter"[:15]),
        lambda w: (w.root / "etc/kubernetes/manifests").mkdir(parents=True),
        lambda w: (w.root / "var/lib/kubelet/lost+found").mkdir(parents=True),
        lambda w: w.file("/etc/kubectl.conf"),
        unit(
            SITE, "exporter.service", "/usr/bin/node_exporter --collector.systemd.unit-include=(docker|kubelet).service"
        ),
        unit(SITE, "ship.service", "/usr/bin/journalctl -fu kubelet"),
        unit(SITE, "kubelet-exporter.service", "/opt/kubelet-exporter"),
        lambda w: w.file(SITE + "/kubelet.service.d/proxy.conf", "[Service]\nEnvironment=HTTPS_PROXY=http://p:1\n"),
        unit(PACKAGES, "kubelet.service", "/usr/bin/kubelet"),
    ],
)
def test_what_only_looks_alike_or_does_nothing_passes(world, change):
    change(world)
    assert earlier_join.run(world.facts, {})["status"] == "pass"


@pytest.mark.parametrize(
    "wanted",
    [
        lambda w: w.file("/etc/systemd/system/multi-user.target.wants/kubelet.service"),
        lambda w: w.commands.update({"systemctl is-enabled kubelet.service": (0, "enabled\n")}),
        lambda w: w.commands.update({"systemctl is-active kubelet.service": (3, "activating\n")}),
    ],
)
def test_a_unit_of_a_package_counts_where_it_is_wanted(world, wanted):
    for directory in (PACKAGES, "/lib/systemd/system"):
        unit(directory, "kubelet.service", "/usr/bin/kubelet")(world)
    wanted(world)
    assert earlier_join.run(world.facts, {})["data"]["leftovers"] == [f"unit {PACKAGES}/kubelet.service"]


def test_a_unit_that_is_masked_does_nothing(world):
    (world.root / "etc/systemd/system").mkdir(parents=True)
    (world.root / "etc/systemd/system/kubelet.service").symlink_to("/dev/null")
    assert earlier_join.run(world.facts, {})["status"] == "pass"
