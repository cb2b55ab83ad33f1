# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend iptables, nft and legacy: a chain of our own in each filter table that can drop, and a unit for the boot.

All accepts of a set stand in one chain that nobody else writes to, so what is ours is known by a name, and the only
trace in the chains of others is one jump at the front of INPUT. A whole chain is made, changed or removed by one
``iptables-restore --noflush`` for each table: the kernel takes all of it or nothing, and no rule of others is named.

For the boot there is a file of our own for each family, in the form of iptables-restore, and a oneshot unit that loads
them behind whatever loads a table, and again when that is restarted. The files that other services load (rules.v4,
sysconfig) are neither read nor written: the unit replaces the jump of a chain that somebody saved into one of them.
"""

import collections
import re

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.nftables import (
    OWN_DIRECTORY,
    read_ruleset,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import iptables_judge as xt
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import by_version
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.plan import Fact, Found
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

# Seconds to wait for the lock that all of iptables shares; at boot others may hold it longer.
WAIT = 10
_BOOT_WAIT = 60

# plain: iptables or ip6tables; version: 4 or 6; variant: 'nft' or 'legacy'; tables: names of those that are loaded.
Loaded = collections.namedtuple("Loaded", "plain version variant tables")

# program: that reads and writes the table; locked: argv to begin a restore with where that does not know the lock;
# table: filter as it is; earlier: [(name, chain, Table)] that packets pass before; refs: [(chain, index of the rule in
# it, Line)] that lead to our chain.
_Place = collections.namedtuple("_Place", "program version locked table earlier refs")

# own: {version: text of our file, if it is there}; unit: its text or None; links: {path: target} of those that are
# there; systemd: whether it is there to run a unit.
Seen = collections.namedtuple("Seen", "places own unit links systemd")

_FAMILIES = (("iptables", 4, "ip", "/proc/net/ip_tables_names"), ("ip6tables", 6, "ip6", "/proc/net/ip6_tables_names"))
_EARLIER = (("raw", ("PREROUTING",)), ("mangle", ("PREROUTING", "INPUT")))
_LOCK = "/run/xtables.lock"
_DIRECTORIES = ("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin")
_UNITS = "/etc/systemd/system"
_LOADERS = ("iptables.service", "ip6tables.service", "netfilter-persistent.service")
# What these load at boot.
_SAVED = (
    ("iptables.service", "/etc/sysconfig/iptables"),
    ("ip6tables.service", "/etc/sysconfig/ip6tables"),
    (_LOADERS[2], "/etc/iptables/rules.v4"),
    (_LOADERS[2], "/etc/iptables/rules.v6"),
)
# Without RemainAfterExit, so that each start of a service that loads a table starts it again (by the link in its
# .wants), and nothing is left active when the set goes. The first command of each pair fails where no jump of ours is
# there, which is the rule: hence the '-'. Where a file of ours is lost the unit is skipped, and nothing fails for it.
_UNIT = """\
# Written by ack_edge.node.inbound_ports; a change by hand is undone by its next run.
[Unit]
Description=Inbound accepts of the owned set %(name)s in iptables
After=%(loaders)s rc-local.service network.target
%(conditions)s
[Service]
Type=oneshot
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
            result.append(
                Loaded(plain, version, "nft", tuple(table for kind, table in ruleset.tables if kind == family))
            )
        tables = (node.read(names) or "").split()
        if "filter" in tables:
            result.append(Loaded(plain, version, "legacy", tuple(tables)))
    return result


def find_program(node, loaded):
    """Return (program, its version as integers) that speaks to a loaded table, whatever the alternatives say.

    :raises NodeError: where none is installed.
    """
    special = f"{loaded.plain}-{loaded.variant}"
    for program in (special, loaded.plain):
        done = node.run([program, "-V"])
        if done.rc == 0 and (program == special or ("nf_tables" in done.out) == (loaded.variant == "nft")):
            match = re.search(r" v([0-9]+)\.([0-9]+)\.([0-9]+)", done.out)
            return program, tuple(int(number) for number in match.groups()) if match else ()
    raise NodeError(
        f"a filter table of {loaded.plain} ({loaded.variant}) is loaded, and no program for it is installed, expected {special}; install "
        "iptables, or remove the table, and run again"
    )


