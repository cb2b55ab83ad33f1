# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why Ansible itself could not work on a host, and what helps: one table. Private to the collection. Pure.

The words are those of OpenSSH, sudo, su, doas, shells, Python and ansible-core 2.16 to 2.21. Often the reason stands
only in what a module left on its output, while the message says no more than that there was no JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from ansible.module_utils import basic
from ansible.release import __version__ as core_version
from ansible_collections.ack_edge.node.plugins.plugin_utils._text import cleaned

# The tuple is new with ansible-core 2.17; what 2.16 needs is Python 3.6 (it takes 2.7 as well, our modules do not).
_LOWEST = getattr(basic, "_PY_MIN", None)
NEEDS = ".".join(map(str, _LOWEST)) if isinstance(_LOWEST, tuple) else "3.6"
_CORE = ".".join(core_version.split(".")[:2])
_BOOTSTRAP = "run the playbook ack_edge.node.bootstrap_python on this host; it installs Python from its repositories"


class Kind(NamedTuple):
    """A reason: its id, the words that tell it, its name, what to do, and whether only ssh says it."""

    id: str
    words: re.Pattern[str]
    title: str
    remedy: str
    ssh: bool = False


def _kind(name: str, words: str, title: str, remedy: str, ssh: bool = False) -> Kind:
    return Kind(name, re.compile(words, re.I), title, remedy, ssh)


