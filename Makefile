# Limber's commands. They need python3 (3.11 or later) with its venv module, and make.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
LOCAL := $(or $(LOCAL_DIR),.local)

# A stamp names the lock it was made from, so a changed lock installs and an unchanged one does not.
digest = $(firstword $(shell sha256sum requirements/$(1).txt))
RUN_INSTALLED := .venv/.run-$(call digest,run)
DEV_INSTALLED := .venv/.dev-$(call digest,dev)
RELEASE_INSTALLED := .local/release/.$(call digest,release)
WHEELS := .local/wheels/.$(call digest,run)
COLLECTED := $(LOCAL)/static/staticfiles.json

# Tests and checks see none of the variables that a developer may have set for Limber itself.
LIMBER_VARIABLES := DEBUG SECRET_KEY SECRET_KEY_BEFORE ALLOWED_HOSTS HOST_NAME HOST_CONTACT DATABASE_URL \
	DIRECT_DATABASE_URL REPLICA_URL EMAIL_URL EMAIL_FROM BEHIND_PROXY HASHED_STATIC LOCAL_DIR SHARED_DIR SITE_URL \
	BACKUP_DIR BACKUP_KEYS HEALTH_TOKEN HSTS_SUBDOMAINS HSTS_PRELOAD SIGN_UP COACHES SECOND_STEP_FOR
# Compiled files are kept, apart from the sources: to compile all tests takes a worker longer than
# the rest of its start.
CLEAN := env $(addprefix -u ,$(LIMBER_VARIABLES) PYTHONDONTWRITEBYTECODE) \
	PYTHONPYCACHEPREFIX=$(CURDIR)/.local/bytecode
TRYING_OUT := $(CLEAN) DEBUG=True
IN_PRODUCTION := $(CLEAN) SECRET_KEY=only-to-check-the-settings-0123456789-abcdefghijklm \
	ALLOWED_HOSTS=limber.example HOST_NAME=Limber HOST_CONTACT=hello@limber.example

QUIETLY := -q -p no:cacheprovider
PYTEST := $(BIN)/python -m pytest $(QUIETLY)
# The same, counting the lines that are run. It sees no packages that pytest imports without a path.
COVERED := $(BIN)/python -m slipcover --source config,guidance,runners --omit '*/migrations/*' \
	--out .local/test/coverage.txt -m pytest $(QUIETLY) --import-mode=prepend
# By file, because what a module sets up for its tests (a server, say) is then set up once.
IN_TWO := -n 2 --dist loadfile --durations=15
# Where nothing is set up for a module, no core is left idle at the end.
EVENLY := -n 2 --dist worksteal --durations=15
# Nothing is set up that these tests do not need: no browser, and tables without their migrations.
QUICKLY := --nomigrations -p no:playwright -p no:base_url --ignore tests/browser --ignore tests/drills
# What may differ between two versions of PostgreSQL: each page's queries once, those in SQL of our own,
# locks, dumps.
OTHER_VERSION := tests/test_access.py tests/test_coach_access.py tests/runners/test_prepared.py \
	$(addprefix tests/runners/,accounts/test_account_races.py coaching/links/test_link_races.py \
	coaching/roster data exports hosting mail weeks)
PICTURES := --screenshot only-on-failure --output .local/test/pictures
# $(call leg,name,command): runs a part of the tests and keeps what it printed for the summary.
leg = @echo; echo "== $(1)"; mkdir -p .local/test; $(TRYING_OUT) $(2) 2>&1 | tee ".local/test/$(1).log"

.PHONY: help install run test check drill lint fmt picture bench lock release holes chromium nginx nspawn cluster

help:
	@echo "make run      serves Limber with demo data on http://127.0.0.1:$(PORT)/ (PORT changes it)"
	@echo "make test     runs everything: lint, types, tests on SQLite, PostgreSQL and in Chromium"
	@echo "make check    the inner loop: lint, types, tests on SQLite but for slow ones"
	@echo "make drill    long and hostile forms, a few minutes: Limber behind nginx, a box it is installed on, machines that die, every route attacked"
	@echo "make install  sets up .venv alone"
	@echo "make bench    measures pages and saves with 1 and 10 years of days, a coach with 10 to 1,000 athletes, imports, migrations with a million spots"
	@echo "make fmt      formats the code and the templates"
	@echo "make picture  draws docs/architecture.svg from the imports"
	@echo "make release  looks whether all agrees on VERSION=x.y.z, says what it runs with, and names the tag"
	@echo "make holes    asks over the network whether a package that Limber runs with has a known hole"
	@echo "make lock     locks the versions of pyproject.toml in requirements/ (needs uv)"

