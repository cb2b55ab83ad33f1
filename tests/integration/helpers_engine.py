# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engines of the collection, packed for a node on which a test runs one of them without Ansible."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import ansible

COLLECTION = Path(__file__).parents[2] / "plugins"
PACKAGE = "ansible_collections/ack_edge/node/plugins"


def packed(*packages: str) -> bytes:
    """Return a zip for PYTHONPATH, with these packages of module_utils and what they share."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for package in (Path(PACKAGE, "module_utils"), *Path(PACKAGE, "module_utils").parents[:-1]):
            made.writestr(f"{package}/__init__.py", "")
        # What the engine imports, and what that imports; no other engine is needed on the node.
        sources = [*COLLECTION.glob("module_utils/*.py")]
        for package in packages:
            sources += COLLECTION.glob(f"module_utils/{package}/**/*.py")
        for path in sources:
            made.write(path, f"{PACKAGE}/{path.relative_to(COLLECTION)}")
        # What a module gets of Ansible itself.
        core = Path(ansible.__file__).parent
        made.writestr("ansible/__init__.py", "")
        for path in core.glob("module_utils/**/*.py"):
            made.write(path, Path("ansible", path.relative_to(core)))
    return buffer.getvalue()
