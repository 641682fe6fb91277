"""One fresh ledger a test; the empty tables are made once and copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.ledger import Ledger
from tests.storage.make import open_ledger


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    open_ledger(folder).close()
    return folder / "xunjian.db"


@pytest.fixture
def ledger(tmp_path: Path, empty: Path) -> Iterator[Ledger]:
    shutil.copy(empty, tmp_path)
    opened = open_ledger(tmp_path)
    yield opened
    opened.close()
