"""Texts from strangers, as every database can hold them."""

from __future__ import annotations

from dataclasses import fields, replace
from enum import Enum
from typing import Any, TypeVar

T = TypeVar("T")


def legible(value: T) -> T:
    """The same frozen value, with `?` or a replacement character for what is no character.

    A page can say `\\ud800` in JSON: half a character, which no database takes. Nor does
    PostgreSQL take NUL. One such title must not cost the visit.
    """
    texts = {
        field.name: clean
        for field in fields(value)  # type: ignore[arg-type]
        if (clean := _clean(getattr(value, field.name))) is not None
    }
    return replace(value, **texts) if texts else value  # type: ignore[type-var]


def legible_data(value: Any) -> Any:
    """The same plain data of dicts, lists and scalars, every text in it legible."""
    if isinstance(value, dict):
        return {legible_data(name): legible_data(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [legible_data(held) for held in value]
    clean = _clean(value)
    return value if clean is None else clean


def _clean(held: Any) -> str | None:
    if not isinstance(held, str) or isinstance(held, Enum):
        return None
    clean = held.replace("\0", "\ufffd").encode(errors="replace").decode()
    return clean if clean != held else None
