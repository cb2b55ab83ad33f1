# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a release consists of and needs, as CycloneDX 1.6 in JSON, out of galaxy.yml and requirements.txt."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from packaging.requirements import Requirement

# Serial numbers follow from what is released, so that the same commit gives the same document.
_NAMESPACE = uuid.UUID("5f0a3a1e-61b7-4d5b-9e55-3c0f5f0f7c11")
# CycloneDX 1.6 has no ranges of versions.
RANGE = "ack_edge:version-range"


def sbom(
    galaxy: Mapping[str, Any], requirements: Iterable[str], checksum: str, committed: datetime.datetime
) -> dict[str, Any]:
    """Return the document of a release.

    :arg galaxy: content of galaxy.yml.
    :arg requirements: lines of requirements.txt; comments and empty lines are skipped.
    :arg checksum: SHA-256 of the tarball.
    :arg committed: when the commit of the release was made.
    """
    name = f"{galaxy['namespace']}.{galaxy['name']}"
    ours = f"{name}@{galaxy['version']}"
    python = [_python(Requirement(line)) for line in map(str.strip, requirements) if line and not line.startswith("#")]
    collections = [_collection(other, wanted) for other, wanted in sorted(galaxy["dependencies"].items())]
    needed = [*python, *collections]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{ours} {checksum}')}",
        "version": 1,
        "metadata": {
            "timestamp": committed.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "library",
                "bom-ref": ours,
                "name": name,
                "version": galaxy["version"],
                "description": galaxy["description"],
                "authors": [{"name": author} for author in galaxy["authors"]],
                "licenses": [{"license": {"id": license_id}} for license_id in galaxy["license"]],
                "hashes": [{"alg": "SHA-256", "content": checksum}],
                "purl": f"pkg:generic/{galaxy['namespace']}/{galaxy['name']}@{galaxy['version']}",
                "externalReferences": [
                    {"type": "vcs", "url": galaxy["repository"]},
                    {"type": "documentation", "url": galaxy["documentation"]},
                    {"type": "issue-tracker", "url": galaxy["issues"]},
                ],
            },
        },
        "components": needed,
        "dependencies": [
            {"ref": ours, "dependsOn": [component["bom-ref"] for component in needed]},
            *({"ref": component["bom-ref"]} for component in needed),
        ],
    }


def _python(wanted: Requirement) -> dict[str, Any]:
    return _component(wanted.name, str(wanted.specifier), f"pkg:pypi/{wanted.name.lower()}")


def _collection(name: str, wanted: str) -> dict[str, Any]:
    return _component(name, wanted, f"pkg:generic/{name.replace('.', '/')}")


def _component(name: str, wanted: str, purl: str) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "scope": "required",
        "purl": purl,
        "properties": [{"name": RANGE, "value": wanted}],
    }
