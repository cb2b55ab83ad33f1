# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""static_routes against the real generator of netplan, which sees nothing but scratch directories.

The kernel and the managers are those of the unit tests' node in memory; every word that netplan has on the files is its
own. Run with netplan.io installed: ``pytest tests/integration/routes/test_netplan.py``.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError, run_command
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import types
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import netplan_generator
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import Link
from fakes.kernel_routes import route
from fakes.managers import UUID
from fakes.netplan import KEYFILE, NETWORK, SITE, YAML
from fakes.routes import System, backends, run
from hypothesis import given
from hypothesis import strategies as st

IDC0 = Link("idc0", 3, ())
MANAGERS = {"netplan": NETWORK, "netplan_networkmanager": KEYFILE}
RENDERERS = ["networkd", "NetworkManager"]
GIVEN = {
    "gateway": "10.99.0.253",
    "routes": [
        {"destination": "100.103.99.73/32", "comment": "registry 华北2 - to: {[*&!|>%@`'\""},
        {
            "destination": "100.118.28.0/24",
            "metric": 7,
            "table": 100,
            "mtu": 1400,
            "onlink": True,
            "source": "10.99.0.11",
        },
        {"destination": "fd01::/64", "gateway": "fd00:99::1"},
    ],
}
SECRET = "a-secret-of-the-site"


@pytest.fixture(autouse=True, scope="module")
def generator():
    """The files of the machine that runs the tests stay as they are."""
    found = [path for path in netplan_generator.PROGRAMS if os.path.exists(path)]
    if not found:
        pytest.fail("needs netplan, which tests/integration/tools.sh installs")
    places = [
        Path("/etc/netplan"),
        Path("/run/systemd/network"),
        Path("/run/NetworkManager"),
        Path("/run/systemd/system"),
    ]
    before = [sorted(place.rglob("*")) for place in places]
    yield found[0]
    assert [sorted(place.rglob("*")) for place in places] == before


class Real(System):
    """A node in a scratch directory whose generator is the machine's."""

    def _generate(self, words, _stdin):
        root = words[1]
        assert words[0] == "--root-dir"
        assert not root.startswith(str(self.root)) and len(root) > 1
        program = next(path for path in netplan_generator.PROGRAMS if os.path.exists(path))
        done = run_command([program, *words])
        return done.out, done.err, done.rc


@pytest.fixture(params=MANAGERS)
def system(request, tmp_path):
    return Real(tmp_path, request.param)


@pytest.fixture
def node(tmp_path):
    """Return a function that makes a node from a text of the site; no manager runs on it."""

    def make(text, renderer="networkd"):
        system = Real(tmp_path, "netplan")
        system.networkd_runs = False
        system.put(SITE, f"network:\n  version: 2\n  renderer: {renderer}\n{text}", 0o600)
        return system

    return make


def boot(system):
    """Generate as netplan does at boot, in a scratch directory, and return {path: text}."""
    outcome = netplan_generator.generate(system.node(), "/nowhere")
    assert outcome.files is not None, outcome.words
    return outcome.files


def items(interface, *texts, **attributes):
    return [types.item(route(f"{text} dev {interface}", **attributes)) for text in texts]


def test_the_routes_come_out_and_go_again(system):
    before = boot(system)
    assert run(system, **GIVEN)["changed"]
    assert not run(system, **GIVEN)["changed"]
    files = boot(system)
    path = MANAGERS[system.manager]
    assert {name for name in files if files[name] != before[name]} == {path}
    after = files[path]
    if system.manager == "netplan":
        assert "\n[Route]\nDestination=100.103.99.73/32\nGateway=10.99.0.253\nMetric=0\n" in after
        section = after.partition("Destination=100.118.28.0/24\n")[2].partition("\n\n")[0]
        expected = "Gateway=10.99.0.253 GatewayOnLink=true MTUBytes=1400 Metric=7 PreferredSource=10.99.0.11 Table=100"
        assert sorted(section.split()) == expected.split()
        assert "\n[Route]\nDestination=fd01::/64\nGateway=fd00:99::1\nMetric=1024\n" in after
    else:
        assert "=100.103.99.73/32,10.99.0.253,0\n" in after
        number, options = re.search(
            r"\nroute(\d)=100.118.28.0/24,10.99.0.253,7\nroute\d_options=(.*)\n", after
        ).groups()
        assert sorted(options.split(",")) == ["mtu=1400", "onlink=true", "src=10.99.0.11", "table=100"], number
        assert "=fd01::/64,fd00:99::1,1024\n" in after
    assert run(system, state="absent")["changed"]
    assert system.text(YAML) is None
    assert boot(system) == before


