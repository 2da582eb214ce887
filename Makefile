# `make book` and `make test` are all you need; `make help` lists the rest.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
JOBS ?=
INPUTS ?=
LAB ?=
ONLY ?=
BASE ?= HEAD
PAGES ?=
CHAPTER ?=
CHAPTERS ?= $(CHAPTER)
COPY ?=

VENV := .venv
BIN := $(VENV)/bin
# Byte code is compiled once and kept; without it every kernel starts 2.5 times slower.
unexport PYTHONDONTWRITEBYTECODE
unexport PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# An environment that was copied or moved with its tree runs the other tree's code, or none; so does one whose
# interpreter is gone. Where PYTHON is given, the environment has to be made of that interpreter.
INTERPRETER := import os, sys; print(os.path.realpath(sys._base_executable), *sys.version_info[:3])
OWN_CODE := import importlib.util, os, sys; \
  found = importlib.util.find_spec("nuem"); \
  sys.exit(not (found and os.path.realpath(found.origin) == os.path.realpath("lib/nuem/__init__.py")))
ifneq ($(wildcard $(VENV)/book),)
  STALE := $(shell $(BIN)/python -Ic '$(OWN_CODE)' 2>/dev/null || echo "belongs to another tree or interpreter")
  ifeq ($(STALE)$(filter file,$(origin PYTHON)),)
    ifneq ($(shell $(PYTHON) -Ic '$(INTERPRETER)'),$(shell $(BIN)/python -Ic '$(INTERPRETER)'))
      STALE := is not made of $(PYTHON)
    endif
  endif
endif
# The start of a recipe that changes the environment: no two at once, and the first command that fails ends it.
ALONE = mkdir $(VENV).lock 2>/dev/null || \
  { echo "error: another make is installing into $(VENV); wait for it (if none is, remove $(VENV).lock)"; exit 1; }; \
  trap 'rmdir $(VENV).lock' EXIT; set -e

# The locked files, whose hashes are checked, and nothing else; uv is several times faster where it is there.
install = { command -v uv >/dev/null && uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes --requirement $(1); } || \
  $(BIN)/python -m pip install --quiet --no-deps --require-hashes --requirement $(1)

# What a run and a saved notebook leave behind; JupyterLab writes seven lines about the kernel's language.
LEFTOVERS := metadata.papermill metadata.nuem cell.metadata.papermill cell.metadata.execution \
  $(addprefix metadata.language_info.,codemirror_mode file_extension mimetype nbconvert_exporter pygments_lexer version)
STRIP = "$(CURDIR)/$(BIN)/nbstripout" --keep-id --extra-keys "$(LEFTOVERS)"

.PHONY: help book test test-faults watch lab source course handouts pdf slides bench diff wheel findings check-site peers lock update audit strip hook front-ends clean renew

help: ## list what make can do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

book: $(VENV)/book ## build the website; INPUTS=my.yml builds a copy with your own inputs in _build/custom
	@$(BIN)/python -m nuem build $(if $(INPUTS),--inputs "$(INPUTS)") $(if $(JOBS),--jobs $(JOBS))

test: $(VENV)/test book ## test the package, the executed book and the website (builds the book first)
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest

test-faults: $(VENV)/test ## kill thirty builds at random moments and see the next one recover (a quarter of an hour)
	@FAULT_MOMENTS=30 $(BIN)/python -m pytest tests/press/test_faults.py

watch: $(VENV)/book ## build whenever a source is saved, and reload the page that is open
	@$(BIN)/python -m nuem watch

lab: $(VENV)/lab ## open the notebooks in JupyterLab, as copies for readers; LAB="…" passes options to it
	@$(BIN)/python -m nuem copies notebooks
	@IPYTHONDIR="$(CURDIR)/.jupyter/ipython" $(BIN)/jupyter lab notebooks/start.ipynb \
	  --MappingKernelManager.kernel_manager_class=nuem.press.lab.LabKernelManager $(LAB)

source: $(VENV)/book ## turn a reader's copy, COPY=notebooks/….ipynb, back into the source of its chapter
	@$(BIN)/python -m nuem source "$(COPY)"

