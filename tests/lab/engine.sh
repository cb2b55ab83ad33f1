#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sees to it that a Docker Engine answers: uses the one that runs, else (root on Debian or Ubuntu) installs and starts one.
set -eu

answers() { docker info >/dev/null 2>&1; }

answers && exit 0
if [ "$(id -u)" -ne 0 ]; then
    echo "No Docker Engine answers to '$(id -un)'. Start it, join its group, or run this as root." >&2
    exit 1
fi
if ! command -v dockerd >/dev/null; then
    echo "Installing the Docker Engine"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io iptables >/dev/null
fi
if [ -d /run/systemd/system ]; then
    systemctl start docker
else
    # The pid file of an engine that was killed keeps a new one from starting.
    if [ -f /var/run/docker.pid ] && ! kill -0 "$(cat /var/run/docker.pid)" 2>/dev/null; then
        rm -f /var/run/docker.pid
    fi
    nohup setsid dockerd >/var/log/dockerd-lab.log 2>&1 </dev/null &
fi
for _ in $(seq 60); do
    answers && exit 0
    sleep 1
done
echo "The Docker Engine did not answer within 60 s; see /var/log/dockerd-lab.log or 'journalctl -u docker'." >&2
exit 1
