# The commands of this project: `make help` lists them.
# They need Python 3.11 or newer with its venv module, and make.

PORT ?= 8000
VENV ?= .venv
PYTEST_ARGS ?= -n auto --dist worksteal

# The first interpreter that is new enough, or PYTHON=… from the command line.
PYTHON ?= $(shell for candidate in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo $$candidate && break; done)

PY = $(VENV)/bin/python
INTERPRETER = $(or $(wildcard $(PY)),$(PYTHON))
RUNTIME = $(VENV)/.runtime-installed
DEVELOPMENT = $(VENV)/.development-installed
DEMO = DJANGO_SETTINGS_MODULE=cms.settings.dev $(PY)

# Some images forbid bytecode: then each start of Python would compile all libraries anew.
unexport PYTHONDONTWRITEBYTECODE

STARTED_AT := $(shell date +%s)

# A named step: $(call step,name,command) stops with the name of what failed.
step = @echo; echo "== $(1)"; $(2) || { echo; echo "FAILED: $(1)" >&2; exit 1; }

# Every variable that .env may hold and production reads is set here, so that the check
# says the same on every machine.
PRODUCTION = DJANGO_SETTINGS_MODULE=cms.settings.production \
	SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_hex(40))')" \
	ALLOWED_HOSTS=www.example.org DEBUG=no DATABASE_URL= REDIS_URL= SECURE_SSL_REDIRECT=yes \
	SECURE_HSTS_SECONDS=31536000 SECURE_HSTS_INCLUDE_SUBDOMAINS=yes

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo demo-reset test test-fast test-long test-production test-postgresql bench fuzz lint format snapshots docs types fhir messages clean check-python check-port

help: ## List these commands
	@echo "Commands:"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)$$/\1|\2/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r name text; do printf '  make %-16s %s\n' "$$name" "$$text"; done
	@echo
	@echo "Variables: PORT=$(PORT) (where the demo listens), PYTHON= (the interpreter to use)"

demo: check-python check-port $(RUNTIME) ## Run the demo on http://127.0.0.1:8000 (PORT= changes it)
	@if [ -n "$$($(DEMO) -c 'from cms.settings import env; print(env.text("DATABASE_URL"))')" ]; then \
		echo "DATABASE_URL is set: the demo, with its accounts that everybody knows, uses the built-in SQLite database only." >&2; exit 1; fi
	@$(DEMO) manage.py load_demo --migrate --with-accounts --port $(PORT)
	@$(DEMO) manage.py runserver 127.0.0.1:$(PORT)

demo-reset: check-python check-port $(RUNTIME) ## Delete what was edited in the demo and run it anew
	@if [ -n "$$($(DEMO) -c 'from cms.settings import env; print(env.text("DATABASE_URL"))')" ]; then \
		echo "DATABASE_URL is set: demo-reset empties only the built-in SQLite database." >&2; exit 1; fi
	@data="$$($(DEMO) -c 'from cms.settings import base; print(base.DATA_DIR)')" && \
		rm -rf -- "$$data/db.sqlite3" "$$data/db.sqlite3-wal" "$$data/db.sqlite3-shm" "$$data/media"
	@$(MAKE) --no-print-directory demo

test: lint ## Run all checks, and all tests but the long ones
	$(call step,pytest,$(PY) -m pytest $(PYTEST_ARGS) -m "not long")
	@echo; echo "All checks passed: lint, types, imports, migrations, deployment and tests, in $$(($$(date +%s) - $(STARTED_AT))) seconds."

test-long: check-python $(DEVELOPMENT) ## Run the long tests: browsers, compilers, another project, every address
	$(call step,long tests,$(PY) -m pytest $(PYTEST_ARGS) -m long)

test-fast: lint ## Run all checks and the fast tests: before each commit
	$(call step,pytest,$(PY) -m pytest $(PYTEST_ARGS) -m fast)
	@echo; echo "All checks and the fast tests passed, in $$(($$(date +%s) - $(STARTED_AT))) seconds."

test-production: check-python $(DEVELOPMENT) ## Start the project with the production settings and visit it (needs Chromium)
	$(call step,production start,$(PY) -m tests.production_start)

test-postgresql: check-python $(DEVELOPMENT) ## Run all tests on PostgreSQL and Redis (DATABASE_URL=, REDIS_URL=)
	$(call step,pytest on PostgreSQL and Redis,DATABASE_URL="$(or $(DATABASE_URL),postgres://root@127.0.0.1:5432/postgres)" \
		REDIS_URL="$(or $(REDIS_URL),redis://127.0.0.1:6379/0)" $(PY) -m pytest $(PYTEST_ARGS))

