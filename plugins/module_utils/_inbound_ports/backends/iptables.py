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

from typing import Dict, List, NamedTuple, Optional

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.base import (
    OWN_DIRECTORY,
    TABLE_LOADERS,
    FirewallBackend,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import iptables, iptables_judge, nft
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats.loading_unit import (
    loading_commands,
    loading_unit,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import (
    Fact,
    Found,
    Obstacle,
    by_version,
    spread,
)
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import services


class Place(NamedTuple):
    """One filter table that is loaded."""

    program: str  # that reads and writes it
    version: int  # of IP, 4 or 6
    lockless: bool  # whether a restore does not know the lock of iptables, so that flock has to take it
    seconds: bool  # whether -w takes seconds; where it does not, no restore knows of a lock, and flock has none to take
    colon: bool  # whether a restore that flushes nothing takes ':CHAIN -'
    table: iptables.Table  # filter as it is
    refs: List[tuple]  # (chain, index of the rule in it, Line) that lead to our chain
    nft_script: Optional[str]  # what takes ours out of a table that only nft can read, else None


class Seen(NamedTuple):
    """What observe() saw."""

    places: List[Place]
    own: Dict[int, Optional[str]]  # texts of our files that are there, by IP version
    unit: Optional[str]  # its text
    links: Dict[str, str]  # targets of those that are there, by path
    systemd: bool  # whether it is there to run a unit
    loader: Optional[Obstacle]  # that what loads the tables at boot may undo ours


_NFT_FAMILY = {4: "ip", 6: "ip6"}
_DIRECTORIES = ("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin")
_UNITS = "/etc/systemd/system"
_SHAPE = {"chain?": str}


class Iptables(FirewallBackend):
    """The backend; its rules are known by their chain."""

    name = "iptables"
    manifest_shape = _SHAPE
    takes_unknown_tables = True

    def __init__(self, node, set_name, zone="", interface=""):
        super().__init__(node, set_name, zone, interface)
        self._chain = iptables.chain_name(set_name)
        self._own = {version: f"{OWN_DIRECTORY}/iptables-{set_name}.v{version}" for version in (4, 6)}
        unit = f"ack-edge-inbound-{set_name}.service"
        self._unit = f"{_UNITS}/{unit}"
        self._links = [f"{_UNITS}/{target}.wants/{unit}" for target in ("multi-user.target", *TABLE_LOADERS)]
        self._made_before = set()  # versions of IP whose chain the unit has to make, for their file cannot
        self._jump = ["-j", self._chain]
        self.reproduce = "iptables-save; ip6tables-save"

    def opens_input(self, _targets):
        """See the base."""
        return 0

    def filters_after_reboot(self):
        """See the base."""
        return self._loaded.saved_at_boot()

    def files(self, _remembered):
        """See the base."""
        return [*sorted(self._own.values()), self._unit, *self._links]

    def directories(self, was_ours):
        """See the base."""
        return [OWN_DIRECTORY] + ([link.rpartition("/")[0] for link in self._links] if was_ours else [])

    def observe(self, _remembered, items):
        """See the base.

        :raises NodeError: where a loaded table cannot be read.
        """
        ruleset = self._loaded.ruleset()
        places = [self._place(table, bool(items), ruleset) for table in self._loaded.tables(ruleset)]
        if places:
            self.reproduce = "; ".join(f"{place.program} -S" for place in places)
        self._made_before = {place.version for place in places if not place.colon}
        own = {version: self._node.read(path) for version, path in self._own.items() if self._node.exists(path)}
        return Seen(
            places,
            own,
            self._node.read(self._unit),
            {path: self._node.link_target(path) for path in self._links if self._node.exists(path)},
            services.is_init(self._node),
            self._loaded.loader_doubt({place.version for place in places if iptables_judge.input_drops(place.table)})
            if items
            else None,
        )

    def _place(self, loaded, wanted, ruleset):
        try:
            return self._readable(loaded, wanted)
        except NodeError as error:
            if loaded.variant != "nft" or ruleset is None:
                raise
            if wanted:
                foreign = ruleset.not_of_iptables(_NFT_FAMILY[loaded.version])
                raise NodeError(f"{error}{nft.not_of_iptables_text(foreign)}") from None
            return self._by_nft(loaded, ruleset)

    def _by_nft(self, loaded, ruleset):
        """Return the Place of a table that iptables cannot read, for taking back what is ours with nft."""
        key = (_NFT_FAMILY[loaded.version], "filter", self._chain)
        there, jumps = key in ruleset.chains, ruleset.jumps_to(key)
        rules = ruleset.chains[key].rules if there else []
        own = [iptables.Line([], f"-A {self._chain}, handle {raw['handle']}") for raw in rules]
        table = iptables.Table({}, dict({"INPUT": []}, **({self._chain: own} if there else {})))
        refs = [(raw["chain"], 0, iptables.Line([], f"-A {raw['chain']} -j {self._chain}")) for raw in jumps]
        script = nft.take_out(key, there, jumps + rules)
        return Place(f"{loaded.plain}-nft", loaded.version, False, True, True, table, refs, script)

    def _readable(self, loaded, wanted):
        program, release = self._loaded.program(loaded)
        table = self._loaded.table(program)
        refs = [
            (chain, index, line)
            for chain, lines in table.chains.items()
            for index, line in enumerate(lines)
            if iptables_judge.target_of(line.words)[0] == self._chain
        ]
        # Such a restore neither takes the lock nor knows -w; flock takes it in its place.
        old = loaded.variant == "legacy" and (1, 6) <= release < (1, 6, 2)
        seconds = self._loaded.takes_seconds(program)
        colon = not wanted or self._loaded.takes_colon(program, loaded.variant, release, self._chain)
        return Place(program, loaded.version, old, seconds, colon, table, refs, None)

    def nothing_blocks(self, seen):
        """See the base."""
        drops = any(iptables_judge.input_drops(place.table) for place in seen.places)
        return "" if drops else "no filter table of iptables drops inbound packets"

    def facts(self, seen, items):
        """See the base."""
        desired = tuple(
            (item.name, rule)
            for item in items
            for place in seen.places
            if iptables_judge.input_drops(place.table)
            for version, intervals in by_version(item)
            if version == place.version
            for rule in iptables.rules_of(item, place.program, version, intervals)
        )
        rules = [rule for _name, rule in desired]
        before, after = [], []
        for place in seen.places:
            lines = self._chain_lines(place, _of(place, rules))
            before += lines[0]
            after += lines[1]
        booted = desired if seen.systemd else ()
        runtime, boot = tuple(self._runtime_found(seen, rules)), tuple(self._boot_found(seen, booted))
        jumps = (tuple(before), tuple(after))
        return [
            Fact("runtime", desired, runtime, jumps, None),
            Fact("boot", booted, boot, self._boot_lines(seen, booted), self._not_at_boot(seen, rules)),
        ]

    def _not_at_boot(self, seen, rules):
        """Return the Obstacle that our files may not count after a reboot, None where they do or nothing is wanted."""
        if seen.systemd or not rules:
            return seen.loader if rules else None
        loading = "; ".join(" ".join(argv) for argv in self._boot_commands(seen, rules)[1::2])
        return Obstacle(
            "no service loads the rule after a reboot: systemd does not run on this node",
            f"run '{loading}' too where this node loads its rules at boot",
        )

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
                rule = iptables.parse_rule(line.words, place.program, place.version, self._prefix)
                label = rule.label if rule else ""
                note = "" if reached or not rules else " (no packet gets here)"
                text = f"{place.program}: {line.text}{note}"
                yield Found(rule if reached else None, label, True, place.program, text)

    def _boot_found(self, seen, booted):
        """Yield the rules of our file, none where no unit loads it: then they do nothing."""
        rules = [rule for _name, rule in booted]
        if booted and not (self._links_right(seen) and seen.unit == self._unit_text(seen, rules)):
            return
        for version, text in sorted(seen.own.items()):
            places = [place for place in seen.places if place.version == version]
            for line in iptables.parse_listing(text).chains.get(self._chain, []):
                parsed = [iptables.parse_rule(line.words, place.program, version, self._prefix) for place in places]
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
        """See the base."""
        return f"{rule.place[0]}: {iptables.rule_text(rule, self._chain, self._prefix)}"

    def _file_texts(self, rules):
        """Return {version: text of our file} for the families that have rules."""
        return {
            version: iptables.chain_file(
                [rule for rule in rules if rule.version == version],
                self._chain,
                self._prefix,
                version in self._made_before,
            )
            for version in sorted({rule.version for rule in rules})
        }

    def _boot_commands(self, seen, rules):
        """Return argv lists: for each table, one that takes a jump away that may be there, and one that loads."""
        places = [place for place in seen.places if _of(place, rules)]
        return loading_commands(places, self._chain, self._own, self._loaded.iptables_lock, self._path)

    def _unit_text(self, seen, rules):
        files = [self._own[version] for version in sorted(self._file_texts(rules))]
        return loading_unit(self._set, TABLE_LOADERS, self._boot_commands(seen, rules), files)

    def _path(self, program):
        """Return where a program lies; older systemd takes no bare name."""
        for directory in _DIRECTORIES:
            if self._node.exists(f"{directory}/{program}"):
                return f"{directory}/{program}"
        raise NodeError(
            f"{program} is not in {', '.join(_DIRECTORIES)}, but the unit that opens the ports at boot needs it; "
            "install it there and run again"
        )

    def remember(self, _seen, changes, _remembered):
        """See the base."""
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
            self._load(place, script, "--test")
        if boot.pending():
            self._apply_boot(seen, [rule for _name, rule in boot.fact.desired])
        for place, script in scripts:
            self._load(place, script)

    def _load(self, place, script, *how):
        if place.nft_script is None:
            self._loaded.restore(place.program, script, *how, lockless=place.lockless)
        else:
            self._node.check(["nft", *(["-c"] if how else []), "-f", nft.STDIN], stdin=script)

    def _script(self, place, rules):
        """Return what makes our chain and the jump right; nothing of others is named in it."""
        if place.nft_script is not None:
            return place.nft_script
        lines = ["*filter"]
        if rules:
            lines.append(f"-{'F' if self._chain in place.table.chains else 'N'} {self._chain}")
            lines += [iptables.rule_text(rule, self._chain, self._prefix) for rule in rules]
            if not self._reached(place, rules):
                lines += ["-D" + line.text[2:] for chain, _index, line in place.refs if chain == "INPUT"]
                lines.append(f"-I INPUT 1 -j {self._chain}")
        else:
            # A rule of somebody that leads here cannot outlive the chain.
            lines += ["-D" + line.text[2:] for _chain, _index, line in place.refs]
            if self._chain in place.table.chains:
                lines += [f"-F {self._chain}", f"-X {self._chain}"]
        return "\n".join([*lines, "COMMIT\n"])

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
    drop = iptables_judge.first_drop(place.table, "INPUT", ahead, spread(rules), returns=True) if rules else None
    return f", behind {drop}" if drop else ""
