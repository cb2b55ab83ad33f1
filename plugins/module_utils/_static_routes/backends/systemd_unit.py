# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes in a oneshot unit of our own, for an interface that no manager holds. Private to the collection.

The lines for ``ip -batch`` stand in the unit itself, in a section that systemd is told to skip, so that one atomic
write changes all of it. The link that makes the unit part of the boot belongs to the file.
"""

import re

from ansible_collections.ack_edge.node.plugins.module_utils._node import NodeError
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.backends.base import Backend
from ansible_collections.ack_edge.node.plugins.module_utils._static_routes.formats import ip_route

_UNITS = "/etc/systemd/system"
_BOOT = ("/etc/rc.local", "/etc/rc.d/rc.local", f"{_UNITS}/*.service", "/etc/dhcpcd.conf", "/etc/network/interfaces")
# Whatever makes the interface may be later than the unit, hence the second, third and later try. The kernel refuses
# what is not there yet and -force goes on with the rest. ip tells the families apart by the destinations.
_TEXT = """\
# Written by ack_edge.node.static_routes; a change by hand is undone by its next run.
[Unit]
Description=Static routes of the owned set %(name)s
After=network-pre.target network.target network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'tries=0; \\
  until sed -n "/^route /p" %(path)s | ip -force -batch -; do \\
  tries=$$((tries + 1)); [ $$tries -lt 30 ] || exit 1; sleep 1; done'

[Install]
WantedBy=multi-user.target

[X-Routes]
%(batch)s"""


class SystemdUnit(Backend):
    """See :class:`Backend` for what the members mean."""

    name = "systemd_unit"
    title = "a systemd unit"
    looked_for = "systemd as the init, if no manager is found"
    last_resort = True

    def runs(self):
        """Return whether systemd is there to run a unit at boot."""
        return self._managers.systemd_runs()

    def _path(self):
        return f"{_UNITS}/{self._name}-routes.service"

    def locate(self, _link):
        """Return the path of our unit."""
        return self._path()

    def own_files(self):
        """Return our unit if it is there; its lines name their interfaces."""
        return [(self._path(), "")] if self._node.exists(self._path()) else []

    boot_remedy = "configure a manager, or a unit that names the interface, to bring it up at boot, then run again"

    def doubt(self, _path, interface, _gateways):
        """Return that nothing known brings a card up at boot; who makes another interface does."""
        named = re.compile(rf"\b{re.escape(interface)}\b")
        # A comment says nothing, and neither does a link to a unit that is gone.
        paths = [path for pattern in _BOOT for path in self._node.glob(pattern) if path != self._path()]
        lines = (line for path in paths for line in self._text(path).splitlines() if not line.lstrip().startswith("#"))
        known = interface not in self._managers.cards() or any(map(named.search, lines))
        return "" if known else f"no known manager or unit brings {interface} up at boot"

    def _text(self, path):
        try:
            return self._node.read(path) or ""
        except NodeError:  # a directory of that name
            return ""

    def links(self, path):
        """Return what 'systemctl enable' would make of the unit."""
        return {f"{_UNITS}/multi-user.target.wants/{path.rpartition('/')[2]}": path}

    def parse(self, text, _interface):
        """Return the Lines of our unit."""
        return ip_route.read_batch(text)

    def compose(self, _text, items, _add, _drop, _restore=()):
        """Return the whole unit, None where nothing is left to hold."""
        if not items:
            return None
        return _TEXT % {"name": self._name, "path": self._path(), "batch": ip_route.batch(items)}

    def loaded(self, _path):
        """Let a running systemd read the unit, which starts and stops nothing."""
        if self.runs():
            self._node.check(["systemctl", "daemon-reload"])
