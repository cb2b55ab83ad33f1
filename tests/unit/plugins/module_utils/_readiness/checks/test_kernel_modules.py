# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import kernel_modules

MODULES = "/lib/modules/5.15.0-91-generic/modules.dep"


@pytest.fixture
def bare(world):
    """A kernel that has its modules on disk, and none of those that we look for."""
    for name in kernel_modules.ALWAYS + kernel_modules.USUALLY:
        world.commands[f"modprobe --dry-run --quiet {name}"] = (1, "")
    world.file("/proc/filesystems", "nodev\ttmpfs\n\text4\n")
    world.file(MODULES)
    return world


def missing(world):
    found = kernel_modules.run(world.facts, {})
    return found["status"], found["data"].get("missing")


def test_what_can_be_loaded_is_there(world):
    assert missing(world) == ("pass", [])


def test_what_can_not_be_loaded_fails(bare):
    assert missing(bare) == ("fail", ["br_netfilter", "overlay", "iptable_nat", "vxlan"])
    assert "kernel-modules-extra" in kernel_modules.run(bare.facts, {})["remedy"]


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("/proc/sys/net/bridge/bridge-nf-call-iptables", "1", "br_netfilter"),
        ("/proc/filesystems", "nodev\toverlay\n", "overlay"),
        ("/proc/net/ip_tables_names", "filter\nnat\n", "iptable_nat"),
        ("/sys/module/vxlan/refcnt", "0", "vxlan"),
    ],
)
def test_what_is_in_use_is_there(bare, path, text, name):
    bare.file(path, text)
    assert name not in missing(bare)[1]


def test_what_depends_on_the_mode_of_others_only_warns(bare):
    bare.file("/proc/filesystems", "nodev\toverlay\n")
    bare.file("/sys/module/br_netfilter/refcnt")
    assert missing(bare) == ("warn", ["iptable_nat", "vxlan"])


def test_a_container_cannot_tell(bare):
    (bare.root / MODULES.lstrip("/")).unlink()
    (bare.root / MODULES.lstrip("/")).parent.rmdir()
    assert missing(bare)[0] == "unproven"


def test_nor_can_a_node_without_modprobe(bare):
    for name in kernel_modules.ALWAYS + kernel_modules.USUALLY:
        del bare.commands[f"modprobe --dry-run --quiet {name}"]
    assert missing(bare)[0] == "unproven"


@pytest.mark.parametrize(
    ("name", "command", "status"),
    [("overlay", "/bin/false", "fail"), ("vxlan", "/bin/true", "warn"), ("br_netfilter", "/usr/bin/true", "fail")],
)
def test_a_module_that_is_switched_off_is_named_with_its_command(bare, name, command, status):
    for other in kernel_modules.ALWAYS + kernel_modules.USUALLY:
        bare.commands[f"modprobe --dry-run --quiet {other}"] = (0, "")
        bare.commands[f"modprobe --dry-run --verbose {other}"] = (0, f"insmod /lib/modules/x/{other}.ko.zst \n")
    assert missing(bare) == ("pass", [])
    bare.commands[f"modprobe --dry-run --verbose {name}"] = (0, f"insmod /lib/modules/x/llc.ko \ninstall {command} \n")
    assert missing(bare) == (status, [name])
    found = kernel_modules.run(bare.facts, {})
    assert f"{name} ('install ... {command}')" in found["summary"]
    bare.file(f"/sys/module/{name}/refcnt")
    assert name not in missing(bare)[1]


def test_an_install_line_that_loads_is_none(bare):
    for other in kernel_modules.ALWAYS + kernel_modules.USUALLY:
        bare.commands[f"modprobe --dry-run --quiet {other}"] = (0, "")
        bare.commands[f"modprobe --dry-run --verbose {other}"] = (
            0,
            "install /sbin/modprobe --ignore-install x; true \n",
        )
    assert missing(bare) == ("pass", [])


def test_a_kernel_that_loads_nothing_any_more(world):
    world.file("/proc/sys/kernel/modules_disabled", "1\n")
    assert missing(world) == ("fail", ["br_netfilter", "iptable_nat", "vxlan"])
    assert "kernel.modules_disabled is 1" in kernel_modules.run(world.facts, {})["summary"]
    for name in ("br_netfilter", "iptable_nat", "vxlan"):
        world.file(f"/sys/module/{name}/refcnt")
    assert missing(world) == ("pass", [])


def test_a_kernel_that_was_updated_and_not_restarted(bare):
    (bare.root / MODULES.lstrip("/")).unlink()
    (bare.root / MODULES.lstrip("/")).parent.rmdir()
    (bare.root / "lib/modules/5.15.0-80-generic").mkdir()  # what a kernel that was removed may leave
    assert missing(bare)[0] == "unproven"
    bare.file("/lib/modules/5.15.0-99-generic/modules.dep")
    assert missing(bare) == ("fail", ["br_netfilter", "overlay", "iptable_nat", "vxlan"])
    found = kernel_modules.run(bare.facts, {})
    assert "5.15.0-91-generic, are no longer on the disk, which has 5.15.0-99-generic" in found["summary"]
    assert found["remedy"] == "reboot the node into the installed kernel"


