#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# setup.sh DIRECTORY: makes the Python environment of the tests and the demo there.
set -eu
cd "$(dirname "$0")/.."

missing=""
command -v ssh >/dev/null && command -v ssh-keygen >/dev/null || missing="$missing openssh-client"
command -v git >/dev/null || missing="$missing git"
command -v ip >/dev/null || missing="$missing iproute2"
command -v gpg >/dev/null || missing="$missing gnupg"
python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
if [ -n "$missing" ]; then
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "Please install:$missing" >&2
        exit 1
    fi
    apt-get update -qq
    # shellcheck disable=SC2086  # a list of packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed, this is $(python3 -V)" >&2; exit 1; }
if [ ! -x "$1/bin/pip" ]; then python3 -m venv "$1"; fi
"$1/bin/pip" install --quiet --disable-pip-version-check -r tests/requirements.txt
