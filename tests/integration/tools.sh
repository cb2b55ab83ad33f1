#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs the real tools that the integration tests run in namespaces of their own. None of them is enabled here: ufw
# does nothing until somebody says 'ufw enable', netplan nothing without files in /etc/netplan, and FRR is not started.
set -eu
cd "$(dirname "$0")/../.."

tests/integration/network_plan/oracles.sh .cache/oracles

missing=""
command -v nft >/dev/null || missing="$missing nftables"
command -v iptables >/dev/null || missing="$missing iptables"
command -v netplan >/dev/null || missing="$missing netplan.io"
command -v ufw >/dev/null || missing="$missing ufw"
command -v vtysh >/dev/null || missing="$missing frr"
if [ -z "$missing" ]; then exit 0; fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Please install:$missing" >&2
    exit 1
fi
# The package of FRR would start it.
systemd=""
if ! command -v vtysh >/dev/null && [ -d /run/systemd/system ]; then systemd=yes; fi
if [ -n "$systemd" ]; then systemctl mask --quiet frr.service; fi
apt-get update -qq
# shellcheck disable=SC2086  # a list of packages
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
if [ -n "$systemd" ]; then
    systemctl unmask --quiet frr.service
    systemctl disable --quiet frr.service
fi