def read_table(node, program, name="filter"):
    """Return a Table as it is now.

    :raises NodeError: where iptables cannot say it, or somebody keeps its lock.
    """
    which = [] if name == "filter" else ["-t", name]
    return xt.parse_listing(_ask(node, [program, "-w", str(WAIT), *which, "-S"]))


def _ask(node, argv, stdin=None):
    done = node.run(argv, stdin=stdin)
    said = (done.err or done.out).strip()
    if done.rc and ("xtables lock" in said or (argv[0] == "flock" and not said)):
        raise NodeError(
            f"another program has held the xtables lock ({_LOCK}) for {int(WAIT)} seconds, so '{done.text()}' could not do its work; let it end ('fuser -v {_LOCK}' names it), and run again"
        )
    if done.rc:
        raise NodeError(f"'{done.text()}' ended with status {int(done.rc)} and said: {said or 'nothing'}")
    return done.out


class Iptables:
    """The backend; ``set_name`` is the owned set, its rules are known by their chain."""

    name = "iptables"

    def __init__(self, node, set_name):
        self._node, self._set = node, set_name
        self._chain = xt.chain_name(set_name)
        self._prefix = f"ack-edge {set_name} "
        self._own = {version: f"{OWN_DIRECTORY}/iptables-{set_name}.v{int(version)}" for version in (4, 6)}
        unit = f"ack-edge-inbound-{set_name}.service"
        self._unit = f"{_UNITS}/{unit}"
        self._links = [f"{_UNITS}/{target}.wants/{unit}" for target in ("multi-user.target", *_LOADERS)]
        self._jump = ["-j", self._chain]
        self.reproduce = "iptables-save; ip6tables-save"

    def available(self):
        """Return whether what we own here can be taken back: always, the tables are asked only if they are loaded."""
        return True

    def files(self, _remembered):
        """Return the paths that a run may have written to itself."""
        return [*sorted(self._own.values()), self._unit, *self._links]

    def directories(self, was_ours):
        """See :meth:`Nftables.directories`."""
        return [OWN_DIRECTORY] + ([link.rpartition("/")[0] for link in self._links] if was_ours else [])

    def asleep(self):
        """See :meth:`Nftables.asleep`."""
        for unit, path in _SAVED:
            text = self._node.read(path)
            if text and xt.input_drops(xt.parse_saved(text)) and self._node.starts_at_boot(unit):
                return unit.rpartition(".")[0], path
        return ()

    def observe(self, remembered, wanted):
        """Read the node; see :meth:`Nftables.observe`.

        :raises NodeError: where a loaded table cannot be read.
        """
        places = [self._place(loaded, wanted) for loaded in loaded_tables(self._node, read_ruleset(self._node))]
        if places:
            self.reproduce = "; ".join(f"{place.program} -S" for place in places)
        own = {version: self._node.read(path) for version, path in self._own.items() if self._node.exists(path)}
        return Seen(
            places,
            own,
            self._node.read(self._unit),
            {path: self._node.link_target(path) for path in self._links if self._node.exists(path)},
            self._node.exists("/run/systemd/system"),
        )

    def _place(self, loaded, wanted):
        program, release = find_program(self._node, loaded)
        table = read_table(self._node, program)
        earlier = [
            (name, chain, read_table(self._node, program, name))
            for name, chains in _EARLIER
            if wanted and name in loaded.tables
            for chain in chains
        ]
        refs = [
            (chain, index, line)
            for chain, lines in table.chains.items()
            for index, line in enumerate(lines)
            if xt.target_of(line.words)[0] == self._chain
        ]
        # Such a restore neither takes the lock nor knows -w; flock takes it in its place.
        old = loaded.variant == "legacy" and (1, 6) <= release < (1, 6, 2)
        return _Place(program, loaded.version, old, table, earlier, refs)

    def nothing_blocks(self, seen):
        """Return why no rule is needed, or ''."""
        return (
            ""
            if any(xt.input_drops(place.table) for place in seen.places)
            else "no filter table of iptables drops what comes in"
        )

    def facts(self, seen, items):
        """Return the two facts for the wanted items (an empty list: nothing is wanted)."""
        desired = tuple(
            (item.name, rule)
            for item in items
            for place in seen.places
            if xt.input_drops(place.table)
            for version, intervals in by_version(item)
            if version == place.version
            for rule in xt.rules_of(item, place.program, version, intervals)
        )
        rules = [rule for _name, rule in desired]
        before, after = [], []
        for place in seen.places:
            lines = self._chain_lines(place, _of(place, rules))
            before += lines[0]
            after += lines[1]
        obstacle = (
            ()
            if seen.systemd or not rules
            else (
                "nothing opens it again after a restart: systemd does not run this node",
                f"let what loads the rules of this node at its start run '{'; '.join(' '.join(argv) for argv in self._boot_commands(seen, rules)[1::2])}' too",
            )
        )
        booted = desired if seen.systemd else ()
        return [
            Fact(
                "runtime",
                desired,
                tuple(self._runtime_found(seen, rules)),
                (tuple(before), tuple(after)),
                _earlier_drop(seen, desired),
            ),
            Fact("boot", booted, tuple(self._boot_found(seen, booted)), self._boot_lines(seen, booted), obstacle),
        ]

    def _chain_lines(self, place, rules):
        """Return (lines before, lines after) about the chain of ours and the jumps to it."""
        before = [f"{place.program}: -N {self._chain}"] if self._chain in place.table.chains else []
        for chain, index, line in place.refs:
            if chain == "INPUT" or not rules:
                before.append(f"{place.program}: {line.text}{_behind(place, index, rules)}")
        after = [f"-N {self._chain}", f"-A INPUT -j {self._chain}"] if rules else []
        return before, [f"{place.program}: {text}" for text in after]

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
                yield Found(
                    rule if reached else None, label, True, place.program, f"{place.program}: {line.text}{note}"
                )

    def _boot_found(self, seen, booted):
        """Yield the rules of our file, none where no unit loads it: then they do nothing."""
        rules = [rule for _name, rule in booted]
        if booted and not (self._links_right(seen) and seen.unit == self._unit_text(seen, rules)):
            return
        for version, text in sorted(seen.own.items()):
            places = [place for place in seen.places if place.version == version]
            for line in xt.parse_listing(text).chains.get(self._chain, []):
                parsed = [xt.parse_rule(line.words, place.program, version, self._prefix) for place in places]
                known = [rule for rule in parsed if rule in rules]
                for rule in known or parsed or [None]:
                    where = rule.place[0] if rule else self._own[version]
                    yield Found(rule, rule.label if rule else "", True, None, f"{where}: {line.text}")

    def _links_right(self, seen):
        return seen.links == dict.fromkeys(self._links, self._unit)

    def _boot_lines(self, seen, booted):
        rules = [rule for _name, rule in booted]
        before, after = [], []
        wanted = self._file_texts(rules)
        for path, now, then in [
            (path, seen.own.get(version), wanted.get(version)) for version, path in sorted(self._own.items())
        ] + [(self._unit, seen.unit, self._unit_text(seen, rules) if rules else None)]:
            if now is not None:
                before.append(path if then in (now, None) else f"{path}: another text")
            if then is not None:
                after.append(path)
        before += [f"{path} -> {target or 'no link'}" for path, target in sorted(seen.links.items())]
        if rules:
            after += [f"{path} -> {self._unit}" for path in sorted(self._links)]
        return tuple(before), tuple(after)

    def text(self, rule):
        """Return a rule in words of iptables, with its table."""
        return f"{rule.place[0]}: {xt.rule_text(rule, self._chain, self._prefix)}"

    def _file_texts(self, rules):
        """Return {version: text of our file} for the families that have rules."""
        texts = {}
        for version in sorted({rule.version for rule in rules}):
            # One file serves both variants of a family.
            lines = collections.OrderedDict(
                (xt.rule_text(rule, self._chain, self._prefix), None) for rule in rules if rule.version == version
            )
            texts[version] = "\n".join(
                [
                    "# Made by ack_edge.node (inbound_ports); the next run writes it again.",
                    "*filter",
                    f":{self._chain} - [0:0]",
                    *list(lines),
                    f"-I INPUT 1 -j {self._chain}",
                    "COMMIT\n",
                ]
            )
        return texts

    def _boot_commands(self, seen, rules):
        """Return argv lists: for each table, one that takes a jump away that may be there, and one that loads."""
        commands = []
        for place in seen.places:
            if _of(place, rules):
                restore = [
                    self._path(place.program + "-restore"),
                    "-w",
                    str(_BOOT_WAIT),
                    "--noflush",
                    self._own[place.version],
                ]
                if place.locked:
                    restore = [self._path("flock"), "-w", str(_BOOT_WAIT), _LOCK, restore[0], *restore[3:]]
                commands.append([self._path(place.program), "-w", str(_BOOT_WAIT), "-D", "INPUT", *self._jump])
                commands.append(restore)
        return commands

    def _unit_text(self, seen, rules):
        commands = self._boot_commands(seen, rules)
        lines = [f"ExecStart={'' if index % 2 else '-'}{' '.join(argv)}\n" for index, argv in enumerate(commands)]
        needed = [f"ConditionPathExists={self._own[version]}\n" for version in sorted(self._file_texts(rules))]
        return _UNIT % {
            "name": self._set,
            "loaders": " ".join(_LOADERS),
            "commands": "".join(lines),
            "conditions": "".join(needed),
        }

    def _path(self, program):
        """Return where a program lies; older systemd takes no bare name."""
        for directory in _DIRECTORIES:
            if self._node.exists(f"{directory}/{program}"):
                return f"{directory}/{program}"
        raise NodeError(
            f"{program} is in none of {', '.join(_DIRECTORIES)}, and the unit that opens the ports at boot needs it; install it there and run again"
        )

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
            lines.append(f":{self._chain} - [0:0]")
            lines += [xt.rule_text(rule, self._chain, self._prefix) for rule in rules]
            if not self._reached(place, rules):
                lines += ["-D" + line.text[2:] for chain, _index, line in place.refs if chain == "INPUT"]
                lines.append(f"-I INPUT 1 -j {self._chain}")
        else:
            # A rule of somebody that leads here cannot outlive the chain.
            lines += ["-D" + line.text[2:] for _chain, _index, line in place.refs]
            if self._chain in place.table.chains:
                lines += [f"-F {self._chain}", f"-X {self._chain}"]
        return "\n".join([*lines, "COMMIT\n"])

    def _restore(self, place, script, how):
        wait = [place.program + "-restore", "-w", str(WAIT)]
        if place.locked:
            wait = ["flock", "-w", str(WAIT), _LOCK, place.program + "-restore"]
        _ask(self._node, [*wait, "--noflush", *how], script)

    def _apply_boot(self, seen, rules):
        # A unit whose file is not there would fail at boot, hence the order.
        texts = self._file_texts(rules)
        unit = self._unit_text(seen, rules) if rules else None
        for version, text in texts.items():
            self._node.write(self._own[version], text)
        if rules:
            self._node.write(self._unit, unit)
            for path in [path for path in self._links if seen.links.get(path) != self._unit]:
                self._node.link(path, self._unit)
        leaving = [self._own[version] for version in seen.own if version not in texts]
        for path in leaving if rules else [*self._links, self._unit, *leaving]:
            self._node.remove(path)
        if seen.systemd:
            self._node.check(["systemctl", "daemon-reload"])


