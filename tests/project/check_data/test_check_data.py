# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Saved pages against vars/: a page that says the same has no difference, and every change of it is one.

The pages are made here, in the form of the vendor's but without its sentences: facts only. ACK_EDGE_VENDOR_PAGE names
a real copy, which is looked at as well where it is there.
"""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from check_data.__main__ import main
from fakes.requirements import CATALOGUE
from fakes.vendor_page import WAYS, Tables, as_html, as_text, published

ROOT = Path(__file__).parents[3]


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, list[str]]]:
    def run(*pages: str, options: tuple[str, ...] = ()) -> tuple[int, list[str]]:
        paths = []
        for number, page in enumerate(pages, 1):
            paths.append(tmp_path / f"page{number}")
            paths[-1].write_text(page, encoding="utf-8")
        status = main([*options, *map(str, paths)])
        out, err = capsys.readouterr()
        found = [line for line in out.splitlines() if line.startswith(("new", "gone", "differs", "empty"))]
        assert status == 2 or out.splitlines()[-1].split()[0] == str(len(found))
        return status, found or err.splitlines()

    return run


@pytest.mark.parametrize("way", WAYS)
def test_a_page_that_says_the_same_has_no_difference(way: str, check: Any) -> None:
    assert check(WAYS[way](published()), options=("--complete",)) == (0, [])


def test_what_a_text_copy_has_lost_is_no_difference(check: Any) -> None:
    assert check(as_text(published(), lose=True)) == (0, [])


@pytest.mark.skipif("ACK_EDGE_VENDOR_PAGE" not in os.environ, reason="ACK_EDGE_VENDOR_PAGE names no copy of the page")
def test_the_real_page() -> None:
    assert main(["--complete", os.environ["ACK_EDGE_VENDOR_PAGE"]]) == 0


def at(tables: Tables, table: str, first: str) -> list[str]:
    (found,) = [row for row in tables[table] if row[0].startswith(first) or row[1] == first or row[2] == first]
    return found


def new_region(tables: Tables) -> None:
    host = "registry-eu-south-9-vpc.ack.aliyuncs.com"
    tables["registry"].append(["Italy", "eu-south-9", host, "100.100.9.1/32\n100.100.9.2/32"])


def new_oss(tables: Tables) -> None:
    tables["oss"].append(
        ["Italy", "eu-south-9", "oss-eu-south-9", "oss-eu-south-9-internal.aliyuncs.com", "100.99.9.0/24"]
    )


def new_inbound_port(tables: Tables) -> None:
    tables["inbound"].insert(3, ["TCP", "10256", "VPC", ""])


def more_inbound_ports(tables: Tables) -> None:
    tables["inbound"][3][1] = "8472 and 8473"


def swap_two_values(tables: Tables) -> None:
    one, other = at(tables, "registry", "cn-fuzhou"), at(tables, "registry", "cn-qingdao")
    one[3], other[3] = other[3], one[3]


def edit(table: str, row: str, column: int, old: str, new: str) -> Callable[[Tables], None]:
    def change(tables: Tables) -> None:
        cells = at(tables, table, row)
        assert old in cells[column]
        cells[column] = cells[column].replace(old, new)

    return change


def drop(table: str, row: str) -> Callable[[Tables], None]:
    def change(tables: Tables) -> None:
        tables[table].remove(at(tables, table, row))

    return change


CHANGES: dict[str, tuple[Callable[[Tables], None], list[str]]] = {
    "changed address": (
        edit("registry", "cn-beijing", 3, "100.103.6.63/32", "100.103.6.64/32"),
        ["differs registry routes, cn-beijing: only page1: 100.103.6.64/32; only vars/: 100.103.6.63/32"],
    ),
    "one address less": (
        edit("registry", "cn-beijing", 3, "\n100.103.6.63/32", ""),
        ["differs registry routes, cn-beijing: only vars/: 100.103.6.63/32"],
    ),
    "wider prefix": (
        edit("oss", "oss-eu-west-1", 4, "100.114.114.128/25", "100.114.114.0/24"),
        ["differs OSS VIP ranges, oss-eu-west-1 (eu-west-1): only page1: 100.114.114.0/24; only vars/: "],
    ),
    "malformed range": (
        edit("oss", "oss-cn-wulanchabu", 4, "100.114.100.0/24", "100.114.100/24"),
        [
            "differs OSS VIP ranges, oss-cn-wulanchabu (cn-wulanchabu): only page1: 100.114.100/24; "
            "only vars/: 100.114.100.0/24"
        ],
    ),
    "changed host": (
        edit("registry", "cn-beijing", 2, "-vpc.ack", "-vpc.ack2.aliyuncs.com registry-cn-beijin-vpc.ack"),
        ["differs registry routes, cn-beijing: only page1: registry-cn-beijin-vpc.ack.aliyuncs.com"],
    ),
    "changed OSS host": (
        edit("oss", "oss-cn-hzjbp", 3, "-b-internal", "-c-internal"),
        [
            "differs OSS hosts, oss-cn-hzjbp (cn-hangzhou-finance): only page1: oss-cn-hzjbp-c-internal.aliyuncs.com; "
            "only vars/: oss-cn-hzjbp-b-internal.aliyuncs.com"
        ],
    ),
    "missing region": (drop("registry", "cn-heyuan"), ["gone    registry routes, cn-heyuan: "]),
    "missing OSS row": (
        drop("oss", "oss-cn-szfinance"),
        [
            "gone    OSS hosts, oss-cn-szfinance (cn-shenzhen-finance-1): ",
            "gone    OSS VIP ranges, oss-cn-szfinance (cn-shenzhen-finance-1): ",
        ],
    ),
    "new region": (new_region, ["new     registry routes, eu-south-9: page1 has 100.100.9.1/32, 100.100.9.2/32"]),
    "new OSS region": (
        new_oss,
        ["new     OSS hosts, oss-eu-south-9 (eu-south-9): ", "new     OSS VIP ranges, oss-eu-south-9 (eu-south-9): "],
    ),
    "new inbound port": (new_inbound_port, ["new     inbound ports, 10256/tcp: "]),
    "more inbound ports": (more_inbound_ports, ["new     inbound ports, 8473/udp: "]),
    "inbound port less": (
        edit("inbound", "9100 and 9445", 1, "9100 and ", ""),
        ["gone    inbound ports, 9100/tcp: "],
    ),
    "other protocol": (
        edit("inbound", "UDP", 0, "UDP", "SCTP"),
        ["new     inbound ports, 8472/sctp: page1 has it", "gone    inbound ports, 8472/udp: vars/ has it"],
    ),
    "new outbound port": (
        edit("outbound", "API server", 2, "6443", "6443 and 8443"),
        ["differs outbound ports, api_server: only page1: 8443/tcp"],
    ),
    "changed range of ports": (
        edit("outbound", "Raven", 2, "10285)", "10284)"),
        ["differs outbound ports, raven_gateway: only vars/: 10284/tcp"],
    ),
    "new outbound host": (
        edit("outbound", "dockerauth", 1, "registry-", "blob.{region}.aliyuncs.com\nregistry-"),
        ["differs outbound hosts, image: only page1: blob.{region}.aliyuncs.com"],
    ),
    "outbound host less": (
        edit("outbound", "cs-anony", 0, "\ncs-anony.{region}.aliyuncs.com", ""),
        ["differs outbound hosts, control_plane: only vars/: cs-anony.{region}.aliyuncs.com"],
    ),
    "new endpoint": (
        lambda tables: tables["outbound"].append(["edge.{region}.aliyuncs.com", "-", "TCP 8883", ""]),
        [
            "new     outbound hosts, edge.{region}.aliyuncs.com: ",
            "new     outbound ports, edge.{region}.aliyuncs.com: page1 has 8883/tcp",
        ],
    ),
    "missing endpoint": (
        drop("outbound", "aliacs"),
        ["gone    outbound hosts, oss_packages: ", "gone    outbound ports, oss_packages: "],
    ),
    "new tool": (
        edit("outbound", "Tools", 0, "socat", "socat, ipset"),
        ["differs system tools, system tools: only page1: ipset"],
    ),
    "values of two regions swapped": (
        swap_two_values,
        [
            "differs registry routes, cn-fuzhou: only page1: 100.100.0.172/32, 100.100.0.207/32; only vars/: ",
            "differs registry routes, cn-qingdao: only page1: 100.100.0.28/32, 100.100.0.43/32; only vars/: ",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", ["text", "markdown", "rich html"])
@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_told(change: str, way: str, check: Any) -> None:
    make, expected = CHANGES[change]
    tables = copy.deepcopy(published())
    make(tables)
    status, found = check(WAYS[way](tables))
    assert status == 1
    assert len(found) == len(expected), found
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(start)


def test_an_empty_cell_of_a_page_is_a_difference(check: Any) -> None:
    tables = published()
    at(tables, "registry", "cn-heyuan")[3] = ""
    assert check(as_html(tables)) == (1, ["empty   registry routes, cn-heyuan: page1 has the row, without a value"])


def test_a_row_with_a_separator_too_few_spoils_no_other_row(check: Any) -> None:
    page = as_text(published())
    assert "cn-qingdao | registry" in page
    status, found = check(page.replace("cn-qingdao | registry", "cn-qingdao   registry", 1))
    assert (status, found) == (0, [])


def test_a_region_beside_its_name_in_one_cell_is_the_region(check: Any) -> None:
    tables = published()
    for rows in (tables["registry"], tables["oss"]):
        rows[1:] = [[f"{row[0]} ({row[1]})", "", *row[2:]] for row in rows[1:]]
    assert check(as_html(tables)) == (0, [])


def test_several_pages_are_one_publication(check: Any) -> None:
    tables = published()
    parts = [as_html({name: rows}) for name, rows in tables.items()]
    assert check(*parts, options=("--complete",))[0] == 1
    status, found = check(*parts)
    # Alone, an OSS table is that of the OSS page, which has more regions.
    assert status == 1 and {line.split()[0] for line in found} == {"gone"}
    assert {line.split("oss-")[1].split(" ")[0] for line in found} == {
        item["id"].removeprefix("oss-")
        for row in CATALOGUE.regions.values()
        for item in row["oss"]
        if "ack_page" in item
    }


def test_a_table_that_no_page_has_counts_where_all_are_wanted(check: Any) -> None:
    tables = published()
    del tables["inbound"]
    assert check(as_html(tables)) == (0, [])
    assert check(as_html(tables), options=("--complete",)) == (1, ["gone    inbound ports: no page has such a table"])


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("", "has no table"),
        ("<html><body><p>Sign in</p></body></html>", "has no table"),
        ("<html><table><tr><td>a</td><td>b</td></tr></table></html>", "no table of the vendor is known"),
        ("a | b | c |\nd | e | f |\n", "no table of the vendor is known"),
    ],
)
def test_what_is_no_page_is_said(page: str, expected: str, check: Any) -> None:
    status, said = check(page)
    assert status == 2 and expected in said[0]


def test_files_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    binary = tmp_path / "page"
    binary.write_bytes(b"\xff\xfe\x00a")
    assert main([str(binary)]) == main([str(tmp_path / "none")]) == main([]) == 2
    said = capsys.readouterr().err
    assert "is not UTF-8 text" in said and "No such file" in said and "no page given" in said


def test_make_says_which_pages_and_how_they_differ(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    tables = published()
    new_inbound_port(tables)
    page.write_text(as_html(tables), encoding="utf-8")
    done = subprocess.run(
        ["make", "--silent", "check-data", f"PAGE={page}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and "new     inbound ports, 10256/tcp" in done.stdout, done.stderr
    urls = subprocess.run(
        [sys.executable, "-m", "check_data", "--urls"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "tests"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert [line.split(" https://")[0] for line in urls] == ["ack-leased-en", "ack-public-en", "oss-zh"]
