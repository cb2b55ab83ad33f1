# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node
from ansible_collections.ack_edge.node.plugins.module_utils._system import clock

RV = "rv 0 leap,stratum,offset,refid"
TRACKING = "0A000001,10.0.0.1,3,1.0,%s,0.0,0.0,0.0,0.0,0.0,1.0,1.0,0.0,%s\n"


def judge(tracking=None, sources="", kernel=None, max_offset=1.0, ntpq=None, status=None, root="/nowhere", **more):
    def run(argv, stdin=None, timeout=60):
        assert "timesync-status" not in argv
        answers = {"tracking": tracking, "sources": sources, "NTPSynchronized": kernel, RV: ntpq, "status": status}
        answers.update(more)
        out = answers.get(argv[-1])
        return Completed(argv, 1 if out is None else 0, out or "", "")

    return clock.judge(clock.observe(Node(runner=run, root=str(root))), max_offset)


def test_right():
    found = judge(TRACKING % ("-0.0001", "Normal"))
    assert found["status"] == "pass"
    assert found["data"]["stratum"] == 3


@pytest.mark.parametrize(("offset", "status"), [("0.9", "pass"), ("-0.9", "pass"), ("1.1", "fail"), ("-600.0", "fail")])
def test_offset_in_both_directions(offset, status):
    assert judge(TRACKING % (offset, "Normal"))["status"] == status


def test_distance_to_the_followed_server_counts():
    """chronyd -x says that nothing is left to correct, for it never corrects."""
    found = judge(
        TRACKING % ("0.0", "Normal"),
        "^,+,10.0.0.2,2,6,17,4,-700.0,-600.0,0.1\n^,*,10.0.0.1,2,6,17,4,-600.0,-600.0,0.1\n",
    )
    assert found["status"] == "fail"
    assert "600.000 s off" in found["summary"]
    assert (found["data"]["answering"], found["data"]["servers"]) == (2, 2)


def test_not_synchronised_fails():
    found = judge(TRACKING % ("0.0", "Not synchronised"))
    assert found["status"] == "fail"
    assert "ntp_servers" in found["remedy"]


def test_an_older_timedatectl_has_no_show():
    assert judge(status="      Local time: Mon\n NTP synchronized: yes\n      DST active: n/a\n")["status"] == "pass"
    assert judge(status="Network time on: yes\nNTP synchronized: no\n")["status"] == "warn"


@pytest.mark.parametrize(
    ("kernel", "status"),
    [("NTPSynchronized=yes\n", "pass"), ("NTPSynchronized=no\n", "warn"), ("", "unproven"), (None, "unproven")],
)
def test_without_chrony_the_kernel_tells(kernel, status):
    assert judge(kernel=kernel)["status"] == status


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ("leap=00, stratum=3, offset=-0.252, refid=10.99.0.1\n", "pass", "0.000252 s off (by 10.99.0.1, stratum 3)"),
        ("leap=0, stratum=2,\noffset=1500.5, refid=10.99.0.1\n", "fail", "1.500 s off"),
        ("leap=11, stratum=16, offset=0.000, refid=INIT\n", "fail", "ntpd runs, but is not synchronized"),
        ("leap=leap_none, stratum=16, offset=0.000, refid=STEP\n", "fail", "ntpd runs, but is not synchronized"),
        ("ntpq: read: Connection refused\n", "pass", "by another client"),
        ("leap=11, stratum=-, offset=-, refid=INIT\n", "pass", "by another client"),
        ("", "pass", "by another client"),
        (None, "pass", "by another client"),
    ],
)
def test_ntpd_tells_where_it_keeps_the_clock(said, status, words):
    found = judge(ntpq=said, kernel="NTPSynchronized=yes\n")
    assert (found["status"], words in found["summary"]) == (status, True)


def test_ntpd_is_not_asked_where_chrony_answers():
    found = judge(TRACKING % ("0.1", "Normal"), ntpq="leap=11, stratum=16, offset=0.0, refid=INIT\n")
    assert (found["status"], found["reproduce"]) == ("pass", "chronyc tracking; chronyc sources")


