# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# 'make help' says what there is. Each target does its own set-up.

VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
export PATH := $(BIN):$(PATH)
# A new machine has its own collections; the tests look at this checkout only.
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
# What Python has compiled is kept, also the tests with their rewritten assertions: to compile them again takes longer
# than to run many of them.
unexport PYTHONDONTWRITEBYTECODE
# Nodes in scratch folders write through to the disk, as on a real node; in memory that costs a third of the time.
export PYTEST_DEBUG_TEMPROOT := $(if $(wildcard /dev/shm/.),/dev/shm)

# A real system in the place of nodes of the lab, where a registry can be reached (docs/lab.md): FROM, SYSTEM and MIRROR.
export ACK_EDGE_LAB_FROM := $(or $(FROM),$(ACK_EDGE_LAB_FROM))
export ACK_EDGE_LAB_SYSTEM := $(or $(SYSTEM),$(ACK_EDGE_LAB_SYSTEM))
export ACK_EDGE_LAB_MIRROR := $(or $(MIRROR),$(ACK_EDGE_LAB_MIRROR))

.PHONY: help demo test setup lint unit unit-oldest-python project integration pages reference docs picture release release-commit check-data sanity sanity-cores browser build install-test importer ee molecule system outside matrix images lab-images lab-up lab-down clean

help: ## say what there is (this text)
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do printf '%-14s %s\n' "$$name" "$$what"; done

demo: setup ## bring up the lab and run the main job in it (three to four minutes)
	tests/lab/demo.sh

# What needs one core, or waits for packages, runs beside what does the same; only one at a time installs packages.
test: setup ## run everything that CI runs (half an hour to an hour)
	$(MAKE) --output-sync=target -j 3 lint sanity images docs project
	$(MAKE) --output-sync=target -j 2 unit unit-oldest-python
	tests/browser/tools.sh
	tests/integration/tools.sh
	$(MAKE) --output-sync=target -j 2 browser integration
# Of those side by side no two use the same nodes, and beside what switches faults of the cloud on nobody needs the cloud.
	$(MAKE) --output-sync=target -j 2 molecule-default molecule-clock_and_tools
	$(MAKE) --output-sync=target -j 2 molecule-leased_line_routes outside
	$(MAKE) --output-sync=target -j 2 system molecule-inbound_ports install-test importer

setup: $(VENV)/ready ## make the Python environment in .venv

$(VENV)/ready: requirements.txt tests/requirements.txt tests/setup.sh
	tests/setup.sh $(VENV)
	touch $@

lint: setup ## check style, types, shell scripts, the script of the report, licenses and documentation
	yamllint --strict .
	ruff check .
	ruff format --check .
	mypy
	tests/sanity/python36.sh
	tests/sanity/shell.sh
	tests/sanity/page_script.py
	tests/sanity/workflows.sh
	antsibull-docs lint-collection-docs .
	ansible-lint --offline --profile production
	reuse --suppress-deprecation lint --quiet

# The processes share nothing; two for each core, for some wait.
unit: setup ## run the unit tests
	pytest tests/unit -n $$(($$(nproc) * 2)) --dist worksteal

# Those of the node side once more, with the oldest Python that a node may have.
unit-oldest-python: setup ## run unit tests of the node side with Python 3.6
	tests/python36/run.py

# What makes releases, pages and the comparison with the vendor's page.
project: setup ## run the tests of the project's own tools
	pytest tests/project

# The real tools: ip, nft, ufw and netplan in namespaces and scratch roots (needs root), firewalld on a node of the lab.
# Each test has namespaces of its own, and most of them wait.
integration: lab-up ## run the real tools in namespaces and scratch roots (needs root)
	tests/integration/tools.sh
	ACK_EDGE_FIREWALLD_EXEC="docker exec -i ack-edge-lab-edge-el9" pytest tests/integration -n 3 --dist loadscope --durations 15
	tests/integration/awx/old_core.py

# docs/what_it_tells_you.md out of what the module says to real faults; 'make integration' fails where it is old. And the
# table in docs/supported_systems.md out of its data; 'make unit' fails where it is old.
pages: setup ## write the pages of docs/ that are made from code and data
	ACK_EDGE_WRITE_PAGES=1 pytest tests/unit/test_tool_table.py
	ACK_EDGE_WRITE_PAGES=1 pytest tests/integration/reachability

