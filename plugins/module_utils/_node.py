# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The node as the engines see it: run a command, read and write a file, hold the lock. Private to the collection.

Engines take a :class:`Node` instead of calling the system, so that tests give them a fake runner and a scratch root.
Nothing here knows what a route, a rule or a clock is.
"""

import collections
import contextlib
import errno
import glob
import os
import subprocess
import tempfile
import time

from ansible_collections.ack_edge.node.plugins.module_utils import _lock
from ansible_collections.ack_edge.node.plugins.module_utils._errors import NodeError

STATE_DIR = "/var/lib/ack_edge"
LOCK_FILE = _lock.LOCK_FILE
# How the name of every temporary file of ours begins. It lies beside its target, where others read directories too.
TEMPORARY = ".ack_edge-"
# A tool that hangs (a dead D-Bus service, a held lock) must end in a message, not in a lost ssh session.
COMMAND_TIMEOUT = 60
# Where programs are looked for first, so that nobody else decides what runs as root.
_PROGRAMS = ("/usr/sbin", "/usr/bin", "/sbin", "/bin")
_LOCAL_PROGRAMS = ("/usr/local/sbin", "/usr/local/bin")


class Completed:
    """What a command left: ``argv`` (list), ``rc`` (int), ``out`` and ``err`` (str)."""

    def __init__(self, argv, rc, out, err):
        self.argv, self.rc, self.out, self.err = argv, rc, out, err

    def text(self):
        """Return the command as a person would type it."""
        return " ".join(self.argv)


def run_command(argv, stdin=None, timeout=COMMAND_TIMEOUT):
    """Run argv without a shell in the C locale and return a Completed.

    :arg stdin: text for standard input, or None.
    :arg timeout: seconds; a command that is still running then is killed.
    :raises NodeError: if the command took too long. A missing program is rc 127, as in a shell.
    """
    environment = dict(os.environ, LC_ALL="C", LANG="C", LANGUAGE="C", PATH=program_path(os.environ.get("PATH", "")))
    try:
        # The engines know nothing of AnsibleModule, and are tried without Ansible.
        process = subprocess.Popen(  # pylint: disable=consider-using-with,ansible-bad-function
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.EACCES, errno.ENOTDIR):
            return Completed(argv, 127, "", f"{argv[0]}: {error.strerror}")
        raise NodeError(
            f"'{' '.join(argv)}' cannot be run: {error.strerror}; run it on the node to find out why"
        ) from None
    try:
        out, err = process.communicate(stdin.encode("utf-8") if stdin is not None else b"", timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise NodeError(
            f"'{' '.join(argv)}' did not end within {timeout} seconds; run it on the node to find out why it hangs"
        ) from None
    return Completed(argv, process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))


def program_path(path):
    """Return a PATH with the directories of the system in front.

    An empty or relative element means the current directory, which may be anybody's, and is left out.
    """
    given = [directory for directory in path.split(":") if directory.startswith("/")]
    return ":".join(collections.OrderedDict.fromkeys(list(_PROGRAMS) + given + list(_LOCAL_PROGRAMS)))


class Node:
    """Files and commands of one node.

    :arg runner: a function like :func:`run_command`; tests give a fake.
    :arg root: prefix of every path, '' on a real node; tests give a scratch directory.
    :arg tmpdir: function that returns the directory for temporary files, or None for that of the system.
    """

    def __init__(self, runner=run_command, root="", tmpdir=lambda: None):
        self._runner, self.root, self._tmpdir = runner, root, tmpdir

    def path(self, path):
        """Return where an absolute path of the node really lies."""
        return self.root + path

    def run(self, argv, stdin=None, timeout=COMMAND_TIMEOUT):
        """Run argv and return a Completed whatever its exit status is."""
        return self._runner(argv, stdin=stdin, timeout=timeout)

    def check(self, argv, stdin=None, timeout=COMMAND_TIMEOUT):
        """Run argv and return its standard output.

        :raises NodeError: on a non-zero exit status, with the command and what it said.
        """
        done = self.run(argv, stdin=stdin, timeout=timeout)
        if done.rc != 0:
            said = (done.err or done.out).strip() or "nothing"
            raise NodeError(f"'{done.text()}' ended with status {done.rc} and said: {said}")
        return done.out

    def exists(self, path):
        """Return whether the path is there (a dangling link counts)."""
        return os.path.lexists(self.path(path))

    def is_read_only(self, path):
        """Return whether a path, there or not, lies on a file system that is mounted read-only."""
        target = os.path.realpath(self.path(path))
        while not os.path.exists(target):
            target = os.path.dirname(target)
        return bool(os.statvfs(target).f_flag & os.ST_RDONLY)

    def listdir(self, path):
        """Return the sorted names in a directory, [] where there is none.

        Our own temporary files are never among them: what a killed run left is nobody's configuration.

        :raises NodeError: if it cannot be read.
        """
        return [name for name in self._names(path) if not name.startswith(TEMPORARY)]

    def _names(self, path):
        try:
            return sorted(os.listdir(self.path(path)))
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOTDIR):
                return []
            raise NodeError(f"{path} cannot be read: {_reason(error)}") from None

    def glob(self, pattern):
        """Return the sorted paths that an absolute pattern means, as glob(3): no hidden files unless it names them."""
        start = len(self.root)
        found = sorted(path[start:] for path in glob.glob(glob.escape(self.root) + pattern))
        return [path for path in found if not os.path.basename(path).startswith(TEMPORARY)]

    def read(self, path):
        """Return the text of a file, or None where there is none. Bytes that are not UTF-8 survive a write back."""
        try:
            with open(self.path(path), encoding="utf-8", errors="surrogateescape", newline="") as handle:
                return handle.read()
        except OSError as error:
            # ESRCH: a file of a process that ended while we looked.
            if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ESRCH):
                return None
            raise NodeError(f"{path} cannot be read: {_reason(error)}") from None

    def write(self, path, text, mode=0o644):
        """Replace a file in one step: readers see the old text or the new one, also when we are killed.

        Owner and permissions of a file that is there are kept; ``mode`` is for a new one. A link is followed, so that
        a file which somebody keeps elsewhere stays there. Missing directories are made (0755).

        :raises NodeError: if it cannot be written (disk full, read-only), the old file being untouched.
        """
        target = os.path.realpath(self.path(path))
        # Always the same name, so that what a killed run left is overwritten, or found by sweep().
        temporary, made = _temporary(target), []
        try:
            _make_directories(os.path.dirname(target), made)
            _unlink(temporary)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="") as handle:
                handle.write(text)
                handle.flush()
                _copy_ownership(target, handle.fileno(), mode)
                os.fsync(handle.fileno())
            os.rename(temporary, target)
        except OSError as error:
            _undo(temporary, made)
            raise NodeError(f"{path} cannot be written: {_reason(error)}; it was not changed") from None
        _sync_directory(path, target, "written")

    def sweep(self, path):
        """Remove what a run that was killed while it wrote a file left beside it; only with the lock held."""
        for name in (_temporary(os.path.realpath(self.path(path))), _temporary(self.path(path))):
            with contextlib.suppress(OSError):
                os.unlink(name)

    def sweep_directory(self, path):
        """Remove what killed runs left in a directory of our own; only with the lock held."""
        for name in self._names(path):
            if name.startswith(TEMPORARY):
                with contextlib.suppress(OSError):
                    os.unlink(self.path(f"{path}/{name}"))

    def remove(self, path):
        """Remove a file; one that is not there is fine. Return whether it was there."""
        try:
            os.unlink(self.path(path))
        except OSError as error:
            if error.errno == errno.ENOENT:
                return False
            raise NodeError(f"{path} cannot be removed: {_reason(error)}") from None
        _sync_directory(path, self.path(path), "removed")
        return True

    def link_target(self, path):
        """Return where a symbolic link points, '' where there is no link."""
        try:
            return os.readlink(self.path(path))
        except OSError:
            return ""

    def link(self, path, target):
        """Make a symbolic link in one step, in place of whatever stands there. Missing directories are made (0755).

        :raises NodeError: if it cannot be made.
        """
        temporary, made = _temporary(self.path(path)), []
        try:
            _make_directories(os.path.dirname(temporary), made)
            _unlink(temporary)
            os.symlink(target, temporary)
            os.rename(temporary, self.path(path))
        except OSError as error:
            _undo(temporary, made)
            raise NodeError(f"{path} cannot be made a link to {target}: {_reason(error)}; it was not changed") from None
        _sync_directory(path, self.path(path), "made")

    def remove_empty_directory(self, path):
        """Remove a directory that we made if nothing is in it any more; anything else is left alone."""
        with contextlib.suppress(OSError):
            os.rmdir(self.path(path))

    def temporary_directory(self):
        """Return a context that gives the real path of a directory of our own, which is gone behind it."""
        return tempfile.TemporaryDirectory(prefix="ack_edge-", dir=self._tmpdir())

    def lock(self, timeout=30, clock=time.monotonic, sleep=time.sleep):
        """Return a context that holds the one lock of the collection on this node.

        :arg timeout: seconds to wait for another run.
        :raises NodeError: if another run still holds it then, or it cannot be had.
        """
        return _lock.held(self.root, timeout, clock, sleep)


def _temporary(target):
    directory, _slash, name = target.rpartition("/")
    return f"{directory}/{TEMPORARY}{name}"


def _reason(error):
    """Return why a call of the system failed, and what helps where that is a lack of rights."""
    if error.errno in (errno.EACCES, errno.EPERM) and os.geteuid() != 0:
        return f"{error.strerror} (this needs root: become: true)"
    return error.strerror


def _unlink(path):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _undo(temporary, made):
    """Take away what a write that failed has made beside its target."""
    with contextlib.suppress(OSError):
        os.unlink(temporary)
    with contextlib.suppress(OSError):
        for directory in reversed(made):
            os.rmdir(directory)


def _make_directories(directory, made):
    # os.makedirs heeds a umask of 077, and a service that runs as a user of its own could not read what lies inside.
    if os.path.isdir(directory):
        return
    _make_directories(os.path.dirname(directory), made)
    with contextlib.suppress(FileExistsError):
        os.mkdir(directory)
        made.append(directory)
        os.chmod(directory, 0o755)


def _copy_ownership(target, descriptor, mode):
    try:
        status = os.stat(target)
    except OSError:
        os.fchmod(descriptor, mode)
        return
    os.fchmod(descriptor, status.st_mode & 0o7777)
    if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
        os.fchown(descriptor, status.st_uid, status.st_gid)


def _sync_directory(path, target, done):
    """Have the disk keep what was done with a file.

    :raises NodeError: if it does not; what was done is done all the same.
    """
    try:
        descriptor = os.open(os.path.dirname(target), os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        # A file system that cannot do it at all.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise NodeError(
                f"{path} was {done}, but the disk may not keep it: {_reason(error)}; check the disk and run again",
                changed=True,
            ) from None


def ssh_peers(proc="/proc"):
    """Return the addresses from which this run reached the node, nearest process first, [] over no ssh.

    sudo drops SSH_CONNECTION from the environment, so the ancestors are asked (root may read their environment).
    """
    peers = []
    pid = os.getpid()
    while pid > 1:
        try:
            with open(f"{proc}/{pid}/environ", "rb") as handle:
                environment = handle.read().split(b"\0")
            with open(f"{proc}/{pid}/stat", "rb") as handle:
                # The command in parentheses may hold blanks and parentheses; the parent's id is the second after it.
                pid = int(handle.read().rpartition(b")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            break
        for entry in environment:
            if entry.startswith(b"SSH_CONNECTION="):
                peer = entry.partition(b"=")[2].split(b" ")[0].decode("ascii", "replace")
                if peer and peer not in peers:
                    peers.append(peer)
    return peers
