# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one reader of what people write, on nodes and on the controller: networks, addresses, hosts. Pure. Private.

A reader returns the value, or raises ValueError with one clause that says what to write. :func:`problem` puts the name
of the variable and the value before it, so that one mistake is one sentence wherever somebody makes it.
"""

import ipaddress
import re

NETWORK = "give a network with its prefix length, such as 192.168.0.0/16"
ADDRESS = "give an address such as 10.0.0.1, without a prefix length"
HOST = "give a host name or an address, without scheme, port or path"
PORT = "give a port from 1 to 65535"
PORTS = PORT + ", or a range such as 30000-32767"
INTERFACE = "give the name of one interface as 'ip link' shows it, such as eth0 or bond0.100"

# Python before 3.9.5 takes octets with leading zeros, and later ones a zone behind an IPv6 address; nobody else does.
_IPV4 = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})\Z")
_IPV6 = re.compile(r"[0-9A-Fa-f:.]+\Z")
_LENGTH = re.compile(r"[0-9]{1,3}\Z")
_CIDR = re.compile(_IPV4.pattern[:-2] + r"/[0-9]{1,3}\Z|(?=[^/]*:)[0-9A-Fa-f:.]+/[0-9]{1,3}\Z")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})*\.?\Z")
_NUMBERS = re.compile(r"[0-9.]+\Z")
_PORTS = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?\Z")
# What the kernel takes, without what is a list, an option, a comment or a template where a name is written down.
_INTERFACE = re.compile(r"""(?!-)[^\s/'"#\\,;{}]{1,15}\Z""")
_HIGHEST_PORT = 65535
# Between the items of a list that came as text: of a survey, a cell, a command line.
_BETWEEN = re.compile(r"\s*[,;\uff0c\uff1b\u3001]\s*|\s+")
# A list of YAML or JSON that came as text; addresses in brackets are none.
_BRACKETS = re.compile(r"\[([^\[\]]*)\]\Z")
_IN_A_LIST = re.compile("[,'\"]")


def is_unset(value):
    """Return whether a variable is as if nobody had set it: None or blank text; 0 and false are values."""
    return value is None or (isinstance(value, str) and not value.strip())


def split(text):
    """Return what stands in a text between commas, semicolons, blanks and line ends, of these "" between two commas."""
    bare = text.strip()
    inside = _BRACKETS.match(bare)
    if inside and _IN_A_LIST.search(inside.group(1)):
        return [item.strip("'\"") for item in _BETWEEN.split(inside.group(1).strip())]
    return _BETWEEN.split(bare)


def items(value):
    """Return the items of a list, or of text that stands for one, without those that are unset."""
    given = split(value) if isinstance(value, str) else value or []
    return [item for item in given if not is_unset(item)]


def problem(variable, value, error):
    """Return the sentence about one mistake: the variable, the value and what to write."""
    return f"{variable} is {value!r}: {error}"


def attempt(problems, variable, value, read, **options):
    """Return what ``read`` makes of a value, or None after adding the sentence about it to the list ``problems``."""
    try:
        return read(value, **options)
    except ValueError as error:
        problems.append(problem(variable, value, error))
        return None


def each(problems, variable, values, read, **options):
    """Return what ``read`` makes of each value of a list, without those that are wrong; as :func:`attempt`."""
    found = [attempt(problems, variable, value, read, **options) for value in values or []]
    return [value for value in found if value is not None]


def network(value, anywhere=None):
    """Return an ip_network.

    :arg anywhere: True where 0.0.0.0/0 and ::/0 are valid; text that says how to allow them, where that can be set.
    :raises ValueError: for all else: no prefix length, a netmask, host bits, every address.
    """
    text = _text(value, NETWORK)
    found = _network(text)
    if found is None:
        raise ValueError(_no_network(text))
    return not_everything(found, anywhere)


def not_everything(found, anywhere=None):
    """Return an ip_network that is not the whole address space; see :func:`network`.

    :raises ValueError: if it is and may not be.
    """
    if found.prefixlen == 0 and anywhere is not True:
        hint = f", or {anywhere}" if anywhere else ""
        raise ValueError(f"this is every address there is; name the networks that are meant{hint}")
    return found


def source(value, anywhere=None):
    """Return an ip_network of a network or of one address, where either is asked for; see :func:`network`."""
    text = _text(value, NETWORK)
    parsed = _parsed(text)
    return ipaddress.ip_network(text) if parsed is not None else network(text, anywhere)


def address(value):
    """Return an ip_address.

    :raises ValueError: for anything else, also for an address with a prefix length or a zone.
    """
    parsed = _parsed(_text(value, ADDRESS))
    if parsed is None:
        raise ValueError(ADDRESS)
    return parsed


def is_address(text):
    """Return whether a text is an IPv4 or IPv6 address and no name."""
    return isinstance(text, str) and _parsed(text) is not None


def host(value):
    """Return a host name in lower case without a dot at the end, or an address (also one in brackets) as usual text.

    :raises ValueError: for anything else; four numbers that are no address are a typing error and no name.
    """
    text = _text(value, HOST).lower()
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    parsed = _parsed(bare)
    if parsed is not None:
        return str(parsed)
    if not _HOST.match(bare) or _NUMBERS.match(bare):
        raise ValueError(HOST)
    return bare.rstrip(".")


def port(value):
    """Return a port as a number; it may come as text.

    :raises ValueError: for anything else.
    """
    first, last = _range(value) or (0, 0)
    if not 1 <= first == last <= _HIGHEST_PORT or "-" in str(value):
        raise ValueError(PORT)
    return first


def ports(value, most=None):
    """Return (first, last) of a port or a range such as 30000-32767.

    :arg most: how many ports a range may have.
    :raises ValueError: for anything else.
    """
    first, last = _range(value) or (0, 0)
    if not (1 <= first <= _HIGHEST_PORT and 1 <= last <= _HIGHEST_PORT):
        raise ValueError(PORTS)
    if first > last:
        raise ValueError(f"the range is reversed; write {last}-{first}")
    if most is not None and last - first >= most:
        raise ValueError(f"give a range of at most {most} ports, such as {first}-{first + most - 1}")
    return first, last


def interface(value):
    """Return the name of an interface.

    :raises ValueError: for a text that is no such name; whether the node has it is not known here.
    """
    if not (isinstance(value, str) and _INTERFACE.match(value) and value.isprintable()):
        raise ValueError(INTERFACE)
    return value


def seconds(value, least=0, most=None, above=False, otherwise=""):
    """Return a number of seconds.

    :arg above: whether ``least`` itself is too little. :arg otherwise: another value that is valid, and what it does.
    :raises ValueError: if the number is out of bounds.
    """
    enough = value > least if above else value >= least
    if enough and (most is None or value <= most):
        return value
    bounds = f"above {least}" if above else f"from {least}"
    if most is not None:
        bounds += f" and at most {most}" if above else f" to {most}"
    raise ValueError(f"give a number of seconds {bounds}{', or ' if otherwise else ''}{otherwise}")


def _text(value, expected):
    if not isinstance(value, str):
        raise ValueError(expected)
    if value != value.strip():
        raise ValueError(f"{expected}, without blanks and line ends around it")
    return value


def _parsed(text):
    """Return the ip_address that a text is, None for any other text."""
    if not (_IPV4.match(text) or (":" in text and _IPV6.match(text))):
        return None
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _network(text):
    """Return the ip_network that a text is as it stands, None for any other text."""
    if not _CIDR.match(text):
        return None
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None


def _no_network(text):
    """Return what to write in place of a text that is no network."""
    first, slash, length = text.partition("/")
    parsed = _parsed(first)
    if parsed is None:
        return NETWORK
    if not slash:
        return f"{NETWORK}; one address is {parsed}/{parsed.max_prefixlen}"
    if parsed.version == 4 and _IPV4.match(length):
        return _without_mask(parsed, length)
    if not _LENGTH.match(length):
        return NETWORK
    if int(length) > parsed.max_prefixlen:
        return f"the prefix length of an IPv{parsed.version} network is at most {parsed.max_prefixlen}"
    right = ipaddress.ip_network(f"{parsed}/{int(length)}", strict=False)
    return f"the address has host bits set; the network is {right}, the one address {parsed}/{parsed.max_prefixlen}"


def _without_mask(parsed, mask):
    try:
        found = ipaddress.ip_network(f"{parsed}/{mask}", strict=False)
    except ValueError:
        return NETWORK
    return f"give the prefix length in place of the netmask; write {found}"


def _range(value):
    # A template that is not evaluated natively delivers a number as text; a bool is an int to Python, not to people.
    match = None if isinstance(value, bool) else _PORTS.match(str(value).strip())
    return (int(match.group(1)), int(match.group(2) or match.group(1))) if match else None