# The tables of variables in docs/variables.md and roles/*/README.md; 'make project' fails where one is old.
reference: setup ## write the tables of variables in docs/ and roles/ again
	PYTHONPATH=tests python3 -m generated_docs

# A start page, the guides, and the reference of every plug-in and role; a warning is an error.
docs: setup ## build the documentation site in build/docs
	tests/docs_site/build.sh

# The page of the report that README.md shows, taken anew after its look has changed.
picture: setup ## take the picture of the report in docs/images again
	tests/browser/tools.sh
	PYTHONPATH=.collections:tests/browser python3 tests/browser/picture.py

# VERSION=1.0.0 KEY=fingerprint, and if wanted OUT=folder and DRY_RUN=1 (docs/releases.md).
release: setup ## make a release: VERSION=1.0.0 KEY=fingerprint
	@PYTHONPATH=tests python3 -m release --version '$(VERSION)' --key '$(KEY)' --out '$(or $(OUT),build/release)' $(if $(DRY_RUN),--dry-run)

# What the vendor's pages say now against vars/, from saved copies: PAGE='one.html two.html' (docs/check_data.md).
check-data: ## compare saved pages of the vendor with vars/: PAGE='one.html two.html'
	@PYTHONPATH=tests $(or $(wildcard $(BIN)/python),python3) -m check_data $(PAGE)

# The commit that 'make release' would make, without a key: for a pull request.
release-commit: setup ## make the commit of a release: VERSION=1.0.0
	@PYTHONPATH=tests python3 -m release --version '$(VERSION)' --commit-only

sanity: setup ## run ansible-test sanity
	tests/sanity/run.sh

# The same with the oldest and the newest ansible-core, one after the other.
sanity-cores: setup ## run ansible-test sanity of the oldest and the newest ansible-core
	tests/sanity/cores.py

# The page of the fleet report in a real Chromium, without a network.
browser: setup ## test the pages in a real Chromium
	tests/browser/tools.sh
	pytest tests/browser

build: setup ## build the tarball in build/
	mkdir -p build && ansible-galaxy collection build --force --output-path build

install-test: build ## install the tarball offline and use it
	tests/sanity/install.sh

# What Galaxy and Automation Hub ask of the tarball.
importer: build ## import the tarball as Galaxy does, without warnings
	tests/sanity/importer.sh

# EE=newer for the newer ansible-core. docs/awx.md says what it is for.
ee: build ## build the execution environment for AWX with Docker and run a job in it
	image=$$(extras/execution-environment/build.sh $(EE)) && ACK_EDGE_EE_IMAGE=$$image pytest tests/integration/awx/test_execution_environment.py

# molecule/default is the whole life of the main nodes and two older ones; the others are that of one role on a node of each kind.
molecule: lab-up ## run the life of each role on nodes of the lab
	env -u ANSIBLE_CONFIG molecule test --all

molecule-%: lab-up
	env -u ANSIBLE_CONFIG molecule test -s $*

system: lab-up ## run whole fleets on the lab
	tests/browser/tools.sh
	pytest tests/system
	tests/integration/awx/old_core.py tests/system/test_awx.py

# A world without probes and without the checkout: the tarball in a clean home, the README's commands and inventory, an
# ordinary user, the oldest and the newest ansible-core. ACK_EDGE_PYTHON36 names a Python 3.6 where none is found.
outside: setup ## use the tarball as a new user does, on the oldest and the newest ansible-core
	pytest tests/outside -rs

# The same life of two nodes under each ansible-core.
matrix: setup ## run the life of two hosts on every supported ansible-core
	pytest tests/outside/test_life.py -rs --cores all

# All images of the lab; what is unchanged is kept.
images: setup ## build the images of the lab
	tests/lab/lab.py build

lab-images: images ## the same with the images of a registry: FROM=registry SYSTEM=rockylinux:9

lab-up: setup ## bring up the lab
	tests/lab/lab.py up

lab-down: setup ## take down the lab
	tests/lab/lab.py down

clean: lab-down ## remove build, caches and environment
	rm -rf build .cache $(VENV)
