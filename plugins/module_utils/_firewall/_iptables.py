# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend iptables, nft and legacy: a chain of our own in each filter table that can drop, and a unit for the boot.

All accepts of a set stand in one chain that nobody else writes to, so what is ours is known by a name, and the only
trace in the chains of others is one jump at the front of INPUT. A whole chain is made, changed or removed by one
``iptables-restore --noflush`` for each table: the kernel takes all of it or nothing, and no rule of others is named.

For the boot there is a file of our own in the form of iptables-restore, and a oneshot unit that loads it behind
whatever loads a table. The files that other services load (rules.v4, sysconfig) are neither read nor written: where
somebody saved our chain into one of them, the unit takes the jump that came with it away and makes its own.
"""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import collections
import re

from ansible_collections.ack_edge.node.plugins.module_utils._firewall import _xtables as xt
from ansible_collections.ack_edge.node.plugins.module_utils._firewall._model import by_version
from ansible_collections.ack_edge.node.plugins.module_utils._firewall._nftables import OWN_DIRECTORY, read_ruleset
from ansible_collections.ack_edge.node.plugins.module_utils._firewall._plan import Fact, Found
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

# Seconds to wait for the lock that all of iptables shares; at boot others may hold it longer.
WAIT = 20
_BOOT_WAIT = 60

# plain: iptables or ip6tables; version: 4 or 6; variant: 'nft' or 'legacy'; tables: names of those that are loaded.
Loaded = collections.namedtuple("Loaded", "plain version variant tables")

# program: that reads and writes the table; locked: argv to begin a restore with where that does not know the lock;
# table: filter as it is; blocker: sentence about what drops before filter is asked, ''; refs: [(chain, Line)] that lead
# to our chain.
_Place = collections.namedtuple("_Place", "program version locked table earlier refs")

# own, unit: text of our files or None; links: {path: target}; systemd: whether it is there to run a unit.
Seen = collections.namedtuple("Seen", "places own unit links systemd")

_FAMILIES = (("iptables", 4, "ip", "/proc/net/ip_tables_names"), ("ip6tables", 6, "ip6", "/proc/net/ip6_tables_names"))
_EARLIER = (("raw", ("PREROUTING",)), ("mangle", ("PREROUTING", "INPUT")))
_LOCK = "/run/xtables.lock"
_DIRECTORIES = ("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin")
_UNITS = "/etc/systemd/system"
_LOADERS = ("iptables.service", "ip6tables.service", "netfilter-persistent.service")
# The first command of each pair fails where no jump of ours is there, which is the rule: hence the '-'.
_UNIT = """\
# Written by ack_edge.node.inbound_ports; a change by hand is undone by its next run.
[Unit]
Description=Inbound accepts of the owned set %(name)s in iptables
After=%(loaders)s rc-local.service network.target
PartOf=%(loaders)s

