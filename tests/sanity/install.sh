#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Installs the built collection where nothing of the checkout is, offline, and asks it something: what a site without a
# way to Galaxy does.
set -eu
cd "$(dirname "$0")/../.."
target=$PWD/.cache/install
rm -rf "$target"
mkdir -p "$target"
ansible-galaxy collection install --offline --force -p "$target" build/ack_edge-node-*.tar.gz >/dev/null
cd "$target"
unset ANSIBLE_CONFIG
export ANSIBLE_COLLECTIONS_PATH="$target"
cat > ask.yml <<'END'
- hosts: localhost
  gather_facts: false
  tasks:
    - ansible.builtin.assert:
        that: lookup('ack_edge.node.region', 'cn-beijing', vpc_cidrs=['10.0.0.0/8']).routes | length == 9
END
ansible-playbook -i localhost, ask.yml
ansible-doc -t module ack_edge.node.static_routes ack_edge.node.inbound_ports ack_edge.node.reachability_info     ack_edge.node.readiness_info ack_edge.node.time_sync     ack_edge.node.system_tools ack_edge.node.merge_reports ack_edge.node.network_plan >/dev/null
ansible-playbook -i localhost, --syntax-check ack_edge.node.prepare_edge
