# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check kernel_modules: what containers, Services and flannel need of the kernel; small images lack some."""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._system import sysctl
from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, UNPROVEN, WARN, verdict

ID = "kernel_modules"
TITLE = "kernel modules"

# Nothing starts without these two; the others are needed by kube-proxy and by flannel, depending on their mode.
ALWAYS = ("br_netfilter", "overlay")
USUALLY = ("iptable_nat", "vxlan")
IPVS = ("ip_vs", "ip_vs_rr", "nf_conntrack")
_DISABLED = "/proc/sys/kernel/modules_disabled"
# What modprobe would run instead of loading; one that loads nothing is how hardening guides switch a module off.
_INSTEAD = re.compile(r"^install (.*\S)", re.MULTILINE)
_LOADS = re.compile(r"\b(?:modprobe|insmod)\b")
_CMDLINE = "/proc/cmdline"
_KERNEL_BLACKLIST = re.compile(r"(?:^|\s)module_blacklist=(\S+)")
_LOCKDOWN = "/sys/kernel/security/lockdown"
_SIGNED_ONLY = "/sys/module/module/parameters/sig_enforce"
# By these the kernel asks for a module when something is used; the other two are loaded by name, by services.
_ALIASES = {"vxlan": "rtnl-link-vxlan", "overlay": "fs-overlay"}


def run(facts, inputs):
    """Fail where a module is neither in use nor to be had; none is loaded for it."""
    node = facts.node
    wanted = ALWAYS + USUALLY + (IPVS if inputs.get("proxy_mode") == "ipvs" else ())
    unused = [name for name in wanted if not _in_use(node, name)]
    if unused and (node.read(_DISABLED) or "").strip() == "1":
        return _lacking(
            unused,
            f"kernel.modules_disabled is 1, so {', '.join(unused)} cannot be loaded until the node reboots",
            "remove kernel.modules_disabled from the sysctl files and reboot the node, or load these modules earlier "
            "at boot",
            f"cat {_DISABLED}",
        )
    # As loading would go, with the modules that it depends on, but without loading.
    tried = {name: node.run(["modprobe", "--dry-run", "--quiet", name]).rc for name in unused}
    lacking = [name for name in unused if tried[name] != 0]
    if lacking:
        return _not_there(node, lacking, no_modprobe=127 in tried.values())
    off = {name: command for name, command in ((name, _instead(node, name)) for name in unused) if command}
    if off:
        said = "; ".join(f"{name} ('install ... {command}')" for name, command in off.items())
        return _lacking(
            list(off),
            f"the configuration of modprobe disables modules that are needed: {said}",
            f"remove these lines from /etc/modprobe.d (grep -r install /etc/modprobe.d): {', '.join(off)}",
            f"modprobe --dry-run --verbose {next(iter(off))}",
        )
    refused = _refused(node, unused) or _shut_at_boot(node)
    if refused:
        return refused
    return verdict(
        ID,
        PASS,
        f"the kernel has {', '.join(wanted)}",
        reproduce=f"modprobe --dry-run --verbose {ALWAYS[0]}",
        missing=[],
    )


def _refused(node, unused):
    """Return the verdict where the kernel or modprobe refuses modules that are there, None where they do not."""
    listed = _KERNEL_BLACKLIST.findall(node.read(_CMDLINE) or "")
    banned = {name.replace("-", "_") for names in listed for name in names.split(",")}
    off = [name for name in unused if name in banned]
    if off:
        return _lacking(
            off,
            f"the kernel command line blocks loading of {', '.join(off)} (module_blacklist)",
            "remove them from module_blacklist in the configuration of the boot loader, and reboot the node",
            f"cat {_CMDLINE}",
        )
    unsigned = [name for name in unused if _signed_only(node) and not _is_signed(node, name)]
    if unsigned:
        return _lacking(
            unsigned,
            f"the kernel loads signed modules only (lockdown), and {', '.join(unsigned)} is not signed",
            "install the modules that the distribution has signed for this kernel, or disable Secure Boot",
            f"cat {_LOCKDOWN}; modinfo {unsigned[0]}",
        )
    # A blacklist hides a module from its aliases, and from modules-load.d: modprobe ends well and loads nothing.
    hidden = [name for name in unused if (name in ALWAYS or name in _ALIASES) and _is_hidden(node, name)]
    if hidden:
        return verdict(
            ID,
            WARN,
            f"the configuration of modprobe has {', '.join(hidden)} on its blacklist, so neither modules-load.d "
            "nor the kernel loads it",
            f"remove the blacklist line from /etc/modprobe.d (grep -r blacklist /etc/modprobe.d): {', '.join(hidden)}",
            " ".join(_as_asked_for(hidden[0])),
            missing=hidden,
        )
    return None


