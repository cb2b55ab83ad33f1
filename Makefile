# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# make demo   brings up the lab and runs the main job in it
# make test   runs everything that CI runs
# Each does its own set-up; the rest are their parts.

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

.PHONY: demo test check-data setup lint unit sanity integration browser build install-test molecule system outside matrix pages images lab-up lab-down clean

demo: setup
	tests/lab/demo.sh

# What needs one core, or waits for packages, runs beside what does the same; only one at a time installs packages.
test: setup
	$(MAKE) --output-sync=target -j 3 lint sanity images
	$(MAKE) unit
	tests/browser/tools.sh
	tests/integration/tools.sh
	$(MAKE) --output-sync=target -j 2 browser integration
	$(MAKE) install-test molecule system outside

setup: $(VENV)/ready

$(VENV)/ready: requirements.txt tests/requirements.txt tests/setup.sh
	tests/setup.sh $(VENV)
	touch $@

lint: setup
	yamllint --strict .
	ruff check .
	ruff format --check .
	mypy
	tests/sanity/python36.sh
	ansible-lint --offline --profile production
	reuse --suppress-deprecation lint --quiet

# One process for each core; they share nothing.
unit: setup
	pytest tests/unit -n auto --dist worksteal
	tests/python36/run.py

# The real tools: ip, nft, ufw and netplan in namespaces and scratch roots (needs root), firewalld on a node of the lab.
# Each test has namespaces of its own, and most of them wait.
integration: lab-up
	tests/integration/tools.sh
	ACK_EDGE_FIREWALLD_EXEC="docker exec -i ack-edge-lab-edge-el9" pytest tests/integration -n 3 --dist loadscope --durations 15

# docs/what_it_tells_you.md out of what the module says to real faults; 'make integration' fails where it is old. And the
# table in docs/supported_systems.md out of its data; 'make unit' fails where it is old.
pages: setup
	ACK_EDGE_WRITE_PAGES=1 pytest tests/unit/test_tool_table.py
	ACK_EDGE_WRITE_PAGES=1 pytest tests/integration/reachability

# What the vendor's pages say now against vars/, from saved copies: PAGE='one.html two.html' (docs/check_data.md).
check-data:
	@PYTHONPATH=tests $(or $(wildcard $(BIN)/python),python3) -m check_data $(PAGE)

sanity: setup
	tests/sanity/run.sh

# The page of the fleet report in a real Chromium, without a network.
browser: setup
	tests/browser/tools.sh
	pytest tests/browser

build: setup
	mkdir -p build && ansible-galaxy collection build --force --output-path build

install-test: build
	tests/sanity/install.sh

# molecule/default is the whole life of the main nodes; the others are that of one role on a node of each kind.
molecule: lab-up
	env -u ANSIBLE_CONFIG molecule test --all

system: lab-up
	tests/browser/tools.sh
	pytest tests/system

# A world without probes and without the checkout: the tarball in a clean home, the README's commands and inventory, an
# ordinary user, the oldest and the newest ansible-core. ACK_EDGE_PYTHON36 names a Python 3.6 where none is found.
outside: setup
	pytest tests/outside -rs

# The same life of two nodes under each ansible-core.
matrix: setup
	pytest tests/outside/test_life.py -rs --cores all

# All images of the lab; what is unchanged is kept.
images: setup
	tests/lab/lab.py build

lab-up: setup
	tests/lab/lab.py up

lab-down: setup
	tests/lab/lab.py down

clean: lab-down
	rm -rf build .cache $(VENV)
