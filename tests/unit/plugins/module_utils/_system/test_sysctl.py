# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What wins at boot, as sysctl.d(5) has it."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.ack_edge.node.plugins.module_utils._node import Node
from ansible_collections.ack_edge.node.plugins.module_utils._system import sysctl


def read(root: Path, **files: str) -> dict:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return sysctl.at_boot(Node(root=str(root)))


def test_the_later_name_wins_and_sysctl_conf_is_last(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        **{"usr/lib/sysctl.d/10-a.conf": "a.b = 1\nc.d=1\ne.f=1\n", "etc/sysctl.d/20-b.conf": "c.d = 2\n e/f=2\n"},
        **{"etc/sysctl.conf": "e.f=3\n"},
    )
    assert {key: one.value for key, one in found.items()} == {"a/b": "1", "c/d": "2", "e/f": "3"}
    assert found["c/d"].path == "/etc/sysctl.d/20-b.conf"


def test_a_file_of_the_same_name_hides_that_of_a_package(tmp_path: Path) -> None:
    found = read(tmp_path, **{"usr/lib/sysctl.d/10-a.conf": "a.b = 1\n", "etc/sysctl.d/10-a.conf": "# nothing\n"})
    assert sysctl.setting(found, "a/b") is None


def test_dots_in_names_and_wildcards(tmp_path: Path) -> None:
    text = "net.ipv4.conf.*.x = 1\n-net.ipv4.conf.eth0/5.x=2\nnet/ipv4/conf/eth0.6/x=3\n; a.b=1\nnonsense\n"
    found = read(tmp_path, **{"etc/sysctl.d/1.conf": text, "etc/sysctl.d/2.txt": "a.b=1\n"})
    values = [sysctl.setting(found, f"net/ipv4/conf/{name}/x").value for name in ("eth0.5", "eth0.6", "all")]
    assert values == ["2", "3", "1"]
    assert sysctl.setting(found, "a/b") is None


def test_a_link_to_sysctl_conf_is_read_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "etc/sysctl.d").mkdir(parents=True)
    (tmp_path / "etc/sysctl.d/99-sysctl.conf").symlink_to("../sysctl.conf")
    found = read(tmp_path, **{"etc/sysctl.conf": "a.b=1\nc.d=1\n", "etc/sysctl.d/zz-site.conf": "a.b=0\n"})
    assert {key: one.value for key, one in found.items()} == {"a/b": "0", "c/d": "1"}
    assert list(found) == ["c/d", "a/b"]


def test_the_kernel_takes_the_number_before_a_comment(tmp_path: Path) -> None:
    found = read(tmp_path, **{"etc/sysctl.d/60.conf": "a.b = 0 # CIS 3.1.1\nc.d =\n"})
    assert {key: one.value for key, one in found.items()} == {"a/b": "0", "c/d": ""}
