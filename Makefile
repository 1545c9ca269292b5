# wir2graph: the commands. A fresh machine needs make and Python 3.11 or newer; everything else goes into .venv.

PORT     ?= 8000
OPERATOR ?=
STATE    ?= .state

BIN     := .venv/bin
RUNTIME := .venv/.runtime
DEV     := .venv/.dev

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
            "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
            && { echo "$$python"; break; }; done)

# One more than there are processors: tests wait for servers and browsers.
WORKERS := "import os; print(len(os.sched_getaffinity(0)) + 1)"

.PHONY: serve check test lint conformance bench frontend lock

serve: $(RUNTIME)  ## check the data, build the release and serve it on this machine
	@$(BIN)/wir2graph serve --build --state "$(STATE)" --port $(PORT) $(if $(OPERATOR),--operator "$(OPERATOR)")

check: $(RUNTIME)  ## check the data and print what is wrong with it
	@$(BIN)/wir2graph check

test: lint  ## everything that needs only Python and a browser
	$(BIN)/pytest -n $$($(BIN)/python -c $(WORKERS)) --dist loadfile --no-loadscope-reorder --ignore=tests/conformance --ignore=tests/bench

lint: $(DEV)
	$(BIN)/ruff check
	$(BIN)/mypy

conformance: $(DEV)  ## real clients and servers against a running site
	$(BIN)/pytest tests/conformance

bench: $(DEV)  ## print measured times and memory beside their budgets
	$(BIN)/python -m tests.bench.check_build
	$(BIN)/python -m tests.bench.serve
	$(BIN)/python -m tests.bench.pages
	$(BIN)/python -m tests.bench.sparql

frontend:  ## build the editor of the SPARQL page anew; needs Node 18 or newer and npm
	cd site/frontend && npm ci --ignore-scripts && npm run build

COMPILE = $(BIN)/pip-compile --quiet --upgrade --no-header --generate-hashes --strip-extras --allow-unsafe \
          --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --build-deps-for editable

lock: $(DEV)  ## resolve the dependencies of pyproject.toml anew
	$(BIN)/pip install --quiet pip-tools
	$(COMPILE) --output-file requirements.txt pyproject.toml
	$(COMPILE) --extra test --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml

$(RUNTIME): requirements.txt
	@test -n "$(PYTHON)" || { echo "wir2graph braucht Python 3.11 oder neuer mit venv (Debian: apt-get install python3-venv)." \
	  "Ein bestimmtes Python: make PYTHON=/pfad/zu/python3" >&2; exit 1; }
	@echo "Einmalig: Programmumgebung in .venv anlegen …"
	@"$(PYTHON)" -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.txt
	@touch $@
