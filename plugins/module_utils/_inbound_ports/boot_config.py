# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What nftables.service loads at boot: its file as the unit names it, what nft makes of that, and what its words say.

The unit may run nft in a directory of its own and with directories to search; what is relative counts from there.
"""

import os
import re
import shlex
from typing import NamedTuple, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.formats import nft, nft_judge, nft_listing
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import Obstacle

_ARGV = re.compile(r"argv\[\]=(.*?) ;")
_INCLUDE = re.compile(r"^\s*include\s+\"([^\"]+)\"", re.MULTILINE)
_DROPS = re.compile(r"\b(?:drop|reject)\b")
_KEEPS = re.compile(r"\b(?:drop|reject|dnat|redirect|tproxy|fwd|queue)\b")
_NAT = re.compile(r"\btype\s+nat\b")
_RULE = re.compile(r"\s*(?:add|insert)\s+rule\s+(?:(ip6?|inet|netdev|bridge)\s+)?(\S+)\s+(\S+)\s+")
_POLICY = re.compile(r"\bpolicy\s+drop\b")
# How a line begins that is not a rule.
_HEAD = ("priority", "policy", "device", "devices", "type", "comment", "}")
_IN_BRACES = re.compile(r"\{[^{}]*\}")
_HOOK = re.compile(r"\bhook\s+(?:input|prerouting|ingress)\b")
# A table, or a chain and what packets enter it by.
_BLOCK = re.compile(
    r"\b(table|chain)[ \t]+((?:[\w.-]+[ \t]+)*[\w.-]+)\s*\{(?:[^{}]*?\bhook\s+(input|prerouting|ingress)\b)?"
)
# Where nft looks for what is neither absolute nor begins with a dot, unless -I says other directories.
_SEARCHED = ("/etc",)
# Files of ours name chains that others make; they prove nothing about who makes them.
_OURS = re.compile(r"^include \"/etc/ack-edge/[^\n]*\n?", re.MULTILINE)


# Runs a command in a directory; "env -C" is missing before coreutils 8.28.
_IN_DIRECTORY = 'cd "$1" && shift && exec "$@"'


class Command(NamedTuple):
    """How the unit runs nft."""

    path: str  # of the file that it loads, '' where none can be told
    named: str  # that file as the unit names it
    directory: str  # that it runs in
    searched: Tuple[str, ...]  # directories for includes


class BootConfig:
    """The configuration of nftables.service on one node."""

    remedy = (
        "make nftables.service load your ruleset at boot (in its configuration file, then 'systemctl enable "
        "nftables'), and run prepare_edge.yml again"
    )

    def __init__(self, node):
        self._node = node

    def find(self):
        """Return (Command, None) of what nftables.service loads at boot, or (None, Obstacle)."""
        shown = self._node.run(
            ["systemctl", "show", "nftables.service", "--property=UnitFileState,ExecStart,WorkingDirectory"]
        )
        if shown.rc != 0 or "UnitFileState=enabled\n" not in shown.out + "\n":
            return None, _obstacle("nftables.service is not enabled", self.remedy)
        argvs = [shlex.split(argv) for argv in _ARGV.findall(shown.out)]
        directory = re.search(r"^WorkingDirectory=!?-?(/.*)$", shown.out, re.MULTILINE)
        commands = [_command(argv, directory.group(1) if directory else "/") for argv in argvs]
        named = [command for command in commands if command.named]
        if not named:
            return None, _obstacle(
                "nftables.service is enabled, but its ExecStart names no file that nft loads ('nft -f FILE')",
                self.remedy,
            )
        return self._resolved(named[-1])

    def _resolved(self, command):
        """Return (Command with the path of its file, None), or (None, Obstacle)."""
        candidates = [os.path.normpath(os.path.join(command.directory, command.named))]
        if not command.named.startswith(("/", ".")):
            candidates += [f"{directory}/{command.named}" for directory in command.searched]
        path = next((path for path in candidates if self._node.exists(path)), candidates[0])
        if path != candidates[0]:
            tried = self._node.run([*self._nft(command), "-c", "-f", command.named])
            if "Could not open file" in tried.err:
                return None, _obstacle(
                    f"nftables.service runs 'nft -f {command.named}' in {command.directory}, which does not have this "
                    "file",
                    f"write the full path, {path}, into ExecStart of nftables.service, and run prepare_edge.yml again",
                )
        return command._replace(path=path), None

    def text(self, command):
        """Return the text of the file, None where it is not there."""
        return self._node.read(command.path)

    def refusal(self, command, script):
        """Return None if nft would take a script as it is run by the unit, else the first line of what it says.

        Nothing is loaded. What else the node has is not there then: the script begins with an empty ruleset.
        """
        whole = "flush ruleset\n" + script
        done = self._node.run([*self._nft(command, whole), "-c", "-f", nft.STDIN], stdin=whole)
        return None if done.rc == 0 else ((done.err or done.out).strip().splitlines() or ["no reason"])[0]

    def _nft(self, command, script='include "'):
        """Return the words that run nft as the unit does; where nothing is relative, it is the same everywhere."""
        argv = ["nft", *(word for directory in command.searched for word in ("-I", directory))]
        relative = any(not name.startswith("/") for name in _INCLUDE.findall(script)) or 'include "' in script[:10]
        return ["sh", "-c", _IN_DIRECTORY, "sh", command.directory, *argv] if relative else argv

    def makes(self, chain):
        """Return whether the configuration makes a chain at boot, files of ours left out.

        :arg chain: family, table, name.
        """
        command, _obstacle_found = self.find()
        text = self.text(command) if command else None
        if text is None:
            return False
        bare = _OURS.sub("", text)
        return self.refusal(command, f"{bare.rstrip()}\n{nft.empty_insert(chain)}") is None

    def may_drop(self):
        """Return the path of the configuration if it may drop what comes in, '' if not.

        Told by its words and those of the files that it includes, for nobody but nft can say what it makes of itself.
        """
        command, _obstacle_found = self.find()
        if command is None:
            return ""
        text = self._words(command, command.path, ())
        return command.path if _HOOK.search(text) and _KEEPS.search(text) else ""

    def to_come(self, ruleset, rules=()):
        """Return the Obstacle that it may drop where the Ruleset does not, else None.

        :arg rules: Rules that are wanted; for these it is looked at what chains on the way to hook input say, too.
        """
        loaded = {key: ruleset.can_drop(chain) for key, chain in ruleset.chains.items() if chain.base or chain.early}
        path, table, lacking, hooked = self.may_drop(), (), [], 0
        text = self._words(self.find()[0], path, ()) if path else ""
        blocks, written = list(_BLOCK.finditer(text)), nft.Ruleset(None)
        written.sets, written.maps = ruleset.sets, ruleset.maps
        for match, end in zip(blocks, [block.start() for block in blocks[1:]] + [len(text)]):
            kind, said, hook = match.groups()
            names = said.split()
            if kind == "table":
                table = ("ip", *names)[-2:]
                continue
            key = (*table, *names) if len(names) == 1 else ("ip", *names)[-3:]
            said = text[match.end() : end]
            _take(written, key, hook in ("prerouting", "ingress"), said)
            hooked += bool(hook)
            missing = key not in loaded and not _NAT.search(match.group())
            stale = (hook == "input" or not rules) and not loaded.get(key) and _DROPS.search(said)
            if hook and (missing or stale):
                lacking.append(" ".join(key))
        judged = _keeping(written, rules)
        # There may be names that only nft can read.
        if max(hooked, len(loaded)) < len(_HOOK.findall(text)):
            lacking.append("others")
        if not lacking and not judged:
            return None
        return Obstacle(
            f"after a reboot, {path} loads chains that are not active now and may drop or redirect it: "
            + ", ".join(lacking + [name for name in judged if name not in lacking]),
            "load it ('systemctl reload nftables'), and run prepare_edge.yml again",
            None if lacking else frozenset().union(*judged.values()),
        )

    def _words(self, command, path, above):
        """Return the text of a file with those that it includes in their places, comments left out."""

        def included(found):
            paths = [one for one in self._included(command, found.group(1)) if one not in (*above, path)]
            return "\n" + "\n".join(self._words(command, one, (*above, path)) for one in paths)

        return _INCLUDE.sub(included, re.sub(r"#[^\n]*", "", self._node.read(path) or ""))

    def _included(self, command, name):
        if name.startswith("/"):
            return self._node.glob(name)
        bases = [command.directory] if name.startswith(".") else command.searched or _SEARCHED
        return [path for base in bases for path in self._node.glob(os.path.normpath(os.path.join(base, name)))]


def _take(written, key, early, said):
    """Take what stands behind the head of a chain into a Ruleset; a line may name the chain that it is for."""
    policy = "drop" if _POLICY.search(said) else "accept"
    rules = written.chains[key].rules if key in written.chains else []
    written.chains[key] = nft.Chain(key, False, early, policy, rules)
    for line in re.split(r"[\n;]", _IN_BRACES.sub(lambda match: re.sub(r"\s+", " ", match.group()), said)):
        named = _RULE.match(line)
        place = (named.group(1) or "ip", *named.groups()[1:]) if named else key
        words = nft_listing.WORD.findall(line[named.end() :] if named else line)
        if words and words[0] not in _HEAD:
            raw = dict(zip(("family", "table", "chain"), place), expr=nft_listing.statements(words))
            written.chains.setdefault(place, nft.Chain(place, False, False, "", [])).rules.append(raw)


def _keeping(written, rules):
    """Return {early chain: labels of the Rules whose packets it may keep}; what cannot be read may be about any."""
    found = {}
    for key, chain in written.chains.items():
        for rule in rules if chain.early else ():
            if rule.version in nft.versions(key) and nft_judge.first_drop(written, chain, rule) != (None, False):
                found.setdefault(" ".join(key), set()).add(rule.label)
    return found


def _obstacle(why, remedy):
    return Obstacle(f"no service loads the rule after a reboot: {why}", remedy)


def _command(argv, directory):
    """Return the Command of an argv of the unit, '' as its file where it loads none."""
    named, searched, words = "", [], iter(argv[1:])
    for word in words:
        option, equals, value = word.partition("=")
        if option in ("-f", "--file", "-I", "--includepath"):
            value = value if equals else next(words, "")
        elif word[:2] in ("-f", "-I"):
            option, value = word[:2], word[2:]
        else:
            continue
        if option in ("-f", "--file"):
            named = value
        else:
            searched.append(value)
    return Command("", named, directory, tuple(searched))
