# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend ufw 0.35 and newer: rules in its own files and, beside them, in the chains that it loaded from these.

The command ufw is not used to change anything: adding a rule in front makes it flush its chain and load it from its
file, and rules that somebody put there by hand would be lost; and each call takes 0.1 s. So our rules are written
into user.rules as ufw writes them, comment included, and ufw knows them as its own from then on ('ufw status'). The
kernel gets the same rules in one transaction. What was in the file stays byte for byte.
"""

import collections
import contextlib
import fcntl
import itertools
import os
import re
import time
from typing import Dict, List, NamedTuple, Optional, Set

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.backends.base import (
    REMEMBERED_RULES,
    FirewallBackend,
    loads_at_boot,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import (
    iptables,
    iptables_judge,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import (
    Fact,
    Found,
    Obstacle,
    Rule,
    by_version,
    dump_rules,
    labels_of,
    load_rules,
)
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError


class Family(NamedTuple):
    """What ufw calls things of one address family."""

    path: str  # of the file
    chain: str  # that the file fills
    before: str  # the chain that leads there
    any: str  # any address
    program: str


class Block(NamedTuple):
    """One rule of a file."""

    text: str  # with the empty line before it
    rule: Optional[Rule]  # None where it is not an allow rule of our form
    comment: str


class Seen(NamedTuple):
    """What observe() saw."""

    texts: Dict[int, Optional[str]]  # of the files by IP version
    blocks: Dict[int, List[Block]]
    # Lines of -S of the chains that decide before our rules are met, None where ufw has loaded none for that family.
    chains: Dict[int, Optional[List[str]]]
    jumps: Dict[int, iptables.Table]  # chains of the site that those lead to
    boots: Set[int]  # IP versions that ufw loads at boot
    owned: Dict[str, Dict[Rule, str]]  # by fact
    files: Dict[int, iptables.Table]  # what ufw loads in front of our rules, by IP version


FAMILIES = {
    4: Family("/etc/ufw/user.rules", "ufw-user-input", "ufw-before-input", "0.0.0.0/0", "iptables"),
    6: Family("/etc/ufw/user6.rules", "ufw6-user-input", "ufw6-before-input", "::/0", "ip6tables"),
}
_BEFORE = {4: "/etc/ufw/before.rules", 6: "/etc/ufw/before6.rules"}
DEFAULTS = "/etc/default/ufw"
CONFIG = "/etc/ufw/ufw.conf"
# ufw holds it from before it reads its files until it has written them, also while it waits for an answer.
LOCK = "/run/ufw.lock"
# How the names of ufw's chains begin.
_OWN = ("ufw-", "ufw6-")
_ACCEPT = " -j ACCEPT"
_IPV6 = re.compile(r"""^[ \t]*IPV6=["']?(\w*)""", re.MULTILINE)
_MEND = "remove that rule, or move it behind those with the comment 'ack-edge' ('ufw status numbered')"


