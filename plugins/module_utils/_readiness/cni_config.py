# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check cni_config: a CNI configuration that sorts before 10-flannel.conflist takes its place."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import PASS, WARN, verdict

ID = "cni_config"
TITLE = "no foreign CNI configuration"

DIRECTORY = "/etc/cni/net.d"
CLUSTER_FILE = "10-flannel.conflist"


def run(facts, inputs):
    """Warn about files that the container runtime would read before the cluster's own."""
    files = [name for name in facts.node.listdir(DIRECTORY) if name.endswith((".conf", ".conflist", ".json"))]
    before = [name for name in files if name < CLUSTER_FILE]
    if before:
        return verdict(ID, WARN, "%s has %s, which the container runtime reads instead of %s"
                       % (DIRECTORY, ", ".join(before), CLUSTER_FILE),
                       "move these files away before joining", "ls %s" % DIRECTORY, files=files)
    return verdict(ID, PASS, "no CNI configuration sorts before %s" % CLUSTER_FILE, reproduce="ls %s" % DIRECTORY,
                   files=files)
