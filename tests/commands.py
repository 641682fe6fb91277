"""The tree of all commands is built once in a test run.

The program builds it once for the one command it is started for. The tests call hundreds, most of
which take less time than the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
import typer


@pytest.fixture(scope="session", autouse=True)
def commands_are_built_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        kept = cache(typer.main.get_command)
        patch.setattr("typer.main.get_command", kept)
        patch.setattr("typer.testing._get_command", kept)
        yield
