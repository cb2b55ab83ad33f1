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

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import iptables_rules as xt
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.inputs import (
    Rule,
    by_version,
    dump_rule,
    load_rule,
    network_interval,
    networks,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.plan import Fact, Found
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

# texts: {version: text of the file}; blocks: {version: [Block]}; chains: {version: [line of -S]} of the chains that
# decide before our rules are met, None where ufw has loaded none for that family; boots: versions that ufw loads at
# boot; owned: {fact: {Rule: label}}.
Seen = collections.namedtuple("Seen", "texts blocks chains boots owned")
# One rule of a file: its text with the empty line before it, the Rule it is if of our form, and its comment.
Block = collections.namedtuple("Block", "text rule comment")
# Of one address family: the path of the file, the chain that it fills, and what ufw calls any address.
_Family = collections.namedtuple("_Family", "path chain before any program")

FAMILIES = {
    4: _Family("/etc/ufw/user.rules", "ufw-user-input", "ufw-before-input", "0.0.0.0/0", "iptables"),
    6: _Family("/etc/ufw/user6.rules", "ufw6-user-input", "ufw6-before-input", "::/0", "ip6tables"),
}
DEFAULTS = "/etc/default/ufw"
CONFIG = "/etc/ufw/ufw.conf"
# ufw holds it from before it reads its files until it has written them, also while it waits for an answer.
LOCK = "/run/ufw.lock"
_HEAD = "### RULES ###\n"
_TUPLE = re.compile(
    r"^### tuple ### (?P<action>\S+) (?P<protocol>\S+) (?P<ports>\S+) (?P<to>\S+) any (?P<source>\S+)"
    r" in(?: comment=(?P<comment>(?:[0-9a-f]{2})*))?\Z"
)
# A rule may name 15 ports, a range counts for two.
_SLOTS = 15
_IPV6 = re.compile(r"""^[ \t]*IPV6=["']?(\w*)""", re.MULTILINE)
_ENABLED = re.compile(r"""^[ \t]*ENABLED=["']?yes\b""", re.MULTILINE | re.IGNORECASE)
_MEND = "take that rule out, or put it behind the rules with the comment 'ack-edge' ('ufw status numbered')"


class Ufw:
    """The backend; ``set_name`` is the owned set, its rules are known by their comment in ufw's files."""

    name = "ufw"
    reproduce = "ufw status numbered; iptables -S ufw-user-input"

    def __init__(self, node, set_name):
        self._node = node
        self._prefix = f"ack-edge {set_name} "

    def available(self):
        """Return whether what we own here can be taken back: always, it is files, and chains if they are loaded."""
        return True

    def files(self, _remembered):
        """Return the paths that a run may have written to itself."""
        return [family.path for family in FAMILIES.values()]

    def directories(self, _was_ours):
        """See :meth:`Nftables.directories`; none, its files lie in directories of the firewall itself."""
        return []

    def asleep(self):
        """See :meth:`Nftables.asleep`."""
        enabled = _ENABLED.search(self._node.read(CONFIG) or "")
        loaded = any(self._chains(version) is not None for version in FAMILIES)
        return ("ufw", CONFIG) if enabled and not loaded and self._node.starts_at_boot("ufw.service") else ()

    def observe(self, remembered, wanted):
        """Read the node; see :meth:`Nftables.observe`.

        :raises NodeError: where rules are wanted and a file of ufw is missing or of another form.
        """
        texts = {version: self._node.read(family.path) for version, family in FAMILIES.items()}
        chains = {version: self._chains(version) for version in FAMILIES}
        for version, family in FAMILIES.items():
            if wanted and chains[version] is not None and _HEAD not in (texts[version] or ""):
                found = "not there" if texts[version] is None else "of another form"
                raise NodeError(
                    f"{family.path} is {found}, expected a file of ufw 0.35 or newer with the line '{_HEAD.strip()}'; see 'ufw status', "
                    "mend it, and run again"
                )
        blocks = {version: _blocks(version, text) for version, text in texts.items()}
        return Seen(texts, blocks, chains, self._boots(chains), self._owned(remembered, blocks))

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
        owned = {
            fact: {load_rule(rule): label for rule, label in remembered.get(fact, [])} for fact in ("runtime", "boot")
        }
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

    def _list(self, version, chain):
        """Return the lines of one chain, None where there is none.

        :raises NodeError: where somebody holds the lock of the tables for long.
        """
        done = self._node.run([FAMILIES[version].program, "-w", "5", "-S", chain])
        if done.rc != 0 and "lock" in done.err:
            raise NodeError(
                f"'{done.text()}' ended with status {int(done.rc)} and said: {done.err.strip()}; run again when nobody else changes the firewall"
            )
        return done.out.splitlines() if done.rc == 0 else None

    @staticmethod
    def nothing_blocks(_seen):
        """Return why no rule is needed, or ''; ufw is chosen only where it can drop."""
        return ""

    def facts(self, seen, items):
        """Return the two facts for the wanted items (an empty list: nothing is wanted)."""
        desired = [(item.name, rule) for item in items for rule in _rules(item)]
        now = [(name, rule) for name, rule in desired if seen.chains[rule.version] is not None]
        later = [(name, rule) for name, rule in desired if rule.version in seen.boots]
        runtime, boot = tuple(self._runtime_found(seen)), tuple(self._boot_found(seen))
        # A fact carries one obstacle. That some of it is not open even now comes before all else.
        shut, dropped = _unopened(desired, seen), self._before_ours(seen, now, runtime)
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
                rule = xt.parse_accept(line, FAMILIES[version].chain, version)
                if rule is not None:
                    ours = rule in seen.owned["runtime"]
                    yield Found(rule, seen.owned["runtime"].get(rule, ""), ours, line, line)

    @staticmethod
    def _before_ours(seen, desired, found):
        """Return the obstacle that a rule before ours may drop what we open, () if none does."""
        ours, drops = {one.rule: one.ref for one in reversed(found)}, collections.OrderedDict()
        places, telling = {}, {}
        for version, lines in seen.chains.items():
            numbered = list(enumerate(lines or []))
            places[version] = {line: place for place, line in reversed(numbered)}
            # With many sources most lines are ours; to take each apart for each rule would cost a second.
            telling[version] = [(place, line) for place, line in numbered if re.search(" -j (DROP|REJECT)", line)]
        # A rule that is not there yet is missing, whatever stands before it.
        for name, rule in (pair for pair in desired if pair[1] in ours):
            end = places[rule.version][ours[rule]]
            before = (line for place, line in telling[rule.version] if place < end)
            drops.setdefault(next((line for line in before if xt.may_drop(line, rule)), None), set()).add(name)
        drops.pop(None, None)
        for line, names in drops.items():
            return (f"a rule before ours may drop some of it: {line}", _MEND, names)
        return ()

    @staticmethod
    def text(rule):
        """Return a rule as iptables prints it."""
        return f"-A {FAMILIES[rule.version].chain} {xt.accept_spec(rule)}"

    @staticmethod
    def remember(seen, changes, remembered):
        """Return what the manifest must hold (before the apply, after it); None for nothing."""
        del remembered
        before, after = {}, {}
        for change in changes:
            fact = change.fact.name
            labels = {rule: name for name, rule in reversed(change.fact.desired)}
            kept = {rule: labels[rule] for rule, found in change.keep.items() if found.ours}
            added = {rule: labels[rule] for rule in change.add}
            before[fact] = _dump(seen.owned[fact], kept, added)
            after[fact] = _dump(kept, added)
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
        lines += [f"-I {chain} 1 {xt.accept_spec(rule)}" for rule in reversed(runtime.add) if rule.version == version]
        return "*filter\n{}\nCOMMIT\n".format("\n".join(lines)) if lines else ""

    def _restore(self, version, script, options):
        program = FAMILIES[version].program + "-restore"
        done = self._node.run([program, "-w", "5", "--noflush", *options], stdin=script)
        if done.rc != 0 and re.search(r"(invalid|unrecognized|unknown) option", done.err):  # before iptables 1.6.2
            self._node.check([program, "--noflush", *options], stdin=script)
        elif done.rc != 0:
            raise NodeError(
                f"'{done.text()}' ended with status {int(done.rc)} and said: {(done.err or done.out).strip()}; run again when nobody else changes the firewall"
            )

    def _file(self, version, text, boot):
        """Return the text of a file of ufw's with our rules added in front and the leaving ones taken out."""
        for found in boot.remove:
            if found.ref[0] == version:
                text = text.replace(found.ref[1], "", 1)
        labels = {rule: name for name, rule in reversed(boot.fact.desired)}
        added = "".join(_block_text(rule, self._prefix + labels[rule]) for rule in boot.add if rule.version == version)
        return text.replace(_HEAD, _HEAD + added, 1) if added else text


def _rules(item):
    """Yield the rules that open one item: one for each source and 15 ports."""
    for version, intervals in by_version(item):
        for network in networks(version, intervals):
            for ports in _portions(item.ports):
                yield Rule((FAMILIES[version].chain,), version, item.protocol, (network_interval(network),), ports, "")


def _portions(ports):
    portion, slots = [], 0
    for pair in ports:
        needed = 1 if pair[0] == pair[1] else 2
        if slots + needed > _SLOTS:
            yield tuple(portion)
            portion, slots = [], 0
        portion.append(pair)
        slots += needed
    yield tuple(portion)


def _unopened(desired, seen):
    """Return the obstacle that ufw shuts a family of sources, now or from the next start on, () if it shuts none."""
    lost = [
        (name, rule.version)
        for name, rule in desired
        if seen.chains[rule.version] is None or rule.version not in seen.boots
    ]
    if not lost:
        return ()
    version = lost[-1][1]
    off = version == 6 and version not in seen.boots
    if seen.chains[version] is None:
        what = f"ufw has no chains for IPv{int(version)}, so sources of that family are not opened"
    else:
        what = f"{DEFAULTS} says IPV6=no, so sources of that family are not opened after a restart of the node"
    mend = f"set IPV6=yes in {DEFAULTS} and let ufw load it" if off else "let ufw load its rules"
    return (what, f"{mend}, or leave these sources out", {name for name, _version in lost})


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
                        f"a run of ufw has held {LOCK} for {int(timeout)} seconds, it may wait for an answer; let it end, then run again"
                    ) from None
                sleep(0.2)
        yield


