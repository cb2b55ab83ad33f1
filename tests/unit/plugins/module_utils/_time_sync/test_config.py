# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Node
from ansible_collections.ack_edge.node.plugins.module_utils._system import os
from ansible_collections.ack_edge.node.plugins.module_utils._time_sync import config
from hypothesis import given
from hypothesis import strategies as st

OWN = "/etc/chrony.d/ack-edge.conf"
EL = os.chrony("redhat", {})
DEBIAN = os.chrony("debian", {})


@given(st.text(alphabet="abc #\n\r\t", max_size=40))
def test_the_include_line_goes_without_a_trace(text):
    changed = config.with_include(text, OWN)
    assert ("include", [OWN]) in config.directives(changed)
    assert changed.startswith(text)
    assert config.with_include(changed, OWN) == changed
    assert config.without_include(changed, OWN) == text


def test_lines_that_came_after_ours_stay():
    for text in ("a\n", "a"):
        changed = config.with_include(text, OWN) + ("" if text.endswith("\n") else "\n") + "server x\n"
        assert config.without_include(changed, OWN).splitlines() == ["a", "server x"]


def test_a_foreign_text_is_not_touched():
    assert config.without_include("include /etc/other.conf\n", OWN) == "include /etc/other.conf\n"


def test_an_include_line_that_the_site_wrote_is_kept_and_used():
    text = f"include {OWN}\n"
    assert config.with_include(text, OWN) == text
    assert config.without_include(text, OWN) == text


def test_directives():
    assert config.directives("# a\n! b\n; c\n% d\n\n  Server x  iburst\nrtcsync") == [
        ("server", ["x", "iburst"]),
        ("rtcsync", []),
    ]
    assert config.directives(None) == []


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        ([], ["server a iburst", "server b iburst", "makestep 0.5 3", "rtcsync"]),
        ([("makestep", ["1", "3"]), ("rtcsync", [])], ["server a iburst", "server b iburst"]),
        ([("rtcfile", ["/x"]), ("server", ["a"])], ["server b iburst", "makestep 0.5 3"]),
    ],
)
def test_content_says_only_what_is_missing(found, lines):
    assert config.content(["a", "b"], found, 0.5).splitlines()[1:] == lines


def test_content_is_nothing_where_the_site_has_it_all():
    found = [("pool", ["a"]), ("peer", ["b"]), ("makestep", []), ("rtcsync", [])]
    assert config.content(["a", "b"], found, 1.0) is None


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), max_size=5))
def test_the_node_never_becomes_a_server(servers):
    keywords = {keyword for keyword, _rest in config.directives(config.content(servers, [], 1.0))}
    assert keywords <= {"server", "makestep", "rtcsync"}


@pytest.mark.parametrize(
    ("conf", "layout", "place"),
    [
        ("confdir /etc/chrony/conf.d\n", DEBIAN, ("/etc/chrony/conf.d/ack-edge.conf", False)),
        ("confdir /etc/chrony.d\n", EL, ("/etc/chrony.d/ack-edge.conf", False)),
        # What lies below /run is gone after a reboot.
        ("confdir /run/chrony.d /etc/chrony.d\n", EL, ("/etc/chrony.d/ack-edge.conf", False)),
        ("confdir /run/chrony.d\n", EL, (EL.own, True)),
        ("rtcsync\n", EL, (OWN, True)),
        ("rtcsync\n", DEBIAN, ("/etc/chrony/ack-edge.conf", True)),
        ("include /etc/chrony.d/*.conf\n", EL, (OWN, False)),
        ("include /etc/chrony.d/other.conf\n", EL, (OWN, True)),
        ("include /etc/*.conf\n", EL, (OWN, True)),  # glob(3) does not go down into a directory
        ("include /etc/*/*.conf\n", EL, (OWN, False)),
        (f"include {OWN}\n", EL, (OWN, True)),
        (None, EL, (OWN, True)),
        (None, DEBIAN, ("/etc/chrony/conf.d/ack-edge.conf", False)),
    ],
)
def test_place(conf, layout, place):
    assert config.place(conf, layout) == place


def test_foreign_reads_what_chronyd_reads_but_not_ours(tmp_path):
    for path, text in {
        "etc/chrony.conf": "include /etc/chrony.d/*.conf\nsourcedir /run/dhcp\ninclude /etc/chrony.conf\n",
        "etc/chrony.d/site.conf": "server site iburst\n",
        "etc/chrony.d/ack-edge.conf": "server ours iburst\n",
        "run/dhcp/eth0.sources": "server dhcp\n",
        "run/dhcp/readme": "server no\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    found = config.foreign(Node(root=str(tmp_path)), "/etc/chrony.conf", (OWN,))
    assert config.named_servers(found) == {"site", "dhcp"}


@pytest.mark.parametrize(
    ("system", "version", "confdir", "keywords"),
    [
        ("ubuntu", "16.04", None, ("rtcsync",)),
        ("ubuntu", "20.04", None, ("makestep", "rtcsync")),
        ("ubuntu", "22.04", "/etc/chrony/conf.d", ("makestep", "rtcsync")),
        ("debian", "12", "/etc/chrony/conf.d", ("makestep", "rtcsync")),
    ],
)
def test_what_a_package_brings_is_known_for_each_version(system, version, confdir, keywords):
    found = os.chrony("debian", {"ID": system, "VERSION_ID": version})
    assert (found.fresh_confdir, found.fresh_keywords) == (confdir, keywords)
    assert config.place(None, found) == (f"{confdir}/ack-edge.conf" if confdir else found.own, confdir is None)


def test_foreign_reads_no_hidden_file_and_of_files_with_one_name_the_first(tmp_path):
    for path, text in {
        "etc/chrony.conf": "confdir /etc/one /etc/two\nsourcedir /etc/three\ninclude /etc/*/*.inc\n",
        "etc/one/a.conf": "server first\n",
        "etc/two/a.conf": "server hidden-by-the-first\n",
        "etc/two/b.conf": "server second\n",
        "etc/one/.ack_edge-c.conf": "server killed\n",
        "etc/one/.c.conf": "server hidden\n",
        "etc/three/.ack_edge-c.sources": "server killed\n",
        "etc/three/d.sources": "server third\n",
        "etc/four/.ack_edge-c.inc": "server killed\n",
        "etc/four/e.inc": "server fourth\n",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    found = config.foreign(Node(root=str(tmp_path)), "/etc/chrony.conf", (OWN,))
    assert config.named_servers(found) == {"first", "second", "third", "fourth"}


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), max_size=5), st.floats(1e-6, 3600))
def test_what_we_write_is_known_as_ours(servers, max_offset):
    text = config.content(servers, [], max_offset)
    assert config.is_ours(text)
    assert not config.is_ours(text + "server by.hand\n")
    assert not config.is_ours("#\n" + text)
    assert not config.is_ours(None)
