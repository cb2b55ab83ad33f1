# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in a file of our own among those of netplan, for its renderers networkd and NetworkManager. Private.

netplan puts the routes of all its files together, so ours only names definitions of the site and adds routes to them.
It is read at the next boot, when netplan generates anew; until then the kernel has the routes from us. Neither 'netplan
apply' nor a generation for the real root is ever run.

Which definition configures an interface, and of what type it is, is told by netplan itself in a scratch directory (see
``netplan_generator``). :meth:`Netplan.locate` finds it out and keeps it, so that :meth:`Netplan.compose` is pure.
"""

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes import releases
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.base import Backend
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import (
    keyfile,
    netplan_generator,
    netplan_yaml,
    networkd_unit,
)
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.types import Route

# The types of definitions that can hold routes, those that only newer releases know last.
SECTIONS = (
    "ethernets",
    "bonds",
    "bridges",
    "vlans",
    "wifis",
    "tunnels",
    "vrfs",
    "modems",
    "nm-devices",
    "dummy-devices",
    "virtual-ethernets",
)
# How netplan refuses a definition that stands in a section of another type: that tells nothing but to try the next.
_OTHER_TYPE = "changes device type"


class Netplan(Backend):
    """See :class:`Backend` for what the members mean."""

    name = "netplan"
    title = "netplan"
    mode = 0o600  # netplan warns of a file that others may read
    looked_for = "a file that netplan generated behind networkd or NetworkManager"

    def __init__(self, node, name, managers):
        Backend.__init__(self, node, name, managers)
        self._path = f"/etc/netplan/90-{name}.yaml"
        self._site = None  # Outcome without our file
        self._definitions = {}  # {interface: Definition} of every interface that was located

    def claim(self, link):
        """Return which definition the interface is held with, '' if none is."""
        path = self._held(link)
        return f"definition {netplan_generator.definition_name(path)}, {path}" if path else ""

    def weak_claim(self, link):
        """Return which definition names the interface: netplan brings it up at boot if nobody else holds it."""
        if not netplan_generator.program(self._node):
            return ""
        path = self._naming(link.name)
        return f"definition {netplan_generator.definition_name(path)} names it" if path else ""

    def locate(self, link):
        """Return the path of our file, and keep the definition of the interface for the other methods."""
        path = self._held(link)
        if path:
            self._alone(link, path)
        else:
            path = self._unheld(link)
        files = self._generated()
        if path not in files:
            raise NodeError(
                f"interface {link.name} is configured by {path}, which the files in /etc/netplan no longer generate; "
                "run 'netplan apply' first, so that both agree"
            )
        if "[match]" in files[path]:
            raise NodeError(
                f"{path} may configure other interfaces than {link.name}, which would get its routes too; give "
                f"{link.name} its own definition in netplan"
            )
        for other, known in self._definitions.items():
            if known.file == path and other != link.name:
                raise NodeError(
                    f"{path} configures both {other} and {link.name}, and each would get the routes of the other; "
                    "give each its own definition in netplan"
                )
        self._definitions[link.name] = self._definition(path, link.name)
        return self._path

    def _held(self, link):
        """Return the file of netplan that a manager holds the interface with, '' if it holds it with none."""
        return next((path for path in self._files_held(link) if netplan_generator.is_generated(path)), "")

    def _files_held(self, link):
        network, profile = self._managers.network_file(link), self._managers.profile(link.name)
        return ([network[1]] if network else []) + ([profile.path] if profile else [])

    def _alone(self, link, path):
        if self._managers.shares_network_file(link, path):
            raise NodeError(
                f"{path} also configures other interfaces than {link.name}, which would get its routes too; give "
                f"{link.name} its own definition in netplan"
            )

    def _unheld(self, link):
        """Return the file that netplan makes for an interface that no file of netplan holds now."""
        others = self._files_held(link)
        if others:
            raise NodeError(
                f"interface {link.name} is configured by {others[0] or 'a profile in memory only'}, which netplan did "
                "not generate; set backend to the manager that made it, or to auto"
            )
        path = self._naming(link.name)
        if not path:
            self._generated()
            raise NodeError(
                f"interface {link.name} has no definition in netplan that can hold its routes, or several definitions "
                "name it; write one in /etc/netplan or set another backend"
            )
        return path

    def _naming(self, interface):
        """Return the one generated file that names the interface and no other, '' if none or several do."""
        words = (f"Name={interface}", f"interface-name={interface}")
        found = [
            path
            for path, text in (self._without_ours().files or {}).items()
            if any(word in text.split("\n") for word in words)
        ]
        return found[0] if len(found) == 1 else ""

    def _without_ours(self):
        if self._site is None:
            self._site = netplan_generator.generate(self._node, self._path)
        return self._site

    def _generated(self):
        """Return {path: text} of what netplan makes of the site's files."""
        site = self._without_ours()
        if site.files is None:
            raise NodeError(
                f"netplan rejects its files even without our routes: {site.words}; fix them until 'netplan generate' "
                "reports no error"
            )
        return site.files

    def _definition(self, path, interface):
        """Return the Definition behind a generated file: the first that netplan takes for one that it knows."""
        words, site = "", self._generated()
        for name in netplan_generator.ids(path, site[path]):
            for section in SECTIONS:
                trial = netplan_yaml.trial(section, name)
                outcome = netplan_generator.generate(self._node, self._path, trial)
                if outcome.files is None:
                    words = words or ("" if _OTHER_TYPE in outcome.words else outcome.words)
                elif sorted(outcome.files) == sorted(site):  # else it is new to netplan: the wrong name
                    return netplan_yaml.Definition(section, name, path)
        raise NodeError(
            f"netplan ignores {self._path} for interface {interface} ({path}){words and ': ' + words}; write its "
            "routes into the definition by hand or set another backend"
        )

    def own_files(self):
        """Return our file if it is there; its lines name their interfaces."""
        return [(self._path, "")] if self._node.exists(self._path) else []

    def parse(self, text, _interface):
        """Return the Lines of our file, none of a text that we cannot have written."""
        return netplan_yaml.lines_of(text)

    def foreign(self, _path, _interface):
        """Return the Lines that the site's files bring, of every interface that was located.

        One file of ours holds the routes of all interfaces of the set, so all their neighbours count.
        """
        found = []
        for interface, definition in sorted(self._definitions.items()):
            found += _routes_of(definition.file, self._generated(), interface)
            own_drop_in = f"/{self._name}.conf"  # of a run that had another backend
            for path in networkd_unit.files_of(self._node, definition.file.rpartition("/")[2]):
                if path != definition.file and not path.endswith(own_drop_in):
                    found += networkd_unit.routes_of(self._node.read(path), interface)
        return found

    def compose(self, _text, items, _add, _drop, _restore=()):
        """Return the whole file, None where nothing is left to hold.

        :raises NodeError: for an interface that was not located.
        """
        if not items:
            return None
        interfaces = {one.route.interface for one in items}
        return netplan_yaml.written(sorted((self._known(interface), interface) for interface in interfaces), items)

    def _known(self, interface):
        if interface not in self._definitions:
            raise NodeError(
                f"interface {interface} has routes in {self._path} but no definition in netplan; remove its routes "
                "from the set"
            )
        return self._definitions[interface]

    def ignores(self, _path, route):
        """Return what that ignores of the route which netplan writes it for, ''."""
        known = self._definitions.get(route.interface)
        if known is None:
            return ""
        if known.file.endswith(".network"):
            return releases.ignored(self._managers.networkd, route, releases.NETWORKD)
        return releases.ignored(self._managers.networkmanager, route, releases.NETWORKMANAGER)

    def refuse(self, path, text, _interface, items):
        """Have netplan generate with the text, and compare what comes out with what is wanted and what was there."""
        outcome = netplan_generator.generate(self._node, path, text)
        if outcome.files is None:
            raise NodeError(
                f"netplan rejects the routes in {path}: {outcome.words}; fix what it reports or set another backend"
            )
        site = self._generated()
        for interface in sorted({one.route.interface for one in items}):
            definition = self._known(interface)
            made = _routes_of(definition.file, outcome.files, interface)
            kept = {(line.slot, line.route) for line in made}
            wrong = [
                _difference(one.route, made)
                for one in items
                if one.route.interface == interface and (one.route.slot, one.route) not in kept
            ]
            wrong += [
                f"it drops {line.route.text() if line.route else line.slot[0]} of the site"
                for line in _routes_of(definition.file, site, interface)
                if (line.slot, line.route) not in kept
            ]
            if wrong:
                raise NodeError(
                    f"netplan would not write {len(wrong)} of the routes in {path} as requested into "
                    f"{definition.file}: {'; '.join(wrong[:3])}; change the definition {definition.id}, the route, or "
                    "set another backend"
                )

    boot_remedy = "remove 'activation-mode' from the definition of the interface in /etc/netplan, then run again"

    def doubt(self, _path, interface, _gateways):
        """Return what in the generated file keeps the renderer from bringing the interface up at boot."""
        definition = self._definitions.get(interface)
        text = (self._without_ours().files or {}).get(definition.file, "") if definition else ""
        if definition is None or definition.file.endswith(".network"):
            self.unit = ""
            return networkd_unit.not_brought_up(definition.file, text) if definition else ""
        self.unit = "NetworkManager.service"  # that of networkd is started by what netplan generates
        manual = ("connection", "autoconnect", "false") in keyfile.entries(text)
        return f"{definition.file} has autoconnect=false, so it does not come up at boot" if manual else ""


def _routes_of(path, files, interface):
    """Return the Lines of one generated file."""
    reader = networkd_unit if path.endswith(".network") else keyfile
    return reader.routes_of(files.get(path, ""), interface)


def _difference(route, lines):
    """Return what the route, which is not among generated Lines, has become there."""
    near = [line.route for line in lines if line.slot[0] == route.destination]
    if not near:
        return (
            f"{route.text()} is omitted (the definition needs an IPv{route.family} address or method, and no setting "
            "of the same name passed through to NetworkManager)"
        )
    if near[0] is None:
        return f"{route.text()} gets attributes that were not requested"
    other = [name for name in Route._fields if getattr(route, name) != getattr(near[0], name)]
    return f"{route.text()} becomes {near[0].text()}, with another {', '.join(other)}"
