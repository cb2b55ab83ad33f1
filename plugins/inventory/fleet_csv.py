# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventory ``ack_edge.node.fleet_csv``: the hosts of a sheet, with the variables that the playbooks take."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet_csv
author: The ack_edge.node authors (@ack-edge)
version_added: 0.1.0
short_description: Hosts from the CSV sheets of a data centre
description:
  - Reads hosts from one or more CSV files, and their columns as host variables under the names that the
    playbooks of this collection use, however the sheet calls them in English or Chinese.
  - Reads what spreadsheets write - UTF-8 with or without a byte order mark, GBK, GB18030 and UTF-16; commas,
    semicolons, tabs and pipes; line breaks inside of quoted cells.
  - Makes groups by site, region and access mode, and with the options of P(ansible.builtin.constructed#inventory) any
    others.
  - Everything that is wrong with the sheets is reported at once, with file, line, column, value and what to do. Then no
    host of them gets into the inventory. Ansible itself goes on without this inventory, unless
    C(any_unparsed_is_failed) is set in the section C([inventory]) of C(ansible.cfg).
  - An empty cell is the same as not set, so that group variables apply.
  - Cells are data. A template in a cell stays text and is never evaluated.
  - The files may be encrypted with C(ansible-vault).
requirements:
  - netaddr, the Python library, on the controller
notes:
  - A column named C(host) (or hostname, 主机名) and one named C(address) (or ip, 管理IP) are needed. Other usual
    names are known too; C(docs/inventory.md) lists them, and O(columns) adds to them.
  - The cells of C(vpc_cidrs), C(node_cidrs), C(extra_routes), C(ntp_servers), C(addons), C(skip_checks) and
    C(bgp_neighbours) become lists, split at blanks, commas and semicolons. C(ansible_port) becomes a number. Everything
    else stays text, also C(cluster_version).
  - Any other column becomes a host variable. A name that cannot be a variable is changed; where nobody would guess the
    result a warning says it.
  - Columns named C(ansible_*), other than those for host, port, user and passwords, are refused unless O(columns) names
    them, because they can decide what runs on the controller. So are the variables that the roles take under their own
    names (C(leased_line_routes_force), C(system_tools_source)) and those of a whole run (C(edge_hosts), C(waves),
    C(error_budget)), because they can switch off a check or a safeguard.
extends_documentation_fragment:
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
options:
  plugin:
    description: Marks the file as one for this plugin.
    type: str
    required: true
    choices: [ack_edge.node.fleet_csv]
  source:
    description:
      - CSV files. A relative path starts at the directory of the inventory file.
      - Host names and addresses must differ over all of them.
    type: list
    elements: str
    required: true
  encoding:
    description:
      - Encoding of the files, V(auto) or a name that Python knows.
      - With V(auto) a byte order mark decides, else it is UTF-8, else GB18030, which includes GBK and GB2312.
    type: str
    default: auto
  delimiter:
    description:
      - What separates the cells, V(auto), V(comma), V(semicolon), V(tab), V(pipe), or the character itself.
      - With V(auto) the header decides, or a first line such as C(sep=;) as Excel writes it.
    type: str
    default: auto
  columns:
    description:
      - Header of the sheet to name of the variable, for headers that are not known, or mean something else here.
      - An empty value or V(null) leaves the column out.
    type: dict
    default: {}
  defaults:
    description:
      - Variables for hosts whose cell is empty, or whose sheet has no such column.
      - They become host variables, which win over group variables. What differs from site to site belongs into
        C(group_vars).
      - They may be templates, except those that O(group_by) names.
    type: dict
    default: {}
  group_by:
    description: Variables whose values become groups.
    type: list
    elements: str
    choices: [site, region, access_mode]
    default: [site, region, access_mode]
  site_prefix:
    description: Beginning of the names of the groups by site.
    type: str
    default: site_
  region_prefix:
    description: Beginning of the names of the groups by region. That of cn-beijing is C(region_cn_beijing).
    type: str
    default: region_
  access_mode_prefix:
    description: Beginning of the names of the groups by access mode.
    type: str
    default: mode_
  unique_addresses:
    description:
      - Where an address, together with the SSH port, may be used only once.
      - With V(site) each site may use it once, for sites with the same private networks behind jump hosts of their own.
    type: str
    choices: [sheet, site]
    default: sheet
  cache:
    description:
      - Keep what has been read in the inventory cache.
      - What is kept is used only while files and options are the same as they were. An encrypted sheet is never kept,
        for the cache is not encrypted.
"""

EXAMPLES = r"""# fmt: code
# inventory/fleet.yml, beside fleet.csv
plugin: ack_edge.node.fleet_csv
source: fleet.csv

---
# Two sheets, headers of their own, and more groups
plugin: ack_edge.node.fleet_csv
source:
  - beijing.csv
  - shanghai.csv
columns:
  业务IP: service_address
  采购日期:                       # left out
defaults:
  cluster_version: "1.30"
  ansible_user: ops
strict: true
groups:
  edge_nodes: true
  old_systems: operating_system is defined and "7." in operating_system
keyed_groups:
  - key: rack | default("unknown")
    prefix: rack

---
# An encrypted sheet with passwords, read with --vault-id or --ask-vault-pass as everything else
plugin: ack_edge.node.fleet_csv
source: fleet.csv.vault
columns:
  初始密码: ansible_password
"""

import dataclasses
import difflib
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError, AnsibleFileNotFound, AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.ack_edge.node.plugins.plugin_utils import _refused
from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.columns import SECRET
from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.hosts import (
    Host,
    Options,
    Sheet,
    group_name,
    read_defaults,
    read_fleet,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._fleet_csv.sheet import Problem, merge
from ansible_collections.ack_edge.node.plugins.plugin_utils._given import located
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import (
    Catalogue,
    CatalogueError,
    load,
)
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.inputs import NETADDR_MISSING

# Changes whenever what is kept in the cache does.
_CACHE_FORMAT = 1


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Hands files to the reader of sheets and its hosts to the inventory; decides nothing about either."""

    NAME = "ack_edge.node.fleet_csv"

    def verify_file(self, path: str) -> bool:
        """Return whether this may be an inventory file of this plugin; its key ``plugin`` says so for certain."""
        return bool(super().verify_file(path)) and path.endswith((".yml", ".yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        """Add the hosts of the sheets, or nothing.

        :raises AnsibleParserError: sheets or options are unusable; all that is wrong is named.
        """
        super().parse(inventory, loader, path, cache)
        self._path = path
        _refused.forget(path)
        try:
            self._parse(path, cache)
        except AnsibleError as error:
            # Ansible tries this plugin on files of others, too, where it is enabled for all.
            if self._is_ours(path):
                _refused.remember(path, str(error) if path in str(error) else f"{path}: {error}")
            raise

    def _is_ours(self, path: str) -> bool:
        try:
            said = self.loader.load_from_file(path)
        except AnsibleError:
            return False
        names = getattr(self, "_redirected_names", None) or [self.NAME]
        return isinstance(said, dict) and said.get("plugin") in names

    def _parse(self, path: str, cache: bool) -> None:
        self._refuse(_unknown(self._read_config_data(path), self._load_name))
        if NETADDR_MISSING is not None:
            raise AnsibleParserError(
                "the Python library netaddr is missing on the controller: install it for the Python that runs Ansible, "
                f"{sys.executable} -m pip install netaddr ({NETADDR_MISSING})"
            )
        try:
            catalogue = load()
        except CatalogueError as error:
            raise AnsibleParserError(str(error)) from error
        options = self._sheet_options()
        sheets = self._read_sheets(Path(path).absolute().parent)
        hosts = self._hosts(sheets, options, catalogue, path, cache)
        # Read here as well, and not from the cache, which would make plain text of templates and vaulted values.
        defaults, _said_already = read_defaults(options.defaults, catalogue)
        self._add(hosts, defaults, options)

    def _sheet_options(self) -> Options:
        return Options(
            encoding=self.get_option("encoding"),
            delimiter=self.get_option("delimiter"),
            columns=self.get_option("columns"),
            defaults=self.get_option("defaults"),
            prefixes={name: self.get_option(f"{name}_prefix") for name in self.get_option("group_by")},
            unique_per_site=self.get_option("unique_addresses") == "site",
        )

    def _read_sheets(self, directory: Path) -> list[Sheet]:
        sheets, problems = [], []
        for name in self.get_option("source"):
            path = directory / located(name)
            try:
                # The one way to get at bytes that takes care of vaults; lookups of Ansible itself use it as well.
                data, readable = self.loader._get_file_contents(str(path))
            except AnsibleFileNotFound:
                problems.append(Problem(f"source names {name!r}, but the file {path} does not exist: correct the path"))
            except AnsibleError as error:
                problems.append(Problem(f"source names {name!r}, which cannot be read: {error}"))
            else:
                sheets.append(Sheet(name, data, secret=not readable))
        self._refuse(problems)
        return sheets

    def _hosts(self, sheets: list[Sheet], options: Options, catalogue: Catalogue, path: str, cache: bool) -> list[Host]:
        """Return the hosts, from the cache where it holds them for exactly these files and options."""
        if not self.get_option("cache") or any(sheet.secret for sheet in sheets):
            return self._parse_sheets(sheets, options, catalogue)
        # One entry for each inventory file, so that old versions of a sheet do not pile up.
        key, now = self.get_cache_key(path), _fingerprint(sheets, options)
        try:
            kept = self._cache[key] if cache else {}
        except KeyError:
            kept = {}
        if kept.get("fingerprint") != now:
            hosts = self._parse_sheets(sheets, options, catalogue)
            kept = {"fingerprint": now, "hosts": [dataclasses.asdict(host) for host in hosts]}
            self._cache[key] = kept
        return [Host(**host) for host in kept["hosts"]]

    def _parse_sheets(self, sheets: list[Sheet], options: Options, catalogue: Catalogue) -> list[Host]:
        fleet = read_fleet(sheets, options, catalogue)
        self._refuse(fleet.problems)
        for header, variable in fleet.named.items():
            self.display.warning(
                f"The column {header!r} is the variable {variable}; give it a better name, or none, with 'columns'"
            )
        secret = {host.source for host in fleet.hosts if any(name in host.variables for name in SECRET)}
        for sheet in sheets:
            if sheet.source in secret and not sheet.secret:
                self.display.warning(f"{sheet.source} holds passwords: encrypt it with ansible-vault encrypt")
        return fleet.hosts

    def _refuse(self, problems: list[Problem]) -> None:
        if not problems:
            return
        lines = merge(problems)
        count = "1 problem" if len(lines) == 1 else f"{len(lines)} problems"
        # Where Ansible shows the exception, it takes the line breaks away (up to 2.18) or says everything twice (2.19).
        self.display.display("\n".join([f"{count} in {self._path}:", *lines]), color="red", stderr=True)
        raise AnsibleParserError(f"{count} in {self._path}, as said above; none of its hosts has been taken")

    def _add(self, hosts: list[Host], defaults: dict[str, Any], options: Options) -> None:
        new = [host.name for host in hosts if host.name not in self.inventory.hosts]
        problems = []
        for host in hosts:
            try:
                # Cells are data. ansible-core 2.19 evaluates nothing that is not marked as a template, older versions
                # everything that is not marked as data.
                self._add_host(host, {**defaults, **wrap_var(host.variables)}, options)
            except AnsibleError as error:
                problems.append(Problem(str(error), host.source, host.line))
        if problems:
            for name in new:
                self.inventory.remove_host(self.inventory.hosts[name])
        self._refuse(problems)

    def _add_host(self, host: Host, variables: dict[str, Any], options: Options) -> None:
        name = self.inventory.add_host(host.name)
        for variable, value in variables.items():
            self.inventory.set_variable(name, variable, value)
        for variable, prefix in options.prefixes.items():
            value = host.variables.get(variable, variables.get(variable))
            if value is not None:
                self.inventory.add_child(self.inventory.add_group(group_name(prefix, value)), name)
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, name, strict=strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict=strict)


def _unknown(said: dict[str, Any], plugin: str) -> list[Problem]:
    """Return what is not an option; Ansible itself skips a name that it does not know."""
    known = sorted(constants.config.get_configuration_definitions("inventory", plugin))
    return [
        Problem(f"{name!r} is not an option of fleet_csv: {_nearest(name, known)}")
        for name in said
        if name not in known
    ]


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"take it out, or write one of {', '.join(known)}"


def _fingerprint(sheets: list[Sheet], options: Options) -> str:
    """Return a text that is another one for other files or options."""
    said = {**vars(options), "sheets": [[sheet.source, hashlib.sha256(sheet.data).hexdigest()] for sheet in sheets]}
    return hashlib.sha256(json.dumps([_CACHE_FORMAT, said], sort_keys=True, default=str).encode()).hexdigest()
