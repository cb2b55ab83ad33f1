# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A release is made in a clone with a key of its own, with all of its files; what is none leaves nothing behind."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from release.steps import Refused, check, check_key, prepare, write_version

ROOT = Path(__file__).parents[3]
TESTS = ROOT / "tests"
SOMEBODY = "0123456789ABCDEF0123456789ABCDEF01234567"


def run(folder: Path, *command: str, **options: str) -> str:
    done = subprocess.run(command, cwd=folder, env=os.environ | options, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of the commit that is checked out here, with one change in its changelog.

    It has no other fragments and no plug-ins, each of which antsibull-changelog checks for a good part of a second.
    """
    folder = tmp_path / "clone"
    run(tmp_path, "git", "clone", "--quiet", "--shared", str(ROOT), str(folder))
    run(folder, "git", "config", "user.name", "Releaser")
    run(folder, "git", "config", "user.email", "releaser@example.org")
    run(folder, "git", "rm", "--quiet", "-r", "--ignore-unmatch", "plugins", "tests", "changelogs/fragments")
    (folder / "changelogs/fragments").mkdir(exist_ok=True)
    fragment = "---\nminor_changes:\n  - readiness_info - knows one more thing.\n"
    (folder / "changelogs/fragments/9-test.yml").write_text(fragment)
    run(folder, "git", "add", "--all")
    run(folder, "git", "commit", "--quiet", "--message", "Change something")
    return folder


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The fingerprint of a new key without a passphrase, in a keyring of its own."""
    home = tmp_path / "gnupg"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    # A path that is longer than a socket's name may be makes gpg wait for its agent.
    generate = ("gpg", "--batch", "--passphrase", "", "--quick-generate-key", "Test <test@example.org>", "ed25519")
    run(home, *generate, "sign", "never")
    listed = run(home, "gpg", "--batch", "--with-colons", "--list-secret-keys")
    (fingerprint, *_of_subkeys) = (line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr:"))
    yield fingerprint
    run(home, "gpgconf", "--kill", "gpg-agent")


def next_version(folder: Path) -> str:
    major = yaml.safe_load((folder / "galaxy.yml").read_text())["version"].partition(".")[0]
    return f"{int(major) + 1}.0.0"


def made(clone: Path, version: str, key: str, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "release", "--version", version, "--key", key, "--out", "build/release", *more]
    environment = os.environ | {"PYTHONPATH": str(TESTS), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True, check=False)


def test_a_release_has_all_of_its_files(clone: Path, key: str) -> None:
    version, before = next_version(clone), run(clone, "git", "rev-parse", "HEAD")

    dry = made(clone, version, key, "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert (run(clone, "git", "rev-parse", "HEAD"), run(clone, "git", "tag", "--list", version)) == (before, "")

    real = made(clone, version, key)
    assert real.returncode == 0, real.stderr
    assert run(clone, "git", "status", "--porcelain") == ""
    assert run(clone, "git", "rev-parse", "HEAD^") == before
    run(clone, "git", "verify-tag", version)
    changelog = (clone / "CHANGELOG.md").read_text()
    assert f'<a id="v{version.replace(".", "-")}"></a>' in changelog
    assert "knows one more thing" in changelog
    assert list((clone / "changelogs/fragments").glob("*.yml")) == []
    assert f"install --offline ack_edge-node-{version}.tar.gz\n" in (clone / "README.md").read_text()

    files = clone / "build/release"
    name = f"ack_edge-node-{version}"
    signed = {f"{name}.tar.gz", f"{name}.cdx.json", f"{name}.MANIFEST.json.asc"}
    assert {path.name for path in files.iterdir()} == {*signed, "SHA256SUMS", "SHA256SUMS.asc"}
    run(files, "gpg", "--batch", "--verify", "SHA256SUMS.asc", "SHA256SUMS")
    run(files, "sha256sum", "--check", "--strict", "SHA256SUMS")
    assert {line.split()[1] for line in (files / "SHA256SUMS").read_text().splitlines()} == signed
    with tarfile.open(files / f"{name}.tar.gz") as packed:
        manifest = packed.extractfile("MANIFEST.json").read()
    assert json.loads(manifest)["collection_info"]["version"] == version
    (files / "MANIFEST.json").write_bytes(manifest)
    run(files, "gpg", "--batch", "--verify", f"{name}.MANIFEST.json.asc", "MANIFEST.json")

    document = json.loads((files / f"{name}.cdx.json").read_text())
    component = document["metadata"]["component"]
    assert (component["name"], component["version"]) == ("ack_edge.node", version)
    tarball = hashlib.sha256((files / f"{name}.tar.gz").read_bytes()).hexdigest()
    assert component["hashes"] == [{"alg": "SHA-256", "content": tarball}]
    assert [part["name"] for part in document["components"]] == ["ansible-core", "netaddr"]

    again = made(clone, version, key)
    assert (again.returncode, again.stdout) == (1, "")
    assert f"the tag {version} exists" in again.stderr


def test_a_commit_that_was_prepared_is_tagged_as_it_is(clone: Path, key: str) -> None:
    version = next_version(clone)
    prepare(clone, version)
    commit = run(clone, "git", "rev-parse", "HEAD")
    assert (run(clone, "git", "log", "-1", "--format=%s"), run(clone, "git", "tag", "--list", version)) == (
        f"Release {version}\n",
        "",
    )
    with pytest.raises(Refused, match=f"the commit of {version} is there already"):
        prepare(clone, version)
    real = made(clone, version, key)
    assert real.returncode == 0, real.stderr
    assert run(clone, "git", "rev-parse", "HEAD", f"{version}^{{commit}}").split() == [commit.strip()] * 2


def test_news_after_a_commit_that_was_prepared_are_a_release_of_their_own(clone: Path) -> None:
    version = next_version(clone)
    prepare(clone, version)
    (clone / "changelogs/fragments").mkdir(exist_ok=True)
    (clone / "changelogs/fragments/late.yml").write_text("---\nbugfixes:\n  - readiness_info - one fault less.\n")
    run(clone, "git", "add", "--all")
    run(clone, "git", "commit", "--quiet", "--message", "Fix something")
    with pytest.raises(Refused, match=f"VERSION is {version}, and galaxy.yml has {version}; choose a newer one"):
        check(clone, version)


def test_a_checkout_with_changes_is_refused(clone: Path) -> None:
    (clone / "new.txt").write_text("")
    with pytest.raises(Refused, match=r"has changes of its own; commit or stash them:\n\?\? new.txt\Z"):
        check(clone, next_version(clone))


def test_a_release_without_news_is_refused(clone: Path) -> None:
    run(clone, "git", "rm", "--quiet", "-r", "changelogs/fragments")
    run(clone, "git", "commit", "--quiet", "--message", "No news")
    with pytest.raises(Refused, match="write what has changed for users"):
        check(clone, next_version(clone))


def test_a_key_without_its_secret_part_is_refused(clone: Path, key: str) -> None:
    with pytest.raises(Refused, match=f"KEY is {SOMEBODY}, and gpg has no secret part of it"):
        check_key(clone, SOMEBODY)
    check_key(clone, key)


@pytest.mark.parametrize("version", ["", "1.0", "v1.0.0", "1.0.0-rc1", "01.0.0", "1.0.0\n"])
def test_what_is_not_a_version_is_refused(version: str) -> None:
    with pytest.raises(Refused, match=r"expected MAJOR\.MINOR\.PATCH"):
        check(ROOT, version)


@pytest.mark.parametrize("key", ["", "me@example.org", "--yes", SOMEBODY + "\n"])
def test_what_is_not_a_key_is_refused(key: str) -> None:
    with pytest.raises(Refused, match="expected the fingerprint of a GPG key"):
        check_key(ROOT, key)


def test_a_version_that_is_not_newer_is_refused(clone: Path) -> None:
    with pytest.raises(Refused, match=r"VERSION is 0\.0\.9, and galaxy\.yml has"):
        check(clone, "0.0.9")


def test_the_version_is_written_where_people_copy_it(tmp_path: Path) -> None:
    (tmp_path / "galaxy.yml").write_text("---\nname: node\nversion: 0.1.0\n")
    (tmp_path / "docs").mkdir()
    page = tmp_path / "docs/a.md"
    page.write_text("ack_edge-node-0.1.0.tar.gz, ack_edge-node-0.1.0.MANIFEST.json.asc and ansible-core-0.1.0.tar.gz\n")
    write_version(tmp_path, "1.2.3")
    assert (tmp_path / "galaxy.yml").read_text() == "---\nname: node\nversion: 1.2.3\n"
    said = "ack_edge-node-1.2.3.tar.gz, ack_edge-node-1.2.3.MANIFEST.json.asc and ansible-core-0.1.0.tar.gz\n"
    assert page.read_text() == said
    (tmp_path / "galaxy.yml").write_text("name: node\n")
    with pytest.raises(Refused, match="0 lines that begin with"):
        write_version(tmp_path, "1.2.3")
