# Each target is a line or two that calls the real tool; `make help` lists them.
PYTHON ?= python3
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
UNIT := $(BIN)/python -m pytest --quiet --no-header
ENGINE := $(BIN)/python -m testing.engines
UNITS := unit-sqlite unit-postgresql unit-stand-in $(if $(COCKROACH_URL),unit-cockroachdb)

.PHONY: help run test lint format unit $(UNITS) e2e faults faults-short attack attack-short bench cluster cluster-stop chromium clean

help:  ## This list.
	@grep -E '^[a-z0-9-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 20

run: .venv/.installed  ## Serves shop on http://127.0.0.1:8000 (PORT changes it).
	@$(MANAGE) prepare_shop
	@exec $(BIN)/gunicorn -c deploy/gunicorn.conf.py shop.wsgi

test: lint unit e2e faults-short attack-short  ## Everything: checks, unit tests on every engine, end-to-end tests, every fault and every attack once.

lint: .venv/.dev-installed  ## The checks; changes nothing.
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/oxlint --deny-warnings static/js
	find templates -name '*.html' -exec $(BIN)/djade --check --target-version 5.2 {} +
	env -u DATABASE_URL $(MANAGE) check --fail-level WARNING
	env -u DATABASE_URL $(MANAGE) makemigrations --check --dry-run

format: .venv/.dev-installed  ## Formats Python and templates.
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format
	-find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} +

unit: .venv/.dev-installed  ## Unit tests on every engine, all at once; on a real cluster too with COCKROACH_URL.
	@$(MAKE) --no-print-directory --jobs=4 --output-sync=target --keep-going $(UNITS)

unit-sqlite: .venv/.dev-installed  ## Unit tests on SQLite.
	env -u DATABASE_URL $(UNIT)

unit-postgresql: .venv/.dev-installed  ## Unit tests on a throw-away PostgreSQL.
	$(ENGINE) postgresql -- $(UNIT)

unit-stand-in: .venv/.dev-installed  ## Unit tests through django_cockroachdb against a PostgreSQL stand-in.
	$(ENGINE) stand-in -- $(UNIT)

unit-cockroachdb: .venv/.dev-installed
	@DATABASE_URL='$(COCKROACH_URL)' SECRET_KEY=only-for-tests-only-for-tests-only-for-tests ALLOWED_HOSTS='*' $(UNIT)

# Without pytest-django: the server under test reads the real settings. Three at once, because a test,
# its browser and its server wait for each other.
e2e: .venv/.dev-installed chromium  ## End-to-end tests in a real browser against the real server, on SQLite.
	env -u DATABASE_URL -u DJANGO_SETTINGS_MODULE $(BIN)/python -m pytest e2e --ignore=e2e/faults --ignore=e2e/attack --numprocesses=3 --dist=loadfile -p no:django -W ignore::pytest.PytestConfigWarning

faults: .venv/.dev-installed  ## The fault tests in full, about 35 minutes; its figures go to var/faults/report.md.
	@mkdir -p var/faults
	env -u DATABASE_URL -u DJANGO_SETTINGS_MODULE $(BIN)/python -m e2e.faults --report var/faults/report.md

faults-short: .venv/.dev-installed  ## Every fault once, two or three minutes.
	env -u DATABASE_URL -u DJANGO_SETTINGS_MODULE $(BIN)/python -m e2e.faults --short

attack: .venv/.dev-installed  ## What a hostile client sends, in full: floods, stalls, made-up requests.
	env -u DATABASE_URL -u DJANGO_SETTINGS_MODULE $(BIN)/python -m e2e.attack

attack-short: .venv/.dev-installed  ## A sample of each attack, about a minute.
	env -u DATABASE_URL -u DJANGO_SETTINGS_MODULE $(BIN)/python -m e2e.attack --short

bench: .venv/.dev-installed  ## How fast it is, beside peers and limits; SCALE=small takes three minutes. Writes bench/RESULTS.md.
	@env -u DATABASE_URL -u DJANGO_SETTINGS_MODULE $(BIN)/python -m bench

cluster: .venv/.dev-installed  ## Three CockroachDB nodes on loopback (wants a cockroach binary on PATH).
	$(BIN)/python -m e2e.faults.cluster start

cluster-stop: .venv/.dev-installed  ## Stops the nodes that `make cluster` started.
	$(BIN)/python -m e2e.faults.cluster stop

chromium: .venv/.dev-installed
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || $(BIN)/playwright install $$(test "$$(id -u)" != 0 || echo --with-deps) chromium \
	  || { test "$$(id -u)" = 0 && apt-get update -q && apt-get install -qy chromium; } \
	  || { echo "No Chromium: install your system's package (chromium) and try again." >&2; exit 1; }

.venv/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "shop needs Python 3.11 or newer: make PYTHON=python3.12 run")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $@

.venv/.dev-installed: .venv/.installed requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.txt
	@touch $@

clean:  ## Removes what is made from the sources; the data under var/ stays.
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
