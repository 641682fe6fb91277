# Two commands do everything: `make demo` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
RUN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test system lint types contracts pytest test-long test-kill fuzz bench-read bench-check bench-crawl bench-record bench-growth bench-years bench-web look docs lock clean

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(STAMP)

demo: setup
	$(RUN)/xunjian demo

test: setup system lint types contracts pytest

# Debian packages that some tests need, such as a browser; installed when this may be done.
# Debian keeps nginx and logrotate where not every user looks for programs.
system:
	PATH="$$PATH:/usr/sbin:/sbin" sh tests/debian.sh

lint: setup
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .

types: setup
	$(RUN)/mypy

contracts: setup
	$(RUN)/lint-imports

pytest: setup
	$(RUN)/pytest -rs -n 2 --dist loadfile --no-loadscope-reorder

# Thousands of mutated pages and sets of accounts, hostile pages of 5 MB and bombs of 1 GiB,
# where `test` takes a sample.
test-long: setup
	XUNJIAN_LONG=1 $(RUN)/pytest tests/crawler/test_mutations.py tests/crawler/test_huge_pages.py \
		tests/app/test_account_sets.py tests/crawler/hostile tests/storage/test_hostile_files.py \
		tests/app/web/api/test_schema.py -s

# Made inputs for the readers, dates, feeds, letters, masks and the register; SEED=n makes others.
fuzz: setup
	$(RUN)/python -m tests.fuzz --inputs $(or $(INPUTS),1000000) --seed $(or $(SEED),1) --workers 2

# A cycle killed 200 times and started anew, on SQLite and on PostgreSQL; SEED=n chooses other
# instants.
test-kill: setup system
	XUNJIAN_LONG=1 XUNJIAN_SEED=$(or $(SEED),20261129) $(RUN)/python -m pytest tests/app/killing -s

# Readers beside other libraries, docs/benchmarks.md; PAGES=DIR names a folder of saved pages.
bench-read: setup
	$(RUN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	$(RUN)/python -m tests.bench_read $(if $(PAGES),--pages $(PAGES))

# A province of 60,000 columns judged from the database, docs/benchmarks.md.
bench-check: setup
	$(RUN)/python -m tests.bench_check

# What a column costs in registers of 300 to 60,000, docs/scale.md.
bench-growth: setup
	$(RUN)/python -m tests.bench_growth

# Pages per second from socket to ledger, beside Scrapy, urlwatch and changedetection.io;
# ARGS="--only scrapy sqlite" and the like, see python -m tests.bench_crawl --help.
bench-crawl: setup system
	$(RUN)/python -m tests.bench_crawl $(ARGS)

# What it costs to write down what was seen, docs/benchmarks.md; ARGS=--postgres for PostgreSQL too.
bench-record: setup system
	$(RUN)/python -m tests.bench_record $(ARGS)

# The reports of a county after ten years: the weekly one in 5 s, the half-year table in 10 s.
bench-years: setup
	$(RUN)/python -m tests.bench_years

# The dashboard at ten years of data: each page alone, and fifty readers while a crawl runs.
bench-web: setup
	$(RUN)/python -m tests.bench_web

# Every document as pictures of its pages below look/, by LibreOffice.
look: setup
	$(RUN)/python -m tests.look

# Writes the exact versions that the tests last passed with. Versions only, no addresses.
lock: setup
	$(RUN)/python -m pip freeze --exclude-editable > constraints.txt

clean:
	rm -rf $(VENV) demo-home look build *.egg-info

docs: setup
	$(RUN)/python -m app.docs
