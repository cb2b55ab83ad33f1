# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import hashlib
import io
import tarfile

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.base import PackageFile
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import archive
from hypothesis import given
from hypothesis import strategies as st


def pack(path, *entries):
    with tarfile.open(path, "w") as packed:
        for name, kind in entries:
            entry = tarfile.TarInfo(name)
            entry.type, entry.size, entry.linkname = kind, 1 if kind == tarfile.REGTYPE else 0, "/etc/passwd"
            packed.addfile(entry, io.BytesIO(b"x"))
    return str(path)


def test_only_package_files_and_nowhere_else(tmp_path):
    into = tmp_path / "a" / "b"
    into.mkdir(parents=True)
    path = pack(
        tmp_path / "x.tar",
        ("../../up.deb", tarfile.REGTYPE),
        ("/abs.deb", tarfile.REGTYPE),
        ("link.deb", tarfile.SYMTYPE),
        ("folder.deb", tarfile.DIRTYPE),
        ("notes.txt", tarfile.REGTYPE),
    )
    assert archive.unpack(path, str(into), ".deb") == [str(into / "abs.deb"), str(into / "up.deb")]
    assert sorted(item.name for item in tmp_path.rglob("*")) == ["a", "abs.deb", "b", "up.deb", "x.tar"]


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([("a/x.deb", tarfile.REGTYPE), ("b/x.deb", tarfile.REGTYPE)], "two files x.deb"),
        ([("x.rpm", tarfile.REGTYPE)], r"no file \*.deb"),
    ],
)
def test_archives_that_do_not_suit(tmp_path, entries, message):
    with pytest.raises(NodeError, match=message):
        archive.unpack(pack(tmp_path / "x.tar", *entries), str(tmp_path), ".deb")


@given(content=st.binary(max_size=2000))
def test_anything_else_is_an_error_of_ours(tmp_path_factory, content):
    directory = tmp_path_factory.mktemp("bundle")
    (directory / "x.tar").write_bytes(content)
    with pytest.raises(NodeError, match="the packages"):
        archive.unpack(str(directory / "x.tar"), str(directory), ".deb")


def test_a_full_disk(tmp_path):
    with pytest.raises(NodeError, match=r"cannot be unpacked into .*: .*No space left"):
        path = pack(tmp_path / "x.tar", ("full", tarfile.REGTYPE))
        archive.unpack(path, "/dev", "full")
    with pytest.raises(NodeError, match=r"cannot be fetched into /dev/full: .*No space left"):
        archive.save(io.BytesIO(b"x"), "/dev/full", "sha256:", "http://a/b")


def test_what_is_fetched_must_be_what_was_meant(tmp_path):
    checksum = "sha256:" + hashlib.sha256(b"abc").hexdigest()
    archive.save(io.BytesIO(b"abc"), str(tmp_path / "a"), checksum, "it")
    assert (tmp_path / "a").read_bytes() == b"abc"
    with pytest.raises(NodeError, match="it has the checksum"):
        archive.save(io.BytesIO(b"abd"), str(tmp_path / "a"), checksum, "it")


def file(name, *requires, provides=()):
    return PackageFile(f"/{name}", name, "all", set(provides), [group.split("|") for group in requires])


def select(found, wanted, installed=()):
    return archive.select(found, wanted, lambda names: [name for name in names if name not in installed])


def test_what_is_wanted_with_what_it_depends_on():
    found = [
        file("socat", "libc6", "libwrap0"),
        file("libwrap0", "libnsl2"),
        file("libnsl2"),
        file("libc6"),
        file("ntp"),
    ]
    assert select(found, ["socat"], installed=["libc6"]) == ["/libnsl2", "/libwrap0", "/socat"]


def test_what_a_package_stands_in_for():
    found = [file("iptables-nft", provides=["ebtables", "iptables"]), file("tool", "ebtables")]
    assert select(found, ["ebtables", "iptables"]) == ["/iptables-nft"]
    assert select(found, ["tool"]) == ["/iptables-nft", "/tool"]


@pytest.mark.parametrize(
    ("installed", "paths"), [([], ["/b", "/tool"]), (["a"], ["/tool"]), (["c"], ["/tool"]), (["b"], ["/tool"])]
)
def test_one_of_several_does(installed, paths):
    assert select([file("tool", "a|b|c"), file("b"), file("c")], ["tool"], installed) == paths


def test_two_versions():
    with pytest.raises(NodeError, match="more than one version of socat"):
        select([file("socat"), file("socat")], ["socat"])


NAMES = st.sampled_from(["a", "b", "c", "d", "e"])


@given(st.dictionaries(NAMES, st.lists(NAMES, max_size=3)), st.sets(NAMES), st.sets(NAMES))
def test_laws(there, wanted, installed):
    """Also where packages depend on each other in a ring."""
    found = [file(name, *requires) for name, requires in there.items()]
    if not wanted <= there.keys():
        with pytest.raises(NodeError, match="do not include"):
            select(found, sorted(wanted), installed)
        return
    chosen = {path[1:] for path in select(found, sorted(wanted), installed)}
    assert wanted <= chosen <= there.keys()
    assert not (chosen - wanted) & installed
    needed = {name for item in chosen for name in there[item]}
    assert needed & there.keys() <= chosen | installed
    assert chosen - wanted <= needed
