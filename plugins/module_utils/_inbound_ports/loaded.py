# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is loaded in the kernel, asked through nft and iptables: for the detection, and for backends that write there.

Nothing here says whose a rule is. Asking loads nothing: a program of iptables is run for a table that is there.
"""

import functools
import json
import re
from typing import Callable, List, NamedTuple, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import table_loaders
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.boot_config import BootConfig
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import (
    iptables,
    iptables_judge,
    nft,
    nft_judge,
    nft_listing,
)
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import Rule
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError

# The lock that all of iptables shares, and the seconds to wait for it.
LOCK = "/run/xtables.lock"
WAIT = 10

# How nft says that it has no option -j (before 0.9.0) or was built without JSON.
_NO_JSON = re.compile(r"JSON|(invalid|unrecognized) option")
FAMILIES = (("iptables", 4, "ip", "/proc/net/ip_tables_names"), ("ip6tables", 6, "ip6", "/proc/net/ip6_tables_names"))


class LoadedTable(NamedTuple):
    """The filter table of one family and variant of iptables."""

    plain: str  # iptables or ip6tables
    version: int  # of IP, 4 or 6
    variant: str  # nft or legacy


class DroppingTable(NamedTuple):
    """A filter table of iptables that can drop what comes in."""

    version: int  # of IP, 4 or 6
    targets: Tuple[str, ...]  # what the rules of its chain INPUT jump to
    why: str  # for people
    policy_drops: bool  # whether its chain INPUT drops what no rule takes
    droppers: int  # how many rules of its chain INPUT drop, or jump to chains that are not of software
    drops: Callable[[List[Rule]], bool]  # whether it may drop what one of the Rules accepts


class LoadedRules:
    """The rules in the kernel of one node."""

    iptables_lock = LOCK

    def __init__(self, node):
        self._node = node
        self._without_seconds = set()  # programs whose option -w takes none
        self.boot = BootConfig(node)  # what nftables.service loads

    def ruleset(self):
        """Return the Ruleset of nft, None where nft is not installed.

        A table with the name of one of iptables belongs to nft where the boot configuration of nft makes it, or where
        iptables cannot have written it.

        :raises NodeError: where nft cannot say what is loaded.
        """
        found = self._listed()
        if found is not None:
            named = [chain.key for chain in found.input_chains(iptables=True)]
            found.native = {key for key in named if found.looks_native(key) or self.boot.makes(key)}
        return found

    def _listed(self):
        """Return the Ruleset of nft, None where nft is not installed.

        :raises NodeError: where nft cannot say what is loaded.
        """
        done = self._node.run(["nft", "-j", "list", "ruleset"])
        if done.rc == 127:
            return None
        if done.rc != 0:
            said = (done.err or done.out).strip()
            if _NO_JSON.search(said):
                listed = self._node.check(["nft", "-nn", "-a", "list", "ruleset"])
                return nft.Ruleset(nft_listing.from_text(listed))
            if "not supported" in said:
                # The kernel has no nf_tables, so nothing of it can be loaded.
                return nft.Ruleset(None)
            raise NodeError(f"'{done.text()}' of {self._nft_version()} ended with status {done.rc} and said: {said}")
        document = self._decoded(done)
        if document.get("nftables") and "metainfo" not in document["nftables"][0]:
            # That of 0.9.0: without -nn a port is the name of a service.
            document = nft_listing.modern(self._decoded(self._node.run(["nft", "-nn", "-j", "list", "ruleset"])))
        return nft.Ruleset(document)

    def _decoded(self, done):
        try:
            document = json.loads(done.out)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise NodeError(f"'{done.text()}' of {self._nft_version()} did not print JSON but: {done.out:.200}")
        return document

    def _nft_version(self):
        return self._node.run(["nft", "--version"]).out.strip() or "nft"

    def saved_at_boot(self):
        """Return (service, file) of a known service that loads a filter table which can drop at boot, else ()."""
        for service, path, _version in table_loaders.SAVED:
            if table_loaders.saved_drops(self._node, service, path):
                return service.rpartition(".")[0], path
        return ()

    def loader_doubt(self, versions):
        """Return the Obstacle that what loads the tables of iptables may undo ours, see ``table_loaders.doubt``."""
        return table_loaders.doubt(self._node, versions)

    def shown(self, raw):
        """Return a raw rule in words of nft."""
        listed = self._node.run(["nft", "-a", "list", "chain", raw["family"], raw["table"], raw["chain"]])
        text = re.search(rf"^\s*(.*\S) # handle {raw['handle']}$", listed.out, re.MULTILINE)
        return text.group(1) if text else f"handle {raw['handle']}"

    def tables(self, ruleset):
        """Return a LoadedTable for each family and variant of iptables whose filter table is there now.

        :arg ruleset: Ruleset of nft, None where nft is not installed.
        """
        result = []
        for plain, version, family, names in FAMILIES:
            if ruleset is None:
                if "nf_tables" in self._node.run([plain, "-V"]).out:
                    result.append(LoadedTable(plain, version, "nft"))
            elif (family, "filter", "INPUT") in ruleset.chains:
                result.append(LoadedTable(plain, version, "nft"))
            if "filter" in (self._node.read(names) or "").split():
                result.append(LoadedTable(plain, version, "legacy"))
        return result

    def program(self, loaded):
        """Return (program, its version as integers) that speaks to a LoadedTable, whatever the alternatives say.

        :raises NodeError: where none is installed.
        """
        special = f"{loaded.plain}-{loaded.variant}"
        for program in (special, loaded.plain):
            done = self._node.run([program, "-V"])
            if done.rc == 0 and (program == special or ("nf_tables" in done.out) == (loaded.variant == "nft")):
                match = re.search(r" v([0-9]+)\.([0-9]+)\.([0-9]+)", done.out)
                return program, tuple(int(number) for number in match.groups()) if match else ()
        raise NodeError(
            f"a filter table of {loaded.plain} ({loaded.variant}) is loaded, but no program for it is installed, "
            f"expected {special}; install iptables, or remove the table, and run again"
        )

    def table(self, program, name="filter"):
        """Return a Table of iptables as it is now.

        :raises NodeError: where iptables cannot say it, or somebody keeps its lock.
        """
        which = [] if name == "filter" else ["-t", name]
        if self.takes_seconds(program):
            done = self._node.run([program, "-w", str(WAIT), *which, "-S"])
            if done.rc == 0 or f"Bad argument `{WAIT}'" not in done.err:
                return iptables.parse_listing(self._out(done))
            self._without_seconds.add(program)  # as 1.4.20 and 1.4.21, where the distribution has not patched them
        return iptables.parse_listing(self._out(self._node.run([program, "-w", *which, "-S"])))

    def takes_seconds(self, program):
        """Return whether the option -w of a program of iptables takes seconds, as far as its tables were read."""
        return program not in self._without_seconds

    def takes_colon(self, program, variant, release, chain):
        """Return whether the restore of a program makes a chain by a line ':CHAIN -' where it flushes nothing.

        That of 1.8.4 with nft does not, unless the distribution has patched it; nothing but a trial tells.
        """
        if variant != "nft" or release != (1, 8, 4):
            return True
        script = f"*filter\n:{chain} - [0:0]\n-A {chain} -p tcp -j RETURN\nCOMMIT\n"
        return self._node.run([program + "-restore", "-w", str(WAIT), "--noflush", "--test"], stdin=script).rc == 0

    def restore(self, program, script, *how, lockless=False):
        """Run the restore of a program of iptables on a script, all of which it does or nothing.

        :arg how: further options, such as ``--test``.
        :arg lockless: whether this restore does not know the lock, so that flock has to take it.
        :raises NodeError: where it fails, or somebody keeps the lock.
        """
        argv = [program + "-restore", "-w", str(WAIT)]
        if lockless:
            argv = ["flock", "-w", str(WAIT), LOCK, program + "-restore"]
        elif not self.takes_seconds(program):
            argv = [program + "-restore"]
        self._out(self._node.run([*argv, "--noflush", *how], stdin=script))

    @staticmethod
    def _out(done):
        said = (done.err or done.out).strip()
        if done.rc and ("xtables lock" in said or (done.argv[0] == "flock" and not said)):
            raise NodeError(
                f"another program has held the xtables lock ({LOCK}) for {WAIT} seconds, so '{done.text()}' could not "
                f"run; let it end ('fuser -v {LOCK}' names it), and run again"
            )
        if done.rc:
            raise NodeError(f"'{done.text()}' ended with status {done.rc} and said: {said or 'nothing'}")
        return done.out

    def dropping_tables(self, ruleset):
        """Yield the DroppingTable of each filter table that can drop what comes in.

        :arg ruleset: Ruleset of nft, None where it is not known.
        """
        half_told = set()
        for chain in ruleset.input_chains(iptables=True) if ruleset else []:
            version = 6 if chain.key[0] == "ip6" else 4
            if ruleset.can_drop(chain):
                why = f"chain '{' '.join(chain.key)}' can drop"
                targets, droppers = tuple(ruleset.targets(chain)), ruleset.droppers(chain)
                drops = functools.partial(self._drops, ruleset, chain, version)
                yield DroppingTable(version, targets, why, chain.policy == "drop", droppers, drops)
            elif ruleset.is_half_told(chain):
                half_told.add(version)
        for loaded in self.tables(ruleset):
            if loaded.variant == "nft" and ruleset is not None and loaded.version not in half_told:
                continue
            program = self.program(loaded)[0]
            table = self.table(program)
            if iptables_judge.input_drops(table):
                lines = table.chains.get("INPUT", [])
                targets = tuple(iptables_judge.target_of(line.words)[0] or "" for line in lines)
                policy, why = table.policies.get("INPUT") == "DROP", f"chain INPUT of {program} can drop"
                drops = functools.partial(table_drops, table, loaded.version)
                yield DroppingTable(loaded.version, targets, why, policy, iptables_judge.droppers(lines), drops)

    def _drops(self, ruleset, chain, version, rules):
        """Return whether a chain of iptables-nft may drop; iptables reads its own extensions, nft does not."""
        try:
            program = self.program(LoadedTable("iptables" if version == 4 else "ip6tables", version, "nft"))[0]
            return table_drops(self.table(program), version, rules)
        except NodeError:
            return any(nft_judge.can_drop(ruleset, chain, rule) for rule in rules if rule.version == version)


def table_drops(table, version, rules):
    """Return whether chain INPUT of a Table of iptables may drop what one of the Rules of its family accepts."""
    theirs = [rule for rule in rules if rule.version == version]
    return bool(theirs) and iptables_judge.input_may_drop(table, theirs)
