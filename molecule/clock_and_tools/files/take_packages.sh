#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# take_packages.sh NODE...: moves the repository of each node to the controller, as a folder and as an archive, and lets
# the cloud serve the archives over HTTP. The nodes have neither packages nor repositories then.
set -eu
folder=.cache/lab/cloud/packages
mkdir -p "$folder"
for node; do
    container=ack-edge-lab-$node
    rm -rf "${folder:?}/$node"
    docker cp "$container:/opt/repository" "$folder/$node" >/dev/null
    docker exec "$container" sh -c 'rm -rf /opt/repository /etc/yum.repos.d/*.repo; if [ -d /etc/apt ]; then : > /etc/apt/sources.list; fi'
    tar -czf "$folder/$node.tar.gz" -C "$folder/$node" .
    (cd "$folder" && sha256sum "$node.tar.gz" > "$node.tar.gz.sha256")
done
if ! docker exec ack-edge-lab-cloud systemctl is-active --quiet lab-packages; then
    docker exec ack-edge-lab-cloud systemd-run --quiet --unit lab-packages python3 -m http.server 8000 --directory /lab/packages
fi
