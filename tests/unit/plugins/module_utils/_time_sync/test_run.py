# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole runs of time_sync on a node of fakes: there and back, and what stops a run before it changes anything."""

from __future__ import annotations

import json
import os

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.chrony import DEBIAN_CONF, EL_CONF, OLD_CONF, TimeWorld
from fakes.time_sync import KINDS, SYSTEMS, run, statuses, with_rivals


@pytest.mark.parametrize(("family", "conf"), SYSTEMS)
def test_there_and_back(tmp_path, family, conf):
    world = with_rivals(TimeWorld(tmp_path, family, conf))
    files, stands = world.files(), world.stands()

    predicted = run(world, check_mode=True)
    assert (world.files(), world.stands()) == (files, stands)
    assert statuses(predicted) == [("ntp1.site", "fail"), ("ntp2.site", "fail"), ("clock", "fail")]

    first = run(world)
    assert (first["changed"], first["diff"]) == (True, predicted["diff"])
    assert statuses(first) == [("ntp1.site", "pass"), ("ntp2.site", "pass"), ("clock", "pass")]
    assert first["failed_checks"] == []
    assert "server ntp2.site iburst" in world.running_with
    assert world.running_with.count("makestep") == world.running_with.count("rtcsync") == 1
    assert world.text(world.conf_path).startswith(conf)
    assert world.stands()["systemd-timesyncd.service"] == (False, False)
    assert world.stands()[world.unit] == (True, True)

    after, ran = world.files(), len(world.ran)
    for check_mode in (True, False):
        again = run(world, check_mode)
        assert not again["changed"]
        assert "diff" not in again
        assert statuses(again) == statuses(first)
    assert world.files() == after
    assert not [text for text in world.ran[ran:] if text.startswith("systemctl") and "show" not in text]

    predicted = run(world, check_mode=True, state="absent")
    assert (predicted["changed"], statuses(predicted)) == (True, [("time_sync", "fail")])
    gone = run(world, state="absent")
    assert (gone["changed"], gone["diff"], statuses(gone)) == (True, predicted["diff"], [("time_sync", "pass")])
    assert (world.files(), world.stands()) == (files, stands)
    assert not run(world, state="absent")["changed"]


def test_a_restricted_chronyd_is_given_back(tmp_path):
    world = TimeWorld(tmp_path, "redhat", EL_CONF)
    world.units["chronyd-restricted.service"] = {"load": "loaded", "active": True, "enabled": True}
    files, stands = world.files(), world.stands()
    assert run(world)["failed_checks"] == []
    assert world.stands() == {"chronyd.service": (True, True), "chronyd-restricted.service": (False, False)}
    assert not run(world)["changed"]
    run(world, state="absent")
    assert (world.files(), world.stands()) == (files, stands)


def test_other_servers_replace_ours(tmp_path):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    run(world)
    world.servers["ntp3.site"] = 0.0
    assert run(world, servers=["ntp3.site"])["changed"]
    assert "ntp1.site" not in world.running_with


def test_a_site_that_has_it_all_keeps_its_configuration(tmp_path):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF + "server ntp1.site\nserver ntp2.site\n")
    world.units["chrony.service"].update(active=True, enabled=True)
    world.running_with = world.effective()
    files = world.files()
    found = run(world)
    assert not found["changed"]
    assert statuses(found)[0] == ("ntp1.site", "pass")
    assert world.files() == files


@pytest.mark.parametrize("changes", [{"servers": []}, {"verify_only": True}])
def test_verifying_changes_nothing(tmp_path, changes):
    world = with_rivals(TimeWorld(tmp_path, conf=DEBIAN_CONF))
    files, stands = world.files(), world.stands()
    found = run(world, **changes)
    assert not found["changed"]
    assert found["failed_checks"][-1] == "clock"
    assert (world.files(), world.stands()) == (files, stands)
    assert not (tmp_path / "run").exists()  # not even the lock


