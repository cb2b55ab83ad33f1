# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of real versions of chronyc, replayed: the same values by every way that a version has."""

from pathlib import Path

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._node import Completed, Node
from ansible_collections.ack_edge.node.plugins.module_utils._system import chronyc

DATA = Path(__file__).parents[3] / "data/chrony"
USAGE = "Usage: chronyc [-h HOST] [-p PORT] [-n] [-c] [-d] [-4|-6] [-m] [COMMAND]\n"


def node(version, lacks):
    """Return a Node with the chronyc of a version, as it was recorded, without the options that it ``lacks``."""

    def run(argv, stdin=None, timeout=None):
        if argv[0] != "chronyc":
            return Completed(argv, 0, "10.98.0.254 STREAM ntp.idc.example\n", "")
        missing = [word for word in argv[1:] if word in lacks]
        if missing:
            return Completed(argv, 1, USAGE, f"chronyc: invalid option -- '{missing[0][1:]}'\n")
        name = "names" if "-N" in argv else argv[-1]
        return Completed(argv, 0, (DATA / version / f"{name}.{'csv' if '-c' in argv else 'txt'}").read_text(), "")

    return Node(run, "/nowhere")


@pytest.mark.parametrize(
    ("version", "lacks"),
    [
        ("3.2", ("-N",)),
        ("3.2", ("-N", "-c")),
        ("3.4", ("-N",)),
        ("3.4", ("-N", "-c")),
        ("4.0", ()),
        ("4.0", ("-N", "-c")),
    ],
)
def test_what_chronyd_says_is_read_with_and_without_newer_options(version, lacks):
    found = chronyc.tracking(node(version, lacks))
    assert (found.reference in ("10.98.0.254", "0A6200FE"), found.stratum, found.leap) == (True, 4, "Normal")
    assert found.synchronised
    assert found.offset < 0.001
    source = chronyc.sources(node(version, lacks), ["ntp.idc.example"])["ntp.idc.example"]
    assert (source.state, source.stratum, source.reach > 0) == ("*", 3, True)
    assert source.offset < 0.001
