# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import proxy_variables

LEASED = {"access_mode": "leased_line"}


def test_none(world):
    world.file("/etc/environment", 'PATH="/usr/bin"\n# https_proxy=http://proxy:3128\nno_proxy=.site\nhttp_proxy=\n')
    assert proxy_variables.run(world.facts, LEASED)["data"]["variables"] == []


@pytest.mark.parametrize(
    ("path", "line", "name"),
    [
        ("/etc/environment", "https_proxy=http://user:secret@proxy:3128", "https_proxy"),
        ("/etc/profile.d/proxy.sh", '  export HTTP_PROXY="http://proxy:3128"', "HTTP_PROXY"),
        ("/etc/systemd/system.conf.d/proxy.conf", "DefaultEnvironment=A=b ALL_PROXY=socks5://proxy", "ALL_PROXY"),
        (
            "/etc/systemd/system/containerd.service.d/proxy.conf",
            'Environment="HTTPS_PROXY=http://user:secret@proxy"',
            "HTTPS_PROXY",
        ),
    ],
)
def test_one_is_named_with_its_file_and_without_its_value(world, path, line, name):
    world.file(path, f"# comment\n{line}\n")
    found = proxy_variables.run(world.facts, LEASED)
    assert (found["status"], found["data"]["variables"]) == ("warn", [f"{name} in {path}"])
    assert "secret" not in str(found)
    assert proxy_variables.run(world.facts, {"access_mode": "internet"})["status"] == "pass"


def test_a_directory_beside_the_files_is_no_obstacle(world):
    world.file("/etc/profile.d/site.d/a.sh", "export https_proxy=http://not-read:1\n")
    world.file("/etc/profile.d/zz.sh", "export https_proxy=http://proxy:3128\n")
    found = proxy_variables.run(world.facts, LEASED)
    assert (found["status"], found["data"]["variables"]) == ("warn", ["https_proxy in /etc/profile.d/zz.sh"])
