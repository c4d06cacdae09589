# Everything runs from .venv, which the first target that needs it sets up. PYTHON chooses the interpreter.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && { echo "$$p"; break; }; done)
UV := UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 $(BIN)/uv pip install --quiet --python $(BIN)/python
export Q ?= What did the defence ministers vow to do?

.PHONY: help chat ask setup check gate fix test snap bench lock clean
.DEFAULT_GOAL := help

help:  ## Show the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

chat: $(VENV)/.run  ## Set up and open the terminal UI on the sample articles
	@$(BIN)/newsdesk --config config.toml

ask: $(VENV)/.run  ## Set up and answer on standard output: make ask Q="..."
	@$(BIN)/newsdesk --config config.toml ask -- "$$Q"

setup: $(VENV)/.dev  ## Set up everything, development tools included

test: $(VENV)/.dev  ## Set up and run the tests
	@$(BIN)/python -m pytest -q --numprocesses auto --maxprocesses 4 --dist loadfile

check: $(VENV)/.dev  ## Lint, format, types, layers, and the gate
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(MAKE) --no-print-directory gate

gate: $(VENV)/.dev  ## Ask the sample questions; fail where a figure falls through its floor
	@$(BIN)/python benchmarks/gate.py

fix: $(VENV)/.dev  ## Mend what the linter and the formatter can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

snap: $(VENV)/.dev  ## Accept the UI's snapshots as they are now
	@$(BIN)/python -m pytest -q tests/test_pictures*.py --snapshot-update

bench: $(VENV)/.dev  ## Figures on public data, into docs/evaluation.md: make bench DATA=folder
	@test -n "$(DATA)" || { echo 'make bench DATA=FOLDER: the folder that holds realtimeqa, multihop, rgb and attribution'; exit 2; }
	@$(BIN)/python benchmarks/figures.py all "$(DATA)"
	@$(BIN)/python benchmarks/figures.py docs

lock: $(VENV)/.setup  ## Pin the dependencies anew
	@cd requirements && ../$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 setup.in -o setup.txt
	@$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --extra model pyproject.toml -o requirements/run.txt
	@$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --extra model --group dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt

clean:  ## Remove the environment and what the tools left
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/.setup: requirements/setup.txt
	@test -n "$(PYTHON)" || { echo 'Newsdesk needs Python 3.11, 3.12 or 3.13; name it with PYTHON=...'; exit 1; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version); this takes a minute the first time." >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/setup.txt
	@touch $@

$(VENV)/.run: $(VENV)/.setup requirements/run.txt pyproject.toml
	@$(UV) --require-hashes --no-deps -r requirements/run.txt
	@$(UV) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q qa tui
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@$(UV) --require-hashes --no-deps -r requirements/dev.txt
	@touch $@