# The first one that matches is it: what is more special stands before what is more general.
KINDS = (
    _kind(
        "not_in_sudoers",
        r"is not in the sudoers file|may not run sudo|is not allowed to (?:run sudo|execute)|not in the doas\.conf"
        r"|doas: Operation not permitted|su: Permission denied",
        "The user is not in sudoers",
        "allow the login user (ansible_user) to run any command as root: a file in /etc/sudoers.d with "
        "'USER ALL=(ALL) NOPASSWD: ALL', or /etc/doas.conf; or log in as a user that may",
    ),
    _kind(
        "sudo_password",
        r"sudo: (?:a password is required|no password was provided|a terminal is required to read the password)"
        r"|sudo: interactive authentication is required",
        "sudo asks for a password, or the user is not in sudoers",
        "give the password with --ask-become-pass or ansible_become_password, or allow sudo without one "
        "(NOPASSWD in /etc/sudoers.d)",
    ),
    _kind(
        "sudo_terminal",
        r"sorry, you must have a tty to run sudo",
        "sudo wants a terminal",
        "remove 'Defaults requiretty' from sudoers on this host, or set pipelining = False in ansible.cfg",
    ),
    _kind(
        "become_password_missing",
        r"Missing \S+ password|doas: a tty is required|doas: Authorization required",
        "The become password is missing",
        "give it with --ask-become-pass or ansible_become_password (in a vault), or allow the login user to become "
        "root without one (NOPASSWD in /etc/sudoers.d)",
    ),
    _kind(
        "become_password_wrong",
        r"Incorrect \S+ password|incorrect password attempt|Duplicate become password prompt|su: Authentication failure"
        r"|(?:sudo|doas): Auth\w+ failed|Sorry, try again",
        "The become password is wrong",
        "give the right one with --ask-become-pass or ansible_become_password; sudo wants the password of the login "
        "user, su that of root",
    ),
    _kind(
        "become_timeout",
        r"tim(?:eout|ed out)(?: \(\d+s\))? waiting for (?:privilege escalation|become)|waiting for become success",
        "No answer to become in time",
        "log in by ssh and try 'sudo -k; sudo -n true': a slow name service or PAM module, or a prompt that Ansible "
        "does not know, holds it up; then fix it, or raise timeout in ansible.cfg",
    ),
    _kind(
        "python_too_old",
        r"future feature annotations is not defined|SyntaxError: (?:future feature|invalid syntax)"
        r"|requires a minimum of Python",
        "The host's Python is too old for this ansible-core",
        f"ansible-core {_CORE} needs Python {NEEDS} or newer on a host: set ansible_python_interpreter to one, or use "
        "ansible-core 2.16, which serves Python 3.6 (the platform Python of EL 8). "
        "ack_edge.node.bootstrap_python says which hosts lack it",
    ),
    _kind(
        "no_python",
        r"module interpreter .{1,200} was not found|No python interpreters? (?:was |were )?found"
        r"|you probably need to set the interpreter"
        r"|python[\d.]*['\u2019\"]?: (?:command )?not found|python[\d.]*['\u2019\"]?: No such file or directory"
        r"|No such file or directory: ['\"]?\S*python",
        "The host has no Python",
        f"{_BOOTSTRAP}. Where Python is in another place, set ansible_python_interpreter",
    ),
    _kind(
        "host_key_changed",
        r"REMOTE HOST IDENTIFICATION HAS CHANGED|Offending \S+ key in",
        "The host key has changed",
        "find out why: after a new installation, remove the old key with 'ssh-keygen -R ADDRESS' and accept the new "
        "one after comparing its fingerprint; otherwise another host answers at this address",
        ssh=True,
    ),
    _kind(
        "host_key_unknown",
        r"Host key verification failed|No \S+ host key is known|Host Key checking is enabled|host key is not cached",
        "The host key is not known",
        "log in once with ssh as the user that runs Ansible and compare the fingerprint, or add the key to known_hosts "
        "(ssh-keyscan ADDRESS, then compare)",
        ssh=True,
    ),
    _kind(
        "too_many_failures",
        r"Too many authentication failures",
        "Too many authentication failures",
        "ssh offers too many keys before the right one: set ansible_ssh_private_key_file, and IdentitiesOnly=yes in "
        "ansible_ssh_common_args",
        ssh=True,
    ),
    _kind(
        "sshpass",
        r"must install the sshpass program",
        "sshpass is missing on the controller",
        "install sshpass where Ansible runs, or log in with a key instead of a password",
    ),
    _kind(
        "key_permissions",
        r"UNPROTECTED PRIVATE KEY FILE|bad permissions",
        "Other users can read the private key",
        "chmod 600 the private key on the controller; ssh does not use it before",
        ssh=True,
    ),
    _kind(
        "permission_denied",
        r"Permission denied(?: \(|, please)|Invalid/incorrect (?:username/)?password",
        "ssh: Permission denied",
        "the host answers, but does not accept the login: check ansible_user, the key (ansible_ssh_private_key_file, "
        "authorized_keys on the host) or the password (--ask-pass)",
        ssh=True,
    ),
    _kind(
        "no_space",
        r"No space left on device|Disk quota exceeded",
        "No space is left on the host",
        "free space (and inodes: df -h, df -i) in the home directory of the login user and in /tmp on this host",
    ),
    _kind(
        "read_only",
        r"Read-only file system",
        "A file system of the host is read-only",
        "look at dmesg and 'findmnt -O ro' on this host: a disk error makes a file system read-only; fix it and mount "
        "it writable, or set ansible_remote_tmp to a directory that is",
    ),
    _kind(
        "temporary_files",
        r"bad interpreter: Permission denied|AnsiballZ_\S+: Permission denied|can't open file \S*ansible-tmp\S*"
        r"|Failed to set (?:file mode|permissions) on|unprivileged become user",
        "Ansible's temporary files cannot be run on the host",
        "set ansible_remote_tmp to a directory that is not mounted noexec and that root can read, or pipelining = True "
        "in ansible.cfg",
    ),
    _kind(
        "home_directory",
        r"Failed to create temporary directory|cannot create directory .{0,200}(?:\.ansible|ansible-tmp)"
        r"|Authentication or permission failure",
        "The home directory is not writable",
        "give the login user a home directory that it can write, with space in it, or set ansible_remote_tmp to a "
        "directory such as /tmp/.ansible-USER",
    ),
    _kind(
        "selinux_bindings",
        r"selinux.{0,80}bindings|libselinux-python|python3-libselinux",
        "The SELinux bindings of Python are missing",
        "install python3-libselinux on this host, or set ansible_python_interpreter to the platform Python",
    ),
    _kind(
        "host_name",
        r"Could not resolve hostname|Name or service not known|name resolution|nodename nor servname",
        "The name of the host is not resolved",
        "set ansible_host to its address, or add the name to the DNS of the controller",
        ssh=True,
    ),
    _kind(
        "connection_refused",
        r"Connection refused",
        "ssh: Connection refused",
        "the address answers, but nothing listens there: check that sshd runs, and ansible_host and ansible_port",
        ssh=True,
    ),
    _kind(
        "no_route",
        r"No route to host|Network is unreachable",
        "ssh: No route to host",
        "check that the host is up, ansible_host, and the route and firewall between the controller and it",
        ssh=True,
    ),
    _kind(
        "timed_out",
        r"timed out",
        "ssh: Connection timed out",
        "check that the host is up, ansible_host and ansible_port, and the firewall between the controller and it",
        ssh=True,
    ),
    _kind(
        "closed",
        r"Connection (?:closed|reset) by|kex_exchange_identification|Broken pipe",
        "ssh: The connection was closed",
        "look at the journal of sshd on the host (MaxStartups, AllowUsers, hosts.deny) and at what limits connections "
        "in between; fewer forks help",
        ssh=True,
    ),
)
# What ansible-core 2.19 and later, and before it 2.16 to 2.18, put in front of the sentence that says what is wrong.
_QUOTED = r"(?:'[^'\n]*'|\"[^\"\n]*\")"
_IN_FRONT = re.compile(
    r"\A(?:(?:Task|Action|Module) failed"
    rf"|Finalization of task args for {_QUOTED} failed|Error while resolving value for {_QUOTED}"
    r"|Error while resolving `var` expression|Error rendering template|Error while evaluating conditional"
    rf"|The (?:lookup|filter|test) plugin {_QUOTED} failed|An error occurred while running the lookup plugin {_QUOTED}"
    r"|An unhandled exception occurred while .{1,2000}?original message)[.:]\s+",
    re.DOTALL,
)
# Messages that say no more than that there was none.
_SAYS_NOTHING = re.compile(
    r"\A(?:MODULE FAILURE|Module result deserialization failed|The module failed to execute correctly|non-zero return)"
)
_OUTPUTS = ("module_stderr", "module_stdout", "exception", "stderr")
_NO_REASON = re.compile(r"\A(?:Shared )?connection to \S+ closed\.?\Z", re.I)
# Of each output, what may be searched: the reason stands at its beginning or at its end.
_SEARCHED = 20_000
_SHOWN_LINES, _SHOWN_LETTERS = 3, 600