@pytest.fixture
def loadable(bare):
    """A kernel that would load all four, and has not loaded one."""
    for name in kernel_modules.ALWAYS + kernel_modules.USUALLY:
        bare.commands[f"modprobe --dry-run --quiet {name}"] = (0, "")
        bare.commands[f"modprobe --dry-run --verbose {name}"] = (0, f"insmod /lib/modules/x/{name}.ko.zst \n")
    for alias in ("rtnl-link-vxlan", "fs-overlay"):
        bare.commands[f"modprobe --dry-run --verbose {alias}"] = (0, "insmod /lib/modules/x/y.ko.zst \n")
    return bare


@pytest.mark.parametrize(
    "command", ["/usr/bin/false # CIS 1.1.1.6", "echo overlay is off", ":", "exit 1", "/sbin/nologin"]
)
def test_whatever_is_run_instead_of_loading_switches_a_module_off(loadable, command):
    assert missing(loadable) == ("pass", [])
    loadable.commands["modprobe --dry-run --verbose overlay"] = (0, f"install {command} \n")
    assert missing(loadable) == ("fail", ["overlay"])
    assert f"overlay ('install ... {command}')" in kernel_modules.run(loadable.facts, {})["summary"]


def test_ipvs_needs_more(loadable):
    found = kernel_modules.run(loadable.facts, {"proxy_mode": "iptables"})
    assert found["status"] == "pass"
    for name in ("ip_vs", "nf_conntrack"):
        loadable.commands[f"modprobe --dry-run --quiet {name}"] = (0, "")
    loadable.commands["modprobe --dry-run --quiet ip_vs_rr"] = (1, "")
    found = kernel_modules.run(loadable.facts, {"proxy_mode": "ipvs"})
    assert (found["status"], found["data"]["missing"]) == ("warn", ["ip_vs_rr"])
    loadable.commands["modprobe --dry-run --quiet ip_vs_rr"] = (0, "")
    assert "ip_vs_rr, nf_conntrack" in kernel_modules.run(loadable.facts, {"proxy_mode": "ipvs"})["summary"]


def test_the_command_line_of_the_kernel_forbids(loadable):
    loadable.file("/proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/sda1 module_blacklist=floppy,br-netfilter ro\n")
    assert missing(loadable) == ("fail", ["br_netfilter"])
    assert "reboot" in kernel_modules.run(loadable.facts, {})["remedy"]
    loadable.file("/proc/cmdline", "modprobe.module_blacklist=overlay x_module_blacklist=overlay\n")
    assert missing(loadable) == ("pass", [])


@pytest.mark.parametrize(
    ("path", "text", "status"),
    [
        ("/sys/kernel/security/lockdown", "none [integrity] confidentiality\n", "warn"),
        ("/sys/kernel/security/lockdown", "[none] integrity confidentiality\n", "pass"),
        ("/sys/module/module/parameters/sig_enforce", "Y\n", "warn"),
        ("/sys/module/module/parameters/sig_enforce", "N\n", "pass"),
    ],
)
def test_a_locked_kernel_takes_signed_modules(loadable, path, text, status):
    for name in kernel_modules.ALWAYS + kernel_modules.USUALLY:
        loadable.commands[f"modinfo -F sig_hashalgo {name}"] = (0, "" if name == "vxlan" else "sha256\n")
    loadable.file(path, text)
    assert missing(loadable)[0] == status


def test_a_blacklist_hides_a_module_from_the_kernel(loadable):
    loadable.commands["modprobe --dry-run --verbose rtnl-link-vxlan"] = (0, "")
    assert missing(loadable) == ("warn", ["vxlan"])
    assert "blacklist" in kernel_modules.run(loadable.facts, {})["summary"]
    # Built in, modprobe has nothing to do by either name.
    loadable.commands["modprobe --dry-run --verbose vxlan"] = (0, "")
    assert missing(loadable) == ("pass", [])


def test_what_a_kernel_that_was_removed_left_is_no_module(bare):
    (bare.root / MODULES.lstrip("/")).unlink()
    bare.file("/lib/modules/5.15.0-91-generic/updates/dkms/nvidia.ko")
    bare.file("/lib/modules/5.15.0-99-generic/modules.dep")
    assert missing(bare)[0] == "fail"
    assert "5.15.0-99-generic" in kernel_modules.run(bare.facts, {})["summary"]


def test_a_kernel_that_will_load_nothing_after_a_reboot(loadable):
    loadable.file("/etc/sysctl.d/99-hardening.conf", "kernel.modules_disabled = 1\n")
    assert missing(loadable) == ("warn", [])
    assert "99-hardening.conf sets kernel.modules_disabled" in kernel_modules.run(loadable.facts, {})["summary"]
    loadable.file("/etc/sysctl.d/99-hardening.conf", "kernel.modules_disabled = 0\n")
    assert missing(loadable) == ("pass", [])


def test_a_blacklist_hides_a_module_from_modules_load(loadable):
    asked = "modprobe --dry-run --verbose --use-blacklist br_netfilter"
    loadable.commands[asked] = (0, "insmod /lib/modules/x/br_netfilter.ko.zst \n")
    assert missing(loadable) == ("pass", [])
    loadable.commands[asked] = (0, "")
    assert missing(loadable) == ("warn", ["br_netfilter"])
    assert kernel_modules.run(loadable.facts, {})["reproduce"] == asked
