# Everything a fresh machine needs: python 3.11 or newer, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint check bench load mutants serve clean

## demo: set up, then play a year through five connectivity models and say which one ties out
demo: $(READY)
	$(BIN)/tieout compare

## test: set up, then every check: lint, format, types, import laws, tests
test: $(READY) lint
	$(BIN)/python -m pytest -n 2 --dist worksteal

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

## bench: the measures of the virtual world, the served mocks and the durable engine, as ratios to a control in the same run
bench: $(READY)
	$(BIN)/python -m scenarios.bench
	$(BIN)/python -m simulators.bench
	$(BIN)/python -m scenarios.bench_durable

## load: press the served mocks and core over HTTP, then judge the books
load: $(READY)
	$(BIN)/python -m loadtests.press

## mutants: planted bugs, each with the law that must catch it
mutants: $(READY)
	$(BIN)/tieout mutants

## serve: all mocks and the core on loopback ports
serve: $(READY)
	$(BIN)/tieout serve

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "PYTHON: $$($(PYTHON) --version) is too old; give one from 3.11 on, as in: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 3; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	$(BIN)/python -m compileall -q core reports scenarios simulators
	@touch $(READY)

clean:
	rm -rf $(VENV) out build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
