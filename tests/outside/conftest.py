# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests outside the lab share: lives of nodes under each ansible-core, which run beside the tests."""

from __future__ import annotations

import queue
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "tests" / "lab"), str(ROOT / ".collections")]

import helpers_life as life  # noqa: E402
import helpers_outside as outside  # noqa: E402
import python36  # noqa: E402
import topology  # noqa: E402

FIRST_MET = topology.OUTSIDE_NODES[4:6]
PAIRS = (topology.OUTSIDE_NODES[0:2], topology.OUTSIDE_NODES[2:4])


def pytest_addoption(parser):
    parser.addoption(
        "--cores", default="ends", choices=["ends", "all"], help="which ansible-core: oldest and newest, or all"
    )


def _chosen(config):
    return (
        topology.CONTROLLERS
        if config.getoption("cores") == "all"
        else topology.CONTROLLERS[:: len(topology.CONTROLLERS) - 1]
    )


def pytest_generate_tests(metafunc):
    if "lived" in metafunc.fixturenames:
        chosen = _chosen(metafunc.config)
        metafunc.parametrize("lived", chosen, ids=[item.series for item in chosen], indirect=True)


@pytest.fixture(scope="session")
def _lives(request):
    """All lives, begun at once: one on each pair of nodes at a time, beside the tests that wait for none."""
    pairs = queue.SimpleQueue()
    for pair in PAIRS:
        pairs.put(pair)

    def live(controller):
        pair = pairs.get()
        try:
            return life.live(controller, pair)
        except SystemExit as ended:  # the lab's own way to say that something is wrong
            raise AssertionError(str(ended)) from ended
        finally:
            pairs.put(pair)

    wanted = {
        item.callspec.params["lived"] for item in request.session.items if "lived" in getattr(item, "fixturenames", ())
    }
    # The cloud and the network are there before threads ask for them.
    life.start(FIRST_MET)
    pool = ThreadPoolExecutor(len(PAIRS))
    yield {controller: pool.submit(live, controller) for controller in topology.CONTROLLERS if controller in wanted}
    pool.shutdown(cancel_futures=True)


@pytest.fixture
def lived(request, _lives):
    """The life of two nodes under one ansible-core."""
    try:
        return _lives[request.param].result()
    except python36.Unavailable as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def admin(_lives):
    """Somebody at a controller with the newest ansible-core that can be had, and a node that nobody has prepared."""
    for controller in reversed(topology.CONTROLLERS):
        try:
            somebody = life.controller(controller)
            outside.know(somebody, "first", FIRST_MET)
            return somebody
        except python36.Unavailable as missing:
            reason = str(missing)
    pytest.skip(reason)
