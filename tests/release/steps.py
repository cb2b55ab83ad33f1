# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a release. All of them happen in a clone, so that one that fails leaves the checkout as it was."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

import yaml

from release.sbom import sbom

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)\Z")
_KEY = re.compile(r"(0x)?[0-9A-Fa-f]{16,64}\Z")
# Where a version stands: the metadata, and the file names of commands that people copy.
_OF_GALAXY = re.compile(r"^version: .+$", re.MULTILINE)
_OF_FILES = re.compile(r"\back_edge-node-\d+\.\d+\.\d+(?=\.(?:tar\.gz|MANIFEST\.json))")
PAGES = ("*.md", "docs/**/*.md")


class Refused(Exception):
    """There is no release of this, and nothing has been changed."""


def release(checkout: Path, version: str, key: str, out: Path, dry_run: bool) -> list[Path]:
    """Make a release of the commit that is checked out, and return its files.

    A commit that :func:`prepare` made is tagged as it is.

    :arg key: fingerprint of the GPG key that signs.
    :arg out: folder for the files; it is made.
    :arg dry_run: whether commit and tag stay out of the checkout.
    :raises Refused: where there is none.
    """
    check_key(checkout, key)
    check(checkout, version)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        clone = _clone(checkout, Path(scratch))
        if not is_prepared(clone, version):
            _commit(clone, version)
        _run(clone, "git", "tag", "--local-user", key, "--message", f"ack_edge.node {version}", version)
        made = build(clone, version, key, Path(scratch) / "files")
        if not dry_run:
            # The tag brings its commit, of which the branch is the parent.
            _run(checkout, "git", "fetch", "--quiet", str(clone), f"refs/tags/{version}:refs/tags/{version}")
            _run(checkout, "git", "merge", "--quiet", "--ff-only", version)
        return [Path(shutil.copy(path, out)) for path in made]


def prepare(checkout: Path, version: str) -> None:
    """Make the commit of a release, which others can read before somebody with a key tags it.

    :raises Refused: where there is nothing to prepare.
    """
    check(checkout, version)
    if is_prepared(checkout, version):
        raise Refused(f"the commit of {version} is there already; make the release with a KEY")
    with tempfile.TemporaryDirectory() as scratch:
        clone = _clone(checkout, Path(scratch))
        _commit(clone, version)
        _run(checkout, "git", "fetch", "--quiet", str(clone), "HEAD")
        _run(checkout, "git", "merge", "--quiet", "--ff-only", "FETCH_HEAD")


def is_prepared(checkout: Path, version: str) -> bool:
    """Return whether the metadata and the changelog have a version, and nothing has changed for users since."""
    changelog = checkout / "changelogs" / "changelog.yaml"
    if not changelog.exists() or _fragments(checkout):
        return False
    known = yaml.safe_load(changelog.read_text(encoding="utf-8"))["releases"]
    return version in known and _version_of(checkout) == version


def check_key(checkout: Path, key: str) -> None:
    """Refuse a key that cannot sign.

    :raises Refused: with the reason and what to do.
    """
    if not _KEY.match(key):
        raise Refused(f"KEY is {key!r}; expected the fingerprint of a GPG key, as 'gpg --list-secret-keys' shows it")
    try:
        _run(checkout, "gpg", "--batch", "--list-secret-keys", key)
    except Refused as error:
        raise Refused(f"KEY is {key}, and gpg has no secret part of it; import it, or name another one") from error


def check(checkout: Path, version: str) -> None:
    """Refuse what cannot become a release.

    :raises Refused: with the reason and what to do.
    """
    if not _VERSION.match(version):
        raise Refused(f"VERSION is {version!r}; expected MAJOR.MINOR.PATCH, such as 1.0.0")
    if changed := _run(checkout, "git", "status", "--porcelain"):
        raise Refused(f"the checkout has changes of its own; commit or stash them:\n{changed.rstrip()}")
    if _run(checkout, "git", "tag", "--list", version):
        raise Refused(f"the tag {version} exists; choose a newer VERSION")
    if is_prepared(checkout, version):
        return
    now = _version_of(checkout)
    if _numbers(version) <= _numbers(now):
        raise Refused(f"VERSION is {version}, and galaxy.yml has {now}; choose a newer one")
    if not _fragments(checkout):
        raise Refused("changelogs/fragments has no fragment: write what has changed for users")


