# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The header of a sheet: which column is which variable. Private to the collection."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.sheet import Problem, Row, clean, show

HOST = "inventory_hostname"
ADDRESS = "ansible_host"
NEEDED = {HOST: "host, hostname or 主机名", ADDRESS: "address, ip or 管理IP"}
SECRET = ("ansible_password", "ansible_become_password")

# Variable -> what sheets call it. Compared without case, blanks, and the marks of compulsory columns.
NAMES: dict[str, tuple[str, ...]] = {
    HOST: (
        *("host", "host name", "name", "node", "node name", "server", "server name", "machine", "主机", "主机名"),
        *("主机名称", "服务器", "服务器名", "服务器名称", "节点", "节点名", "节点名称", "机器名", "名称"),
    ),
    ADDRESS: (
        *("address", "ip", "ipv4", "ip address", "host ip", "server ip", "node ip", "management ip", "mgmt ip"),
        *("management address", "ssh host", "地址", "ip地址", "管理ip", "管理地址", "管理ip地址", "主机ip"),
        *("主机地址", "服务器ip", "节点ip"),
    ),
    "site": (
        *("idc", "dc", "data center", "data centre", "机房", "机房名称", "所在机房", "idc机房", "站点"),
        *("站点名称", "数据中心"),
    ),
    "region": (
        *("region id", "cloud region", "cluster region", "地域", "地域id", "区域", "区域id", "云地域"),
        *("阿里云地域", "集群地域"),
    ),
    "access_mode": ("access", "access type", "接入", "接入方式", "接入模式", "接入类型", "上云方式"),
    "leased_line_gateway": ("gateway", "gw", "next hop", "网关", "网关地址", "专线网关", "下一跳", "专线下一跳"),
    "leased_line_interface": ("interface", "nic", "网卡", "网卡名", "网卡名称", "专线网卡", "网口", "接口"),
    "ansible_user": ("user", "user name", "ssh user", "login", "用户", "用户名", "登录用户", "登录账号", "ssh用户"),
    "ansible_port": ("port", "ssh port", "端口", "ssh端口"),
    "ansible_password": ("password", "ssh password", "密码", "登录密码", "ssh密码"),
    "ansible_become_password": ("become password", "sudo password", "sudo密码", "提权密码"),
    "cluster_version": ("k8s version", "kubernetes version", "集群版本", "k8s版本"),
    "cni": ("network plugin", "网络插件"),
    "vpc_cidrs": ("vpc", "vpc cidr", "vpc网段", "专有网络网段"),
    "node_cidrs": ("node cidr", "节点网段", "机房网段"),
    "pod_cidr": ("pod cidrs", "pod网段", "容器网段"),
    "service_cidr": ("service cidrs", "service网段", "服务网段"),
    "api_server": ("apiserver", "api server地址"),
    "ntp_servers": ("ntp", "ntp server", "ntp服务器", "时间服务器", "时钟服务器"),
    "addons": ("addon", "组件", "集群组件"),
    "skip_checks": ("skip check", "跳过检查", "忽略检查"),
    "extra_routes": ("extra route", "额外路由", "附加路由"),
    # Columns that nothing here reads, but that nearly every sheet has; names that a playbook can use.
    "rack": ("cabinet", "机柜", "机柜号", "机架"),
    "rack_unit": ("u位", "机位"),
    "serial_number": ("sn", "serial", "序列号"),
    "asset_tag": ("asset", "资产编号", "资产号"),
    "operating_system": ("os", "操作系统"),
    "hardware_model": ("model", "型号", "机型", "服务器型号"),
    "owner": ("负责人", "责任人", "联系人"),
    "note": ("notes", "remark", "remarks", "备注", "说明"),
}

# No sheet gets at these unless the operator has named the column: what is run on the controller; what the roles take
# under their own names, which decides how they work (guards, proofs, where packages come from) and not what a host is;
# how a run goes over all hosts; and what playbooks and roles keep for themselves.
_CONNECTION = re.compile(r"ansible_.*", re.IGNORECASE)
_SWITCH = re.compile(
    r"(readiness|system_tools|time_sync|inbound_ports|leased_line_routes|reachability)_.+"
    r"|edge_hosts|waves|error_budget|require_proof|(__|ack_edge_).*",
    re.IGNORECASE,
)
# Of the roles' own variables, those that only say more of the host itself.
_OF_A_HOST = frozenset(
    (
        *("inbound_ports_gateway", "inbound_ports_interface", "inbound_ports_zone", "leased_line_routes_gateway"),
        *("leased_line_routes_interface", "readiness_leased_line_gateway", "readiness_leased_line_interface"),
        *("system_tools_throttle", "time_sync_manage", "time_sync_wait"),
    )
)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
# No name with its remark is longer.
_LONGEST = 300
_REMARK = re.compile(r"[(\[【][^)\]】]*[)\]】]\s*\Z")
# Names that Ansible or Jinja takes for itself.
_TAKEN = """
    action always and any_errors_fatal async become become_flags become_method become_user block by changed_when check
    check_mode collections connection context cycler debugger defaults delay delegate_facts delegate_to dict diff
    environment extends fact_path facts failed_when filter force_handlers gather_facts gather_subset gather_timeout
    group_names groups handlers hosts hostvars ignore_errors ignore_unreachable include inventory_dir inventory_file
    inventory_hostname_short ipsum joiner length lipsum listen local_action lookup loop loop_control macro
    max_fail_percentage module_defaults name namespace no_log none notify now omit order play_hosts playbook_dir poll
    port post_tasks pre_tasks query range register remote_user rescue retries role_name role_names role_path roles
    run_once serial set strategy tags tasks template_fullpath template_host template_path template_run_date
    template_uid throttle timeout true false undef until vars vars_files vars_prompt when with
"""
_RESERVED = frozenset(_TAKEN.split())


