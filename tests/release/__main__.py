# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a release of the checkout in the current folder: make release VERSION=1.0.0 KEY=fingerprint."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from release.steps import Refused, prepare, release

parser = argparse.ArgumentParser(prog="make release", description=__doc__)
parser.add_argument("--version", required=True, help="version of the release, such as 1.0.0")
parser.add_argument("--key", default="", help="fingerprint of the GPG key that signs tag and files")
parser.add_argument("--out", default=Path("build/release"), type=Path, help="folder for the files")
parser.add_argument("--commit-only", action="store_true", help="make the commit; somebody with a key tags it later")
parser.add_argument("--dry-run", action="store_true", help="make the files, and leave the checkout as it is")
given = parser.parse_args()
try:
    if given.commit_only:
        prepare(Path.cwd(), given.version)
        print(f"The commit of {given.version} is in this checkout. Next: make release VERSION={given.version} KEY=...")
        sys.exit()
    files = release(Path.cwd(), given.version, given.key, given.out.resolve(), given.dry_run)
except Refused as error:
    sys.exit(f"No release was made: {error}")
for path in files:
    print(path)
if given.dry_run:
    print("Dry run: neither a commit nor a tag was made here.")
else:
    print(f"Commit and tag {given.version} are in this checkout. Next: git push origin HEAD {given.version}")
