# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""After the roles: the tools are there, one client keeps the clock, and it is the one that it should be."""

import pytest

TOOLS = ("ifconfig", "ip", "crontab", "lspci", "socat", "ebtables", "iptables", "conntrack")
SITE_KEEPS = ("edge-ntpsec", "edge-site-chrony")


@pytest.mark.parametrize("tool", TOOLS)
def test_tool_is_there(host, tool):
    assert host.run("PATH=$PATH:/usr/sbin:/sbin command -v %s", tool).rc == 0


def test_one_client_keeps_the_clock(node, clients):
    active = {name for name, (_load, active, _enabled) in clients[1].items() if active == "active"}
    if node.name == "edge-ntpsec":
        assert active == {"ntpsec.service"}
    else:
        assert active == {"chronyd.service" if "el9" in node.name else "chrony.service"}


def test_it_follows_the_server_of_the_site(host, node):
    if node.name == "edge-ntpsec":
        assert "stratum=" in host.check_output("ntpq -n -c 'rv 0 leap,stratum,offset,refid'")
        assert "*" in host.check_output("ntpq -n -p")
    else:
        assert host.run("chronyc -n waitsync 60 1 0 1").rc == 0
        assert "ntp.idc.example" in host.check_output("chronyc -N sources")


def test_what_the_site_keeps_is_as_it_was(node, clients, differences):
    if node.name in SITE_KEEPS:
        assert clients[0].items() <= clients[1].items()
        of_the_clock = [line for line in differences if "chrony" in line.split(":")[0] or "ntpsec/" in line]
        assert of_the_clock == []
        assert not [line for line in differences if line.startswith("/var/lib/ack_edge")]


def test_a_client_of_others_stays_installed(host, node):
    if "ntpsec" in node.name:
        assert host.run("dpkg-query -W -f '${db:Status-Status}' ntpsec").stdout == "installed"
        assert host.run("command -v ntpdate").rc == (0 if node.name == "edge-ntpsec" else 127)


def test_a_conflict_is_disabled_and_not_removed(node, clients):
    if node.name == "edge-el9-ntpsec":
        assert clients[1]["ntpsec.service"] == ("loaded", "inactive", "disabled")


def test_no_package_file_is_left(host):
    assert host.run("find / -xdev -name packages.tar -o -xdev -name 'ack_edge-*'").stdout == ""


def test_clock_serves_nobody(host, node):
    if node.name not in SITE_KEEPS:
        assert not [line for line in host.check_output("ss -Hlun").splitlines() if line.split()[3].endswith(":123")]