def test_check_mode_before_chrony_is_installed(tmp_path):
    world = TimeWorld(tmp_path, "redhat")
    found = run(world, check_mode=True)
    assert found["changed"]
    assert "server ntp1.site iburst" in found["diff"]["after"]
    assert "not installed" in found["results"][-1]["summary"]


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda world: None, "system_tools"),
        (lambda world: (world.install(DEBIAN_CONF), world.units["chrony.service"].update(load="masked")), "masked"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_changes(tmp_path, prepare, words):
    world = TimeWorld(tmp_path)
    prepare(world)
    files = world.files()
    with pytest.raises(NodeError, match=words):
        run(world)
    assert world.files() == files


def test_a_silent_server_fails_the_clock_but_not_the_module(tmp_path):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    world.servers["ntp1.site"] = None
    found = run(world, servers=["ntp1.site"])
    assert found["failed_checks"] == ["ntp1.site", "clock"]
    assert "UDP 123" in found["msg"]


def test_an_old_chrony_without_names(tmp_path):
    world = TimeWorld(tmp_path, "redhat", OLD_CONF)
    world.version = 3
    assert statuses(run(world, servers=["ntp1.site"])) == [("ntp1.site", "pass"), ("clock", "pass")]


@pytest.mark.parametrize(("family", "conf"), KINDS)
def test_a_look_does_not_take_what_a_killed_run_left_for_configuration(tmp_path, family, conf):
    world = TimeWorld(tmp_path, family, conf)
    wanted = run(world, check_mode=True)["diff"]
    run(world)
    own = next(path for path in world.root.rglob("ack-edge.conf"))
    os.rename(own, own.parent / ".ack_edge-ack-edge.conf")
    (world.root / "var/lib/ack_edge/time_sync/ack-edge.json").unlink()
    (world.root / world.conf_path.lstrip("/")).write_text(conf)
    world.units[world.unit].update(active=False, enabled=False)
    assert run(world, check_mode=True)["diff"] == wanted
    assert [path.name for path in own.parent.iterdir() if "ack" in path.name] == [".ack_edge-ack-edge.conf"]


@pytest.mark.parametrize(("family", "conf"), KINDS)
def test_a_reset_without_a_manifest_removes_what_is_letter_for_letter_ours(tmp_path, family, conf):
    world = TimeWorld(tmp_path, family, conf)
    files = world.files()
    run(world)
    (world.root / "var/lib/ack_edge/time_sync/ack-edge.json").unlink()
    assert statuses(run(world, check_mode=True, state="absent")) == [("time_sync", "fail")]
    found = run(world, state="absent")
    assert (found["changed"], statuses(found), found["failed_checks"]) == (True, [("time_sync", "warn")], [])
    assert "its manifest was missing" in found["msg"]
    left = set(world.files()) - set(files)
    assert left <= {"etc/chrony.d"}  # who made it is not known either
    assert {path: text for path, text in world.files().items() if path not in left} == files
    assert "ntp1.site" not in world.running_with
    assert statuses(run(world, state="absent")) == [("time_sync", "pass")]


@pytest.mark.parametrize(("family", "conf"), KINDS)
@pytest.mark.parametrize("check_mode", [True, False])
def test_a_reset_without_a_manifest_leaves_and_names_what_somebody_changed(tmp_path, family, conf, check_mode):
    world = TimeWorld(tmp_path, family, conf)
    run(world)
    (world.root / "var/lib/ack_edge/time_sync/ack-edge.json").unlink()
    own = next(path for path in world.root.rglob("ack-edge.conf"))
    own.write_text(own.read_text() + "server by.hand\n")
    before = world.files()
    found = run(world, check_mode=check_mode, state="absent")
    assert (found["changed"], statuses(found)) == (False, [("time_sync", "warn")])
    assert f"/{own.relative_to(world.root)} exists, but no manifest lists it" in found["msg"]
    assert "remove it by hand" in found["msg"]
    kept = {path: text for path, text in world.files().items() if not path.startswith("var/lib/ack_edge")}
    assert kept == {path: text for path, text in before.items() if not path.startswith("var/lib/ack_edge")}


@pytest.mark.parametrize(
    "content",
    [None, [], {"conflicts": [1]}, {"unit": "x"}, {"own": 3}, {"conflicts": [{"name": "a"}]}, {"made_directory": "x"}],
)
@pytest.mark.parametrize("changes", [{}, {"state": "absent"}])
def test_a_damaged_manifest_is_one_clear_error(tmp_path, content, changes):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    text = json.dumps({"version": 1, "content": content})
    world.file("/var/lib/ack_edge/time_sync/ack-edge.json", text)
    for check_mode in (True, False):
        with pytest.raises(NodeError, match=r"/var/lib/ack_edge/time_sync/ack-edge\.json is damaged .* remove it"):
            run(world, check_mode, **changes)
    assert world.text("/var/lib/ack_edge/time_sync/ack-edge.json") == text


@pytest.mark.parametrize(
    ("failing", "done"),
    [
        ("stop systemd-timesyncd.service", "; done before that: wrote /etc/chrony/conf.d/ack-edge.conf. Run again"),
        ("enable chrony.service", "before that: wrote /etc/chrony/conf.d/ack-edge.conf, systemctl stop "
                                  "systemd-timesyncd."
         "service, systemctl disable systemd-timesyncd.service, systemctl disable ntpd.service; rolled back: systemctl "
         "enable ntpd.service, systemctl enable systemd-timesyncd.service, systemctl start systemd-timesyncd.service. "
         "Run again"),
    ],
)  # fmt: skip
def test_a_run_that_fails_half_way_says_what_it_has_done(tmp_path, failing, done):
    world = with_rivals(TimeWorld(tmp_path, conf=DEBIAN_CONF))
    files, stands = world.files(), world.stands()
    world.failing = failing
    with pytest.raises(NodeError) as caught:
        run(world)
    assert done in str(caught.value)
    assert caught.value.changed
    assert world.stands() == stands
    world.failing = ""
    assert run(world)["failed_checks"] == []
    run(world, state="absent")
    assert (world.files(), world.stands()) == (files, stands)


@pytest.mark.parametrize("kind", ["forking", "simple"])
def test_a_chronyd_that_does_not_start_leaves_the_node_with_the_time_service_it_had(tmp_path, kind):
    world = with_rivals(TimeWorld(tmp_path, conf=DEBIAN_CONF))
    files, stands = world.files(), world.stands()
    world.failing = "start chrony.service" if kind == "forking" else ""
    world.ends = {"chrony.service"} if kind == "simple" else set()
    with pytest.raises(NodeError) as caught:
        run(world)
    said = str(caught.value)
    assert "journalctl -u chrony.service" in said
    assert "systemctl start systemd-timesyncd.service. Run again" in said
    assert world.stands() == stands
    world.failing, world.ends = "", set()
    assert run(world)["failed_checks"] == []
    run(world, state="absent")
    assert (world.files(), world.stands()) == (files, stands)


def test_a_time_service_that_does_not_come_back_is_said(tmp_path, monkeypatch):
    world = with_rivals(TimeWorld(tmp_path, conf=DEBIAN_CONF))
    real = world._systemctl

    def systemctl(argv):
        world.failing = (
            "start systemd-timesyncd.service" if argv[1:] != ["start", "chrony.service"] else " ".join(argv[1:])
        )
        return real(argv)

    monkeypatch.setattr(world, "_systemctl", systemctl)
    with pytest.raises(
        NodeError,
        match=r"not rolled back, so this node may have no time service: 'systemctl start "
        r"systemd",
    ):
        run(world)


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_configuration_that_chronyd_does_not_take_is_said_before_anything_changes(tmp_path, check_mode):
    world = with_rivals(TimeWorld(tmp_path, conf=DEBIAN_CONF + "commandkey 1\n"))
    files, stands = world.files(), world.stands()
    world.fatal = lambda text: "Invalid directive at line 7" if "commandkey" in text else ""
    with pytest.raises(
        NodeError,
        match=r"rejects /etc/chrony/chrony.conf as it is: Invalid directive at "
        r"line 7",
    ):
        run(world, check_mode)
    assert (world.files(), world.stands()) == (files, stands)


def test_what_we_write_is_put_back_where_chronyd_does_not_take_it(tmp_path):
    world = with_rivals(TimeWorld(tmp_path, "redhat", EL_CONF))
    conf, stands = world.text("/etc/chrony.conf"), world.stands()
    world.fatal = lambda text: "Could not parse server" if "server ntp1" in text else ""
    with pytest.raises(NodeError, match=r"with the lines of time_sync: Could not parse server.*restored the files"):
        run(world)
    assert (world.text("/etc/chrony.conf"), world.stands()) == (conf, stands)
    assert world.text("/etc/chrony.d/ack-edge.conf") is None


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_read_only_etc_is_found_before_anything_changes(tmp_path, check_mode):
    world = with_rivals(TimeWorld(tmp_path, conf=DEBIAN_CONF))
    files, stands = world.files(), world.stands()
    world.read_only = ["/etc/chrony"]
    with pytest.raises(
        NodeError,
        match=r"/etc/chrony/chrony.conf, /etc/chrony/conf.d/ack-edge.conf is on a file "
        r"system",
    ):
        run(world, check_mode)
    assert (world.files(), world.stands()) == (files, stands)


def test_what_needs_no_change_may_be_read_only(tmp_path):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    run(world)
    world.read_only = ["/etc"]
    assert not run(world)["changed"]


def test_a_chronyd_that_ends_while_it_is_waited_for_is_no_name_that_does_not_resolve(tmp_path, monkeypatch):
    world = TimeWorld(tmp_path, conf=DEBIAN_CONF)
    run(world)
    real = world._chronyc

    def ends(argv):
        answer = real(argv)
        world.units["chrony.service"]["active"] = False
        return answer

    monkeypatch.setattr(world, "_chronyc", ends)
    found = run(world, verify_only=True, wait=1)
    assert statuses(found) == [("ntp1.site", "fail"), ("ntp2.site", "fail"), ("clock", "fail")]
    assert "does not resolve" not in found["msg"]
    assert "the unit chrony.service is not running" in found["msg"]
