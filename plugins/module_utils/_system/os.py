# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between the Linux systems that a node can run: a row for each. Private to the collection.

A new system is a row of SYSTEMS: no other code names one. docs/architecture.md says which data belong to it.

Sources: os-release(5) of each system; the vendor's matrix (vars/os_support.yml) for the names it gives them; the chrony
packages of Debian 11 to 13, Ubuntu 16.04 to 24.04 and EL 7 to 9, and chrony.conf(5) of 2.x to 4.x.
"""

import types
from typing import Any, Mapping, NamedTuple, Optional, Tuple

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._system.package_managers import registry


class Chrony(NamedTuple):
    """Where chrony keeps what.

    :ivar conf: what chronyd reads.
    :ivar own: path of our file where conf names no confdir; one include line in conf points at it.
    :ivar fresh_confdir: the confdir of the conf that the package brings, for a prediction before it is there.
    :ivar fresh_keywords: what that conf decides.
    :ivar units: names that the unit of chronyd can have, the usual one first.
    """

    conf: str
    own: str
    fresh_confdir: Optional[str]
    fresh_keywords: Tuple[str, ...]
    units: Tuple[str, ...]


class System(NamedTuple):
    """One operating system.

    :ivar id: ID of os-release; also known by its word in ID_LIKE of others.
    :ivar family: of its packages, FAMILY of a package manager; '' for one with editions of several families.
    :ivar matrix: its name in the vendor's support matrix, '' if it is not there.
    :ivar chrony: None for that of the first row of its family that has one.
    :ivar versions: VERSION_ID -> what is different in chrony there.
    """

    id: str
    family: str = ""
    matrix: str = ""
    chrony: Optional[Chrony] = None
    versions: Mapping[str, Mapping[str, Any]] = types.MappingProxyType({})


# confdir came with chrony 4.0, makestep with Debian's 3.0-1.
_BEFORE_4 = {"fresh_confdir": None}
SYSTEMS = (
    System(
        "debian",
        "debian",
        chrony=Chrony(
            conf="/etc/chrony/chrony.conf",
            own="/etc/chrony/ack-edge.conf",
            fresh_confdir="/etc/chrony/conf.d",
            fresh_keywords=("makestep", "rtcsync"),
            units=("chrony.service", "chronyd.service"),
        ),
    ),
    System(
        "ubuntu",
        "debian",
        "Ubuntu",
        versions={
            "16.04": {"fresh_confdir": None, "fresh_keywords": ("rtcsync",)},
            "18.04": _BEFORE_4,
            "20.04": _BEFORE_4,
        },
    ),
    System(
        "rhel",
        "redhat",
        "Red Hat Enterprise Linux",
        chrony=Chrony(
            conf="/etc/chrony.conf",
            own="/etc/chrony.d/ack-edge.conf",
            fresh_confdir=None,
            fresh_keywords=("makestep", "rtcsync"),
            units=("chronyd.service", "chrony.service"),
        ),
    ),
    System("almalinux", "redhat"),
    System("alinux", "redhat", "Alibaba Cloud Linux"),
    System("anolis", "redhat", "Anolis"),
    System("centos", "redhat", "CentOS"),
    System("fedora", "redhat"),
    System("ol", "redhat"),
    System("openeuler", "redhat"),
    System("rocky", "redhat"),
    # These have editions of both families: the package manager tells.
    System("kylin", matrix="Kylin"),
    System("uos", matrix="UnionTech OS Server", versions={"20": _BEFORE_4}),
)

# `uname -m` -> name of the architecture in the matrix.
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def os_release(node):
    """Return the fields of os-release as a dict of str; {} where the node has none."""
    text = node.read("/etc/os-release") or node.read("/usr/lib/os-release") or ""
    fields = {}
    for line in text.splitlines():
        key, separator, value = line.strip().partition("=")
        if separator and not key.startswith("#"):
            fields[key] = value.strip().strip("'\"")
    return fields


def row(word):
    """Return the System with an ID, in whatever letters, None if there is none."""
    return next((system for system in SYSTEMS if system.id == word.lower()), None)


def matrix_name(release):
    """Return what the vendor's support matrix calls a system, for one that is not in it the name it gives itself."""
    known = row(release.get("ID", ""))
    return known.matrix if known and known.matrix else release.get("NAME", "unknown system")


def family(node, release=None):
    """Return the package family of the node, such as 'debian' or 'redhat'.

    :arg release: the fields of os-release, read if they are not given.
    :raises NodeError: if neither os-release nor a package manager tells.
    """
    release = os_release(node) if release is None else release
    for word in [release.get("ID", ""), *release.get("ID_LIKE", "").split()]:
        known = row(word)
        if known and known.family:
            return known.family
    managers = registry.there(node)
    if managers:
        return managers[0].FAMILY
    *others, last = registry.names()
    raise NodeError(
        f"the ID of the system is {release.get('ID', '')!r} in /etc/os-release, and it has none of "
        f"{', '.join(others)} and {last}; expected a system of the Debian or Red Hat family"
    )


def chrony(family_name, release):
    """Return the Chrony of a system.

    :arg family_name: as :func:`family` returns it. :arg release: the fields of os-release.
    :raises NodeError: if it is not known.
    """
    exact = next((system for system in SYSTEMS if system.id == release.get("ID", "")), System(""))
    usual = next((system.chrony for system in SYSTEMS if system.family == family_name and system.chrony), None)
    found = exact.chrony or usual
    if found is None:
        raise NodeError(
            f"the place of chrony's configuration on systems of the family {family_name} is unknown; set "
            "time_sync_manage to verify_only and synchronize the clock by other means"
        )
    return found._replace(**exact.versions.get(release.get("VERSION_ID", ""), {}))
