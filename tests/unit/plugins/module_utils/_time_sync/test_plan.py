# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import apply, observe
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import plan as _plan
from fakes.chrony import DEBIAN_CONF, EL_CONF, TimeWorld


def see(world):
    return observe.observe(world.node)


def test_problems(tmp_path):
    world = TimeWorld(tmp_path)
    assert _plan.problems(see(world), check_mode=True) == []
    assert "system_tools" in _plan.problems(see(world), check_mode=False)[0]
    world.install(DEBIAN_CONF)
    assert _plan.problems(see(world), check_mode=False) == []
    world.units["chrony.service"]["load"] = "masked"
    assert "systemctl unmask chrony.service" in _plan.problems(see(world), check_mode=True)[0]
    world.units.clear()
    assert "systemd knows none of" in _plan.problems(see(world), check_mode=False)[0]
    (tmp_path / "etc/chrony/chrony.conf").unlink()
    assert "/etc/chrony/chrony.conf is missing" in _plan.problems(see(world), check_mode=False)[0]


@pytest.mark.parametrize(
    ("active", "enabled", "steps"),
    [
        (False, False, ["enable", "start"]),
        (False, True, ["start"]),
        (True, False, ["enable", "restart"]),
        (True, True, ["restart"]),
    ],
)
def test_service_steps(tmp_path, active, enabled, steps):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    world.units["chrony.service"].update(active=active, enabled=enabled)
    plan = _plan.present(see(world), ["ntp1.site"], 1.0)
    assert [verb for verb, _unit in plan.steps] == steps


def test_writes_are_ordered_so_that_chronyd_can_start_at_any_time(tmp_path):
    world = TimeWorld(tmp_path, "redhat", EL_CONF)
    plan = _plan.present(see(world), ["ntp1.site"], 1.0)
    assert [path for path, _old, _new in plan.writes] == ["/etc/chrony.d/ack-edge.conf", "/etc/chrony.conf"]
    apply.apply(world.node, plan)
    plan = _plan.absent(see(world))
    assert [path for path, _old, _new in plan.writes] == ["/etc/chrony.conf", "/etc/chrony.d/ack-edge.conf"]


def test_conflicts_are_stopped_unless_masked(tmp_path):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    world.units["systemd-timesyncd.service"] = {"load": "loaded", "active": True, "enabled": True}
    world.units["ntpsec.service"] = {"load": "masked", "active": False, "enabled": False}
    world.units["openntpd.service"] = {"load": "loaded", "active": False, "enabled": False}
    plan = _plan.present(see(world), ["ntp1.site"], 1.0)
    assert plan.stops == [("stop", "systemd-timesyncd.service"), ("disable", "systemd-timesyncd.service")]
    assert [item["name"] for item in plan.manifest["conflicts"]] == ["systemd-timesyncd.service"]


def test_a_container_that_may_not_set_the_clock_is_tried_once(tmp_path):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    world.file("/proc/1/status", "CapBnd:\t00000000a80425fb\n")
    world.held.add("chrony.service")
    plan = _plan.present(see(world), ["ntp1.site"], 1.0)
    assert ("start", "chrony.service") in plan.steps
    apply.apply(world.node, plan)
    assert not _plan.changes(_plan.present(see(world), ["ntp1.site"], 1.0))


def test_our_file_follows_chrony_to_another_place(tmp_path):
    world = TimeWorld(tmp_path, "redhat", EL_CONF)
    apply.apply(world.node, _plan.present(see(world), ["ntp1.site"], 1.0))
    world.file("/etc/chrony.conf", world.text("/etc/chrony.conf") + "confdir /etc/chrony/conf.d\n")
    apply.apply(world.node, _plan.present(see(world), ["ntp1.site"], 1.0))
    assert world.text("/etc/chrony.d/ack-edge.conf") is None
    assert "server ntp1.site" in world.text("/etc/chrony/conf.d/ack-edge.conf")
    assert world.text("/etc/chrony.conf") == EL_CONF + "confdir /etc/chrony/conf.d\n"


def test_diff_is_words(tmp_path):
    world = TimeWorld(tmp_path, "redhat", EL_CONF)
    before, after = _plan.present(see(world), ["ntp1.site"], 1.0).diff
    assert "/etc/chrony.d/ack-edge.conf: absent\n" in before
    assert "/etc/chrony.conf: without 'include" in before
    assert "/etc/chrony.conf: with 'include" in after
    assert "chronyd.service: running\n" in after


COMMAND = "ExecStart={ path=/usr/sbin/chronyd ; argv[]=/usr/sbin/chronyd %s ; ignore_errors=no ; pid=0 }\n"


@pytest.mark.parametrize(
    ("options", "cmdline", "other"),
    [
        ("-f /etc/chrony/site.conf", "", "/etc/chrony/site.conf"),
        ("-F 1 -f/etc/chrony/site.conf", "", "/etc/chrony/site.conf"),
        ("$DAEMON_OPTS", "/usr/sbin/chronyd\0-F\x001\0-f\0/etc/site.conf\0", "/etc/site.conf"),
        ("-f /etc/old.conf", "/usr/sbin/chronyd\0-F\x001\0", ""),
        ("-f /etc/chrony/chrony.conf", "", ""),
        ("$DAEMON_OPTS", "", ""),
        ("-F 1", "", ""),
    ],
)
def test_a_chronyd_that_reads_another_file_is_said_before_anything_is_written(tmp_path, options, cmdline, other):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    world.units["chrony.service"].update(command=COMMAND % options, pid=77 if cmdline else 0)
    if cmdline:
        world.file("/proc/77/cmdline", cmdline)
    for check_mode in (True, False):
        found = _plan.problems(see(world), check_mode)
        assert len(found) == bool(other)
        assert not other or f"chronyd reads {other} (its option -f) and not /etc/chrony/chrony.conf" in found[0]


