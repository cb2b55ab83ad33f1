# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._readiness.checks import clock_setters


def test_nobody(world):
    world.file("/etc/crontab", "# 0 * * * * root ntpdate ntp.site\n17 * * * * root run-parts /etc/cron.hourly\n")
    world.file("/etc/cron.d/sysstat", "5 * * * * root debian-sa1 1 1\n")
    found = clock_setters.run(world.facts, {})
    assert (found["status"], found["data"]["setters"], found["data"]["host"]) == ("pass", [], False)


@pytest.mark.parametrize(
    ("path", "line", "command"),
    [
        ("/etc/crontab", "0 * * * * root /usr/sbin/ntpdate -u ntp.site\n", "ntpdate"),
        ("/etc/cron.d/time", "0 * * * * root true; sntp -S ntp.site\n", "sntp"),
        ("/var/spool/cron/root", "*/5 * * * * ntpdate ntp.site >/dev/null\n", "ntpdate"),
        ("/var/spool/cron/crontabs/root", "0 3 * * * rdate -s time.site\n", "rdate"),
        ("/etc/cron.daily/clock", "#!/bin/sh\nhwclock --hctosys\n", "hwclock"),
        ("/etc/network/if-up.d/ntpdate", "#!/bin/sh\n/usr/sbin/ntpdate-debian -s\n", "ntpdate-debian"),
        ("/etc/anacrontab", "1 5 time ntpdate ntp.site\n", "ntpdate"),
        ("/etc/rc.d/rc.local", "#!/bin/sh\n/usr/sbin/ntpdate ntp.site\n", "ntpdate"),
        ("/etc/rc.local", "#!/bin/sh\nhwclock -s\n", "hwclock"),
        ("/etc/cron.d/set", '0 * * * * root date -s "$(curl -sI site | grep Date)"\n', "date"),
        ("/etc/cron.d/set", "0 * * * * root /bin/date --set=@$(cat /run/now)\n", "date"),
        ("/etc/cron.d/set", "0 * * * * root date -u -s @1\n", "date"),
        ("/etc/cron.d/ntp", "0 * * * * root ntpd -gq\n", "ntpd"),
        ("/etc/cron.d/ntp", "0 * * * * root /usr/sbin/ntpd -n -q -g\n", "ntpd"),
        ("/etc/cron.d/ntp", "0 * * * * root ntpd -u ntp:ntp -p /run/ntp.pid -q\n", "ntpd"),
        ("/etc/cron.hourly/step", "#!/bin/sh\nchronyd -q 'server ntp.site iburst'\n", "chronyd"),
    ],
)
def test_a_job_is_named_with_its_file(world, path, line, command):
    world.file(path, line)
    found = clock_setters.run(world.facts, {})
    assert found["status"] == "warn"
    assert found["data"]["setters"] == [f"{command} in {path}"]
    assert found["remedy"] == f"remove {command} from {path}"


def test_words_that_only_look_alike_are_no_jobs(world):
    world.file("/etc/cron.d/report", "0 * * * * root report-ntpdate-log; hwclock --show; echo rdated\n")
    world.file(
        "/etc/cron.d/more", "0 * * * * root date +%s; update -s; date -d now; ntpd -g; grep -q x; chronyc makestep\n"
    )
    assert clock_setters.run(world.facts, {})["status"] == "pass"


@pytest.mark.parametrize(("answer", "status"), [((0, "Enabled\n"), "warn"), ((1, "Disabled\n"), "pass")])
def test_the_tools_of_vmware(world, answer, status):
    world.commands["vmware-toolbox-cmd timesync status"] = answer
    assert clock_setters.run(world.facts, {})["status"] == status


@pytest.mark.parametrize(("options", "status"), [("", "warn"), ("--disable-timesync", "pass")])
def test_the_additions_of_virtualbox(world, options, status):
    world.process(77, "VBoxService")
    world.file("/proc/77/cmdline", f"/usr/sbin/VBoxService\0{options}\0")
    assert clock_setters.run(world.facts, {})["status"] == status


def test_a_unit_at_each_start(world):
    world.commands["systemctl is-enabled ntpdate.service"] = (0, "enabled\n")
    found = clock_setters.run(world.facts, {})
    assert found["remedy"] == "systemctl disable ntpdate.service"