def kind_of(message: str, unreachable: bool = False) -> Kind | None:
    """Return the kind of a reason, None where the table has none.

    :arg unreachable: whether the host was not reached; what ssh says is looked for only then, since a module can say
        the same of another host.
    """
    return next((kind for kind in KINDS if (unreachable or not kind.ssh) and kind.words.search(message)), None)


def shown(message: str, kind: Kind | None) -> str:
    """Return of a message the line with the reason, or its first lines where the kind is not known."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    if kind and (found := next((line for line in lines if kind.words.search(line)), "")):
        return found[:_SHOWN_LETTERS]
    return " ".join(line for line in lines[:_SHOWN_LINES] if not line.startswith("to do: "))[:_SHOWN_LETTERS]


def sentence(message: str) -> str:
    """Return a message without what Ansible puts in front of the sentence that a plugin of ours has written."""
    while (found := _IN_FRONT.match(message)) and message[found.end() :].strip():
        message = message[found.end() :]
    return message


def reason(content: dict[str, Any]) -> str:
    """Return why a task failed: its message, and where that says nothing, what its outputs say."""
    message = sentence(cleaned(content.get("msg"), _SEARCHED)).strip()
    if kind_of(message):
        return cleaned(message)
    lines = list(_lines(content))
    for kind in KINDS:
        if not kind.ssh and (found := next((line for line in lines if kind.words.search(line)), "")):
            return cleaned(found)
    if message and not _SAYS_NOTHING.match(message):
        return cleaned(message)
    return cleaned(f"{message.partition(chr(10))[0]} ({lines[-1]})" if lines else message)


def _lines(content: dict[str, Any]) -> Iterator[str]:
    for key in _OUTPUTS:
        value = content.get(key)
        if not value or not isinstance(value, str):
            continue
        text = value if len(value) <= 2 * _SEARCHED else f"{value[:_SEARCHED]}\n{value[-_SEARCHED:]}"
        for line in text.splitlines():
            if line.strip() and not _NO_REASON.match(line.strip()):
                yield cleaned(line.strip(), _SHOWN_LETTERS)
