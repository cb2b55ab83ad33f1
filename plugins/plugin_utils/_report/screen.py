# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where something may be said during a run, and what is done when it is told to stop. Private to the collection."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any

from ansible import constants
from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean

PROGRESS = ("auto", "line", "lines", "off")
# What shows a run where a service runs it.
_SERVICE_DISPLAY = "awx_display"
# Displays that write text for people. Whatever else is set may be read by a program (JSON, JSON lines, YAML of others,
# nothing at all), to which a line of ours would be an error in its input.
_TEXT = frozenset(
    {
        _SERVICE_DISPLAY,
        *(f"{prefix}{name}" for name in ("default", "minimal", "oneline") for prefix in ("", "ansible.builtin.")),
        *(f"{prefix}{name}" for name in ("debug", "skippy") for prefix in ("", "ansible.posix.")),
        *(
            f"{prefix}{name}"
            for name in ("actionable", "default_without_diff", "dense", "diy", "selective", "stderr", "unixy", "yaml")
            for prefix in ("", "community.general.")
        ),
    }
)


def is_text() -> bool:
    """Return whether standard output is text for people, so that lines may be added to it."""
    return _display() in _TEXT


def hides_what_is_well() -> bool:
    """Return whether the display shows no task that went well; what such a task says is to be shown by itself then."""
    try:
        value = constants.config.get_config_value("display_ok_hosts", plugin_type="callback", plugin_name="default")
    except AnsibleError:
        # Before the display is loaded nobody knows its options.
        return False
    return not boolean(value, strict=False)


def is_of_a_service() -> bool:
    """Return whether AWX or ansible-runner shows the run."""
    return _display() == _SERVICE_DISPLAY


def _display() -> str:
    return str(constants.config.get_config_value("DEFAULT_STDOUT_CALLBACK"))


def shown(option: str) -> str:
    """Return how progress is shown: "line", "lines" or "off".

    :arg option: what the user has set, one of PROGRESS.
    """
    wanted = option if option in PROGRESS and option != "auto" else ""
    if not wanted and is_of_a_service():
        return "off"
    if not wanted:
        wanted = "line" if sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb" else "lines"
    # A line of the terminal is taken by what is written to standard output.
    return "lines" if wanted == "line" and not is_text() else wanted


def on_termination(act: Callable[[], None]) -> None:
    """Do something before this process ends because it was told to (SIGTERM); Ctrl-C ends as Python ends.

    What was to happen happens then: Ansible tells its forks, and the process ends by the signal.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    owner, before = os.getpid(), signal.getsignal(signal.SIGTERM)

    def ended(number: int, frame: Any) -> None:
        signal.signal(signal.SIGTERM, before if callable(before) else signal.SIG_DFL)
        # A fork of Ansible has this as well, and nothing to say.
        if os.getpid() == owner:
            act()
        os.kill(os.getpid(), number)

    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGTERM, ended)
