# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file in vars/ against its schema: no key too many, none missing, every value of the right form."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest
import yaml
from ansible_collections.ack_edge.node.plugins.plugin_utils._requirements.catalogue import VARS

Schema = dict[str, Any]


def obj(required: Schema, optional: Schema | None = None) -> Schema:
    properties = {**required, **(optional or {})}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def arr(items: Schema, minimum: int = 1) -> Schema:
    return {"type": "array", "items": items, "minItems": minimum, "uniqueItems": True}


def mapping(keys: str, values: Schema) -> Schema:
    return {"type": "object", "patternProperties": {keys: values}, "additionalProperties": False, "minProperties": 1}


def text(pattern: str = r"\S") -> Schema:
    return {"type": "string", "pattern": pattern}


def nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


SOURCES = set(yaml.safe_load((VARS / "sources.yml").read_text())["sources"])
LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
NAME = text(r"^[a-z][a-z0-9_]*$")
REGION_ID = r"^[a-z]{2}-[a-z]+(-[a-z0-9]+)*$"
HOST = text(rf"^{LABEL}(\.{LABEL})+$")
HOST_PATTERN = text(r"^[a-z0-9.{}-]+\.aliyuncs\.com$")
CIDR = text(r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$")
ADDRESS = text(r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$")
VERSION = text(r"^1\.[0-9]+(\.[0-9]+-[a-z]+\.[0-9]+)?$")
PORT = {"type": "integer", "minimum": 1, "maximum": 65535}
CONFIDENCE = text(r"^(seed(\+[1-9])?|copies:[1-9]|single|conflicting|derived)$")
CITED = {"type": "array", "items": {"enum": sorted(SOURCES)}, "minItems": 1, "uniqueItems": True}
TRUST = {"confidence": CONFIDENCE, "sources": CITED}
PROTOCOL = {"enum": ["tcp", "tls", "https", "ntp", "udp"]}

ENDPOINT_HOST = {
    "oneOf": [
        obj({"name": NAME, "host": HOST_PATTERN}, {"overrides": mapping(REGION_ID, HOST)}),
        obj({"name": NAME, "variable": {"enum": ["api_server", "tunnel_server", "raven_gateway"]}}),
    ]
}
ENDPOINT_MODE = obj(
    {"hosts": arr(ENDPOINT_HOST), "networks": {"enum": ["none", "registry", "oss", "vpc"]}, **TRUST},
)
ADDON = obj({"host": HOST, "routes": arr(CIDR), **TRUST})
ADDON_PORTS = arr(
    obj({"port": PORT, "protocol": PROTOCOL, **TRUST}, {"suffix": text("^_[a-z0-9]+$"), "required": {"const": False}})
)
FROM = arr({"enum": ["vpc_cidrs", "node_cidrs", "bgp_neighbours"]})
TOOL_PACKAGES = obj({"debian": arr(text()), "redhat": arr(text())}) | {
    "additionalProperties": False,
    "patternProperties": {r"^[a-z]+-[0-9.]+$": arr(text())},  # ID-VERSION of os-release
}

SCHEMAS: dict[str, Schema] = {
    "regions.yml": obj(
        {
            "address_space": obj({"service_supernet": CIDR, "vpc_dns": arr(ADDRESS), **TRUST}),
            "closed_regions": mapping(REGION_ID, text()),
            "unpublished_regions": mapping(REGION_ID, obj({"name": text(), **TRUST})),
            "regions": mapping(
                REGION_ID,
                obj(
                    {
                        "name": text(),
                        "cloud": {"enum": ["public", "finance"]},
                        "edge_listed": {"enum": [True, None]},
                        "registry": nullable(obj({"host": HOST, "routes": arr(CIDR), **TRUST})),
                        "oss": arr(
                            obj(
                                {"id": text("^oss-"), "hosts": arr(HOST), "ranges": arr(CIDR), **TRUST},
                                {"variant": {"const": "finance-public"}, "ack_page": {"const": False}},
                            ),
                            minimum=0,
                        ),
                    },
                    {"addons": {**obj({}, {"logging": ADDON, "monitoring": ADDON}), "minProperties": 1}},
                ),
            ),
        }
    ),
    "endpoints.yml": obj(
        {
            "endpoints": arr(
                obj(
                    {
                        "id": NAME,
                        "purpose": text(),
                        "ports": arr(
                            obj(
                                {"port": PORT, "protocol": PROTOCOL},
                                {
                                    "since": VERSION,
                                    "before": VERSION,
                                    "suffix": text("^_[a-z0-9]+$"),
                                    "required": {"const": False},
                                    "purpose": text(),
                                    **TRUST,
                                },
                            )
                        ),
                        "ports_confidence": CONFIDENCE,
                        "ports_sources": CITED,
                    },
                    {"since": VERSION, "before": VERSION, "internet": ENDPOINT_MODE, "leased_line": ENDPOINT_MODE},
                )
            ),
            "image_layers": obj({"purpose": text(), "port": PORT, "protocol": PROTOCOL, **TRUST}),
            "addons": obj(
                {
                    name: obj(
                        {"purpose": text(), "ports": ADDON_PORTS},
                        {"more_hosts": arr(obj({"name": NAME, "host": HOST_PATTERN, **TRUST}))},
                    )
                    for name in ("logging", "monitoring")
                }
            ),
            "network_notes": obj(
                {
                    "raven_tunnel": obj({"protocol": {"const": "udp"}, "port": PORT, **TRUST}),
                    "not_carried": obj({"protocol": {"const": "udp"}, "port": PORT, **TRUST}),
                    "reverse_access": obj({"network": CIDR, **TRUST}),
                    "api_server_eip": obj(TRUST),
                }
            ),
            "ntp": obj(
                {
                    "purpose": text(),
                    "port": PORT,
                    "servers": arr(HOST),
                    **TRUST,
                    "vpc_servers": arr(HOST),
                    "vpc_confidence": CONFIDENCE,
                    "vpc_sources": CITED,
                }
            ),
        }
    ),
    "inbound_ports.yml": obj(
        {
            "inbound_ports": arr(
                obj(
                    {
                        "name": NAME,
                        "purpose": text(),
                        "protocol": {"enum": ["tcp", "udp"]},
                        "ports": arr(PORT),
                        "leased_line": obj({"from": FROM, **TRUST}),
                    },
                    {
                        "cni": arr({"enum": ["flannel", "terway-edge"]}),
                        "internet": obj({"from": FROM, **TRUST}, {"disputed": {"const": True}, "against": CITED}),
                    },
                )
            )
        }
    ),
    "system_tools.yml": obj(
        {
            "system_tools": obj(
                {
                    **TRUST,
                    "packages_confidence": CONFIDENCE,
                    "tools": arr(
                        obj(
                            {"name": text(), "commands": arr(text(r"^[a-z]+$")), "packages": TOOL_PACKAGES},
                            {
                                "alternatives": arr(
                                    obj({"name": text(), "commands": arr(text()), "packages": TOOL_PACKAGES})
                                ),
                                "displaces": obj({}, {"debian": arr(text()), "redhat": arr(text())}),
                                "replaces": obj({}, {"debian": arr(text()), "redhat": arr(text())}),
                            },
                        )
                    ),
                }
            )
        }
    ),
    "os_support.yml": obj(
        {
            "newest_cluster": obj({"version": VERSION, "since": text(r"^[0-9]{4}-[0-9]{2}$"), **TRUST}),
            "os_support": obj(
                {
                    **TRUST,
                    "rows": arr(
                        obj(
                            {
                                "arch": {"enum": ["amd64", "arm64"]},
                                "system": text(),
                                "versions": arr(text()),
                                "kernel": text(r"^[0-9]+\.[0-9]+$"),
                                "cluster_min": VERSION,
                                "cluster_max": nullable(VERSION),
                            }
                        )
                    ),
                }
            ),
        }
    ),
    "terraform_arguments.yml": obj(
        {
            "terraform_arguments": mapping(
                r"^alicloud_[a-z_]+$",
                obj(
                    {"page": NAME, "sources": CITED, "required": arr(NAME, 0), "optional": arr(NAME, 0)},
                    {"blocks": mapping("^[a-z_]+$", arr(NAME))},
                ),
            )
        }
    ),
    "sources.yml": obj(
        {
            "compiled": text(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
            "confidence": mapping(r"^[a-zN:+]+$", text()),
            "sources": mapping(
                r"^[a-z0-9-]+$",
                obj(
                    {
                        "title": text(),
                        "url": nullable(text("^https://")),
                        "kind": {"enum": ["vendor-doc", "vendor-code", "third-party-source"]},
                    },
                    {"date": text("^[0-9]{4}"), "note": text()},
                ),
            ),
        }
    ),
}


def content(name: str) -> Any:
    return yaml.safe_load((VARS / name).read_text(encoding="utf-8"))


def test_there_is_a_schema_for_every_file() -> None:
    assert {path.name for path in VARS.glob("*.yml")} == set(SCHEMAS)


@pytest.mark.parametrize("name", SCHEMAS)
def test_file_follows_its_schema(name: str) -> None:
    errors = jsonschema.Draft202012Validator(SCHEMAS[name]).iter_errors(content(name))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_the_schema_would_notice() -> None:
    broken = content("regions.yml")
    broken["regions"]["cn-beijing"]["registry"]["routes"][0] = "100.103.99.73"
    broken["regions"]["cn-hangzhou"]["oss"][0]["vip_ranges"] = []
    errors = list(jsonschema.Draft202012Validator(SCHEMAS["regions.yml"]).iter_errors(broken))
    assert len(errors) == 2


def test_every_source_is_cited_or_explained() -> None:
    cited = set()
    for name in SCHEMAS:
        if name != "sources.yml":
            cited |= set(re.findall(r"[a-z0-9-]+", (VARS / name).read_text(encoding="utf-8")))
    # Read for the survey, but no fact that is carried here rests on them.
    assert SOURCES - cited == {"ack-add-node-2021", "ack-diagnose-zh", "ack-faq-en", "ens-provider"}


def test_names_of_endpoints_stay_unique() -> None:
    for mode in ("internet", "leased_line"):
        found: dict[str, list[Any]] = {}
        for entry in content("endpoints.yml")["endpoints"]:
            for host in entry.get(mode, {"hosts": []})["hosts"]:
                for port in entry["ports"]:
                    found.setdefault(host["name"] + port.get("suffix", ""), []).append(port)
        twice = {name: ports for name, ports in found.items() if len(ports) > 1}
        assert set(twice) <= {"control_plane", "control_plane_region", "oss_packages_http"}
        # One name may stand for two ports only if their versions exclude each other.
        for ports in twice.values():
            older, newer = sorted(ports, key=lambda port: "since" in port)
            assert older["before"] == newer["since"] and "since" not in older and "before" not in newer


def facts(value: Any) -> list[Any]:
    """Every mapping below a value that says how far it can be trusted."""
    if isinstance(value, list):
        return [found for item in value for found in facts(item)]
    if isinstance(value, dict):
        own = [value] if "confidence" in value and "sources" in value else []
        return own + [found for item in value.values() for found in facts(item)]
    return []


@pytest.mark.parametrize("name", sorted(set(SCHEMAS) - {"sources.yml"}))
def test_what_disagrees_is_told_by_its_own_word_or_named(name: str) -> None:
    for fact in facts(content(name)):
        assert not set(fact.get("against", [])) & set(fact["sources"])
        if fact.get("disputed"):
            assert fact["confidence"] == f"copies:{len(fact['sources'])}" and fact["against"]


def test_a_source_that_moved_says_where_to() -> None:
    note = content("sources.yml")["sources"]["seed"]["note"]
    named = set(re.findall(r"ack-[a-z0-9-]+[a-z0-9]", note))
    assert named == {"ack-public-en-2026-03", "ack-leased-en", "ack-leased-zh"} <= SOURCES
