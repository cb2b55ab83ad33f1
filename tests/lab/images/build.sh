#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds the images of the lab: build.sh IMAGE... An image whose inputs are unchanged is kept.
#
# Where a registry can be reached, a real system plays nodes of the lab (docs/lab.md, "Real systems"):
#   ACK_EDGE_LAB_SYSTEM   it, by the name of its image, such as rockylinux:9 or ubuntu:22.04
#   ACK_EDGE_LAB_FROM     what comes before that name: a registry and a folder, such as registry.example/mirror
#   ACK_EDGE_LAB_MIRROR   where its packages are, if where its image looks for them is nothing any more: scheme and host
set -eu
cd "$(dirname "$0")"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
prefix=${ACK_EDGE_LAB_FROM:+${ACK_EDGE_LAB_FROM%/}/} system=${ACK_EDGE_LAB_SYSTEM:-} mirror=${ACK_EDGE_LAB_MIRROR:-}

# base SUITE: prints the name of an image with plain Debian in it. A registry is asked first; where none can be
# reached the same comes out of Debian's packages.
base() {
    pulled=${prefix}debian:$1
    made=ack-edge-lab/base:$1
    if [ -z "$prefix" ] && docker image inspect "$made" >/dev/null 2>&1; then echo "$made"; return; fi
    if docker image inspect "$pulled" >/dev/null 2>&1 || docker pull -q "$pulled" >/dev/null 2>&1; then
        echo "$pulled"
        return
    fi
    if [ "$(id -u)" -ne 0 ]; then
        echo "$pulled cannot be pulled, and making it from packages needs root: pull or load it, or run this once as root." >&2
        exit 1
    fi
    if ! command -v mmdebstrap >/dev/null; then
        apt-get update -qq >&2
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null 2>&1
    fi
    echo "No registry: making $made from packages" >&2
    mmdebstrap --quiet --variant=minbase --include=ca-certificates "$1" - 2>/dev/null | docker import - "$made" >/dev/null
    echo "$made"
}

# real: prints the name of the real system's image, pulled. Nothing else can take its place.
real() {
    pulled=$prefix$system
    if ! docker image inspect "$pulled" >/dev/null 2>&1 && ! docker pull -q "$pulled" >"$log" 2>&1; then
        echo "$pulled cannot be pulled: $(tail -n 1 "$log")" >&2
        exit 1
    fi
    echo "$pulled"
}

# plays NAME: whether the real system takes the place of an image.
case $system in
    '') played='' ;;
    debian:*) played='debian12 firewalls' ;;
    ubuntu:*) played='debian12 netplan firewalls' ;;
    *) played='el' ;;
esac
plays() { case " $played " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

# image NAME DOCKERFILE SUITE [BUILD-ARG...]
image() {
    name=$1 dockerfile=$2 suite=$3
    shift 3
    inputs=''
    if plays "$name"; then
        inputs=$system$mirror
        if [ "$name" = el ]; then dockerfile=rpm.Dockerfile; set -- --build-arg "MIRROR=$mirror"; fi
    fi
    digest=$({ find "$dockerfile" files build.sh -type f | sort | xargs cat; printf %s "$inputs"; } | sha256sum | cut -c1-16)
    have=$(docker image inspect -f '{{ index .Config.Labels "inputs" }}' "ack-edge-lab/$name" 2>/dev/null || true)
    if [ "$have" = "$digest" ]; then return; fi
    echo "Building ack-edge-lab/$name"
    if [ -n "$inputs" ]; then from=$(real); else from=$(base "$suite"); fi
    # The network of the machine itself is used for building only; containers of the lab have no way out.
    DOCKER_BUILDKIT=0 docker build -q --network host --label "inputs=$digest" --build-arg "BASE=$from" "$@" \
        -t "ack-edge-lab/$name" -f "$dockerfile" . >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
}

for wanted; do
    case $wanted in
        debian11) image debian11 debian.Dockerfile bullseye --build-arg "FLAVOUR=ifupdown network-manager firewalld nftables ufw" ;;
        debian12) image debian12 debian.Dockerfile bookworm --build-arg "FLAVOUR=ifupdown nftables" ;;
        debian13) image debian13 debian.Dockerfile trixie --build-arg "FLAVOUR=" ;;
        netplan) image netplan debian.Dockerfile trixie --build-arg "FLAVOUR=netplan.io" ;;
        netplan-nm) image netplan-nm debian.Dockerfile bookworm --build-arg "FLAVOUR=netplan.io network-manager" ;;
        timesyncd) image timesyncd debian.Dockerfile trixie --build-arg "FLAVOUR=systemd-timesyncd" ;;
        ntpsec) image ntpsec debian.Dockerfile bookworm --build-arg "FLAVOUR=ifupdown ntpsec" ;;
        firewalls) image firewalls debian.Dockerfile bookworm --build-arg "FLAVOUR=nftables ufw iptables" ;;
        router) image router debian.Dockerfile trixie --build-arg "FLAVOUR=ifupdown frr" ;;
        fleet) image fleet debian.Dockerfile bookworm \
            --build-arg "FLAVOUR=net-tools chrony cron pciutils socat ebtables iptables conntrack dnsmasq-base" ;;
        el | el8 | el-ntpsec) image "$wanted" el.Dockerfile bookworm --target "$wanted" ;;
        cloud) image cloud cloud.Dockerfile bookworm ;;
        controller12) image controller12 controller.Dockerfile bookworm ;;
        controller13) image controller13 controller.Dockerfile trixie ;;
        *) echo "IMAGE is '$wanted', expected debian11, debian12, debian13, netplan, netplan-nm, timesyncd, ntpsec, firewalls, router, fleet, el, el8, el-ntpsec, cloud, controller12 or controller13" >&2; exit 2 ;;
    esac
done
