# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What loads rules of iptables beside the services that our unit follows: units, timers, and scripts of the site."""

import pytest
from ansible_collections.ack_edge.node.plugins.module_utils._inbound_ports import table_loaders
from fakes.iptables import iptables_system

RESTORE = "iptables-restore < /etc/my.rules"


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({}, ""),
        ({"/etc/rc.local": f"#!/bin/sh\n{RESTORE}\n"}, "/etc/rc.local"),
        ({"/etc/rc.local": f"#!/bin/sh\n# {RESTORE}\n"}, ""),
        ({"/etc/rc.d/rc.local": "/opt/site/fw.sh\n", "/opt/site/fw.sh": f"#!/bin/sh\n{RESTORE}"}, "/etc/rc.d/rc.local"),
        ({"/etc/network/interfaces": f"iface eth0 inet dhcp\n  pre-up {RESTORE}\n"}, "/etc/network/interfaces"),
        ({"/etc/network/if-pre-up.d/iptables": f"#!/bin/sh\n{RESTORE}\n"}, "/etc/network/if-pre-up.d/iptables"),
        ({"/etc/NetworkManager/dispatcher.d/pre-up.d/x": ""}, ""),
        ({"/etc/cron.d/fw": f"@reboot root {RESTORE}\n"}, "/etc/cron.d/fw"),
        ({"/etc/cron.d/e2scrub": "30 3 * * 0 root test -e /run/systemd/system || /sbin/e2scrub_all\n"}, ""),
        ({"/etc/systemd/system/timers.target.wants/fw.timer": "",
          "/etc/systemd/system/fw.service": f"[Service]\nExecStart=/bin/sh -c '{RESTORE}'\n"}, "fw.service"),
    ],
)  # fmt: skip
def test_who_else_loads_rules_is_named(tmp_path, files, named):
    system = iptables_system(tmp_path)
    for path, text in files.items():
        system.path(path).parent.mkdir(parents=True, exist_ok=True)
        system.path(path).write_text(text)
    doubt = table_loaders.doubt(system.node(), {4, 6})
    assert (f": {named} also loads iptables rules" in doubt.reason) if named else doubt is None
