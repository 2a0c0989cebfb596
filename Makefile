# Every target does its own set-up: exact versions, checked by hash, in .venv.
# A bare Debian needs: apt install python3 python3-venv make git

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.complete
MODELS_STAMP := $(VENV)/.models
ENCODER := $(VENV)/encoder
RIVALS := $(VENV)/rivals
ROOT ?= .
QUERY ?=
ONLY ?=
PARTS ?=
CHECKOUT ?=
REPOS ?=
SET ?=
SEED ?=
OPERATIONS ?=
KILLS ?=
CLIENTS := clients/node_modules/.complete
export ROOT QUERY

.PHONY: run test test-models test-offline test-clients test-editors vsix install-vscode check check-clients panels pictures bench bench-embedding bench-search bench-debt soak kills docs package clean
.DEFAULT_GOAL := run

run: $(STAMP) ## index this clone (or ROOT=…) and ask it some questions (or QUERY="…")
	@$(BIN)/python docs/tour.py "$$ROOT" $(if $(QUERY),"$$QUERY")

test: $(STAMP) ## all tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile

test-models: $(MODELS_STAMP) ## the tests that need PyTorch, which `make test` leaves out without it
	@$(BIN)/python -m pytest tests/embedding

test-offline: $(STAMP) ## all tests in a network of their own that has loopback alone (Linux)
	@unshare $$([ "$$(id -u)" -eq 0 ] || echo --map-root-user) --net sh -c \
	  'ip link set lo up && exec $(BIN)/python -m pytest -n 2 --dist loadfile'

check: $(STAMP) ## formatter, linter, strict types, as each system has them
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@for system in linux darwin win32; do \
	  $(BIN)/mypy --platform $$system --cache-dir .mypy_cache/$$system || exit 1; \
	done

check-clients: $(STAMP) $(CLIENTS) ## the same for the editors' clients: types generated anew, formatter, linter, strict types
	@cd clients && npm run --silent check

test-clients: $(STAMP) $(CLIENTS) ## their tests, and that they build; needs Node.js 20
	@cd clients && npm run --silent test && npm run --silent build

panels: $(CLIENTS) ## build what `codearch panels` serves; a wheel built afterwards brings it
	@cd clients && npm run --silent build -w panels

pictures: $(STAMP) $(CLIENTS) ## take the documents' pictures anew: CHECKOUT= one of marshmallow, with its history; needs Chromium
	@test -n "$(CHECKOUT)" || { echo "make pictures CHECKOUT=folder" >&2; exit 2; }
	@cd clients && CODEARCH_PICTURED="$(abspath $(CHECKOUT))" CODEARCH_PICTURES="$(CURDIR)/docs/guide/pictures" \
	  CODEARCH_REQUIRE_EDITORS=1 npm run --silent pictures -w panels

test-editors: $(STAMP) $(CLIENTS) ## the extension in a real VS Code, driven in Chromium; ONLY="asked work" runs these groups
	@cd clients && npm run --silent build
	@cd clients/vscode && npm run --silent test-editors -- $(ONLY)

vsix: $(CLIENTS) ## the extension for VS Code and its kin: clients/vscode/dist/codearchaeologist.vsix
	@cd clients && npm run --silent build
	@cd clients/vscode && npm run --silent package

install-vscode: $(CLIENTS) ## the same, put into VS Code, VSCodium or Cursor, whichever is there
	@cd clients && npm run --silent build
	@cd clients/vscode && npm run --silent package -- --install

bench: $(STAMP) ## measure, print figures beside their bounds, fail beyond them
	@$(BIN)/python tests/bench/run.py

bench-embedding: $(MODELS_STAMP) ## the same for the encoders; ONLY="static growth" runs these parts
	@$(BIN)/python tests/bench_embedding/run.py $(if $(ONLY),--only $(ONLY))

bench-search: $(STAMP) ## score search on labelled queries: REPOS= the folder of checkouts
	@test -n "$(REPOS)" || { echo "make bench-search REPOS=folder-of-checkouts" >&2; exit 2; }
	@$(BIN)/python tests/search/bench.py "$(REPOS)" $(if $(SET),--set "$(SET)")

bench-debt: $(STAMP) $(RIVALS)/.complete ## plant debt in copies of REPOS=, a folder of checkouts; count what is found beside bounds and other tools
	@test -n "$(REPOS)" || { echo "make bench-debt REPOS=folder-of-checkouts" >&2; exit 2; }
	@$(BIN)/python tests/bench_debt/run.py "$(REPOS)" --rivals $(RIVALS)/bin $(if $(SEED),--seed "$(SEED)") \
	  --jscpd $(RIVALS)/node_modules/.bin/jscpd $(if $(ONLY),--only $(ONLY)) $(if $(PARTS),--parts $(PARTS))

encoder: $(ENCODER)/.complete ## gather the shipped encoder's corpus, train anew into build/encoder, score it: models/README.md
	@for step in gather corpus "train --out build/encoder" "evaluate --model build/encoder"; do \
	  set -- $$step; name=$$1; shift; \
	  PYTHONPATH=server $(ENCODER)/bin/python models/$$name.py "$$@" || exit 1; \
	done

soak: $(STAMP) ## random operations in real repositories, copied: REPOS= the folder of checkouts, SEED= to do the same again
	@test -n "$(REPOS)" || { echo "make soak REPOS=folder-of-checkouts" >&2; exit 2; }
	@$(BIN)/python tests/soak/run.py "$(REPOS)" $(if $(SEED),--seed "$(SEED)") \
	  $(if $(OPERATIONS),--operations "$(OPERATIONS)")

kills: $(STAMP) ## kill everything at every point and at random, by the hundred: KILLS= how often, SEED= to do the same again
	@$(BIN)/python tests/kills/run.py $(if $(SEED),--seed "$(SEED)") $(if $(KILLS),--kills "$(KILLS)")

docs: $(STAMP) ## write the documents that follow from the code
	@$(BIN)/python docs/generate.py
	@$(BIN)/python docs/picture.py

package: $(STAMP) ## build wheel and source archive into dist/
	@$(BIN)/python -m build --no-isolation

clean: ## remove all that the other targets made
	rm -rf $(VENV) clients/node_modules clients/*/dist dist build .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: PYTHON=/path/to/python3.11 make" >&2; exit 3; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "apt install python3-venv" >&2; exit 3; }
	@echo "Installing exact versions into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(CLIENTS): clients/package-lock.json
	@command -v npm >/dev/null || { echo "apt install nodejs npm (Node.js 20 or later)" >&2; exit 3; }
	@cd clients && npm ci --silent
	@touch $@

$(RIVALS)/.complete: $(STAMP) requirements/bench-debt.txt
	@$(PYTHON) -m venv $(RIVALS)
	@$(RIVALS)/bin/python -m pip install --quiet --requirement requirements/bench-debt.txt
	@npm install --silent --no-save --prefix $(RIVALS) jscpd@4.3.0 || echo "npm did not give jscpd: measuring without it" >&2
	@touch $@

$(ENCODER)/.complete: $(STAMP) models/requirements.txt
	@$(PYTHON) -m venv $(ENCODER)
	@$(ENCODER)/bin/python -m pip install --quiet --require-hashes --requirement models/requirements.txt
	@touch $@

$(MODELS_STAMP): $(STAMP) requirements/models.txt
	@echo "Installing PyTorch and ONNX Runtime into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --requirement requirements/models.txt
	@touch $@
