"""Passwords cost the tests nothing: to prove one is meant to be slow, and they prove hundreds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from app.web import entry


@pytest.fixture(scope="session", autouse=True)
def shipped() -> Iterator[PasswordHasher]:
    """The way the program keeps passwords, for the test that asks how dear a guess is."""
    as_it_is = entry._hasher
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entry, "_hasher", quick)
        patch.setattr(entry, "_NOBODY", quick.hash("nobody"))
        yield as_it_is
