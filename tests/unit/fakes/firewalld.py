# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""firewall-cmd and firewall-offline-cmd on zone files, modelled on firewalld 1.3."""

import re
from pathlib import Path

from fakes.system import System
from fakes.systemctl import FakeSystemctl

VENDOR_ZONE = """<?xml version="1.0" encoding="utf-8"?>
<zone>
  <short>Public</short>
  <service name="ssh"/>
  <forward/>
</zone>
"""


class FakeFirewalld:
    """firewalld as of 1.3: one file for each zone that was changed, rewritten in its own form, the earlier as .old.

    sources and ipsets are {fact: ...}: what the runtime and the permanent configuration hold.
    """

    def __init__(self, root, running=True):
        self.root, self.running, self.reject, self.types = Path(root), running, (), "hash:ip hash:net"
        self.runtime = {"public": [], "trusted": [], "internal": []}
        self.interfaces = {"eth0": "internal", "eth1": "public"}
        self.sources, self.ipsets = {"runtime": {}, "boot": {}}, {"runtime": {}, "boot": {}}
        # Rich rules of the site by zone that are no accepts; only listed.
        self.denials = {"runtime": {}, "boot": {}}
        # What is printed of policies and of direct rules.
        self.policies, self.direct = {"runtime": "", "boot": ""}, {"runtime": [], "boot": []}
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
        if args[0] == "--direct" and not self.running:
            return 252, "", "FirewallD is not running\n"
        assert self.running, args
        permanent = args[0] == "--permanent"
        return self._command("boot" if permanent else "runtime", args[permanent:], stdin)

    def offline(self, args, stdin):
        """firewall-offline-cmd: the permanent configuration, whether the daemon runs or not."""
        return self._command("boot", args, stdin)

    def _command(self, fact, args, stdin):
        if args == ["--direct", "--get-all-rules"]:
            return 0, "".join(f"{line}\n" for line in self.direct[fact]), ""
        simple = {
            "--get-default-zone": "public\n",
            "--get-ipset-types": self.types + "\n",
            "--get-ipsets": " ".join(self.ipsets[fact]) + "\n",
            "--list-all-policies": self.policies[fact],
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
            + "".join(f"\t{rule}\n" for rule in rules + self.denials[fact].get(zone, []))
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


def firewalld_system(tmp_path):
    """Return a System where firewalld runs and zone public is the default."""
    return System(tmp_path, **{"firewall-cmd": FakeFirewalld(tmp_path), "systemctl": FakeSystemctl()})
