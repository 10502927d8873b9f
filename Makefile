# Two jobs matter: `make run` and `make test`. Both set up what they need and are quick when nothing changed.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test lint bench docs clean setup setup-dev lock
.DEFAULT_GOAL := run

run: $(READY)  ## set up and run the main scenario
	$(BIN)/spv-sim run scenarios/vci-h100.toml

test: $(READY_DEV)  ## set up and pass the tests
	$(BIN)/python -m pytest -n auto --dist worksteal

lint: $(READY_DEV)  ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 0 tests/test_layers.py

bench: $(READY_DEV)  ## measure the engine as ratios, side by side
	$(BIN)/python -m benchmarks

docs: $(READY_DEV)  ## fill the README with what the program prints
	$(BIN)/python -m docs.refresh

setup: $(READY)
setup-dev: $(READY_DEV)

# A minimal Debian has neither pip nor ensurepip inside a new environment: the system's pip then installs into it.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV) 2>/dev/null || $(PYTHON) -m venv --without-pip $(VENV)

$(READY): requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "setting up $(VENV) …" >&2
	$(call install,requirements.lock)
	@touch $@

$(READY_DEV): requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "setting up $(VENV) for development …" >&2
	$(call install,requirements-dev.lock)
	@touch $@ $(READY)

define install
	@if $(BIN)/python -m pip --version >/dev/null 2>&1; then pip="$(BIN)/python -m pip"; \
	else pip="$(PYTHON) -m pip --python $(BIN)/python"; fi; \
	$$pip install --quiet --require-hashes -r $(1) && \
	$$pip install --quiet --no-deps --no-build-isolation -e .
endef

lock: $(READY_DEV)  ## resolve the dependencies anew
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		pyproject.toml build.in -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		--extra dev -c requirements.lock pyproject.toml build.in -o requirements-dev.lock

clean:  ## remove what the jobs made
	rm -rf $(VENV) runs .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
