# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The other end of the leased line: DNS, TLS, HTTP and NTP of whatever region a node asks for, and the site's Internet. It
# is also the host of the VPC that tries the ports of the nodes, for which it has a login.
ARG BASE
FROM ${BASE}
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends systemd systemd-sysv dbus python3 iproute2 iputils-ping netbase nftables procps openssl \
      dnsmasq-base nginx-light chrony openssh-server >/dev/null \
 && rm -rf /var/lib/apt/lists/* && systemctl disable -q nginx chrony
COPY files/chrony-in-container.conf /etc/systemd/system/chrony.service.d/lab.conf
COPY files/cloud/ /opt/cloud/
COPY files/lab-underlay.service /etc/systemd/system/
RUN cp /opt/cloud/*.service /etc/systemd/system/ && cp /opt/cloud/chrony.conf /etc/chrony/chrony.conf \
 && cp /opt/cloud/nginx.conf /etc/nginx/nginx.conf \
 && useradd --create-home --shell /bin/bash ops && printf 'UseDNS no\nPasswordAuthentication no\nMaxStartups 100\n' > /etc/ssh/sshd_config.d/lab.conf \
 && systemctl enable -q lab-underlay lab-cloud ssh && systemctl mask -q getty.target console-getty.service systemd-logind.service
STOPSIGNAL SIGRTMIN+3
CMD ["/lib/systemd/systemd"]
