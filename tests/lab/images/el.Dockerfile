# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# An EL-like server: dnf and rpm, NetworkManager with keyfiles, firewalld, the release files of an EL 9. Under it is
# Debian, since the images of the lab must be makeable without a registry. And the same as an EL 8, whose NetworkManager
# reads ifcfg files.
ARG BASE
FROM ${BASE} AS el
ENV DEBIAN_FRONTEND=noninteractive
COPY files/make-rpms.sh files/chrony.conf /tmp/lab/
# netbase: firewalld reads /etc/protocols. The tools' libraries are installed, the tools themselves become RPMs.
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends systemd systemd-sysv dbus python3 openssh-server sudo iproute2 iputils-ping procps \
      kmod ca-certificates openssl netbase dnf python3-dnf rpm createrepo-c network-manager firewalld nftables >/dev/null \
 && mkdir -p /tmp/debs/partial \
 && apt-get install -y -qq --no-install-recommends --download-only -o Dir::Cache::archives=/tmp/debs \
      net-tools chrony cron pciutils socat ebtables iptables conntrack >/dev/null \
 && for tool in iptables; do ls /tmp/debs/${tool}_*.deb >/dev/null 2>&1 || (cd /tmp/debs && apt-get download -qq ${tool}); done \
 && dpkg -i $(ls /tmp/debs/lib*.deb /tmp/debs/pci.ids*.deb 2>/dev/null) >/dev/null \
 && sh /tmp/lab/make-rpms.sh /tmp/debs /opt/repository \
 && rm -rf /tmp/debs /tmp/lab /var/lib/apt/lists/* \
 && useradd --system --home-dir /var/lib/chrony --create-home _chrony \
 && mkdir -p /etc/yum.repos.d /var/log/chrony \
 && printf '[lab]\nname=lab\nbaseurl=file:///opt/repository\ngpgcheck=0\nenabled=1\n' > /etc/yum.repos.d/lab.repo \
 && printf '[main]\ngpgcheck=0\n' > /etc/dnf/dnf.conf \
 && printf 'NAME="AlmaLinux"\nVERSION="9.3 (EL-like lab node)"\nID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\nPLATFORM_ID="platform:el9"\nPRETTY_NAME="EL-like 9.3"\n' > /etc/os-release.el \
 && rm -f /etc/os-release /etc/debian_version /etc/lsb-release && mv /etc/os-release.el /etc/os-release
RUN firewall-offline-cmd -q --zone=public --add-port=4790/udp \
 && systemctl enable -q NetworkManager firewalld
COPY files/chrony-in-container.conf /etc/systemd/system/chronyd.service.d/lab.conf
COPY files/lab-underlay.service /etc/systemd/system/
COPY files/node-setup.sh /tmp/
RUN sed -i "s,-x -d,-x -d -f /etc/chrony.conf," /etc/systemd/system/chronyd.service.d/lab.conf \
 && sh /tmp/node-setup.sh && rm /tmp/node-setup.sh
STOPSIGNAL SIGRTMIN+3
CMD ["/lib/systemd/systemd"]

# An EL has both clients side by side, where Debian has one of them.
FROM el AS el-ntpsec
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends ntpsec >/dev/null && rm -rf /var/lib/apt/lists/*

# Debian leaves the ifcfg-rh plug-in out, so NetworkManager is made of Debian's source with it.
FROM ${BASE} AS networkmanager
ENV DEBIAN_FRONTEND=noninteractive
RUN cd /etc/apt \
 && if [ -s sources.list ]; then sed 's/^deb /deb-src /' sources.list > sources.list.d/source.list; \
    else sed -i 's/^Types: deb$/Types: deb deb-src/' sources.list.d/*.sources; fi \
 && apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends dpkg-dev gcc meson ninja-build pkg-config gettext libglib2.0-dev libudev-dev libndp-dev \
      libsystemd-dev uuid-dev libdbus-1-dev libxml2-utils xsltproc >/dev/null \
 && cd /tmp && apt-get source -qq network-manager >/dev/null && mv network-manager-*/ source && cd source \
 && meson setup build --prefix=/usr --libdir=lib/networkmanager-ifcfg --sysconfdir=/etc --localstatedir=/var -Difcfg_rh=true \
      -Dnmcli=false -Dnmtui=false -Dnm_cloud_setup=false -Dintrospection=false -Dvapi=false -Ddocs=false -Dtests=no -Dqt=false \
      -Dmodem_manager=false -Dofono=false -Dppp=false -Dwifi=false -Dbluez5_dun=false -Dconcheck=false -Dovs=false -Dteamdctl=false \
      -Dselinux=false -Dlibaudit=no -Dpolkit=false -Dcrypto=null -Dlibpsl=false -Dreadline=none -Dsession_tracking=no \
      -Dfirewalld_zone=false -Debpf=false -Dsystemdsystemunitdir=no \
 && ninja -C build src/core/NetworkManager src/core/settings/plugins/ifcfg-rh/libnm-settings-plugin-ifcfg-rh.so \
 && version=$(build/src/core/NetworkManager --version) \
 && install -D -s build/src/core/NetworkManager /made/usr/sbin/NetworkManager \
 && install -D -s -t /made/usr/lib/networkmanager-ifcfg/NetworkManager/$version build/src/core/settings/plugins/ifcfg-rh/*.so

FROM el AS el8
COPY --from=networkmanager /made/ /
RUN printf 'NAME="AlmaLinux"\nVERSION="8.9 (EL-like lab node)"\nID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="8.9"\nPLATFORM_ID="platform:el8"\nPRETTY_NAME="EL-like 8.9"\n' > /etc/os-release
