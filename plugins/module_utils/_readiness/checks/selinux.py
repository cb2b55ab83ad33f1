# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check selinux: containers are denied their files where it enforces and no policy for them is installed."""

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "selinux"
TITLE = "SELinux"

_ENFORCE = "/sys/fs/selinux/enforce"
# What container-selinux brings, wherever a distribution keeps the modules of its policy.
_CONTAINER_MODULES = (
    "/usr/share/selinux/packages/container.pp.bz2",
    "/var/lib/selinux/targeted/active/modules/200/container",
    "/etc/selinux/targeted/active/modules/200/container",
)


def run(facts, inputs):
    """Warn where SELinux enforces; data.mode is enforcing, permissive or disabled."""
    enforce = facts.node.read(_ENFORCE)
    if enforce is None:
        return verdict(ID, PASS, "SELinux is disabled", reproduce="getenforce", mode="disabled")
    if enforce.strip() != "1":
        return verdict(ID, PASS, "SELinux is permissive", reproduce="getenforce", mode="permissive")
    known = any(facts.node.exists(path) for path in _CONTAINER_MODULES)
    policy = "a policy for containers is installed" if known else "no policy for containers is installed"
    return verdict(
        ID,
        WARN,
        f"SELinux is enforcing, {policy}; the vendor does not say what edgeadm does about it",
        "install container-selinux before the join; if Pods still cannot access their files, set it to permissive "
        "(SELINUX=permissive in /etc/selinux/config, and setenforce 0)",
        "getenforce",
        mode="enforcing",
        container_policy=known,
    )
