# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A file of our own beside those of netplan, which tells itself whose definition it adds to."""

from __future__ import annotations

import stat
import tempfile

import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import types
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import registry
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import Link
from fakes.kernel_routes import route
from fakes.managers import UUID
from fakes.netplan import ETH0, GENERATOR, IDC0, NETWORK, RENDERERS, ROUTES, SITE, SITE_TEXT, YAML
from fakes.routes import System, backends, run


@pytest.fixture(params=RENDERERS)
def system(request, tmp_path):
    return System(tmp_path, request.param)


@pytest.fixture
def chroot(tmp_path):
    """Return a node whose managers do not run."""
    system = System(tmp_path, "netplan")
    system.networkd_runs = False
    return system


def backend(system=None):
    return backends(system, "netplan")


def located(system, *links):
    one = backend(system)
    assert [one.locate(link) for link in links or (IDC0,)] == [YAML] * (len(links) or 1)
    return one


def site(system, text):
    system.put(SITE, "network:\n  version: 2\n" + text, 0o600)


def test_the_file_behind_the_manager_decides(system):
    assert backend(system).claim(IDC0) == f"definition lan, {RENDERERS[system.manager]}"
    assert backend(system).claim(ETH0) == ""
    choice = registry.choose(registry.backends(system.node(), "ack-edge"), IDC0, "auto")
    assert (choice[0].name, choice[1]) == ("netplan", YAML)


def test_files_of_others_are_not_netplans(tmp_path):
    assert backend(System(tmp_path / "1", "networkd")).claim(IDC0) == ""
    assert backend(System(tmp_path / "2", "networkmanager")).claim(IDC0) == ""
    system = System(tmp_path / "3", "networkd")
    system.put(GENERATOR, "")
    with pytest.raises(
        NodeError, match=r"is configured by /etc/systemd/network/20-idc0\.network, which netplan did not generate"
    ):
        backend(system).locate(IDC0)


def test_the_routes_go_to_the_definition_and_not_to_the_name(system):
    text = located(system).compose("", ROUTES[:1], [], [])
    assert yaml.safe_load(text)["network"] == {
        "version": 2,
        "ethernets": {
            "lan": {
                "routes": [
                    {
                        "to": "100.1.0.0/16",
                        "via": "10.99.0.253",
                        "metric": 7,
                        "table": 100,
                        "from": "10.99.0.11",
                        "on-link": True,
                        "mtu": 1400,
                    }
                ]
            }
        },
    }


@pytest.mark.parametrize(
    ("section", "name", "keys"),
    [
        ("bonds", "bond0", "{interfaces: []}"),
        ("bridges", "br-x.7", "{interfaces: []}"),
        ("vlans", "eth0.5", "{id: 5, link: eth0}"),
        ("tunnels", "t0", "{mode: sit}"),
        ("vrfs", "v0", "{table: 7}"),
    ],
)
def test_the_section_is_found_by_trying(chroot, section, name, keys):
    site(chroot, f"  {section}: {{{name}: {keys}}}\n")
    one = located(chroot, Link(name, 9, ()))
    text = one.compose("", [types.item(route(f"100.1.0.0/16 via 10.1.0.1 dev {name}"))], [], [])
    assert list(yaml.safe_load(text)["network"][section]) == [name]


def test_a_wireless_profile_carries_the_name_of_its_network_too(tmp_path):
    system = System(tmp_path, "netplan_networkmanager")
    path = "/run/NetworkManager/system-connections/netplan-wl-0-at%20home.nmconnection"
    system.profiles = {UUID: path}
    site(system, "  renderer: NetworkManager\n  wifis: {wl-0: {match: {name: idc0}, access-points: {at home: {}}}}\n")
    assert list(yaml.safe_load(located(system).compose("", ROUTES, [], []))["network"]["wifis"]) == ["wl-0"]


def test_several_interfaces_share_the_one_file(chroot):
    one = located(chroot, IDC0, ETH0)
    wanted = [*ROUTES, types.item(route("100.4.0.0/16 via 192.0.2.1 dev eth0"), comment="four")]
    lines = one.parse(one.compose("", wanted, [], []), "idc0")
    assert {line.route.interface for line in lines} == {"idc0", "eth0"}
    one.refuse(YAML, one.compose("", wanted, [], []), "idc0", wanted)


def test_an_interface_that_was_not_located_has_no_definition(chroot):
    with pytest.raises(NodeError, match=r"interface idc0 has routes in .* but no definition"):
        backend(chroot).compose("", ROUTES, [], [])


def test_without_a_manager_the_generated_files_decide(chroot):
    assert backend(chroot).claim(IDC0) == ""
    assert backend(chroot).weak_claim(IDC0) == "definition lan names it"
    located(chroot)


