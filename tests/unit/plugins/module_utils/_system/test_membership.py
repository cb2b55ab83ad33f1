# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The truth table of hosts and clusters; files in the forms that kubeadm, OpenYurt and edge-hub write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._system import membership
from fakes.joined import HUB, OURS, SHOW, UNITS, hub, join, kubeconfig, stop
from fakes.readiness import World

INPUTS = {"api_server": "192.168.0.10:6443"}
OTHER = "https://10.7.0.1:6443"
if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[World], object]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def both(*changes: Change) -> Change:
    return lambda world: [change(world) for change in changes]


@pytest.mark.parametrize(
    ("change", "state", "words"),
    [
        (lambda w: None, "new", "no software or files of a cluster"),
        (join(), "joined", "https://192.168.0.10:6443"),
        (join(f"'{OURS}'"), "joined", OURS),
        (join(OTHER), "foreign", "10.7.0.1:6443, but api_server of this cluster is 192.168.0.10:6443"),
        (join("https://192.168.0.10"), "foreign", "192.168.0.10:6443"),
        (join("https://api.example:6443"), "unknown", "is unknown"),
        (both(join("https://api.example:6443"), lambda w: w.file("/etc/hosts", "192.168.0.10 Api.example\n")),
         "joined", ""),
        (both(join("https://api.example:6443"), lambda w: w.file("/etc/hosts", "10.1.1.1 api.example\n")),
         "foreign", ""),
        # kubelet behind edge-hub
        (join(HUB), "unknown", "edge-hub is unknown"),
        (both(join(HUB), hub("manifest", OURS)), "joined", OURS),
        (both(join("https://169.254.2.1:10268"), hub("manifest", OURS)), "joined", OURS),
        (both(join(HUB), hub("list", OURS)), "joined", OURS),
        (both(join(HUB), hub("json", OURS)), "joined", OURS),
        (both(join(HUB), hub("unit", OURS)), "joined", OURS),
        (both(join(HUB), hub("process", OURS)), "joined", OURS),
        (both(join(HUB), hub("process", f"{OTHER},{OURS}")), "joined", OURS),
        (both(join(HUB), hub("manifest", OTHER)), "foreign", "10.7.0.1"),
        # What runs counts, not what is left in a file.
        (both(join(HUB), hub("process", OTHER), hub("manifest", OURS)), "foreign", "10.7.0.1"),
        (both(join(HUB), hub("manifest", "https://127.0.0.1:6443")), "unknown", "is unknown"),
        (both(join(HUB), hub("manifest", "$(SERVER)")), "unknown", "edge-hub is unknown"),
        # the file that kubelet was started with
        (both(join(OTHER), kubeconfig("/var/lib/openyurt/kubelet.conf", HUB), hub("manifest", OURS)), "joined", OURS),
        # not readable, empty, two clusters, not there
        (both(join(), lambda w: (w.root / "etc/kubernetes/kubelet.conf").unlink(),
              lambda w: (w.root / "etc/kubernetes/kubelet.conf").mkdir()), "unknown", "kubelet.conf cannot be read"),
        (both(join(), lambda w: w.file("/etc/kubernetes/kubelet.conf", "\udcff".encode("utf-8", "replace").decode())),
         "unknown", "names no API server"),
        (both(join(), lambda w: w.file("/etc/kubernetes/kubelet.conf", f"# server: {OURS}\n")), "unknown", "names no"),
        (both(join(), lambda w: w.file("/etc/kubernetes/kubelet.conf", f"server: {OURS}\nserver: {OTHER}\n")),
         "unknown", "names 2 API servers"),
        (both(join(), lambda w: w.file("/etc/kubernetes/kubelet.conf", f'{{"cluster":{{"server":"{OURS}"}}}}')),
         "joined", OURS),
        (both(lambda w: w.file("/etc/kubernetes/bootstrap-kubelet.conf", f"    server: {OURS}\n"), join(None)),
         "unknown", "not registered yet"),
        (both(lambda w: w.file("/etc/kubernetes/bootstrap-kubelet.conf", f"    server: {OTHER}\n"), join(None)),
         "foreign", "10.7.0.1"),
        # no kubelet that runs
        (both(join(), stop("inactive")), "half_removed", "kubelet.service does not run"),
        (both(join(), stop("activating")), "half_removed", "kubelet.service does not run"),
        (both(lambda w: w.file("/var/lib/kubelet/config.yaml"), stop("none")), "half_removed", ""),
        (both(hub("process", OURS), stop("none")), "half_removed", ""),
        (both(lambda w: w.process(7, "k3s-agent"), stop("none")), "foreign", "k3s-agent"),
        (both(lambda w: w.process(7, "kubelet"), stop("none")), "unknown", "not kubelet.service"),
        # A Pod of the member may be a cluster of its own.
        (both(join(), lambda w: w.process(70, "k3s-server")), "joined", ""),
        (both(join(), lambda w: w.commands.pop(SHOW)), "unknown", "systemd"),
        (both(join(), lambda w: w.commands.pop("ss -l -t -u -n -p")), "unknown", "ss"),
    ],
)  # fmt: skip
def test_truth_table(world: World, change: Change, state: str, words: str) -> None:
    change(world)
    found = world.facts.membership(INPUTS)
    assert (found.state, words in found.reason) == (state, True), found


def test_without_an_api_server_nobody_is_a_member(world: World) -> None:
    join()(world)
    found = world.facts.membership({})
    assert (found.state, found.servers) == ("unknown", (OURS,))
    assert "api_server of this cluster is unknown" in found.reason


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("192.168.0.10", ("192.168.0.10", 6443)),
        ("192.168.0.10:443", ("192.168.0.10", 443)),
        ("Api.Example.:6443", ("api.example", 6443)),
        ("[fd00::1]:6443", ("fd00::1", 6443)),
        ("fd00::1", ("fd00::1", 6443)),
        ("[fd00::1]", ("fd00::1", 6443)),
    ],
)
def test_api_server(text: str, place: tuple[str, int]) -> None:
    assert membership.api_server(text) == place


@pytest.mark.parametrize("text", ["https://a:6443", "a:x", "a:0", "a b", "192.168.0.10\n"])
def test_what_is_not_a_valid_api_server(text: str) -> None:
    with pytest.raises(ValueError, match="give a"):
        membership.api_server(text)


def test_a_new_host_is_not_asked_for_units(world: World) -> None:
    assert world.facts.membership(INPUTS).state == "new"
    assert UNITS not in [argv[:2] for argv in world.ran]
