# Everything runs in .venv inside the checkout; a stamp file per set of packages keeps the second run quick.
PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check
DECLARED := setup.cfg pyproject.toml

.DEFAULT_GOAL := test
.PHONY: demo sample test test-long lint bench catalogue clean

.venv/installed: $(DECLARED)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "svcdesk needs Python 3.11 or later")'
	@$(PYTHON) -m venv .venv
	@$(INSTALL) --editable .
	@touch $@

.venv/installed-test: .venv/installed
	@$(INSTALL) --editable '.[test]'
	@touch $@

.venv/installed-bench: .venv/installed
	@$(INSTALL) --editable '.[bench]'
	@touch $@

demo: .venv/installed
	@$(BIN)/svcdesk demo demo-desk

sample: .venv/installed
	@$(BIN)/python -m svcdesk.demo.sample records

lint: .venv/installed-test
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy --no-error-summary

test: lint
	@$(BIN)/python -m pytest --quiet -m 'not long'

test-long: lint
	@$(BIN)/python -m pytest --quiet -m long

bench: .venv/installed-bench
	@$(BIN)/python -m bench

catalogue: .venv/installed-test
	@$(BIN)/python -m svcdesk.locale.catalogue

clean:
	@rm -rf .venv demo-desk build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*
	@find . -name __pycache__ -prune -exec rm -rf {} +