def _dump(*parts):
    merged = {}
    for part in parts:
        merged.update(part)
    return [[dump_rule(rule), label] for rule, label in sorted(merged.items())]


def _block_text(rule, comment):
    """Return a rule as ufw writes it."""
    family = FAMILIES[rule.version]
    return f"\n### tuple ### allow {rule.protocol} {xt.ports_text(rule.ports)} {family.any} any {xt.source_text(rule) or family.any} in comment={''.join(f'{byte:02x}' for byte in bytearray(comment.encode('utf-8')))}\n-A {family.chain} {_ufw_spec(rule)}\n"


def _ufw_spec(rule):
    """Return the words of the rule in the order that ufw writes."""
    source = xt.source_text(rule)
    return f"-p {rule.protocol} {xt.ports_words(rule.ports, ufw=True)}{(f' -s {source}' if source else '')} -j ACCEPT"


def _blocks(version, text):
    """Return the [Block] of a file; any text is read.

    A rule of our form is its heading and one line, and in a file as it is packaged no empty line sets it off from the
    rules behind it. Of other rules it does not matter how long they are.
    """
    found = []
    for match in re.finditer(
        rf"(?:(?<=\n)\n)?^(### tuple ### [^\n]*)\n(?:(-A {FAMILIES[version].chain} [^\n]*)\n)?",
        text or "",
        re.MULTILINE,
    ):
        head = _TUPLE.match(match.group(1))
        comment, rule = "", None
        if head:
            comment = bytearray.fromhex(head.group("comment") or "").decode("utf-8", "replace")
            rule = _rule(version, head, match.group(2) or "")
        found.append(Block(match.group(0), rule, comment))
    return found


def _rule(version, head, line):
    """Return the Rule of a tuple that is an accept of our form, else None; the line below it must say the same."""
    chain = FAMILIES[version].chain
    if head.group("action") != "allow" or head.group("to") != FAMILIES[version].any:
        return None
    rule = xt.rule_of(chain, version, *head.group("protocol", "source", "ports"))
    return rule if rule == xt.parse_accept(line, chain, version) else None