def write_version(clone: Path, version: str) -> None:
    """Write the version into galaxy.yml and into the file names that pages show."""
    path = clone / "galaxy.yml"
    text, places = _OF_GALAXY.subn(f"version: {version}", path.read_text(encoding="utf-8"))
    if places != 1:
        raise Refused(f"galaxy.yml has {places} lines that begin with 'version: '; expected one")
    path.write_text(text, encoding="utf-8")
    for pattern in PAGES:
        for page in clone.glob(pattern):
            text = page.read_text(encoding="utf-8")
            new = _OF_FILES.sub(f"ack_edge-node-{version}", text)
            if new != text:
                page.write_text(new, encoding="utf-8")


def _clone(checkout: Path, scratch: Path) -> Path:
    # ansible-galaxy and antsibull-changelog go by the name of the folder.
    clone = scratch / "ansible_collections" / "ack_edge" / "node"
    _run(checkout, "git", "clone", "--quiet", "--shared", ".", str(clone))
    # Who makes the release is who works in the checkout.
    for name in ("user.name", "user.email"):
        _run(clone, "git", "config", name, _run(checkout, "git", "config", name).strip())
    return clone


def _commit(clone: Path, version: str) -> None:
    write_version(clone, version)
    _run(clone, "antsibull-changelog", "release", "--version", version)
    _run(clone, "git", "add", "--all")
    _run(clone, "git", "commit", "--quiet", "--message", f"Release {version}")


def _fragments(checkout: Path) -> list[Path]:
    return list((checkout / "changelogs" / "fragments").glob("*.yml"))


def _version_of(checkout: Path) -> str:
    return str(yaml.safe_load((checkout / "galaxy.yml").read_text(encoding="utf-8"))["version"])


def build(clone: Path, version: str, key: str, folder: Path) -> list[Path]:
    """Write the files of the release into a folder and return them."""
    folder.mkdir()
    _run(clone, "ansible-galaxy", "collection", "build", "--output-path", str(folder))
    name = f"ack_edge-node-{version}"
    tarball = folder / f"{name}.tar.gz"
    galaxy = yaml.safe_load((clone / "galaxy.yml").read_text(encoding="utf-8"))
    requirements = (clone / "requirements.txt").read_text(encoding="utf-8").splitlines()
    committed = datetime.datetime.fromisoformat(_run(clone, "git", "log", "-1", "--format=%cI").strip())
    document = folder / f"{name}.cdx.json"
    listed = sbom(galaxy, requirements, _sha256(tarball), committed)
    document.write_text(json.dumps(listed, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    # What ansible-galaxy verifies is the signature of this file of the tarball.
    manifest = folder / f"{name}.MANIFEST.json"
    with tarfile.open(tarball) as packed, packed.extractfile("MANIFEST.json") as content:
        manifest.write_bytes(content.read())
    signature = _sign(manifest, key)
    manifest.unlink()
    sums = folder / "SHA256SUMS"
    hashed = [tarball, document, signature]
    sums.write_text("".join(f"{_sha256(path)}  {path.name}\n" for path in hashed), encoding="utf-8")
    return [*hashed, sums, _sign(sums, key)]


def _sign(path: Path, key: str) -> Path:
    target = path.with_name(f"{path.name}.asc")
    _run(
        path.parent,
        "gpg",
        "--batch",
        "--local-user",
        key,
        "--armor",
        "--detach-sign",
        "--output",
        str(target),
        path.name,
    )
    return target


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _run(folder: Path, *command: str) -> str:
    """Return the output of a command.

    :raises Refused: where it fails, with what it said.
    """
    # The clone is the collection that the tools see, and not the checkout that a variable names.
    settings = {name: value for name, value in os.environ.items() if name != "ANSIBLE_CONFIG"}
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"{' '.join(command)} ended with {done.returncode}: {(done.stderr or done.stdout).strip()}")
    return done.stdout
