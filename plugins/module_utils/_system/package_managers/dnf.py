# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""dnf. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.rpm import Rpm


class Dnf(Rpm):
    """dnf, of EL 8 and later."""

    PROGRAM = "dnf"
    # iproute would bring iproute-tc, and crontabs a mail server; strict=0 of a site would leave out what is missing.
    _PLAIN = ("--setopt=install_weak_deps=False", "--setopt=strict=True")
