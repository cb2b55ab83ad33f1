# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A freshly installed Debian server: sshd, sudo, its own network manager; none of the tools that a cluster wants.
# What it can install comes from a repository inside the image, so that the node needs no way out.
ARG BASE
FROM ${BASE}
ARG FLAVOUR=""
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends systemd systemd-sysv dbus python3 python3-apt openssh-server sudo \
      iproute2 iputils-ping netbase procps kmod ca-certificates openssl apt-utils ${FLAVOUR} >/dev/null \
 && mkdir -p /opt/repository/partial && cd /opt/repository \
 && apt-get install -y -qq --no-install-recommends --download-only --reinstall -o Dir::Cache::archives=/opt/repository \
      net-tools chrony cron pciutils socat ebtables iptables conntrack \
      $(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' '*python3*' | sed -n 's/^ii *//p') >/dev/null \
 && for client in systemd-timesyncd ntpsec-ntpdate; do \
      apt-get install -y -qq --no-install-recommends --download-only --reinstall -o Dir::Cache::archives=/opt/repository $client >/dev/null; \
    done \
 && rm -rf partial lock && apt-ftparchive packages . > Packages \
 && rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /var/lib/apt/lists/* \
 && echo 'deb [trusted=yes] file:/opt/repository ./' > /etc/apt/sources.list \
 && rm -rf /var/lib/apt/lists/*
COPY files/chrony-in-container.conf /etc/systemd/system/chrony.service.d/lab.conf
COPY files/lab-underlay.service /etc/systemd/system/
COPY files/node-setup.sh files/nftables.conf /tmp/
RUN if command -v nft >/dev/null; then cp /tmp/nftables.conf /etc/nftables.conf; systemctl enable -q nftables; fi \
 && sh /tmp/node-setup.sh && rm /tmp/node-setup.sh /tmp/nftables.conf
STOPSIGNAL SIGRTMIN+3
CMD ["/lib/systemd/systemd"]
