# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the rows of a sheet become, and what every wrong one is answered with."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.hosts import (
    Host,
    group_name,
    read_defaults,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements import inputs
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import load
from fakes.fleet_csv import fleet, hosts, one, problems, wrong
from hypothesis import given
from hypothesis import strategies as st


def test_a_sheet() -> None:
    sheet = (
        "\ufeff主机名;管理IP;机房;地域;接入方式;网关;网卡;SSH端口;用户;VPC网段;集群版本;备注\r\n"
        "bj-01;10.20.0.11;北京;CN-Beijing;专线接入;10.20.0.253;bond0.100;22022;ops;192.168.0.0/16 172.16.0.0/12;1.30;"
        '"1\r\n2"\r\n'
        ";;;;;;;;;;;\r\n"
        "sh-01;EDGE.example.;上海;cn-shanghai;公网;;;;;;;\r\n"
    )
    first, second = hosts(sheet)
    assert first == Host(
        "bj-01",
        "a.csv",
        2,
        {
            "ansible_host": "10.20.0.11",
            "site": "北京",
            "region": "cn-beijing",
            "access_mode": "leased_line",
            "leased_line_gateway": "10.20.0.253",
            "leased_line_interface": "bond0.100",
            "ansible_port": 22022,
            "ansible_user": "ops",
            "vpc_cidrs": ["192.168.0.0/16", "172.16.0.0/12"],
            "cluster_version": "1.30",
            "note": "1\r\n2",
        },
    )
    # The second record has a line break, and the row of empty cells counts.
    assert (second.line, second.variables) == (
        5,
        {"ansible_host": "edge.example", "site": "上海", "region": "cn-shanghai", "access_mode": "internet"},
    )


@pytest.mark.parametrize("cell", ["a, b", "a b", "a;b", "a\nb", " a,,b; ", "a、b", "a，b"])  # noqa: RUF001 (as typed)
@pytest.mark.parametrize("variable", ["ntp_servers", "skip_checks"])
def test_lists(variable: str, cell: str) -> None:
    assert one(variable, cell) == ["a", "b"]


@pytest.mark.parametrize("cell", ["", " ", "\u3000", "\n"])
@pytest.mark.parametrize("variable", ["site", "vpc_cidrs", "region", "ansible_port", "anything"])
def test_an_empty_cell_is_not_set(variable: str, cell: str) -> None:
    assert one(variable, cell) is None


@pytest.mark.parametrize(
    "cell", ["专线", "专线接入", "leased line", "Leased-Line", "leased_line", "VPN", "cen", "内网"]
)
def test_leased_line(cell: str) -> None:
    assert one("access_mode", cell) == "leased_line"


@pytest.mark.parametrize("cell", ["公网", "公网接入", "Internet", "internet access", "public network", "互联网"])
def test_internet(cell: str) -> None:
    assert one("access_mode", cell) == "internet"


@pytest.mark.parametrize(
    "cell", ["{{ lookup('pipe', 'id') }}", "=cmd|'/C calc'!A0", "\x1b[31m", "yes", "007", "1.30", "null"]
)
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert one("anything", cell) == cell


@pytest.mark.parametrize(
    ("variable", "cell", "answer"),
    [
        ("region", "cn-bejing", "region is 'cn-bejing': this is not a known region; did you mean cn-beijing"),
        ("region", "ap-south-1", "region is 'ap-south-1': the vendor has closed India (Mumbai)"),
        ("access_mode", "光纤", "access_mode is '光纤': give leased_line (leased, "),
        (
            "leased_line_gateway",
            "10.0.0.1/24",
            "leased_line_gateway is '10.0.0.1/24': give an address such as 10.0.0.1, without a prefix length",
        ),
        ("leased_line_gateway", "gw1", "leased_line_gateway is 'gw1': give an address"),
        (
            "leased_line_interface",
            "eth0, eth1",
            "leased_line_interface is 'eth0, eth1': give the name of one interface",
        ),
        ("ansible_port", "0", "ansible_port is '0': give a port from 1 to 65535"),
        ("ansible_port", "22.0", "ansible_port is '22.0': give a port"),
        ("ansible_user", 'x"" -o ProxyCommand=id', "ansible_user is 'x\" -o ProxyCommand=id': give one user name"),
        ("vpc_cidrs", "192.168.0.1/16", "vpc_cidrs is '192.168.0.1/16': the address has host bits set"),
        (
            "cluster_version",
            "1.3",
            "cluster_version is '1.3': ACK Edge clusters start at version 1.12; if 1.30 is meant, make",
        ),
        ("addons", "login", "addons is 'login': give "),
        ("ntp_servers", "http://ntp", "ntp_servers is 'http://ntp': give a host name or an address, without scheme"),
        ("api_server", "10.0.0.1:99999", "api_server is '10.0.0.1:99999': give the host or host:port"),
    ],
)
def test_wrong_cells(variable: str, cell: str, answer: str) -> None:
    assert wrong(variable, cell).startswith(answer)


