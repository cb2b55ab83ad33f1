# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backend iptables with what old releases lack, in the words of the real ones."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from fakes.firewall import KUBELET, VXLAN, ensure, states
from fakes.iptables import iptables_system

CHAIN = "ACK-EDGE-ACK-EDGE"
OWN4 = "/etc/ack-edge/iptables-ack-edge.v4"
UNIT = "/etc/systemd/system/ack-edge-inbound-ack-edge.service"


@pytest.fixture
def made(tmp_path):
    def make(banner):
        system = iptables_system(tmp_path, banner)
        for name in ("/var/lib", "/run/lock"):
            system.path(name).mkdir(parents=True)
        for program in ("iptables", "ip6tables", "iptables-nft", "ip6tables-nft"):
            # No table beside filter, which the fake keeps.
            system.programs.setdefault(f"{program}-save", lambda _args, _stdin: (0, "", ""))
        return system

    return make


def starts(system):
    return [line for line in system.path(UNIT).read_text().splitlines() if line.startswith("ExecStart")]


def life(system):
    """See that a set comes, stays and goes, and return the lines of the unit."""
    files, tables = system.files(), {version: dict(table.chains) for version, table in system.tables.items()}
    assert states(ensure(system, [KUBELET, VXLAN])) == [("pass", "ok", "ok")] * 2
    lines = starts(system)
    assert not ensure(system, [KUBELET, VXLAN]).changed
    assert ensure(system, [KUBELET]).changed
    assert states(ensure(system, [KUBELET])) == [("pass", "ok", "ok")]
    assert ensure(system, [], present=False).changed
    assert system.files() == files
    assert {version: table.chains for version, table in system.tables.items()} == tables
    return lines


def without_seconds(system, plain):
    """Give a program the -w of upstream 1.4.21, and its restore none."""
    program, restore = system.programs[f"{plain}-legacy"], system.programs[f"{plain}-legacy-restore"]

    def old_program(args, stdin):
        if args[:1] == ["-w"] and args[1:2] == ["10"]:
            return 2, "", f"Bad argument `10'\nTry `{plain} -h' or '{plain} --help' for more information.\n"
        return program(["-w", "10", *args[1:]] if args[:1] == ["-w"] else args, stdin)

    def old_restore(args, stdin):
        if "-w" in args:
            return 1, "", "iptables-restore: invalid option -- 'w'\nCan't open 10: No such file or directory\n"
        return restore(["-w", "10", *args], stdin)

    system.programs[f"{plain}-legacy"], system.programs[f"{plain}-legacy-restore"] = old_program, old_restore


def test_a_wait_without_seconds_is_no_reason_to_stop(made):
    system = made("iptables v1.4.21")
    for plain in ("iptables", "ip6tables"):
        without_seconds(system, plain)
    assert life(system)[:2] == [
        f"ExecStart=-/usr/sbin/iptables-legacy -w -D INPUT -j {CHAIN}",
        f"ExecStart=/usr/sbin/iptables-legacy-restore --noflush {OWN4}",
    ]


def test_the_patched_iptables_of_el_7_is_used_as_any(made):
    assert life(made("iptables v1.4.21"))[:2] == [
        f"ExecStart=-/usr/sbin/iptables-legacy -w 60 -D INPUT -j {CHAIN}",
        f"ExecStart=/usr/sbin/iptables-legacy-restore -w 60 --noflush {OWN4}",
    ]


def nft_variant(system, *, broken):
    """Make the tables those of iptables-nft, whose restore stumbles over ':CHAIN -' where it is broken."""
    for plain, version in (("iptables", 4), ("ip6tables", 6)):
        restore = system.programs.pop(f"{plain}-legacy-restore")
        system.programs[f"{plain}-nft"] = system.programs.pop(f"{plain}-legacy")
        system.programs[plain] = system.programs[f"{plain}-nft"]
        for name in (f"{plain}-nft", f"{plain}-nft-restore"):
            system.path(f"/usr/sbin/{name}").touch()

        def of_1_8_4(args, stdin, version=version, restore=restore):
            if broken and "\n:" in stdin:
                return 2, "", "Bad argument `-'\nError occurred at line: 3\nTry `iptables-restore -h'.\n"
            if "RETURN" in stdin:  # the trial
                assert "--test" in args
                return 0, "", ""
            return restore(args, stdin)

        system.programs[f"{plain}-nft-restore"] = of_1_8_4
    del system.programs["nft"]
    for name in ("ip_tables_names", "ip6_tables_names"):
        system.path(f"/proc/net/{name}").write_text("")


def test_a_restore_that_makes_no_chain_by_its_line_has_it_made_by_the_unit(made):
    system = made("iptables v1.8.4 (nf_tables)")
    nft_variant(system, broken=True)
    assert life(system)[:4] == [
        f"ExecStart=-/usr/sbin/iptables-nft -w 60 -N {CHAIN}",
        f"ExecStart=/usr/sbin/iptables-nft -w 60 -F {CHAIN}",
        f"ExecStart=-/usr/sbin/iptables-nft -w 60 -D INPUT -j {CHAIN}",
        f"ExecStart=/usr/sbin/iptables-nft-restore -w 60 --noflush {OWN4}",
    ]
    ensure(system, [KUBELET])
    assert ":" not in system.path(OWN4).read_text()


def test_the_patched_1_8_4_of_el_8_is_used_as_any(made):
    system = made("iptables v1.8.4 (nf_tables)")
    nft_variant(system, broken=False)
    assert life(system)[:2] == [
        f"ExecStart=-/usr/sbin/iptables-nft -w 60 -D INPUT -j {CHAIN}",
        f"ExecStart=/usr/sbin/iptables-nft-restore -w 60 --noflush {OWN4}",
    ]


def test_another_refusal_of_a_listing_is_no_old_wait(made):
    system = made("iptables v1.8.9 (legacy)")
    good = system.programs["iptables-legacy"]
    system.programs["iptables-legacy"] = lambda args, stdin: (
        good(args, stdin) if args == ["-V"] else (3, "", "iptables: Permission denied (you must be root).\n")
    )
    with pytest.raises(NodeError, match=r"'iptables-legacy -w 10 -S' ended with status 3 and said: .*must be root"):
        ensure(system, [KUBELET])
