# Everything a developer runs; `make` lists it. The environment is made on first need.

# The first Python that is new enough; another one: make PYTHON=/path/to/python3.12 demo
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
ENV := .venv/.stamp

# Tests, demo and bench start hundreds of our processes: without byte code each compiles half of us anew (0.3 s).
unexport PYTHONDONTWRITEBYTECODE
# One more than there are cores: a third of its time a test waits for an engine.
WORKERS = $$($(BIN)/python -c 'import os; print(min(os.cpu_count() or 1, 4) + 1)')

.DEFAULT_GOAL := help
.PHONY: help demo test test-agents test-kill check lint types arrows generated docs bench screenshots wheel lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(ENV) ## play the whole loop on the screen, offline, in a repository of its own
	@$(BIN)/cockpit demo

test: $(ENV) ## run the tests (ARGS="tests/spec -x" for some)
	@$(BIN)/pytest -n $(WORKERS) $(ARGS)

test-agents: $(ENV) ## install the real agents into .agents/ and prove them (AGENTS="claude codex" for some)
	@$(BIN)/python -m tests.agents.install $(AGENTS)
	@COCKPIT_RESULTS=docs/agents.json $(BIN)/pytest tests/agents $(ARGS)

test-kill: $(ENV) ## kill the engine at every step of every path (minutes)
	@COCKPIT_EDGES=all $(BIN)/pytest -n $(WORKERS) -k kill tests/promises tests/test_feature.py tests/test_gate.py $(ARGS)

check: lint types arrows generated ## style, types, import arrows, generated docs

lint: $(ENV)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(ENV)
	@$(BIN)/pyright

arrows: $(ENV)
	@$(BIN)/lint-imports --no-logo

generated: $(ENV)
	@$(BIN)/python docs/generate.py --check

docs: $(ENV) ## write the pages that are made from the code
	@$(BIN)/python docs/generate.py

bench: $(ENV) ## measure, and print ratios against bare git, tmux and Textual
	@$(BIN)/python -m bench

screenshots: $(ENV) ## take the pictures in screenshots/ anew
	@$(BIN)/pytest tests/screens --snapshot-update

wheel: $(ENV) ## build dist/*.whl
	@rm -rf dist
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist . >/dev/null
	@ls dist/*.whl

lock: $(ENV) ## write constraints.txt from what is installed
	@$(BIN)/python -m pip freeze --all --exclude-editable --exclude setuptools | LC_ALL=C sort -f >constraints.txt

clean: ## remove the environment and what was built
	rm -rf .venv dist

$(ENV): pyproject.toml constraints.txt
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	|| { echo "cockpit: Python 3.11 or newer is missing (install python3, or: make PYTHON=/path/to/python)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	|| { echo "cockpit: $(PYTHON) cannot make environments (on Debian: apt-get install python3-venv)" >&2; exit 1; }
	@echo "making .venv with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt pip hatchling editables
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt --no-build-isolation --group dev -e .
	@touch $@
