# Two commands do everything: `make demo` and `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
RUN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test lint types contracts pytest docs lock clean

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(STAMP)

demo: setup
	$(RUN)/xunjian demo

test: setup lint types contracts pytest

lint: setup
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .

types: setup
	$(RUN)/mypy

contracts: setup
	$(RUN)/lint-imports

pytest: setup
	$(RUN)/pytest

# Writes the exact versions that the tests last passed with. Versions only, no addresses.
lock: setup
	$(RUN)/python -m pip freeze --exclude-editable > constraints.txt

clean:
	rm -rf $(VENV) demo-home build *.egg-info

docs: setup
	$(RUN)/python -m app.docs