@pytest.mark.parametrize(
    "address",
    ["10.0.0.300", "10.0.0.1/24", "10.0.0.1 10.0.0.2", "-oProxyCommand=id", "{{ x }}", "0.0.0.0", "224.0.0.1", "a_b"],
)
def test_wrong_addresses(address: str) -> None:
    (problem,) = problems(f'host,ip\nn1,"{address}"\n')
    assert problem.startswith(f"a.csv, line 2, column 'ip': ansible_host is {address!r}: ")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a b", "web[01:10]", "-x", "a,b", "{{ x }}", "a:b", "!a", "x" * 254]
)
def test_wrong_names(name: str) -> None:
    (problem,) = problems(f'host,ip\n"{name}",10.0.0.1\n')
    assert problem.startswith("a.csv, line 2, column 'host': inventory_hostname is ")
    assert problem.endswith("give one name of letters, digits, '-', '_' and '.', beginning with a letter or a digit")


def test_addresses_are_compared_as_addresses() -> None:
    same, malformed = problems("host,ip\na,FD00::1\nb,fd00:0::1\nc,10.0.0.1\nd,10.0.0.01\n")
    assert same == (
        "a.csv, line 3, column 'ip': ansible_host is 'fd00::1', as in a.csv, line 2: correct one of them; where "
        "several sites use the same addresses, set unique_addresses: site"
    )
    assert malformed == (
        "a.csv, line 5, column 'ip': ansible_host is '10.0.0.01': give a host name or an address, without scheme, "
        "port or path"
    )


def test_duplicates_in_two_sheets() -> None:
    name, address = problems("host,ip\nN1,10.0.0.1\n", "主机名,IP\nn1,10.0.0.1\n")
    assert name == (
        "b.csv, line 2, column '主机名': inventory_hostname is 'n1', as in a.csv, line 2: give each host a name of "
        "its own"
    )
    assert address.startswith("b.csv, line 2, column 'IP': ansible_host is '10.0.0.1', as in a.csv, line 2: correct")


def test_the_same_address_with_another_port_is_another_machine() -> None:
    sheet = "host,ip,port\na,203.0.113.1,2201\nb,203.0.113.1,{}\n"
    assert len(hosts(sheet.format(2202))) == 2
    assert len(problems(sheet.format(2201))) == 1
    assert len(problems(sheet.format(""), defaults={"ansible_port": 2201})) == 1


def test_the_same_address_in_another_site() -> None:
    sheet = "host,ip,site\na,10.0.0.1,one\nb,10.0.0.1,two\n"
    assert len(problems(sheet)) == 1
    assert len(hosts(sheet, unique_per_site=True)) == 2
    assert problems(sheet + "c,10.0.0.1,two\n", unique_per_site=True) == [
        "a.csv, line 4, column 'ip': ansible_host is '10.0.0.1', as in a.csv, line 3: a site can have it once"
    ]


def test_names_that_are_missing() -> None:
    assert problems("host,ip\n,10.0.0.1\n,10.0.0.2\n") == [
        "a.csv, lines 2-3, column 'host': inventory_hostname is empty: give each host a name of its own"
    ]


def test_a_machine_without_address_is_reached_by_its_name() -> None:
    assert [host.variables for host in hosts("host,ip\na,\n")] == [{}]


