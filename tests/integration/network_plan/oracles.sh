#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# oracles.sh DIRECTORY: puts there what tests compare with, once: the resource modules of the device vendors, which render
# commands without a device, and the modules of AWX (collections/, out of the package 'ansible'), and Aerleon (aerleon/).
set -eu

target=$1
# The Python that runs the tests, because Aerleon's libraries are made for one.
python=$PWD/.venv/bin/python
if [ ! -x "$python" ]; then python=python3; fi
version="ansible 12.3.0 aerleon 1.18.0, with awx.awx"
if [ "$(cat "$target/version" 2>/dev/null)" = "$version" ]; then exit 0; fi
rm -rf "$target"
mkdir -p "$target/download"
"$python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --dest "$target/download" ansible==12.3.0
"$python" - "$target" <<'SCRIPT'
import hashlib
import pathlib
import sys
import zipfile

target = pathlib.Path(sys.argv[1])
wanted = ("cisco/ios", "cisco/nxos", "cisco/iosxr", "arista/eos", "vyos/vyos", "ansible/netcommon", "ansible/utils", "awx/awx")
(wheel,) = (target / "download").glob("ansible-*.whl")
if hashlib.sha256(wheel.read_bytes()).hexdigest() != "cd156f82fa87f7a899212b0efa9f7ca3a24d609212de9f78428a572eb01e5414":
    sys.exit(f"{wheel.name} is not the file that was pinned here")
with zipfile.ZipFile(wheel) as package:
    names = [name for name in package.namelist() if name.startswith(tuple(f"ansible_collections/{one}/" for one in wanted))]
    package.extractall(target / "collections", [name for name in names if "/tests/" not in name])
SCRIPT
rm -rf "$target/download"
"$python" -m pip install --quiet --disable-pip-version-check --target "$target/aerleon" aerleon==1.18.0
echo "$version" > "$target/version"
