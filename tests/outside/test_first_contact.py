# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""First contact with a fleet: what keeps Ansible itself from working on a host is named, with the remedy that helps.

One run over hosts of the README's inventory, each with another thing wrong; the names lead to two nodes, with other
logins.
"""

from __future__ import annotations

import dataclasses
import re

import helpers_outside as outside
import helpers_readme as readme
import lab
import pytest
import python36
import topology

NODE, BARE = topology.OUTSIDE_NODES[4:6]
NOBODY = "172.29.99.9"  # an address of the network that no container has
# Users of the node beside "ops", who may do everything without a password.
USERS = r"""
for user in plain typist homeless; do
  useradd --create-home --shell /bin/bash $user
  cp -r /home/ops/.ssh /home/$user/
  chown -R $user: /home/$user
done
printf 'typist:right\nplain:right\n' | chpasswd
echo 'typist ALL=(ALL) ALL' > /etc/sudoers.d/typist
echo 'homeless ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/homeless
chown root: /home/homeless && chmod 755 /home/homeless
"""
WITHOUT_PYTHON = "find /usr/bin -name '*python3*' -delete"


@dataclasses.dataclass(frozen=True)
class Case:
    """A host: how ssh gets there, what the inventory says of it, the words of what is wrong and of what helps."""

    name: str
    ssh: dict[str, str]
    said: str
    helps: str
    variables: str = ""
    node: topology.Node = NODE

    @property
    def login(self) -> dict[str, str]:
        return {"HostName": self.node.ssh_address, "User": "ops", **self.ssh}


ASKS = "ask-become-pass|ansible_become_password"
CASES = {
    "not in sudoers": Case("idc1-web-101", {"User": "plain"}, "sudoers", "sudoers", "ansible_become_password: right"),
    "no password for sudo": Case("idc1-web-102", {"User": "typist"}, "password", ASKS),
    "wrong password for sudo": Case(
        "idc1-web-103", {"User": "typist"}, "password", ASKS, "ansible_become_password: wrong"
    ),
    "no Python": Case("idc1-web-104", {}, "[Pp]ython", "bootstrap_python", node=BARE),
    "unknown host key": Case(
        "idc1-web-105", {"UserKnownHostsFile": "/dev/null"}, "[Hh]ost key", "known_hosts|ssh-keyscan|fingerprint"
    ),
    "permission denied": Case(
        "idc1-web-106", {"User": "nobody-here"}, "[Pp]ermission denied", "ansible_user|authorized_keys"
    ),
    "home not writable": Case("idc1-web-107", {"User": "homeless"}, "home", "remote_tmp"),
    "old Python": Case(
        "idc1-web-108",
        {},
        "[Pp]ython",
        r"bootstrap_python|ansible-core 2\.16",
        f"ansible_python_interpreter: {python36.INTERPRETER}",
    ),
    "nobody there": Case(
        "idc1-web-109", {"HostName": NOBODY, "ConnectTimeout": "3"}, "[Nn]o route|[Tt]imed out", "is up"
    ),
}


@pytest.fixture(scope="module")
def met(admin):
    """One run over all of them: (the run, its report, why a case is not among them)."""
    lab.docker("exec", NODE.container, "sh", "-c", USERS)
    lab.docker("exec", BARE.container, "sh", "-c", WITHOUT_PYTHON)
    missing = {}
    cases = dict(CASES)
    try:
        python36.give(NODE)
    except python36.Unavailable as reason:
        missing[cases.pop("old Python").name] = str(reason)
    outside.know(admin, "contact", [NODE, BARE], {case.name: case.login for case in cases.values()})
    site = admin.in_directory("first-contact")
    site.use_shown_configuration()
    # The home of a user is needed only without pipelining, as with sudo that wants a terminal.
    site.write("ansible.cfg", site.read("ansible.cfg").replace("pipelining = true", "pipelining = false"))
    for case in cases.values():
        if case.variables:
            site.write(f"host_vars/{case.name}.yml", f"---\n{case.variables}\n")
    limit = ",".join(case.name for case in cases.values())
    run = site.sh(f"{readme.shown_playbook('verify_edge')} --limit {limit}")
    (outside.CACHE / "output").mkdir(parents=True, exist_ok=True)
    (outside.CACHE / "output" / "first-contact.txt").write_text(run.out)
    return run, site.reports(), missing


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_wrong_is_named_with_what_helps(met, case):
    run, report, missing = met
    if case.name in missing:
        pytest.skip(missing[case.name])
    assert run.rc != 0
    assert report["hosts"][case.name]["state"] in ("failed", "unreachable")
    mine = [cause for cause in causes(run.summary) if case.name in cause]
    assert mine, f"{case.name} is in no cause: {run.summary}"
    for words in (case.said, case.helps):
        assert any(re.search(words, cause) for cause in mine), f"{words}: {mine}"
    assert "see the message of the task" not in "".join(mine)


def causes(summary: str) -> list[str]:
    """Return the causes of a summary: a line with the hosts and what is wrong, and below it what to do."""
    return re.findall(r"^  (?! ).*(?:\n {3,}.*)*", summary, re.M)