bench: check-python $(DEVELOPMENT) ## Measure side by side with stock Wagtail (BENCH_ARTICLES=, BENCH_SECONDS=; needs PostgreSQL and Redis)
	@$(PY) -m tests.benchmarks.run

fuzz: check-python $(DEVELOPMENT) ## Ask the API for everything its document allows, and more (FUZZ_EXAMPLES=)
	@FUZZ_EXAMPLES=$(or $(FUZZ_EXAMPLES),120) $(PY) -m pytest tests/contract -q -s -n 0 -p no:randomly

lint: check-python $(DEVELOPMENT) ## Run all checks except the tests
	$(call step,ruff format --check,$(PY) -m ruff format --check .)
	$(call step,ruff check,$(PY) -m ruff check .)
	$(call step,ty check,$(VENV)/bin/ty check --python $(VENV))
	$(call step,lint-imports,$(VENV)/bin/lint-imports --no-cache)
	$(call step,makemigrations --check,$(PY) manage.py makemigrations --check --dry-run --settings cms.settings.test)
	$(call step,check --deploy,$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING)

format: check-python $(DEVELOPMENT) ## Format the code and mend what ruff can mend
	@$(PY) -m ruff check --fix-only .
	@$(PY) -m ruff format .

snapshots: check-python $(DEVELOPMENT) ## Rewrite tests/snapshots after a change of the API
	@WRITE_SNAPSHOTS=1 $(PY) -m pytest -q -k answers_are_those tests/contract/test_snapshots.py
	@$(PY) manage.py export_api_schema --output tests/snapshots --settings cms.settings.test

docs: snapshots ## Write all that is generated: snapshots, reference tables, the picture of the rooms, messages
	@$(PY) manage.py shell --no-imports --settings cms.settings.test --command \
		"from tests.docs import block_reference, parameter_reference, rooms; block_reference.write(); parameter_reference.write(); rooms.write()"
	@if command -v msgfmt >/dev/null; then $(MAKE) --no-print-directory messages; \
		else echo "The messages are left as they are: gettext is missing."; fi

fhir: check-python $(DEVELOPMENT) ## Check criteria lists against a second model of FHIR R5 (needs npm)
	@$(PY) -m tests.fhir.second_model

types: check-python ## Make TypeScript types of the API and compile a client (needs npm)
	@$(INTERPRETER) tests/types/compiler.py

messages: check-python $(RUNTIME) ## Collect and compile the Spanish admin texts (needs gettext)
	@command -v xgettext >/dev/null && command -v msgfmt >/dev/null || \
		{ echo "This needs the gettext tools, xgettext and msgfmt." >&2; exit 1; }
	@mkdir -p home/locale snippets/locale treatments/locale
	@$(DEMO) manage.py makemessages --locale es --no-obsolete --add-location file \
		--ignore $(VENV) --ignore cms --ignore tests
	@$(DEMO) manage.py compilemessages --locale es --ignore $(VENV)

clean: ## Delete what the tools leave behind; the environment and the data stay
	@rm -rf build dist htmlcov .coverage .coverage.* .import_linter_cache .pytest_cache .ruff_cache *.egg-info
	@find cms home snippets tests treatments -name __pycache__ -type d -prune -exec rm -rf {} +

# Said before anything slow: what is missing, and what to do about it.
check-python:
	@[ -n "$(INTERPRETER)" ] || \
		{ echo "No Python 3.11 or newer was found. Install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(INTERPRETER) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "$(INTERPRETER) is not Python 3.11 or newer." >&2; exit 1; }
	@$(INTERPRETER) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(INTERPRETER) has no venv module. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

check-port: check-python
	@$(INTERPRETER) -c "$$CHECK_PORT" '$(PORT)'

define CHECK_PORT
import socket, sys
port = sys.argv[1]
if not (port.isdecimal() and 0 < int(port) < 65536):
    sys.exit(f"PORT must be a number from 1 to 65535; it is {port!r}.")
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(port)))
    except OSError as error:
        sys.exit(f"Port {port} cannot be used ({error.strerror}). Does a demo run there "
                 f"already? Stop it, or choose another port, as in: make demo PORT=8001")
endef
export CHECK_PORT

$(PY): | check-python
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.txt | $(PY)
	@echo "Installing the libraries; most of the time is the download."
	@start=$$(date +%s) && \
		$(PY) -m pip install --quiet --disable-pip-version-check --no-compile -r requirements.txt && \
		echo "  Done in $$(($$(date +%s) - start)) seconds."
	@touch $@

$(DEVELOPMENT): requirements-dev.txt requirements.txt | $(PY)
	@echo "Installing the libraries and tools; the first time takes a minute or two."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