def test_each_member_of_a_pool_counts():
    """The one that is followed is not the last line, and it is what a chronyd -x is off by."""
    lines = (
        "^,*,pool.site,2,6,17,4,40.0,40.0,0.1\n^,+,pool.site,2,6,17,4,0.1,0.1,0.1\n"
        "^,?,pool.site,0,6,0,4,0.0,0.0,0.0\n^,+,pool.site,2,6,17,4,0.000002,0.000002,0.1\n"
    )
    found = judge(TRACKING % ("0.0", "Normal"), lines)
    assert (found["status"], found["data"]["answering"], found["data"]["servers"]) == ("fail", 3, 4)
    assert "40.000 s off" in found["summary"]


def with_processes(root, *names):
    for pid, name in enumerate(names, 7):
        (root / f"proc/{pid}").mkdir(parents=True)
        (root / f"proc/{pid}/comm").write_text(name + "\n")
    return root


@pytest.mark.parametrize(
    ("service", "running", "status"),
    [
        ("no", [], "fail"),
        ("no", ["sshd"], "fail"),
        ("no", ["ptp4l", "phc2sys"], "pass"),
        ("no", ["ntpd"], "pass"),
        ("yes", [], "pass"),
        (None, [], "pass"),
    ],
)
def test_what_the_kernel_says_hours_after_the_last_daemon_ended_is_no_proof(tmp_path, service, running, status):
    kernel = (f"NTP={service}\n" if service else "") + "NTPSynchronized=yes\n"
    found = judge(kernel=kernel, root=with_processes(tmp_path, *running))
    assert found["status"] == status
    assert ("no time service runs" in found["summary"]) is (status == "fail")


def test_a_container_has_the_clock_of_its_host(tmp_path):
    root = with_processes(tmp_path, "sshd")
    (root / "proc/1").mkdir()
    for bounds, status in (("00000000a80425fb", "pass"), ("000001ffffffffff", "fail")):
        (root / "proc/1/status").write_text(f"Name:\tsystemd\nCapBnd:\t{bounds}\n")
        assert judge(kernel="NTP=no\nNTPSynchronized=yes\n", root=root)["status"] == status


@pytest.mark.parametrize(("said", "status"), [("yes", "pass"), ("no", "unproven"), ("", "unproven")])
def test_a_chronyd_that_cannot_be_asked_is_said_to_run(tmp_path, said, status):
    kernel = f"NTP=yes\nNTPSynchronized={said}\n" if said else ""
    found = judge(kernel=kernel, root=with_processes(tmp_path, "chronyd"))
    assert (found["status"], "chronyd runs, but does not answer chronyc" in found["summary"]) == (status, True)


# As ntpq -n prints peers before the variables.
PEERS = """     remote           refid      st t when poll reach   delay   offset  jitter
==============================================================================
%s"""
RIGHT_RV = "leap=00, stratum=3, offset=-0.252, refid=10.99.0.1\n"
LOCAL = "*127.127.1.0     .LOCL.          10 l    3   64  377    0.000    0.000   0.000\n"
SERVER = "%s10.99.0.1       10.0.0.9         2 u   33   64  377    0.512   -0.252   0.100\n"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("leap=00, stratum=11, offset=0.000, refid=LOCL\n", "fail"),
        ("leap=00, stratum=6, offset=0.000, refid=127.127.1.0\n", "fail"),
        ("leap=00, stratum=6, offset=0.000, refid=LOCAL(0)\n", "fail"),
        ("leap=00, stratum=6, offset=0.000, refid=127.0.0.1\n", "fail"),  # orphan mode
        (PEERS % LOCAL + "leap=00, stratum=11, offset=0.000, refid=73.78.73.84\n", "fail"),
        (PEERS % (SERVER % " ") + RIGHT_RV, "fail"),  # nothing is followed any more
        (PEERS % (SERVER % "x" + LOCAL) + RIGHT_RV, "fail"),
        (PEERS % (SERVER % "*" + LOCAL.replace("*", " ")) + RIGHT_RV, "pass"),
        (PEERS % (SERVER % "o") + RIGHT_RV, "pass"),
        ("No association ID's returned\n" + RIGHT_RV, "pass"),
        ("leap=00, stratum=1, offset=0.001, refid=GPS\n", "pass"),
    ],
)
def test_an_ntpd_that_follows_its_own_clock_is_not_synchronised(said, status):
    assert judge(ntpq=said, kernel="NTPSynchronized=yes\n")["status"] == status


