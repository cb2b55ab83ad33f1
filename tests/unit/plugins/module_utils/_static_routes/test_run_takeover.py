# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking over what others route, files without a kernel, lost manifests."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.managers import PROFILE, PROFILE_TEXT
from fakes.routes import MANIFEST, System, run
from fakes.static_routes import (
    FOREIGN,
    GIVEN,
    LIVE,
    MANAGERS,
    path_of,
    refused,
)


@pytest.fixture(params=MANAGERS)
def system(request, tmp_path):
    return System(tmp_path, request.param)


def test_a_foreign_route_is_taken_over_if_asked_for_and_put_back(system):
    system.kernel.append(dict(FOREIGN))
    before = system.everything()
    predicted = run(system, check=True, **GIVEN, takeover=True)
    result = run(system, **GIVEN, takeover=True)
    assert predicted["diff"] == result["diff"]
    assert system.routes() == LIVE
    assert result["results"][1]["data"]["displaced"] == [
        "100.118.28.0/24 via 10.99.0.1 dev idc0 proto boot scope global metric 100 table 254"
    ]
    assert run(system, **GIVEN)["changed"] is False  # ours now, takeover or not
    gone = run(system, state="absent")
    assert "(active, restored)" in gone["diff"]["after"]
    assert system.everything() == before


def test_a_foreign_line_in_the_sites_profile_is_taken_over_and_put_back(tmp_path):
    system = System(tmp_path, "networkmanager")
    lines = "route1=100.118.28.0/24,10.99.0.1,0\nroute1_options=window=9\n"
    system.put(PROFILE, PROFILE_TEXT.replace("route1=198.51.100.0/24,10.99.0.1\n", lines), 0o600)
    text = system.text(PROFILE)
    with pytest.raises(NodeError, match=r"another route to .* or set takeover"):
        run(system, **GIVEN)
    run(system, **GIVEN, takeover=True)
    assert "window=9" not in system.text(PROFILE)
    assert run(system, **GIVEN)["changed"] is False
    run(system, state="absent")
    assert sorted(system.text(PROFILE).splitlines()) == sorted(text.splitlines())


def test_what_cannot_be_put_back_is_not_taken_over(system):
    system.kernel.append({**FOREIGN, "encap": "mpls"})
    assert "takeover cannot restore a route of this kind" in str(refused(system, takeover=True))


OFFLINE = {
    "live": False,
    "gateway": "10.99.0.253",
    "interface": "idc0",
    "routes": ["100.103.99.73/32", {"destination": "100.118.28.0/24", "source": "10.99.0.11"}],
}


def test_an_image_gets_files_only(system):
    system.links, system.kernel, system.devices = {}, [], []
    if system.manager == "networkd":
        system.node().remove("/run/systemd/netif/links/3")
    before = system.everything()
    name = system.manager.removesuffix("_networkmanager")  # two readers of the same files
    given = {**OFFLINE, "backend": name, "confirm_timeout": 30}
    predicted = run(system, check=True, **given)
    result = run(system, **given)
    assert (result["diff"], "awaiting_confirmation" in result) == (predicted["diff"], False)
    assert [(one["data"]["live"], one["data"]["changed"]) for one in result["results"]] == [
        ("unknown", ["persisted"])
    ] * 2
    assert system.text(path_of(system)) is not None
    assert run(system, **given)["changed"] is False
    run(system, state="absent", live=False)
    assert system.everything() == before
    assert not any(argv[0] == "ip" for argv in system.log)


def test_an_image_needs_the_backend_and_the_interface_by_name(system):
    found = str(refused(system, live=False))
    assert "backend is auto" in found
    assert "resolve is set" in found
    assert "interface is not set" in found


@pytest.mark.parametrize("manager", ["networkd", "ifupdown"])
def test_a_lost_manifest_does_not_leave_files_and_routes_for_ever(tmp_path, manager):
    system = System(tmp_path, manager)
    system.put("/sys/class/net/idc0/ifindex", "3\n")
    before = system.everything()
    run(system, **GIVEN)
    system.node().remove(MANIFEST)
    assert run(system, state="absent")["changed"] is True
    found = system.everything()
    leftover = {"/etc/systemd/network/20-idc0.network.d", "/var/lib/ack_edge", "/var/lib/ack_edge/routes"}
    found["files"] = {path: what for path, what in found["files"].items() if path not in leftover}
    assert found == before
