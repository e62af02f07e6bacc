# Everything is done through `make`; `make help` tells what there is.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .peers
PIP := -m pip install --quiet --disable-pip-version-check
# A lock names everything. Left to resolve, pip up to 23.2, which venv may bring, takes `coverage[toml]` for a second
# package, unpinned, as soon as a newer one is out.
LOCKED := $(PIP) --require-hashes --no-deps -r

SAMPLES ?= training/samples
OUT ?= build/model
PAGES ?= training/samples
MODEL ?= model/trained
REPORT ?= $(MODEL)/report.json
# Set FOLD to measure on the sites of one fold alone.
FOLD ?=

# An installation is repeated when its stamp is older than what it was made from.
RUN := $(VENV)/.run-stamp
DEV := $(VENV)/.dev-stamp

.DEFAULT_GOAL := help
.PHONY: help setup serve test stress check format train bench floors lock clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(RUN) ## Make .venv with the `pagesieve` command in it

serve: $(RUN) ## Serve on http://127.0.0.1:8000
	@$(BIN)/pagesieve serve

test: $(DEV) ## Run the tests
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --cov --cov-report=term:skip-covered

stress: $(DEV) ## Kill trainers and workers at random moments, for some minutes
	@$(BIN)/python -m pytest -m stress

check: $(DEV) ## Lint, check format, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: $(DEV) ## Mend what the linter and the formatter can mend
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

train: $(RUN) ## Train a model version from SAMPLES into OUT
	$(BIN)/pagesieve train $(SAMPLES) --out $(OUT)

bench: $(DEV) $(PEERS)/.stamp ## Measure beside other tools on PAGES
	$(BIN)/python -m training.benchmark --peers $(PEERS)/bin/python --model $(MODEL) \
	    $(if $(FOLD),--fold $(FOLD)) $(PAGES)

floors: $(DEV) ## Check that no score of REPORT is below its floor
	@$(BIN)/python -m training.floors $(REPORT)

lock: ## Pin the newest versions pyproject.toml allows (needs uv)
	@for room in "run --extra training" "dev --extra dev --constraints requirements/run.lock"; do \
	    set -- $$room; name=$$1; shift; \
	    $(LOCK) --output-file requirements/$$name.lock "$$@" pyproject.toml requirements/build.in || exit 1; \
	done
	@$(LOCK) --output-file requirements/peers.lock requirements/peers.in

clean: ## Remove everything that was made here
	rm -rf $(VENV) $(PEERS) build dist ./*.egg-info .coverage* .mypy_cache .pytest_cache .ruff_cache \
	    .hypothesis

UV ?= uv
LOCK = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
    --no-annotate --no-emit-index-url --no-emit-find-links

# An environment that could not be made whole is taken away, so that the next call starts afresh.
define make-venv
	@$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 14) else \
	    "Python 3.11, 3.12 or 3.13 is needed; name one: make PYTHON=python3.12 ...")'
	@$(PYTHON) -m venv $(1) || { rm -rf $(1); exit 1; }
endef

$(BIN)/python:
	$(call make-venv,$(VENV))

$(RUN): requirements/run.lock pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV) ..."
	@$(BIN)/python $(LOCKED) requirements/run.lock
	@$(BIN)/python $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.lock $(RUN)
	@$(BIN)/python $(LOCKED) requirements/dev.lock
	@touch $@

$(PEERS)/bin/python:
	$(call make-venv,$(PEERS))

$(PEERS)/.stamp: requirements/peers.lock | $(PEERS)/bin/python
	@echo "Installing into $(PEERS) ..."
	@$(PEERS)/bin/python $(LOCKED) requirements/peers.lock
	@touch $@
