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
    "openntpd.service",
    # Of EL 9: a chronyd that may not write outside its own directories.
    "chronyd-restricted.service",
    config.TIMEMASTER,
)
# "Fatal error : Invalid directive at line 1 in file /etc/chrony.conf"; an old one does not know the option.
_FATAL = re.compile(r"Fatal error : (?!Unrecognized)(.*)")


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
    units = services.show(node, layout.units + CONFLICTS, "time_sync")
    unit = next((one for one in units if one.name in layout.units), None)
    fresh = [(word, []) for word in layout.fresh_keywords]
    return Observed(
        installed=bool(programs.which(node, "chronyd") and programs.which(node, "chronyc")),
        layout=layout,
        read_conf=_named_conf(node, unit),
        conf=conf,
        own=own,
        own_text=node.read(own),
        stale=(old, node.read(old)) if old != own and node.exists(old) else None,
        include=include,
        found=fresh if conf is None else config.foreign(node, layout.conf, (own, old)),
        unit=unit,
        conflicts=[one for one in units if one.name not in layout.units],
        clock_allowed=clock.may_be_set(node),
        own_directory=node.exists(posixpath.dirname(own)),
        manifest=known,
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


def _named_conf(node, unit):
    """Return the file behind the option -f of the chronyd that the unit runs, else of what it would run."""
    words = (node.read(f"/proc/{unit.main_pid}/cmdline") or "").split("\0") if unit and unit.main_pid else []
    words = words if len(words) > 1 else (unit.command if unit else "").split()
    for word, following in zip(words, [*words[1:], ""]):
        if word.startswith("-f"):
            return word[2:] or following
    return ""


def _left(node, own, other):
    """Return where a file of ours lies that no manifest remembers, ``own`` for nowhere else."""
    return other if other != own and config.is_ours(node.read(other)) else own
