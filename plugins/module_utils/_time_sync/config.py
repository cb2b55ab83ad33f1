# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""chrony's configuration: what the node's own files say, and what ours has to say. Pure but for foreign(), which reads.

Private to the collection.
"""

import fnmatch
import posixpath
import re

# It starts a chronyd of its own, with PTP beside it.
TIMEMASTER = "timemaster.service"
FILE_NAME = "ack-edge.conf"
MARK = "# ack_edge.node: the next line belongs to the role time_sync; reset_edge.yml takes both away"
_HEADER = "# Written by ack_edge.node (role time_sync); reset_edge.yml takes this file away.\n"
_OWN_LINE = re.compile(r"(server \S+ iburst|makestep [0-9.e+-]+ 3|rtcsync)\Z")
_SERVER_WORDS = ("server", "pool", "peer")
# How deep include lines are followed; a file that includes itself must end.
_DEPTH = 3


def directives(text):
    """Return the directives in a text of chrony.conf as a list of (keyword in lower case, [arguments])."""
    found = []
    for line in (text or "").splitlines():
        words = line.split()
        if words and words[0][0] not in "!;#%":
            found.append((words[0].lower(), words[1:]))
    return found


def foreign(node, conf, own):
    """Return the directives of conf and of every file it reads, without those of our own files.

    :arg node: a Node, only read. :arg conf: path. :arg own: paths of files of ours.
    """
    return _read(node, conf, own, _DEPTH)


def _read(node, path, own, depth):
    found = []
    for keyword, arguments in directives(node.read(path)):
        found.append((keyword, arguments))
        if depth and arguments and keyword in ("include", "confdir", "sourcedir"):
            for name in _files(node, keyword, arguments):
                if name not in own:
                    found += _read(node, name, own, depth - 1)
    return found


def _files(node, keyword, arguments):
    """Return the files that a directive makes chronyd read: always by glob(3), so never a hidden one."""
    if keyword == "include":
        return node.glob(_absolute(arguments[0]))
    suffix = ".conf" if keyword == "confdir" else ".sources"
    found = {}
    # Of files with one name only that in the first directory counts.
    for directory in arguments:
        for path in node.glob(f"{_absolute(directory)}/*{suffix}"):
            found.setdefault(posixpath.basename(path), path)
    return [path for _name, path in sorted(found.items())]


def _absolute(path):
    """Return a path of chrony.conf as chronyd takes it, which systemd starts in /."""
    return path if path.startswith("/") else "/" + path


def is_ours(text):
    """Return whether a text is one that :func:`content` can have written, nothing else in it."""
    return (
        bool(text)
        and text.startswith(_HEADER)
        and all(_OWN_LINE.match(line) for line in text[len(_HEADER) :].splitlines())
    )


def named_servers(found):
    """Return the servers, pools and peers among directives (set of str)."""
    return {arguments[0] for keyword, arguments in found if keyword in _SERVER_WORDS and arguments}


def options_of(found):
    """Return {server, pool or peer: its options in lower case (list of str)} of directives."""
    return {
        args[0]: [word.lower() for word in args[1:]] for keyword, args in found if keyword in _SERVER_WORDS and args
    }


def content(servers, found, max_offset):
    """Return what our file has to say beside the directives ``found`` of others, or None if there is nothing to add.

    Never ``allow``: the node is a client. makestep and rtcsync only where the site has not decided them.
    """
    keywords = {keyword for keyword, _arguments in found}
    others = named_servers(found)
    lines = [f"server {name} iburst" for name in servers if name not in others]
    if "makestep" not in keywords:
        lines.append(f"makestep {max_offset:g} 3")
    if not keywords & {"rtcsync", "rtcfile"}:
        lines.append("rtcsync")
    return _HEADER + "\n".join(lines) + "\n" if lines else None


def place(conf_text, layout):
    """Return (path of our file, whether conf needs our include line).

    :arg conf_text: text of conf, None where chrony is not installed yet. :arg layout: a Chrony of os.py.
    """
    if conf_text is None and layout.fresh_confdir:
        return posixpath.join(layout.fresh_confdir, FILE_NAME), False
    own = layout.own
    for keyword, arguments in directives(conf_text):
        # What lies below /run is gone after a reboot.
        lasting = [path for path in map(_absolute, arguments) if not path.startswith(("/run/", "/var/run/"))]
        if keyword == "confdir" and lasting:
            return posixpath.join(lasting[0], FILE_NAME), False
        if keyword == "include" and arguments and arguments[0] != own and _means(arguments[0], own):
            return own, False
    return own, True


def _means(pattern, path):
    """Return whether glob(3) would find a path, no part of which is hidden, by a pattern."""
    patterns, parts = _absolute(pattern).split("/"), path.split("/")
    return len(patterns) == len(parts) and all(map(fnmatch.fnmatchcase, parts, patterns))


def with_include(text, own):
    """Return conf with our include line at its end; unchanged if it is there."""
    if _has_include(text, own):
        return text
    # The newline that we have to add ourselves is part of what without_include takes away: see there.
    joint = "" if not text or text.endswith("\n") else "\n"
    end = "\n" if not joint else ""
    return f"{text}{joint}{MARK}\ninclude {own}{end}"


def without_include(text, own):
    """Return conf as it was before with_include, byte for byte.

    A text that did not end with a newline does not end with one after with_include either, which is how the newline
    between is known to be ours.
    """
    block = f"{MARK}\ninclude {own}"
    if text.endswith("\n" + block):
        return text[: -len(block) - 1]
    return text.replace(block + "\n", "", 1)


def _has_include(text, own):
    return any(keyword == "include" and arguments == [own] for keyword, arguments in directives(text))