@pytest.mark.parametrize("other", ["Idc-1", "idc_1"])
def test_sites_that_would_share_a_group(other: str) -> None:
    sheet = f"host,ip,site\na,10.0.0.1,idc-1\nb,10.0.0.2,{other}\nc,10.0.0.3,{other}\n"
    (problem,) = problems(sheet)
    assert problem.startswith(f"a.csv, lines 3-4, column 'site': site is {other!r}, whose group site_")
    assert " would be that of site idc-1 in a.csv, line 2: write the same in the same way" in problem
    assert len(hosts(sheet, prefixes={})) == 3


def test_a_machine_called_like_a_group() -> None:
    sheet = "host,ip,site\nidc1,10.0.0.1,idc1\nall,10.0.0.2,\n"
    answers = problems(sheet, prefixes={"site": ""})
    assert [line.split(": ")[0] for line in answers] == ["a.csv, line 2", "a.csv, line 3"]
    assert len(problems(sheet)) == 1


def test_rows_of_another_width() -> None:
    sheet = "host,ip,site,\na,10.0.0.1\nb,10.0.0.2,x,,,,\nc,10.0.0.3,x,,more\nd,10.0.0.4,x,more\n"
    assert [line.split(": ", 1)[0] for line in problems(sheet)] == ["a.csv, line 2", "a.csv, line 4", "a.csv, line 5"]
    few, many, nameless = (line.split(": ", 1)[1] for line in problems(sheet))
    assert few.startswith("the line has 2 cells, but the header has 4: add the missing ones")
    assert many.startswith(
        "the line has 5 cells, but the header has 4: put quotes around a cell that holds the delimiter"
    )
    assert nameless.startswith("cell 4 holds something, but the header there is empty")


def test_titles_above_the_header() -> None:
    assert problems("机房清单,,\n2026,,\n主机名,IP,机房\na,10.0.0.1,x\n") == [
        "a.csv, line 1: this is not a header, but line 3 looks like one: delete the lines above it"
    ]


@pytest.mark.parametrize("text", ["", "\n", ",,\n,,\n"])
def test_nothing(text: str) -> None:
    (problem,) = problems(text)
    assert "first line must be a header" in problem


def test_no_machines() -> None:
    assert problems("host,ip\n") == ["a.csv, line 1: no hosts follow the header"]


def test_a_column_that_no_sheet_has() -> None:
    options: dict[str, Any] = {"columns": {"IPP": "ansible_host", "b": "x"}}
    assert problems("host,ip\na,10.0.0.1\n", "host,ip,b\nc,10.0.0.2,\n", **options) == [
        "columns names 'IPP', which no header has; there are 'host', 'ip', 'b'"
    ]
    assert "there are" not in problems("host,ip,b\na,10.0.0.1,\n", secret=True, **options)[0]


def test_everything_at_once() -> None:
    sheet = (
        "主机名,管理IP,地域,接入方式\n"
        'n1,10.0.0.1,cn-bejing,专线\n"n\n2",10.0.0.999,cn-bejing,光纤\nn1,10.0.0.1,cn-beijing,专线\n"x"y,1\nn5,10.0.0.5\n'
    )
    found = fleet(sheet, columns={"多": "more"}, defaults={"region": "cn-nowhere"})
    places = [(problem.source, problem.line, problem.column) for problem in found.problems]
    assert places == [
        ("option defaults", None, None),
        ("a.csv", 6, None),
        ("a.csv", 2, "地域"),
        ("a.csv", 3, "主机名"),
        ("a.csv", 3, "管理IP"),
        ("a.csv", 3, "地域"),
        ("a.csv", 3, "接入方式"),
        ("a.csv", 5, "主机名"),
        ("a.csv", 5, "管理IP"),
        ("a.csv", 7, None),
        ("", None, None),
    ]


def test_overlaps_name_their_column() -> None:
    (problem,) = problems("host,ip,pod网段,vpc\na,10.0.0.1,10.0.0.0/8,10.1.0.0/16\n")
    assert problem.startswith(
        "a.csv, line 2, column 'pod网段': pod_cidr is 10.0.0.0/8: it overlaps vpc_cidrs 10.1.0.0/16"
    )


