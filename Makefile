# Two commands to know: `make demo` and `make test`. Both make .venv when it is missing, and install into it again
# only when what they install has changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv)
INSTALL := $(if $(UV),uv pip install --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
SOURCES := pyproject.toml kfp_jupyter/_version.py $(wildcard labextension/*.json labextension/yarn.lock \
  labextension/.yarnrc.yml labextension/schema/* labextension/src/* labextension/style/*)

.DEFAULT_GOAL := help
.PHONY: help demo lab test lint cluster bench chromium podman clean

help:  ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo: $(VENV)/installed-demo  ## Run the quickstart notebook here, step by step
	$(BIN)/python notebooks/run_quickstart.py

lab: $(VENV)/installed-demo  ## Open the quickstart in JupyterLab
	$(BIN)/jupyter-lab $(AS_ROOT) notebooks/01-quickstart.ipynb

test: lint chromium podman  ## Run the checks and all tests
	@if [ "$$CI" = true ]; then $(BIN)/python -m tests.cluster build; fi
	$(BIN)/python -m pytest -n 3

lint: $(VENV)/installed-test  ## Run the checks that run nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

cluster: $(VENV)/installed-test  ## Build and start a Kubernetes with Argo for the tests (root, Linux, Go)
	$(BIN)/python -m tests.cluster up

bench: $(VENV)/installed-test  ## Measure, and print a table
	$(BIN)/python -m benchmarks

# Editable: a change of Python code needs no new install. The labextension is built and copied into .venv.
$(VENV)/installed-demo $(VENV)/installed-test: $(VENV)/installed-%: $(SOURCES)
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 10) or sys.exit("Python 3.10 or newer is needed; name it: make PYTHON=python3.12")'
	@command -v node >/dev/null || { echo "Node.js is needed to build the JupyterLab extension; install it and try again." >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	rm -rf kfp_jupyter/labextension labextension/lib
	$(INSTALL) --editable '.[$*]'
	touch $@ $(VENV)/installed-demo

chromium:
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
	  then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; \
	  else echo "The browser tests need Chromium: install it (sudo apt-get install chromium) and run make test again." >&2; exit 1; \
	  fi; }

# Without it, and without docker, the tests that build an image on this machine are listed as skipped.
podman:
	@command -v podman docker >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
	  then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq podman || true; \
	  fi; }

clean:  ## Remove all that make has made
	rm -rf $(VENV) dist build kfp_jupyter/labextension labextension/lib labextension/node_modules labextension/.yarn \
	  .mypy_cache .pytest_cache .ruff_cache .hypothesis tests/browser/screenshots
