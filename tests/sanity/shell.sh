#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Checks every file of the checkout that a shell runs; most of them have no suffix that says so.
set -eu
cd "$(dirname "$0")/../.."

set --
for file in $(git ls-files --cached --others --exclude-standard -- ':!.collections' ':!tests/unit/data'); do
    # A tracked file may be gone from the checkout.
    [ -f "$file" ] || continue
    case $(head -n 1 "$file" | tr -d '\0') in
        '#!/bin/sh' | '#!/bin/bash' | '#!/usr/bin/env bash') set -- "$@" "$file" ;;
    esac
done
exec shellcheck "$@"
