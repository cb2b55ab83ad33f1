#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Imports the built tarball as Ansible Galaxy and Automation Hub do, offline. The importer ends with 0 whatever it warns of.
# It does not repeat ansible-lint, which 'make lint' runs with the same profile.
set -eu
cd "$(dirname "$0")/../.."
set -- "$PWD"/build/ack_edge-node-*.tar.gz
# It writes a file where it is started.
mkdir -p .cache/importer
cd .cache/importer
log=importer.log
unset ANSIBLE_CONFIG
export GALAXY_IMPORTER_RUN_ANSIBLE_LINT=0

if ! python3 -m galaxy_importer.main "$1" >"$log" 2>&1 || grep -qE '^(WARNING|ERROR|CRITICAL)' "$log"; then
    cat "$log"
    exit 1
fi
tail -n 1 "$log"
