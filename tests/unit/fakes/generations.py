# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools of whole generations of systems: a tool refuses what its version did not have, in its own words.

What it answers was recorded from the real ones (tests/unit/data/tools, tests/unit/data/ip).
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import NamedTuple

import yaml
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed

from fakes import ip_text

DATA = Path(__file__).parents[1] / "data"


class Generation(NamedTuple):
    """What one system brings. A version is that of the recording; '' where the tool is not installed."""

    name: str
    ip: str  # folder of data/ip
    ss: str
    systemd: int
    chrony: str
    iptables: str = ""
    firewalld: str = ""
    nft: str = ""
    # What was recorded with a newer version than the one that is meant: this is the one that decides on options.
    meant: tuple[tuple[str, str], ...] = ()

    def version(self, tool: str) -> tuple[int, ...]:
        text = dict(self.meant).get(tool) or getattr(self, tool)
        return tuple(int(part) for part in re.match(r"[\d.]+", str(text)).group().strip(".").split("."))


GENERATIONS = (
    Generation(
        "EL 7.4",
        *("4.3", "4.3.0", 219, "3.2", "1.4.21-18.el7", "0.4.4.4-15.el7"),
        meant=(("ip", "3.10"), ("chrony", "3.1")),
    ),
    Generation("EL 7.9", "4.11", "4.11.0", 219, "3.4", "1.4.21-33.el7", "0.6.3-2.el7"),
    Generation("EL 8.0", "4.18", "4.15.0", 239, "3.4", "1.8.2-nft", "0.6.3-2.el7", "0.9.0", meant=(("chrony", "3.3"),)),
    Generation("Ubuntu 16.04", "4.3", "4.3.0", 229, "3.2", "1.6.0", meant=(("chrony", "2.1.1"),)),
    Generation("Ubuntu 18.04", "4.15", "4.15.0", 237, "3.2", "1.6.1", nft="0.8.2"),
    Generation(
        "Debian 11",
        *("5.3", "6.1.0", 247, "4.0", "1.8.4-nft", "0.9.3", "0.9.8"),
        meant=(("ip", "5.10"), ("iptables", "1.8.7")),
    ),
)
TODAY = Generation("today", "6.1", "6.1.0", 252, "4.0", "1.8.4-nft", "0.9.3", "0.9.8", meant=(("iptables", "1.8.9"),))

# The options of each tool that the node side could ask for, with the first version that knows them.
_OPTIONS = {
    "ip": {"-4": (), "-6": (), "-o": (), "-d": (), "-batch": (), "-force": (), "-V": (), "-j": (4, 14)},
    "ss": dict.fromkeys(("-l", "-t", "-u", "-n", "-p"), ()),
    "chronyc": {"-n": (), "-h": (), "-v": (), "-c": (2, 4), "-N": (4, 0)},
    "nft": {"-a": (), "-n": (), "-nn": (), "-f": (), "--version": (), "-c": (0, 8), "-j": (0, 9, 0)},
    "iptables": {"-V": (), "-S": (), "-t": (), "-D": (), "-j": (), "-w": (1, 4, 20)},
    "iptables-restore": {"--noflush": (), "--test": (), "-w": (1, 6, 2)},
    "firewall-cmd": {
        **{f"--{name}": () for name in ("state", "permanent", "version", "list-all-zones", "get-default-zone", "zone")},
        **{f"--{name}": () for name in ("direct", "get-all-rules", "add-rich-rule", "remove-rich-rule")},
        **{f"--{name}": (0, 4, 1) for name in ("get-ipset-types", "get-ipsets", "ipset", "get-entries")},
        "--list-all-policies": (0, 9, 0),
    },
    "timedatectl": {"status": (), "show": (239,), "-p": (239,)},
    "systemctl": dict.fromkeys(("-p", "--property", "--quiet", "--version"), ()),
}
_FIELD = {"chronyc": "chrony", "firewall-cmd": "firewalld", "timedatectl": "systemd", "systemctl": "systemd"}
# EL 7 gave the option to its own 1.4.21.
_PATCHED = {"iptables-restore": "el7"}


