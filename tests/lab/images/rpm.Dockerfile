# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A freshly installed server with dnf or yum, in the place of the lab's EL-like one (el.Dockerfile): NetworkManager,
# firewalld, sshd, sudo; none of the tools that a cluster wants. What it can install comes from a repository inside.
ARG BASE
FROM ${BASE}
# Scheme and host of the packages, where those of the image are gone.
ARG MIRROR=""
RUN if [ -n "$MIRROR" ]; then sed -i -e '/^mirrorlist=/d' -e "s,^#* *baseurl=[a-z]*://[^/]*,baseurl=$MIRROR," /etc/yum.repos.d/*.repo; fi \
 && install="$(command -v dnf || command -v yum) install -y -q" \
 && for package in systemd dbus python3 openssh-server sudo iproute iputils procps-ng kmod ca-certificates openssl passwd NetworkManager \
      firewalld nftables; do $install $package || exit 1; done \
 && ($install createrepo_c || $install createrepo) && mkdir -p /opt/repository \
 && for package in net-tools chrony cronie crontabs pciutils socat ebtables iptables iptables-nft conntrack-tools; do \
      $install --downloadonly --downloaddir=/opt/repository $package || echo "$package: not here"; done \
 && ($(command -v createrepo_c || command -v createrepo) -q /opt/repository) \
 && rm -rf /etc/yum.repos.d/* /var/cache/dnf /var/cache/yum \
 && printf '[lab]\nname=lab\nbaseurl=file:///opt/repository\ngpgcheck=0\nenabled=1\n' > /etc/yum.repos.d/lab.repo \
 && firewall-offline-cmd -q --zone=public --add-port=4790/udp \
 && systemctl enable -q sshd NetworkManager firewalld
COPY files/chrony-in-container.conf /etc/systemd/system/chronyd.service.d/lab.conf
COPY files/lab-underlay.service /etc/systemd/system/
COPY files/node-setup.sh /tmp/
RUN sh /tmp/node-setup.sh && rm /tmp/node-setup.sh
STOPSIGNAL SIGRTMIN+3
CMD ["/usr/lib/systemd/systemd"]