def _shut_at_boot(node):
    found = sysctl.setting(sysctl.at_boot(node), "kernel/modules_disabled")
    if not found or found.value != "1":
        return None
    return verdict(
        ID,
        WARN,
        f"{found.path} sets kernel.modules_disabled to 1 at boot, so modules that are not loaded by then cannot be "
        "loaded",
        f"remove it from {found.path}, or list the modules in a file of /etc/modules-load.d",
        f"grep modules_disabled {found.path}",
        missing=[],
    )


def _signed_only(node):
    locked = re.search(r"\[(\w+)\]", node.read(_LOCKDOWN) or "")
    return bool(locked and locked.group(1) != "none") or (node.read(_SIGNED_ONLY) or "").strip() == "Y"


def _is_signed(node, name):
    """Return whether a module has a signature; where modinfo does not say, nothing speaks against it."""
    done = node.run(["modinfo", "-F", "sig_hashalgo", name])
    return done.rc != 0 or bool(done.out.strip())


def _is_hidden(node, name):
    """Return whether modprobe would load a module by its name and not as others ask; if built in, neither way."""
    done = node.run(_as_asked_for(name))
    if done.rc != 0 or done.out.strip():
        return False
    return bool(node.run(["modprobe", "--dry-run", "--verbose", name]).out.strip())


def _as_asked_for(name):
    """Return the command that loads a module as the kernel asks for it, or the service of modules-load.d."""
    words = [_ALIASES[name]] if name in _ALIASES else ["--use-blacklist", name]
    return ["modprobe", "--dry-run", "--verbose", *words]


def _lacking(missing, summary, remedy, reproduce):
    status = FAIL if any(name in ALWAYS for name in missing) else WARN
    return verdict(ID, status, summary, remedy, reproduce, missing=missing)


def _not_there(node, lacking, no_modprobe):
    """Return the verdict where modprobe does not find modules, or is not there."""
    release = (node.read("/proc/sys/kernel/osrelease") or "").strip()
    reproduce = f"modprobe --dry-run --verbose {lacking[0]}"
    others = [name for name in node.listdir("/lib/modules") if node.exists(f"/lib/modules/{name}/modules.dep")]
    here = release in others
    if not here and others:
        return _lacking(
            lacking,
            f"the modules of the running kernel, {release}, are no longer on the disk, which has {', '.join(others)}: "
            f"the kernel was updated without a reboot, so {', '.join(lacking)} cannot be loaded",
            "reboot the node into the installed kernel",
            "uname -r; ls /lib/modules",
        )
    if no_modprobe or not here:
        return verdict(
            ID,
            UNPROVEN,
            f"whether the kernel has {', '.join(lacking)} is unknown: modprobe or /lib/modules/{release} is missing",
            "check the host that this kernel belongs to; a container has no kernel of its own",
            reproduce,
            missing=lacking,
        )
    return _lacking(
        lacking,
        f"the kernel lacks {', '.join(lacking)}",
        "install the package with the extra modules of this kernel (kernel-modules-extra, linux-modules-extra), or "
        "another kernel",
        reproduce,
    )


def _instead(node, name):
    """Return the command that does nothing and that modprobe would run instead of loading, '' if there is none."""
    found = _INSTEAD.findall(node.run(["modprobe", "--dry-run", "--verbose", name]).out)
    return next((command for command in found if not _LOADS.search(command)), "")


def _in_use(node, name):
    """Return whether a module is loaded, or built in where that can be seen."""
    signs = {
        "br_netfilter": node.exists("/proc/sys/net/bridge"),
        "overlay": "overlay" in (node.read("/proc/filesystems") or "").split(),
        "iptable_nat": "nat" in (node.read("/proc/net/ip_tables_names") or "").split(),
    }
    return signs.get(name, False) or node.exists(f"/sys/module/{name}")
