"""Shapes of documents, and shapes that mirror the values which documents are written from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model

from checks.calendar import Limit

# A number of an assessment is a text: a tenth stays a tenth.
Text = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
Number = int | float


class Shape(BaseModel):
    """All fields of a document are there, and no others."""

    model_config = ConfigDict(extra="forbid")


def mirrored(kind: type, number: Any, only: tuple[str, ...] | None = None) -> Any:
    """The shape of a dataclass that is written field by field; `number`: as what a Decimal is.

    `only` are the fields that are written, None: all of them.
    """
    hints = get_type_hints(kind)
    names = only or tuple(each.name for each in fields(kind))
    given: dict[str, Any] = {name: (_written(hints[name], number), ...) for name in names}
    return create_model(kind.__name__, __base__=Shape, __doc__=kind.__doc__, **given)


def many(kind: Any) -> Any:
    """A list of a mirrored shape."""
    return list[kind]


def maybe(kind: Any) -> Any:
    """A mirrored shape, or null."""
    return kind | None


def _written(hint: Any, number: Any) -> Any:
    """As what is a value of this type written?"""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return Union[tuple(_written(each, number) for each in inner)]  # noqa: UP007
    if origin is tuple:
        return many(_written(inner[0], number))
    if hint is Decimal:
        return number
    if hint is Limit or origin is re.Pattern:
        return str
    if origin is not None and origin is not Literal and issubclass(origin, Mapping):
        return dict[str, _written(inner[1], number)]  # type: ignore[misc]
    if is_dataclass(hint) and isinstance(hint, type):
        return mirrored(hint, number)
    return hint
