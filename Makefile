# Everything a person types. Each target is safe to repeat and quick the second time.

PORT ?= 8000
JOBS ?= 2
PYTHON ?= $(shell sh tools/python.sh)

BIN := .venv/bin
DONE := .venv/done
FLASK := $(BIN)/flask
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet --quiet --require-hashes

export PORT
export PORTAL_ENV ?= development
export PYTHONUTF8 = 1

.DEFAULT_GOAL := help
.PHONY: help run test check bench translations format requirements ready ready-for-tests front-end catalogues compressed

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
	@XDG_RUNTIME_DIR="$${XDG_RUNTIME_DIR:-$$(mktemp -d)}" $(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

check: ready-for-tests ## Check format, lint, types, templates, layers, translations and migrations
	@$(BIN)/python tools/check.py

bench: ready-for-tests ## Measure pages and search, as ratios taken side by side
	@$(BIN)/python -m bench $(ARGS)

translations: $(DONE)/tools ## Collect the texts of the interface into both catalogues and compile them
	@$(BIN)/python tools/translations.py update

format: $(DONE)/tools ## Format the code and repair what can be repaired by itself
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

requirements: $(DONE)/tools ## Pin what requirements*.in ask for (newest releases: make requirements ARGS=--upgrade)
	@$(BIN)/python tools/requirements.py $(ARGS)

# --- Set-up: each stamp in .venv/done is younger than what it was made from.

ready: catalogues compressed

ready-for-tests: ready $(DONE)/tools
	@$(BIN)/python tools/browser.py

$(BIN)/python:
	@sh tools/python.sh --explain
	@echo "Making .venv with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear .venv

$(DONE)/packages: requirements.txt | $(BIN)/python
	@echo "Installing what the portal runs on"
	@$(PIP) -r requirements.txt
	@mkdir -p $(DONE) && touch $@

$(DONE)/tools: requirements-dev.txt $(DONE)/packages
	@echo "Installing what tests and checks need"
	@$(PIP) -r requirements-dev.txt
	@touch $@

front-end: $(DONE)/packages
	@$(BIN)/python tools/frontend.py

catalogues: $(DONE)/packages
	@$(BIN)/python tools/translations.py compile

compressed: front-end
	@$(BIN)/python tools/compress.py
