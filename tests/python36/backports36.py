# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
# ruff: noqa: B905, UP021
"""What tests call and Python 3.6 does not have; runs there. See rewrite.py."""

import socket
import subprocess

timeout = socket.timeout


def removeprefix(text, prefix):
    return text[len(prefix) :] if text.startswith(prefix) else text


def removesuffix(text, suffix):
    return text[: -len(suffix)] if suffix and text.endswith(suffix) else text


def strict_zip(*several):
    lists = [list(one) for one in several]
    assert len({len(one) for one in lists}) <= 1, "zip() of different lengths"
    return zip(*lists)


def run(argv, capture_output=False, text=None, **options):
    if capture_output:
        options.update(stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return subprocess.run(argv, universal_newlines=text, check=options.pop("check", False), **options)


def subnet_of(network, other):
    return network.version == other.version and other.network_address <= network[0] and network[-1] <= other[-1]


def union(left, right):
    return dict(left, **right) if isinstance(left, dict) else left | right