class Ufw(FirewallBackend):
    """The backend; its rules are known by their comment in ufw's files, and by the manifest in the kernel."""

    name = "ufw"
    reproduce = "ufw status numbered; iptables -S ufw-user-input"
    manifest_shape = REMEMBERED_RULES
    shuts_ipv6_bare = True  # with IPV6=no

    def knows_table(self, table):
        """See the base: ufw's chains have its name."""
        return any(name.startswith(_OWN) for name in table.targets)

    def opens_input(self, _targets):
        """See the base."""
        return 0

    def filters_after_reboot(self):
        """See the base."""
        loaded = any(self._chains(version) is not None for version in FAMILIES)
        return ("ufw", CONFIG) if not loaded and loads_at_boot(self._node, "ufw.service") else ()

    def files(self, _remembered):
        """See the base."""
        return [family.path for family in FAMILIES.values()]

    def observe(self, remembered, items):
        """See the base.

        :raises NodeError: where rules are wanted and a file of ufw is missing or of another form.
        """
        texts = {version: self._node.read(family.path) for version, family in FAMILIES.items()}
        chains = {version: self._chains(version) for version in FAMILIES}
        for version, family in FAMILIES.items():
            if items and chains[version] is not None and iptables.USER_HEAD not in (texts[version] or ""):
                found = "not there" if texts[version] is None else "of another form"
                raise NodeError(
                    f"{family.path} is {found}, expected a file of ufw 0.35 or newer with the line "
                    f"'{iptables.USER_HEAD.strip()}'; see 'ufw status', fix it, and run again"
                )
        blocks = {version: _blocks(version, text) for version, text in texts.items()}
        jumps = {version: self._jumps(version, lines or []) for version, lines in chains.items() if items}
        files = {version: iptables.parse_saved(self._node.read(path) or "") for version, path in _BEFORE.items()}
        return Seen(texts, blocks, chains, jumps, self._boots(chains), self._owned(remembered, blocks), files)

    def _boots(self, chains):
        """Return the versions that ufw loads at boot; IPv4 it has loaded then, or it is not active at all."""
        said = _IPV6.findall(self._node.read(DEFAULTS) or "")
        # The last one counts, it is a shell that reads it; and no other spelling is a yes to ufw-init.
        return {
            version
            for version in chains
            if (said[-1] in ("yes", "YES") if version == 6 and said else chains[version] is not None)
        }

    def _owned(self, remembered, blocks):
        owned = {fact: load_rules(remembered.get(fact, [])) for fact in ("runtime", "boot")}
        if not remembered:
            # The manifest is lost: what stands in the file with our comment has been loaded from there.
            owned["runtime"] = {
                block.rule: self._label(block)
                for found in blocks.values()
                for block in found
                if block.rule is not None and block.comment.startswith(self._prefix)
            }
        return owned

    def _label(self, block):
        return block.comment[len(self._prefix) :]

    def _chains(self, version):
        """Return the lines of ufw's chains in the order that a packet meets them, None where they are not loaded."""
        family = FAMILIES[version]
        ours = self._list(version, family.chain)
        if ours is None:
            return None
        jump = f"-A INPUT -j {family.before}"
        ahead = itertools.takewhile(lambda line: line != jump, self._list(version, "INPUT") or [])
        return list(ahead) + (self._list(version, family.before) or []) + ours

    def _jumps(self, version, lines):
        """Return the Table of the chains that lines lead to; those of ufw and of software are left out."""
        table, ahead = iptables.parse_listing(""), [line for line in lines if not line.endswith(_ACCEPT)]
        while ahead:
            chain = iptables_judge.chain_of(iptables.words_of(ahead.pop()))
            if chain and chain not in table.chains and not chain.startswith(_OWN):
                listed = [line for line in self._list(version, chain) or [] if line.startswith("-A ")]
                table.chains[chain] = [iptables.line_of(line) for line in listed]
                ahead += listed
        return table

    def _list(self, version, chain):
        """Return the lines of one chain, None where there is none.

        :raises NodeError: where somebody holds the lock of the tables for long.
        """
        done = self._node.run([FAMILIES[version].program, "-w", "5", "-S", chain])
        if done.rc != 0 and "lock" in done.err:
            raise NodeError(
                f"'{done.text()}' ended with status {done.rc} and said: {done.err.strip()}; run again when no other "
                "tool changes the firewall"
            )
        return done.out.splitlines() if done.rc == 0 else None

    def facts(self, seen, items):
        """See the base."""
        desired = [(item.name, rule) for item in items for rule in _rules(item)]
        now = [(name, rule) for name, rule in desired if seen.chains[rule.version] is not None]
        later = [(name, rule) for name, rule in desired if rule.version in seen.boots]
        runtime, boot = tuple(self._runtime_found(seen)), tuple(self._boot_found(seen))
        # A fact carries one obstacle. That some of it is not open even now comes before all else.
        shut, dropped = _unopened(desired, seen) or _to_come(seen, later), self._before_ours(seen, now, runtime)
        obstacles = (dropped, shut) if len(now) == len(desired) else (shut, dropped or shut)
        return [
            Fact("runtime", tuple(now), runtime, ((), ()), obstacles[0]),
            Fact("boot", tuple(later), boot, ((), ()), obstacles[1]),
        ]

    def _boot_found(self, seen):
        for version, blocks in seen.blocks.items():
            for block in blocks:
                ours = block.comment.startswith(self._prefix)
                if ours or block.rule is not None:
                    text = f"{FAMILIES[version].path}: {block.text.strip().splitlines()[-1]}"
                    yield Found(block.rule, self._label(block) if ours else "", ours, (version, block.text), text)

    def _runtime_found(self, seen):
        for version, lines in seen.chains.items():
            for line in lines or []:
                rule = iptables.parse_accept(line, FAMILIES[version].chain, version)
                if rule is not None:
                    ours = rule in seen.owned["runtime"]
                    yield Found(rule, seen.owned["runtime"].get(rule, ""), ours, line, line)

    @staticmethod
    def _before_ours(seen, desired, found):
        """Return the Obstacle that a rule before ours may drop what we open, None if none does."""
        ours, drops = {one.rule: one.ref for one in reversed(found)}, collections.OrderedDict()
        places, telling = {}, {}
        for version, lines in seen.chains.items():
            numbered = list(enumerate(lines or []))
            places[version] = {line: place for place, line in reversed(numbered)}
            # With many sources most lines are ours; to take each apart for each rule would cost a second.
            others = [(place, line) for place, line in numbered if not line.endswith(_ACCEPT)]
            telling[version] = [(place, iptables.line_of(line)) for place, line in others]
        # A rule that is not there yet is missing, whatever stands before it.
        for name, rule in (pair for pair in desired if pair[1] in ours):
            end = places[rule.version][ours[rule]]
            before = [line for place, line in telling[rule.version] if place < end]
            drop = iptables_judge.first_drop(seen.jumps[rule.version], "", before, [rule], returns=True)
            drops.setdefault(drop, set()).add(name)
        drops.pop(None, None)
        for line, names in drops.items():
            return Obstacle(f"a rule before ours may drop some of it: {line}", _MEND, frozenset(names))
        return None

    def text(self, rule):
        """See the base."""
        return f"-A {FAMILIES[rule.version].chain} {iptables.accept_text(rule)}"

    def remember(self, seen, changes, _remembered):
        """See the base."""
        before, after = {}, {}
        for change in changes:
            fact, labels = change.fact.name, labels_of(change.fact)
            kept = {rule: labels[rule] for rule, found in change.keep.items() if found.ours}
            added = {rule: labels[rule] for rule in change.add}
            before[fact] = dump_rules(seen.owned[fact], kept, added)
            after[fact] = dump_rules(kept, added)
        return before, (after if any(after.values()) else None)

    def apply(self, seen, changes):
        """Do what was planned: try it out, then the files, then the kernel in one transaction for each family."""
        runtime, boot = changes
        scripts = {version: self._script(version, runtime) for version in FAMILIES}
        for version, script in scripts.items():
            if script:
                self._restore(version, script, ["--test"])
        with ufw_lock(self._node):
            for version, family in FAMILIES.items():
                # Somebody may have run ufw since we looked; that stays.
                old = self._node.read(family.path)
                text = self._file(version, old, boot)
                if text != old:
                    self._node.write(family.path, text, mode=0o640)
            for version, script in scripts.items():
                if script:
                    self._restore(version, script, [])

    @staticmethod
    def _script(version, runtime):
        chain = FAMILIES[version].chain
        lines = [f"-D {found.ref[len('-A ') :]}" for found in runtime.remove if found.ref.startswith(f"-A {chain} ")]
        # Each goes in front, so the last one is put in first.
        added = [rule for rule in reversed(runtime.add) if rule.version == version]
        lines += [f"-I {chain} 1 {iptables.accept_text(rule)}" for rule in added]
        return "*filter\n{}\nCOMMIT\n".format("\n".join(lines)) if lines else ""

    def _restore(self, version, script, options):
        program = FAMILIES[version].program + "-restore"
        done = self._node.run([program, "-w", "5", "--noflush", *options], stdin=script)
        if done.rc != 0 and re.search(r"(invalid|unrecognized|unknown) option", done.err):  # before iptables 1.6.2
            self._node.check([program, "--noflush", *options], stdin=script)
        elif done.rc != 0:
            raise NodeError(
                f"'{done.text()}' ended with status {done.rc} and said: {(done.err or done.out).strip()}; run again "
                "when no other tool changes the firewall"
            )

    def _file(self, version, text, boot):
        """Return the text of a file of ufw's with our rules added in front and the leaving ones taken out."""
        for found in boot.remove:
            if found.ref[0] == version:
                text = text.replace(found.ref[1], "", 1)
        labels = labels_of(boot.fact)
        added = "".join(_block_text(rule, self._prefix + labels[rule]) for rule in boot.add if rule.version == version)
        return text.replace(iptables.USER_HEAD, iptables.USER_HEAD + added, 1) if added else text


