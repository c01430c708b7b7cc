# make run | test | check | setup | bench. Everything they need is installed into .venv.
SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
# The first Python that is new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: run setup test check format bench bank screenshots lock clean
.DEFAULT_GOAL := run

run: $(VENV)/.runtime
	@$(PY) -m app run

setup: $(VENV)/.development

test: $(VENV)/.development
	@$(PY) -m tests.browser.chromium >/dev/null
	$(PY) -m pytest -n auto --dist loadgroup

check: $(VENV)/.development
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

format: $(VENV)/.development
	$(VENV)/bin/ruff check --fix-only .
	$(VENV)/bin/ruff format .

bench: $(VENV)/.development
	$(PY) -m bench

bank: $(VENV)/.development
	$(PY) -m app check-bank --run

# Takes the pictures of docs/screens.md anew.
screenshots: $(VENV)/.development
	$(PY) -m tests.browser.screenshots

# Writes the lock files anew from pyproject.toml.
lock: $(VENV)/.development
	$(PY) -m pip install --quiet uv
	$(PY) -m uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade --output-file requirements.txt --quiet
	$(PY) -m uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --constraint requirements.txt --upgrade --output-file requirements-dev.txt --quiet

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Debian and its children split venv from Python; root may add it, others are told the package's name.
$(PY):
	@test -n "$(PYTHON)" || { echo "greenroom: Python 3.11 or newer is needed and was not found" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
			apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null && $(PYTHON) -m venv $(VENV); \
		else echo "greenroom: $(PYTHON) cannot make a virtual environment; install its venv package (Debian: python3-venv)" >&2; exit 1; fi; }

$(VENV)/.runtime: requirements.txt | $(PY)
	@echo "Installing what Greenroom needs into $(VENV) …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt | $(PY)
	@echo "Installing what Greenroom and its tests need into $(VENV) …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $(VENV)/.runtime $@
