#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# cluster_rules.sh place   puts in what kubelet, kube-proxy, a CNI plugin and flannel make, and remembers how it looks
# cluster_rules.sh show    prints it, as it is now
set -eu

# By iptables where that program is, else the same as iptables-nft would leave it in nftables.
place() {
    if command -v iptables >/dev/null; then
        iptables -N KUBE-FIREWALL
        iptables -A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" \
            -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
        iptables -I INPUT -j KUBE-FIREWALL
        iptables -t nat -N KUBE-SERVICES
        iptables -t nat -A KUBE-SERVICES -d 172.21.0.1/32 -p tcp -m tcp --dport 443 -j ACCEPT
        iptables -t nat -A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
        iptables -t nat -N CNI-HOSTPORT-DNAT
        iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT
    else
        nft -f - <<-'END'
		table ip filter {
			chain KUBE-FIREWALL {
				ip saddr != 127.0.0.0/8 ip daddr 127.0.0.0/8 ct state != { established, related } ct status != dnat drop
			}
			chain INPUT {
				type filter hook input priority filter; policy accept;
				jump KUBE-FIREWALL
			}
		}
	END
    fi
    nft -f - <<-'END'
	table ip flannel-ipv4 {
		comment "rules for flannel-ipv4"
		chain postrtg {
			comment "chain to manage traffic masquerading by flannel"
			type nat hook postrouting priority srcnat; policy accept;
			meta mark & 0x00004000 == 0x00004000 return
			ip saddr 172.20.0.0/16 ip daddr != 224.0.0.0/4 masquerade fully-random
		}
	}
	END
    show >/run/lab-cluster-rules
}

show() {
    nft -s list table ip flannel-ipv4
    if command -v iptables >/dev/null; then
        iptables-save | grep -e KUBE- -e CNI- | sed 's/ \[[0-9]*:[0-9]*\]$//'
    else
        nft -s list table ip filter
    fi
}

"$1"
