# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manager of an interface is the one that holds it now; two or none is an error that says who."""

from __future__ import annotations

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends import registry
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import Link
from fakes.managers import DROPIN, HOOK, PROFILE, UNIT
from fakes.routes import System

IDC0 = Link("idc0", 3, ())


def choose(system, option="auto"):
    backend, path = registry.choose(registry.backends(system.node(), "ack-edge"), IDC0, option)
    return backend.name, path


@pytest.mark.parametrize(("manager", "path"), [("networkmanager", PROFILE), ("networkd", DROPIN), ("ifupdown", HOOK)])
def test_the_one_that_holds_it(tmp_path, manager, path):
    assert choose(System(tmp_path, manager)) == (manager, path)


def test_two_are_an_error_that_names_both(tmp_path):
    system = System(tmp_path, "networkd")
    system._with_ifupdown()
    with pytest.raises(NodeError, match=r"systemd-networkd \(state configured.* and ifupdown \(up in"):
        choose(system)
    assert choose(system, "ifupdown") == ("ifupdown", HOOK)


def test_a_stanza_that_nobody_used_does_not_rival_who_holds_it(tmp_path):
    system = System(tmp_path, "networkd")
    system.put("/usr/sbin/ifup", "")
    system.put("/etc/network/interfaces", "iface idc0 inet dhcp\n")
    assert choose(system) == ("networkd", DROPIN)


def test_a_stanza_counts_where_nobody_holds_it(tmp_path):
    system = System(tmp_path, "")
    system.put("/usr/sbin/ifup", "")
    system.put("/etc/network/interfaces", "iface idc0 inet dhcp\n")
    assert choose(system) == ("ifupdown", HOOK)


def test_a_unit_of_our_own_is_for_what_nobody_holds(tmp_path):
    system = System(tmp_path, "")
    system.put("/run/systemd/system/x", "")
    assert choose(system) == ("systemd_unit", UNIT)


def test_none_is_an_error_that_says_what_was_looked_for(tmp_path):
    with pytest.raises(NodeError, match=r"nmcli device.*NETWORK_FILE.*ifstate"):
        choose(System(tmp_path, ""))


def test_the_files_of_a_set_cannot_be_those_of_another():
    names = ["ack-edge", "site", "ack-edge-site", "ack-edge-ack-edge"]
    assert len({registry.file_name(name) for name in names}) == len(names)


def test_a_store_knows_which_directories_it_would_make(tmp_path):
    system = System(tmp_path, "networkd")
    backend = registry.backends(system.node(), "ack-edge")["networkd"]
    store = registry.read(system.node(), backend, DROPIN, "idc0")
    assert (store.text, store.metadata_ok, store.missing) == (None, False, ("/etc/systemd/network/20-idc0.network.d",))
    system.put(DROPIN, "", 0o640)
    store = registry.read(system.node(), backend, DROPIN, "idc0")
    assert (store.text, store.metadata_ok, store.missing) == ("", False, ())
    system.put(DROPIN, "", 0o644)
    assert registry.read(system.node(), backend, DROPIN, "idc0").metadata_ok