def test_without_netplan_there_is_no_claim_and_a_clear_error(tmp_path):
    system = System(tmp_path, "ifupdown")
    assert backend(system).weak_claim(IDC0) == ""
    with pytest.raises(NodeError, match=r"netplan's generator is not at .*; install netplan\.io"):
        backend(system).locate(IDC0)


@pytest.mark.parametrize(
    "text",
    ["  ethernets: {other: {dhcp4: true}}\n", "  ethernets: {a: {match: {name: idc0}}, b: {match: {name: idc0}}}\n"],
)
def test_an_interface_that_none_or_two_definitions_name_is_an_error(chroot, text):
    site(chroot, text)
    assert backend(chroot).weak_claim(IDC0) == ""
    with pytest.raises(NodeError, match="idc0 has no definition in netplan that can hold its routes, or several"):
        backend(chroot).locate(IDC0)


def test_a_definition_of_two_links_is_an_error(tmp_path):
    system = System(tmp_path, "netplan")
    system.put("/run/systemd/netif/links/2", system.text("/run/systemd/netif/links/3"))
    with pytest.raises(NodeError, match="configures other interfaces than idc0"):
        backend(system).locate(IDC0)


def test_a_profile_for_any_of_several_links_is_an_error(tmp_path):
    system = System(tmp_path, "netplan_networkmanager")
    site(system, '  renderer: NetworkManager\n  ethernets: {lan: {match: {name: "en*"}}}\n')
    with pytest.raises(NodeError, match="may configure other interfaces than idc0"):
        backend(system).locate(IDC0)


def test_two_links_on_one_profile_are_an_error(tmp_path):
    system = System(tmp_path, "netplan_networkmanager")
    system.devices.append(f"eth0:connected:{UUID}")
    one = located(system)
    with pytest.raises(NodeError, match="configures both idc0 and eth0"):
        one.locate(ETH0)


def test_what_runs_and_is_no_longer_in_the_files_is_an_error(system):
    site(system, "  ethernets: {eth0: {}}\n")
    with pytest.raises(NodeError, match=r"which the files in /etc/netplan no longer generate; .*netplan apply"):
        backend(system).locate(IDC0)


def test_files_that_netplan_refuses_as_they_are(system):
    site(system, "  ethernets: [\n")
    with pytest.raises(NodeError) as caught:
        backend(system).locate(IDC0)
    assert f"even without our routes: {SITE}:1:1: Invalid YAML" in str(caught.value)
    assert "password" not in str(caught.value)
    assert "WARNING" not in str(caught.value)


def test_a_definition_that_nothing_can_be_added_to(chroot):
    """A file that is read after ours: what it defines has no type yet when ours is read."""
    chroot.put("/etc/netplan/99-late.yaml", "network: {vlans: {v5: {id: 5, link: eth0}}}\n", 0o600)
    with pytest.raises(NodeError, match=r"ignores .* for interface v5 .*: .*v5: missing 'link' property"):
        backend(chroot).locate(Link("v5", 9, ()))


def test_neighbours_are_the_routes_of_the_site(system):
    system.put(YAML, located(system).compose("", ROUTES, [], []), 0o600)
    lines = located(system).foreign(YAML, "idc0")
    assert [line.route for line in lines] == [route("198.51.100.0/24 via 10.99.0.1 dev idc0")]


def test_neighbours_are_also_drop_ins_of_the_generated_file(chroot):
    section = "[Route]\nDestination=100.{}.0.0/16\nGateway=10.99.0.253\n"
    directory = "/etc/systemd/network/10-netplan-lan.network.d"
    chroot.put(directory + "/site.conf", section.format(2))
    chroot.put(directory + "/ack-edge.conf", section.format(3))  # of a run with backend networkd
    chroot.put(NETWORK, section.format(4))  # what netplan generated last, with routes of ours in it
    found = [str(line.slot[0]) for line in located(chroot, IDC0, ETH0).foreign(YAML, "idc0")]
    assert found == ["198.51.100.0/24", "100.2.0.0/16"]


def test_nothing_is_asked_for_neighbours_where_nothing_is_wanted(system):
    """A set goes also where netplan is gone or refuses its files."""
    site(system, "  ethernets: [\n")
    assert backend(system).foreign(YAML, "idc0") == []
    assert not any(argv[0] == GENERATOR for argv in system.log)


@pytest.mark.parametrize("base", ["/run/netplan", "/usr/lib/netplan", "/lib/netplan"])
def test_all_directories_of_netplan_count(chroot, base):
    chroot.put(base + "/10-more.yaml", "network: {ethernets: {lan: {routes: [{to: 100.7.0.0/16, via: 10.99.0.1}]}}}\n")
    chroot.put(base + "/.10-no.yaml", "network: [\n")
    chroot.put(base + "/README", "network: [\n")
    assert "100.7.0.0/16" in [str(line.slot[0]) for line in located(chroot).foreign(YAML, "idc0")]


