# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of a cluster, made of the files that kubeadm, OpenYurt and edge-hub write."""

from __future__ import annotations

import json
from collections.abc import Callable

from fakes.readiness import World

OURS, HUB = "https://192.168.0.10:6443", "http://127.0.0.1:10261"
UNITS = ["systemctl", "show"]
SHOW = (
    "systemctl show -p Id -p LoadState -p ActiveState -p UnitFileState -p ConditionResult "
    "-p ConditionTimestampMonotonic -p MainPID -p ExecStart kubelet.service"
)
PID = 912
_CONFIG = """\
apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: LS0t
    server: {server}
  name: default-cluster
contexts:
- context:
    cluster: default-cluster
    user: default-auth
  name: default-context
current-context: default-context
kind: Config
"""


def _unit(active: str, pid: int, load: str = "loaded") -> tuple[int, str]:
    return 0, f"Id=kubelet.service\nLoadState={load}\nActiveState={active}\nUnitFileState=enabled\nMainPID={pid}\n"


def join(server: str | None = OURS) -> Callable[[World], None]:
    """A kubelet that runs, with a kubeconfig that names a server; None for no kubeconfig."""

    def change(world: World) -> None:
        world.file("/etc/systemd/system/kubelet.service", "[Service]\nExecStart=/usr/bin/kubelet $KUBELET_ARGS\n")
        world.file("/var/lib/kubelet/config.yaml", "kind: KubeletConfiguration\n")
        if server is not None:
            world.file("/etc/kubernetes/kubelet.conf", _CONFIG.format(server=server))
        world.process(PID, "kubelet")
        world.file(f"/proc/{PID}/cmdline", "/usr/bin/kubelet\0--kubeconfig=/etc/kubernetes/kubelet.conf\0--v=2\0")
        world.commands[SHOW] = _unit("active", PID)

    return change


def kubeconfig(path: str, server: str) -> Callable[[World], None]:
    """A kubelet that was started with another kubeconfig."""

    def change(world: World) -> None:
        world.file(path, _CONFIG.format(server=server))
        world.file(f"/proc/{PID}/cmdline", f"/usr/bin/kubelet\0--kubeconfig\0{path}\0")

    return change


def stop(active: str) -> Callable[[World], None]:
    """A kubelet that does not run: inactive, activating (systemd restarts it), or none that systemd knows."""

    def change(world: World) -> None:
        if active != "none":
            (world.root / f"proc/{PID}/comm").unlink()
        world.commands[SHOW] = _unit(active, 0) if active != "none" else _unit("inactive", 0, "not-found")

    return change


def hub(form: str, server: str) -> Callable[[World], None]:
    """edge-hub, where its address is in one of the forms that it has."""

    def change(world: World) -> None:
        manifest = "/etc/kubernetes/manifests/yurt-hub.yaml"
        command = "    command:\n    - yurthub\n    - --v=2\n    "
        if form == "manifest":
            world.file(manifest, f"spec:\n  containers:\n{command}- --server-addr={server}\n    - --node-name=$(N)\n")
        elif form == "list":
            world.file(manifest, f'spec:\n  containers:\n{command}- --server-addr\n    - "{server}"\n    - --v=2\n')
        elif form == "json":
            world.file(
                manifest.replace(".yaml", ".json"), json.dumps({"command": ["yurthub", "--server-addr", server]})
            )
        elif form == "unit":
            world.file(
                "/etc/systemd/system/edge-hub.service", "[Service]\nExecStart=/usr/bin/edge-hub $EDGE_HUB_ARGS\n"
            )
            world.file("/etc/systemd/system/edge-hub.service.d/10-edge-hub.conf",
                       f'[Service]\nEnvironment="EDGE_HUB_ARGS=--server-addr={server} --v=2"\n')  # fmt: skip
        else:
            world.process(PID + 1, "edge-hub")
            world.file(f"/proc/{PID + 1}/cmdline", f"/usr/bin/edge-hub\0--v=2\0--server-addr={server}\0")

    return change