def test_the_agent_of_qemu_is_no_rival(world):
    world.process(78, "qemu-ga")
    found = clock_setters.run(world.facts, {})
    assert (found["status"], found["data"]["host"]) == ("pass", True)


def test_all_are_named_together(world):
    world.file("/etc/crontab", "0 * * * * root ntpdate ntp.site\n")
    world.commands["vmware-toolbox-cmd timesync status"] = (0, "Enabled\n")
    found = clock_setters.run(world.facts, {})
    assert len(found["data"]["setters"]) == 2
    assert "; vmware-toolbox-cmd timesync disable" in found["remedy"]


@pytest.mark.parametrize("unit", ["time.timer", "time.service"])
def test_a_unit_of_the_site_counts_where_it_is_enabled(world, unit):
    world.file("/etc/systemd/system/time.service", "[Service]\nType=oneshot\nExecStart=-/usr/sbin/ntpdate ntp.site\n")
    world.file("/etc/systemd/system/multi-user.target.wants/time.service", "[Service]\nExecStart=ntpdate ntp.site\n")
    assert clock_setters.run(world.facts, {})["status"] == "pass"
    world.commands[f"systemctl is-enabled {unit}"] = (0, "enabled\n")
    found = clock_setters.run(world.facts, {})
    assert found["data"]["setters"] == ["ntpdate in /etc/systemd/system/time.service"]
    assert found["remedy"] == f"systemctl disable --now {unit}"


def test_one_rc_local_under_two_names_is_one(world):
    world.file("/etc/rc.d/rc.local", "ntpdate ntp.site\n")
    (world.root / "etc/rc.local").symlink_to("rc.d/rc.local")
    assert clock_setters.run(world.facts, {})["data"]["setters"] == ["ntpdate in /etc/rc.d/rc.local"]


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("0 * * * * root (/usr/sbin/ntpdate ntp.site;true)", "ntpdate"),
        ("0 * * * * root chronyd -t 10 -q 'pool ntp.site iburst'", "chronyd"),
        ("0 * * * * root timedatectl set-time '2026-01-01 00:00:00'", "timedatectl"),
        ("0 * * * * root hwclock -u --hctosys", "hwclock"),
        ("0 * * * * root busybox ntpd -n -q -p ntp.site", "ntpd"),
        ("0 * * * * root htpdate -s web.site", "htpdate"),
        ("0 * * * * root ntpdig -S ntp.site", "ntpdig"),
        ("0 * * * * root ssh time.site date +%s | xargs -I@ date +%s -s @@", "date"),
        ("0 * * * * root date 112819452026.10", "date"),
        ("0 * * * * root ntpclient -s -h ntp.site", "ntpclient"),
        ("0 * * * * root net time set -S ad.site", "net"),
        ("0 * * * * root hwclock -us", "hwclock"),
        ("0 * * * * root ntpd --quit -g", "ntpd"),
        ("0 * * * * root rdate -ncv time.site", "rdate"),
    ],
)
def test_other_ways_to_set_a_clock(world, line, command):
    world.file("/etc/cron.d/time", line + "\n")
    assert clock_setters.run(world.facts, {})["data"]["setters"] == [f"{command} in /etc/cron.d/time"]


@pytest.mark.parametrize(
    "line",
    [
        "ntpdate -q ntp.site",
        "ntpdate -u -q ntp.site | logger",
        "chronyd -Q 'pool x'",
        "ntpdig ntp.site",
        "date 7",
        "sntp ntp.site",
        "rdate -p time.site",
    ],
)
def test_who_only_asks_sets_nothing(world, line):
    world.file("/etc/cron.d/time", f"0 * * * * root {line}\n")
    assert clock_setters.run(world.facts, {})["status"] == "pass"


