# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which interface a gateway is behind. Pure. Private to the collection."""

from ansible_collections.ack_edge.node.plugins.module_utils import _inputs
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import MAIN_TABLE


class NextHops:
    """The interfaces of a node and what is on-link there.

    :arg kernel: Kernel as observed, None where nothing runs that could be asked.
    :arg problems: the Problems that take what is wrong.
    """

    def __init__(self, kernel, problems):
        self._kernel, self._problems = kernel, problems
        self._known = {}

    def is_known(self, name):
        """Return whether :meth:`interface` has been asked for this name and has found it."""
        return self._known.get(name, False)

    def interface(self, name, variable, row):
        """Return whether this is the name of an interface; where it is not, that is a problem of ``variable``."""
        readable = self._problems.read(name, variable, row, _inputs.interface) is not None
        known = readable and (self._kernel is None or name in self._kernel.links)
        self._known[name] = known
        if readable and not known:
            self._problems.add(
                row,
                f"{variable} is {name!r}, which is not an interface of this node; it has "
                f"{', '.join(sorted(self._kernel.links)) or 'none'}",
            )
        return known

    def behind(self, gateway, name, onlink, variable, row, table=MAIN_TABLE):
        """Return the interface behind which the gateway is; the named one is only confirmed.

        :arg table: number of the table that the route is for.
        """
        if self._kernel is not None:
            return self._reached(gateway, name, onlink, variable, row, table)
        if not name:
            self._problems.add(
                row, "interface is not set, and with live: false it cannot be derived from the gateway; set it"
            )
        return name

    def _reached(self, gateway, name, onlink, variable, row, table):
        holder = self._kernel.own(gateway)
        if holder:
            self._problems.add(
                row, f"{variable} is {gateway}, an address of this node itself ({holder}); set the next hop"
            )
            return None
        if onlink and name:
            return name
        reached = self._kernel.on_link(gateway, table)
        if name:
            if self._kernel.reaches(gateway, name, table) or name not in self._kernel.links:
                return name
            networks_there = _listed(self._kernel.connected(name))
            self._problems.add(
                row,
                f"{variable} is {gateway}, which is not on-link on {name}, whose networks are: {networks_there}; set "
                f"a gateway in one of them, or another interface{self._elsewhere(gateway, name, table)}",
            )
            return None
        if len(reached) == 1:
            return reached[0]
        if reached:
            found = f"is on-link on {' and '.join(reached)}; set interface to the right one"
        else:
            there = {link: self._kernel.connected(link) for link in sorted(self._kernel.links)}
            listed = "; ".join(f"{link} {_listed(networks)}" for link, networks in there.items() if networks)
            found = f"is not on-link on any interface; the networks of this node are: {listed}"
            found += self._elsewhere(gateway, "", table)
        self._problems.add(row, f"{variable} is {gateway}, which {found}")
        return None

    def _elsewhere(self, gateway, name, table):
        """Return the tables in which the gateway is on-link although it is not in the one asked for, '' for none."""
        tables = [one for one in self._kernel.tables_on_link(gateway, name) if one != table]
        if not tables:
            return ""
        return f"; it is on-link in table {' and '.join(map(str, tables))} only; set table of the route to it"


def _listed(found):
    return ", ".join(str(one) for one in found) or "none (is it up?)"
