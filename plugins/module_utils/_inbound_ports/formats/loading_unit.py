# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The unit of systemd that loads our rules of iptables at boot. Pure: no command, no file."""

# Without RemainAfterExit, so that each start of a service that loads a table starts it again (by the link in its
# .wants), and nothing is left active when the set goes. The first command of each pair fails where no jump of ours is
# there, which is the rule: hence the '-'. Where a file of ours is lost the unit is skipped, and nothing fails for it.
_UNIT = """\
# Written by ack_edge.node.inbound_ports; a change by hand is undone by its next run.
[Unit]
Description=Inbound accepts of the owned set %(name)s in iptables
After=%(loaders)s rc-local.service network.target
%(conditions)s
[Service]
Type=oneshot
%(commands)s
[Install]
WantedBy=multi-user.target %(loaders)s
"""
# Seconds to wait for the lock of iptables; at boot others may hold it for long.
_WAIT = 60


def loading_commands(places, chain, files, lock, path):
    """Return argv lists in pairs, one that may fail and one that loads, for each table.

    :arg places: tables, as the backend has them. chain: of ours. files: {version of IP: path} of those to load.
    :arg lock: of iptables. path: function of a program's name that returns where it lies.
    """
    commands = []
    for place in places:
        program, restore = path(place.program), [path(place.program + "-restore")]
        wait = ["-w", str(_WAIT)] if place.seconds else ["-w"]
        if not place.colon:
            commands += [[program, *wait, "-N", chain], [program, *wait, "-F", chain]]
        if place.lockless:
            restore = [path("flock"), *wait, lock, *restore]
        elif place.seconds:
            restore += wait
        commands.append([program, *wait, "-D", "INPUT", "-j", chain])
        commands.append([*restore, "--noflush", files[place.version]])
    return commands


def loading_unit(name, loaders, commands, files):
    """Return the text of the unit.

    :arg name: of the owned set. loaders: units that load a table.
    :arg commands: argv lists in pairs, one that may fail and one that loads.
    :arg files: paths that must be there.
    """
    lines = [f"ExecStart={'' if index % 2 else '-'}{' '.join(argv)}\n" for index, argv in enumerate(commands)]
    return _UNIT % {
        "name": name,
        "loaders": " ".join(loaders),
        "commands": "".join(lines),
        "conditions": "".join(f"ConditionPathExists={path}\n" for path in files),
    }
