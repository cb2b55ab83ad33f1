# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""iptables and ip6tables as ufw leaves them loaded, and ufw's files."""

import re

from fakes.system import System
from fakes.systemctl import FakeSystemctl

UFW_FILE = """*filter
:ufw-user-input - [0:0]
### RULES ###

### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in
-A ufw-user-input -p tcp --dport 22 -j ACCEPT

### END RULES ###
COMMIT
"""


class FakeXtables:
    """iptables and ip6tables as ufw leaves them loaded; knows what the backend ufw may say and nothing else."""

    def __init__(self):
        self.chains = {4: ["-N ufw-user-input"], 6: ["-N ufw6-user-input"]}
        # Rules of chain INPUT before and behind the jump to ufw's.
        self.ahead, self.behind = {4: [], 6: []}, {4: [], 6: []}
        # Rules that the site put in front of its own in before.rules, and chains of the site.
        self.before, self.site = {4: [], 6: []}, {4: {}, 6: {}}
        self.locked = False

    def program(self, version):
        """Return the fake of one program."""

        def call(args, _stdin):
            if args == ["-V"]:
                return 0, "iptables v1.8.9 (legacy)\n", ""
            assert (args[0], args[2]) == ("-w", "-S"), args
            if self.locked:
                return 4, "", "Another app is currently holding the xtables lock.\n"
            lines = self._lines(version, args[3] if len(args) > 3 else "INPUT")
            if not lines:
                return 1, "", "iptables: No chain/target/match by that name.\n"
            return 0, "\n".join(lines) + "\n", ""

        return call

    def _lines(self, version, name):
        prefix = "ufw" if version == 4 else "ufw6"
        before = f"{prefix}-before-input"
        if name == before:
            own = [f"-A {name} -m conntrack --ctstate INVALID -j DROP", f"-A {name} -j {prefix}-not-local"]
            return [f"-N {name}", *self.before[version], *own]
        if name == "INPUT":
            jump = [f"-A INPUT -j {before}"] * bool(self.chains[version])
            return ["-P INPUT DROP", *self.ahead[version], *jump, *self.behind[version]]
        if name in self.site[version]:
            return [f"-N {name}", *self.site[version][name]]
        assert name == f"{prefix}-user-input", name
        return self.chains[version]

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


def _as_printed(spec):
    """Return a rule as 'iptables -S' prints it: an address with its length, the module of a single port."""
    spec = re.sub(r"-s (\S+)", lambda match: match[0] if "/" in match[1] else f"-s {_host(match[1])}", spec)
    return re.sub(r"-p (tcp|udp) --dport", r"-p \1 -m \1 --dport", spec)


def _host(address):
    return f"{address}/{128 if ':' in address else 32}"


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