@dataclass(frozen=True)
class Column:
    """One column: its place from 0, its header as the sheet has it, its variable; "" = left out, as the user said."""

    index: int
    header: str
    variable: str

    @property
    def unspeakable(self) -> bool:
        """Whether nobody would guess the variable from the header."""
        return bool(self.variable) and not self.header.isascii() and self.variable.startswith("column_")


def fold(header: str) -> str:
    """Return a header for comparing: without case, width, blanks, dashes, underscores and marks of compulsory ones."""
    return re.sub(r"[\s_\-*:.]+", "", unicodedata.normalize("NFKC", clean(header)).casefold())


_BY_NAME = {fold(name): variable for variable, names in NAMES.items() for name in (variable, *names)}


def known(header: str) -> str:
    """Return the variable that a header stands for by default, "" if it is none of the usual ones."""
    plain = unicodedata.normalize("NFKC", clean(header)) if len(header) <= _LONGEST else ""
    spellings = [plain, _REMARK.sub("", plain)]
    # "接入方式 专线/公网", "地址 IP": in Chinese the first word is the name, while "host type" is no host.
    first = (plain.split() or [""])[0]
    if not first.isascii():
        spellings += [first, _REMARK.sub("", first)]
    return next((_BY_NAME[fold(spelling)] for spelling in spellings if fold(spelling) in _BY_NAME), "")


def variable_name(header: str) -> str:
    """Return a valid variable name for a header that is none of the usual ones.

    A name that can be a variable stays. Blanks become underscores, and a character without a place in a variable name
    its number, so that a name does not depend on the order of the columns: 机位图 is ``column_u673a_u4f4d_u56fe``.
    """
    text = clean(header)
    if not _PLAIN.fullmatch(text):
        text = unicodedata.normalize("NFKC", text).lower()
        text = re.sub(r"[^\x00-\x7f]", lambda match: f"_u{ord(match[0]):x}_", text)
        text = re.sub(r"[^a-z0-9]+", "_", text).strip("_") or "column_" + "_".join(f"u{ord(one):x}" for one in text)
    if not (header.isascii() and _PLAIN.fullmatch(text)) or keyword.iskeyword(text) or text.lower() in _RESERVED:
        text = f"column_{text}"
    return text


def read_header(
    row: Row, columns: Mapping[str, str | None], secret: bool = False
) -> tuple[list[Column], list[Problem]]:
    """Return the columns that have a name, and what is wrong with the header.

    :arg columns: what the user says about columns, header -> variable; nothing = leave the column out.
    :arg secret: whether messages must not show a line that turns out to be no header.
    """
    named = {fold(str(header)): str(variable or "") for header, variable in columns.items()}
    found: list[Column] = []
    problems: list[Problem] = []
    for index, cell in enumerate(row.cells):
        header = clean(cell)
        if not header:
            continue
        said = named.get(fold(header))
        variable = said if said is not None else known(header) or variable_name(header)
        if said is None and (reason := _reserved(variable)):
            text = (
                f"{variable} {reason}, so a sheet may not set it by itself: delete the column, or write columns: "
                f"{{{header}: {variable}}} into the inventory file if you trust every cell of it"
            )
            problems.append(Problem(text, line=row.line, column=header))
        found.append(Column(index, header, variable))
    return found, problems + _clashes(row, found) + _missing(row, found, secret)


def check_mapping(columns: Mapping[str, str | None]) -> list[Problem]:
    """Return what is wrong with the option ``columns`` itself."""
    return [
        Problem(
            f"columns maps {show(str(header))} to {variable!r}: give a variable name of letters, digits and "
            "underscores that Ansible does not use itself, or nothing to leave the column out"
        )
        for header, variable in columns.items()
        if variable and not (isinstance(variable, str) and (variable in NAMES or variable == variable_name(variable)))
    ]


def _reserved(variable: str) -> str:
    """Return why a sheet may not set a variable by itself, "" if it may."""
    if variable in NAMES or variable in _OF_A_HOST:
        return ""
    if _CONNECTION.fullmatch(variable):
        return "can decide what runs on the controller"
    return "can switch off a check or a safeguard, or change how a run goes" if _SWITCH.fullmatch(variable) else ""


def _clashes(row: Row, found: list[Column]) -> list[Problem]:
    by_variable: dict[str, list[Column]] = {}
    for column in found:
        by_variable.setdefault(column.variable, []).append(column)
    return [
        Problem(
            f"the columns {', '.join(show(column.header) for column in same)} would all be {variable}: say with "
            "columns which one it is, and give the others another name, or nothing to leave them out",
            line=row.line,
        )
        for variable, same in by_variable.items()
        if variable and len(same) > 1
    ]


def _missing(row: Row, found: list[Column], secret: bool) -> list[Problem]:
    headers = f"{len(found)} others" if secret else ", ".join(show(column.header) for column in found)
    return [
        Problem(
            f"the header has no column for {variable}: expected one such as {names}, found {headers or 'nothing'}; "
            "rename a column, or name one with columns",
            line=row.line,
        )
        for variable, names in NEEDED.items()
        if variable not in {column.variable for column in found}
    ]
