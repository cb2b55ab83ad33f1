# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words are those that were met, or stand in the sources of OpenSSH, sudo, shells, Python and ansible-core."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._report.contact import (
    KINDS,
    NEEDS,
    kind_of,
    reason,
    sentence,
    shown,
)

GENERIC = "Module result deserialization failed: No start of json char found"
OLD = "MODULE FAILURE\nSee stdout/stderr for the exact error"
TOO_OLD = "SyntaxError: future feature annotations is not defined"
TRACEBACK = f'Traceback (most recent call last):\n  File "<stdin>", line 107, in <module>\n{TOO_OLD}\n'
SUDOERS = "The user is not in sudoers"
ASKS = "sudo asks for a password, or the user is not in sudoers"
NO_PYTHON = "The host has no Python"
OLD_PYTHON = "The host's Python is too old for this ansible-core"


@pytest.mark.parametrize(
    ("title", "line", "content"),
    [
        (SUDOERS, "x is not in the sudoers file.",
         {"msg": GENERIC, "module_stdout": "\r\nx is not in the sudoers file.\r\n"}),
        (SUDOERS, "x is not in the sudoers file.  This incident will be reported.",
         {"msg": OLD, "module_stderr": "x is not in the sudoers file.  This incident will be reported.\n"}),
        (SUDOERS, "Sorry, user x may not run sudo on edge-1.",
         {"msg": OLD, "module_stdout": "Sorry, user x may not run sudo on edge-1.\r\n"}),
        (SUDOERS, "Sorry, user x is not allowed to execute '/bin/sh' as root on edge-1.",
         {"msg": OLD, "module_stderr": "Sorry, user x is not allowed to execute '/bin/sh' as root on edge-1.\n"}),
        (ASKS, "sudo: a password is required",
         {"msg": "Task failed: Premature end of stream waiting for become success.\n>>> Standard Error\n"
                 "sudo: a password is required"}),
        (ASKS, "sudo: a password is required", {"msg": GENERIC, "module_stderr": "sudo: a password is required\n"}),
        ("The become password is missing", "Missing sudo password", {"msg": "Missing sudo password"}),
        ("The become password is missing", "Missing su password", {"msg": "Task failed: Missing su password"}),
        ("The become password is missing", "Missing community.general.doas password",
         {"msg": "Missing community.general.doas password"}),
        ("The become password is wrong", "Incorrect sudo password", {"msg": "Incorrect sudo password"}),
        ("The become password is wrong", "Incorrect su password", {"msg": "Incorrect su password"}),
        ("The become password is wrong", "su: Authentication failure",
         {"msg": GENERIC, "module_stderr": "su: Authentication failure\n"}),
        ("No answer to become in time", "Timeout (12s) waiting for privilege escalation prompt:",
         {"msg": "Timeout (12s) waiting for privilege escalation prompt: "}),
        ("No answer to become in time", "Timed out waiting for become success or become password prompt.",
         {"msg": "Timed out waiting for become success or become password prompt."}),
        (NO_PYTHON, "The module interpreter '/usr/bin/python3' was not found.",
         {"msg": "The module interpreter '/usr/bin/python3' was not found.", "rc": 127}),
        (NO_PYTHON, "The module failed to execute correctly, you probably need to set the interpreter.",
         {"msg": "The module failed to execute correctly, you probably need to set the interpreter.\nSee stdout/stderr",
          "module_stdout": "/bin/sh: 1: /usr/bin/python3: not found\r\n"}),
        (NO_PYTHON, "/bin/sh: 1: /usr/bin/python: not found",
         {"msg": GENERIC, "module_stdout": "/bin/sh: 1: /usr/bin/python: not found\r\n"}),
        (NO_PYTHON, "/bin/sh: /usr/bin/python3: No such file or directory",
         {"msg": OLD, "module_stderr": "/bin/sh: /usr/bin/python3: No such file or directory\n"}),
        (NO_PYTHON, "bash: line 1: /usr/bin/python: command not found",
         {"msg": GENERIC, "module_stdout": "bash: line 1: /usr/bin/python: command not found"}),
        (OLD_PYTHON, TOO_OLD, {"msg": GENERIC, "module_stderr": TRACEBACK}),
        (OLD_PYTHON, TOO_OLD, {"msg": OLD, "exception": TRACEBACK}),
        (OLD_PYTHON, "SyntaxError: invalid syntax",
         {"msg": GENERIC, "module_stderr": "  File x\n    if (y := 1):\n         ^\nSyntaxError: invalid syntax\n"}),
        (OLD_PYTHON, "ansible-core requires a minimum of Python version 3.8. Current version: 3.6.15 (default)",
         {"msg": "ansible-core requires a minimum of Python version 3.8. Current version: 3.6.15 (default)"}),
        (OLD_PYTHON, "ansible-core requires a minimum of Python2 version 2.7 or Python3 version 3.6. Current: 3.5",
         {"msg": "ansible-core requires a minimum of Python2 version 2.7 or Python3 version 3.6. Current: 3.5"}),
        ("The SELinux bindings of Python are missing",
         "Aborting, target uses selinux but python bindings (libselinux-python) aren't installed!",
         {"msg": "Aborting, target uses selinux but python bindings (libselinux-python) aren't installed!"}),
        ("Ansible's temporary files cannot be run on the host",
         "/home/x/.ansible/tmp/ansible-tmp-1/AnsiballZ_ping.py: Permission denied",
         {"msg": OLD, "module_stderr": "/home/x/.ansible/tmp/ansible-tmp-1/AnsiballZ_ping.py: Permission denied"}),
        ("No space is left on the host", "cannot write: [Errno 28] No space left on device",
         {"msg": "cannot write: [Errno 28] No space left on device"}),
    ],
)  # fmt: skip
def test_reasons_of_a_failed_task(title, line, content):
    message = reason(content)
    kind = kind_of(message)
    assert (kind.title, shown(message, kind)) == (title, line)
    assert kind.remedy


