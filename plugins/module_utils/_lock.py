# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one lock of the collection on a node, which nobody but root can take, hold or put something in the place of.

It lies in a directory of our own that only root can enter. Rule for the lock of releases before, which lay where
everybody may write: it is taken too, so that no such run works at the same time, but only where it is root's own file,
and nobody is waited for but root. Private to the collection.
"""

import contextlib
import errno
import fcntl
import os
import stat
import time

from ansible_collections.ack_edge.node.plugins.module_utils._errors import NodeError

DIRECTORY = "/run/ack_edge"
LOCK_FILE = DIRECTORY + "/lock"
LOCK_FILE_BEFORE = "/run/lock/ack_edge.lock"

# O_NONBLOCK: to open a pipe would wait for whoever opens its other end.
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_PAUSE = 0.2


@contextlib.contextmanager
def held(root, timeout, clock=time.monotonic, sleep=time.sleep):
    """Hold the lock.

    :arg root: prefix of every path. :arg timeout: seconds to wait for another run.
    :raises NodeError: if another run still holds it then, or it cannot be had.
    """
    end = clock() + timeout
    with contextlib.ExitStack() as stack:
        try:
            own = _open(root)
            stack.callback(os.close, own)
            _wait(own, LOCK_FILE, end, timeout, clock, sleep)
            before = _open_before(root + LOCK_FILE_BEFORE)
            if before is not None:
                stack.callback(os.close, before)
                _wait(before, LOCK_FILE_BEFORE, end, timeout, clock, sleep, held_by_root)
        except OSError as error:
            hint = (
                "; the module changes the node and has to run as root (become: true)"
                if error.errno in (errno.EACCES, errno.EPERM)
                else "; fix that and run again"
            )
            raise NodeError(f"the lock {LOCK_FILE} cannot be used: {error.strerror}{hint}") from None
        yield


def _open(root):
    """Return a descriptor of the lock file, in a directory that is proven to be ours."""
    directory = root + DIRECTORY
    os.makedirs(os.path.dirname(directory), exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.mkdir(directory, 0o700)
    try:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ENOTDIR, errno.ELOOP):
            raise _foreign(DIRECTORY, "is not a directory") from None
        raise
    try:
        _prove(descriptor, DIRECTORY, 0o700)
        try:
            lock = os.open("lock", _FLAGS, 0o600, dir_fd=descriptor)
        except OSError as error:
            if error.errno in (errno.EISDIR, errno.ELOOP, errno.ENXIO):
                raise _foreign(LOCK_FILE, "is not a regular file") from None
            raise
    finally:
        os.close(descriptor)
    try:
        if not stat.S_ISREG(os.fstat(lock).st_mode):
            raise _foreign(LOCK_FILE, "is not a regular file")
        _prove(lock, LOCK_FILE, 0o600)
    except BaseException:
        os.close(lock)
        raise
    return lock


def _prove(descriptor, path, mode):
    """See that what is open is ours alone; an older release gave the directory a mode that let others look into it."""
    status = os.fstat(descriptor)
    if status.st_uid != os.geteuid():
        raise _foreign(path, f"belongs to the user with the id {status.st_uid}")
    if status.st_mode & 0o022:
        raise _foreign(path, f"has the mode {stat.S_IMODE(status.st_mode):04o}, so others can write to it")
    if stat.S_IMODE(status.st_mode) != mode:
        os.fchmod(descriptor, mode)


def _foreign(path, what):
    return NodeError(
        f"{path} {what}, expected one made by ack_edge.node that only root can write to; find out who made it, remove "
        "it, and run again"
    )


def _open_before(path):
    """Return a descriptor of the lock file of releases before, None where none can be had that is root's own."""
    try:
        descriptor = os.open(path, _FLAGS, 0o600)
    except OSError:
        return None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
        os.close(descriptor)
        return None
    # From here on only root can open it.
    os.fchmod(descriptor, 0o600)
    return descriptor


def held_by_root(descriptor, locks="/proc/locks"):
    """Return whether a process of root holds the lock on an open file; whoever could open it could take it."""
    status = os.fstat(descriptor)
    file_id = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
    with contextlib.suppress(OSError):
        with open(locks, encoding="ascii") as handle:
            lines = [line.split() for line in handle]
        for words in lines:
            # "4: FLOCK  ADVISORY  WRITE 1234 00:19:567 0 EOF"; one that waits has '->' after its number.
            if len(words) >= 6 and words[1] == "FLOCK" and words[5] == file_id:
                return os.stat(f"/proc/{words[4]}").st_uid == os.geteuid()
    return False


def _wait(descriptor, path, end, timeout, clock, sleep, counts=lambda _descriptor: True):
    """Take the lock; go on without it where whoever holds it does not count.

    :raises NodeError: if another run holds it to the end.
    """
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as error:
            if error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EINTR):
                raise
        if not counts(descriptor):
            return
        if clock() >= end:
            raise NodeError(
                f"another run of ack_edge.node has held {path} for {timeout} seconds; let it end, then run again"
            )
        sleep(_PAUSE)