# As chrony 4.3 prints it; the first is a server that answers, and an authenticated one that does not.
NTS = (
    "W,127.0.0.1,N,-,-,-,-,-,-,-,-,-,-,0,1.0,-0.000003072,0.000009566,Normal\n"
    "s,127.0.0.9,Y,-,-,-,-,-,-,-,T,R,-,0,1.0,0.000000000,0.000000000,Not synchronised\n"
)
NOSELECT = (
    "N,127.0.0.1,N,N,-,-,-,-,N,-,-,-,-,0,1.0,0.000000000,0.000000000,Normal\n"
    "s,127.0.0.3,N,-,-,-,-,-,-,-,-,-,-,0,1.0,0.000000000,0.000000000,Not synchronised\n"
)
WAITING = "M,127.0.0.1,N,-,-,-,-,-,-,-,-,-,-,0,1.0,0.0,0.0,Normal\n"


@pytest.mark.parametrize(
    ("more", "summary", "remedy"),
    [
        ({"selectdata": NTS}, "requires 127.0.0.9 (an authenticated source", "authselectmode ignore"),
        ({"selectdata": NOSELECT}, "127.0.0.1 has the option noselect", "remove the option noselect"),
        ({"selectdata": WAITING, "activity": "1,1,0,0,0\n"}, "1 of its servers are not queried", "chronyc online"),
        ({"selectdata": WAITING.replace("M", "x", 1)}, "no majority of them agrees (127.0.0.1)", "trusted clock"),
        ({"selectdata": WAITING.replace("M", "d", 1)}, "above maxdistance (127.0.0.1)", "raise maxdistance"),
        ({"selectdata": WAITING.replace("M", "W", 1)}, "(minsources) (127.0.0.1)", "lower minsources"),
        ({"sources": "^,x,a,2,6,377,4,0.5,0.5,0.1\n"}, "no majority of them agrees (a)", "trusted clock"),
        ({"selectdata": WAITING, "activity": "2,0,0,0,0\n"}, "not synchronized with any server", "set ntp_servers"),
        ({}, "not synchronized with any server", "set ntp_servers"),
    ],
)
def test_what_keeps_chronyd_from_following_a_server_that_answers(more, summary, remedy):
    found = judge(TRACKING % ("0.0", "Not synchronised"), **more)
    assert (found["status"], summary in found["summary"], remedy in found["remedy"]) == ("fail", True, True)


def test_a_required_server_that_is_about_to_be_followed_is_no_obstacle():
    found = judge(TRACKING % ("0.0", "Not synchronised"), selectdata=NTS.replace("s,127.0.0.9", "W,127.0.0.9"))
    assert "requires" not in found["summary"]


@pytest.mark.parametrize(
    ("said", "running", "status"),
    [
        ("NTP enabled: no\nNTP synchronized: yes\n", ["sshd"], "fail"),
        ("NTP enabled: yes\nNTP synchronized: yes\n", ["sshd"], "unproven"),
        ("NTP enabled: yes\nNTP synchronized: yes\n", ["ntpd"], "pass"),
        ("Network time on: no\nNTP synchronized: yes\n", ["sshd"], "fail"),
        ("System clock synchronized: yes\nNTP service: inactive\n", ["sshd"], "fail"),
        ("System clock synchronized: yes\nNTP service: active\n", ["systemd-timesyn"], "pass"),
        # They run on every guest, and set the clock of few.
        ("System clock synchronized: yes\nNTP service: inactive\n", ["vmtoolsd", "VBoxService"], "fail"),
        ("System clock synchronized: yes\nNTP service: n/a\n", ["ntp-daemon"], "pass"),
    ],
)
def test_what_an_older_systemd_says_of_a_daemon_that_ended(tmp_path, said, running, status):
    assert judge(status=said, root=with_processes(tmp_path, *running))["status"] == status


