# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page like the vendor's, made out of vars/: facts only, in every form in which a copy of it may come."""

from __future__ import annotations

import html
from collections.abc import Callable

from fakes.requirements import CATALOGUE

Tables = dict[str, list[list[str]]]
LINE = "\n"


def published() -> Tables:
    """The tables of the vendor's page as vars/ has them; a cell with several values has a line for each."""
    regions = CATALOGUE.regions
    return {
        "inbound": [
            ["Protocol", "Port", "Source address", "Comment"],
            ["TCP", "10250 and 10255", "VPC", "port 9 is only a word"],
            ["TCP", "9100 and 9445", "VPC", "from 1.26 on"],
            ["UDP", "8472", "VPC and nodes", ""],
        ],
        "outbound": [
            ["Public Endpoint", "Leased Line Endpoint", "Port", "Description"],
            [
                "cs-anony.aliyuncs.com\ncs-anony.{region}.aliyuncs.com",
                "cs-anony-vpc.{region}.aliyuncs.com",
                "1.26 and later: TCP 443\nbefore 1.26: TCP 80",
                "control plane",
            ],
            [
                "aliacs-k8s-{region}.oss-{region}.aliyuncs.com",
                "aliacs-k8s-{region}.oss-{region}-internal.aliyuncs.com",
                "TCP 443\nbefore 1.26: TCP 80 and 443",
                "packages",
            ],
            ["API server, public", "API server, private", "TCP 6443", "see help.aliyun.com"],
            ["tunnel-server", "-", "TCP 10262 and 10263", "x-tunnel-server-svc"],
            ["Raven gateway", "-", "TCP [10280,10285)\nUDP 4500", "SLB of Raven"],
            ["ntp1.aliyun.com cn.ntp.org.cn", "ntp1.aliyun.com cn.ntp.org.cn", "UDP 123", "time"],
            [
                "dockerauth.{region}.aliyuncs.com\ndockerauth-ee.{region}.aliyuncs.com\n"
                "registry-{region}.ack.aliyuncs.com",
                "registry-{region}-vpc.ack.aliyuncs.com",
                "TCP 443",
                "images",
            ],
            ["Tools: " + ", ".join(tool["name"] for tool in CATALOGUE.system_tools), "the same", "-", ""],
        ],
        "registry": [
            ["Region", "Region ID", "VPC endpoint", "Route"],
            *(
                [row["name"], key, row["registry"]["host"], LINE.join(row["registry"]["routes"])]
                for key, row in regions.items()
                if row["registry"]
            ),
        ],
        "oss": [
            ["Region", "Region ID", "OSS region ID", "Internal endpoint", "VIP range"],
            *(
                [row["name"] + " *", key, item["id"], LINE.join(item["hosts"]), LINE.join(item["ranges"])]
                for key, row in regions.items()
                for item in row["oss"]
                if "ack_page" not in item
            ),
        ],
    }


def as_text(tables: Tables, lose: bool = False) -> str:
    """A text copy: cells end with |; ``lose`` loses what has several lines, as copies of the vendor's pages did."""
    parts = []
    for rows in tables.values():
        lines = ["A paragraph in front of the table"]
        for row in rows:
            cells = ["" if lose and LINE in cell else cell for cell in row]
            lines.append("".join((LINE if not cell else f"{cell} ") + "| " for cell in cells).strip())
        parts.append("\n".join(lines))
    return "\n".join(parts)


def as_tabs(tables: Tables) -> str:
    """What a browser gives for a table that is copied: tabs between cells, and lines in the last one."""
    return "\n\nText\n".join(
        "\n".join("\t".join([*(cell.replace("\n", " ") for cell in row[:-1]), row[-1]]) for row in rows)
        for rows in tables.values()
    )


def as_markdown(tables: Tables) -> str:
    parts = []
    for rows in tables.values():
        lines = ["| " + " | ".join(cell.replace("\n", "<br>") for cell in row) + " |" for row in rows]
        parts.append("\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]))
    return "\n\n".join(parts).replace("<br>", " ")


def as_html(tables: Tables, cell: Callable[[str], str] = lambda text: html.escape(text).replace("\n", "<br>")) -> str:
    body = "".join(
        "<table><thead><tr>"
        + "".join(f"<th>{cell(text)}</th>" for text in rows[0])
        + "</tr></thead><tbody>"
        + "".join("<tr>" + "".join(f"<td>{cell(text)}</td>" for text in row) + "</tr>" for row in rows[1:])
        + "</tbody></table>"
        for rows in tables.values()
    )
    return f"<!DOCTYPE html><html><head><script>'100.1.1.0/24 <table>'</script></head><body>{body}</body></html>"


def as_rich_html(tables: Tables) -> str:
    """The same with what editors of pages do: rows and columns that span, lists, no-break and full-width characters."""

    def cell(text: str) -> str:
        items = [html.escape(line).replace(" ", "&nbsp;").replace("/", "\uff0f") for line in text.split("\n")]
        wide = [item.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789"}) for item in items]
        return "<ul>" + "".join(f"<li><p>\u200b<code>{item}</code></p>\n" for item in wide) + "</ul>"

    page = as_html(tables, cell)
    tcp = f"<td>{cell('TCP')}</td>"
    assert page.count(tcp) >= 2
    page = page.replace(tcp, f'<td rowspan="2">{cell("TCP")}</td>', 1).replace(tcp, "", 1)
    both = f"<td>{cell('ntp1.aliyun.com cn.ntp.org.cn')}</td>" * 2
    assert both in page
    page = page.replace(both, both[: len(both) // 2].replace("<td>", '<td colspan="2">'))
    # End tags of cells and rows may be left out.
    return page.replace("</td>", "").replace("</tr>", "")


def as_chinese(tables: Tables) -> str:
    words = {
        "Protocol": "协议",
        "Port": "端口",
        "Source address": "源地址或源网段",
        "Comment": "备注",
        " and ": "、",
        "Region ID": "地域ID",
        "Region": "地域",
        "VPC endpoint": "VPC地址",
        "Route": "路由",
        "Public Endpoint": "公网模式域名",
        "Description": "说明",
        "Leased Line Endpoint": "专线模式域名",
        "API server, public": "API Server公网地址",
        "{region}": "{地域}",
        "API server, private": "API Server私网地址",
        "TCP ": "TCP端口",
        "before 1.26": "集群版本<1.26",
        "Tools: ": "系统工具\uff1a",
        "1.26 and later": "集群版本>=1.26",
        "images": "组件镜像",
        "control plane": "管控",
        "VIP range": "VIP网段",
        "TCP [": "TCP端口[",
    }

    def say(text: str) -> str:
        for english, chinese in words.items():
            text = text.replace(english, chinese)
        return text

    return as_rich_html({name: [[say(cell) for cell in row] for row in rows] for name, rows in tables.items()})


def swapped(tables: Tables) -> Tables:
    return {name: [list(reversed(row)) for row in rows] for name, rows in tables.items()}


WAYS: dict[str, Callable[[Tables], str]] = {
    "text": as_text,
    "tabs": as_tabs,
    "markdown": as_markdown,
    "html": as_html,
    "rich html": as_rich_html,
    "chinese": as_chinese,
    "swapped columns": lambda tables: as_html(swapped(tables)),
    "swapped columns in text": lambda tables: as_text(swapped(tables)),
}
