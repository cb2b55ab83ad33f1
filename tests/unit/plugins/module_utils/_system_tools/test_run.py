# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, NodeError
from fakes.killed import Killed
from fakes.packages import DEBIAN, EL, TOOLS, PackageWorld, run, statuses

MANIFEST = "var/lib/ack_edge/system_tools/ack-edge.json"


@pytest.mark.parametrize(
    ("release", "packages"), [(DEBIAN, {"socat", "chrony", "cron"}), (EL, {"socat", "chrony", "crontabs", "cronie"})]
)
def test_what_is_missing_is_installed_once(tmp_path, release, packages):
    world = PackageWorld(tmp_path, release)
    predicted = run(world, check_mode=True)
    assert world.installed == set()
    assert all("--simulate" in line or "--assumeno" in line for line in world.manager_calls())
    assert statuses(predicted) == [("socat", "fail"), ("chrony", "fail"), ("crontabs", "fail")]

    first = run(world)
    assert world.installed == packages
    assert (first["changed"], first["diff"]) == (True, predicted["diff"])
    assert statuses(first) == [("socat", "pass"), ("chrony", "pass"), ("crontabs", "pass")]
    asks = ("--simulate", "--assumeno")
    assert (
        len([line for line in world.manager_calls() if " install " in line and not set(asks) & set(line.split())]) == 1
    )
    assert not (tmp_path / MANIFEST).exists()

    world.ran.clear()
    for check_mode in (True, False):
        again = run(world, check_mode)
        assert not again["changed"]
        assert "diff" not in again
        assert statuses(again) == statuses(first)
    assert world.ran == []


def test_only_what_is_missing(world):
    world.add("socat", "ntpdate")
    assert run(world)["diff"]["after"] == "crontabs: usable (cron)\n"
    assert world.installed == {"socat", "ntpdate", "cron"}


def test_a_client_gives_way_and_comes_back(world):
    world.add("systemd-timesyncd")
    predicted = run(world, check_mode=True)
    first = run(world)
    assert "systemd-timesyncd: removed\n" in first["diff"]["after"]
    assert first["diff"] == predicted["diff"]
    assert world.installed == {"socat", "chrony", "cron"}

    ahead = run(world, check_mode=True, state="absent")
    assert (ahead["changed"], statuses(ahead)) == (True, [("system_tools", "fail")])
    back = run(world, state="absent")
    assert (back["changed"], back["diff"]) == (True, ahead["diff"])
    assert statuses(back) == [("system_tools", "pass")]
    assert world.installed == {"socat", "cron", "systemd-timesyncd"}
    assert not (world.root / "var/lib/ack_edge").exists()
    assert not run(world, state="absent")["changed"]


def test_what_cannot_come_back_keeps_nobody_from_a_reset(world):
    world.add("systemd-timesyncd")
    run(world)
    world.offered.remove("systemd-timesyncd")
    back = run(world, state="absent")
    assert (back["changed"], back["failed_checks"], statuses(back)) == (False, [], [("system_tools", "warn")])
    assert "chrony" in world.installed
    world.offered.add("systemd-timesyncd")
    assert run(world, state="absent")["changed"]


def test_a_transaction_that_breaks_off_says_what_it_has_changed(world):
    world.breaks_at = "chrony"
    with pytest.raises(NodeError, match=r"It stopped half-way: changed are installed socat.*; run again") as caught:
        run(world)
    assert ("Nothing has been changed" in str(caught.value), caught.value.changed) == (False, True)
    world.breaks_at = ""
    assert run(world)["changed"]
    assert not (world.root / "var/lib/ack_edge").exists()


def test_the_same_of_a_transaction_of_the_other_family(el):
    el.breaks_at = "chrony"
    with pytest.raises(NodeError, match=r"It stopped half-way: changed are socat-1\.0; run again"):
        run(el)


def test_what_is_not_known_is_not_claimed(world, monkeypatch):
    world.offered.remove("socat")
    real = world.run
    monkeypatch.setattr(
        world, "run", lambda argv, **more: Completed(argv, 2, "", "") if "Version" in argv[-1] else real(argv, **more)
    )
    with pytest.raises(NodeError, match="What was changed is unknown"):
        run(world)


