# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""yum. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers.rpm import Rpm


class Yum(Rpm):
    """yum, of EL 7."""

    PROGRAM = "yum"
    # Else it installs what it finds, leaves out what it does not, and ends with 0.
    _PLAIN = ("--setopt=skip_missing_names_on_install=False", "--setopt=skip_broken=False")
