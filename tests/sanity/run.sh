#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs ansible-test sanity on a copy of the checkout that lies where ansible-test wants it.
set -eu
cd "$(dirname "$0")/../.."
python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
copy=$PWD/.cache/sanity/ansible_collections/ack_edge/node

rm -rf "$copy"
mkdir -p "$copy"
git ls-files -z --cached --others --exclude-standard -- ':!.collections' | tar --null --files-from=- --create | tar --extract --directory "$copy"

# ansible-test downloads an installer for pip into its own environments. Where it cannot, what Python brings does the
# same. A home of its own keeps that out of the user's.
export HOME="$PWD/.cache/sanity/home"
mkdir -p "$HOME/.ansible/test/cache"
for version in $(python3 -c '
import inspect, re
from ansible_test._internal import python_requirements
print(*re.findall(r"pip=.([0-9.]+)", inspect.getsource(python_requirements)))'); do
    printf 'import ensurepip\nensurepip.bootstrap(upgrade=True)\n' > "$HOME/.ansible/test/cache/get_pip_$(echo "$version" | tr . _).py"
done
cd "$copy"
# ansible-test asks git which files there are; without a repository of its own the copy would be ignored files of this one.
git init -q && git add -A

env -u ANSIBLE_CONFIG ansible-test sanity --local --python "$python" --color no "$@"
