"""Reading the fields of a scheme file: what is missing, unknown or of the wrong kind is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

from checks.calendar import Limit

T = TypeVar("T")
BILLION = Decimal(10**9)


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What a field may hold. `read` gives None for anything else; `blank` stands in after a fault.

    A blank is never used: a scheme with a fault is not built.
    """

    expected: str
    read: Callable[[object], T | None]
    blank: T


@dataclass(slots=True)
class Fields:
    """One table of the file, read field by field. Each fault begins with `where`."""

    data: Mapping[str, object]
    where: str
    faults: list[str]
    asked: set[str] = field(default_factory=set)

    def need(self, name: str, kind: Kind[T]) -> T:
        """The field, which must be there."""
        if name not in self.data:
            self.asked.add(name)
            self.fault(f"missing {name}; expected {kind.expected}")
            return kind.blank
        value = self.may(name, kind)
        return kind.blank if value is None else value

    def may(self, name: str, kind: Kind[T]) -> T | None:
        """The field, None where it is left out."""
        self.asked.add(name)
        if name not in self.data:
            return None
        value = kind.read(self.data[name])
        if value is None:
            self.wrong(name, kind.expected)
            return kind.blank
        return value

    def wrong(self, name: str, expected: str) -> None:
        self.fault(f"{name}: {shown(self.data.get(name))}; expected {expected}")

    def fault(self, words: str) -> None:
        self.faults.append(f"{self.where}: {words}")

    def barred(self, names: Iterable[str], why: str) -> None:
        """Tell each of these fields that is there although it has no place."""
        for name in names:
            self.asked.add(name)
            if name in self.data:
                self.fault(f"{name}: {shown(self.data[name])}; {why}")

    def end(self) -> None:
        """Tell every field that nobody asked for."""
        for name in sorted(self.data.keys() - self.asked):
            self.fault(f"unknown field {name}")


def shown(value: object) -> str:
    """How is a value printed in a fault? As TOML writes it, so that it can be searched for."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {shown(each)}" for name, each in value.items()) + " }"
    return str(value)


def number_of(value: object) -> Decimal | None:
    """The number that a TOML integer, a float read as Decimal, or a text holds; else None."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if is_plain(number) else None


def is_plain(number: Decimal) -> bool:
    """Can it be calculated with exactly? Points of a billion, or of a billionth, are a slip."""
    if not number.is_finite() or abs(number) >= BILLION:
        return False
    return number == number.quantize(1 / BILLION)


def text_of(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def flag_of(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def limit_of(value: object) -> Limit | None:
    try:
        return Limit.parse(str(value))
    except ValueError:
        return None


def number(expected: str, holds: Callable[[Decimal], bool] = lambda _: True) -> Kind[Decimal]:
    """A number for which `holds` is true."""

    def read(value: object) -> Decimal | None:
        found = number_of(value)
        return found if found is not None and holds(found) else None

    return Kind(expected, read, Decimal(0))


def one_of(*words: str) -> Kind[str]:
    """Exactly one of these words."""
    expected = "one of " + ", ".join(words) if len(words) > 1 else repr(words[0])

    def read(value: object) -> str | None:
        return value if isinstance(value, str) and value in words else None

    return Kind(expected, read, "")


def words_of(value: object) -> tuple[str, ...] | None:
    """One text or a list of texts, none empty and none twice; else None."""
    listed = value if isinstance(value, list) else [value]
    texts = [each for each in listed if isinstance(each, str) and each.strip()]
    if not texts or len(texts) < len(listed) or len(set(texts)) < len(texts):
        return None
    return tuple(texts)


def some_of(*words: str) -> Kind[tuple[str, ...]]:
    """One or a list of these words."""

    def read(value: object) -> tuple[str, ...] | None:
        found = words_of(value)
        return found if found and set(found) <= set(words) else None

    return Kind(f"one or a list of {', '.join(words)}", read, ())


def pairs_of(value: object) -> tuple[tuple[Decimal, Decimal], ...] | None:
    """A list of pairs of numbers, such as `[[60, -2], [80, 0]]`; else None."""
    if not isinstance(value, list) or not value:
        return None
    found: list[tuple[Decimal, Decimal]] = []
    for pair in value:
        if not isinstance(pair, list) or len(pair) != 2:
            return None
        first, second = number_of(pair[0]), number_of(pair[1])
        if first is None or second is None:
            return None
        found.append((first, second))
    return tuple(found)


TEXT = Kind("a text", text_of, "")
FLAG = Kind("true or false", flag_of, False)
NUMBER = number("a number")
ABOVE_ZERO = number("a number above 0", lambda n: n > 0)
BELOW_ZERO = number("a number below 0", lambda n: n < 0)
WHOLE = number("a whole number above 0", lambda n: n > 0 and n == n.to_integral_value())
SHARE = number("a number from 0 up to 1", lambda n: 0 <= n <= 1)
TEXTS: Kind[tuple[str, ...]] = Kind("a text or a list of texts", words_of, ())
SPAN = Kind("a span such as '5 working days'", limit_of, Limit(1, "day"))
