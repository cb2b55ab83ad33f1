# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One filter table of iptables with its program and the restore of it."""

from fakes.nft import FakeNft
from fakes.system import System
from fakes.systemctl import FakeSystemctl


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
            assert name in chains, line
            chains[name] = []
        elif verb == "-N":
            if name in chains:
                return False
            chains[name] = []
        else:
            assert verb == "-X", line
            del chains[name]
            return not any(rule.endswith(f" {name}") for rules in chains.values() for rule in rules)
        return True


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
    loaded_by_netfilter_persistent(system)
    return system


def loaded_by_netfilter_persistent(system):
    """Let a service that is known load both tables at boot."""
    system.programs["systemctl"].units["netfilter-persistent.service"] = "enabled"
    system.path("/etc/iptables").mkdir()
    for version in (4, 6):
        system.path(f"/etc/iptables/rules.v{version}").write_text("*filter\n:INPUT DROP [0:0]\nCOMMIT\n")
