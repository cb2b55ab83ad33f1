# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A node with a firewall, in memory: fakes of firewall-cmd, nft and systemctl modelled on what the real ones do.

The fakes understand what the backends may say and nothing else; any other command fails the test, so the safety rules
(no reload, no flush of what is loaded, no policy, no service) hold for every test that uses them.
"""

import json
import re
from pathlib import Path

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.apply import InboundPorts
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import parse_items
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node

VENDOR_ZONE = """<?xml version="1.0" encoding="utf-8"?>
<zone>
  <short>Public</short>
  <service name="ssh"/>
  <forward/>
</zone>
"""
BOOT_CONFIG = """#!/usr/sbin/nft -f

flush ruleset

table inet filter {
\tchain input {
\t\ttype filter hook input priority filter; policy drop;
\t}
}
"""
DROPPING = ("inet", "filter", "input")

KUBELET = {
    "name": "kubelet",
    "protocol": "tcp",
    "ports": ["10250", "10255"],
    "sources": ["192.168.0.0/16"],
    "comment": "API server",
}
VXLAN = {"name": "vxlan", "protocol": "udp", "ports": ["8472"], "sources": ["10.0.0.0/8", "fd00::/64"], "comment": ""}


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the collection may catch it."""


class FakeNode(Node):
    """A Node that can be killed before its k-th step (a command or a change of a file); steps are counted."""

    def __init__(self, runner, root, kill_at=None):
        super().__init__(runner, str(root))
        self.steps, self.kill_at = 0, kill_at

    def _step(self):
        if self.kill_at is not None and self.steps >= self.kill_at:
            raise Killed
        self.steps += 1

    def run(self, argv, stdin=None, timeout=60):
        self._step()
        return super().run(argv, stdin, timeout)

    def write(self, path, text, mode=0o644):
        self._step()
        super().write(path, text, mode)

    def remove(self, path):
        self._step()
        return super().remove(path)

    def link(self, path, target):
        self._step()
        super().link(path, target)


