# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said during a run: on a real terminal, in a pipe, under a display of a service, when it is interrupted."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pyte
import pytest

ROOT = Path(__file__).parents[3]
COLUMNS, ROWS = 100, 24
PLAY = """
- hosts: all
  gather_facts: false
  serial: [1, 50]
  tasks:
    - name: Look
      ansible.builtin.assert: {that: inventory_hostname != 'edge-07', quiet: true}
    - name: Rest
      ansible.builtin.command: sleep 0.1
      changed_when: false
"""
DISPLAY = """
from ansible.plugins.callback.default import CallbackModule as Default
DOCUMENTATION = '''
name: awx_display
type: stdout
short_description: stands for the display of a service
description: the default one under another name
extends_documentation_fragment: [default_callback, result_format_callback]
'''
class CallbackModule(Default):
    CALLBACK_NAME = "awx_display"
"""
# A display for programs, as those of ansible.posix are, which are not here.
AS_JSON = """
import json
from ansible.plugins.callback import CallbackBase
DOCUMENTATION = '''
name: as_json
type: stdout
short_description: one document
description: at the end
'''
class CallbackModule(CallbackBase):
    CALLBACK_VERSION, CALLBACK_TYPE, CALLBACK_NAME = 2.0, "stdout", "as_json"
    def v2_playbook_on_stats(self, stats):
        self._display.display(json.dumps({"hosts": sorted(stats.processed)}))
"""


@pytest.fixture
def run(tmp_path):
    """Return a function that starts the play: run(size, **environment) -> (command, environment)."""

    def started(size: int, **environment: str) -> tuple[list[str], dict[str, str]]:
        local = f"ansible_connection=local ansible_python_interpreter={sys.executable}"
        hosts = [f"edge-{number:02} {local}\n" for number in range(size)]
        (tmp_path / "inventory").write_text("".join(hosts))
        (tmp_path / "play.yml").write_text(PLAY)
        known = os.environ | {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1", "ANSIBLE_FORKS": "5"}
        known |= {"ACK_EDGE_REPORT_DIR": str(tmp_path / "reports"), "TERM": "xterm", "COLUMNS": "", "LINES": ""}
        return ["ansible-playbook", "-i", str(tmp_path / "inventory"), str(tmp_path / "play.yml")], known | environment

    return started


class Terminal:
    """A pseudo-terminal with a program in it, and what it shows."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.screen = pyte.HistoryScreen(COLUMNS, ROWS, history=10000)
        self._stream = pyte.ByteStream(self.screen)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.program = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        self.last_lines: list[str] = []

    def watch(self, until=lambda line: False, seconds: float = 120) -> None:
        """Show what the program writes until it ends, its last line is as it shall be, or the time is over."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not select.select([self._master], [], [], 0.1)[0]:
                continue
            try:
                self._stream.feed(os.read(self._master, 65536))
            except OSError:  # the program has ended
                self.program.wait(10)
                return
            self.last_lines.append(self.screen.display[-1].rstrip())
            if until(self.last_lines[-1]):
                return

    def interrupt(self) -> None:
        """Interrupt the program as its user does: again where it does not end, for Ansible may miss it."""
        for _turn in range(3):
            os.killpg(self.program.pid, signal.SIGINT)
            self.watch(seconds=10)
            if self.program.poll() is not None:
                return
        os.killpg(self.program.pid, signal.SIGKILL)
        self.program.wait()

    def everything(self) -> str:
        above = ["".join(line[column].data for column in range(COLUMNS)) for line in self.screen.history.top]
        return "\n".join(line.rstrip() for line in [*above, *self.screen.display])


def test_a_terminal_has_a_line_that_lives(run):
    terminal = Terminal(*run(30))
    terminal.watch()
    assert terminal.program.returncode == 2
    lines = [line for line in terminal.last_lines if re.match(r"wave \d: ", line)]
    assert any(re.search(r"1 done, 2\d running, 1 failed, 0 left", line) for line in lines)
    assert lines[-1].endswith("now: Rest")
    # It is gone at the end, and nothing of what others wrote has been lost or torn.
    assert not re.match(r"wave \d: ", terminal.screen.display[-1])
    text = terminal.everything()
    assert len(re.findall(r"^(?:ok|changed): \[edge-\d\d\]$", text, re.M)) == 29 * 2
    # No task of this play looks at readiness.
    said = text.replace("\n", "")
    assert "0 of 30 hosts are ready (29 ok, 1 failed); 29 not judged: nothing looked at, not readiness," in said
    assert "wave" not in text


def test_an_interrupted_run_gives_the_line_back_and_has_a_page(run, tmp_path):
    terminal = Terminal(*run(30))
    terminal.watch(until=lambda line: "wave 2" in line and "Rest" in line)
    terminal.interrupt()
    assert terminal.program.returncode != 0
    assert "wave" not in terminal.screen.display[-1]
    assert terminal.screen.margins in (None, pyte.screens.Margins(0, ROWS - 1))
    # It has its page, too, with what was known by then.
    said = " ".join(terminal.everything().split())
    assert "Report of 30 hosts" in said
    assert 'stopped: the run was stopped at the task "Rest", before this host was done' in said
    (path,) = (tmp_path / "reports").glob("*.json")
    document = json.loads(path.read_text())
    assert document["runs"][0]["ended"] is None
    assert document["runs"][0]["stopped"] == 'The run was stopped at the task "Rest"'
    states = {name: host["state"] for name, host in document["hosts"].items()}
    # The first wave was through, and of the second one edge-07 had failed.
    assert (states.pop("edge-00"), states.pop("edge-07")) == ("ok", "failed")
    assert set(states.values()) == {"stopped"}
    assert path.with_suffix(".html").exists()
    # Whoever was in work when it broke off is gone on with.
    assert len(path.with_suffix(".limit").read_text().split()) == 30


def test_a_run_that_is_told_to_end_says_so_and_ends_by_the_signal(run, tmp_path):
    command, environment = run(30)
    at_work = tmp_path / "at_work"
    play = PLAY.replace("sleep 0.1", f"sh -c 'touch {at_work} && sleep 10'")
    (tmp_path / "play.yml").write_text(play)
    program = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    # Once a host is at work at a task, everybody has heard of the task.
    while not at_work.exists():
        time.sleep(0.01)
    program.terminate()
    said = program.communicate(timeout=60)[0]
    assert program.returncode == -signal.SIGTERM
    assert 'stopped: the run was stopped at the task "Rest", before this host was done' in said
    assert len(list((tmp_path / "reports").glob("*.limit"))) == 1


def test_where_a_program_reads_the_output_it_is_only_that(run, tmp_path):
    (tmp_path / "display").mkdir()
    (tmp_path / "display" / "as_json.py").write_text(AS_JSON)
    known = {"ANSIBLE_CALLBACK_PLUGINS": str(tmp_path / "display"), "ACK_EDGE_REPORT_PROGRESS_INTERVAL": "0"}
    command, environment = run(2, **known, ANSIBLE_STDOUT_CALLBACK="as_json")
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"hosts": ["edge-00", "edge-01"]}
    for part in ("Progress: ", "2 hosts (2 ok); not judged", "Report of 2 hosts"):
        assert part in done.stderr


