# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Package files that come with a run: fetch, unpack and select them. Private to the collection."""

import collections
import hashlib
import http.client
import os
import shutil
import tarfile

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

_BLOCK = 1 << 20
# Bytes. The packages of all tools with what they depend on have some hundred MiB at most.
LARGEST = 2 << 30


def save(stream, path, checksum, name, limit=LARGEST):
    """Write what a stream gives into a file, if it is what it should be.

    :arg stream: something with read1(size) or read(size) -> bytes. :arg checksum: 'sha256:' and 64 hexadecimal digits.
        :arg name: of the stream, for messages. :arg limit: bytes; whoever sends more is not listened to any more.
    :raises NodeError: if it is something else or larger, or the file cannot be written.
    """
    digest, size = hashlib.sha256(), 0
    # read() waits until all of a block is there, however slowly it comes.
    read = getattr(stream, "read1", stream.read)
    try:
        with open(path, "wb") as handle:
            for block in iter(lambda: read(_BLOCK), b""):
                size += len(block)
                if size > limit:
                    raise _too_large(name, f"more than {limit}", limit)
                digest.update(block)
                handle.write(block)
    except (OSError, http.client.HTTPException) as error:
        raise NodeError(f"{name} cannot be fetched into {path}: {error}") from None
    found = "sha256:" + digest.hexdigest()
    if found != checksum.lower():
        raise NodeError(f"{name} has the checksum {found}, expected {checksum}; check which of them is right")


def find_room(announced, directory, name, limit=LARGEST):
    """See that what a server announces can be taken.

    :arg announced: the value of Content-Length, or None. :arg directory: where it is to go. :arg name: see save().
    :raises NodeError: if it is too large, or there is no room for it.
    """
    if not (announced or "").isdigit():
        return
    size, free = int(announced), shutil.disk_usage(directory).free
    if size > limit:
        raise _too_large(name, size, limit)
    # The packages are unpacked beside it.
    if 2 * size > free:
        raise NodeError(
            f"{name} has {size} bytes and needs twice as many, but {directory} has room for {free}; free some space "
            "space"
        )


def _too_large(name, size, limit):
    return NodeError(
        f"{name} has {size} bytes, expected at most {limit}; give only the packages of the tools and their dependencies"
    )


def unpack(archive, directory, suffix):
    """Unpack the package files of a tar archive side by side; return their paths, sorted.

    :arg suffix: of the files to take, '.deb' or '.rpm'. Folders of the archive are left out.
    :raises NodeError: if it is no such archive, has none of these files or two of one name, or finds no room.
    """
    paths = []
    try:
        with tarfile.open(archive) as packed:
            for entry in packed:
                name = os.path.basename(entry.name)
                if not entry.isfile() or not name.endswith(suffix):
                    continue
                path = os.path.join(directory, name)
                if path in paths:
                    raise NodeError(f"the packages have two files {name}, expected each file once")
                with open(path, "wb") as handle:
                    shutil.copyfileobj(packed.extractfile(entry), handle, _BLOCK)
                paths.append(path)
    except (OSError, EOFError, tarfile.TarError) as error:
        raise NodeError(f"the packages cannot be unpacked into {directory}: {error}") from None
    if not paths:
        raise NodeError(f"the packages have no file *{suffix}, expected packages that this node can install")
    return sorted(paths)


def select(files, wanted, absent):
    """Return the paths to install: what brings the wanted packages, and what of the files these depend on.

    What is installed stays as it is. What is in neither place is left for the package manager to name.

    :arg files: [PackageFile]. :arg wanted: packages. :arg absent: a function that returns those of a list of packages
        that are not installed.
    :raises NodeError: if one of the wanted packages is not among the files, or one is there twice.
    """
    names = collections.Counter(item.name for item in files)
    twice = sorted(name for name, count in names.items() if count > 1)
    if twice:
        raise NodeError(
            f"the packages have more than one version of {', '.join(twice)} for this node, expected one of each"
        )
    brings = {}
    for item in files:
        for name in sorted(item.provides):
            brings.setdefault(name, item)
    brings.update((item.name, item) for item in files)
    lacking = [name for name in wanted if name not in brings]
    if lacking:
        there = ", ".join(sorted(names)) or "none"
        raise NodeError(
            f"the packages for this node do not include {', '.join(lacking)}, only {there}; add the missing ones with "
            "their dependencies"
        )
    chosen = collections.OrderedDict()
    open_ends = [brings[name] for name in wanted]
    while open_ends:
        item = open_ends.pop()
        if item.name not in chosen:
            chosen[item.name] = item
            open_ends += _needed(item, brings, absent)
    return sorted(item.path for item in chosen.values())


def _needed(item, brings, absent):
    """Return the files that a package depends on, those left out of which something installed does the same."""
    found = []
    for names in item.requires:
        if absent(names) == names:
            found += [brings[name] for name in names if name in brings][:1]
    return found
