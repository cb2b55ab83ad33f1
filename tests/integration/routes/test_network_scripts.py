# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of network-scripts against a real kernel, a real ip and a real shell, in a network namespace of its own.

No package here has the ifup of an EL, so a few lines of shell stand in for how it reads these files: entries are
sourced and counted from 0, any other file is given to ip line by line.
"""

from __future__ import annotations

import subprocess

import pytest

DIRECTORY = "etc/sysconfig/network-scripts"
IFUP = r"""
set -f
entries() {
    . "$1"
    n=0
    while eval "address=\$ADDRESS$n netmask=\$NETMASK$n gateway=\$GATEWAY$n"; [ -n "$address" ]; do
        ip route add "$address/$netmask" via "$gateway" dev idc0
        n=$((n + 1))
    done
}
lines() {
    { cat "$2"; echo; } | while read line; do
        case $line in '' | '#'*) ;; *) ip "-$1" route add $line ;; esac
    done
}
cd "$1"
if grep -Eq '^[[:space:]]*ADDRESS[0-9]+=' route-idc0; then entries ./route-idc0; else lines 4 route-idc0; fi
if [ -f route6-idc0 ]; then lines 6 route6-idc0; fi
"""
LINES = "# of the site\n198.51.100.0/24\tvia 10.99.0.1"
ENTRIES = (
    "ADDRESS0=198.51.100.0\nNETMASK0='255.255.255.0' # site\nGATEWAY0=10.99.0.1\n"
    'export ADDRESS1="203.0.113.0" NETMASK1=255.255.255.0 GATEWAY1=10.99.0.2'
)
PLAIN = ["100.103.99.73/32", "100.118.28.0/24", "100.64.0.0/12"]
RICH = [
    *PLAIN,
    {
        "destination": "100.1.0.0/16",
        "metric": 7,
        "table": 100,
        "mtu": 1400,
        "onlink": True,
        "source": "10.99.0.11",
    },
    {"destination": "fd01::/64", "gateway": "fd00:99::1", "mtu": 1400},
]


@pytest.fixture(params=[(LINES, RICH), (ENTRIES, PLAIN)], ids=["lines", "entries"])
def site(request, host):
    text, wanted = request.param
    directory = host.root / DIRECTORY
    directory.mkdir(parents=True)
    (directory / "ifup-eth").touch()
    (directory / "ifcfg-idc0").write_text("DEVICE=idc0\n")
    (directory / "route-idc0").write_text(text)
    boot(host)
    return directory, text, {"backend": "network_scripts", "interface": "idc0", "routes": wanted}


def boot(host):
    """Make the interfaces anew and read the files; nothing that ip says may be a complaint."""
    host.down()
    host.up()
    done = subprocess.run(
        ["bash", "-c", IFUP, "ifup", str(host.root / DIRECTORY)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""


def test_what_is_written_is_what_a_restart_brings_back(host, site):
    directory, text, given = site
    of_the_site = host.routes()
    assert host.run(**given)["changed"] is True
    live = host.ip("route", "show", "table", "all"), host.ip("-6", "route", "show", "table", "all")
    boot(host)
    assert len(host.routes()) == len(of_the_site) + len(given["routes"])
    again = host.run(**given)
    assert (again["changed"], {one["status"] for one in again["results"]}) == (False, {"pass"})
    after = host.ip("route", "show", "table", "all"), host.ip("-6", "route", "show", "table", "all")
    assert [words(one) for one in after] == [words(one) for one in live]
    host.run(state="absent", routes=[])
    assert (directory / "route-idc0").read_text() == text
    assert not (directory / "route6-idc0").exists()
    boot(host)
    assert host.routes() == of_the_site


def words(listing):
    """Return the routes with a gateway; who set them (proto) is no part of what they do."""
    return sorted(line.replace(" proto static", "").strip() for line in listing.splitlines() if " via " in line)


def test_one_that_leaves_the_middle_does_not_cut_off_those_behind(host, site):
    _directory, _text, given = site
    host.run(**given)
    host.run(**{**given, "routes": given["routes"][1:]})
    expected = host.routes()
    boot(host)
    assert host.routes() == expected
