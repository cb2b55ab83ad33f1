# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``ip`` of a chosen iproute2 prints, out of entries in the shape of its JSON: the one fake of its text.

Blanks and line ends are those of the real ones, whose output lies in tests/unit/data/ip.
"""

from __future__ import annotations

TODAY = (6, 1)
VERSIONS = ((4, 3), (4, 11), (4, 15), (4, 18), (5, 3), TODAY)
_ONE_BLANK = (4, 4)
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
    parts = [entry["type"]] if entry.get("type", "unicast") != "unicast" else []
    parts.append(host(entry["dst"]))
    parts += [f"{key} {entry[key]}" for key in ("from", "encap", "tos", "nhid") if key in entry]
    parts += _path(entry)
    # Until some version after 4.3 these brought a blank of their own.
    own = " " if version < _ONE_BLANK else ""
    parts += [f"{own}table {entry['table']}"] if entry.get("table", "main") != "main" else []
    parts += [f"{own}proto {entry['protocol']}"] if entry.get("protocol", "boot") != "boot" else []
    parts += [f"{own}scope {entry['scope']}"] if entry.get("scope", "global") != "global" else []
    parts += [f"{own}src {entry['prefsrc']}"] if "prefsrc" in entry else []
    parts += [f"{own}metric {entry['metric']}"] if "metric" in entry else []
    parts += entry.get("flags", [])
    last = [f"expires {entry['expires']}sec"] if "expires" in entry else []
    last += [f"{name} {value}" for metrics in entry.get("metrics", []) for name, value in metrics.items()]
    text = "".join(f"{part} " for part in parts)
    text += own if last or "pref" in entry else ""
    text += " ".join(last) + ("" if own or not last else " ")
    text += (" " if own and last else "") + f"pref {entry['pref']}" if "pref" in entry else ""
    return "\n".join([text, *(_hop(hop, version) for hop in entry.get("nexthops", []))]) + "\n"


def _hop(entry: dict, version: tuple[int, int]) -> str:
    parts = ["nexthop", *_path(entry), f"weight {entry.get('weight', 1)}", *entry.get("flags", [])]
    if version >= _ONE_BLANK:
        return "\t" + "".join(f"{part} " for part in parts)
    return "\t" + " ".join(f" {part}" if part.startswith("dev ") and parts[1] != part else part for part in parts)


def host(text: str) -> str:
    """Return a network as ip shows it, a single address without its length."""
    return text.removesuffix("/128") if ":" in text else text.removesuffix("/32")


def _path(entry: dict) -> list[str]:
    parts = [f"via {entry['gateway']}"] if entry.get("gateway") else []
    parts += [f"via {entry['via']['family']} {entry['via']['host']}"] if "via" in entry else []
    return parts + ([f"dev {entry['dev']}"] if entry.get("dev") else [])


def rules(entries: list[dict], version: tuple[int, int] = TODAY) -> str:
    """Return the output of ``ip rule show`` for entries as of ``ip -j rule``."""
    return "".join(_rule(entry, version) for entry in entries)


def _rule(entry: dict, version: tuple[int, int]) -> str:
    words = ["not"] if "not" in entry else []
    words += ["from", _range(entry, "src", version)]
    words += ["to", _range(entry, "dst", version)] if "dst" in entry else []
    words += ["fwmark", "/".join(filter(None, (entry["fwmark"], entry.get("fwmask"))))] if "fwmark" in entry else []
    words += ["iif", entry["iif"]] if "iif" in entry else []
    words += ["lookup", str(entry["table"])] if "table" in entry else []
    words += ["suppress_prefixlength", str(entry["suppress_prefixlen"])] if "suppress_prefixlen" in entry else []
    words += [entry["action"]] if "action" in entry else []
    return f"{entry['priority']}:\t{' '.join(words)}{'' if 'action' in entry or version >= (5, 0) else ' '}\n"


def _range(entry: dict, key: str, version: tuple[int, int]) -> str:
    length = entry.get(f"{key}len")
    apart = " " if key == "dst" and version == (4, 18) else ""
    return entry.get(key, "all") + ("" if length is None else f"{apart}/{length}")


def path(entry: dict, version: tuple[int, int] = TODAY) -> str:
    """Return the output of ``ip route get`` for an entry as of ``ip -j route get``."""
    words = [entry["type"]] if entry.get("type", "unicast") != "unicast" else []
    words += [entry["dst"]]
    words += ["from ::"] if ":" in entry["dst"] else []
    words += _path(entry)
    own = " " if version < _ONE_BLANK else ""
    words += [f"{own}src {entry['prefsrc']}"] if "prefsrc" in entry else []
    if ":" in entry["dst"]:
        return " ".join([*words, f"{own}metric 1024", f"{own}pref medium"]) + "\n"
    words += ["uid 0"] if not own else []
    return " ".join(words) + " \n    cache \n"