[Service]
Type=oneshot
RemainAfterExit=yes
%(commands)s
[Install]
WantedBy=multi-user.target %(loaders)s
"""


def loaded_tables(node, ruleset):
    """Return a Loaded for each family and variant whose filter table is there now; asking makes none.

    :arg ruleset: Ruleset of nft, None where nft is not installed.
    """
    result = []
    for plain, version, family, names in _FAMILIES:
        if ruleset is None:
            if "nf_tables" in node.run([plain, "-V"]).out:
                result.append(Loaded(plain, version, "nft", ()))
        elif (family, "filter", "INPUT") in ruleset.chains:
            result.append(Loaded(plain, version, "nft", tuple(table for kind, table in ruleset.tables
                                                              if kind == family)))
        tables = (node.read(names) or "").split()
        if "filter" in tables:
            result.append(Loaded(plain, version, "legacy", tuple(tables)))
    return result


def find_program(node, loaded):
    """Return (program, its version as integers) that speaks to a loaded table, whatever the alternatives say.

    :raises NodeError: where none is installed.
    """
    special = "%s-%s" % (loaded.plain, loaded.variant)
    for program in (special, loaded.plain):
        done = node.run([program, "-V"])
        if done.rc == 0 and (program == special or ("nf_tables" in done.out) == (loaded.variant == "nft")):
            match = re.search(r" v([0-9]+)\.([0-9]+)\.([0-9]+)", done.out)
            return program, tuple(int(number) for number in match.groups()) if match else ()
    raise NodeError("a filter table of %s (%s) is loaded, and no program for it is installed, expected %s; install "
                    "iptables, or remove the table, and run again" % (loaded.plain, loaded.variant, special))


def read_table(node, program, name="filter"):
    """Return a Table as it is now.

    :raises NodeError: where iptables cannot say it, or somebody keeps its lock.
    """
    return xt.parse_listing(_ask(node, [program, "-w", str(WAIT), "-t", name, "-S"]))


def _ask(node, argv, stdin=None):
    done = node.run(argv, stdin=stdin)
    said = (done.err or done.out).strip()
    if done.rc and ("xtables lock" in said or (argv[0] == "flock" and not said)):
        raise NodeError("another program has held the lock of iptables (%s) for %d seconds, so '%s' could not do its "
                        "work; let it end ('fuser -v %s' names it), and run again" % (
                            _LOCK, WAIT, done.text(), _LOCK))
    if done.rc:
        raise NodeError("'%s' ended with status %d and said: %s" % (done.text(), done.rc, said or "nothing"))
    return done.out


class Iptables(object):
    """The backend; ``set_name`` is the owned set, its rules are known by their chain."""

    name = "iptables"

    def __init__(self, node, set_name):
        self._node, self._set = node, set_name
        self._chain = xt.chain_name(set_name)
        self._prefix = "ack-edge %s " % set_name
        self._own = "%s/iptables-%s.rules" % (OWN_DIRECTORY, set_name)
        unit = "ack-edge-inbound-%s.service" % set_name
        self._unit = "%s/%s" % (_UNITS, unit)
        self._links = ["%s/%s.wants/%s" % (_UNITS, target, unit) for target in ("multi-user.target",) + _LOADERS]
        self._jump = ["-j", self._chain]
        self.reproduce = "iptables-save; ip6tables-save"

    def available(self):
        """Return whether what we own here can be taken back: always, the tables are asked only if they are loaded."""
        return True

    def observe(self, remembered, wanted):
        """Read the node; see :meth:`Nftables.observe`.

        :raises NodeError: where a loaded table cannot be read.
        """
        places = [self._place(loaded, wanted) for loaded in loaded_tables(self._node, read_ruleset(self._node))]
        if places:
            self.reproduce = "; ".join("%s -S" % place.program for place in places)
        return Seen(places, self._node.read(self._own), self._node.read(self._unit),
                    {path: self._node.link_target(path) for path in self._links if self._node.exists(path)},
                    self._node.exists("/run/systemd/system"))

    def _place(self, loaded, wanted):
        program, release = find_program(self._node, loaded)
        table = read_table(self._node, program)
        earlier = [(name, chain, read_table(self._node, program, name))
                   for name, chains in _EARLIER if wanted and name in loaded.tables for chain in chains]
        refs = [(chain, line) for chain, lines in table.chains.items() for line in lines
                if xt.target_of(line.words)[0] == self._chain]
        # Such a restore neither takes the lock nor knows -w; flock takes it in its place.
        old = loaded.variant == "legacy" and (1, 6) <= release < (1, 6, 2)
        return _Place(program, loaded.version, old, table, earlier, refs)

    def nothing_blocks(self, seen):
        """Return why no rule is needed, or ''."""
        return "" if any(xt.input_drops(place.table) for place in seen.places) else \
            "no filter table of iptables drops what comes in"

    def facts(self, seen, items):
        """Return the two facts for the wanted items (an empty list: nothing is wanted)."""
        desired = tuple((item.name, rule) for item in items for place in seen.places if xt.input_drops(place.table)
                        for version, intervals in by_version(item) if version == place.version
                        for rule in xt.rules_of(item, place.program, version, intervals))
        rules = [rule for _name, rule in desired]
        before, after = [], []
        for place in seen.places:
            lines = self._chain_lines(place, _of(place, rules))
            before += lines[0]
            after += lines[1]
        obstacle = () if seen.systemd or not rules else (
            "nothing opens it again after a restart: systemd does not run this node",
            "let what loads the rules of this node at its start run '%s' too" % "; ".join(
                " ".join(argv) for argv in self._boot_commands(seen, rules)[1::2]))
        booted = desired if seen.systemd else ()
        return [
            Fact("runtime", desired, tuple(self._runtime_found(seen, rules)), (tuple(before), tuple(after)),
                 self._earlier_drop(seen, rules)),
            Fact("boot", booted, tuple(self._boot_found(seen, booted)), self._boot_lines(seen, booted), obstacle),
        ]

    def _chain_lines(self, place, rules):
        """Return (lines before, lines after) about the chain of ours and the jumps to it."""
        before = ["%s: -N %s" % (place.program, self._chain)] if self._chain in place.table.chains else []
        for chain, line in place.refs:
            if chain == "INPUT" or not rules:
                before.append("%s: %s%s" % (place.program, line.text, self._where(place, line, rules)))
        after = ["-N %s" % self._chain, "-A INPUT -j %s" % self._chain] if rules else []
        return before, ["%s: %s" % (place.program, text) for text in after]

    def _where(self, place, line, rules):
        """Return what is to be said about the place of a jump in INPUT, '' where nothing drops in front of it."""
        if not rules:
            return ""
        lines = place.table.chains["INPUT"]
        ahead = lines[:[id(each) for each in lines].index(id(line))]
        drop = xt.first_drop(place.table, "INPUT", ahead, xt.spread(rules), returns=True)
        return ", behind %s" % drop if drop else ""

    def _reached(self, place, rules):
        """Return whether INPUT leads to our chain by one jump of our form with nothing in front that may drop."""
        before, after = self._chain_lines(place, rules)
        return before == after

    def _runtime_found(self, seen, rules):
        for place in seen.places:
            reached = self._reached(place, _of(place, rules))
            for line in place.table.chains.get(self._chain, []):
                rule = xt.parse_rule(line.words, place.program, place.version, self._prefix)
                label = rule.label if rule else ""
                note = "" if reached or not rules else " (no packet gets here)"
                yield Found(rule if reached else None, label, True, place.program,
                            "%s: %s%s" % (place.program, line.text, note))

    @staticmethod
    def _earlier_drop(seen, rules):
        """Return the obstacle that a table is which packets pass before filter."""
        for place in seen.places:
            ours = xt.spread(_of(place, rules))
            for name, chain, table in place.earlier if ours else ():
                drop = xt.first_drop(table, chain, table.chains.get(chain, []), ours, returns=False)
                if drop is None and table.policies.get(chain, "ACCEPT") != "ACCEPT":
                    drop = "-P %s %s" % (chain, table.policies[chain])
                if drop:
                    return ("table %s of %s is asked before and may drop it: %s" % (name, place.program, drop),
                            "see '%s -t %s -S %s', and let the rule spare these packets" % (place.program, name, chain))
        return ()

    def _boot_found(self, seen, booted):
        """Yield the rules of our file, none where no unit loads it: then they do nothing."""
        rules = [rule for _name, rule in booted]
        if booted and not (self._links_right(seen) and seen.unit == self._unit_text(seen, rules)):
            return
        for line in (seen.own or "").splitlines():
            words = line.split(" ", 3)
            if words[1:2] != ["-A"]:
                continue
            version = int(words[0][1:])
            table = xt.parse_listing(line[3:])
            parsed = [xt.parse_rule(each.words, place.program, version, self._prefix)
                      for place in seen.places if place.version == version
                      for each in table.chains.get(self._chain, [])]
            known = [rule for rule in parsed if rule in rules]
            for rule in known or [None]:
                yield Found(rule, (known or parsed)[0].label if parsed and parsed[0] else "", True, None,
                            "%s: %s" % (self._own, line))

    def _links_right(self, seen):
        return seen.links == {path: self._unit for path in self._links}

    def _boot_lines(self, seen, booted):
        rules = [rule for _name, rule in booted]
        before, after = [], []
        for path, now, then in ((self._own, seen.own, self.file_text(rules) if rules else None),
                                (self._unit, seen.unit, self._unit_text(seen, rules) if rules else None)):
            if now is not None:
                before.append(path if now == then or not rules else "%s: another text" % path)
            if then is not None:
                after.append(path)
        before += ["%s -> %s" % (path, target or "no link") for path, target in sorted(seen.links.items())]
        if rules:
            after += ["%s -> %s" % (path, self._unit) for path in sorted(self._links)]
        return tuple(before), tuple(after)

    def text(self, rule):
        """Return a rule in words of iptables, with its table."""
        return "%s: %s" % (rule.place[0], xt.rule_text(rule, self._chain, self._prefix))

    def file_text(self, rules):
        """Return the text of our own file; each line says which of the two families it is for."""
        lines = collections.OrderedDict(
            ("-%d %s" % (rule.version, xt.rule_text(rule, self._chain, self._prefix)), None) for rule in rules)
        return "\n".join(["# Made by ack_edge.node (inbound_ports); the next run writes it again.", "*filter",
                          ":%s - [0:0]" % self._chain] + list(lines) + ["-I INPUT 1 -j %s" % self._chain, "COMMIT\n"])

    def _boot_commands(self, seen, rules):
        """Return argv lists: for each table, one that takes a jump away that may be there, and one that loads."""
        commands = []
        for place in seen.places:
            if _of(place, rules):
                restore = [self._path(place.program + "-restore"), "-w", str(_BOOT_WAIT), "--noflush", self._own]
                if place.locked:
                    restore = [self._path("flock"), "-w", str(_BOOT_WAIT), _LOCK, restore[0]] + restore[3:]
                commands.append([self._path(place.program), "-w", str(_BOOT_WAIT), "-D", "INPUT"] + self._jump)
                commands.append(restore)
        return commands

    def _unit_text(self, seen, rules):
        lines = ["ExecStart=%s%s\n" % ("" if index % 2 else "-", " ".join(argv))
                 for index, argv in enumerate(self._boot_commands(seen, rules))]
        return _UNIT % {"name": self._set, "loaders": " ".join(_LOADERS), "commands": "".join(lines)}

    def _path(self, program):
        """Return where a program lies; older systemd takes no bare name."""
        for directory in _DIRECTORIES:
            if self._node.exists("%s/%s" % (directory, program)):
                return "%s/%s" % (directory, program)
        raise NodeError("%s is in none of %s, and the unit that opens the ports at boot needs it; install it there and "
                        "run again" % (program, ", ".join(_DIRECTORIES)))

    def remember(self, seen, changes, remembered):
        """Return what the manifest must hold (before the apply, after it); None for nothing."""
        now = {"chain": self._chain}
        return now, (now if changes[0].fact.desired else None)

    def apply(self, seen, changes):
        """Do what was planned: check all of it first, then the boot files, then each table in one restore."""
        runtime, boot = changes
        scripts = []
        for place in seen.places:
            rules = _of(place, [rule for _name, rule in runtime.fact.desired])
            changed = _of(place, runtime.add) or any(found.ref == place.program for found in runtime.remove)
            if changed or not self._reached(place, rules):
                scripts.append((place, self._script(place, rules)))
        for place, script in scripts:
            self._restore(place, script, ["--test"])
        if boot.fact.mend[0] != boot.fact.mend[1] or boot.add or boot.remove:
            self._apply_boot(seen, [rule for _name, rule in boot.fact.desired])
        for place, script in scripts:
            self._restore(place, script, [])

    def _script(self, place, rules):
        """Return what makes our chain and the jump right; nothing of others is named in it."""
        lines = ["*filter"]
        if rules:
            # Makes the chain, or empties it.
            lines.append(":%s - [0:0]" % self._chain)
            lines += [xt.rule_text(rule, self._chain, self._prefix) for rule in rules]
            if not self._reached(place, rules):
                lines += ["-D" + line.text[2:] for chain, line in place.refs if chain == "INPUT"]
                lines.append("-I INPUT 1 -j %s" % self._chain)
        else:
            # A rule of somebody that leads here cannot outlive the chain.
            lines += ["-D" + line.text[2:] for _chain, line in place.refs]
            if self._chain in place.table.chains:
                lines += ["-F %s" % self._chain, "-X %s" % self._chain]
        return "\n".join(lines + ["COMMIT\n"])

    def _restore(self, place, script, how):
        wait = [place.program + "-restore", "-w", str(WAIT)]
        if place.locked:
            wait = ["flock", "-w", str(WAIT), _LOCK, place.program + "-restore"]
        _ask(self._node, wait + ["--noflush"] + how, script)

    def _apply_boot(self, seen, rules):
        # A unit whose file is not there would fail at boot, hence the order.
        if rules:
            unit = self._unit_text(seen, rules)
            self._node.write(self._own, self.file_text(rules))
            self._node.write(self._unit, unit)
            for path in self._links:
                if seen.links.get(path) != self._unit:
                    self._node.link(path, self._unit)
        else:
            for path in self._links + [self._unit, self._own]:
                self._node.remove(path)
            for path in self._links + [self._own]:
                self._node.remove_empty_directory(path.rpartition("/")[0])
        if seen.systemd:
            self._node.check(["systemctl", "daemon-reload"])


def _of(place, rules):
    """Return those of the rules that go into one table."""
    return [rule for rule in rules if rule.place[0] == place.program]
