# Everything a newcomer needs; nothing but Python >= 3.11 and make is assumed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo run test test-stripe lint check bench drill screenshots migrate lock

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*## */\t/' | expand -t 12

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml hatch_build.py package-lock.json
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Backhaul into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@echo "Installing the tools for tests and checks …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(VENV)/.dev  ## Install everything into .venv

demo: $(VENV)/.runtime  ## Watch a laptop come home, be wiped and go to somebody new
	@$(BIN)/backhaul demo

run: $(VENV)/.runtime  ## Start everything on http://127.0.0.1:8000 with demo data
	@$(BIN)/backhaul up --demo --data-dir var --day-seconds 60

test: $(VENV)/.dev  ## Run the tests against a real PostgreSQL of their own
	@$(BIN)/python -m pytest -n 2 --dist loadfile -q

$(VENV)/stripe/.installed: requirements/stripe.txt
	@$(PYTHON) -m venv $(VENV)/stripe
	@$(VENV)/stripe/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

test-stripe: $(VENV)/.dev $(VENV)/stripe/.installed  ## Run the payment tests against localstripe in its own process
	@LOCALSTRIPE_PYTHON=$(CURDIR)/$(VENV)/stripe/bin/python $(BIN)/python -m pytest -q tests/adapters/payments

lint: $(VENV)/.dev  ## Style, types, import rules, migrations
	@$(BIN)/ruff check src tests bench
	@$(BIN)/ruff format --check src tests bench
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/squawk src/backhaul/storage/migrations/versions/*.sql

check: lint  ## Lint and the architecture's own tests
	@$(BIN)/python -m pytest -q tests/architecture

bench: $(VENV)/.dev  ## Measure, as ratios to pgbench and to a bare HTTP answer
	@$(BIN)/python -m bench

drill: $(VENV)/.dev  ## Kill the server, the worker and PostgreSQL at random and count what is left
	@$(BIN)/python -m bench.drill

screenshots: $(VENV)/.dev  ## Take the pictures of docs/screenshots anew, from a demo of their own (needs Chromium)
	@$(BIN)/python -m bench.screens

migrate: $(VENV)/.runtime  ## Bring the database to this release's schema
	@$(BIN)/backhaul migrate

lock: $(VENV)/.dev  ## Compile the hash-pinned requirements anew (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
		--no-header pyproject.toml --group build -o requirements/runtime.txt
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
		--no-header pyproject.toml --extra s3 --group build --group dev -c requirements/runtime.txt -o requirements/dev.txt
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
		--no-header --group stripe -o requirements/stripe.txt
