#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Nodes may have nothing newer than Python 3.6, and no interpreter that old is at hand: the syntax and the standard
# library that the node's files use are held against it.
set -eu
cd "$(dirname "$0")/../.."
vermin --target=3.6- --no-tips --violations plugins/modules plugins/module_utils
