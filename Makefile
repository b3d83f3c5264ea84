# Two commands are enough: `make harvest` and `make test`. Needs Python >= 3.11, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup harvest demo test lint format bench lock clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	@touch $@

setup: $(VENV)/.runtime  ## make .venv; then .venv/bin/harvester runs

harvest: setup  ## the main job: documents in data/inbox and DOIs in data/dois.txt into data/harvester.db
	@$(BIN)/harvester $(ARGS) harvest --show || test $$? -eq 3

demo: $(VENV)/.dev  ## the main job with no network, against the sample service
	@$(BIN)/python -m tests.service.demo

test: $(VENV)/.dev lint  ## lint, types and the whole test suite; no network needed
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev  ## mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev  ## all benchmarks at a small size, a table of ratios
	$(BIN)/python -m benchmarks $(ARGS)

lock: $(VENV)/.dev  ## renew the locked dependencies
	$(BIN)/uv pip compile --quiet --no-emit-index-url --no-header --no-annotate --generate-hashes --universal \
	  --python-version 3.11 --extra build --upgrade pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --no-emit-index-url --no-header --no-annotate --generate-hashes --universal \
	  --python-version 3.11 --extra build --extra dev --upgrade pyproject.toml --output-file requirements-dev.lock

clean:  ## remove what can be made again; the library stays
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
