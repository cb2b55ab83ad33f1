# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is a job of AWX or of ansible-runner: who it is, and what is left of it. Private to the collection."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible.executor.task_queue_manager import TaskQueueManager
from ansible_collections.ack_edge.node.plugins.plugin_utils._report import artifact
from ansible_collections.ack_edge.node.plugins.plugin_utils._types import Document

# Where the folder of a job is in its container: of the host, which removes it after the job. ansible-runner names it
# by the folder of the events, which is artifacts/IDENT in it.
_OF_THE_JOB = Path("/runner")
_EVENTS = "AWX_ISOLATED_DATA_DIR"
NO_FILES = (
    "No report file is written, because the files of a job are gone when its container ends: the artifacts of the job "
    "have the report, and merge_reports.yml reads it there. To have files, set ACK_EDGE_REPORT_DIR to a path that is "
    "exposed to jobs"
)
OF_A_SLICE = (
    "This job is one slice: counts, duplicates, waves and error_budget are of its hosts alone; merge_reports.yml "
    "compares the hosts of all slices"
)
TOO_LARGE = (
    "The report is too large for the artifacts of this job, so merge_reports.yml cannot read it there: run the job in "
    "more slices, or set ACK_EDGE_REPORT_DIR to a path that is exposed to jobs"
)


def vanishes(directory: Path) -> bool:
    """Return whether a folder is only in the container of a job, on no file system that is mounted from outside."""
    path = Path(os.path.realpath(directory))
    mounted = next(folder for folder in (path, *path.parents) if os.path.ismount(folder))
    events = os.environ.get(_EVENTS)
    of_the_job = Path(os.path.realpath(events)).parents[1] if events else _OF_THE_JOB
    return mounted == Path("/") or of_the_job in (path, *path.parents)


def before_stats(act: Callable[[Any], None]) -> None:
    """Have something done with the statistics of the run before the first callback gets them.

    ansible-runner's display takes the artifacts of a job from there, and it is told before any other callback. A task
    would come too late as well: where all hosts have failed, none is run any more.
    """
    send = TaskQueueManager.send_callback

    def told(self: Any, method: str, *arguments: Any, **named: Any) -> Any:
        if method == "v2_playbook_on_stats" and arguments:
            act(arguments[0])
        return send(self, method, *arguments, **named)

    TaskQueueManager.send_callback = told


def hand_over(stats: Any, document: Document) -> bool:
    """Put a document among the artifacts of the job; return whether there is room for it."""
    run = document["runs"][0]
    text = artifact.pack(document)
    if text is not None:
        stats.set_custom_stats(f"{artifact.KEY}{run['job'] or run['id']}", text)
    return text is not None