def test_what_a_killed_run_left_goes(world):
    directory = world.root / "var/lib/ack_edge/system_tools"
    for state in ("present", "absent"):
        world.add("socat", "chrony", "cron")
        directory.mkdir(parents=True)
        (directory / ".ack_edge-ack-edge.json").write_text("{")
        run(world, check_mode=True, state=state)
        assert directory.exists()
        assert not run(world, state=state)["changed"]
        assert not (world.root / "var/lib/ack_edge").exists()


@pytest.mark.parametrize("content", [None, {"replaced": "x"}, {"replaced": [1]}, {"installed": {}}, {"pending": 1}])
@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_damaged_manifest_is_one_clear_error(world, content, state):
    world.file("/" + MANIFEST, json.dumps({"version": 1, "content": content}))
    with pytest.raises(NodeError, match=r"system_tools/ack-edge\.json is damaged .* remove it"):
        run(world, state=state)


def test_it_is_forgotten_where_the_site_brought_it_back(world):
    world.add("systemd-timesyncd")
    run(world)
    world.add("systemd-timesyncd")
    assert not run(world, state="absent")["changed"]
    assert not (world.root / MANIFEST).exists()


def test_a_service_of_others_is_not_taken_away(world):
    world.add("ntpsec")
    assert run(world)["changed"]
    assert world.installed == {"socat", "cron", "ntpsec", "ntpdate"}


def test_nothing_else_may_go(world):
    world.add("ntpsec")
    chrony = {key: value for key, value in TOOLS[1].items() if key not in ("displaces", "alternatives")}
    with pytest.raises(NodeError, match="would remove ntpsec") as caught:
        run(world, system_tools=[chrony])
    assert world.installed == {"ntpsec"}
    assert "Nothing has been changed" in str(caught.value)
    assert not (world.root / "var/lib/ack_edge").exists()


def test_a_package_that_no_repository_has(world):
    world.offered.remove("socat")
    with pytest.raises(NodeError) as caught:
        run(world)
    lines = str(caught.value).splitlines()
    assert lines[0] == "socat, chrony, cron cannot be installed: E: Unable to locate package socat"
    assert lines[1:4] == ["the node asked these repositories:", "file:/opt/a/", "file:/opt/b/"]
    assert lines[4].startswith("to do: configure a repository on the node that has these packages")
    assert world.installed == set()
    assert not (world.root / "var/lib/ack_edge").exists()


def test_the_same_on_the_other_family(el):
    el.offered.remove("socat")
    with pytest.raises(NodeError, match="Mirror of the site"):
        run(el)
    assert not (el.root / "var/lib/ack_edge").exists()


def test_a_repository_that_is_gone_matters_only_where_it_is_needed(world):
    world.refresh_fails = True
    assert run(world)["changed"]
    world.remove("socat")
    world.offered.remove("socat")
    with pytest.raises(NodeError, match="E: The repository is gone; E: Unable to locate package socat"):
        run(world)


def test_packages_that_lost_their_commands(world):
    world.add("socat")
    (world.root / "usr/bin/socat").unlink()
    for check_mode in (True, False):
        with pytest.raises(NodeError, match=r"socat is installed, but its files are missing"):
            run(world, check_mode)
    assert world.manager_calls() == []


def test_a_tool_without_a_known_package(world):
    tool = {"name": "odd", "commands": ["odd"], "packages": {"redhat": ["odd"]}}
    with pytest.raises(NodeError, match="odd: the package that provides it on this system \\(Debian 12\\) is unknown"):
        run(world, system_tools=[*TOOLS, tool])
    assert world.installed == set()


def test_an_unknown_system_matters_only_where_something_is_missing(world):
    world.add("socat", "chrony", "cron")
    world.file("/etc/os-release", "ID=plan9\n")
    assert not run(world)["changed"]
    world.remove("socat")
    with pytest.raises(NodeError, match="'plan9'"):
        run(world)


