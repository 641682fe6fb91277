"""Statements are compiled once for all the databases of a test run.

SQLAlchemy keeps compiled statements with each engine. The program has one engine for hours; the
tests open thousands, each of which compiled the same statements anew: a quarter of their time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from storage import database

MOST = 3000


class Shared:
    """Makes engines that have one cache for each kind of database."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def __call__(self, url: str, **options: Any) -> Engine:
        engine = create_engine(url, **options)
        cache = self._kept.setdefault(engine.dialect.name, LRUCache(MOST))
        engine._compiled_cache = cache
        return engine


@pytest.fixture(scope="session", autouse=True)
def statements_are_kept() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        # The dialect is part of a statement's key; two of a kind compile the same.
        patch.setattr(DefaultDialect, "__eq__", lambda mine, other: type(mine) is type(other))
        patch.setattr(DefaultDialect, "__hash__", lambda mine: hash(type(mine)))
        patch.setattr(database, "create_engine", Shared())
        yield