# Setting up

install: $(RUN_INSTALLED)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null || { \
		echo "Limber needs Python 3.11 or later, and '$(PYTHON)' is not: PYTHON=python3.x make names another." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { \
		echo "Python's venv module is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv .venv

$(RUN_INSTALLED): | $(BIN)/python
	@echo "Installing what Limber needs into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@rm -f .venv/.run-*
	@touch $@

$(DEV_INSTALLED): | $(BIN)/python
	@echo "Installing what Limber and its tests need into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@rm -f .venv/.run-* .venv/.dev-*
	@touch $@ $(RUN_INSTALLED)

# The one without windows, where it can be had: the whole takes the tests twice the processor time.
chromium:
	@command -v "$${CHROMIUM:-chromium-headless-shell}" > /dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
			echo "Installing Chromium for the browser tests ..."; \
			apt-get update -qq; \
			DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
				chromium-headless-shell fonts-liberation > /dev/null; \
		else \
			false; \
		fi; } || command -v chromium > /dev/null || { \
			echo "The browser tests need Chromium. On Debian: sudo apt-get install --no-install-recommends chromium-headless-shell fonts-liberation" >&2; \
			exit 1; \
		}

nginx:
	@command -v nginx > /dev/null || test -x /usr/sbin/nginx || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
			echo "Installing nginx for the drills ..."; \
			apt-get update -qq; \
			DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light openssl > /dev/null; \
		else \
			echo "The drills need nginx. On Debian: sudo apt-get install --no-install-recommends nginx-light openssl" >&2; \
			exit 1; \
		fi; }

# Only root can start the box on which one drill installs Limber; for others that one is skipped.
nspawn:
	@[ "$$(id -u)" != 0 ] || command -v systemd-nspawn > /dev/null || ! command -v apt-get > /dev/null || { \
		echo "Installing systemd-nspawn for a drill ..."; \
		apt-get update -qq; \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends systemd-container > /dev/null; \
	}

# And the hosts of another one, which have networks of their own; and pgbouncer for anybody.
CLUSTER := etcd-client etcd-server haproxy iproute2 patroni pgbouncer postgresql-15
cluster:
	@[ "$$(id -u)" != 0 ] || dpkg-query --show $(CLUSTER) > /dev/null 2>&1 || ! command -v apt-get > /dev/null || { \
		echo "Installing Patroni, etcd, haproxy and pgbouncer for the drills ..."; \
		apt-get update -qq; \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(CLUSTER) > /dev/null; \
	}

# For the Python of that box, which has no network.
$(WHEELS): $(DEV_INSTALLED)
	@rm -rf .local/wheels
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
		--python-version "$$(/usr/bin/python3 -c 'import platform; print(platform.python_version())')" \
		--dest .local/wheels -r requirements/run.txt
	@touch $@

# Running

# The variables of production never lead to demo accounts, whose password everybody knows.
IF_TRYING_OUT = $(if $(SECRET_KEY)$(ALLOWED_HOSTS),False,True)

run: export DEBUG ?= $(IF_TRYING_OUT)
run: export HASHED_STATIC ?= True
run: $(RUN_INSTALLED) $(COLLECTED)
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_demo
	@exec $(BIN)/python manage.py serve --port $(PORT)

$(COLLECTED): export DEBUG ?= $(IF_TRYING_OUT)
$(COLLECTED): export HASHED_STATIC = True
$(COLLECTED): $(RUN_INSTALLED) $(shell find static)
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@touch $@

# Checking