def test_one_route_taken_out_by_hand_is_mended(system):
    run(system, **GIVEN)
    text = system.text(YAML)
    system.put(YAML, re.sub(r'      - to: "fd01.*\n.*\n.*\n', "", text), 0o600)
    result = run(system, **GIVEN)
    assert [one["data"]["changed"] for one in result["results"]] == [[], [], ["persisted"]]
    assert system.text(YAML) == text


def test_a_route_of_the_site_is_adopted_or_a_conflict(system):
    result = run(system, routes=["198.51.100.0/24"], gateway="10.99.0.1")
    assert result["results"][0]["data"]["adopted"] == ["persisted"]
    with pytest.raises(Exception, match=r"has another route to 198\.51\.100\.0/24 in the files of netplan"):
        run(system, routes=["198.51.100.0/24"], gateway="10.99.0.253")


DEFINITIONS = {
    "bond0": "  ethernets: {eth0: {}}\n  bonds: {bond0: {interfaces: [eth0], addresses: [10.1.1.1/24]}}\n",
    "br0": "  bridges: {br0: {addresses: [10.1.1.1/24]}}\n",
    "bond0.7": "  bonds: {bond0: {}}\n  vlans: {bond0.7: {id: 7, link: bond0, addresses: [10.1.1.1/24]}}\n",
    "gre0": "  tunnels: {gre0: {mode: gre, local: 10.2.2.2, remote: 10.3.3.3, addresses: [10.1.1.1/24]}}\n",
    "wan7": '  ethernets: {"a.b\\"c": {match: {name: wan7}, addresses: [10.1.1.1/24]}}\n',
    "lan3": '  ethernets: {x: {match: {macaddress: "52:54:00:11:22:33"}, set-name: lan3, addresses: [10.1.1.1/24]}}\n',
}


@pytest.mark.parametrize("renderer", RENDERERS)
@pytest.mark.parametrize("interface", DEFINITIONS)
def test_the_definition_and_its_section_are_found(node, interface, renderer):
    system = node(DEFINITIONS[interface], renderer)
    one = backends(system, "netplan")
    assert one.weak_claim(Link(interface, 9, ())).startswith("definition ")
    assert one.locate(Link(interface, 9, ())) == YAML
    wanted = items(interface, "100.1.0.0/16 via 10.1.1.254", "100.2.0.0/16 via 10.1.1.254", metric=5, onlink=True)
    text = one.compose("", wanted, [], [])
    one.refuse(YAML, text, interface, wanted)
    assert [line.route for line in one.parse(text, "")] == [item.route for item in wanted]


def test_a_wireless_interface(tmp_path):
    system = Real(tmp_path, "netplan_networkmanager")
    path = "/run/NetworkManager/system-connections/netplan-wl-0-at%20home.nmconnection"
    system.profiles = {UUID: path}
    system.put(
        SITE,
        f"network: {{renderer: NetworkManager, wifis: {{wl-0: {{match: {{name: idc0}}, addresses: [10.99.0.11/24], "
        f"access-points: {{at home: {{password: {SECRET}}}, other: {{password: {SECRET}}}}}}}}}}}\n",
        0o600,
    )
    assert run(system, routes=["100.1.0.0/16"], gateway="10.99.0.253")["changed"]
    assert 'wifis:\n    "wl-0":' in system.text(YAML)
    assert all("route1=100.1.0.0/16,10.99.0.253,0\n" in text for text in boot(system).values())