def test_a_script_of_the_site_is_looked_into(world):
    world.file("/etc/cron.d/time", "0 * * * * root /opt/site/time.sh >/dev/null; /opt/site\n")
    world.file("/opt/site/time.sh", "#!/bin/sh\n# ntpdate\n. /etc/site.conf\nntpdate $SERVER\n")
    assert clock_setters.run(world.facts, {})["data"]["setters"] == ["ntpdate in /opt/site/time.sh"]
    world.file("/opt/site/time.sh", "#!/bin/sh\n" + "x" * 65536 + "\nntpdate ntp.site\n")
    assert clock_setters.run(world.facts, {})["status"] == "pass"
    world.file("/etc/systemd/system/time.service", "[Service]\nExecStart=/usr/local/bin/time-set\n")
    world.file("/usr/local/bin/time-set", "ntpdate ntp.site\n")
    world.commands["systemctl is-enabled time.timer"] = (0, "enabled\n")
    found = clock_setters.run(world.facts, {})
    assert found["data"]["setters"] == ["ntpdate in /usr/local/bin/time-set"]
    assert found["remedy"] == "systemctl disable --now time.timer"


def test_a_timer_of_another_name_starts_a_unit(world):
    world.file("/etc/systemd/system/time.service", "[Service]\nExecStart=/usr/sbin/ntpdate ntp.site\n")
    world.file("/etc/systemd/system/often.timer", "[Timer]\nOnCalendar=hourly\nUnit = time.service\n")
    assert clock_setters.run(world.facts, {})["status"] == "pass"
    world.commands["systemctl is-enabled often.timer"] = (0, "enabled\n")
    assert clock_setters.run(world.facts, {})["remedy"] == "systemctl disable --now often.timer"


def test_an_interface_that_sets_the_clock_when_it_comes_up(world):
    world.file("/etc/network/interfaces", "iface eth0 inet dhcp\n    post-up ntpdate ntp.site\n")
    assert clock_setters.run(world.facts, {})["data"]["setters"] == ["ntpdate in /etc/network/interfaces"]


@pytest.mark.parametrize("wanted", ["multi-user.target.wants/time.service", "timers.target.wants/time.timer"])
def test_a_unit_of_a_package_counts_where_it_is_enabled(world, wanted):
    world.file("/usr/lib/systemd/system/time.service", "[Service]\nExecStart=/usr/sbin/ntpdate ntp.site\n")
    world.file("/usr/lib/systemd/system/time.timer", "[Timer]\nOnCalendar=hourly\n")
    world.file("/usr/lib/systemd/system/chrony.service", "[Service]\nExecStart=/usr/sbin/chronyd -F 1\n")
    world.file("/etc/systemd/system/multi-user.target.wants/chrony.service")
    assert clock_setters.run(world.facts, {})["status"] == "pass"
    world.file(f"/etc/systemd/system/{wanted}")
    world.commands[f"systemctl is-enabled {wanted.rpartition('/')[2]}"] = (0, "enabled\n")
    assert clock_setters.run(world.facts, {})["data"]["setters"] == ["ntpdate in /usr/lib/systemd/system/time.service"]


@pytest.mark.parametrize(
    "path",
    [
        "/etc/systemd/system/sshd.service.d/time.conf",
        "/etc/rc3.d/S99time",
        "/etc/NetworkManager/dispatcher.d/pre-up.d/time",
        "/etc/dhcp/dhclient-enter-hooks.d/time",
        "/etc/ppp/ip-up.d/time",
    ],
)
def test_other_places_where_the_clock_is_set(world, path):
    world.file(path, "[Service]\nExecStartPre=/usr/sbin/ntpdate ntp.site\n")
    assert clock_setters.run(world.facts, {})["data"]["setters"] == [f"ntpdate in {path}"]


@pytest.mark.parametrize(
    ("names", "options", "setters"),
    [
        (["chronyd", "chronyd"], "-F\x001", []),
        (["ntpd", "ntpd"], "", []),
        (["chronyd", "systemd-timesyn"], "-F\x001", ["systemd-timesyn, which runs beside chronyd"]),
        (["chronyd", "ntpd"], "-dx", []),
    ],
)
def test_two_daemons_work_against_each_other(world, names, options, setters):
    for pid, name in enumerate(names, 70):
        world.process(pid, name)
        world.file(f"/proc/{pid}/cmdline", f"/usr/sbin/{name}\0{options}\0")
    found = clock_setters.run(world.facts, {})
    assert found["data"]["setters"] == setters
    assert ("stop and disable one of" in found["remedy"]) == bool(setters)