SILENT = "^,?,ntp1.site,2,10,0,41000,0.0001,0.0001,0.1\n#,?,PHC0,0,4,0,41000,0.0,0.0,0.1\n"


@pytest.mark.parametrize(
    ("lines", "status"), [(SILENT, "warn"), (SILENT.replace("10,0,", "10,1,"), "pass"), ("", "pass")]
)
def test_a_chronyd_that_hears_nobody_goes_by_what_it_knew(lines, status):
    found = judge(TRACKING % ("0.0001", "Normal"), lines)
    assert found["status"] == status
    assert status == "pass" or "none of the 2 servers of chronyd has answered lately" in found["summary"]


REJECTED = "^,x,a.site,2,6,377,4,0.5,0.5,0.1\n^,~,b.site,2,6,377,4,-0.4,-0.4,0.1\n^,?,c.site,2,6,177,4,0.1,0.1,9.0\n"


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (REJECTED, "warn"),
        (REJECTED + "^,*,d.site,2,6,377,4,0.0,0.0,0.1\n", "pass"),
        (REJECTED + "^,-,d.site,2,6,377,4,0.0,0.0,0.1\n", "pass"),
        (REJECTED + "^,?,d.site,2,6,1,4,0.0,0.0,0.1\n", "pass"),  # has just begun to answer
        (REJECTED + "^,?,d.site,0,6,0,4,0.0,0.0,0.1\n", "warn"),
        ("#,*,PPS0,0,4,377,4,0.0,0.0,0.1\n", "pass"),
    ],
)
def test_a_chronyd_that_rejects_who_answers_goes_by_what_it_knew(lines, status):
    found = judge(TRACKING % ("0.0", "Normal"), lines)
    assert found["status"] == status
    words = "chronyd rejects each server that answers: no majority of them agrees (a.site)"
    assert (words in found["summary"], "trusted clock" in found["remedy"]) == (status == "warn", status == "warn")


def test_a_rejection_without_a_known_reason():
    found = judge(TRACKING % ("0.0", "Normal"), "^,?,c.site,2,6,377,4,0.1,0.1,9.0\n")
    assert (found["status"], "trusted clock" in found["remedy"]) == ("warn", True)


@pytest.mark.parametrize(("service", "status"), [("no", "unproven"), (None, "unproven"), ("yes", "pass")])
def test_ptp4l_alone_may_set_the_clock_of_a_card(tmp_path, service, status):
    kernel = (f"NTP={service}\n" if service else "") + "NTPSynchronized=yes\n"
    found = judge(kernel=kernel, root=with_processes(tmp_path, "ptp4l"))
    assert (found["status"], "ptp4l runs without phc2sys" in found["summary"]) == (status, status == "unproven")


@pytest.mark.parametrize("name", ["ntpd", "systemd-timesyn"])
def test_a_daemon_that_has_not_set_the_clock_is_named(tmp_path, name):
    found = judge(kernel="NTP=yes\nNTPSynchronized=no\n", root=with_processes(tmp_path, name))
    assert (found["status"], found["summary"].startswith(f"{name} runs, but")) == ("warn", True)


def test_timesyncd_before_its_first_correction(tmp_path):
    root = with_processes(tmp_path, "systemd-timesyn")
    (root / "run/systemd/timesync").mkdir(parents=True)
    kernel = "NTP=yes\nNTPSynchronized=yes\n"
    assert judge(kernel=kernel, root=root)["status"] == "warn"
    (root / "run/systemd/timesync/synchronized").touch()
    assert judge(kernel=kernel, root=root)["status"] == "pass"
