# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a backend is: one firewall that rules of a set can be written to. Private to the collection.

A backend knows how its firewall holds rules and how it is told from the others; it decides nothing. It never enables,
disables, restarts or reloads a firewall, never flushes, never changes a policy and never saves rules of others.
"""

from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import table_loaders
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports.loaded import LoadedRules
from ansible_collections.ack_edge.node.plugins.module_utils._manifest import fits

# Where files of our own lie; it goes with the last of them.
OWN_DIRECTORY = "/etc/ack-edge"
# Services that load tables of iptables at boot.
TABLE_LOADERS = table_loaders.KNOWN
loads_at_boot = table_loaders.loads_at_boot


def remembered_rule(value):
    """See that this is a rule and its label as types.dump_rules() writes them.

    :raises ValueError, TypeError: if it is not.
    """
    (place, version, protocol, sources, ports, name), label = value
    pairs = sources + ports
    if not (
        fits(place, [str])
        and version in (4, 6)
        and fits([protocol, name, label], [str])
        and fits(pairs, [[int]])
        and all(len(pair) == 2 for pair in pairs)
    ):
        raise ValueError


# What a backend remembers that knows its rules by the manifest.
REMEMBERED_RULES = {"runtime?": [remembered_rule], "boot?": [remembered_rule]}


class FirewallBackend:
    """The base of all backends; its members say what those of each one mean.

    :arg node: a Node.
    :arg set_name: name of the owned set; different names own different rules.
    :arg zone, interface: the module's options, '' for unset; of use where a firewall has zones.
    """

    name = ""  # the value of the module's option 'backend'
    reproduce = ""  # a command that shows by hand what it holds; observe() may say it more exactly
    manifest_shape = dict  # of what remember() returns, see _manifest.fits(); that of older versions must fit, too
    shuts_ipv6_bare = False  # whether it may shut IPv6 by a policy alone, in a table without chains of its own
    takes_unknown_tables = False  # whether a filter table of iptables that no backend knows is this one's

    def __init__(self, node, set_name, zone="", interface=""):
        self._node, self._set, self._zone, self._interface = node, set_name, zone, interface
        self._prefix = f"ack-edge {set_name} "  # of the comments of our rules, the item's name follows
        self._loaded = LoadedRules(node)

    # Detection: whether this firewall decides about what comes in. Each answer is a reason for people, '' for no.

    def manages_now(self):
        """Return why it is active, told by a service that answers; '' also where only its rules can tell.

        :raises NodeError: where it runs and does not answer.
        """
        return ""

    def manages_ruleset(self, _ruleset):
        """Return why it is active, told by rules of its in the Ruleset of nft that can drop.

        Asked only where :meth:`manages_now` said no.

        :raises NodeError: where its rules are loaded and nobody could change them, see :meth:`refuse_abandoned`.
        """
        return ""

    def manages_ruleset_alone(self, _ruleset):
        """Return why it is active, told by rules of its that drop nothing; asked where no other firewall is active."""
        return ""

    def may_drop(self, _ruleset, _rules):
        """Return whether rules of its in the Ruleset of nft may drop what one of the Rules accepts; yes where unsure.

        Asked where :meth:`manages_ruleset` said why, to tell a second firewall from one that is about other packets.
        """
        return True

    def opens(self, _chain, _ruleset):
        """Return whether it sees to it that wanted packets pass a base chain of nft, or says where they may not."""
        return False

    def opens_input(self, _targets):
        """Return from which rule on it does so in a chain INPUT of iptables that leads to these targets, or None."""

    def redirects(self, _target):
        """Return whether a chain that PREROUTING leads to holds what its facts tell of."""
        return False

    def knows_table(self, _table):
        """Return whether a DroppingTable of iptables was made by it."""
        return False

    def refuse_abandoned(self, where):
        """See to it that the loaded rules that were found ``where`` can be changed while it does not answer.

        :raises NodeError: if they cannot.
        """

    def manages_at_boot(self):
        """Return whether it is to run after a reboot, does not now, and its persistent rules can be written now."""
        return False

    def filters_after_reboot(self):
        """Return (service, file) of a configuration that can drop after a reboot and is not loaded now, else ().

        For a firewall that cannot be written to before it is loaded; nobody is asked but files and systemd.
        """
        return ()

    # The run.

    def available(self):
        """Return whether what we own here can be taken back now."""
        return True

    def files(self, _remembered):
        """Return the paths that a run may have written to itself.

        :arg _remembered: what the manifest holds of this backend, {} for nothing.
        """
        return []

    def directories(self, _was_ours):
        """Return the directories that go with the last file of ours in them.

        :arg _was_ours: whether anything of ours was there; else an empty directory that others share with us is theirs.
        """
        return []

    def observe(self, remembered, items):
        """Read the node and return what was seen, in a form of the backend's own.

        :arg remembered: what the manifest holds of this backend, {} for nothing.
        :arg items: the Items that are wanted here, [] where what is ours is to go.
        :raises NodeError: where it cannot be told what is there.
        """
        raise NotImplementedError

    def nothing_blocks(self, _seen):
        """Return why no rule is needed, or ''."""
        return ""

    def facts(self, seen, items):
        """Return the Facts, runtime before boot, of what :meth:`observe` saw and of the Items that are wanted here."""
        raise NotImplementedError

    def text(self, rule):
        """Return a rule in words of the tool, with its place."""
        raise NotImplementedError

    def remember(self, seen, changes, remembered):
        """Return what the manifest must hold (before the apply, after it); None for nothing.

        What it holds before names every trace that a run which is killed anywhere can have left.
        """
        raise NotImplementedError

    def refuse(self, _seen):
        """See to it that a change would be taken; asked before anything is written, in check mode, too.

        :raises NodeError: if it is known that it would not.
        """

    def apply(self, seen, changes):
        """Do what was planned, in an order that leaves no broken firewall wherever it is killed.

        :raises NodeError: where a step fails; what was done before it stays.
        """
        raise NotImplementedError
