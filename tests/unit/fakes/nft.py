# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""nft with base chains, rules and handles, and what it would list for a rule of ours."""

import json
import re

from fakes.system import System
from fakes.systemctl import FakeSystemctl

BOOT_CONFIG = """#!/usr/sbin/nft -f

flush ruleset

table inet filter {
\tchain input {
\t\ttype filter hook input priority filter; policy drop;
\t}
}
"""
DROPPING = ("inet", "filter", "input")


class FakeNft:
    """nft with base chains, rules and handles; knows the commands of the backend and nothing else."""

    def __init__(self, *chains, policy="drop"):
        self.chains = {}
        self.handle = 0
        for key in chains:
            self.add_chain(key, policy)

    def add_chain(self, key, policy="drop", hook="input"):
        base = {"type": "filter", "hook": hook, "prio": 0, "policy": policy} if hook else {}
        self.chains[key] = {"chain": base, "rules": []}

    def add_rule(self, key, *expr, comment=None, front=False):
        self.handle += 1
        rule = {"handle": self.handle, "expr": list(expr)}
        if comment is not None:
            rule["comment"] = comment
        self.chains[key]["rules"].insert(0 if front else len(self.chains[key]["rules"]), rule)

    def comments(self, key):
        return [rule.get("comment", "") for rule in self.chains[key]["rules"]]

    def document(self):
        out = [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}}]
        out += [{"table": {"family": family, "name": table}} for family, table in {key[:2] for key in self.chains}]
        for (family, table, name), chain in self.chains.items():
            place = {"family": family, "table": table}
            out.append({"chain": {**place, "name": name, **chain["chain"]}})
            out += [{"rule": {**place, "chain": name, **rule}} for rule in chain["rules"]]
        return {"nftables": out}

    def __call__(self, args, stdin):
        if args == ["-j", "list", "ruleset"]:
            return 0, json.dumps(self.document()), ""
        assert args in (["-c", "-f", "-"], ["-f", "-"]), args
        check = args[0] == "-c"
        assert check or "flush" not in stdin, stdin
        assert stdin.endswith("\n")
        if stdin.startswith("flush ruleset\n"):
            # A whole boot configuration: only what it declares itself is there.
            chains = set()
            for table in re.finditer(r"^table (\w+) (\w+) \{(.*?)^\}", stdin, re.S | re.M):
                chains |= {(table[1], table[2], name) for name in re.findall(r"chain (\w+) \{", table[3])}
        else:
            chains = set(self.chains)
        for line in stdin.splitlines():
            words = line.split()
            if words[:1] == ["bad"]:
                return 1, "", "/dev/stdin:1:1-3: Error: syntax error\n"
            if words[:2] in (["insert", "rule"], ["delete", "rule"]) and tuple(words[2:5]) not in chains:
                return 1, "", "/dev/stdin:1:1-3: Error: No such file or directory\n"
        if not check:
            self._execute(stdin)
        return 0, "", ""

    def _execute(self, script):
        for line in script.splitlines():
            words = line.split()
            key = tuple(words[2:5])
            if words[:2] == ["delete", "chain"]:
                assert not self.chains.pop(key)["rules"], line
            elif words[0] == "delete":
                rules = self.chains[key]["rules"]
                assert words[5] == "handle"
                assert int(words[6]) in [rule["handle"] for rule in rules]
                self.chains[key]["rules"] = [rule for rule in rules if rule["handle"] != int(words[6])]
            else:
                assert words[:2] == ["insert", "rule"], line
                self.add_rule(key, *expressions(line), comment=line.rsplit(' comment "', 1)[1][:-1], front=True)


def expressions(line):
    """Return the expressions that nft would list for a rule of ours."""
    match = re.search(r'(ip6?) saddr (\{.*?\}|\S+) (tcp|udp) dport (\{.*?\}|\S+) accept comment "', line)

    def values(text, convert):
        items = [convert(item) for item in text.strip("{} ").split(", ")]
        return items[0] if len(items) == 1 else {"set": items}

    def address(text):
        name, slash, length = text.partition("/")
        return {"prefix": {"addr": name, "len": int(length)}} if slash else name

    def port(text):
        first, dash, last = text.partition("-")
        return {"range": [int(first), int(last)]} if dash else int(first)

    def equal(protocol, field, right):
        return {"match": {"op": "==", "left": {"payload": {"protocol": protocol, "field": field}}, "right": right}}

    return [
        equal(match[1], "saddr", values(match[2], address)),
        equal(match[3], "dport", values(match[4], port)),
        {"accept": None},
    ]


def nft_system(tmp_path, config=BOOT_CONFIG):
    """Return a System with one dropping input chain and a boot configuration that makes it."""
    system = System(tmp_path, nft=FakeNft(DROPPING), systemctl=FakeSystemctl())
    if config is not None:
        system.path("/etc/nftables.conf").write_text(config)
    return system
