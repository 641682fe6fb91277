"""A short run of made inputs; `make fuzz` runs as many as one likes, each with its number."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from tests.fuzz import fuzz
from tests.fuzz.run import HangError, limited, stretches
from tests.fuzz.targets import BY_NAME, TARGETS, made

INPUTS = 100_000 if os.environ.get("XUNJIAN_LONG") == "1" else 3_000
SEED = 20261122


@pytest.mark.parametrize("target", BY_NAME)
def test_no_input_makes_a_reader_crash_hang_or_break_its_word(target: str) -> None:
    told = fuzz(target, SEED, range(INPUTS * BY_NAME[target].share // 100))
    assert [str(each) for each in told.failures] == []
    assert told.count[target] >= 90


@pytest.mark.parametrize("target", BY_NAME)
def test_a_number_always_gives_the_same_input_and_another_number_another(target: str) -> None:
    first = [repr(made(target, SEED, number)) for number in range(20)]
    assert first == [repr(made(target, SEED, number)) for number in range(20)]
    assert len(set(first)) >= 15


def test_every_input_is_read_once_whatever_the_length_of_the_stretches() -> None:
    for length in (7, 2_000):
        numbers: dict[str, list[int]] = {target.name: [] for target in TARGETS}
        for name, stretch in stretches(1_000, length):
            numbers[name] += stretch
        assert {name: len(each) for name, each in numbers.items()} == {
            target.name: target.share * 10 for target in TARGETS
        }
        assert all(each == list(range(len(each))) for each in numbers.values())


def test_what_never_ends_and_what_breaks_are_told_by_their_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_words: str) -> object:
        raise KeyError("day")

    monkeypatch.setitem(BY_NAME, "dates", replace(BY_NAME["dates"], read=refuse))
    (failure,) = fuzz("dates", SEED, range(4, 5)).failures
    assert str(failure).startswith("dates:4 KeyError")
    with pytest.raises(HangError), limited(0.01):
        _for_ever()


def _for_ever() -> None:
    while True:
        pass