def test_a_definition_that_networkmanager_wrote(tmp_path):
    """What Ubuntu's NetworkManager makes of a profile that is made with nmcli."""
    system = Real(tmp_path, "netplan_networkmanager")
    name = f"NM-{UUID}"
    system.profiles = {UUID: f"/run/NetworkManager/system-connections/netplan-{name}.nmconnection"}
    text = (
        f"network:\n  version: 2\n  ethernets:\n    {name}:\n      renderer: NetworkManager\n"
        f'      match: {{name: "idc0"}}\n      addresses: ["10.99.0.11/24"]\n'
        f'      networkmanager:\n        uuid: "{UUID}"\n        name: "idc"\n'
        '        passthrough: {connection.autoconnect-priority: "-999"'
    )
    system.put(f"/etc/netplan/90-{name}.yaml", text + "}\n", 0o600)
    assert run(system, routes=["100.1.0.0/16"], gateway="10.99.0.253")["changed"]
    assert f'    "{name}":  # idc0\n' in system.text(YAML)
    assert run(system, state="absent")["changed"]
    system.put(f"/etc/netplan/90-{name}.yaml", text + ', ipv4.route1: "203.0.113.0/24,10.99.0.1,5"}\n', 0o600)
    with pytest.raises(Exception, match="would not write 1 of the routes"):
        refuse(system, IDC0, items("idc0", "100.1.0.0/16 via 10.99.0.253"))


def refuse(system, link, wanted):
    one = backends(system, "netplan")
    one.locate(link)
    one.refuse(YAML, one.compose("", wanted, [], []), link.name, wanted)


@pytest.mark.parametrize("name", ["00-a.yaml", "99-a.yaml"])
def test_a_definition_may_stand_before_our_file_or_behind_it(tmp_path, name):
    system = Real(tmp_path, "netplan")
    system.put(f"/etc/netplan/{name}", system.text(SITE), 0o600)
    system.root.joinpath(SITE[1:]).unlink()
    assert run(system, **GIVEN)["changed"]
    assert "Destination=100.103.99.73/32" in boot(system)[NETWORK]


def test_a_definition_that_cannot_be_added_to_says_why(node):
    """A VLAN behind our file: netplan wants its link where it is first named."""
    system = node("  ethernets: {eth0: {}}\n")
    system.put(
        "/etc/netplan/99-a.yaml", "network: {vlans: {v5: {id: 5, link: eth0, addresses: [10.1.1.1/24]}}}\n", 0o600
    )
    with pytest.raises(NodeError, match=r"ignores .* for interface v5 .*missing 'link' property"):
        backends(system, "netplan").locate(Link("v5", 9, ()))


def test_a_route_that_netplan_drops_is_refused(node):
    system = node("  ethernets: {eth0: {addresses: [10.1.1.1/24]}}\n", "NetworkManager")
    with pytest.raises(NodeError, match=r"would not write 1 of .*: fd01::/64 via fd00::1 dev eth0 is omitted .*IPv6"):
        refuse(system, Link("eth0", 9, ()), items("eth0", "100.1.0.0/16 via 10.1.1.254", "fd01::/64 via fd00::1"))


def test_a_text_that_netplan_refuses_is_refused_in_its_words(node):
    system = node(f"  ethernets: {{eth0: {{}}}}\n  wifis: {{w0: {{access-points: {{x: {{password: {SECRET}}}}}}}}}\n")
    one = backends(system, "netplan")
    with pytest.raises(NodeError, match=rf"rejects the routes in {YAML}: {YAML}:1:.*changes device type") as caught:
        one.refuse(YAML, "network: {bonds: {eth0: {}}}", "eth0", [])
    assert "WARNING" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        f"  wifis: {{w0: {{access-points: {{x: {{password: {SECRET}, oops: 1}}}}}}}}\n",
        f"  wifis: {{w0: {{access-points: {{x: {{password: {SECRET}\n",
        f"  wifis:\n    w0:\n      access-points:\n        x:\n          password: '{SECRET}\n",
        "  ethernets: 7\n",
    ],
)
def test_files_that_netplan_refuses_as_they_are(node, text):
    with pytest.raises(NodeError, match=rf"even without our routes: {SITE}:\d+:\d+: ") as caught:
        backends(node(text), "netplan").locate(IDC0)
    assert SECRET not in str(caught.value)