def _rules(item):
    """Yield the rules that open one item: one for each source and 15 ports."""
    for version, intervals in by_version(item):
        yield from iptables.rules_of(item, FAMILIES[version].chain, version, intervals, labelled=False)


def _to_come(seen, desired):
    """Return the Obstacle that ufw's next start loads a rule in front of ours that may drop them, None for none."""
    for version, table in seen.files.items():
        ours = [(name, rule) for name, rule in desired if rule.version == version]
        path = _BEFORE[version]
        for drop, names in iptables_judge.drops(table, FAMILIES[version].before, ours, returns=True).items():
            reason = f"a rule of {path} may drop some of it after a reboot: {drop}"
            return Obstacle(reason, f"remove that rule from {path}, or exempt these packets from it", names)
    return None


def _unopened(desired, seen):
    """Return the Obstacle that ufw shuts a family of sources, now or from the next start on, None if it shuts none."""
    lost = [
        (name, rule.version)
        for name, rule in desired
        if seen.chains[rule.version] is None or rule.version not in seen.boots
    ]
    if not lost:
        return None
    version = lost[-1][1]
    off = version == 6 and version not in seen.boots
    if seen.chains[version] is None:
        what = f"ufw has no chains for IPv{version}, so sources of that family are not allowed"
    else:
        what = f"{DEFAULTS} has IPV6=no, so sources of that family are not allowed after a reboot"
    remedy = f"set IPV6=yes in {DEFAULTS} and run 'ufw reload'" if off else "run 'ufw reload'"
    names = frozenset(name for name, _version in lost)
    return Obstacle(what, f"{remedy}, or remove these sources", names)


