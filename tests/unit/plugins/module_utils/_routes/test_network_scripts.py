# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""route-<name> files in both of their syntaxes, whoever reads them."""

from __future__ import annotations

import ipaddress
import subprocess

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._routes import _types
from ansible_collections.ack_edge.node.plugins.module_utils._routes._kernel import Link
from ansible_collections.ack_edge.node.plugins.modules import static_routes
from helpers_routes import ROUTE_FILE, ROUTE_TEXT, UUID, System, backends, route, run

IDC0 = Link("idc0", 3, ())
SIX_FILE = "/etc/sysconfig/network-scripts/route6-idc0"
IFCFG = "/etc/sysconfig/network-scripts/ifcfg-idc0"
KEYS = (
    "# of the site\nADDRESS0=198.51.100.0\nNETMASK0='255.255.255.0'\nGATEWAY0=\"10.99.0.1\"\n\n"
    "ADDRESS1=203.0.113.7 NETMASK1=255.255.255.255 # one line\nGATEWAY1=10.99.0.2\n"
)
GIVEN = {"gateway": "10.99.0.253", "routes": ["100.103.99.73/32", "100.118.28.0/24"]}


@pytest.fixture
def system(tmp_path):
    return System(tmp_path, "network_scripts")


def backend(system=None):
    return backends(system, "network_scripts")


def ifup(text, tmp_path):
    """Return the routes that ifup makes of ADDRESSn= entries: sourced by a shell, until the first number that lacks."""
    (tmp_path / "route").write_text(text)
    script = (
        f'. {tmp_path}/route; n=0; while eval a=\\$ADDRESS$n; [ -n "$a" ]; do eval echo '
        "\\$ADDRESS$n \\$NETMASK$n \\$GATEWAY$n; n=$((n+1)); done"
    )
    return subprocess.run(["sh", "-c", script], check=True, capture_output=True, text=True).stdout.splitlines()


def test_lines_of_ip_route_are_read():
    text = (
        "100.1.0.0/16 via 10.99.0.253 dev idc0 metric 5 table 7 src 10.99.0.11 mtu 1400 onlink\n"
        "  100.2.0.0/16 via 10.99.0.253\r\n"
        "# 100.3.0.0/16 via 10.99.0.253\n"
        "100.4.0.0/16 nexthop via 10.99.0.1 nexthop via 10.99.0.2\n"
        "default via 10.99.0.1 \\\n metric 9\n"
        "garbage\n"
    )
    lines = backend().parse(text, "idc0")
    assert [(str(line.slot[0]), line.route and line.route.text()) for line in lines] == [
        (
            "100.1.0.0/16",
            "100.1.0.0/16 via 10.99.0.253 dev idc0 metric 5 table 7 src 10.99.0.11 mtu 1400 onlink",
        ),
        ("100.2.0.0/16", "100.2.0.0/16 via 10.99.0.253 dev idc0"),
        ("100.4.0.0/16", None),
        ("0.0.0.0/0", "0.0.0.0/0 via 10.99.0.1 dev idc0 metric 9"),
    ]


def test_entries_of_keys_are_read():
    lines = backend().parse(KEYS + "ADDRESS2=10.1.0.0\nGATEWAY2=10.99.0.1\nADDRESS3='open\n", "idc0")
    assert [line.route.text() for line in lines] == [
        "198.51.100.0/24 via 10.99.0.1 dev idc0",
        "203.0.113.7/32 via 10.99.0.2 dev idc0",
    ]


def test_in_keys_entries_are_added_behind_and_taken_out_without_a_gap(tmp_path):
    ours = [_types.item(route(f"100.{number}.0.0/16 via 10.99.0.253 dev idc0")) for number in (1, 2)]
    text = backend().compose(KEYS, ours, ours, [])
    assert text.startswith(KEYS)
    assert ifup(text, tmp_path)[2:] == ["100.1.0.0 255.255.0.0 10.99.0.253", "100.2.0.0 255.255.0.0 10.99.0.253"]
    added_later = text + "# ADDRESS9 is not one\nADDRESS4=192.0.2.0\nNETMASK4=255.255.255.0\nGATEWAY4=10.99.0.4\n"
    lines = [line for line in backend().parse(added_later, "idc0") if line.route in {one.route for one in ours}]
    without = backend().compose(added_later, [], [], lines)
    assert ifup(without, tmp_path) == [
        "198.51.100.0 255.255.255.0 10.99.0.1",
        "203.0.113.7 255.255.255.255 10.99.0.2",
        "192.0.2.0 255.255.255.0 10.99.0.4",
    ]
    assert without == KEYS + "# ADDRESS9 is not one\nADDRESS2=192.0.2.0\nNETMASK2=255.255.255.0\nGATEWAY2=10.99.0.4\n"


def test_the_numbers_of_a_file_need_not_begin_at_nought_while_nothing_goes():
    text = "ADDRESS7=198.51.100.0\nNETMASK7=255.255.255.0\nGATEWAY7=10.99.0.1\n"
    item = _types.item(route("100.1.0.0/16 via 10.99.0.253 dev idc0"))
    assert backend().compose(text, [item], [item], []).startswith(text)
    assert "ADDRESS8=100.1.0.0" in backend().compose(text, [item], [item], [])


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"metric": 5}, "metric 5"),
        ({"table": 100}, "table 100"),
        ({"mtu": 1400}, "mtu 1400"),
        ({"onlink": True}, "onlink True"),
        ({"source": ipaddress.ip_address("10.99.0.11")}, "source 10.99.0.11"),
    ],
)
def test_what_keys_cannot_say_is_an_error_with_the_way_out(attributes, said):
    item = _types.item(route("100.1.0.0/16 via 10.99.0.253 dev idc0", **attributes))
    with pytest.raises(NodeError, match=f"cannot say {said} .* rewrite it as lines of ip route"):
        backend().compose(KEYS, [item], [item], [])


