# The commands of the house. `make help` lists them.
SHELL := /bin/sh
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3# the interpreter that .venv is made with, 3.11 or later
WORKERS ?= 2# processes of the test suite
HOST ?= 127.0.0.1
PORT ?= 8000

BIN := .venv/bin
# The Dockerfile installs with the same two lines; tests/architecture/test_dockerfile.py compares them.
INSTALL_LOCK := -m pip install --require-hashes --only-binary=:all: -r
INSTALL_PROJECT := -m pip install --no-deps --no-build-isolation

# ---------------------------------------------------------------------------------------- use

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

.PHONY: serve
serve: .venv/.installed ## set up, then serve on http://127.0.0.1:8000 and print a request to try
	exec $(BIN)/lca-service serve --host $(HOST) --port $(PORT)

.PHONY: install
install: .venv/.installed ## set up what the service needs

.PHONY: develop
develop: .venv/.developed ## set up what tests and checks need as well

# --------------------------------------------------------------------------------------- test

.PHONY: test
test: .venv/.developed ## set up, then run the whole suite (arguments: make test ARGS="-k rice")
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

.PHONY: test-slow
test-slow: .venv/.developed ## run the tests marked slow
	$(BIN)/python -m pytest -n $(WORKERS) -m slow $(ARGS)

.PHONY: check
check: .venv/.developed ## format, lint, types, imports, Dockerfile and data
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	if [ -x $(BIN)/hadolint ]; then $(BIN)/hadolint Dockerfile; fi
	$(BIN)/lca-service data check

.PHONY: format
format: .venv/.developed ## let ruff format and mend what it can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: bench
bench: .venv/.developed ## measure, beside bw2calc in the same run (benchmarks/README.md)
	$(BIN)/python -m benchmarks
	$(BIN)/lca-service bench

# --------------------------------------------------------------------------------------- make

.PHONY: seal
seal: .venv/.developed ## write schema and hash of every changed table into its datapackage.json
	$(BIN)/lca-service data seal

.PHONY: pages
pages: .venv/.developed ## write the pages of docs/ that follow from the data
	$(BIN)/python -m benchmarks.validation --write docs/validation.md
	$(BIN)/python -m benchmarks.validation --policy --write docs/policy.md
	$(BIN)/python -m benchmarks.inventory docs

LOCK = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --custom-compile-command "make lock" \
	--fork-strategy fewest --no-config --no-build $(UPGRADE)

.PHONY: lock
lock: .venv/.developed ## write both locks from pyproject.toml (newer versions: make lock UPGRADE=--upgrade)
	$(LOCK) --group build --output-file requirements.lock
	$(LOCK) --group build --group dev --constraint requirements.lock --output-file requirements-dev.lock

.PHONY: clean
clean: ## remove the environment and every cache
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# -------------------------------------------------------------------------------------- set-up
# A stamp is written last, so an interrupted set-up is taken up again where it stopped.

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Python 3.11 or later is needed: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	    echo "$(PYTHON) cannot make environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(BIN)/python $(INSTALL_LOCK) requirements.lock
	$(BIN)/python $(INSTALL_PROJECT) --editable .
	@touch $@

.venv/.developed: .venv/.installed requirements-dev.lock
	$(BIN)/python $(INSTALL_LOCK) requirements-dev.lock
	@touch $@
