"""Runs inputs by their numbers: a crash, a hang and a broken promise are told with the number."""

from __future__ import annotations

import signal
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from tests.fuzz.targets import BY_NAME, TARGETS, made

# Of processor time, so that a busy machine makes no hang.
LIMIT_SECONDS = 5.0
READ_TWICE = 8


class HangError(BaseException):
    """Still reading after the limit. No Exception, so that no reader can take it for one."""


@dataclass(frozen=True, slots=True)
class Failure:
    target: str
    number: int
    what: str

    def __str__(self) -> str:
        return f"{self.target}:{self.number} {self.what}"


def _none_spent() -> defaultdict[str, float]:
    return defaultdict(float)


@dataclass(slots=True)
class Told:
    """What a stretch of inputs came to: how many, the failures, and the slowest of each target."""

    count: Counter[str] = field(default_factory=Counter)
    spent: defaultdict[str, float] = field(default_factory=_none_spent)
    slowest: dict[str, tuple[float, int]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)

    def add(self, other: Told) -> None:
        self.count += other.count
        for name, took in other.spent.items():
            self.spent[name] += took
        self.failures += other.failures
        for name, slow in other.slowest.items():
            self.slowest[name] = max(slow, self.slowest.get(name, (0.0, 0)))


def fuzz(target: str, seed: int, numbers: range) -> Told:
    """Read the inputs of these numbers; every eighth twice, to the same answer."""
    told = Told()
    for number in numbers:
        given = made(target, seed, number)
        began = time.process_time()
        what = _read(target, given, twice=number % READ_TWICE == 0)
        took = time.process_time() - began
        told.count[target] += 1
        told.spent[target] += took
        told.slowest[target] = max((took, number), told.slowest.get(target, (0.0, 0)))
        if what is None and took > LIMIT_SECONDS:
            what = f"took {took:.1f} s"
        if what is not None:
            told.failures.append(Failure(target, number, what))
    return told


def _read(target: str, given: object, *, twice: bool) -> str | None:
    read = BY_NAME[target].read
    try:
        with limited():
            answer = read(given)
            # By their words: a number that is none does not equal itself.
            if twice and repr(read(given)) != repr(answer):
                return "the same input, another answer"
    except HangError:
        return f"still reading after {LIMIT_SECONDS} s"
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return f"{type(error).__name__}: {str(error)[:200]!r} {_where(error)}"
    return None


def _where(error: BaseException) -> str:
    trace, place = error.__traceback__, ""
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return "/".join(place.split("/")[-3:])


@contextmanager
def limited(seconds: float = LIMIT_SECONDS) -> Iterator[None]:
    def give_up(_signal: int, _frame: FrameType | None) -> None:
        raise HangError

    before = signal.signal(signal.SIGPROF, give_up)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def stretches(inputs: int, length: int) -> Iterator[tuple[str, range]]:
    """All inputs in stretches, the targets in turn, each with its share."""
    left = {target.name: range(inputs * target.share // 100) for target in TARGETS}
    while any(left.values()):
        for target in TARGETS:
            rest = left[target.name]
            step = max(1, length * target.share // 100)
            if rest:
                yield target.name, rest[:step]
                left[target.name] = rest[step:]