def test_a_line_of_several_entries_is_not_torn_apart():
    text = "ADDRESS0=100.1.0.0 NETMASK0=255.255.0.0 GATEWAY0=10.99.0.253 ADDRESS1=10.0.0.0 NETMASK1=255.0.0.0\n"
    lines = backend().parse(text, "idc0")
    with pytest.raises(NodeError, match="holds more than one entry"):
        backend().compose(text, [], [], lines[:1])


@pytest.mark.parametrize("text", [None, ROUTE_TEXT, KEYS, "no newline at the end", "# \udcff\r\n\t\r\n"])
def test_the_whole_module_and_back(system, text):
    system.node().remove(ROUTE_FILE)
    if text is not None:
        system.put(ROUTE_FILE, text)
    before = system.everything()
    assert run(system, **GIVEN)["changed"] is True
    assert system.text(ROUTE_FILE).startswith(text or "")
    assert run(system, **GIVEN)["changed"] is False
    run(system, state="absent")
    after = system.everything()
    if text and not text.endswith("\n"):  # a line of ours needed the one before it to end
        assert system.text(ROUTE_FILE) == text + "\n"
        system.put(ROUTE_FILE, text)
        after = system.everything()
    assert after == before


def test_a_file_that_goes_on_behind_its_end_takes_nothing(system):
    system.put(ROUTE_FILE, "198.51.100.0/24 via \\\n")
    with pytest.raises(static_routes.Refused, match="ends in a line that goes on"):
        run(system, **GIVEN)


def test_each_family_has_its_file(system):
    result = run(
        system, **{**GIVEN, "routes": [*GIVEN["routes"], {"destination": "fd01::/64", "gateway": "fd00:99::1"}]}
    )
    assert [one["data"]["path"] for one in result["results"]] == [ROUTE_FILE, ROUTE_FILE, SIX_FILE]
    assert system.text(SIX_FILE) == "fd01::/64 via fd00:99::1 dev idc0 metric 1024\n"
    run(system, state="absent")
    assert (system.text(SIX_FILE), system.text(ROUTE_FILE)) == (None, ROUTE_TEXT)


def test_a_line_of_the_site_is_taken_over_and_put_back_in_either_syntax(system):
    for text in ("100.118.28.0/24 via 10.99.0.1\n# end\n", KEYS.replace("198.51.100.0", "100.118.28.0")):
        system.put(ROUTE_FILE, text)
        with pytest.raises(static_routes.Refused, match=r"a line of somebody else for 100\.118\.28\.0/24"):
            run(system, **GIVEN)
        run(system, **GIVEN, takeover=True)
        assert "10.99.0.1\n" not in system.text(ROUTE_FILE).replace('"', "")
        run(system, state="absent")
        found = backend(system).parse(system.text(ROUTE_FILE), "idc0")
        assert {line.route for line in found} == {line.route for line in backend(system).parse(text, "idc0")}


def held_by_networkmanager(system, name="idc0"):
    path = f"/etc/sysconfig/network-scripts/ifcfg-{name}"
    system.devices, system.profiles = [f"idc0:connected:{UUID}"], {UUID: path}
    return path


def test_networkmanager_reads_its_profile_again_and_is_not_the_keyfile_backend(system):
    path = held_by_networkmanager(system)
    result = run(system, **GIVEN)
    assert result["results"][0]["data"]["backend"] == "network_scripts"
    assert [loaded for loaded, _text in system.loaded] == [path]
    # Without a metric it is one of the device's type there, so this line is not the wanted route.
    (line,) = backend(system).parse("100.118.28.0/24 via 10.99.0.253\n", "idc0")
    assert (line.route, line.slot[1]) == (None, -1)


def test_the_route_file_has_the_name_of_the_profile(system):
    held_by_networkmanager(system, "System_idc0")
    assert backend(system).locate(IDC0).endswith("/route-System_idc0")


def test_without_networkmanager_the_ifcfg_file_decides(system):
    assert backend(system).locate(IDC0) == ROUTE_FILE
    assert backend(system).weak_claim(IDC0) == f"{IFCFG}, read by ifup"
    system.node().remove(IFCFG)
    with pytest.raises(NodeError, match="has no ifcfg file"):
        backend(system).locate(IDC0)
    system.put("/etc/sysconfig/network-scripts/ifcfg-leased", "TYPE=Ethernet\nDEVICE='idc0'\n")
    assert backend(system).locate(IDC0).endswith("/route-leased")
    system.node().remove("/etc/sysconfig/network-scripts/ifup-eth")
    assert backend(system).weak_claim(IDC0) == ""


def test_the_old_file_for_all_interfaces_is_heeded(system):
    system.put(
        "/etc/sysconfig/static-routes",
        "any net 100.118.28.0 netmask 255.255.255.0 gw 10.99.0.1\neth0 host 100.103.99.73 gw 192.0.2.1\n# x\n",
    )
    with pytest.raises(static_routes.Refused, match=r"a line of somebody else for 100\.118\.28\.0/24"):
        run(system, **GIVEN)