CONNECT = "Failed to connect to the host via ssh: "


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("The host key is not known", CONNECT + "Host key verification failed."),
        ("The host key is not known",
         CONNECT + "No ED25519 host key is known for 10.0.0.1 and you have requested strict checking.\r\n"),
        ("The host key has changed",
         CONNECT + "@@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed."),
        ("ssh: Permission denied", CONNECT + "ops@10.0.0.1: Permission denied (publickey,password)."),
        ("ssh: Permission denied", "Invalid/incorrect password: Permission denied, please try again."),
        ("Too many authentication failures",
         CONNECT + "Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures"),
        ("The name of the host is not resolved",
         CONNECT + "ssh: Could not resolve hostname edge-1: Name or service not known"),
        ("ssh: Connection refused", CONNECT + "ssh: connect to host 10.0.0.1 port 22: Connection refused"),
        ("ssh: Connection timed out", CONNECT + "ssh: connect to host 10.0.0.1 port 22: Connection timed out"),
        ("ssh: Connection timed out", CONNECT + "Connection timed out during banner exchange"),
        ("ssh: No route to host", CONNECT + "ssh: connect to host 10.0.0.1 port 22: No route to host"),
        ("ssh: The connection was closed", CONNECT + "kex_exchange_identification: Connection closed by remote host"),
        ("The home directory is not writable",
         "Failed to create temporary directory. In some cases, you may have been able to authenticate and did not have "
         "permissions on the target directory. Failed command was: ( umask 77 && mkdir -p \"~/.ansible/tmp\"), "
         "exited with result 1"),
        ("No space is left on the host", "mkdir: cannot create directory '/root/.ansible': No space left on device\n"),
        ("A file system of the host is read-only",
         "Failed to create temporary directory, stderr output: mkdir: cannot create directory '/root/.ansible': "
         "Read-only file system"),
        ("sshpass is missing on the controller",
         "to use the 'ssh' connection type with passwords or pkcs11_provider, you must install the sshpass program"),
    ],
)  # fmt: skip
def test_reasons_of_an_unreachable_host(title, message):
    assert kind_of(message, unreachable=True).title == title


@pytest.mark.parametrize(
    "message", ["mirror.example: Connection refused", "Temporary failure in name resolution", "read timed out"]
)
def test_what_a_module_says_of_another_host_is_not_said_of_ssh(message):
    assert kind_of(message) is None


def test_a_remedy_names_what_the_running_core_needs_and_how_python_comes():
    remedies = {kind.title: kind.remedy for kind in KINDS}
    assert f"needs Python {NEEDS} or newer" in remedies[OLD_PYTHON]
    assert "ansible-core 2.16, which serves Python 3.6" in remedies[OLD_PYTHON]
    assert "ack_edge.node.bootstrap_python" in remedies[NO_PYTHON]


FINALIZATION = "Finalization of task args for 'ansible.builtin.set_fact' failed: "
LOOKUP = "The lookup plugin 'ack_edge.node.region' failed: "


@pytest.mark.parametrize(
    "front",
    [
        "",
        "Task failed: ",
        f"Task failed: {FINALIZATION}Error while resolving value for 'ack_edge_requirements': {LOOKUP}",
        "Task failed: Action failed: ",
        "Task failed: Module failed: ",
        'Finalization of task args for "a\'b" failed: ',
        "An unhandled exception occurred while running the lookup plugin 'ack_edge.node.region'. Error was a "
        "<class 'ansible.errors.AnsibleLookupError'>, original message: ",
        "Task failed: An error occurred while running the lookup plugin 'x': ",
    ],
)
def test_the_sentence_itself(front):
    said = "region is 'cn-bejing', which is not a valid region; expected one such as cn-beijing"
    assert sentence(front + said) == said
    assert reason({"msg": front + said}) == said


@pytest.mark.parametrize("text", ["Task failed.", "Task failed: ", "Module failed", ""])
def test_something_is_always_left(text):
    assert sentence(text) == text


def test_what_is_left_where_nothing_is_known():
    closed = "Shared connection to 10.0.0.1 closed.\r\n"
    content = {"msg": GENERIC, "module_stdout": f"a\nSegmentation fault\n{closed}"}
    assert reason(content) == f"{GENERIC} (Segmentation fault)"
    assert reason({"msg": ["x"], "module_stdout": {"a": 1}, "exception": 5}) == "['x']"
    assert shown("one\n\ntwo\nto do: x\nthree\nfour", None) == "one two"