def test_a_generator_that_crashes_never_gets_its_file(node):
    """netplan 0.106 crashes on routes for a VRF of another file, and would do so at boot; newer ones need not."""
    system = node("  vrfs: {v0: {table: 7}}\n")
    one = backends(system, "netplan")
    one.locate(Link("v0", 9, ()))
    wanted = items("v0", "100.1.0.0/16 via 10.1.1.254", table=7)
    system.put(YAML, one.compose("", wanted, [], []), 0o600)
    outcome = netplan_generator.generate(system.node(), "/nowhere")
    try:
        one.refuse(YAML, system.text(YAML), "v0", wanted)
        refused = ""
    except NodeError as error:
        refused = str(error)
    assert bool(refused) == (outcome.files is None)
    assert outcome.words in refused


@pytest.mark.parametrize("renderer", RENDERERS)
def test_several_interfaces_share_the_one_file(node, renderer):
    system = node(DEFINITIONS["bond0"] + DEFINITIONS["br0"], renderer)
    one = backends(system, "netplan")
    wanted = items("bond0", "100.1.0.0/16 via 10.1.1.254") + items("br0", "100.2.0.0/16 via 10.1.1.254")
    for interface in ("bond0", "br0"):
        one.locate(Link(interface, 9, ()))
    system.put(YAML, one.compose("", wanted, [], []), 0o600)
    one.refuse(YAML, system.text(YAML), "bond0", wanted)
    holding = {path for path, text in boot(system).items() if "100.1.0.0/16" in text or "100.2.0.0/16" in text}
    assert {re.search(r"netplan-(\w+)\.", path).group(1) for path in holding} == {"bond0", "br0"}
    assert {line.route.interface for line in one.parse(system.text(YAML), "bond0")} == {"bond0", "br0"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    one = backends(Real(tmp_path_factory.mktemp("node"), "netplan"), "netplan")
    one.locate(IDC0)
    return one


@given(st.text(st.characters(exclude_characters="\n"), max_size=20))
def test_a_comment_is_nothing_but_a_comment_to_netplan(prepared, comment):
    wanted = [one._replace(comment=comment) for one in items("idc0", "100.1.0.0/16 via 10.99.0.253")]
    prepared.refuse(YAML, prepared.compose("", wanted, [], []), "idc0", wanted)


def test_a_thousand_routes(system):
    routes = [f"100.{64 + number // 256}.{number % 256}.0/24" for number in range(1000)]
    result = run(system, gateway="10.99.0.253", routes=routes)
    assert {one["status"] for one in result["results"]} == {"pass"}
    text = boot(system)[MANAGERS[system.manager]]
    assert len(re.findall(r"Destination=100\.|^route\d+=100\.", text, re.MULTILINE)) == 1000
    assert not run(system, gateway="10.99.0.253", routes=routes)["changed"]


def test_the_command_says_the_same_as_its_generator(system, tmp_path_factory):
    """A user checks with 'netplan generate', of which a look only takes the part without side effects."""
    run(system, **GIVEN)
    root = tmp_path_factory.mktemp("root")
    target = root / "etc/netplan"
    target.mkdir(parents=True)
    for path in (SITE, YAML):
        copy = target / Path(path).name
        copy.write_bytes((system.root / path[1:]).read_bytes())
        copy.chmod(0o600)
    subprocess.run(["netplan", "generate", "--root-dir", root], check=True)
    for path, text in boot(system).items():
        assert (root / path[1:]).read_text() == text
