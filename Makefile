# Needs Python 3.11 or newer, make and git. Every target sets up what it needs.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Tests start hundreds of programs: where this is set, each would compile all modules anew, half a second of CPU.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
READY := .venv/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet --constraint constraints.txt

# The first interpreter that is new enough and can make virtual environments.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$name -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)

# How many processes run the tests: `make test WORKERS=0` runs them in one, for a debugger. Each begins with a part of its
# own, so that few servers and fixtures are made twice, and takes over from the others when it is done. One more than there
# are processors, since some tests wait for programs that wait.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

# More arguments for test, demo, load, bench and serve: `make test ARGS="-k paths"`.
ARGS ?=

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(READY) ## Make the virtual environment .venv with everything pinned in constraints.txt

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "No Python >= 3.11 with venv was found: make PYTHON=/path/to/python3" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) pip
	$(PIP) --editable '.[all]' --group dev
	@touch $@

.PHONY: test
test: $(READY) ## Run the tests; ARGS="-k paths" chooses some
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal $(ARGS)

.PHONY: check
check: lint types imports current ## Check everything but the tests: lint, types, imports, current

.PHONY: lint
lint: $(READY) ## Check format and style
	$(BIN)/ruff format --check
	$(BIN)/ruff check

.PHONY: types mypy pyright verifytypes
types: mypy pyright verifytypes ## Check types with mypy and pyright, and that every public name has one
mypy: $(READY)
	$(BIN)/mypy
pyright: $(READY)
	$(BIN)/pyright
verifytypes: $(READY)
	@echo pyright --verifytypes wandql
	@report=$$(PATH="$(CURDIR)/$(BIN):$$PATH" pyright --verifytypes wandql --ignoreexternal) || { echo "$$report"; exit 1; }; \
	grep score <<< "$$report"

.PHONY: imports
imports: $(READY) ## Check which module may import which
	$(BIN)/lint-imports --no-logo

.PHONY: current
current: $(READY) ## Check that the generated code is what generate would write
	$(BIN)/python -m tools.codegen.generate --check
	$(BIN)/python -m tools.codegen.derive_sync --check

.PHONY: generate
generate: $(READY) ## Write the generated code: after a change of schema.graphql, queries/ or an _async module
	$(BIN)/python -m tools.codegen.generate
	$(BIN)/python -m tools.codegen.derive_sync

.PHONY: format
format: $(READY) ## Format the code and apply safe fixes
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

.PHONY: demo
demo: $(READY) ## Train, log with the official SDK to the embedded server, and query with wandql
	$(BIN)/python examples/demo.py $(ARGS)

.PHONY: sdks
sdks: $(READY) ## Try other versions of the official SDK, which it installs elsewhere; ARGS="0.17.0 0.22.0"
	$(BIN)/python -m tools.sdk_versions $(ARGS)

.PHONY: load
load: $(READY) ## Let many writers and readers at a server; ARGS="--writers 8 --readers 2 --kills 20"
	$(BIN)/python -m tools.load $(ARGS)

.PHONY: bench
bench: $(READY) ## Compare wandql with the official client
	$(BIN)/python -m benchmarks $(ARGS)

.PHONY: matrix
matrix: $(READY) ## Run every fault with every public call, and write the report; ARGS="--calls Run. --faults 504" runs some
	$(BIN)/python -m tests.matrix $(or $(ARGS),--write)

.PHONY: soak
soak: $(READY) ## Let 50 tasks work for ten minutes where anything may go wrong; ARGS="--minutes 1 --tasks 10"
	$(BIN)/python -m tests.soak $(ARGS)

.PHONY: serve
serve: $(READY) ## Start the embedded server; ARGS="--port 8080 --data DIR"
	$(BIN)/wandql serve $(ARGS)

.PHONY: build
build: $(READY) ## Build the wheel and the source distribution in dist/
	$(PIP) hatchling
	$(BIN)/hatchling build --directory dist --clean

.PHONY: clean
clean: ## Remove what make made: builds, caches, the virtual environment
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
