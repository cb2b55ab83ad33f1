# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check kernel_modules: what containers, Services and flannel need of the kernel; small images lack some."""

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, UNPROVEN, WARN, verdict

ID = "kernel_modules"
TITLE = "kernel modules"

# Nothing starts without these two; the others are needed by kube-proxy and by flannel, depending on their mode.
ALWAYS = ("br_netfilter", "overlay")
USUALLY = ("iptable_nat", "vxlan")


def run(facts, inputs):
    """Fail where a module is neither in use nor to be had; none is loaded for it."""
    modules = f"/lib/modules/{(facts.node.read('/proc/sys/kernel/osrelease') or '').strip()}"
    lacking = [name for name in ALWAYS + USUALLY if not _in_use(facts.node, name)]
    # As loading would go, with the modules that it depends on, but without loading.
    tried = {name: facts.node.run(["modprobe", "--dry-run", "--quiet", name]).rc for name in lacking}
    lacking = [name for name in lacking if tried[name] != 0]
    reproduce = f"modprobe --dry-run --verbose {(lacking or ALWAYS)[0]}"
    if lacking and (127 in tried.values() or not facts.node.exists(modules)):
        return verdict(
            ID,
            UNPROVEN,
            f"whether the kernel has {', '.join(lacking)} cannot be told: there is no modprobe, or no {modules}",
            "look at the machine that this kernel belongs to; a container has none of its own",
            reproduce,
            missing=lacking,
        )
    if lacking:
        needed = any(name in ALWAYS for name in lacking)
        return verdict(
            ID,
            FAIL if needed else WARN,
            f"the kernel lacks {', '.join(lacking)}",
            "install the package with the further modules of this kernel (kernel-modules-extra, "
            "linux-modules-extra), or another kernel",
            reproduce,
            missing=lacking,
        )
    return verdict(ID, PASS, f"the kernel has {', '.join(ALWAYS + USUALLY)}", reproduce=reproduce, missing=[])


def _in_use(node, name):
    """Return whether a module is loaded, or built in where that can be seen."""
    signs = {
        "br_netfilter": node.exists("/proc/sys/net/bridge"),
        "overlay": "overlay" in (node.read("/proc/filesystems") or "").split(),
        "iptable_nat": "nat" in (node.read("/proc/net/ip_tables_names") or "").split(),
    }
    return signs.get(name, False) or node.exists(f"/sys/module/{name}")
