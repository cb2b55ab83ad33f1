# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A keyfile profile gains and loses our lines, and every other byte stays."""

from __future__ import annotations

import ipaddress
import string

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import types
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import Link
from fakes.kernel_routes import route
from fakes.managers import PROFILE, PROFILE_TEXT, UUID
from fakes.routes import System, backends
from hypothesis import given
from hypothesis import strategies as st

IDC0 = Link("idc0", 3, ())
NEW = route("100.103.99.73/32 via 10.99.0.253 dev idc0")


@pytest.fixture
def system(tmp_path):
    return System(tmp_path, "networkmanager")


def backend(system=None):
    return backends(system, "networkmanager")


def composed(text, *routes, drop=()):
    return backend().compose(text, [], [types.item(one) for one in routes], list(drop))


def parsed(text):
    return [line.route for line in backend().parse(text, "idc0")]


def test_a_new_route_takes_a_free_number_behind_the_header():
    assert composed(PROFILE_TEXT, NEW) == PROFILE_TEXT.replace(
        "[ipv4]\n", "[ipv4]\nroute2=100.103.99.73/32,10.99.0.253,0\n"
    )


def test_every_attribute_is_written_and_read_back():
    routes = [
        route(
            "100.1.0.0/16 via 10.99.0.253 dev idc0",
            metric=7,
            table=100,
            mtu=1400,
            onlink=True,
            source=ipaddress.ip_address("10.99.0.11"),
        ),
        route("fd01::/64 via fd00:99::1 dev idc0", mtu=1400),
        route("fd02::/64 via fd00:99::1 dev idc0"),
    ]
    text = composed(PROFILE_TEXT, *routes)
    assert "route2_options=table=100,src=10.99.0.11,mtu=1400,onlink=true\n" in text
    assert set(routes) < set(parsed(text))


def test_the_profiles_own_table_does_not_decide_for_our_routes():
    text = PROFILE_TEXT.replace("[ipv4]\n", "[ipv4]\nroute-table=77\n")
    assert "route2_options=table=254\n" in composed(text, NEW)


@pytest.mark.parametrize(
    "text",
    [
        PROFILE_TEXT,
        PROFILE_TEXT.replace("\n", "\r\n"),
        PROFILE_TEXT.rstrip("\n"),
        "[ipv6]\nmethod=auto\n[ipv4]\nmethod=auto",
        PROFILE_TEXT + "# \udcff\udcfe not UTF-8, \x0b and \u2028 inside a line\n",
    ],
)
def test_taking_our_lines_out_leaves_every_byte_as_it_was(text):
    added = composed(text, NEW, route("fd01::/64 via fd00:99::1 dev idc0", mtu=1400))
    ours = [line for line in backend().parse(added, "idc0") if line.route is not None]
    assert len(ours) == 2
    assert composed(added, drop=ours) == text


@pytest.mark.parametrize(
    ("profile", "said"),
    [
        (PROFILE_TEXT.replace("[ipv4]", "[ipv5]"), "is missing or has no method"),
        (PROFILE_TEXT.replace("method=manual", "method=disabled"), "has method=disabled"),
    ],
)
def test_a_profile_without_a_place_for_routes_is_an_error(profile, said):
    with pytest.raises(NodeError, match=said):
        composed(profile, NEW)


@pytest.mark.parametrize(
    "line",
    [
        "route9=100.103.99.73/32,10.99.0.253,0",
        "routes9 = 100.103.99.73/32;10.99.0.253;0 ",
        "route9=100.103.99.73,32,10.99.0.253,0",
    ],
)
def test_older_spellings_are_the_same_route(line):
    assert NEW in parsed(PROFILE_TEXT.replace("[ipv4]\n", f"[ipv4]\n{line}\n"))


