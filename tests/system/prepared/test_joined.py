# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mixed fleet of real nodes: one that has joined this cluster, one of another cluster, one that is half removed.

kubelet is socat under another name: systemd runs it, it listens on kubelet's port, and it has a kubeconfig. Around it
is what the software of a cluster leaves on a node: the interface of a CNI, and the chain of kube-proxy.
"""

from __future__ import annotations

import lab
import pytest
import topology

# Of the kernel's modules nothing can be told in a container, which has none of its own.
REGION = ("-e", "region=cn-beijing", "-e", "skip_checks=os_support,kernel_modules")
JOINED, FOREIGN, HALF_REMOVED = (node.name for node in topology.NODES)
OURS, OTHER = "https://192.168.0.10:6443", "https://10.7.0.1:6443"
UNIT = "/run/systemd/system/kubelet.service"
_CONTAINERS = {node.name: node.container for node in topology.NODES}

JOIN = f"""
set -e
cp "$(command -v socat)" /usr/local/bin/kubelet
mkdir -p /etc/kubernetes /var/lib/kubelet
printf 'kind: KubeletConfiguration\\n' > /var/lib/kubelet/config.yaml
printf 'clusters:\\n- cluster:\\n    server: %s\\n  name: default\\n' "$1" > /etc/kubernetes/kubelet.conf
printf '[Service]\\nExecStart=/usr/local/bin/kubelet TCP-LISTEN:10250,fork,reuseaddr PIPE\\n' > {UNIT}
systemctl daemon-reload
systemctl start kubelet
ip link add cni0 type bridge && ip address add 172.20.1.1/24 dev cni0 && ip link set cni0 up
iptables -N KUBE-SERVICES && iptables -I INPUT -m conntrack --ctstate NEW -j KUBE-SERVICES
"""
# The traces stay, and kubelet does not run: what a node is like after a removal that was not ended.
HALVE = "systemctl stop kubelet"
LEAVE = f"""
systemctl stop kubelet
rm -rf {UNIT} /usr/local/bin/kubelet /etc/kubernetes /var/lib/kubelet
systemctl daemon-reload
ip link delete cni0
iptables -D INPUT -m conntrack --ctstate NEW -j KUBE-SERVICES
iptables -X KUBE-SERVICES
"""


def _run(node: str, script: str, *arguments: str, check: bool = True) -> None:
    lab.docker("exec", _CONTAINERS[node], "sh", "-c", script, "sh", *arguments, check=check)


@pytest.fixture(scope="module", autouse=True)
def members():
    """The nodes are members while the tests of this file run."""
    for node, server in ((JOINED, OURS), (FOREIGN, OTHER), (HALF_REMOVED, OURS)):
        _run(node, JOIN, server)
    _run(HALF_REMOVED, HALVE)
    yield
    for node in _CONTAINERS:
        _run(node, LEAVE, check=False)


def state(outcome, node):
    """Return (status, state) of the verdict host_state of a node."""
    (verdict,) = (item for item in outcome.verdicts(node) if item["check"] == "host_state")
    return verdict["status"], verdict["data"]["state"]


def test_verify_tells_them_from_one_another(play, nodes):
    outcome = play("verify_edge", *REGION, "--skip-tags", "inbound_proof")
    assert outcome.rc == 2, outcome.out
    assert outcome.changed == dict.fromkeys(nodes, 0)
    assert {node: state(outcome, node) for node in nodes} == {
        JOINED: ("pass", "joined"),
        FOREIGN: ("fail", "foreign"),
        HALF_REMOVED: ("fail", "half_removed"),
    }
    assert f"{JOINED} has joined and is healthy (cn-beijing)" in outcome.out
    assert "1 joined and healthy, 0 ready, 2 not ready" in outcome.out
    for node, words in ((FOREIGN, OTHER), (HALF_REMOVED, "kubelet.service does not run")):
        assert f"{node} is not ready" in outcome.report["hosts"][node]["message"]
        assert words in outcome.report["hosts"][node]["message"]


def test_prepare_leaves_the_member_as_it_is_and_stops_the_others_before_the_first_change(play, nodes):
    outcome = play("prepare_edge", *REGION)
    assert outcome.rc == 2, outcome.out
    assert outcome.changed == dict.fromkeys(nodes, 0)
    assert outcome.failing(JOINED) == []
    for node in (FOREIGN, HALF_REMOVED):
        assert "host_state" in outcome.failing(node)
        assert "Nothing was changed" in outcome.report["hosts"][node]["message"]


def test_without_its_traces_a_node_is_ready_again(play, nodes):
    for node in nodes:
        _run(node, LEAVE)
    outcome = play("verify_edge", *REGION, "--skip-tags", "inbound_proof")
    assert outcome.rc == 0, outcome.out
    assert {node: state(outcome, node) for node in nodes} == dict.fromkeys(nodes, ("pass", "new"))
