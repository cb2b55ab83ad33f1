# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sheet may say of the host that tries the ports, and which names is reserved for the playbooks."""

from __future__ import annotations

import pytest
from fakes.fleet_csv import hosts, one, problems, wrong


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "-oProxyCommand=touch x",
            "-F/etc/passwd",
            "a b",
            "a\tb",
            "a\nb",
            "localhost",
            "LocalHost",
            "localhost.localdomain",
        ),
        *(
            "127.0.0.1",
            "127.1",
            "0",
            "0.0.0.0",
            "::1",
            "a;b",
            "$(id)",
            "{{ x }}",
            "a:b",
            "user@host",
            "all,!x",
            "~x",
            "*",
        ),
    ],
)
def test_who_tries_the_ports_is_a_host_and_not_the_controller(cell: str) -> None:
    assert wrong("vpc_probe_host", cell).startswith("vpc_probe_host is ")


@pytest.mark.parametrize("cell", ["vpc-host", "10.20.0.11", "探测_1", "localhosts", "1270.host"])
def test_names_of_probe_hosts(cell: str) -> None:
    assert one("vpc_probe_host", cell) == cell


@pytest.mark.parametrize("header", ["vpc_probe_address", "vpc_probe_source"])
def test_addresses_of_the_probe(header: str) -> None:
    assert one(header, "10.20.0.11") == "10.20.0.11"
    for cell in ("-x", "vpc-host", "10.20.0.0/16", "0.0.0.0", "224.0.0.1"):
        assert wrong(header, cell).startswith(f"{header} is '{cell}'")


def test_no_machine_of_a_sheet_is_the_controller() -> None:
    (problem,) = problems("host,ip\nlocalhost,10.0.0.1\n")
    assert "inventory_hostname is 'localhost': that is the controller" in problem


def test_groups_in_which_the_playbooks_remember_hosts() -> None:
    sheet = "host,ip,site\nn1,10.0.0.1,ack_edge_wave_passed\n"
    (problem,) = problems(sheet, prefixes={"site": ""})
    assert "whose group ack_edge_wave_passed is reserved for the playbooks" in problem
    assert hosts(sheet)[0].variables["site"] == "ack_edge_wave_passed"
