# What CI runs, and nothing else. `make run` and `make test` are all a newcomer needs; both do their own set-up.
BIN := .venv/bin
PY := $(BIN)/python
QUICK := -m "not rasa and not browser"
.DEFAULT_GOAL := help
.PHONY: help setup dev run test test-unit test-real fmt lint types data train test-rasa test-desk web e2e check bench lock clean

help: ## list the targets
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

setup: ## make .venv with what running needs
	@sh scripts/setup.sh run
dev: ## the same, with the tools for developing
	@sh scripts/setup.sh dev
run: ## set up, build, train, and start the shop: http://127.0.0.1:8000
	@sh scripts/setup.sh run web
	@exec $(BIN)/xiaoer up
test: dev ## unit, contract and integration tests
	@echo "两组测试同时运行,双核机器上约四分钟……"
	@$(MAKE) --no-print-directory -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync) test-unit test-real
test-unit: # tests of one part each; those of the command line start processes and go with the others
	@$(PY) -m pytest -q $(QUICK) tests/unit --ignore=tests/unit/cli
test-real: # tests with databases, servers and sockets
	@$(PY) -m pytest -q $(QUICK) tests/contract tests/integration tests/unit/cli
fmt: dev ## put all Python in shape
	@$(BIN)/ruff check --fix-only -q . ; $(BIN)/ruff format .
lint: dev ## style and allowed imports
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/lint-imports --no-logo
types: dev ## mypy strict
	@XIAOER_DESK_SECRET=types $(BIN)/mypy
data: dev ## training data, alignment, responses
	@$(BIN)/xiaoer train --check
train: dev ## a model, unless one is fresh
	@$(BIN)/xiaoer train
test-rasa: train ## tests with the trained model, then Rasa's own over whole conversations
	@mkdir -p results; RASA_TELEMETRY_ENABLED=false $(BIN)/rasa test core --stories tests/test_stories.yml --out results/rasa \
		--fail-on-prediction-errors --no-plot >results/rasa.log 2>&1 || { tail -n 40 results/rasa.log; exit 1; }
	@$(PY) -m pytest -q -m rasa tests
test-desk: ## the desk's tests on Python 3.11 without Rasa, where there is one
	@sh scripts/desk311.sh
web: dev ## build and test the front end
	@sh scripts/setup.sh dev web
	@cd web && PATH="$$PWD/../$(BIN):$$PATH" npm test # with the Node that came along, not the system's
e2e: train ## browser tests on chromium
	@sh scripts/setup.sh dev web
	@$(PY) -m pytest -q -m browser tests/browser
check: lint types data test ## everything quick
bench: train ## figures beside stock Rasa's
	@$(BIN)/xiaoer bench
lock: ## remake requirements/*.txt from pyproject.toml
	@sh scripts/lock.sh
clean: ## forget everything that was made, except var/
	@rm -rf .venv models .rasa web/node_modules web/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
