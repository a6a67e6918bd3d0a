# `make` alone, or `make help`, shows the verbs. All of them bring what they need into .venv and .stack.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
KEEP ?= yes
DO ?= list
BIN := .venv/bin
PACKAGES := $(wildcard libs/* services/*)
DEVSTACK := $(BIN)/python -m devstack
EXPORT := $(BIN)/uv export --frozen --all-packages --no-emit-workspace --no-header --format requirements-txt

.PHONY: help
help: ## show this list
	@echo "Punchcard: online booking with memberships, debited when the appointment begins"; echo
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

.PHONY: demo
demo: .venv/ready ## start everything and watch a studio's day (KEEP=no: stop it again afterwards)
	@$(BIN)/python deploy/demo --keep=$(KEEP)

.PHONY: up
up: .venv/ready ## start Kafka, Postgres and the services
	@$(DEVSTACK) up

.PHONY: down
down: .venv/ready ## stop what `up` or `demo` started; the data stays in .stack
	@$(DEVSTACK) down

.PHONY: status
status: .venv/ready ## what runs, where, and whether it is ready
	@$(DEVSTACK) status

.PHONY: logs
logs: .venv/ready ## follow the logs (SERVICE=booking: of one service)
	@$(DEVSTACK) logs $(SERVICE)

.PHONY: secrets
secrets: ## make the keys and passwords of `docker compose up`, in .env
	@deploy/secrets

.PHONY: audit
audit: .venv/ready ## recompute everything from ledgers and events, and show what differs
	@$(BIN)/python deploy/audit

.PHONY: import
import: .venv/ready ## bring clients, memberships and bookings from CSV: FOLDER=… LOCATION=… (DRY_RUN=yes: check only)
	@PYTHONPATH=deploy/demo $(BIN)/python deploy/importing $(FOLDER) --location $(LOCATION) $(if $(filter yes,$(DRY_RUN)),--dry-run)

.PHONY: dead-letters
dead-letters: .venv/ready ## what could not be handled: SERVICE=booking DO=list, or "show ID", "replay ID" …
	@POSTGRES_DSN=$$($(BIN)/python -c 'from devstack import Stack; print(Stack().dsn(*["$(SERVICE)"] * 2))') \
		$(BIN)/python -m messaging dead-letters $(DO)

.PHONY: test
test: .venv/ready ## all tests, on real Kafka and real Postgres
	@$(DEVSTACK) chromium
	@$(BIN)/pytest -n 2 --dist worksteal

.PHONY: screenshots
screenshots: .venv/ready ## photograph all pages with the demo in them, light and dark, into build/screenshots
	@$(DEVSTACK) chromium
	@PYTHONPATH=deploy/demo:tests/system $(BIN)/python tests/pages/screenshots.py

.PHONY: bench
bench: .venv/ready ## measure, beside what the machine can do by itself
	@PYTHONPATH=deploy/demo $(BIN)/python tests/benchmarks

.PHONY: mutations
mutations: .venv/ready ## break the code in every way of a list, and see which test notices
	@$(BIN)/python -m tests.mutations

.PHONY: faults
faults: .venv/ready ## kill, stop, cut off and repeat, and see that every effect is there exactly once
	@PYTHONPATH=deploy/audit:deploy/demo:tests/benchmarks $(BIN)/python tests/faults

.PHONY: lint
lint: .venv/ready ## format, style, types
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/basedpyright --level error

.PHONY: format
format: .venv/ready ## put the code into the project's format
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

.PHONY: docs
docs: .venv/ready ## renew the schemas and docs/asyncapi.yaml after a change of the contracts
	@$(BIN)/python -m contracts_docs

.PHONY: lock
lock: .venv/ready ## renew requirements*.lock after a change of dependencies
	@$(BIN)/uv lock --upgrade
	@$(EXPORT) --all-groups --output-file requirements.lock >/dev/null
	@$(EXPORT) --no-default-groups --output-file requirements.runtime.lock >/dev/null

# The packages of the workspace are installed in place; everything else comes from the lock, by hash.
.venv/ready: requirements.lock pyproject.toml $(PACKAGES:%=%/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which: make PYTHON=python3.12 …")'
	@echo "Installing the Python packages into .venv …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock >.venv/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement .venv/uv.lock
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(PACKAGES:%=--editable %)
	@touch $@
