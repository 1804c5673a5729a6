# `make help` lists the targets. Each target sets up what it needs in .venv. On a fresh machine: Python 3.11 or later, make, pip.

PYTHON ?= python3
.DEFAULT_GOAL := help
BIN := .venv/bin
DAY ?= 2031-05-12
FUZZ_SECONDS ?= 60

.PHONY: help brief days test thorough cover lint types docs wheel examples screenshots check fuzz clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:[^#]*##/\t/' | expand -t 12

brief: .venv/run  ## the main job on the shipped example: neither key nor network
	@$(BIN)/summarizer brief examples/$(DAY) --replay cassettes/$(DAY)

days: .venv/run  ## two days in a row, into an archive, and what changed between them
	@rm -rf .days && mkdir .days
	@for day in 2031-05-12 2031-05-13; do $(BIN)/summarizer brief examples/$$day --replay cassettes/$$day \
	    --archive .days/archive.sqlite3 --quiet -o .days/$$day.md; done
	@$(BIN)/summarizer diff 2031-05-12 2031-05-13 --archive .days/archive.sqlite3 --format md

test: .venv/dev  ## all tests, offline
	@$(BIN)/python -m pytest -n auto --dist worksteal -q

thorough: .venv/dev  ## all tests, what is left to chance as often as the docs say (minutes more)
	@$(BIN)/python -m pytest -n auto --dist worksteal -q --thorough

cover: .venv/dev  ## all tests, and the lines that none of them runs (three times as slow)
	@$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term:skip-covered -q

lint: .venv/dev  ## ruff: lint and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/dev  ## mypy, strict
	@$(BIN)/mypy

docs: .venv/dev  ## README and docs say what the program does
	@$(BIN)/python -m pytest -q tests/test_docs.py
	@$(BIN)/summarizer cassettes check cassettes/2031-*

wheel: .venv/dev  ## build a wheel, install it elsewhere, run it there
	@rm -rf dist
	@$(BIN)/pip wheel -q --no-deps -w dist .
	@$(MAKE) --no-print-directory .venv/elsewhere/made
	@.venv/elsewhere/bin/pip install -q --no-deps --force-reinstall dist/*.whl
	@cd .venv/elsewhere && bin/summarizer prompts list && bin/summarizer brief $(CURDIR)/examples/$(DAY) \
	    --replay $(CURDIR)/cassettes/$(DAY) --quiet | cmp - $(CURDIR)/examples/$(DAY).briefing.md
	@echo "the wheel works elsewhere"

examples: .venv/dev  ## write the example briefings and the docs' pictures anew from the cassettes
	@for day in 2031-05-12 2031-05-13 2031-06-03; do for form in md json; do \
	    $(BIN)/summarizer brief examples/$$day --replay cassettes/$$day --quiet -o examples/$$day.briefing.$$form; \
	done; done
	@$(BIN)/python -m tests.test_pictures

screenshots: .venv/dev  ## take the docs' pictures of page and site anew, with Chromium
	@$(BIN)/python -m tests.screenshots

check: lint types test wheel  ## all of it; what `docs` tries is among the tests

fuzz: .venv/dev  ## atheris on texts and answers, for FUZZ_SECONDS (60)
	@$(BIN)/pip install -q -e ".[fuzz]"
	@mkdir -p .fuzz
	@$(BIN)/python -m tests.fuzz -max_total_time=$(FUZZ_SECONDS) -timeout=25 -artifact_prefix=.fuzz/ -print_final_stats=1

clean:  ## remove all that was made
	rm -rf .days .fuzz .venv dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage

.venv/run: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install -q -e .
	@touch $@

.venv/elsewhere/made: pyproject.toml
	@rm -rf .venv/elsewhere
	@$(PYTHON) -m venv .venv/elsewhere
	@.venv/elsewhere/bin/pip install -q --no-compile dist/*.whl
	@touch $@

.venv/dev: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install -q -e ".[dev]"
	@touch $@ .venv/run
