#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make-rpms.sh DEBS REPOSITORY: turns the system tools in Debian's packages into RPMs with the names and files that an
# EL 9 has, and makes a dnf repository of them. Libraries are expected to be installed already.
set -eu
debs=$1 repository=$2
work=$(mktemp -d)
mkdir -p "$repository"

# rpm_from NAME DEB [PROVIDES]: the content of one Debian package under its EL name; a function adapt_NAME may change it.
rpm_from() {
    name=$1 deb=$2 provides=${3:-}
    tree=$work/$name/tree
    mkdir -p "$tree"
    if [ "$deb" != none ]; then dpkg-deb -x "$debs/$deb"_*.deb "$tree"; fi
    # An EL has no /bin, /sbin and /lib of its own either.
    for old in bin sbin lib; do
        if [ -d "$tree/$old" ]; then mkdir -p "$tree/usr/$old"; cp -a "$tree/$old/." "$tree/usr/$old/"; rm -rf "${tree:?}/$old"; fi
    done
    rm -rf "$tree/usr/share/doc" "$tree/usr/share/man" "$tree/usr/share/lintian" "$tree/usr/share/bug" "$tree/etc/init.d"
    if command -v "adapt_$(echo "$name" | tr - _)" >/dev/null; then "adapt_$(echo "$name" | tr - _)" "$tree"; fi
    (cd "$tree" && find . \( -type f -o -type l \) | sed 's/^\.//') > "$work/$name/files"
    {
        printf 'Name: %s\nVersion: 9.3\nRelease: 1.el9\nSummary: %s for the lab\nLicense: see package\nAutoReqProv: no\n' "$name" "$name"
        for provided in $provides; do printf 'Provides: %s\n' "$provided" | sed 's/=/ = /'; done
        printf '%%description\n%s\n%%install\ncp -a %s/. %%{buildroot}/\n%%files -f %s\n' "$name" "$tree" "$work/$name/files"
        if [ -f "$work/$name/post" ]; then printf '%%post\n'; cat "$work/$name/post"; fi
    } > "$work/$name.spec"
    rpmbuild -bb --quiet --define "_topdir $work/build" --define '_build_id_links none' --define 'debug_package %{nil}' \
        --define '__os_install_post %{nil}' "$work/$name.spec" >/dev/null
}

# What an EL knows of itself: its release, and that it has a shell.
adapt_almalinux_release() {
    mkdir -p "$1/etc"
    echo 'AlmaLinux release 9.3 (EL-like lab node)' > "$1/etc/redhat-release"
}
adapt_chrony() {
    mv "$1/usr/lib/systemd/system/chrony.service" "$1/usr/lib/systemd/system/chronyd.service"
    sed -i -e 's/^Alias=.*//' -e 's/^Conflicts=.*//' -e 's#chrony/chrony.conf#chrony.conf#' "$1/usr/lib/systemd/system/chronyd.service"
    rm -rf "${1:?}/etc" "$1/usr/lib/systemd/system/chrony-wait.service" "$1/usr/share/chrony"
    mkdir -p "$1/etc"
    cp "$(dirname "$0")/chrony.conf" "$1/etc/chrony.conf"
    printf 'systemctl daemon-reload || :\nsystemctl enable -q chronyd || :\n' > "$work/chrony/post"
}
adapt_iptables() {
    for link in iptables ip6tables iptables-save iptables-restore; do ln -sf xtables-nft-multi "$1/usr/sbin/$link"; done
}
adapt_ebtables() {
    if [ ! -e "$1/usr/sbin/ebtables" ]; then ln -s ebtables-legacy "$1/usr/sbin/ebtables"; fi
}

rpm_from almalinux-release none "system-release system-release(releasever)=9 redhat-release /bin/sh"
rpm_from net-tools net-tools
rpm_from chrony chrony
rpm_from crontabs cron cronie
rpm_from pciutils pciutils
rpm_from socat socat
rpm_from iptables iptables iptables-nft
rpm_from ebtables ebtables "iptables-ebtables"
rpm_from conntrack-tools conntrack
rpm --install "$work"/build/RPMS/*/almalinux-release-*.rpm
cp "$work"/build/RPMS/*/*.rpm "$repository/"
createrepo_c -q "$repository"
rm -rf "$work"
