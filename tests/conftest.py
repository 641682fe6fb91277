"""What tests of more than one room need."""

from collections.abc import Iterator

import pytest

from tests.both import database_of_test, databases, databases_are_given_back, ledger, on_both
from tests.commands import commands_are_built_once
from tests.crawler.forked import forked
from tests.memory import temporary_files_are_in_memory
from tests.postgres import pg_url, postgres
from tests.statements import statements_are_kept
from tests.tables import migrations, tables_are_copied

__all__ = [
    "commands_are_built_once",
    "crawls_are_forks",
    "database_of_test",
    "databases",
    "databases_are_given_back",
    "ledger",
    "migrations",
    "pg_url",
    "postgres",
    "statements_are_kept",
    "tables_are_copied",
]
pytest_generate_tests = on_both
temporary_files_are_in_memory()


@pytest.fixture(scope="session", autouse=True)
def crawls_are_forks() -> Iterator[None]:
    """So that no test waits for the program to be loaded; those of the process itself start it."""
    with forked():
        yield