def test_a_report_that_cannot_be_written_costs_no_summary(run, tmp_path):
    (tmp_path / "reports").write_text("a file")
    command, environment = run(2)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert "2 hosts (2 ok); not judged" in done.stdout
    assert f"No report was written: {tmp_path}/reports: " in done.stdout


def test_a_run_for_nobody_says_so(run, tmp_path):
    command, environment = run(0)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert "No host was looked at, so none is ready: no play matched a host" in done.stdout
    assert not (tmp_path / "reports").exists()


def test_lines_where_there_is_no_terminal(run):
    command, environment = run(30, ACK_EDGE_REPORT_PROGRESS_INTERVAL="1")
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    lines = re.findall(r"^Progress: (.*)", done.stdout, re.M)
    assert len(lines) >= 2
    assert all(re.match(r"wave \d: \d+ done, \d+ running, (?:1 failed, )?\d+ left; ", line) for line in lines)
    assert "\033" not in done.stdout


@pytest.mark.parametrize("known", [{"ACK_EDGE_REPORT_PROGRESS": "off"}, {"ANSIBLE_STDOUT_CALLBACK": "awx_display"}])
def test_nothing_where_a_service_shows_the_run(run, tmp_path, known):
    (tmp_path / "display").mkdir()
    (tmp_path / "display" / "awx_display.py").write_text(DISPLAY)
    known |= {"ANSIBLE_CALLBACK_PLUGINS": str(tmp_path / "display"), "ACK_EDGE_REPORT_PROGRESS_INTERVAL": "0"}
    terminal = Terminal(*run(2, **known))
    terminal.watch()
    assert terminal.program.returncode == 0
    assert "Progress" not in terminal.everything()
    assert not any(re.match(r"(wave|\d+ done)", line) for line in terminal.last_lines)


def test_of_a_run_that_is_killed_what_was_known_is_left_and_merges(run, tmp_path):
    command, environment = run(60, ANSIBLE_FORKS="1")
    reports = tmp_path / "reports"
    program = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        end = time.monotonic() + 60
        while not list(reports.glob("*.json")):
            assert time.monotonic() < end
            time.sleep(0.1)
    finally:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()
    (path,) = reports.glob("*.json")
    # Those that it never came to are in it as well, or a run that goes on with what is left would forget them.
    killed = json.loads(path.read_text())["hosts"]
    assert len(killed) == 60
    assert {"ok", "not started"} <= {state["state"] for state in killed.values()} <= {"ok", "failed", "not started"}

    names = {"reports": [str(reports)], "merged": str(tmp_path / "killed.json")}
    merge = ["ansible-playbook", "-i", "localhost,", "playbooks/merge_reports.yml", "-e", json.dumps(names)]
    subprocess.run(merge, cwd=ROOT, env=environment, check=True, capture_output=True)
    assert set((tmp_path / "killed.limit").read_text().split()) == set(killed)

    done = subprocess.run(command, cwd=ROOT, env=environment | {"ANSIBLE_FORKS": "5"}, capture_output=True, check=False)
    assert done.returncode == 2
    names = {"reports": [str(reports)], "merged": str(tmp_path / "merged.json")}
    merge = ["ansible-playbook", "-i", "localhost,", "playbooks/merge_reports.yml", "-e", json.dumps(names)]
    subprocess.run(merge, cwd=ROOT, env=environment, check=True, capture_output=True)
    merged = json.loads((tmp_path / "merged.json").read_text())
    assert [item["ended"] is None for item in merged["runs"]] == [True, False]
    assert len(merged["hosts"]) == 60
    assert {name for name, state in merged["hosts"].items() if state["state"] != "ok"} == {"edge-07"}
    assert [line["state"] for line in merged["hosts"]["edge-00"]["history"]] == ["ok"]
    # The merger itself is no run of a machine, though it wrote to the same folder.
    assert len(list(reports.glob("*.json"))) == 2
