# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The zone of firewalld that the profile of an interface names."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node
from ansible_collections.ack_edge.node.plugins.module_utils._system import profiles

UUID = "00000000-0000-4000-8000-000000000042"


def node(root, said=None):
    """Return a Node whose nmcli says these texts, {last word of the command: text}; None where there is none."""

    def run(argv, stdin=None, timeout=None):
        if said is None:
            return Completed(argv, 127, "", "nmcli: not found")
        return Completed(argv, 0, said.get(argv[-1], ""), "")

    return Node(run, str(root))


def put(root, path, text):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def test_networkmanager_says_it_of_what_it_holds(tmp_path):
    said = {"--active": f"{UUID}:idc0\n11111111-0000-4000-8000-000000000042:eth0\n", UUID: "connection.zone:internal\n"}
    assert profiles.zone_of(node(tmp_path, said), "idc0") == "internal"


def test_a_profile_without_a_zone_names_none(tmp_path):
    said = {"--active": f"{UUID}:idc0\n", UUID: "connection.zone:\n"}
    assert profiles.zone_of(node(tmp_path, said), "idc0") == ""


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "etc/NetworkManager/system-connections/a.nmconnection",
            "[connection]\nid=a\ninterface-name=idc0\nzone=internal\n\n[ipv4]\nzone=other\nmethod=auto\n",
        ),
        ("etc/sysconfig/network-scripts/ifcfg-idc0", 'DEVICE="idc0"\nZONE=internal # by hand\n'),
        ("etc/sysconfig/network-scripts/ifcfg-any", "ZONE='internal'\nDEVICE=idc0\n"),
    ],
)
@pytest.mark.parametrize("said", [None, {"--active": ""}])
def test_a_file_says_it_where_networkmanager_does_not_hold_the_interface(tmp_path, path, text, said):
    put(tmp_path, path, text)
    assert profiles.zone_of(node(tmp_path, said), "idc0") == "internal"
    assert profiles.zone_of(node(tmp_path, said), "idc1") == ""


def test_two_files_for_one_interface_say_nothing(tmp_path):
    put(tmp_path, "etc/sysconfig/network-scripts/ifcfg-idc0", "DEVICE=idc0\nZONE=internal\n")
    put(tmp_path, "etc/sysconfig/network-scripts/ifcfg-idc0.bak", "DEVICE=idc0\nZONE=public\n")
    assert profiles.zone_of(node(tmp_path), "idc0") == "internal"
    put(tmp_path, "etc/sysconfig/network-scripts/ifcfg-other", "DEVICE=idc0\nZONE=public\n")
    assert profiles.zone_of(node(tmp_path), "idc0") == ""
