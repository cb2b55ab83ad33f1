#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What every node image has in common: a login with sudo, as an operator has it, and a quiet, quick systemd.
set -eu
useradd --create-home --shell /bin/bash ops
mkdir -p /home/ops/.ssh /etc/sudoers.d /run/sshd
chmod 700 /home/ops/.ssh
chown -R ops: /home/ops/.ssh
echo 'ops ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/ops
chmod 440 /etc/sudoers.d/ops
systemctl enable -q lab-underlay
if [ -f /etc/debian_version ] && [ ! -f /etc/network/interfaces ]; then systemctl enable -q systemd-networkd; fi
# What 'ufw allow 22/tcp' writes, and the same for the tunnel that makes the lab's network; that command wants to look at
# the kernel's tables, which a build must not.
for rules in '/etc/ufw/user.rules ufw 0.0.0.0/0' '/etc/ufw/user6.rules ufw6 ::/0'; do
    # shellcheck disable=SC2086  # three words
    set -- $rules
    if [ -f "$1" ]; then
        for port in 'udp 4790' 'tcp 22'; do
            text="### tuple ### allow $port $3 any $3 in\n-A $2-user-input -p ${port% *} --dport ${port#* } -j ACCEPT"
            sed -i "s,^### RULES ###\$,&\n\n$text," "$1"
        done
    fi
done
mkdir -p /etc/ssh/sshd_config.d
printf 'UseDNS no\nPasswordAuthentication no\nMaxStartups 100\n' > /etc/ssh/sshd_config.d/lab.conf
systemctl enable -q ssh 2>/dev/null || true
systemctl mask -q getty.target console-getty.service systemd-logind.service systemd-resolved.service \
    apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer logrotate.timer 2>/dev/null
# What is left of dbus would be the same on all nodes of an image: an older systemd takes it.
rm -f /etc/machine-id /var/lib/dbus/machine-id && touch /etc/machine-id