def _of(place, rules):
    """Return those of the rules that go into one table."""
    return [rule for rule in rules if rule.place[0] == place.program]


def _behind(place, index, rules):
    """Return what is to be said about a jump of INPUT, '' where nothing in front of it drops what is ours."""
    ahead = place.table.chains["INPUT"][:index]
    drop = xt.first_drop(place.table, "INPUT", ahead, xt.spread(rules), returns=True) if rules else None
    return f", behind {drop}" if drop else ""


def _earlier_drop(seen, desired):
    """Return the obstacle that a table is which packets pass before filter, () if none is."""
    for place in seen.places:
        for name, chain, table in place.earlier:
            found = collections.OrderedDict()
            for item in collections.OrderedDict(desired):
                ours = xt.spread(_of(place, [rule for named, rule in desired if named == item]))
                drop = xt.first_drop(table, chain, table.chains.get(chain, []), ours, returns=False) if ours else None
                if ours and drop is None and table.policies.get(chain, "ACCEPT") != "ACCEPT":
                    drop = f"-P {chain} {table.policies[chain]}"
                found.setdefault(drop, set()).add(item)
            found.pop(None, None)
            for drop, items in found.items():
                return (
                    f"a rule before ours may drop some of it, in table {name} of {place.program}: {drop}",
                    f"let that rule spare these packets ('{place.program} -t {name} -S {chain}' shows it)",
                    items,
                )
    return ()
