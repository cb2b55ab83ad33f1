# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""DNS messages: what we ask is read back, what servers say is understood, and no bytes can break the reader."""

from __future__ import annotations

import contextlib
import struct

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._reachability.stages import dns
from fakes import servers
from hypothesis import given
from hypothesis import strategies as st

LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
NAME = st.lists(LABEL, min_size=1, max_size=6).map(".".join)
ADDRESSES = st.lists(st.ip_addresses(v=4).map(str), unique=True, max_size=5)


def answer(records: dict, name: str = "a.test", qtype: int = dns.A, **more: object) -> dns.Reply:
    query = dns.build_query(name, qtype, 7)
    return dns.parse_reply(servers.dns_reply(query, records, **more), name, qtype, 7)


@given(NAME, st.sampled_from([dns.A, dns.AAAA]), st.integers(0, 65535))
def test_a_question_says_what_was_asked(name: str, qtype: int, identity: int) -> None:
    query = dns.build_query(name, qtype, identity)
    assert servers.dns_question(query) == (identity, name, qtype)
    assert dns.reply_identity(query) == identity


@given(NAME, ADDRESSES)
def test_addresses_come_back_in_the_order_of_the_server(name: str, addresses: list[str]) -> None:
    assert answer({name: addresses}, name).addresses == addresses


@given(NAME, NAME, st.binary(max_size=300))
def test_random_bytes_are_a_format_error_or_a_reply(name: str, _other: str, data: bytes) -> None:
    try:
        reply = dns.parse_reply(data, name, dns.A, 7)
    except dns.DnsFormatError:
        return
    assert isinstance(reply.addresses, list)


@given(st.data())
def test_a_damaged_reply_is_a_format_error_or_a_reply(data: st.DataObject) -> None:
    query = dns.build_query("a.test", dns.A, 7)
    whole = bytearray(servers.dns_reply(query, {"a.test": ["b.test."], "b.test": ["192.0.2.1", "192.0.2.2"]}))
    for _index in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    with contextlib.suppress(dns.DnsFormatError):
        dns.parse_reply(bytes(whole[:cut]), "a.test", dns.A, 7)


def test_aliases_are_followed_in_order() -> None:
    reply = answer({"a.test": ["b.test."], "b.test": ["c.test."], "c.test": ["192.0.2.1"], "x.test": ["192.0.2.9"]})
    assert (reply.cnames, reply.addresses) == (["b.test", "c.test"], ["192.0.2.1"])


def test_an_alias_without_address_has_none() -> None:
    reply = answer({"a.test": ["b.test."]})
    assert (reply.rcode, reply.cnames, reply.addresses) == (0, ["b.test"], [])


def test_compressed_names_are_read() -> None:
    query = dns.build_query("a.test", dns.A, 7)
    record = b"\xc0\x0c" + struct.pack("!HHIH", dns.A, 1, 60, 4) + bytes([192, 0, 2, 1])
    data = struct.pack("!HHHHHH", 7, 0x8180, 1, 1, 0, 0) + query[12:] + record
    assert dns.parse_reply(data, "A.Test.", dns.A, 7).addresses == ["192.0.2.1"]


@pytest.mark.parametrize("pointer", [b"\xc0\x20", b"\xc0\x1c", b"\xff\xff"])
def test_a_pointer_that_does_not_lead_backward_is_refused(pointer: bytes) -> None:
    query = dns.build_query("a.test", dns.A, 7)
    data = struct.pack("!HHHHHH", 7, 0x8180, 1, 1, 0, 0) + query[12:] + pointer + bytes(14)
    with pytest.raises(dns.DnsFormatError):
        dns.parse_reply(data, "a.test", dns.A, 7)


def test_a_circle_of_aliases_is_refused() -> None:
    query = dns.build_query("a.test", dns.A, 7)
    records = b""
    for owner, target in (("a.test", "b.test"), ("b.test", "a.test")):
        value = servers.dns_name(target)
        records += servers.dns_name(owner) + struct.pack("!HHIH", dns.CNAME, 1, 60, len(value)) + value
    data = struct.pack("!HHHHHH", 7, 0x8180, 1, 2, 0, 0) + query[12:] + records
    with pytest.raises(dns.DnsFormatError, match="circle"):
        dns.parse_reply(data, "a.test", dns.A, 7)


@pytest.mark.parametrize("change", [{"identity": 8}, {"name": "b.test"}, {"qtype": dns.AAAA}])
def test_the_answer_to_another_question_is_refused(change: dict) -> None:
    asked = {"name": "a.test", "qtype": dns.A, "identity": 7}
    data = servers.dns_reply(dns.build_query(**asked), {"a.test": ["192.0.2.1"]})
    assert dns.parse_reply(data, **asked).addresses == ["192.0.2.1"]
    with pytest.raises(dns.DnsFormatError):
        dns.parse_reply(data, **(asked | change))


def test_our_own_question_is_no_answer() -> None:
    query = dns.build_query("a.test", dns.A, 7)
    with pytest.raises(dns.DnsFormatError):
        dns.parse_reply(query, "a.test", dns.A, 7)


def test_codes_and_truncation_are_handed_on() -> None:
    assert answer({}, rcode=dns.NXDOMAIN).rcode == dns.NXDOMAIN
    assert answer({"a.test": ["192.0.2.1"]}, truncated=True).truncated
    # A refusal may leave the question out.
    bare = struct.pack("!HHHHHH", 7, 0x8185, 0, 0, 0, 0)
    assert dns.parse_reply(bare, "a.test", dns.A, 7).rcode == dns.REFUSED


@pytest.mark.parametrize("name", ["", "a..b", "x" * 64 + ".test", ".".join(["x" * 60] * 5), "größe.test"])
def test_a_name_that_dns_cannot_carry_is_an_error(name: str) -> None:
    with pytest.raises(ValueError):
        dns.build_query(name, dns.A, 7)
