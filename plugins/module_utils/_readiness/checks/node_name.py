# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check node_name: would Kubernetes and edgeadm take the host name as node name? ('invalid nodeName')"""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._verdict import FAIL, PASS, WARN, verdict

ID = "node_name"
TITLE = "usable node name"

_STATIC = "/etc/hostname"
# The name becomes a label of the node, too.
LONGEST = 63
_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
# The vendor's list omits digits and its examples have them; this is the rule of Kubernetes for names of nodes.
_NAME = re.compile(rf"^{_LABEL}(\.{_LABEL})*\Z")


def run(facts, inputs):
    """Fail for a host name that edgeadm refuses. Whether another node has the same one, a single node cannot see."""
    name = facts.host_name()
    wrong = _wrong(name)
    if wrong:
        effect = "kubelet cannot register" if "at most" in wrong else "edgeadm refuses it with 'invalid nodeName'"
        return verdict(
            ID,
            FAIL,
            f"the host name is '{name}', which {wrong}: {effect}",
            "hostnamectl set-hostname NAME with lower-case letters, digits, '-' and '.', or set nodeNameOverride when "
            "joining",
            "hostname",
            name=name,
        )
    lines = [line.strip() for line in (facts.node.read(_STATIC) or "").splitlines() if not line.startswith("#")]
    later = next(filter(None, lines), "")
    if later not in ("", name):
        return verdict(
            ID,
            WARN,
            f"the host name is '{name}', but {_STATIC} has '{later}', so after a reboot the node has another name than "
            "the one that it joins with",
            f"hostnamectl set-hostname {name}",
            f"hostname; cat {_STATIC}",
            name=name,
        )
    return verdict(ID, PASS, f"the host name '{name}' is a valid node name", reproduce="hostname", name=name)


def _wrong(name):
    if not name:
        return "is empty"
    if name.startswith("localhost"):
        return "begins with 'localhost'"
    if len(name) > LONGEST:
        return f"has {len(name)} characters, at most {LONGEST} are allowed"
    if not _NAME.match(name):
        return (
            "has other characters than lower-case letters, digits, '-' and '.', or a part that begins or ends with '-'"
        )
    return ""
