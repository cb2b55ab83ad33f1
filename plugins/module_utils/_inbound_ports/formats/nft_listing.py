# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an nft lists that does not speak today's JSON, brought into its shape. Pure: no command, no file.

nft 0.9.0 names some members otherwise (:func:`modern`). Before 0.9.0, and where nft was built without JSON, there is
text alone (:func:`from_text`). Of a rule, what the judge of ``formats.nft_judge`` looks at is read; the first condition
that it could not judge becomes ``{"other": ...}``, and only the verdicts behind it are kept.
"""

import re

# What 'nft -nn -a list ruleset' calls the states of a connection from 0.9.1 on.
_STATES = {"0x1": "invalid", "0x2": "established", "0x4": "related", "0x8": "new", "0x40": "untracked"}
# What -nn shows as a number: types of addresses, from the kernel's RTN_UNICAST on.
_TYPES = {str(number): name for number, name in enumerate(("unicast", "local", "broadcast", "anycast", "multicast"), 1)}
_NAMES = {"state": _STATES, "type": _TYPES}
WORD = re.compile(r'"[^"]*"|[{};]|[^\s{};"]+')
_HANDLE = re.compile(r"\s# handle (\d+)\s*\Z")
_OPERATORS = ("==", "!=", "<", ">", "<=", ">=")
_NETWORK = ("ip", "ip6")
_TRANSPORT = ("tcp", "udp", "th")
_ADDRESSES = ("saddr", "daddr")
_PORTS = ("sport", "dport")
_META = ("l4proto", "nfproto", "protocol", "iif", "iifname")
# What goes on behind a word where a value is expected: then it is not a plain comparison.
_NO_VALUE = ("vmap", "map", "&", "|", ".", "/", "^", "and", "or")
# Bits of a value: (what of, mask, operator, value), and TCP's flags without a mask or with the mask at the end.
_MASK = re.compile(r"(?P<of>\w+ [\w-]+) & (?P<mask>\([^()]*\)|\S+) (?P<op>==|!=) (?P<value>[^=!/]+)\Z")
_FLAGS = re.compile(r"(?P<of>tcp flags) (?:(?P<op>==|!=) )?(?P<value>[0-9a-z,|() ]+?)(?: / (?P<mask>[0-9a-z,]+))?\Z")
_NAME = re.compile(r"0x[0-9a-f]+|[a-z]+")
_TCP_FLAGS = {"0x1": "fin", "0x2": "syn", "0x4": "rst", "0x8": "psh", "0x10": "ack", "0x20": "urg"}
# What ends the conditions of a rule.
_BEHIND = ("counter", "log", "limit", "accept", "drop", "reject", "return", "continue", "jump", "goto", "queue",
           "meta", "ct")  # fmt: skip
# What leads packets elsewhere, and the words behind it.
_AWAY = ("dnat", "redirect", "tproxy", "queue", "fwd")
_TO = (["to"], ["ip"], ["ip6"], ["num"], ["flags"])
_LOG_OPTIONS = ("prefix", "level", "group", "snaplen", "queue-threshold", "flags")


def modern(value):
    """Return the decoded JSON of nft 0.9.0, or a part of it, with the names that newer ones give its members."""
    if isinstance(value, list):
        return [modern(each) for each in value]
    if not isinstance(value, dict):
        return value
    result = {key: modern(each) for key, each in value.items()}
    for key in ("jump", "goto"):
        if isinstance(result.get(key), str):
            result[key] = {"target": result[key]}
    if isinstance(result.get("meta"), str):
        result["meta"] = {"key": result["meta"]}
    payload = result.get("payload")
    if isinstance(payload, dict) and "name" in payload:
        payload["protocol"] = payload.pop("name")
    match = result.get("match")
    if isinstance(match, dict):
        match.setdefault("op", "==")
    return result


def from_text(text):
    """Return what 'nft -nn -a list ruleset' lists as the document that 'nft -j list ruleset' would have."""
    entries, blocks, table, block = [], [], {}, {}
    for words, handle, opens in _lines(text):
        if words == ["}"]:
            blocks = blocks[:-1]
        elif opens:
            blocks.append(words[:-1])
            if len(blocks) == 1:
                table = {"family": words[1], "name": words[2]}
                entries.append({"table": table})
            else:
                block = {"family": table["family"], "table": table["name"], "name": words[1]}
                entries += [{words[0]: block}] if words[0] in ("chain", "map", "set") else []
        elif len(blocks) == 2 and blocks[1][0] == "chain":
            _take_chain(entries, block, words, handle)
        elif len(blocks) == 2 and words[0] == "elements" and blocks[1][0] == "set":
            members = [part.split() for part in " ".join(words[3:-1]).split(",")]
            block["elem"] = [_value("saddr", member[0]) for member in members if member]
        elif len(blocks) == 2 and words[0] == "elements":
            block["elem"] = list(_pairs(words[3:-1]))
    return {"nftables": entries}


def _pairs(words, parts=()):
    """Yield [key, verdict] of the elements of a map, {"other": ...} for anything else."""
    for key, _colon, said in (member.partition(" : ") for member in " ".join(words).split(",")):
        verdict = said.strip() and _verdict(said.split(), 0)[0]
        # Without its fields a value has the form of an address or a port.
        fields = parts or [({}, "saddr")] * (key.count(" . ") + 1)
        yield [_read(fields, key.strip()), verdict or {"other": said}]


def _target(words):
    """Return where packets are led, as far as it is looked up: ``to tcp dport map { 80 : 10.0.0.1 }``."""
    if not {"to", "map"} <= set(words):
        return None
    start, end = words.index("to") + 1, words.index("map")
    parts, size = _lefts([word.lstrip(":") for word in words[:end]], start)
    if not parts or start + size != end:
        return None
    left = parts[0][0] if len(parts) == 1 else {"concat": [one for one, _field in parts]}
    named = words[end + 1 : end + 2] != ["{"]
    data = "".join(words[end + 1 : end + 2]) if named else {"set": list(_pairs(words[end + 2 : -1], parts))}
    return {"addr": {"map": {"key": left, "data": data}}}


def _lines(text):
    """Yield (words, handle or None, whether it opens a block) of each line, one of several rows as one."""
    words, depth = [], 0
    for raw in text.splitlines():
        match = _HANDLE.search(raw)
        line = WORD.findall(raw[: match.start()] if match else raw)
        if not words and (not line or (line[0].startswith("#") and not match)):
            continue
        # A table, and what is in a table, is a block; in a chain nothing is.
        if not words and line[-1] == "{" and depth < 2:
            depth += 1
            yield line, None, True
            continue
        words += line
        if words == ["}"]:
            depth -= 1
        elif words.count("{") != words.count("}"):
            continue
        yield words, int(match.group(1)) if match else None, False
        words = []


def _take_chain(entries, chain, words, handle):
    """Take one line of a chain: what it hooks, a comment on it, or a rule."""
    if words[0] == "type" and "hook" in words:
        chain.update(type=words[1], hook=words[words.index("hook") + 1])
        if "policy" in words:
            chain["policy"] = words[words.index("policy") + 1]
    elif handle is not None:
        rule = {"family": chain["family"], "table": chain["table"], "chain": chain["name"], "handle": handle}
        if words[-2:-1] == ["comment"]:
            rule["comment"] = words[-1].strip('"')
            words = words[:-2]
        entries.append({"rule": dict(rule, expr=statements(words))})


def statements(words):
    """Return the statements of a rule, or of the elements of a verdict map, as JSON has them."""
    found, at, plain = [], 0, True
    while at < len(words):
        statement, size = _verdict(words, at)
        if statement is None and plain:
            statement, size = _passing(words, at)
        if statement is None and plain:
            statement, size = _masked(words, at)
        if statement is None and plain:
            statement, size = _condition(words, at)
        if statement is None:
            # The names of maps are kept: their verdicts count.
            statement, size, plain = {"other": words[at]}, 1, False
        if plain or "other" not in statement or words[at].startswith("@") or not found or "other" not in found[-1]:
            found.append(statement)
        at += size
    return found


def _verdict(words, at):
    word = words[at].rstrip(",")
    if word in ("xt", "[unsupported") or word.startswith("#"):
        return {"xt": None}, len(words) - at  # what only iptables can say
    if word in ("accept", "drop", "return", "continue"):
        return {word: None}, 1
    if word == "reject":
        return {"reject": None}, len(words) - at if words[at + 1 : at + 2] == ["with"] else 1
    behind = words[at + 1 : at + 2]
    if word in _AWAY and (behind[:1] in _TO or (not behind and words[at - 1] not in ("type", "status"))):
        return {word: _target(words[at:])}, len(words) - at
    if word in ("jump", "goto") and behind not in ([], ["{"]):
        return {word: {"target": words[at + 1].rstrip(",")}}, 2
    return None, 0


def _passing(words, at):
    """Return (statement, how many words it has) of one that lets the rule go on for each packet, else (None, 0)."""
    if words[at] == "counter":
        behind = words[at + 1 : at + 2]
        return {"counter": None}, 5 if behind == ["packets"] else 3 if behind == ["name"] else 1
    if words[at] != "log":
        return None, 0
    size = 1
    while words[at + size : at + size + 1] and words[at + size] in _LOG_OPTIONS:
        size += 3 if words[at + size + 1 : at + size + 2] in (["tcp"], ["ip"]) else 2
    return {"log": None}, size


def _condition(words, at):
    """Return (match, how many words it has) of a comparison that can be judged, else (None, 0)."""
    parts, size = _lefts(words, at)
    if not parts:
        return None, 0
    left = parts[0][0] if len(parts) == 1 else {"concat": [one for one, _field in parts]}
    operator = "in" if "ct" in left else "=="
    if words[at + size : at + size + 1] and words[at + size] in _OPERATORS:
        operator, size = words[at + size], size + 1
    if words[at + size : at + size + 1] == ["vmap"] and operator in ("in", "=="):
        return _vmap(parts, left, words, at, size + 1)
    values, used = _values(words, at + size)
    behind = words[at + size + used : at + size + used + 1]
    if not values or (behind and behind[0] in _NO_VALUE):
        return None, 0
    read = [_read(parts, word) for word in values]
    right = {"set": read} if words[at + size] == "{" else read if len(read) > 1 else read[0]
    return {"match": {"op": operator, "left": left, "right": right}}, size + used


def _masked(words, at):
    """Return (match, how many words it has) of one bits of a value are compared in, else (None, 0).

    Of TCP's flags ``tcp flags & (fin | syn) == syn`` and ``tcp flags syn / fin,syn``.
    """
    end = next((at + i for i, word in enumerate(words[at:]) if word in _BEHIND), len(words))
    text = " ".join(words[at:end])
    found = _MASK.match(text) or _FLAGS.match(text)
    if not found:
        return None, 0
    said = found.groupdict()
    protocol, field = said["of"].split()
    left = {"payload": {"protocol": protocol, "field": field}}
    if said.get("mask"):
        left = {"&": [left, _flags(said["mask"])]}
    right = {"|": _flags(said["value"])} if "|" in said["value"] else _flags(said["value"])
    return {"match": {"op": said.get("op") or "==", "left": left, "right": right}}, end - at


def _flags(text):
    return [_TCP_FLAGS.get(word, word) for word in _NAME.findall(text)]


def _lefts(words, at):
    """Return ([(left side, the field it is about)], how many words they have): several where they are concatenated."""
    parts, size = [], 0
    while True:
        left, field, used = _left(words, at + size)
        if left is None:
            return [], 0
        parts.append((left, field))
        size += used
        if words[at + size : at + size + 1] != ["."]:
            return parts, size
        size += 1


def _read(parts, word):
    """Return a value of the right side as JSON has it."""
    if len(parts) == 1 or word.startswith("@"):
        return _value(parts[0][1], word)
    words = word.split(" . ")
    return {"concat": [_value(field, one) for (_left, field), one in zip(parts, words)]}


def _vmap(parts, left, words, at, size):
    """Return (verdict map, how many words it has) of one with a name or its elements, (None, 0) for a broken one."""
    if words[at + size : at + size + 1] != ["{"]:
        return {"vmap": {"key": left, "data": "".join(words[at + size : at + size + 1])}}, size + 1
    end = words.index("}", at)
    read = list(_pairs(words[at + size + 1 : end], parts))
    if any("other" in verdict for _key, verdict in read):
        return None, 0
    return {"vmap": {"key": left, "data": {"set": read}}}, end + 1 - at


def _left(words, at):
    """Return (left side of a comparison, the field it is about, how many words it has), (None, "", 0) for another."""
    first, second, third = [*words[at : at + 3], "", "", ""][:3]
    fields = dict.fromkeys(_NETWORK, (*_ADDRESSES, "protocol", "nexthdr"))
    fields.update(dict.fromkeys(_TRANSPORT, _PORTS))
    if second in fields.get(first, ()):
        return {"payload": {"protocol": first, "field": second}}, second, 2
    if first == "meta" and second in _META:
        return {"meta": {"key": second}}, second, 2
    if first in ("iif", "iifname"):
        return {"meta": {"key": first}}, first, 1
    if (first, second) == ("ct", "state"):
        return {"ct": {"key": "state"}}, "state", 2
    if (first, third) == ("fib", "type"):
        return {"fib": {"result": third, "flags": [second]}}, third, 3
    return None, "", 0


def _values(words, at):
    """Return (words of the right side of a comparison, how many words of the rule they are)."""
    if words[at : at + 1] == ["{"]:
        end = words.index("}", at)
        return [part.strip() for part in " ".join(words[at + 1 : end]).split(",")], end - at + 1
    if not words[at : at + 1] or words[at] in _NO_VALUE:
        return [], 0
    return words[at].split(","), 1


def _value(field, word):
    """Return a value as JSON has it."""
    if field in _NAMES:
        return _NAMES[field].get(word, word)
    if field in _ADDRESSES + _PORTS and "-" in word:
        return {"range": [_number(each) for each in word.split("-", 1)]}
    if field in _ADDRESSES and "/" in word:
        address, _slash, length = word.partition("/")
        return {"prefix": {"addr": address, "len": _number(length)}}
    return _number(word.strip('"'))


def _number(word):
    return int(word) if word.isdigit() else word