@pytest.mark.parametrize(
    "line",
    [
        "route9=100.103.99.73/32,10.99.0.253",  # NetworkManager takes a metric of the device's type
        "route9=100.103.99.73/32,10.99.0.253,0\nroute9_options=cwnd=10",
        "route9=100.103.99.73/32,,0",
        "route9=100.103.99.73/32,10.99.0.253,0\nroute9_options=mtu=many",
    ],
)
def test_a_line_that_says_other_or_more_is_not_our_route(line):
    lines = backend().parse(f"[ipv4]\n{line}\n", "idc0")
    assert [one.route for one in lines] == [None]
    assert lines[0].slot[0] == NEW.destination


@pytest.mark.parametrize(
    "line", ["route9=nonsense", "route9=", "#route9=100.1.0.0/16,10.99.0.1,0", "route=1.2.3.4/32", "routex9=1"]
)
def test_what_is_no_route_is_passed_over(line):
    assert parsed(f"[ipv4]\n{line}\n") == []


@given(st.text(alphabet=string.printable + "\udc80é", max_size=300))
def test_odd_profiles_never_raise_and_never_change_without_cause(noise):
    text = "[ipv4]\n" + noise
    backend().parse(text, "idc0")
    assert composed(text) == text


def test_the_device_in_nmcli_decides(system):
    assert backend(system).claim(IDC0) == f"state connected, profile {UUID}"
    assert backend(system).claim(Link("eth0", 2, ())) == ""  # connected (externally)
    assert backend(system).claim(Link("lo", 1, ())) == ""
    system.devices = []
    assert backend(system).claim(IDC0) == ""


def test_a_colon_in_a_name_is_guarded(system):
    system.devices = [rf"idc0\:1:connected:{UUID}"]
    assert backend(system).claim(Link("idc0:1", 3, ())) != ""


def test_the_profile_is_found_by_its_uuid(system):
    assert backend(system).locate(IDC0) == PROFILE


@pytest.mark.parametrize(
    "path",
    [
        "/run/NetworkManager/system-connections/netplan-idc0.nmconnection",
        "",
        "/etc/sysconfig/network-scripts/ifcfg-idc0",
    ],
)
def test_a_profile_that_is_no_keyfile_of_etc_is_an_error(system, path):
    system.profiles = {UUID: path}
    with pytest.raises(NodeError, match=path or "kept in memory only"):
        backend(system).locate(IDC0)


def test_without_a_connection_the_one_keyfile_that_names_the_interface_is_taken(system):
    system.devices = ["idc0:disconnected:"]
    assert backend(system).locate(IDC0) == PROFILE
    system.put(PROFILE.replace("idc0", "second"), PROFILE_TEXT)
    with pytest.raises(NodeError, match="no active connection"):
        backend(system).locate(IDC0)


def test_loading_is_refused_in_words_only(system):
    backend(system).loaded(PROFILE)
    assert [path for path, _text in system.loaded] == [PROFILE]
    system.refuse_load = "yes"
    with pytest.raises(NodeError, match="does not load"):
        backend(system).loaded(PROFILE)


def test_a_profile_of_two_cards_is_refused(system):
    system.devices.append(f"eth1:connected:{UUID}")
    with pytest.raises(NodeError, match=r"configures other interfaces than idc0 \(eth1\)"):
        backend(system).locate(IDC0)


# Network case 18: the next change of a profile in /run, or in memory, writes it to /etc.
@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("/run/NetworkManager/system-connections/idc0.nmconnection", "modify UUID connection.autoconnect yes"),
        ("", "modify UUID connection.autoconnect yes"),
        ("/etc/other/idc0.nmconnection", "migrate UUID"),
    ],
)
def test_the_remedy_for_a_profile_that_is_kept_elsewhere_works(system, path, remedy):
    system.profiles = {UUID: path}
    with pytest.raises(NodeError) as caught:
        backend(system).locate(IDC0)
    assert f"'nmcli connection {remedy.replace('UUID', UUID)}'" in str(caught.value)
    assert "clone" not in str(caught.value)
