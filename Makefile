# Two commands to know: `make demo` and `make test`. Both make .venv when it is missing, and install into it again
# only when what they install has changed: the versions in locks/, which `make lock` renews.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv)
INSTALL := $(if $(UV),uv pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check)
# jlpm, which builds the labextension, is in .venv too, and takes what yarn.lock says.
INSTALL_PROJECT := PATH="$(CURDIR)/$(BIN):$$PATH" YARN_ENABLE_IMMUTABLE_INSTALLS=1 $(INSTALL) --no-deps --no-build-isolation
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
LOCK := $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-annotate --python-version
# Other packages in environments of their own, for tests and benchmarks, and what their sdists are built with.
PEERS := kfp1 kfp2 hera sdists
# What the test cluster's images hold.
PODS := pods wheels
EXTRAS := --extra demo --extra gcs --extra pickle --extra s3 --extra socks --extra zstd
SOURCES := pyproject.toml kfp_jupyter/_version.py labextension/install.json labextension/package.json \
  labextension/tsconfig.json $(wildcard labextension/yarn.lock labextension/.yarnrc.yml labextension/schema/* \
  labextension/src/* labextension/style/*)
# What builds the labextension, and what checks and tests it: apart, so that `make demo` doesn't wait for the latter.
NODE_MODULES := labextension/node_modules/.installed labextension/tests/node_modules/.installed
JLPM := PATH="$(CURDIR)/$(BIN):$$PATH" YARN_ENABLE_IMMUTABLE_INSTALLS=1 jlpm

.DEFAULT_GOAL := help
.PHONY: help demo lab test test-lowest test-latest fast lint lint-labextension lock cluster bench chromium podman clean

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

demo: $(VENV)/installed-demo  ## Run the quickstart notebook here, step by step
	$(BIN)/python notebooks/run_quickstart.py

lab: $(VENV)/installed-demo  ## Open the quickstart in JupyterLab
	$(BIN)/jupyter-lab $(AS_ROOT) notebooks/01-quickstart.ipynb

test: lint chromium podman  ## Run the checks and all tests
	cd labextension/tests && $(JLPM) test
	@if [ "$$CI" = true ]; then $(BIN)/python -m tests.cluster build; fi
	$(BIN)/python -m pytest -n 3

test-lowest: $(VENV)/installed-test  ## Run the fast tests on the oldest versions that pyproject.toml allows
	$(MAKE) fast ENVIRONMENT=.venv-lowest RESOLUTION=lowest-direct

test-latest: $(VENV)/installed-test  ## Run the fast tests on the newest versions that there are
	$(MAKE) fast ENVIRONMENT=.venv-latest RESOLUTION=highest

# What the package itself needs decides, of what has wheels for this Python; the tests' own tools are as new as that
# allows. .venv stays as it is.
fast:
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(ENVIRONMENT)
	$(BIN)/uv pip compile --quiet --resolution $(RESOLUTION) --no-build --python $(ENVIRONMENT)/bin/python --upgrade \
	  $(EXTRAS) pyproject.toml --output-file $(ENVIRONMENT)/constraints.txt
	$(BIN)/uv pip install --quiet --no-build --python $(ENVIRONMENT)/bin/python \
	  --constraint $(ENVIRONMENT)/constraints.txt --requirement pyproject.toml --extra test editables
	# With the labextension that is built already: only the JupyterLab in locks/ builds it.
	SKIP_JUPYTER_BUILDER=1 $(BIN)/uv pip install --quiet --python $(ENVIRONMENT)/bin/python --no-deps \
	  --no-build-isolation --editable .
	$(ENVIRONMENT)/bin/python -m pytest -n 3 --fast

lint: lint-labextension  ## Run the checks that run nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lint-labextension: $(VENV)/installed-test $(NODE_MODULES)
	cd labextension/tests && $(JLPM) lint

cluster: $(VENV)/installed-test  ## Build and start a Kubernetes with Argo for the tests (root, Linux, Go)
	$(BIN)/python -m tests.cluster up

lock: $(VENV)/installed-test  ## Renew the locked versions: the newest that pyproject.toml and locks/*.in allow
	$(LOCK) 3.10 --universal pyproject.toml locks/build.in --extra test --output-file locks/test.txt
	$(LOCK) 3.10 --universal pyproject.toml locks/build.in --extra demo --constraint locks/test.txt --output-file locks/demo.txt
	for set in $(PEERS); do $(LOCK) 3.10 --universal locks/$$set.in --output-file locks/$$set.txt || exit; done
	for set in $(PODS); do $(LOCK) 3.11 --python-platform linux locks/$$set.in --output-file locks/$$set.txt || exit; done

bench: $(VENV)/installed-test  ## Measure, and print a table
	$(BIN)/python -m benchmarks

# Editable: a change of Python code needs no new install. The labextension is built and copied into .venv.
$(VENV)/installed-demo $(VENV)/installed-test: $(VENV)/installed-%: $(SOURCES) locks/%.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 10) or sys.exit("Python 3.10 or newer is needed; name it: make PYTHON=python3.12")'
	@command -v node >/dev/null || { echo "Node.js is needed to build the JupyterLab extension; install it and try again." >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	rm -rf kfp_jupyter/labextension labextension/lib
	$(INSTALL) --no-deps --require-hashes --requirement locks/$*.txt
	$(INSTALL_PROJECT) --editable .
	touch $@ $(VENV)/installed-demo

$(NODE_MODULES): %/node_modules/.installed: %/package.json %/yarn.lock | $(VENV)/installed-test
	@said=$$(cd $* && $(JLPM) install 2>&1) || { echo "$$said" >&2; exit 1; }
	@touch $@

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
	rm -rf $(VENV) .venv-lowest .venv-latest dist build kfp_jupyter/labextension labextension/lib labextension/node_modules labextension/.yarn \
	  labextension/tests/node_modules labextension/tests/.yarn \
	  .mypy_cache .pytest_cache .ruff_cache .hypothesis tests/browser/screenshots