@pytest.mark.parametrize(("active", "enabled"), [(True, False), (False, True)])
def test_a_timemaster_is_left_alone(tmp_path, active, enabled):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    world.units["timemaster.service"] = {"load": "loaded", "active": active, "enabled": enabled}
    assert "timemaster.service sets the clock with PTP" in _plan.problems(see(world), False)[0]
    world.units["timemaster.service"].update(active=False, enabled=False)
    assert _plan.problems(see(world), False) == []


def test_directives_on_the_command_line_are_said_before_anything_is_written(tmp_path):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    world.units["chrony.service"]["pid"] = 77
    world.file("/proc/77/cmdline", "/usr/sbin/chronyd\0-F\x001\0server ntp1.idc.example iburst\0makestep 1 3\0")
    assert "from its command line ('server ntp1.idc.example iburst' and more)" in _plan.problems(see(world), False)[0]
    assert see(world).found == [("server", ["ntp1.idc.example", "iburst"]), ("makestep", ["1", "3"])]


def test_a_site_that_only_verifies_is_judged_by_the_file_that_chronyd_reads(tmp_path):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    world.file("/etc/chrony/site.conf", "server ntp1.site iburst\n")
    world.units["chrony.service"]["command"] = COMMAND % "-df /etc/chrony/site.conf"
    assert (see(world).read_conf, see(world).found) == ("/etc/chrony/site.conf", [("server", ["ntp1.site", "iburst"])])


UNIT = "[Service]\nExecStart=!/usr/sbin/chronyd %s\n[Install]\nWantedBy=multi-user.target\n"


def test_a_unit_of_the_site_that_starts_chronyd_is_stopped_and_remembered_whatever_its_name(tmp_path):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    for name, options in (("site-clock", "-f /etc/site.conf"), ("set-once", "-q"), ("chrony@", "-d")):
        world.file(f"/etc/systemd/system/{name}.service", UNIT % options)
        world.units[f"{name}.service"] = {"load": "loaded", "active": True, "enabled": True}
    world.file("/usr/lib/systemd/system/chrony-wait.service", "[Service]\nExecStart=/usr/bin/chronyc -h ::1 waitsync\n")
    plan = _plan.present(see(world), ["ntp1.site"], 1.0)
    assert plan.stops == [("stop", "site-clock.service"), ("disable", "site-clock.service")]
    assert [item["name"] for item in plan.manifest["conflicts"]] == ["site-clock.service"]


@pytest.mark.parametrize(
    ("cgroup", "cmdline", "problem"),
    [
        ("0::/system.slice/wrapper.service\n", "chronyd\0-n", "process 9 (wrapper.service)"),
        (
            "5:cpu:/x.service\n1:name=systemd:/system.slice/rc-local.service\n",
            "chronyd",
            "process 9 (rc-local.service)",
        ),
        ("0::/system.slice/docker-12ab.scope\n", "chronyd\0-d", "process 9 (docker-12ab.scope)"),
        ("0::/system.slice/docker-12ab.scope\n", "chronyd\0-d\0-x", ""),
        ("0::/\n", "chronyd", "process 9 (of no unit)"),
        ("0::/\n", "chronyd\0-xf\0/etc/site.conf", ""),
        ("0::/\n", "chronyd\0-f\0/etc/x.conf", "process 9 (of no unit)"),
        ("0::/\n", "chronyd\0-fx.conf", "process 9 (of no unit)"),
        ("0::/\n", "chronyd\0-q", "process 9 (of no unit)"),
        # Another run of the collection asks chronyd about a configuration.
        ("0::/\n", "chronyd\0-p\0-f\0/etc/chrony/chrony.conf\0", ""),
        ("0::/\n", "/usr/sbin/chronyd\0--version\0", ""),
        ("0::/\n", "", ""),
        ("0::/system.slice/chrony.service\n", "chronyd", ""),
    ],
)
def test_a_chronyd_that_others_started_is_left_alone_and_said(tmp_path, cgroup, cmdline, problem):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    for name, text in (("comm", "chronyd\n"), ("cgroup", cgroup), ("cmdline", cmdline)):
        world.file(f"/proc/9/{name}", text)
    found = _plan.problems(see(world), check_mode=True)
    assert len(found) == bool(problem)
    assert problem in "".join(found)


def test_the_daemon_of_ntpd_rs_is_stopped_as_the_others_are(tmp_path):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    world.units["ntpd-rs.service"] = {"load": "loaded", "active": True, "enabled": True}
    stops = _plan.present(see(world), ["ntp1.site"], 1.0).stops
    assert stops == [("stop", "ntpd-rs.service"), ("disable", "ntpd-rs.service")]
