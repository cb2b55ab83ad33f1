#!/bin/sh
# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Builds the documentation site in build/docs without a network: the pages of the checkout, and the reference of every
# plug-in and role by antsibull-docs, with tables in HTML, which Sphinx reads in half the time. A warning is an error.
set -eu
cd "$(dirname "$0")/../.."
source=$PWD/.cache/docs
rm -rf "$source"
mkdir -p "$source/reference" build
python3 tests/docs_site/arrange.py "$source"
antsibull-docs collection --use-current --squash-hierarchy --fail-on-error --no-breadcrumbs \
    --output-format simplified-rst --no-add-antsibull-docs-version \
    --dest-dir "$source/reference" ack_edge.node
# What antsibull-docs cannot read of a description becomes a sentence in the page, and no failure.
if grep -rn "ERROR while parsing" "$source/reference"; then exit 1; fi
sphinx-build --fail-on-warning --keep-going --quiet --builder dirhtml --doctree-dir "$source/.doctrees" "$source" build/docs
echo "The site is build/docs/index.html"
