# What a newcomer needs: make run, make test. `make help` lists the rest.
.DEFAULT_GOAL := help
PORT ?= 8000
VENV := .venv
PYTHON := $(VENV)/bin/python
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)

.PHONY: help run test check bench format lock messages clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run locale/.compiled ## set up everything and serve on http://127.0.0.1:8000 (PORT=… moves it)
	@$(PYTHON) manage.py migrate --verbosity 0
	@$(PYTHON) manage.py loaddemo --port $(PORT)
	@$(PYTHON) manage.py serve --port $(PORT)

test: $(VENV)/.dev locale/.compiled ## set up what is needed and run all tests
	@$(PYTHON) -m tests.run

check: $(VENV)/.dev ## formatting, lint, types, layers, templates, migrations
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy .
	$(VENV)/bin/lint-imports --no-cache
	git ls-files -z -- 'templates/*.html' | xargs -0r $(VENV)/bin/djade --target-version 5.2 --check
	$(PYTHON) manage.py makemigrations --check --dry-run --verbosity 0
	$(PYTHON) manage.py check --fail-level WARNING

bench: $(VENV)/.dev ## measure what is fast enough and what is not: ONLY=analysis
	@$(PYTHON) -m benchmarks.$(or $(ONLY),analysis)

format: $(VENV)/.dev ## put code and templates in their standard form
	$(VENV)/bin/ruff check --fix --quiet . || true
	$(VENV)/bin/ruff format --quiet .
	git ls-files -z -- 'templates/*.html' | xargs -0r $(VENV)/bin/djade --target-version 5.2 || true

lock: $(VENV)/.dev ## write the lock files anew from requirements*.in
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url requirements.in -o requirements.lock
	$(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url requirements-dev.in -o requirements-dev.lock

messages: $(VENV)/.dev ## collect participants' sentences into locale/ (needs GNU gettext)
	$(PYTHON) manage.py makemessages --all --no-location --ignore $(VENV) --ignore 'templates/admin/*' --ignore 'templates/analysis/*'

clean: ## remove the virtual environment and everything made (the data in var/ too)
	rm -rf $(VENV) var staticfiles locale/.compiled locale/*/LC_MESSAGES/*.mo

$(VENV)/.run: requirements.lock
	@tools/venv $(VENV) requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock
	@tools/venv $(VENV) requirements-dev.lock
	@touch $@ $(VENV)/.run

locale/.compiled: $(CATALOGUES) | $(VENV)/.run
	@[ -z "$(CATALOGUES)" ] || $(VENV)/bin/pybabel --quiet compile --directory locale --domain django
	@touch $@