course: book ## the students' and the lecturer's edition, in _build/course; CHAPTERS="muon-g-2 16" for some notebooks
	@$(BIN)/python -m nuem course $(CHAPTERS) $(if $(JOBS),--jobs $(JOBS))

handouts: book ## chapters as PDF in _build/handouts, without code and solutions and with both; CHAPTERS="…" for some
	@$(BIN)/python -m nuem handouts $(CHAPTERS)

pdf: book ## the whole book as one PDF, _build/book.pdf (a thousand pages; needs Chromium, as handouts do)
	@$(BIN)/python -m nuem pdf

slides: book ## a lecture of 45 minutes from each chapter, in _build/slides; CHAPTER=… for one
	@$(BIN)/python -m nuem slides $(CHAPTERS)

bench: $(VENV)/test book ## measure the build, as ratios to an old one, and parts of the package; ONLY=build does one part
	@$(BIN)/python tests/bench.py $(ONLY)

diff: book ## which published numbers moved against BASE=<revision> (default: the last commit)
	@$(BIN)/python -m nuem diff "$(BASE)"

wheel: book ## a package with the results of this build, to install anywhere, in _build/wheel
	@$(BIN)/python -m nuem wheel

findings: ## which library, tool or format of this field has changed since we were surprised by it (needs the network)
	@$(PYTHON) tests/upstream.py

check-site: $(VENV)/test book ## Lighthouse and axe on every page, as a table (needs npm and Chromium); PAGES="index …" for some
	@$(BIN)/python tests/check_site.py $(PAGES)

lock: ## write the lock files anew, after a dependency was added or dropped (needs the network)
	@$(PYTHON) tests/renew.py --keep

update: ## renew ranges and locks to the newest versions, and say which numbers moved (needs the network)
	@$(PYTHON) tests/renew.py
	@mkdir -p _build && $(MAKE) --no-print-directory diff | tee _build/moved.txt

audit: ## known vulnerabilities of the locked versions (needs the network)
	@$(PYTHON) -m venv --clear _build/audit && _build/audit/bin/python -m pip install --quiet pip-audit
	@_build/audit/bin/pip-audit --strict --disable-pip --requirement requirements-test.txt --requirement requirements-lab.txt

peers: $(VENV)/test book ## our numbers beside those of public codes, which it installs and runs (needs the network)
	@$(BIN)/python tests/peers.py

strip: $(VENV)/test ## take outputs out of the notebooks, before a commit
	@$(STRIP) chapters/*/*.ipynb course/*.ipynb reference/*.ipynb skeleton/*.ipynb

hook: $(VENV)/test ## let git itself see the notebooks of this clone without outputs
	@git config filter.nuem.clean '$(STRIP)'
	@git config filter.nuem.required true
	@printf '%s\n' '*.ipynb filter=nuem' > "$$(git rev-parse --git-path info/attributes)"

front-ends: book ## run three reader's copies under papermill, nbconvert, jupytext, marimo and others (needs the network)
	@$(BIN)/python tests/front_ends.py

clean: ## remove everything that was built, and the environment
	rm -rf _build $(VENV) $(VENV).lock

renew:
	@echo "$(VENV) $(STALE): making it again"

$(VENV)/book: requirements.txt pyproject.toml $(if $(STALE),renew)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: Python 3.11 or newer is needed; say which with 'make PYTHON=python3.12 …'"; exit 1; }
	@echo "installing the environment into $(VENV) (once, about a minute)"
	@$(ALONE); \
	  $(PYTHON) -m venv $(if $(STALE),--clear) $(VENV); \
	  $(call install,requirements.txt); \
	  $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .; \
	  touch $@

$(VENV)/test: $(VENV)/book requirements-test.txt
	@$(ALONE); \
	  $(call install,requirements-test.txt); \
	  touch $@

$(VENV)/lab: $(VENV)/book requirements-lab.txt
	@$(ALONE); \
	  $(call install,requirements-lab.txt); \
	  touch $@
