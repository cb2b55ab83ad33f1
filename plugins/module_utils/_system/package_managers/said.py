# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a package manager said of a failure, whole and without its progress. Private to the collection. Pure.

Every command runs in the C locale, so the words are those of the programs themselves: apt 1.2 to 3.0, dpkg, yum 3, dnf
4 and 5, rpm.
"""

import re

# How many paragraphs, and characters of one, a message keeps.
_MOST, _LONGEST = 30, 1500
# Of standard error: what is no reason for anything.
_NOISE = re.compile(
    r"W:|N:|Reading |WARNING: apt does not have|debconf: |dpkg-preconfigure: |Extracting templates|Created symlink|"
    r"Running scope|perl: warning|locale: |warning: .*: Header V\d|Importing GPG key|Loaded plugins|"
    r"Repository \S+ is listed more than once|Main config did not have a |\(try to add|Operation aborted|"
    r"Exiting on user command"
)
# dnf prints all settings of a repository, its passwords among them, behind the line that names it.
_SETTINGS = re.compile(r"^(Problem repository: .*\n)(?:.+(?:\n|\Z))+", re.MULTILINE)
# Warnings of a fetch that say nothing about whether something came.
_HARMLESS = re.compile(r"W: .*(legacy trusted\.gpg keyring|configured multiple times)|N: ")
# Of standard output, where progress comes too: how a paragraph begins that speaks of a failure.
_REASON = re.compile(
    r"E:|Err:|Error|Errors? (during|were)|Problem|No package|No match|No such|All matches were filtered|Failed|Failing|"
    r"Cannot|Could not|Curl error|Package \S+ (is|has) |Packages? .* not (signed|installed)|Public key|GPG |"
    r"The (package|GPG|downloaded)|The following packages have unmet|The following held packages|dpkg: |"
    r"This system is not registered|Unable to|There are no enabled|Modular |Transaction ([Cc]heck|test) [Ee]rror|"
    r"\[Errno|error: |\[(MIRROR|FAILED)\]|"
    r"http.*\[Errno|Protected|You (should|have|might)|One of the configured|file /|"
    r"Skipping|Skipped|Existing lock|Another app|Disk Requirements"
)


def said(done):
    """Return what a command that failed said of it, its last lines where none speaks of a failure; one line of text."""
    err, out = (_SETTINGS.sub(r"\1", text) for text in (done.err, done.out))
    found = _paragraphs(err, lambda line: not _NOISE.match(line))
    found += _paragraphs(out, _REASON.match)
    last = [line.strip() for line in (err + "\n" + out).splitlines() if line.strip()][-5:]
    return _text(found or last) or f"it ended with status {done.rc} and no message"


def warnings(done):
    """Return what a command that may have succeeded warns of, '' for nothing."""
    return _text(_paragraphs(done.err, lambda line: not _HARMLESS.match(line)))


def partly(done):
    """Return what a command that succeeded said of packages that it left out, '' for nothing."""
    return _text(_paragraphs(done.err + "\n" + done.out, re.compile(f"{_LEFT_OUT}|{_SKIPPED}").match))


def left_out(done):
    """Return the same without packages that it skipped: another version of them may come all the same."""
    return _text(_paragraphs(done.err + "\n" + done.out, re.compile(_LEFT_OUT).match))


# Not "Package a is obsoleted by b, trying to install b instead": nothing is left out there. But what is installed
# already was not asked for: it obsoletes what was.
_LEFT_OUT = r"No package \S+ available|No match for argument|All matches were filtered|Package .*already installed"
_SKIPPED = r"Skipped \(|Skipping packages"


def _paragraphs(text, begins):
    """Return the paragraphs that begin with a line of a kind: it, and the indented or listed lines behind it."""
    found, goes_on = [], False
    for line in text.splitlines():
        if not line.strip():
            goes_on = False
        elif goes_on and line[0].isspace():
            found[-1] += " " + line.strip()
        elif begins(line.strip()):
            # A heading keeps what stands below it, whether that is indented or not.
            below = bool(found) and goes_on and found[-1].endswith(":") and not line.startswith(("E:", "W:"))
            found[-1:] = [found[-1] + " " + line.strip()] if below else [*found[-1:], line.strip()]
            goes_on = True
        else:
            goes_on = False
    return found


def _text(found):
    unique = []
    for item in found:
        if item not in unique:
            unique.append(item[:_LONGEST])
    more = [f"and {len(unique) - _MOST} more lines"] if len(unique) > _MOST else []
    return "; ".join(unique[:_MOST] + more)
