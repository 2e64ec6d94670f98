# The developer's commands; CI calls the same ones. `make demo` and `make test` need Python >= 3.11, make and git.
.DEFAULT_GOAL := help
.PHONY: help setup demo test battery lint synth snapshots bench lock clean
MAKEFLAGS += --no-print-directory
# Python writes no bytecode with this set, and every command then compiles its imports again: four times slower.
unexport PYTHONDONTWRITEBYTECODE
unexport VIRTUAL_ENV

BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION := 1
UV_VERSION = $(shell sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements.txt)
ROOT_FILES = requirements.txt requirements-node.txt package.json package-lock.json pyproject.toml

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(MAKEFILE_LIST) | expand -t 20

setup: .venv/.ready  ## install everything into .venv and node_modules, once

# One stamp for all of it: setup is quick when nothing that it reads has changed.
.venv/.ready: $(ROOT_FILES)
	@sh ./setup.sh $(UV_VERSION)
	@touch $@

demo: setup  ## train, deploy and serve the Big Mart model on this machine, from the synthesised template
	@penstock local run bigmart

test: setup  ## lint, type-check and run every test
	@$(MAKE) lint
	@pytest --numprocesses 3 --dist loadfile --cov --cov-report term:skip-covered --cov-fail-under 95 $(ARGS)

battery: setup  ## every fault case, and 500 plans of faults chosen at random
	@pytest --numprocesses 5 -m "battery or not battery" tests/penstock/local/battery $(ARGS)

lint: setup  ## ruff and mypy
	@ruff check . && ruff format --check --quiet . && mypy

synth: setup  ## write cdk.out, with the CDK's own validation on
	@node_modules/.bin/cdk synth --quiet

snapshots: setup  ## record the templates and state machines as they are now, after a deliberate change
	@pytest --numprocesses 2 -m snapshot --snapshot-update $(ARGS)

bench: setup  ## measure, as ratios against peers in the same run; an hour, or a few minutes with ARGS=--quick
	@failed=0; for file in benchmarks/*_benchmark.py; do python $$file $(ARGS) || failed=1; done; exit $$failed

lock: setup  ## pin requirements.in, requirements-node.in and each container's and benchmark's requirements.in again
	@npm install --package-lock-only
	@failed=0; for file in requirements.in requirements-node.in containers/*/requirements*.in penstock/local/programs/prebuilt/*/requirements.in \
	  benchmarks/*/requirements.in benchmarks/peers/*/requirements.in; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $$file --output-file $${file%.in}.txt || failed=1; done; exit $$failed

clean:  ## remove everything that make and penstock made
	@rm -rf .venv node_modules cdk.out .penstock .pytest_cache .mypy_cache .ruff_cache .coverage .coverage.*
	@find . -name __pycache__ -prune -exec rm -rf {} +