def test_a_package_without_the_command_is_said(world, monkeypatch):
    world.add("chrony", "cron")
    monkeypatch.setattr(world, "add", lambda *names: world.installed.update(names))
    with pytest.raises(NodeError, match="socat cannot be used although socat was installed"):
        run(world)


@pytest.mark.parametrize("name", ["socat", "chrony", "cron"])
def test_killed_at_each_package(world, name):
    world.add("systemd-timesyncd")
    world.killed_at = name
    with pytest.raises(Killed):
        run(world)
    assert run(world)["changed"]
    assert world.installed == {"socat", "chrony", "cron"}
    assert run(world, state="absent")["changed"]
    assert world.installed == {"socat", "cron", "systemd-timesyncd"}


def test_a_password_of_a_repository_is_in_no_message(world, monkeypatch):
    world.offered.remove("socat")
    real = world._apt_get
    monkeypatch.setattr(
        world,
        "_apt_get",
        lambda argv: (0, "https://svc:Zx9q7@mirror.site/deb/\n") if "indextargets" in argv else real(argv),
    )
    with pytest.raises(NodeError, match=r"https://svc:\*\*\*@mirror\.site/deb/"):
        run(world)


@pytest.mark.parametrize("check_mode", [True, False])
def test_what_a_package_obsoletes_may_not_go_either(el, check_mode):
    el.obsoletes["socat"] = "site-relay"
    with pytest.raises(NodeError, match="would remove site-relay for it") as caught:
        run(el, check_mode)
    assert "decide which of them this node needs" in str(caught.value)
    assert str(caught.value).endswith("Nothing has been changed.")
    assert el.installed == set()


def test_a_package_that_was_left_out_without_an_error(el):
    el.left_out = "socat"
    with pytest.raises(NodeError) as caught:
        run(el)
    said = str(caught.value)
    assert said.startswith("socat cannot be used although chrony crontabs cronie was installed. socat was not: ")
    assert "No match for argument: socat" in said
    assert "configure a repository on the node" in said
    assert caught.value.changed


def test_what_gave_way_is_only_said_to_be_back_where_it_is(world, monkeypatch):
    world.add("systemd-timesyncd")
    run(world)
    monkeypatch.setattr(world, "add", lambda *names: None)
    back = run(world, state="absent")
    assert (back["changed"], statuses(back)) == (False, [("system_tools", "warn")])
    said = back["results"][0]["summary"]
    assert said.startswith("systemd-timesyncd was removed for the tools and is not installed again: ")
    assert "the package manager ended without an error and said: nothing" in said
    assert (world.root / MANIFEST).exists()


def test_check_mode_keeps_to_the_lists_that_the_node_has(world):
    world.offered.remove("socat")
    found = run(world, check_mode=True)
    assert (found["changed"], statuses(found)[0]) == (True, ("socat", "fail"))
    assert "if the repositories have it: the package lists on the node" in found["results"][0]["summary"]
    assert not [line for line in world.ran if " update" in line]


def test_check_mode_says_what_the_run_would_refuse(world):
    world.interrupted = True
    with pytest.raises(NodeError, match=r"dpkg was interrupted.*\n.*run 'dpkg --configure -a'"):
        run(world, check_mode=True)


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_read_only_system_is_found_before_anything_is_asked(world, check_mode):
    world.read_only = ["/usr"]
    with pytest.raises(
        NodeError, match=r"/usr is on a file system that is mounted read-only.*Nothing has been changed"
    ):
        run(world, check_mode)
    assert world.manager_calls() == []
    assert not (world.root / "var/lib/ack_edge").exists()


def test_a_tool_that_a_run_has_installed_and_somebody_has_removed_is_drift(world):
    def drifted():
        return [item["check"] for item in run(world, check_mode=True)["results"] if item["data"].get("drift")]

    world.add("systemd-timesyncd")
    assert drifted() == []
    run(world)
    assert drifted() == []
    world.remove("chrony")
    assert drifted() == ["chrony"]