# One part after the other: beside each other they take longer, and races wait for their lock in vain.
test: $(DEV_INSTALLED) chromium lint
	@rm -rf .local/test
	$(call leg,sqlite,$(COVERED) $(IN_TWO) -m "not browser and not drill")
	$(call leg,postgresql,$(BIN)/python -m tests.postgres -- $(PYTEST) $(IN_TWO) -m "(database or server) and not browser and not drill")
	$(call leg,postgresql-other-version,$(BIN)/python -m tests.postgres --other -- $(PYTEST) $(IN_TWO) -m "database and not server and not drill" $(OTHER_VERSION))
	$(call leg,browser,REQUIRE_BROWSER=1 $(PYTEST) --nomigrations $(PICTURES) -n 3 --durations=15 -m browser tests/browser)
	$(call leg,browser-postgresql,REQUIRE_BROWSER=1 $(BIN)/python -m tests.postgres -- $(PYTEST) --nomigrations -m "browser and postgresql" tests/browser)
	@echo; for part in sqlite postgresql postgresql-other-version browser browser-postgresql; do \
		echo "$$part: $$(grep -E ' in [0-9.]+s|already' .local/test/$$part.log | tail -n 1)"; done; \
		echo "coverage: $$(awk '/^\(summary\)/ { print $$4 " % of " $$2 " lines (.local/test/coverage.txt)" }' .local/test/coverage.txt)"

check: $(DEV_INSTALLED) lint
	$(call leg,sqlite,$(PYTEST) $(EVENLY) $(QUICKLY) -m "not server and not slow")

# Nothing of it leaves this machine, and each part ends after a quarter of an hour, whatever stands.
drill: $(DEV_INSTALLED) nginx nspawn cluster $(WHEELS)
	$(TRYING_OUT) timeout --kill-after 20 900 $(PYTEST) --nomigrations -m drill tests/drills \
		--ignore tests/drills/test_cluster.py
	$(TRYING_OUT) timeout --kill-after 20 900 $(PYTEST) --nomigrations -m drill tests/drills/test_cluster.py
	$(TRYING_OUT) timeout --kill-after 20 900 $(BIN)/python -m tests.postgres -- \
		$(PYTEST) --nomigrations -m drill tests/drills/test_every_route.py

DJADE := find templates -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2
# Each of them alone as well, `make lint-types`: the hooks of .pre-commit-config.yaml call them.
LINTS := lint-code lint-format lint-templates lint-types lint-migrations lint-settings
.PHONY: $(LINTS)
lint: $(LINTS)
$(LINTS): $(DEV_INSTALLED)

lint-code:
	$(BIN)/ruff check .
lint-format:
	$(BIN)/ruff format --check .
lint-templates:
	$(DJADE) --check
lint-types:
	$(TRYING_OUT) $(BIN)/mypy .
lint-migrations:
	$(TRYING_OUT) $(BIN)/python manage.py makemigrations --check --dry-run
lint-settings:
	$(IN_PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

fmt: $(DEV_INSTALLED)
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	@# It says 1 where it changed something: what counts is that nothing is left to change.
	$(DJADE) || $(DJADE) --check

picture: $(DEV_INSTALLED)
	$(BIN)/python docs/architecture.py

bench: $(DEV_INSTALLED)
	@$(CLEAN) $(BIN)/python -m tests.bench
	@$(CLEAN) $(BIN)/python -m tests.bench.upgrade

# The hashed lists hold names, versions and hashes, and no address of any registry.
LOCK := uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header
lock:
	@command -v uv > /dev/null || { echo "make lock needs uv on PATH: pip install uv" >&2; exit 1; }
	$(LOCK) pyproject.toml --output-file requirements/run.txt
	$(LOCK) pyproject.toml --group dev --output-file requirements/dev.txt
	$(LOCK) --group release --output-file requirements/release.txt

# Its packages lie apart: neither Limber nor the tests see them.
$(RELEASE_INSTALLED): $(DEV_INSTALLED)
	@rm -rf .local/release
	@$(PYTHON) -m venv .local/release
	@.local/release/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/release.txt
	@touch $@

# Strict: a package of which nobody knows anything is none without a hole.
holes: $(RELEASE_INSTALLED)
	@.local/release/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off \
		--requirement requirements/run.txt

release: $(RELEASE_INSTALLED)
	@$(TRYING_OUT) $(BIN)/python deploy/release.py "$(VERSION)" .local/release/bin/cyclonedx-py
