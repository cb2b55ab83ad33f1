# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""systemctl, as far as it is asked about firewalls and their boot."""


class FakeSystemctl:
    def __init__(self, enabled="enabled", config="/etc/nftables.conf", active="inactive", firewalld=""):
        self.enabled, self.config, self.active, self.firewalld = enabled, config, active, firewalld
        self.units = {}

    def __call__(self, args, _stdin):
        if args[0] == "show":
            start = f"{{ path=/usr/sbin/nft ; argv[]=/usr/sbin/nft -f {self.config} ; ignore_errors=no }}"
            return 0, f"UnitFileState={self.enabled}\nExecStart={start}\n", ""
        if args == ["daemon-reload"]:
            return 0, "", ""
        if args[0] == "is-enabled":
            state = self.firewalld if args[1] == "firewalld.service" else self.units.get(args[1], "")
            return (0, state + "\n", "") if state else (1, "", "No such file or directory\n")
        assert args[0] in ("is-active", "is-failed"), args
        return 3, self.active + "\n", ""
