"""Some rows of one table, as values in the order of their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import SQLModel


@dataclass(frozen=True, slots=True)
class Rows:
    """`names` are those of the table's columns."""

    model: type[SQLModel]
    names: tuple[str, ...]
    values: Iterable[tuple[Any, ...]]

    @classmethod
    def of(cls, model: type[SQLModel], names: str, values: Iterable[tuple[Any, ...]]) -> Rows:
        return cls(model, tuple(names.split()), values)
