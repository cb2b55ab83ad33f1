# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How chrony stands on a node. Private to the collection. Only reads."""

import posixpath
import re
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._node import STATE_DIR, NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system import clock, os, programs, services
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import config, manifest

# Other daemons that set the clock; two at a time work against each other.
CONFLICTS = (
    "systemd-timesyncd.service",
    "ntp.service",
    "ntpd.service",
    "ntpsec.service",
    "ntpd-rs.service",
    "openntpd.service",
    # Of EL 9: a chronyd that may not write outside its own directories.
    "chronyd-restricted.service",
    config.TIMEMASTER,
)
# "Fatal error : Invalid directive at line 1 in file /etc/chrony.conf"; an old one does not know the option.
_FATAL = re.compile(r"Fatal error : (?!Unrecognized)(.*)")
# Options of chronyd that have a value, and a value that stands right behind one.
_WITH_VALUE = re.compile(r"^-[^fFlLPtuh-]*([fFlLPtuh])(.*)\Z")
_UNIT_FILES = ("/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system")
# Not -q and -Q, which set the clock once and end.
_STARTS_CHRONYD = re.compile(r"^ExecStart=[^\n ]*/chronyd(?![^\n]* -[a-zA-Z]*[qQ])", re.MULTILINE)
# Of a chronyd that spares the clock: with -x a server for others, often in a container; -p and -Q print and end.
_SPARES_CLOCK = re.compile(r"^-[^fFlLPtuh-]*[xpQv]|^--(?:version|help)\Z")
# "0::/system.slice/chrony.service", "1:name=systemd:/system.slice/chrony.service"
_CGROUP = re.compile(r"^(?:0:|\d+:name=systemd):.*/([^/\n]+\.(?:service|scope))", re.MULTILINE)


class Observed(NamedTuple):
    """How chrony stands.

    :ivar layout: where chrony keeps what on this system.
    :ivar read_conf: path of the configuration that its command line names, '' where it names none.
    :ivar conf: text of its configuration, None where it is not there.
    :ivar own: path of our file; own_text its text, None where it is not there.
    :ivar stale: (path, text) of a file of ours that chrony does not read any more, or None.
    :ivar include: whether conf needs a line of ours that reads our file.
    :ivar found: directives of others, (keyword, arguments).
    :ivar unit: that of chronyd, None where systemd knows none.
    :ivar conflicts: units of other daemons that set the clock.
    :ivar clock_allowed: whether services of this machine may set the clock.
    :ivar own_directory: whether the directory of our file is there.
    :ivar manifest: what we remember, {} if we own nothing.
    :ivar given: directives on the command line of chronyd, which reads no file then.
    :ivar strangers: where other chronyds run that no unit known here has started.
    :ivar rejected: why chronyd does not accept its configuration, '' where it does or cannot be asked.
    :ivar read_only: what we would write and cannot, since its file system is mounted read-only.
    """

    installed: bool
    layout: os.Chrony
    read_conf: str
    conf: Optional[str]
    own: str
    own_text: Optional[str]
    stale: Optional[Tuple[str, Optional[str]]]
    include: bool
    found: List[Tuple[str, List[str]]]
    unit: Optional[services.Unit]
    conflicts: List[services.Unit]
    clock_allowed: bool
    own_directory: bool
    manifest: Dict[str, Any]
    given: Sequence[Tuple[str, List[str]]] = ()
    strangers: Sequence[str] = ()
    rejected: str = ""
    read_only: Sequence[str] = ()


def observe(node):
    """Return an Observed.

    :raises NodeError: if the system is of no known family or systemd does not answer.
    """
    layout = _layout(node)
    conf = node.read(layout.conf)
    own, include = config.place(conf, layout)
    known = manifest.of(node).load()
    old = known.get("own") or _left(node, own, layout.own)
    units = services.show(node, layout.units + CONFLICTS + _more_units(node, layout.units + CONFLICTS), "time_sync")
    unit = next((one for one in units if one.name in layout.units), None)
    read_conf, given = _command_line(node, unit)
    fresh = [(word, []) for word in layout.fresh_keywords]
    return Observed(
        installed=bool(programs.which(node, "chronyd") and programs.which(node, "chronyc")),
        layout=layout,
        read_conf=read_conf,
        conf=conf,
        own=own,
        own_text=node.read(own),
        stale=(old, node.read(old)) if old != own and node.exists(old) else None,
        include=include,
        found=fresh if conf is None else given or config.foreign(node, read_conf or layout.conf, (own, old)),
        unit=unit,
        conflicts=[one for one in units if one.name not in layout.units],
        clock_allowed=clock.may_be_set(node),
        own_directory=node.exists(posixpath.dirname(own)),
        manifest=known,
        given=given,
        strangers=_strangers(node, units),
        rejected="" if conf is None else rejected(node, layout.conf),
        read_only=[path for path in (layout.conf, own, STATE_DIR) if node.is_read_only(path)],
    )


