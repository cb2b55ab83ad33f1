# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real apt-get and dpkg in a root of their own, with packages that are made here: what is refused, and how.

Nothing of the machine is touched: APT_CONFIG and DPKG_ROOT lead every command into the root.
"""

from __future__ import annotations

import email.utils
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Node, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system_tools import run as engine

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not all(map(shutil.which, ("apt-get", "dpkg", "dpkg-deb"))), reason="needs root and apt"
)

TOOLS = [
    {
        "name": name,
        "commands": [name],
        "packages": {"debian": [name]},
        "alternatives": [],
        "displaces": {},
        "replaces": {},
    }
    for name in ("socat", "conntrack")
]
PARAMS = {
    "system_tools": TOOLS,
    "state": "present",
    "source": "repository",
    "directory": None,
    "url": None,
    "checksum": None,
    "archive": None,
}
CONF = """Dir "{root}";
Dir::State::status "{root}/var/lib/dpkg/status";
DPkg::Options {{ "--root={root}"; "--force-script-chrootless"; "--force-unsafe-io"; "--log={root}/dpkg.log"; }};
APT::Architecture "amd64";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "0";
"""


class Root:
    """A Debian that has nothing but apt; ``offer`` puts a package into its repository."""

    def __init__(self, root: Path):
        self.root, self.index = root, ""
        for name in (
            "etc/apt/preferences.d",
            "etc/apt/apt.conf.d",
            "var/lib/dpkg/info",
            "var/lib/dpkg/updates",
            "repo",
        ):
            (root / name).mkdir(parents=True)
        for name in ("var/lib/apt/lists/partial", "var/cache/apt/archives/partial", "var/log/apt", "run", "usr/bin"):
            (root / name).mkdir(parents=True)
        (root / "var/lib/dpkg/status").touch()
        (root / "etc/os-release").write_text("ID=debian\nVERSION_ID=12\n")
        (root / "apt.conf").write_text(CONF.format(root=root))
        self.sources(f"deb [trusted=yes] file:{root}/repo ./")
        self.offer("libwrap0")
        self.offer("socat", "Depends: libwrap0\n", files=["usr/bin/socat"])
        self.offer("conntrack", files=["usr/bin/conntrack"])

    def sources(self, text: str) -> None:
        (self.root / "etc/apt/sources.list").write_text(text + "\n")

    def build(self, name: str, fields: str = "", version: str = "1.0", postinst: str = "", files=()) -> Path:
        tree = Path(tempfile.mkdtemp(dir=self.root)) / name
        (tree / "DEBIAN").mkdir(parents=True)
        control = f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: x <x@idc.example>\n{fields}"
        (tree / "DEBIAN/control").write_text(control + f"Description: {name}\n")
        if postinst:
            (tree / "DEBIAN/postinst").write_text(f"#!/bin/sh\n{postinst}\n")
            (tree / "DEBIAN/postinst").chmod(0o755)
        for path in files:
            (tree / path).parent.mkdir(parents=True)
            (tree / path).write_text("#!/bin/sh\n")
            (tree / path).chmod(0o755)
        file = tree.parent / f"{name}_{version}.deb"
        subprocess.run(
            ["dpkg-deb", "-Znone", "--root-owner-group", "--build", tree, file], check=True, capture_output=True
        )
        return file

    def offer(self, name: str, fields: str = "", version: str = "1.0", postinst: str = "", files=()) -> None:
        file = self.build(name, fields, version, postinst, files)
        file = file.rename(self.root / "repo" / file.name)
        shown = subprocess.run(["dpkg-deb", "--field", file], check=True, capture_output=True, text=True).stdout
        digest = subprocess.run(["sha256sum", file], check=True, capture_output=True, text=True).stdout.split()[0]
        self.index += f"{shown}Filename: ./{file.name}\nSize: {file.stat().st_size}\nSHA256: {digest}\n\n"
        (self.root / "repo/Packages").write_text(self.index)

    def have(self, name: str, fields: str = "", version: str = "1.0", postinst: str = "", files=()) -> None:
        """Put a package of the site onto the node."""
        file = self.build(name, fields, version, postinst, files)
        argv = ["dpkg", "--force-script-chrootless", "--force-unsafe-io", "--install", file]
        subprocess.run(argv, check=False, capture_output=True)

    def status(self) -> str:
        return subprocess.run(["dpkg-query", "--show"], check=False, capture_output=True, text=True).stdout

    def run(self, check_mode: bool = False):
        return engine.run(Node(root=str(self.root)), PARAMS, check_mode)

    def refused(self) -> str:
        """Return what the module says, the same in check mode, while nothing is changed."""
        before, said = self.status(), []
        for check_mode in (False, True):
            with pytest.raises(NodeError) as caught:
                self.run(check_mode)
            assert not caught.value.changed
            assert str(caught.value).endswith("Nothing has been changed.")
            said.append(str(caught.value))
        assert self.status() == before
        return said[0]


def fetch() -> None:
    """Fetch the lists of packages, as a node that was installed has done."""
    subprocess.run(["apt-get", "-qq", "update"], check=True, capture_output=True)


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
    monkeypatch.setenv("DPKG_ROOT", str(tmp_path))
    return Root(tmp_path)


def test_it_installs_and_check_mode_asks_first(root):
    fetch()
    cache = root.root / "var/cache/apt/pkgcache.bin"
    cache.unlink(missing_ok=True)
    predicted = root.run(check_mode=True)
    assert (predicted["changed"], root.status(), cache.exists()) == (True, "", False)
    assert "would be installed" in predicted["results"][0]["summary"]
    assert root.run()["diff"] == predicted["diff"]
    assert {line.split()[0] for line in root.status().splitlines()} == {"socat", "libwrap0", "conntrack"}


def test_a_held_package(root):
    fetch()
    subprocess.run(["apt-mark", "hold", "socat", "conntrack"], check=True, capture_output=True)
    said = root.refused()
    assert "The following held packages will be changed: conntrack socat" in said
    assert "run 'apt-mark unhold conntrack socat'" in said
    assert "configure a repository on the node" not in said


@pytest.mark.parametrize("pinned", ["socat conntrack", "libwrap0"])
def test_a_pin_that_hides_it(root, pinned):
    pin = f"Package: {pinned}\nPin: release *\nPin-Priority: -1\n"
    (root.root / "etc/apt/preferences.d/00-baseline").write_text(pin)
    said = root.refused()
    for name in pinned.split():
        assert f"{name} is hidden by a pin in /etc/apt/preferences" in said
    assert "configure a repository on the node" not in said


def test_a_dependency_that_nobody_has(root):
    root.offer("libodd", version="2.0")
    root.offer("socat", "Depends: libodd (>= 3)\n", "2.0", files=["usr/bin/socat"])
    with pytest.raises(NodeError, match=r"socat : Depends: libodd \(>= 3\) but ") as caught:
        root.run()
    assert "a dependency is not available" in str(caught.value)
    # Fetched anew, the lists may have it: check mode leaves that open.
    assert "if the repositories have it" in root.run(check_mode=True)["results"][0]["summary"]


def test_a_package_of_the_site_that_is_half_configured(root):
    root.have("siteagent", postinst="exit 1")
    assert "packages of this node are not completely installed: siteagent" in (said := root.refused())
    assert "find out why siteagent cannot be configured" in said


def test_a_package_of_the_site_that_breaks_while_ours_are_installed(root):
    root.have("siteagent", postinst='test -z "$FAILS"')
    trigger = root.root / "var/lib/dpkg/info/siteagent.triggers"
    trigger.write_text("interest-noawait /usr/bin\n")
    (root.root / "var/lib/dpkg/triggers").mkdir(exist_ok=True)
    (root.root / "var/lib/dpkg/triggers/File").write_text("/usr/bin siteagent/noawait\n")
    os.environ["FAILS"] = "1"
    try:
        with pytest.raises(NodeError) as caught:
            root.run()
    finally:
        del os.environ["FAILS"]
    said = str(caught.value)
    assert caught.value.changed
    assert said.startswith("socat, conntrack can be used now, but the package manager ended with an error: ")
    assert "Errors were encountered while processing: siteagent" in said
    assert "find out why siteagent cannot be configured" in said
    assert "Nothing has been changed" not in said


def test_one_that_would_have_to_go(root):
    root.have("site-relay")
    root.offer("socat", "Conflicts: site-relay\n", "2.0", files=["usr/bin/socat"])
    fetch()
    assert "would remove site-relay for it" in (said := root.refused())
    assert "decide which of them this node needs" in said


def test_one_that_gets_another_version_is_named(root):
    root.have("libwrap0")
    root.offer("libwrap0", version="2.0")
    root.offer("socat", "Depends: libwrap0 (>= 2)\n", "2.0", files=["usr/bin/socat"])
    fetch()
    predicted, done = root.run(check_mode=True), root.run()
    assert predicted["diff"] == done["diff"]
    assert "other version: libwrap0 1.0 to 2.0" in done["diff"]["after"]
    item = done["results"][-1]
    assert (item["check"], item["status"]) == ("system_tools", "warn")
    assert "libwrap0 1.0 to 2.0: got another version" in item["summary"]


def test_a_file_that_another_package_owns(root):
    root.have("site-docs", files=["usr/bin/socat"])
    (root.root / "usr/bin/socat").unlink()
    with pytest.raises(
        NodeError, match=r"trying to overwrite '/usr/bin/socat', which is also in package site-docs"
    ) as told:
        root.run()
    assert "a package of this node conflicts with it (site-docs" in str(told.value)


def test_a_mirror_that_cannot_be_reached_whatever_the_status_of_apt(root):
    root.sources("deb [trusted=yes] http://127.0.0.1:9/debian trixie main")
    with pytest.raises(
        NodeError, match=r"Failed to fetch http://127\.0\.0\.1:9/.*Could not connect .*refused"
    ) as caught:
        root.run()
    said = str(caught.value)
    assert "Unable to locate package socat" in said
    assert "to do: a repository is unreachable from this node" in said


def release(root: Root, date: float, valid_until: str = "") -> None:
    packages = (root.root / "repo/Packages").read_bytes()
    digest = subprocess.run(["sha256sum"], input=packages, check=True, capture_output=True).stdout.split()[0].decode()
    (root.root / "repo/Release").write_text(
        f"Suite: trixie\nCodename: trixie\nDate: {email.utils.formatdate(date, usegmt=True)}\n{valid_until}"
        f"Architectures: amd64\nSHA256:\n {digest} {len(packages)} Packages\n"
    )


def test_a_clock_that_is_behind(root):
    release(root, time.time() + 36000)
    with pytest.raises(NodeError, match="is not valid yet") as caught:
        root.run()
    said = str(caught.value)
    assert "the clock of this node is behind ('date -u'): set it first" in said
    assert "chrony cannot be installed until then" in said


def test_a_mirror_that_is_out_of_date(root):
    release(root, 1e9, f"Valid-Until: {email.utils.formatdate(1.1e9, usegmt=True)}\n")
    with pytest.raises(NodeError, match=re.compile(r"is expired.*compare 'date -u' with a trusted clock", re.DOTALL)):
        root.run()


def test_a_repository_of_others_is_broken_and_everything_else_is_there(root):
    source = (root.root / "etc/apt/sources.list").read_text()
    root.sources(f"{source}deb file:{root.root}/gone ./")
    assert root.run()["changed"]


def test_several_failures_at_once(root):
    source = (root.root / "etc/apt/sources.list").read_text()
    root.sources(f"{source}deb file:{root.root}/gone ./")
    (root.root / "etc/apt/preferences.d/00").write_text("Package: conntrack\nPin: release *\nPin-Priority: -1\n")
    with pytest.raises(NodeError) as caught:
        root.run()
    said = str(caught.value)
    assert "conntrack is hidden by a pin" in said
    assert "does not have a Release file" in said
    assert "fix the broken repository (file:" in said
