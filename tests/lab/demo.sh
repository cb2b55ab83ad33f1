#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The main job in the lab: verify (fails, with reasons), prepare, prepare again (nothing changes), verify (passes).
set -eu
cd "$(dirname "$0")/../.."
region=${REGION:-cn-beijing}
results=.cache/results
export ACK_EDGE_REPORT_DIR=$results

say() { printf '\n\033[1m== %s\033[0m\n' "$1"; }
play() {
    name=$1
    shift
    ansible-playbook -i .cache/lab/inventory.yml "playbooks/$name.yml" -e "region=$region" "$@"
}

say "The lab: three nodes of a data centre, and the cloud behind a leased line"
tests/lab/lab.py up --fresh
mkdir -p "$results"

say "1. verify_edge on fresh hosts: not ready, and why"
if play verify_edge; then echo "Fresh hosts must not verify" >&2; exit 1; fi

say "2. prepare_edge -e region=$region"
play prepare_edge

say "3. prepare_edge again: nothing changes"
play prepare_edge | tee .cache/lab/second-run.txt
if grep -q 'changed=[1-9]' .cache/lab/second-run.txt; then echo "The second run must change nothing" >&2; exit 1; fi

say "4. verify_edge: ready"
play verify_edge

say "Done"
echo "Results of every run, host and check: $results"
echo "Undo:             .venv/bin/ansible-playbook -i .cache/lab/inventory.yml playbooks/reset_edge.yml"
echo "Break something:  .venv/bin/python tests/lab/lab.py fault on dead-endpoint   (then verify_edge again; docs/lab.md names the others)"
echo "Take down:        make lab-down"