def rejected(node, conf):
    """Return why chronyd does not accept a configuration, '' where it does or is too old to be asked (before 4.0)."""
    done = node.run(["chronyd", "-p", "-f", conf], timeout=20)
    found = _FATAL.search(done.err + done.out) if done.rc else None
    return found.group(1).strip() if found else ""


def places(node):
    """Return the paths that are written, or may have been (set of str): none on a system of no known family."""
    try:
        layout = _layout(node)
    except NodeError:
        return set()
    return {layout.conf, layout.own, config.place(node.read(layout.conf), layout)[0]}


def forgotten(node):
    """Return {path: whether it is letter for letter ours} of our traces that are there without a manifest."""
    if manifest.of(node).load():
        return {}
    found = {}
    for path in sorted(places(node)):
        text = node.read(path)
        if text is not None and path.endswith("/" + config.FILE_NAME):
            found[path] = config.is_ours(text)
        elif config.MARK in (text or ""):
            found[path] = True
    return found


def _layout(node):
    release = os.os_release(node)
    return os.chrony(os.family(node, release), release)


def _more_units(node, known):
    """Return the names of other units that start a chronyd, for some sites have one of their own (tuple of str)."""
    found = {}
    for directory in _UNIT_FILES:
        for path in node.glob(f"{directory}/*.service"):
            name = posixpath.basename(path)
            # One of /etc hides that of the package; a template is started by no name that could be asked for.
            if name not in found and name not in known and "@" not in name:
                found[name] = _STARTS_CHRONYD.search(node.read(path) or "")
    return tuple(sorted(name for name, starts in found.items() if starts))


def _strangers(node, units):
    """Return where a chronyd runs that is of none of the units, in words (list of str)."""
    names = [unit.name for unit in units]
    # Where a container shows another tree of control groups, the helper of a chronyd is in that of its main process.
    groups = [node.read(f"/proc/{unit.main_pid}/cgroup") for unit in units if unit.main_pid]
    found = []
    for pid in sorted(pid for pid, name in programs.processes(node).items() if name == "chronyd"):
        words = (node.read(f"/proc/{pid}/cmdline") or "").split("\0")
        group = node.read(f"/proc/{pid}/cgroup") or ""
        owner = next(iter(_CGROUP.findall(group)), "")
        # One without words ended while we looked, as the one does that is asked about a configuration.
        runs = any(words) and not any(_SPARES_CLOCK.search(word) for word in words)
        if runs and owner not in names and group not in groups:
            found.append(f"process {pid} ({owner or 'of no unit'})")
    return found


def _command_line(node, unit):
    """Return (the file behind -f, the directives) on the command line of the chronyd that runs, else would run."""
    words = (node.read(f"/proc/{unit.main_pid}/cmdline") or "").split("\0") if unit and unit.main_pid else []
    words = words if len(words) > 1 else (unit.command if unit else "").split()
    conf, texts, value = "", [], ""
    for word in words[1:]:
        if value:
            conf, value = (word if value == "f" else conf), ""
        elif word.startswith("-"):
            # "-f FILE" or "-fFILE", and behind letters without a value: "-df FILE".
            option = _WITH_VALUE.search(word)
            value = option.group(1) if option and not option.group(2) else ""
            conf = option.group(2) if option and option.group(2) and option.group(1) == "f" else conf
        elif word and not word.startswith("$"):
            texts.append(word)
    return conf, config.directives("\n".join(texts))


def _left(node, own, other):
    """Return where a file of ours lies that no manifest remembers, ``own`` for nowhere else."""
    return other if other != own and config.is_ours(node.read(other)) else own
