# Everything a person types. Each target is safe to repeat and quick the second time.
# Set-up steps belong one after the other, whatever -j says.
.NOTPARALLEL:

PORT ?= 8000
# Twice the two cores of a small machine: half of the time a test waits for a browser, a server or a worker.
JOBS ?= 4
PYTHON ?= $(shell sh tools/python.sh 2>/dev/null)

BIN := .venv/bin
DONE := .venv/done
FLASK := $(BIN)/flask
# --no-deps: the lists are whole, and pip asks for the newest of what a package wants with an extra.
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet --quiet --require-hashes --no-deps

export PORT
export PORTAL_ENV ?= development
export PYTHONUTF8 = 1
# Where a machine forbids it, each process of a run compiles the whole portal anew: seconds, hundreds of times.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check bench translations format requirements \
        ready ready-for-tests venv packages tools front-end catalogues compressed

help: ## Show this list
	@echo "Usage: make <target>"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile

run: ready ## Set everything up and start the portal (another port: make run PORT=8001)
	@$(BIN)/python tools/serve.py --check
	@$(FLASK) db upgrade
	@$(FLASK) data load --if-empty
	@$(FLASK) search rebuild --if-missing
	@$(BIN)/python tools/serve.py

test: ready-for-tests ## Run the whole suite, on SQLite and on PostgreSQL (one part: make test ARGS=tests/projects)
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

check: ready-for-tests ## Check format, lint, types, templates, layers, translations and migrations
	@$(BIN)/python tools/check.py

bench: ready-for-tests ## Measure pages and search, as ratios taken side by side
	@$(BIN)/python -m bench $(ARGS)

translations: tools ## Collect the texts of the interface into both catalogues and compile them
	@$(BIN)/python tools/translations.py update

format: tools ## Format the code and repair what can be repaired by itself
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

requirements: tools ## Pin what requirements*.in ask for (newest releases: make requirements ARGS=--upgrade)
	@$(BIN)/python tools/requirements.py $(ARGS)

# --- Set-up. Each step compares first, by content, and does nothing when nothing has changed.

ready: front-end catalogues compressed

ready-for-tests: ready tools
	@$(BIN)/python tools/browser.py

venv:
	@$(BIN)/python -c 'import pip' 2>/dev/null || { \
		sh tools/python.sh --explain && echo "Making .venv with $$($(PYTHON) --version)" && $(PYTHON) -m venv --clear .venv; }

packages: venv
	@cmp -s requirements.txt $(DONE)/requirements.txt || { \
		echo "Installing what the portal runs on" && $(PIP) -r requirements.txt && \
		mkdir -p $(DONE) && cp requirements.txt $(DONE)/; }

tools: packages
	@cmp -s requirements-dev.txt $(DONE)/requirements-dev.txt || { \
		echo "Installing what tests and checks need" && $(PIP) -r requirements-dev.txt && \
		cp requirements-dev.txt $(DONE)/; }

front-end: packages
	@$(BIN)/python tools/frontend.py

catalogues: packages
	@$(BIN)/python tools/translations.py compile

compressed: front-end
	@$(BIN)/python tools/bundle.py
	@$(BIN)/python tools/compress.py
