# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``ip`` of a chosen iproute2 prints, out of entries in the shape of its JSON: the one fake of its text.

Blanks and line ends are those of the real ones (tests/unit/data/ip): until 4.1x two blanks before many words, none
at the end of some lines; since 4.1x one blank, and one at the end.
"""

from __future__ import annotations

import ipaddress

TODAY = (6, 1)
VERSIONS = ((4, 3), (4, 11), (4, 15), (4, 18), (5, 3), TODAY)
_OLD_BLANKS = (4, 16)
_UNKNOWN_OPTION = 'Option "{}" is unknown, try "ip -help".\n'


def unknown_option(option: str) -> str:
    """Return what ip says to an option that it does not know; its exit status is 255."""
    return _UNKNOWN_OPTION.format(option)


def address(links: list[dict], version: tuple[int, int] = TODAY) -> str:
    """Return the output of ``ip address show`` for entries as of ``ip -j address``."""
    return "".join(_link(index, entry) for index, entry in enumerate(links, 1))


def _link(index: int, entry: dict) -> str:
    name = entry["ifname"] + (f"@{entry['link']}" if "link" in entry else "")
    flags = ",".join(entry.get("flags", ["UP", "LOWER_UP"]))
    lines = [
        f"{entry.get('ifindex', index)}: {name}: <{flags}> mtu {entry.get('mtu', 1500)} qdisc noqueue "
        f"{'xdpgeneric/id:7 ' if entry.get('xdp') else ''}state {entry.get('operstate', 'UP')} group default qlen 1000",
        "    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff",
    ]
    for one in entry.get("addr_info", []):
        six = ":" in one["local"]
        length = one.get("prefixlen", 128 if six else 32)
        peer = f" peer {one['address']}/{length}" if "address" in one else f"/{length}"
        scope = one.get("scope", "global")
        label = "" if six else entry["ifname"]
        lines.append(f"    inet{'6' if six else ''} {one['local']}{peer} scope {scope} {label}")
        lines.append("       valid_lft forever preferred_lft forever")
    return "\n".join(lines) + "\n"


def routes(entries: list[dict], version: tuple[int, int] = TODAY) -> str:
    """Return the output of ``ip route show`` for entries as of ``ip -j route``."""
    return "".join(_route(entry, version) for entry in entries)


def _route(entry: dict, version: tuple[int, int]) -> str:
    words = [entry["type"]] if entry.get("type", "unicast") != "unicast" else []
    words.append(_host(entry["dst"]))
    words += ["from", entry["from"]] if "from" in entry else []
    words += ["encap", *entry["encap"].split()] if "encap" in entry else []
    words += ["tos", entry["tos"]] if "tos" in entry else []
    words += ["nhid", str(entry["nhid"])] if "nhid" in entry else []
    words += _path(entry)
    words += ["table", entry["table"]] if entry.get("table", "main") != "main" else []
    words += ["proto", entry["protocol"]] if entry.get("protocol", "boot") != "boot" else []
    words += ["scope", entry["scope"]] if entry.get("scope", "global") != "global" else []
    words += ["src", entry["prefsrc"]] if "prefsrc" in entry else []
    words += ["metric", str(entry["metric"])] if "metric" in entry else []
    words += entry.get("flags", [])
    words += ["expires", f"{entry['expires']}sec"] if "expires" in entry else []
    words += [str(word) for metrics in entry.get("metrics", []) for pair in metrics.items() for word in pair]
    words += ["pref", entry["pref"]] if "pref" in entry else []
    lines = [_joined(words, version)]
    for hop in entry.get("nexthops", []):
        found = ["nexthop", *_path(hop), "weight", str(hop.get("weight", 1)), *hop.get("flags", [])]
        lines.append("\t" + _joined(found, version))
    return "\n".join(lines) + "\n"


def _joined(words: list[str], version: tuple[int, int]) -> str:
    if version >= _OLD_BLANKS:
        return " ".join(words) + " "
    doubled = {"table", "proto", "scope", "src", "metric", "mtu", "expires"}
    return "".join(f" {word} " if word in doubled else f"{word} " for word in words).rstrip(" ") + " "


def _host(text: str) -> str:
    return text.removesuffix("/128") if ":" in text else text.removesuffix("/32")


def _path(entry: dict) -> list[str]:
    words = ["via", entry["gateway"]] if entry.get("gateway") else []
    words += ["via", entry["via"]["family"], entry["via"]["host"]] if "via" in entry else []
    return words + (["dev", entry["dev"]] if entry.get("dev") else [])


def rules(entries: list[dict], version: tuple[int, int] = TODAY) -> str:
    """Return the output of ``ip rule show`` for entries as of ``ip -j rule``."""
    return "".join(_rule(entry, version) for entry in entries)


def _rule(entry: dict, version: tuple[int, int]) -> str:
    words = ["not"] if "not" in entry else []
    words += ["from", _range(entry, "src", version)]
    words += ["to", _range(entry, "dst", version)] if "dst" in entry else []
    words += ["fwmark", entry["fwmark"]] if "fwmark" in entry else []
    words += ["iif", entry["iif"]] if "iif" in entry else []
    words += ["lookup", str(entry["table"])] if "table" in entry else []
    words += ["suppress_prefixlength", str(entry["suppress_prefixlen"])] if "suppress_prefixlen" in entry else []
    words += [entry["action"]] if "action" in entry else []
    return f"{entry['priority']}:\t{' '.join(words)}{' ' if version < _OLD_BLANKS else ''}\n"


def _range(entry: dict, key: str, version: tuple[int, int]) -> str:
    length = entry.get(f"{key}len")
    apart = " " if key == "dst" and version == (4, 18) else ""
    return entry.get(key, "all") + ("" if length is None else f"{apart}/{length}")


def path(entry: dict, version: tuple[int, int] = TODAY) -> str:
    """Return the output of ``ip route get`` for an entry as of ``ip -j route get``."""
    words = [entry["type"]] if entry.get("type", "unicast") != "unicast" else []
    words += [entry["dst"]]
    words += ["from", "::"] if ":" in entry["dst"] else []
    words += _path(entry)
    words += ["src", entry["prefsrc"]] if "prefsrc" in entry else []
    if ":" in entry["dst"]:
        return " ".join([*words, "metric", "1024", "pref", "medium"]) + "\n"
    words += ["uid", "0"] if version >= _OLD_BLANKS else []
    return _joined(words, version) + "\n    cache \n"


def family_of(entry: dict) -> int:
    """Return 4 or 6 for an entry as of ``ip -j route``; a default route is of its gateway's family, IPv4 without one."""
    text = entry["dst"] if entry["dst"] != "default" else entry.get("gateway", "0.0.0.0")
    return ipaddress.ip_network(text, strict=False).version
