"""Masks over the data of a service: what stands under the keys of persons, and texts elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.readers.mail.keys import best_keys, field_of_key
from crawler.readers.private.addresses import without_persons
from crawler.readers.private.markup import mask_markup
from crawler.readers.private.text import Masker, is_no_value
from crawler.readers.private.words import Kind, is_person, kind_of_key

_DEEPEST = 50


def mask_data(value: object, masker: Masker, depth: int = 0) -> object:
    """The same JSON value without what it says of persons. Raises ValueError, NestingError.

    Under keys that the readers know as a number, a day or a status nothing is touched but what
    a text says of itself.
    """
    if depth > _DEEPEST:
        raise ValueError("数据嵌套过深")
    if isinstance(value, dict):
        return _entry(value, masker, depth)
    if isinstance(value, list):
        return [mask_data(each, masker, depth + 1) for each in value]
    if isinstance(value, str):
        return _text(value, masker)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if masker.text(str(value)) == str(value) else 0
    return value


def _entry(entry: Mapping[str, object], masker: Masker, depth: int) -> dict[str, object]:
    is_letter = "title" in best_keys(entry)
    kinds = {key: kind_of_key(key, held, letter=is_letter) for key, held in entry.items()}
    names = {str(entry[key]) for key, kind in kinds.items() if kind is Kind.NAME}
    own = masker.with_names(filter(is_person, names))
    masked: dict[str, object] = {}
    for key, held in entry.items():
        kind = kinds[key]
        if kind is not None:
            masked[key] = _blanked(held, kind, own, depth + 1)
        elif field_of_key(key) == "ref":
            masked[key] = held
        else:
            masked[key] = mask_data(held, own, depth + 1)
    return masked


def _blanked(value: object, kind: Kind, masker: Masker, depth: int) -> object:
    """The value with nothing of a person left in it; its shape stays."""
    if depth > _DEEPEST:
        raise ValueError("数据嵌套过深")
    if isinstance(value, dict):
        return {key: _blanked(held, kind, masker, depth + 1) for key, held in value.items()}
    if isinstance(value, list):
        return [_blanked(held, kind, masker, depth + 1) for held in value]
    if isinstance(value, str):
        if is_no_value(value) and kind is not Kind.TEXT:
            return value
        return masker.mask(kind) if value.strip("* ") else value
    if isinstance(value, int | float) and not isinstance(value, bool) and value:
        masker.mask(kind)
        return 0
    return value


def _text(value: str, masker: Masker) -> str:
    if "<" in value:
        return mask_markup(value, masker)
    if "://" in value or value.startswith("/"):
        return without_persons(value, masker)
    return masker.text(value)
