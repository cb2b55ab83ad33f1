# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Aerleon generates the same permits out of the same flows, and knows every word that our files use.

Its output is read here: for FortiOS by the parser that reads ours, for PAN-OS out of XML, for nftables out of text.
"""

import ipaddress
import json
import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from ansible_collections.ack_edge.node.plugins.plugin_utils._network_plan.formats.registry import BY_NAME
from fakes.plan_formats import plan
from fakes.plan_parsers import ADD, FIREWALLS, Permit, fortios_tables, part

SITES = {"cn-beijing": "shanghai", "eu-west-1": "dublin", "cn-shanghai-finance-1": "shanghai"}
PLATFORMS = ("fortigate", "paloalto", "nftables")
RUNNER = """
import json, sys
from aerleon import api
from aerleon.lib import naming
answers = []
for definitions, policies in json.load(sys.stdin):
    names = naming.Naming()
    names.ParseDefinitionsObject(definitions, "")
    answers.append(list(api.Generate(policies, names).values()))
json.dump(answers, sys.stdout)
"""


def request(given, platform):
    """Return the definitions and the policy of a plan as Aerleon takes them."""
    networks, services, filters = {}, {}, []
    for direction in ("outbound", "inbound"):
        terms = []
        for number, flow in enumerate(given["flows"]):
            if flow["direction"] == direction:
                for side in ("sources", "destinations"):
                    name = f"NET{number}{side[0].upper()}"
                    networks[name] = {"values": [{"address": network} for network in flow[side]]}
                services[f"PORTS{number}"] = [
                    {
                        "protocol": flow["protocol"],
                        "port": f"{row['first']}-{row['last']}" if row["first"] != row["last"] else row["first"],
                    }
                    for row in flow["ports"]
                ]
                terms.append(
                    {
                        "name": f"T{number}",
                        "source-address": f"NET{number}S",
                        "destination-address": f"NET{number}D",
                        "destination-port": f"PORTS{number}",
                        "protocol": flow["protocol"],
                        "action": "accept",
                    }
                )
        ways = (given["site"]["zone_inside"], given["site"]["zone_outside"])
        ways = ways if direction == "outbound" else ways[::-1]
        options = "inet output" if platform == "nftables" else f"from-zone {ways[0]} to-zone {ways[1]}"
        filters.append({"header": {"targets": {platform: options}}, "terms": terms})
    return [{"networks": networks, "services": services}, [{"filename": "plan", "filters": filters}]]


@pytest.fixture(scope="module")
def generated(aerleon):
    keys = [(region, platform) for region in SITES for platform in PLATFORMS]
    done = subprocess.run(
        [sys.executable, "-c", RUNNER],
        input=json.dumps([request(plan(region, SITES[region]), platform) for region, platform in keys]),
        env={**os.environ, "PYTHONPATH": str(aerleon)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    texts = {}
    for key, files in zip(keys, json.loads(done.stdout), strict=True):
        (texts[key],) = files
    return texts


def ours(form, region):
    return FIREWALLS[form](part(BY_NAME[form].text(plan(region, SITES[region])), ADD))


def ports(text):
    numbers = [int(number) for number in text.split("-")]
    return numbers[0], numbers[-1]


def flat(permits):
    """Return permits one by one: Aerleon may write several ports as several rules, and may sort networks."""
    return sorted(
        (one.from_zone, one.to_zone, str(source), str(destination), one.protocol, port)
        for one in permits
        for source in one.sources
        for destination in one.destinations
        for port in one.ports
    )


@pytest.mark.parametrize("region", SITES)
def test_fortios(region, generated):
    addresses, groups, services, found, words = {}, {}, {}, [], {}
    for table, key, settings in fortios_tables(generated[region, "fortigate"].splitlines()):
        words.setdefault(table, set()).update(settings)
        if table == "firewall address":
            addresses[key] = ipaddress.ip_network("/".join(settings["subnet"]))
        elif table == "firewall addrgrp":
            groups[key] = frozenset(addresses[name] for name in settings["member"])
        elif table == "firewall service custom":
            services[key] = {name.split("-")[0]: settings[name] for name in settings if name.endswith("-portrange")}
        else:
            sides = [
                groups.get(settings[side][0]) or frozenset({addresses[settings[side][0]]})
                for side in ("srcaddr", "dstaddr")
            ]
            for name in settings["service"]:
                for protocol, ranges in services[name].items():
                    numbers = frozenset(ports(one) for one in ranges)
                    found.append(Permit(settings["srcintf"][0], settings["dstintf"][0], *sides, protocol, numbers))
    assert flat(found) == flat(ours("fortios", region).rules.values())
    lines = part(BY_NAME["fortios"].text(plan(region, SITES[region])), ADD)
    for table, _key, settings in fortios_tables(lines):
        assert {name.replace("udp", "tcp") for name in settings} <= {
            name.replace("udp", "tcp") for name in words[table]
        }


@pytest.mark.parametrize("region", SITES)
def test_panos(region, generated):
    root = ElementTree.fromstring(generated[region, "paloalto"]).find("./devices/entry/vsys/entry")

    def members(entry, path):
        return [member.text for member in entry.findall(f"./{path}/member")]

    addresses = {
        entry.get("name"): ipaddress.ip_network(entry.findtext("ip-netmask"))
        for entry in root.findall("./address/entry")
    }
    groups = {
        entry.get("name"): frozenset(addresses[name] for name in members(entry, "static"))
        for entry in root.findall("./address-group/entry")
    }
    services = {}
    for entry in root.findall("./service/entry"):
        (protocol,) = entry.find("protocol")
        services[entry.get("name")] = (
            protocol.tag,
            frozenset(ports(one) for one in protocol.findtext("port").split(",")),
        )
    found = []
    rules = root.findall("./rulebase/security/rules/entry")
    for entry in rules:
        assert (entry.findtext("action"), members(entry, "application")) == ("allow", ["any"])
        sides = [
            frozenset().union(*(groups.get(name) or {addresses[name]} for name in members(entry, side)))
            for side in ("source", "destination")
        ]
        for name in members(entry, "service"):
            zones = (members(entry, "from")[0], members(entry, "to")[0])
            found.append(Permit(*zones, *sides, *services[name]))
    assert flat(found) == flat(ours("panos", region).rules.values())
    # A set command is a path of this document.
    for line in part(BY_NAME["panos"].text(plan(region, SITES[region])), ADD):
        words = re.sub(r"\[ [^]]* \]", "X", line).split()[1:]
        if words[0] == "rulebase":
            assert {*words[4::2]} <= {child.tag for child in rules[0]}
            assert root.find("/".join([".", *words[:3]])) is not None
        elif words[0] == "service":
            assert root.find(f"./service/entry/{words[2]}/{words[3]}/{words[4]}") is not None
        else:
            assert root.find(f"./{words[0]}/entry/{words[2]}") is not None


@pytest.mark.parametrize("region", SITES)
def test_nftables(region, generated):
    def several(text):
        return [one for one in re.split(r"[{}, ]+", text) if one]

    rule = re.compile(
        r"ip saddr (\{.*?\}|\S+) ip daddr (\{.*?\}|\S+) (tcp|udp) dport (\{.*?\}|\S+) ct state new accept"
    )
    found = [
        Permit(
            "",
            "",
            frozenset(ipaddress.ip_network(one) for one in several(match[0])),
            frozenset(ipaddress.ip_network(one) for one in several(match[1])),
            match[2],
            frozenset(ports(one) for one in several(match[3])),
        )
        for match in rule.findall(generated[region, "nftables"])
    ]
    assert flat(found) == flat(ours("nftables", region).rules.values())