def test_variables_that_nobody_would_guess_are_named() -> None:
    assert fleet("host,ip,机位图,Rack Unit 2\na,10.0.0.1,x,y\n").named == {"机位图": "column_u673a_u4f4d_u56fe"}


def defaults(**values: Any) -> tuple[dict[str, Any], list[str]]:
    found, problems_ = read_defaults(values, load())
    return found, [problem.text for problem in problems_]


def test_defaults() -> None:
    given_values: dict[str, Any] = {
        "region": "CN-Beijing",
        "access_mode": "专线",
        "vpc_cidrs": ["10.0.0.0/8"],
        "node_cidrs": "10.0.0.0/8, 11.0.0.0/8",
        "ansible_port": 2201,
        "ansible_user": "{{ operator }}",
        "extra_routes": ["{{ one }}"],
        "rack": {"any": ["thing"]},
        "site": "",
        "note": None,
    }
    found, found_problems = defaults(**given_values)
    assert found_problems == []
    assert found == {
        "region": "cn-beijing",
        "access_mode": "leased_line",
        "vpc_cidrs": ["10.0.0.0/8"],
        "node_cidrs": ["10.0.0.0/8", "11.0.0.0/8"],
        "ansible_port": 2201,
        "ansible_user": "{{ operator }}",
        "extra_routes": ["{{ one }}"],
        "rack": {"any": ["thing"]},
    }


@pytest.mark.parametrize(
    ("name", "value", "answer"),
    [
        ("region", "cn-bejing", "region is 'cn-bejing': this is not a known region"),
        ("region", "{{ x }}", "region is '{{ x }}': groups are made from it: give a value, not a template"),
        ("region", ["cn-beijing"], "region is \"['cn-beijing']\": give one value, as text"),
        ("ansible_port", True, "ansible_port is 'True': give one value, as text"),
        ("vpc_cidrs", ["10.0.0.1/8"], "vpc_cidrs is '10.0.0.1/8': the address has host bits set"),
        ("cluster_version", 1.3, "cluster_version is 1.3: quote it"),
        ("ansible_host", "10.0.0.1", "inventory_hostname and ansible_host cannot be the same for all hosts"),
        ("two words", "x", "'two words' is not a valid variable name"),
    ],
)
def test_wrong_defaults(name: str, value: Any, answer: str) -> None:
    found = defaults(**{name: value})[1]
    assert len(found) == 1 and found[0].startswith(answer), found


def test_a_vaulted_default_is_left_to_ansible() -> None:
    vaulted = object()
    assert defaults(ansible_user=vaulted, ansible_password=vaulted) == (
        {"ansible_user": vaulted, "ansible_password": vaulted},
        [],
    )


def test_names_of_groups() -> None:
    assert [group_name("site_", name) for name in ("idc-1", "北京 一号", "a.b/c")] == [
        "site_idc_1",
        "site_北京_一号",
        "site_a_b_c",
    ]
    assert group_name("", "1a") == "_a"


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), min_size=3, max_size=3), max_size=5
    )
)
def test_hostile_cells_are_machines_or_problems(rows: list[list[str]]) -> None:
    quoted = ["|".join('"' + cell.replace('"', '""').replace("\0", "") + '"' for cell in row) for row in rows]
    found = fleet("\n".join(["host|ip|region", *quoted]))
    for host in found.hosts:
        assert host.name and not set(host.name) & set("/{}[]:,;!&*? \n\t'\"")
    assert found.problems or len(found.hosts) == len([row for row in rows if any(cell.strip() for cell in row)])


def test_the_networks_of_a_site_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def read(values: dict[str, Any], addons: Any) -> tuple[None, list[str]]:
        calls.append(values)
        return None, []

    monkeypatch.setattr(inputs, "read", read)
    rows = [f"n{row},10.{row // 250}.{row % 250}.9,idc{row % 40},192.168.{row % 40}.0/24" for row in range(2000)]
    assert len(hosts("\n".join(["host,ip,site,vpc_cidrs", *rows]))) == 2000
    assert len(calls) == 40
