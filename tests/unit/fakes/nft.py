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
        assert args in (["-c", "-f", "/dev/stdin"], ["-f", "/dev/stdin"]), args
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


class OldNft(FakeNft):
    """nft 0.8.2 without JSON, or 0.9.0 with its own, in the words of the real ones."""

    def __init__(self, *chains, version="0.8.2", policy="drop"):
        super().__init__(*chains, policy=policy)
        self.version = version

    def __call__(self, args, stdin):
        if args == ["--version"]:
            return 0, f"nftables v{self.version} (Joe Btfsplk)\n", ""
        if self.version == "0.8.2":
            if "-j" in args:
                return 1, "", "nft: invalid option -- 'j'\n"
            if args == ["-nn", "-a", "list", "ruleset"]:
                return 0, self.text(), ""
        elif args[-3:] == ["-j", "list", "ruleset"]:
            return 0, json.dumps(self.old_document(numeric="-nn" in args)), ""
        if args[-1] == "-":
            return 1, "", 'internal:0:0-0: Error: Could not open file "-": No such file or directory\n\n\n'
        return super().__call__(args, stdin)

    def old_document(self, *, numeric):
        text = json.dumps(self.document()["nftables"][1:])
        text = text.replace('"protocol": "', '"name": "').replace('"op": "==", ', "")
        text = re.sub(r'"(jump|goto)": \{"target": ("\w+")\}', r'"\1": \2', text)
        return {"nftables": json.loads(text if numeric else text.replace("10250", '"kubelet"')) or None}

    def text(self):
        lines = []
        for family, table in dict.fromkeys(key[:2] for key in self.chains):
            lines.append(f"table {family} {table} {{")
            for key, chain in self.chains.items():
                if key[:2] == (family, table):
                    lines += [f"\tchain {key[2]} {{", *self._chain_text(**chain), "\t}", ""]
            lines[-1] = "}"
        return "".join(line + "\n" for line in lines)

    @staticmethod
    def _chain_text(chain, rules):
        if chain:
            yield "\t\ttype {type} hook {hook} priority {prio}; policy {policy};".format(**chain)
        for rule in rules:
            comment = f' comment "{rule["comment"]}"' if "comment" in rule else ""
            yield f"\t\t{' '.join(map(_statement_text, rule['expr']))}{comment} # handle {rule['handle']}"


def _statement_text(statement):
    kind, value = next(iter(statement.items()))
    if kind == "match":
        payload, right = value["left"]["payload"], value["right"]
        right = (
            f"{{ {', '.join(map(_value_text, right['set']))} }}"
            if isinstance(right, dict) and "set" in right
            else _value_text(right)
        )
        return f"{payload['protocol']} {payload['field']} {right}"
    return f"{kind} {value['target']}" if kind in ("jump", "goto") else kind


def _value_text(value):
    if not isinstance(value, dict):
        return str(value)
    return "-".join(map(str, value["range"])) if "range" in value else "{addr}/{len}".format(**value["prefix"])