def _refusal(program: str, option: str) -> tuple[int, str]:
    """Return the exit status and the words of a tool about an option that it does not know."""
    letter = option.lstrip("-")
    return {
        "ip": (255, ip_text.unknown_option(option)),
        "timedatectl": (1, f"Unknown operation {option}\n"),
        "firewall-cmd": (2, f"usage: see {program} man page\n{program}: error: unrecognized arguments: {option}\n"),
        "iptables": (2, f"iptables: unrecognized option '{option}'\n"),
    }.get(program, (1, f"{program}: invalid option -- '{letter}'\n"))


@functools.cache
def recorded(name: str) -> dict[str, tuple[int, str, str]]:
    """Return {command: (exit status, output, errors)} of one tool of one version."""
    entries = yaml.safe_load((DATA / "tools" / f"{name}.yml").read_text())
    return {entry["command"]: (entry["rc"], entry["out"], entry["err"]) for entry in entries}


_IP = {
    "ip address show": "address",
    "ip -4 route show table all": "routes4",
    "ip -6 route show table all": "routes6",
    "ip -4 rule show": "rules4",
    "ip -6 rule show": "rules6",
    "ip route get 100.103.6.1": "get-leased",
    "ip -4 route show to match 100.103.6.1": "matching",
}


class OldTools:
    """The runner of a node with the tools of a generation; what none of them is goes to ``others``."""

    def __init__(self, generation: Generation, others):
        self.generation, self._others = generation, others

    def __call__(self, argv: list[str], stdin: str | None = None, timeout: int = 60) -> Completed:
        program, field = _tool(argv[0])
        if program not in _OPTIONS:
            return self._others(argv, stdin, timeout)
        if not getattr(self.generation, field, None):
            return Completed(argv, 127, "", f"{argv[0]}: No such file or directory")
        refused = self._refused(program, field, argv[1:])
        if refused:
            return Completed(argv, refused[0], "", refused[1])
        rc, out, err = self._answer(program, " ".join(argv)) or (None, "", "")
        return self._others(argv, stdin, timeout) if rc is None else Completed(argv, rc, out, err)

    def _refused(self, program: str, field: str, words: list[str]) -> tuple[int, str] | None:
        known, version = _OPTIONS[program], self.generation.version(field)
        if _PATCHED.get(program, " ") in str(getattr(self.generation, field)):
            version = (99,)
        for word in words:
            option = word.partition("=")[0] if word.startswith("--") else word
            is_option = re.match(r"--?[A-Za-z0-9]", word) or (program == "timedatectl" and word.islower())
            patched = (
                _PATCHED.get(program, " ") in getattr(self.generation, field, "") if field == "iptables" else False
            )
            if is_option and not patched and (option not in known or known[option] > version):
                return _refusal(program, option)
        return None

    def _answer(self, program: str, command: str) -> tuple[int, str, str] | None:
        one = self.generation
        if program == "ip":
            return self._ip(command)
        if program == "timedatectl":
            old = one.version("systemd") < (239,)
            text = {
                "timedatectl show -p NTP -p NTPSynchronized": "NTP=yes\nNTPSynchronized=yes\n",
                "timedatectl status": f"{'NTP' if old else 'System clock'} synchronized: yes\n",
            }
            return (0, text[command], "") if command in text else None
        name = {"chronyc": "chrony", "firewall-cmd": "firewalld"}.get(program, program)
        return recorded(f"{name}-{getattr(one, name)}").get(command) if hasattr(one, name) else None

    def _ip(self, command: str) -> tuple[int, str, str] | None:
        folder = DATA / "ip" / self.generation.ip
        if command == "ip address show dev idc0":
            found = (folder / "address.txt").read_text()
            return 0, "5: idc0@" + found.partition("5: idc0@")[2].partition("\n6: ")[0] + "\n", ""
        if command not in _IP:
            return None
        text = (folder / f"{_IP[command]}.txt").read_text()
        if self.generation.version("ip") < (4, 0):
            # All that 3.10 lacks.
            text = re.sub(r" {1,2}pref \w+| suppress_prefixlength \d+", "", text)
        return 0, text, ""


def _tool(program: str) -> tuple[str, str]:
    plain = program.rpartition("/")[2].replace("ip6tables", "iptables")
    plain = re.sub(r"-(?:nft|legacy)\b", "", plain).replace("firewall-offline-cmd", "firewall-cmd")
    return plain, _FIELD.get(plain, "iptables" if plain.startswith("iptables") else plain)