def test_what_comes_out_as_it_is_wanted_is_not_refused(system):
    one = located(system)
    one.refuse(YAML, one.compose("", ROUTES, [], []), "idc0", ROUTES)


def test_a_text_that_netplan_does_not_take_is_refused_in_its_words(system):
    with pytest.raises(NodeError) as caught:
        located(system).refuse(YAML, "network: {bonds: {lan: {}}}", "idc0", ROUTES)
    assert f"rejects the routes in {YAML}: {YAML}:1:1: Error in network definition: Updated" in str(caught.value)
    assert "password" not in str(caught.value)


def test_a_generator_that_crashes_is_a_refusal(system):
    one = located(system)
    system._generate = lambda *_: ("", "** (generate:1): WARNING **: too open\n", -11)
    with pytest.raises(NodeError, match=r"rejects .*: its generator ended with status -11 and no message;"):
        one.refuse(YAML, one.compose("", ROUTES, [], []), "idc0", ROUTES)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"table": 7}, "becomes .* table 7, with another table;"),
        ({"mtu": 1400, "metric": 5}, "becomes .* metric 5 mtu 1400, with another metric, mtu;"),
    ],
)
def test_a_route_that_comes_out_changed_is_refused(system, attributes, expected):
    one = located(system)
    wanted = route("100.1.0.0/16 via 10.99.0.253 dev idc0")
    text = one.compose("", [types.item(wanted._replace(**attributes))], [], [])
    with pytest.raises(NodeError, match=rf"would not write 1 of the routes.*: 100\.1\.0\.0/16 .*{expected}"):
        one.refuse(YAML, text, "idc0", [types.item(wanted)])


def test_a_route_that_is_left_out_is_refused(tmp_path):
    system = System(tmp_path, "netplan_networkmanager")
    system.put(SITE, SITE_TEXT.format(renderer="NetworkManager").replace(', "fd00:99::11/64"', ""), 0o600)
    one = located(system)
    with pytest.raises(NodeError, match=r"would not write 1 of .*: fd01::/64 .* is omitted .*IPv6"):
        one.refuse(YAML, one.compose("", ROUTES, [], []), "idc0", ROUTES)


def test_a_file_that_another_hides_is_refused(system):
    system.put("/run/netplan/90-ack-edge.yaml", "network: {}\n")  # hides ours
    one = located(system)
    text = one.compose("", ROUTES, [], [])
    with pytest.raises(NodeError, match="would not write 3 of the routes"):
        one.refuse(YAML, text, "idc0", ROUTES)


def test_a_route_of_the_site_that_would_get_lost_is_refused(system):
    one = located(system)
    changed = system.text(SITE).replace("198.51.100.0/24", "198.51.100.0/25")
    system.put("/run/netplan/50-site.yaml", changed)  # hides the file that was there before
    with pytest.raises(NodeError, match=r": it drops 198\.51\.100\.0/24 via 10\.99\.0\.1 dev idc0 of the site;"):
        one.refuse(YAML, one.compose("", ROUTES, [], []), "idc0", ROUTES)


def test_nothing_stays_in_the_scratch_directory(tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    system = System(tmp_path / "node", "netplan")
    modes = []
    generate = system._generate
    system._generate = lambda words, stdin: modes.append(scratch.joinpath(words[1]).stat()) or generate(words, stdin)
    located(system)
    site(system, "  ethernets: [\n")
    with pytest.raises(NodeError):
        backend(system).locate(IDC0)
    assert {stat.S_IMODE(mode.st_mode) for mode in modes} == {0o700}
    assert list(scratch.iterdir()) == []


def test_a_scratch_directory_that_cannot_be_made_is_a_clear_error(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    with pytest.raises(NodeError, match=r"cannot be tested in .*/missing: No such file"):
        backend(System(tmp_path / "node", "netplan")).locate(IDC0)


def test_our_file_is_found_without_a_manifest_and_is_nobody_elses_to_read(system):
    assert backend(system).own_files() == []
    result = run(system, routes=["100.1.0.0/16"], gateway="10.99.0.253")
    assert result["changed"]
    assert backend(system).own_files() == [(YAML, "")]
    assert stat.S_IMODE((system.root / YAML[1:]).stat().st_mode) == 0o600


def test_a_route_of_the_site_is_adopted_or_a_conflict(system):
    result = run(system, routes=["198.51.100.0/24"], gateway="10.99.0.1")
    assert result["results"][0]["data"]["adopted"] == ["persisted"]
    assert system.text(YAML) is None
    with pytest.raises(Exception, match="has another route to 198"):
        run(system, routes=["198.51.100.0/24"], gateway="10.99.0.253")


def test_nobody_is_told_anything(system):
    backend(system).loaded(YAML)
    assert system.log == []
