# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue: the published facts in ``vars/``, loaded once per process. Private to the collection.

It says what the vendor publishes and nothing else; what one node needs is put together in ``_requirements``.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # a PyYAML built without libyaml: the same result, slower
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]  # not the same class

# plugins/plugin_utils/_requirements/catalogue.py -> vars/; holds for a checkout as well as for an installed collection.
VARS = Path(__file__).resolve().parents[3] / "vars"

# File -> its top-level keys and their types. What is inside is held to a schema by the unit tests; here only what would
# otherwise end in a traceback far away from a file that somebody has edited or copied badly.
_SHAPE: dict[str, dict[str, type]] = {
    "regions.yml": {"address_space": dict, "closed_regions": dict, "unpublished_regions": dict, "regions": dict},
    "endpoints.yml": {"endpoints": list, "image_layers": dict, "addons": dict, "ntp": dict, "network_notes": dict},
    "inbound_ports.yml": {"inbound_ports": list},
    "system_tools.yml": {"system_tools": dict},
    "os_support.yml": {"newest_cluster": dict, "os_support": dict},
    "sources.yml": {"confidence": dict, "sources": dict},
}
# Key of the list or mapping -> keys that each of its entries must have.
_ENTRY_KEYS: dict[str, tuple[str, ...]] = {
    "regions": ("name", "cloud", "registry", "oss"),
    "endpoints": ("id", "purpose", "ports"),
    "inbound_ports": ("name", "purpose", "protocol", "ports"),
}


class CatalogueError(ValueError):
    """A file of the catalogue is missing or malformed; the text names file and place."""


class Catalogue:
    """Published facts. ``data`` maps the top-level keys of all files in ``vars/`` to their values; never change it."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.regions: Mapping[str, dict[str, Any]] = data["regions"]
        self.endpoints: list[dict[str, Any]] = data["endpoints"]
        self.inbound_ports: list[dict[str, Any]] = data["inbound_ports"]
        self.addons: Mapping[str, dict[str, Any]] = data["addons"]
        self.ntp: Mapping[str, Any] = data["ntp"]
        self.image_layers: Mapping[str, Any] = data["image_layers"]
        self.address_space: Mapping[str, Any] = data["address_space"]
        self.system_tools: list[dict[str, Any]] = data["system_tools"]["tools"]

    def nearest_regions(self, text: str) -> list[str]:
        """Return up to three ids that ``text`` may have meant, best first; [] if nothing is near.

        A name or a part of an id counts as near: ``beijing`` and ``Frankfurt`` are how people call a region.
        """
        wanted = text.strip().lower().replace("_", "-")
        named = [key for key, row in self.regions.items() if wanted and wanted in f"{key} {row['name']}".lower()]
        close = difflib.get_close_matches(wanted, list(self.regions), n=3, cutoff=0.6)
        return list(dict.fromkeys([*named, *close]))[:3]

    def os_support(self) -> list[dict[str, Any]]:
        """Return one row per architecture, system, version and kernel; ``cluster_max`` None = no upper limit named."""
        return [
            {
                "arch": row["arch"],
                "system": row["system"],
                "version": version,
                "kernel": row["kernel"],
                "cluster_min": row["cluster_min"],
                "cluster_max": row["cluster_max"],
            }
            for row in self.data["os_support"]["rows"]
            for version in row["versions"]
        ]


@functools.cache
def load(folder: Path = VARS) -> Catalogue:
    """Return the catalogue in ``folder``; read once per process.

    :raises CatalogueError: a file is missing, is no YAML or does not have the shape of this version of the collection.
    """
    data: dict[str, Any] = {}
    for name, shape in _SHAPE.items():
        data.update(_read(folder / name, shape))
    return Catalogue(data)


def _read(path: Path, shape: Mapping[str, type]) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise CatalogueError(f"cannot read {path}: {error.strerror}; install the collection again") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path} is not valid YAML: {error}") from error
    if not isinstance(content, dict):
        raise CatalogueError(f"{path}: expected a mapping with {', '.join(shape)}, found {_kind(content)}")
    for key, kind in shape.items():
        if not isinstance(content.get(key), kind):
            raise CatalogueError(f"{path}: {key} must be {_WORD[kind]}, found {_kind(content.get(key))}")
        for label, entry in _entries(content[key]):
            _check_entry(path, f"{key}.{label}", entry, _ENTRY_KEYS.get(key, ()))
    return content


def _entries(value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(str(key), entry) for key, entry in value.items()]
    return [(str(index), entry) for index, entry in enumerate(value)]


def _check_entry(path: Path, place: str, entry: Any, keys: tuple[str, ...]) -> None:
    if not keys:
        return
    if not isinstance(entry, dict):
        raise CatalogueError(f"{path}: {place} must be a mapping, found {_kind(entry)}")
    missing = [key for key in keys if key not in entry]
    if missing:
        raise CatalogueError(f"{path}: {place} lacks {', '.join(missing)}")


_WORD: dict[type, str] = {dict: "a mapping", list: "a list"}


def _kind(value: Any) -> str:
    return "nothing" if value is None else _WORD.get(type(value), repr(value))
