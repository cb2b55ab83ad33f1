#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# damage.sh BACKEND   takes the rule for 10250 out of what packets meet now and that for 9100 out of what a restart
#                     loads, and lets the site open 12345 to everybody
set -eu
rich() {
    echo "rule family=\"ipv4\" source address=\"172.29.99.31/32\" port port=\"$1\" protocol=\"tcp\" accept"
}

case $1 in
    firewalld)
        firewall-cmd --zone=public --remove-rich-rule="$(rich 10250)"
        firewall-cmd --permanent --zone=public --remove-rich-rule="$(rich 9100)"
        firewall-cmd --zone=public --add-rich-rule='rule family="ipv4" port port="12345" protocol="tcp" accept'
        ;;
    nftables)
        handle=$(nft -a list chain inet filter input | sed -n 's/.* 10250.*ack-edge.*handle //p')
        nft delete rule inet filter input handle "$handle"
        sed -i '/9100/d' /etc/ack-edge/nftables-ack-edge.nft
        nft add rule inet filter input tcp dport 12345 accept
        ;;
    ufw)
        iptables -D ufw-user-input "$(iptables -S ufw-user-input | grep -n -m 1 10250 | cut -d: -f1 | awk '{print $1 - 1}')"
        sed -i '/^### tuple .* 9100/,/^$/d' /etc/ufw/user.rules
        iptables -A ufw-user-input -p tcp --dport 12345 -j ACCEPT
        ;;
    iptables)
        iptables -D ACK-EDGE-ACK-EDGE "$(iptables -S ACK-EDGE-ACK-EDGE | grep -n -m 1 10250 | cut -d: -f1 | awk '{print $1 - 1}')"
        sed -i '/9100/d' /etc/ack-edge/iptables-ack-edge.v4
        iptables -A INPUT -p tcp --dport 12345 -j ACCEPT
        ;;
esac
touch /run/lab-damaged
