# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said about each item: how it stands, what to do, and a command that shows the same. Pure."""

from ansible_collections.ack_edge.node.plugins.module_utils import _verdict
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.plan import WHEN, item_state
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.types import port_words

# Sources that are named; of more the number is said.
_SHOWN = 4


def describe(item):
    """Return an item in words, e.g. ``TCP 10250, 10255 from 192.168.0.0/16``."""
    sources = [str(source) for source in item.sources]
    more = f" and {len(sources) - _SHOWN} more" if len(sources) > _SHOWN else ""
    return f"{item.protocol.upper()} {', '.join(port_words(item.ports))} from {', '.join(sources[:_SHOWN])}{more}"


def present(item, backend, changes, nothing_blocks, reproduce, beside=(), ours=False):
    """Return the verdict of one wanted item.

    :arg changes: Changes of the facts, in order; planned ones in check mode, those of the read-back after an apply.
    :arg nothing_blocks: sentence why no rule is needed, else ''.
    :arg beside: Obstacles that the backend does not know of.
    :arg ours: whether an earlier run has opened the very same: what is missing of it, somebody else has taken out.
    """
    states = {change.fact.name: item_state(item.name, change) for change in changes}
    data = dict({"runtime": "ok", "boot": "none"}, backend=backend)
    data.update(states)
    if ours and {"missing", "wrong"} & set(states.values()):
        data["drift"] = True
    status, summary, remedy = _standing(item, states, changes, nothing_blocks, beside)
    return _verdict.verdict(item.name, status, f"{describe(item)}{summary}", remedy, reproduce, **data)


def _standing(item, states, changes, nothing_blocks, beside):
    """Return (status, rest of the sentence behind the item's words, remedy)."""
    bad = [WHEN[name] for name in states if states[name] in ("missing", "wrong")]
    if bad:
        return _verdict.FAIL, f" is not open {' and not '.join(bad)}", "run prepare_edge.yml to open it"
    found = [change.fact.obstacle for change in changes if change.fact.obstacle] + list(beside)
    others = [obstacle for obstacle in found if obstacle.items is None or item.name in obstacle.items]
    if nothing_blocks and others:
        return _verdict.WARN, f": no rule is needed in this firewall, but {others[0].reason}", others[0].remedy
    if nothing_blocks:
        return _verdict.PASS, f": no rule is needed, {nothing_blocks}", ""
    if states.get("runtime") == "none":
        obstacle = changes[0].fact.obstacle
        return _verdict.FAIL, f" is not open: {obstacle.reason}", obstacle.remedy
    if others:
        return _verdict.WARN, f" is open now, but {others[0].reason}", others[0].remedy
    return _verdict.PASS, f" is open now and {WHEN['boot']}", ""


def unfiltered(item, filters_later, why, beside=()):
    """Return the verdict of one wanted item on a node without an active firewall.

    :arg filters_later: (service, file) of a firewall that can drop after a reboot, () for none.
    :arg why: sentence why no firewall is touched. beside: Obstacles although no firewall was found.
    """
    for obstacle in [obstacle for obstacle in beside if item.name in obstacle.items]:
        return _verdict.verdict(
            item.name,
            _verdict.WARN,
            f"{describe(item)}: no active firewall was found, but {obstacle.reason.replace('before ours ', '')}",
            obstacle.remedy,
            "nft list ruleset; iptables-save",
            backend="none",
            runtime="none",
            boot="none",
        )
    if filters_later:
        service, path = filters_later
        return _verdict.verdict(
            item.name,
            _verdict.WARN,
            f"{describe(item)}: no firewall is active now, but {service}.service is enabled and {path} may drop "
            "inbound traffic after a reboot",
            f"restart {service} and run prepare_edge.yml again, or disable it",
            f"systemctl status {service}",
            backend="none",
            runtime="ok",
            boot="missing",
        )
    summary = f"{describe(item)}: no rule is needed, {why}"
    return _verdict.verdict(item.name, _verdict.PASS, summary, backend="none", runtime="ok", boot="none")


def absent(item, left):
    """Return the verdict of one item that is to go; left: whether anything of the set is still there."""
    if left:
        summary = f"{describe(item)} is still allowed by this set"
        return _verdict.verdict(item.name, _verdict.FAIL, summary, "run reset_edge.yml to undo it")
    return _verdict.verdict(item.name, _verdict.PASS, f"{describe(item)} is not allowed by this set")


def failed(item, text):
    """Return the verdict of one item of a run that ended with an error."""
    summary = f"{describe(item)} could not be applied: {text}"
    return _verdict.verdict(item.name, _verdict.FAIL, summary, remedy="fix the reported problem and run again")
