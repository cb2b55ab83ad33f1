# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parsers of FRR and nftables take our files, both parts: what adds and what takes out."""

import subprocess

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.registry import BY_NAME
from fakes.plan_formats import CASES, plan
from fakes.plan_parsers import TAKE_OUT, part
from helpers_packets import need_root, sh

MIXED = {"vpc_cidrs": ["192.168.0.0/16", "2408:4000::/32"], "node_cidrs": ["10.20.0.0/16", "2001:db8:20::/48"]}
PLANS = [
    *(lambda region=region, site=site: plan(region, site) for region, site in CASES),
    lambda: plan(**MIXED),
    lambda: plan(next_hop="2001:db8::1", **MIXED),
    lambda: plan(scope="supernet"),
    lambda: plan(next_hop=None),
    # One network of the site lies in another: sets of nftables refuse that, if nobody says what to do.
    lambda: plan(node_cidrs=["10.20.0.0/16", "10.20.4.0/22"]),
]


def vtysh(path):
    return subprocess.run(["vtysh", "-C", "-f", str(path)], check=False, capture_output=True, text=True)


@pytest.mark.parametrize("make", PLANS, ids=range(len(PLANS)))
def test_frr_parses_both_parts(make, frr, tmp_path):
    text = BY_NAME["frr"].text(make())
    files = {"add": text, "take_out": "\n".join(part(text, TAKE_OUT)) + "\n"}
    for name, content in files.items():
        path = tmp_path / name
        path.write_text(content)
        done = vtysh(path)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr


def test_frr_would_notice(frr, tmp_path):
    path = tmp_path / "frr.conf"
    path.write_text(BY_NAME["frr"].text(plan()).replace("permit", "permits", 1))
    assert vtysh(path).returncode != 0


@pytest.mark.parametrize("make", PLANS, ids=range(len(PLANS)))
def test_nft_loads_beside_other_tables_and_takes_out_only_its_own(make, tmp_path):
    need_root()
    text = BY_NAME["nftables"].text(make())
    path = tmp_path / "nftables.nft"
    path.write_text(text)
    sh("nft", "-c", "-f", str(path))
    # A namespace of its own, so that the rules of this machine stay out of it.
    script = f"""
        nft add table inet site
        nft add chain inet site forward '{{ type filter hook forward priority 0; policy drop; }}'
        nft list ruleset > {tmp_path}/before
        nft -f {path}
        nft list ruleset > {tmp_path}/with
        {chr(10).join(part(text, TAKE_OUT))}
        nft list ruleset > {tmp_path}/after
    """
    sh("unshare", "--net", "sh", "-eu", "-c", script)
    before, loaded, after = ((tmp_path / name).read_text() for name in ("before", "with", "after"))
    assert before == after
    assert before in loaded
    assert loaded.count(" accept comment ") == text.count(" accept comment ") > 0