@contextlib.contextmanager
def ufw_lock(node, timeout=30, clock=time.monotonic, sleep=time.sleep):
    """Keep ufw from reading its files before and writing them after a change of ours.

    :arg timeout: seconds to wait for a run of ufw.
    :raises NodeError: if ufw still holds its lock then.
    """
    end = clock() + timeout
    try:
        # ufw makes the file in the same way; nothing is in it.
        descriptor = os.open(node.path(LOCK), os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise NodeError(f"{LOCK} cannot be opened: {error.strerror}; nothing was changed") from None
    with os.fdopen(descriptor, "r+") as handle:
        while True:
            try:
                fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if clock() >= end:
                    raise NodeError(
                        f"a run of ufw has held {LOCK} for {timeout} seconds and may wait for an answer; let it end, "
                        "then run again"
                    ) from None
                sleep(0.2)
        yield


def _block_text(rule, comment):
    """Return a rule as ufw writes it: multiport for ranges, too, and words in an order of its own."""
    family, source = FAMILIES[rule.version], iptables.source_text(rule)
    multiport = len(rule.ports) > 1 or rule.ports[0][0] != rule.ports[0][1]
    words = [f"-A {family.chain} -p {rule.protocol} {iptables.ports_match(rule.ports, multiport)}"]
    line = " ".join([*words, *([f"-s {source}"] if source else []), "-j ACCEPT"])
    ports = iptables.ports_text(rule.ports)
    heading = iptables.Heading("allow", rule.protocol, ports, family.any, source or family.any)
    return iptables.user_block_text(heading, line, comment)


def _blocks(version, text):
    """Return the [Block] of a file; any text is read."""
    return [
        Block(block.text, _rule(version, block), block.comment)
        for block in iptables.parse_user_rules(text, FAMILIES[version].chain)
    ]


def _rule(version, block):
    """Return the Rule of a block that is an accept of our form, else None; heading and line must say the same."""
    family, heading = FAMILIES[version], block.heading
    if not heading or heading.action != "allow" or heading.to != family.any:
        return None
    rule = iptables.rule_of(family.chain, version, heading.protocol, heading.source, heading.ports)
    return rule if rule == iptables.parse_accept(block.line, family.chain, version) else None