class System:
    """Runs fakes by the name of the program; a program without a fake is not installed."""

    def __init__(self, root, **programs):
        self.root, self.programs, self.calls = Path(root), programs, []
        (self.root / "sys/class/net/eth0").mkdir(parents=True, exist_ok=True)
        (self.root / "etc").mkdir(exist_ok=True)

    def __call__(self, argv, stdin=None, timeout=60):
        self.calls.append((list(argv), stdin))
        program = self.programs.get(argv[0])
        if program is None:
            return Completed(argv, 127, "", f"{argv[0]}: No such file or directory")
        code, out, err = program(argv[1:], stdin)
        return Completed(argv, code, out, err)

    def node(self, kill_at=None):
        return FakeNode(self, self.root, kill_at)

    def path(self, name):
        return self.root / name.lstrip("/")

    def files(self):
        """Return {path: bytes} of everything but the lock and the manifest."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_file() and not str(path).endswith(".lock") and "ack_edge/" not in str(path)
        }

    def changing_calls(self):
        """Return the commands that could have changed something."""
        quiet = ("--state", "--get-", "--list-", "-V", "-S", "--test")
        return [
            argv
            for argv, _stdin in self.calls
            if not (
                argv[0] == "systemctl"
                or any(word.startswith(quiet) for word in argv[1:])
                or "-c" in argv
                or argv[1:] == ["-j", "list", "ruleset"]
            )
        ]


class FakeSystemctl:
    def __init__(self, enabled="enabled", config="/etc/nftables.conf", active="inactive", firewalld=""):
        self.enabled, self.config, self.active, self.firewalld = enabled, config, active, firewalld
        self.units = {}

    def __call__(self, args, _stdin):
        if args[0] == "show":
            start = f"{{ path=/usr/sbin/nft ; argv[]=/usr/sbin/nft -f {self.config} ; ignore_errors=no }}"
            return 0, f"UnitFileState={self.enabled}\nExecStart={start}\n", ""
        if args == ["daemon-reload"]:
            return 0, "", ""
        if args[0] == "is-enabled":
            state = self.firewalld if args[1] == "firewalld.service" else self.units.get(args[1], "")
            return (0, state + "\n", "") if state else (1, "", "No such file or directory\n")
        assert args[0] in ("is-active", "is-failed"), args
        return 3, self.active + "\n", ""


class FakeFirewalld:
    """firewalld as of 1.3: one file for each zone that was changed, rewritten in its own form, the earlier as .old.

    sources and ipsets are {fact: ...}: what the runtime and the permanent configuration hold.
    """

    def __init__(self, root, running=True):
        self.root, self.running, self.reject, self.types = Path(root), running, (), "hash:ip hash:net"
        self.runtime = {"public": [], "trusted": [], "internal": []}
        self.interfaces = {"eth0": "internal", "eth1": "public"}
        self.sources, self.ipsets = {"runtime": {}, "boot": {}}, {"runtime": {}, "boot": {}}
        vendor = self.root / "usr/lib/firewalld/zones"
        vendor.mkdir(parents=True, exist_ok=True)
        (self.root / "etc/firewalld/zones").mkdir(parents=True, exist_ok=True)
        (self.root / "etc/firewalld/ipsets").mkdir(parents=True, exist_ok=True)
        for zone in self.runtime:
            (vendor / f"{zone}.xml").write_text(VENDOR_ZONE)

    def bind(self, sources):
        """Bind zones to sources, in both configurations."""
        self.sources = {"runtime": sources, "boot": sources}

    def restart(self):
        """Load the permanent configuration, as a restart does."""
        self.running = True
        self.runtime = {zone: self.permanent(zone) for zone in self.runtime}
        self.ipsets["runtime"] = {name: list(entries) for name, entries in self.ipsets["boot"].items()}

    def file(self, zone="public", old=False):
        return self.root / f"etc/firewalld/zones/{zone}.xml{'.old' if old else ''}"

    def _text(self, zone):
        path = self.file(zone)
        return (path if path.exists() else self.root / f"usr/lib/firewalld/zones/{zone}.xml").read_text()

    def permanent(self, zone="public"):
        form = (
            r'<rule family="(.*?)">\s*<source (address|ipset)="(.*?)"/>\s*<port port="(.*?)" protocol="(.*?)"/>'
            r"\s*<accept/>\s*</rule>"
        )
        return [
            'rule family="{}" source {}="{}" port port="{}" protocol="{}" accept'.format(*match)
            for match in re.findall(form, self._text(zone))
        ]

    def write(self, zone, rules):
        text = re.sub(r"\s*<rule.*?</rule>", "", self._text(zone), flags=re.S)
        text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
        body = ""
        for rule in rules:
            kind = "ipset" if "ipset=" in rule else "address"
            family, source, port, protocol = re.findall(r'"(.*?)"', rule)
            body += (
                f'  <rule family="{family}">\n    <source {kind}="{source}"/>\n'
                f'    <port port="{port}" protocol="{protocol}"/>\n    <accept/>\n  </rule>\n'
            )
        if self.file(zone).exists():
            self.file(zone, old=True).write_text(self._text(zone))
        self.file(zone).write_text(text.replace("</zone>", body + "</zone>"))

    def __call__(self, args, stdin):
        if args == ["--state"]:
            return (0, "running\n", "") if self.running else (252, "", "not running\n")
        assert self.running, args
        permanent = args[0] == "--permanent"
        return self._command("boot" if permanent else "runtime", args[permanent:], stdin)

    def offline(self, args, stdin):
        """firewall-offline-cmd: the permanent configuration, whether the daemon runs or not."""
        return self._command("boot", args, stdin)

    def _command(self, fact, args, stdin):
        simple = {
            "--get-default-zone": "public\n",
            "--get-ipset-types": self.types + "\n",
            "--get-ipsets": " ".join(self.ipsets[fact]) + "\n",
            "--list-all-zones": "".join(self._listing(fact, zone) for zone in self.runtime),
        }
        if args[0] in simple:
            return 0, simple[args[0]], ""
        option, _equals, name = args[0].partition("=")
        if option == "--zone":
            return self._rules(name, fact == "boot", args[1:])
        return self._ipset(fact, option, name, args[1:], stdin)

    def _listing(self, fact, zone):
        interfaces = [name for name, theirs in self.interfaces.items() if theirs == zone]
        rules = self.permanent(zone) if fact == "boot" else self.runtime[zone]
        return (
            f"{zone} (active)\n  target: default\n  interfaces: {' '.join(interfaces)}\n"
            f"  sources: {' '.join(self.sources[fact].get(zone, []))}\n  services: ssh\n  rich rules: \n"
            + "".join(f"\t{rule}\n" for rule in rules)
            + "\n"
        )

    def _ipset(self, fact, option, name, args, stdin):
        sets = self.ipsets[fact]
        path = self.root / f"etc/firewalld/ipsets/{name}.xml"
        if option == "--new-ipset":
            assert fact == "boot", "an ipset is made in the permanent configuration only"
            assert args[0] == "--type=hash:net", args
            assert name not in sets
            assert len(name) <= 31
            sets[name] = []
            path.write_text("")
        elif option == "--delete-ipset":
            assert fact == "boot"
            assert not args
            del sets[name]
            path.rename(path.with_suffix(".xml.old"))
        else:
            assert option == "--ipset"
            if args == ["--get-entries"]:
                return 0, "\n".join(sets[name]) + "\n", ""
            entries = stdin.split()
            if args == ["--add-entries-from-file=/dev/stdin"]:
                sets[name] += [entry for entry in entries if entry not in sets[name]]
            else:
                assert args == ["--remove-entries-from-file=/dev/stdin"], args
                sets[name] = [entry for entry in sets[name] if entry not in entries]
        return 0, "success\n", ""

    def _rules(self, zone, permanent, options):
        rules, warnings = list(self.permanent(zone) if permanent else self.runtime[zone]), ""
        sets = self.ipsets["boot" if permanent else "runtime"]
        for option in options:
            verb, _equals, rule = option.partition("=")
            assert verb in ("--add-rich-rule", "--remove-rich-rule"), options
            named = re.search(r'ipset="(.*?)"', rule)
            if any(word in rule for word in self.reject):
                warnings += f"Warning: INVALID_RULE: {rule}\n"
            elif named and verb == "--add-rich-rule" and named[1] not in sets:
                warnings += f"Warning: INVALID_IPSET: {rule}\n"
            elif (verb == "--add-rich-rule") == (rule in rules):
                warnings += f"Warning: ALREADY_ENABLED or NOT_ENABLED: {rule}\n"
            elif verb == "--add-rich-rule":
                rules.append(rule)
            else:
                rules.remove(rule)
        if permanent:
            self.write(zone, rules)
        else:
            self.runtime[zone] = rules
        return 0, "success\n", warnings


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
            if words[0] == "delete":
                rules = self.chains[key]["rules"]
                assert words[5] == "handle"
                assert int(words[6]) in [rule["handle"] for rule in rules]
                self.chains[key]["rules"] = [rule for rule in rules if rule["handle"] != int(words[6])]
            else:
                assert words[:2] == ["insert", "rule"], line
                self.add_rule(key, *expressions(line), comment=line.rsplit(' comment "', 1)[1][:-1], front=True)


class FakeXtables:
    """iptables and ip6tables as ufw leaves them loaded; knows what the backend ufw may say and nothing else."""

    def __init__(self):
        self.chains = {4: ["-N ufw-user-input"], 6: ["-N ufw6-user-input"]}
        # Rules of chain INPUT before and behind the jump to ufw's.
        self.ahead, self.behind = {4: [], 6: []}, {4: [], 6: []}
        self.locked = False

    def program(self, version):
        """Return the fake of one program."""

        def call(args, _stdin):
            if args == ["-V"]:
                return 0, "iptables v1.8.9 (legacy)\n", ""
            assert (args[0], args[2]) == ("-w", "-S"), args
            if self.locked:
                return 4, "", "Another app is currently holding the xtables lock.\n"
            name = args[3] if len(args) > 3 else ""
            prefix = "ufw" if version == 4 else "ufw6"
            if name == f"{prefix}-before-input":
                return 0, f"-N {name}\n-A {name} -m conntrack --ctstate INVALID -j DROP\n", ""
            if name in ("", "INPUT"):
                jump = [f"-A INPUT -j {prefix}-before-input"] * bool(self.chains[version])
                lines = ["-P INPUT DROP", *self.ahead[version], *jump, *self.behind[version]]
                return 0, "\n".join(lines) + "\n", ""
            if not self.chains[version]:
                return 1, "", "iptables: No chain/target/match by that name.\n"
            return 0, "\n".join(self.chains[version]) + "\n", ""

        return call

    def restore(self, version):
        """Return the fake of one restore program; all of a script or nothing."""

        def call(args, stdin):
            assert args[:3] == ["-w", "5", "--noflush"], args
            assert args[3:] in ([], ["--test"]), args
            if self.locked:
                return 4, "", "Another app is currently holding the xtables lock.\n"
            head, *lines, end = stdin.splitlines()
            assert (head, end) == ("*filter", "COMMIT"), stdin
            chain = list(self.chains[version])
            for line in lines:
                verb, name, rest = line.split(" ", 2)
                assert name in ("ufw-user-input", "ufw6-user-input"), line
                if verb == "-D":
                    chain.remove(f"-A {name} {rest}")
                else:
                    assert (verb, rest[:2]) == ("-I", "1 "), line
                    chain.insert(1, f"-A {name} {_as_printed(rest[2:])}")
            if not args[3:]:
                self.chains[version] = chain
            return 0, "", ""

        return call


class FakeIptables:
    """One filter table with its program and the restore of it; knows what the backend may say and nothing else.

    A script may name chains of ours and jumps to them, and is done as a whole or not at all.
    """

    def __init__(self, banner="iptables v1.8.9 (legacy)", policy="DROP"):
        self.banner, self.policy = banner, policy
        self.chains = {"INPUT": ["-p tcp -m tcp --dport 22 -j ACCEPT"]}
        self.other = {}
        self.locked = False

    def ours(self):
        """Return the rules in chains of ours and the jumps to them."""
        return sorted(
            f"{chain} {line}"
            for chain, lines in self.chains.items()
            for line in lines
            if "ACK-EDGE" in chain or "ACK-EDGE" in line
        )

    def program(self, args, _stdin):
        if args == ["-V"]:
            return 0, self.banner + "\n", ""
        assert args[0] == "-w", args
        assert args[-1] == "-S", args
        if self.locked:
            return 4, "", "Another app is currently holding the xtables lock. Stopped waiting after 10s.\n"
        if args[2] == "-t":
            return 0, self.other[args[3]], ""
        lines = [f"-P INPUT {self.policy}"]
        lines += [f"-N {chain}" for chain in self.chains if chain != "INPUT"]
        lines += [f"-A {chain} {line}" for chain in self.chains for line in self.chains[chain]]
        return 0, "".join(line + "\n" for line in lines), ""

    def restore(self, args, stdin):
        assert args[:1] == ["-w"], args
        return self.restore_locked(args[2:], stdin)

    def restore_locked(self, args, stdin):
        assert args in (["--noflush"], ["--noflush", "--test"]), args
        if self.locked:
            return 4, "", "Another app is currently holding the xtables lock. Stopped waiting after 10s.\n"
        head, *lines, end = stdin.splitlines()
        assert (head, end) == ("*filter", "COMMIT"), stdin
        chains = {name: list(rules) for name, rules in self.chains.items()}
        for line in lines:
            assert "ACK-EDGE" in line, line
            if not self._execute(chains, line):
                return 1, "", f"iptables-restore: line failed: {line}\n"
        if "--test" not in args:
            self.chains = chains
        return 0, "", ""

    @staticmethod
    def _execute(chains, line):
        verb, name, rest = [*line.split(" ", 2), ""][:3]
        if verb.startswith(":"):
            assert rest == "[0:0]", line
            chains[verb[1:]] = []
        elif verb == "-A":
            assert " -s " in f" {rest}", line
            chains[name].append(rest)
        elif verb == "-I":
            assert (name, rest[:2]) == ("INPUT", "1 "), line
            chains[name].insert(0, rest[2:])
        elif verb == "-D":
            if rest not in chains[name]:
                return False
            chains[name].remove(rest)
        elif verb == "-F":
            chains[name] = []
        else:
            assert verb == "-X", line
            del chains[name]
            return not any(rule.endswith(f" {name}") for rules in chains.values() for rule in rules)
        return True


def _as_printed(spec):
    """Return a rule as 'iptables -S' prints it: an address with its length, the module of a single port."""
    spec = re.sub(r"-s (\S+)", lambda match: match[0] if "/" in match[1] else f"-s {_host(match[1])}", spec)
    return re.sub(r"-p (tcp|udp) --dport", r"-p \1 -m \1 --dport", spec)


def _host(address):
    return f"{address}/{128 if ':' in address else 32}"


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


def firewalld_system(tmp_path):
    """Return a System where firewalld runs and zone public is the default."""
    return System(tmp_path, **{"firewall-cmd": FakeFirewalld(tmp_path), "systemctl": FakeSystemctl()})


def nft_system(tmp_path, config=BOOT_CONFIG):
    """Return a System with one dropping input chain and a boot configuration that makes it."""
    system = System(tmp_path, nft=FakeNft(DROPPING), systemctl=FakeSystemctl())
    if config is not None:
        system.path("/etc/nftables.conf").write_text(config)
    return system


UFW_FILE = """*filter
:ufw-user-input - [0:0]
### RULES ###

### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in
-A ufw-user-input -p tcp --dport 22 -j ACCEPT

### END RULES ###
COMMIT
"""


def ufw_system(tmp_path):
    """Return a System where ufw's chains are loaded from its files."""
    xtables = FakeXtables()
    programs = {"iptables": xtables.program(4), "ip6tables": xtables.program(6)}
    programs.update({"iptables-restore": xtables.restore(4), "ip6tables-restore": xtables.restore(6)})
    system = System(tmp_path, systemctl=FakeSystemctl(), **programs)
    system.xtables = xtables
    system.path("/etc/ufw").mkdir()
    system.path("/etc/default").mkdir()
    system.path("/etc/default/ufw").write_text('# comment\nIPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\n')
    system.path("/etc/ufw/user.rules").write_text(UFW_FILE)
    system.path("/etc/ufw/user6.rules").write_text(UFW_FILE.replace("ufw-", "ufw6-").replace("0.0.0.0/0", "::/0"))
    for name in ("ip_tables_names", "ip6_tables_names"):
        system.path("/proc/net").mkdir(parents=True, exist_ok=True)
        system.path(f"/proc/net/{name}").write_text("filter\n")
    return system


def iptables_system(tmp_path, banner="iptables v1.8.9 (legacy)"):
    """Return a System with iptables-legacy, both families loaded and dropping."""
    tables = {4: FakeIptables(banner), 6: FakeIptables(banner)}
    system = System(tmp_path, systemctl=FakeSystemctl(), nft=FakeNft())
    for version, plain in ((4, "iptables"), (6, "ip6tables")):
        system.programs[f"{plain}-legacy"] = tables[version].program
        system.programs[f"{plain}-legacy-restore"] = tables[version].restore
    system.tables = tables
    for path in ("/proc/net", "/usr/sbin", "/usr/bin", "/run/systemd/system", "/etc/systemd/system"):
        system.path(path).mkdir(parents=True)
    for name in ("ip_tables_names", "ip6_tables_names"):
        system.path(f"/proc/net/{name}").write_text("filter\n")
    for name in [name for name in system.programs if "tables" in name]:
        system.path(f"/usr/sbin/{name}").touch()
    system.path("/usr/bin/flock").touch()
    return system


def items_of(*raw):
    """Return typed items; a mistake in a test's own input is an error."""
    items, problems = parse_items(raw)
    assert not problems
    return items


def ensure(system, raw, *, present=True, check=False, kill_at=None, name="ack-edge", **options):
    """Run the engine once."""
    return InboundPorts(system.node(kill_at), name, **options).ensure(items_of(*raw), present, check)
