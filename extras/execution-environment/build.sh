#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# build.sh [execution-environment|newer] [TAG]: builds the image of a definition with ansible-builder and docker, out of
# the newest tarball in build/, and prints its name. Where the base image cannot be pulled, that of the lab takes its place ('make images').
set -eu
cd "$(dirname "$0")/../.."
name=${1:-execution-environment}
definition=extras/execution-environment/$name.yml
tag=${2:-ack-edge-ee:$(sed -n 's/.*ansible-core==\([0-9]*\.[0-9]*\).*/\1/p' "$definition")}
target=build/ee/$name
rm -rf "$target"
mkdir -p "$target"
cp "$definition" "$target/execution-environment.yml"
# shellcheck disable=SC2012  # names of our own
cp "$(ls -t build/ack_edge-node-*.tar.gz | head -n 1)" "$target/collection.tar.gz"

docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0
network="--network default"
base=$(sed -n 's/^    name: \(debian:.*\)/\1/p' "$definition")
if ! docker image inspect "$base" >/dev/null 2>&1 && ! docker pull -q "$base" >/dev/null 2>&1; then
    case $base in debian:12) suite=bookworm ;; *) suite=trixie ;; esac
    echo "$base cannot be pulled: using ack-edge-lab/base:$suite" >&2
    # With the certificates that this network needs.
    mkdir "$target/base"
    cp /etc/ssl/certs/ca-certificates.crt "$target/base/"
    printf 'FROM ack-edge-lab/base:%s\nCOPY ca-certificates.crt /etc/ssl/certs/\n' "$suite" > "$target/base/Dockerfile"
    base=ack-edge-lab/ee-base:$suite
    docker build -q -t "$base" "$target/base" >/dev/null
    network="--network host"
fi

ansible-builder build --verbosity 1 --container-runtime docker --tag "$tag" \
    --file "$target/execution-environment.yml" --context "$target/context" --build-arg "EE_BASE_IMAGE=$base" \
    --extra-build-cli-args="$network" >&2
echo "$tag"
